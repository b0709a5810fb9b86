from __future__ import annotations

import datetime as dt

from municipalities.legal.models import AccessibilityStatement, LegalKind, LegalText
from municipalities.towns.models import County, Municipality

STATEMENT = "Erklärung zur Barrierefreiheit"


def missing_texts(county: County) -> list[str]:
    """Titles of what the county has not written yet. Two queries."""
    there = set(LegalText.objects.filter(county=county).values_list("kind", flat=True))
    missing = [kind.label for kind in LegalKind if kind not in there]
    if not AccessibilityStatement.objects.filter(county=county).exists():
        missing.append(STATEMENT)
    return missing


def live_counties(day: dt.date) -> list[County]:
    """Counties whose towns take part that day: their pages are read."""
    towns = Municipality.objects.taking_part_on(day)
    return list(County.objects.filter(pk__in=towns.values("county")).order_by("pk"))


def missing_before_first_town(county: County) -> list[str]:
    """What the county owes before its portal goes live; nothing where a town takes part or has taken part."""
    is_live = County.objects.filter(pk=county.pk, municipalities__agreements__isnull=False).exists()
    return [] if is_live else missing_texts(county)


def text_of(county: County | None, kind: LegalKind) -> LegalText | None:
    return LegalText.objects.filter(county=county, kind=kind).first()


def statement_of(county: County | None) -> AccessibilityStatement | None:
    return AccessibilityStatement.objects.filter(county=county).first()
