"""Legal texts in a county's programme file, so that a system can go live that has none yet."""

from __future__ import annotations

from municipalities.legal.models import AccessibilityStatement, Conformity, LegalKind, LegalText, Method
from municipalities.programme.file import Key, Row, day, one_of, text
from municipalities.programme.load import Part
from municipalities.towns.models import County


def _store_texts(county: County, rows: list[Row]) -> list[str]:
    """Only the first time: afterwards the coordination words them in the portal."""
    for row in rows:
        values = {"text": row["text"], "dated_on": row["dated_on"]}
        LegalText.objects.get_or_create(county=county, kind=row["kind"], defaults=values)
    return []


def _store_statement(county: County, rows: list[Row]) -> list[str]:
    AccessibilityStatement.objects.get_or_create(county=county, defaults=rows[0])
    return []


LEGAL = Part(
    "legal",
    (Key("kind", one_of(LegalKind.values)), Key("text", text(20_000, has_lines=True)), Key("dated_on", day)),
    _store_texts,
    once=("kind",),
)
ACCESSIBILITY = Part(
    "accessibility",
    (
        Key("prepared_on", day),
        Key("checked_on", day),
        Key("method", one_of(Method.values)),
        Key("method_note", text(1_000, has_lines=True), is_required=False),
        Key("conformity", one_of(Conformity.values)),
        Key("gaps", text(5_000, has_lines=True)),
        Key("arbitration", text(1_000, has_lines=True)),
        Key("arbitration_url", text(200), is_required=False),
    ),
    _store_statement,
)
