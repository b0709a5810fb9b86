"""`manage.py check --deploy --database default` refuses a live system that says nothing of what the law wants said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.utils import timezone

from municipalities.legal.queries import live_counties, missing_texts


@register(Tags.database, deploy=True)
def refuses_a_live_county_without_legal_texts(
    app_configs: Any, *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asks the database only where it is named."""
    if not databases:
        return []
    return [
        Error(
            f"{county} takes part, and its portal lacks: {', '.join(missing)}.",
            hint='The coordination writes them on the page "Rechtstexte"; for a start, the tables [[legal]] and '
            "[[accessibility]] of the programme file (docs/programme-file.md).",
            id="municipalities.E001",
        )
        for county in live_counties(timezone.localdate())
        if (missing := missing_texts(county))
    ]
