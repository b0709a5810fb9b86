"""The proposals to councils in a county's programme file."""

from __future__ import annotations

from municipalities.models import County
from municipalities.programme.file import Key, Row, text
from municipalities.programme.load import Part


def _store_proposals(county: County, rows: list[Row]) -> list[str]:
    """Only the first time: the county words and orders them as it likes."""
    for position, row in enumerate(rows, start=1):
        county.proposal_templates.get_or_create(
            title=row["title"], defaults={"text": row["text"], "position": 10 * position}
        )
    return []


PROPOSALS = Part(
    "proposals",
    (Key("title", text(100)), Key("text", text(5_000, has_lines=True))),
    _store_proposals,
    once=("title",),
)
