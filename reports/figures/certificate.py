"""What an Ehrenamtsnachweis says, frozen when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class TownLine:
    """`since` is an ISO day: the first of the voluntary appointment that holds, or of the last one."""

    name: str
    since: str
    activities: int
    minutes: int


@dataclass(frozen=True)
class CertificateContent:
    """Days are ISO days. `minutes` are those of work, without travel; `offices` are the counties' administrations."""

    name: str
    start: str
    end: str
    issued_on: str
    check_url: str
    offices: list[str]
    fields: list[str]
    towns: list[TownLine]
    activities: int
    minutes: int
    travel_minutes: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CertificateContent:
        return cls(**{**data, "towns": [TownLine(**line) for line in data["towns"]]})
