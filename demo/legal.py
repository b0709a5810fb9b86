"""The legal texts of the invented county, loaded as those of a programme file are."""

from __future__ import annotations

import tomllib
from pathlib import Path

from municipalities.legal.programme_part import ACCESSIBILITY, LEGAL
from municipalities.models import County

TEXTS = Path(__file__).with_name("legal.toml")


def say_what_the_law_wants(county: County) -> None:
    """What is there stays."""
    data = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    LEGAL.store(county, data["legal"])
    ACCESSIBILITY.store(county, data["accessibility"])
