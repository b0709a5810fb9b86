"""What a county's report froze, as a type: read from JSON, written back as it was. No database, no clock.

Exact numbers of people are in it, by town and field: what is handed out goes through
`reports.county.content.county_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.figures.snapshot import SNAPSHOT_SCHEMA, Figures, FrozenPeriod, Sums
from reports.figures.typed_json import UnreadableJson, known_at, read, write

COUNTY_SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenCounty:
    key: str
    name: str
    administration: str
    population: int | None
    population_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    starts_on: str
    ends_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TownSums(Sums):
    """A town that took part; latitude and longitude in degrees. `people_by_field` and `outcomes` are {code: number}."""

    ags: str
    name: str
    slug: str
    kind: str
    population: int | None
    population_on: str | None
    latitude: float | None
    longitude: float | None
    agreement: Term | None
    mediators: int
    vacant_days: int
    people_by_field: Mapping[str, int]
    concerns: int
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenDecision:
    kind: str
    name: str
    decided_on: str
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TownReport:
    town: str
    ags: str
    period: FrozenPeriod
    due_on: str
    state: str
    state_name: str
    committee: str
    session_on: str | None
    owes_decision: bool
    decision: FrozenDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountySnapshot(Figures):
    county: FrozenCounty
    towns: tuple[TownSums, ...]
    reports: tuple[TownReport, ...]


def read_county_snapshot(data: object) -> CountySnapshot:
    """Raises UnreadableJson, which names what is missing."""
    schema = data.get("schema") if isinstance(data, Mapping) else None
    if schema != COUNTY_SCHEMA:
        raise UnreadableJson(f"County's snapshot: schema is {schema!r}, known is {COUNTY_SCHEMA}")
    return read(CountySnapshot, data, "County's snapshot")


def county_to_json(snapshot: CountySnapshot) -> dict[str, Any]:
    # the classes shared with the towns' reports count those schemas; all of theirs was known before the first of ours
    data: dict[str, Any] = write(snapshot, lambda kind: known_at(kind, SNAPSHOT_SCHEMA))
    return data
