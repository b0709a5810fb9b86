"""Figures inside texts: "{Aktivitäten}" becomes the number as it is frozen, so that text and table never differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kiv_portal.documents import german
from reports.content.tables import people_in_words

if TYPE_CHECKING:
    from reports.figures.figures import ReportFigures

PLACEHOLDER = re.compile(r"\{([A-Za-zÄÖÜäöüß ]{1,40})\}")

FIGURES: Mapping[str, tuple[str, Callable[[ReportFigures], str]]] = {
    "Aktivitäten": ("Zahl der Aktivitäten", lambda f: german.number(f.totals.activities)),
    "Stunden": ("Stunden im Einsatz", lambda f: german.hours(f.totals.minutes)),
    "Personen": ("erreichte Personen", lambda f: _people(f)),
    "Fahrzeit": ("Stunden Fahrzeit", lambda f: german.hours(f.totals.travel_minutes)),
    "Auslagen": ("Auslagen in Euro", lambda f: german.euros(f.totals.expenses_cents)),
    "Tage ohne KIV": ("Tage, an denen die Stelle nicht besetzt war", lambda f: german.number(f.vacant_days)),
}


def _people(figures: ReportFigures) -> str:
    """As the tables print it: the exact sum could give away a small group."""
    groups = [field.people_reached for field in figures.fields]
    return people_in_words(figures.totals.people_reached, figures.totals.people_ranges, groups)


def unknown_placeholders(text: str) -> list[str]:
    """Each once, in the order of the text."""
    return list(dict.fromkeys(name for name in PLACEHOLDER.findall(text) if name not in FIGURES))


def fill_in(text: str, figures: ReportFigures) -> str:
    """What is no placeholder of ours stays as it is written."""
    return PLACEHOLDER.sub(
        lambda found: FIGURES[found[1]][1](figures) if found[1] in FIGURES else found[0], text
    )


def fill_in_all(texts: Mapping[str, str], figures: ReportFigures) -> dict[str, str]:
    return {key: fill_in(text, figures) for key, text in texts.items()}
