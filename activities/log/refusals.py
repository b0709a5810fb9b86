"""What an entry cannot be, each with its one sentence. Page, queue and import judge by this list; the database says no
to the same things once more, for whoever is slower than somebody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from activities.log.results import ActivityResult
from kiv_portal.ui.fields import EurosField, PeopleField
from kiv_portal.ui.templatetags.german import duration

MINUTES_PER_DAY = 24 * 60

IN_FUTURE = "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, was schon war."
OTHER_TOWN = "Für diese Kommune sind Sie nicht bestellt."
LENGTH = "Die Dauer liegt zwischen einer Minute und 24 Stunden."
WITH_TRAVEL = "Dauer und Fahrzeit zusammen sind mehr als 24 Stunden."
NO_REASON = "Zum Ergebnis fehlt die Erläuterung. Bitte schreiben Sie dazu, warum oder an wen."
OTHER_TOWNS_CONCERN = (
    "Dieses Anliegen gehört zu einer anderen Kommune. Bitte wählen Sie eines aus der Kommune der Aktivität."
)
TOO_MANY_PEOPLE = PeopleField.default_error_messages["many"]
WRONG_ORDER = PeopleField.default_error_messages["order"]
TOO_EXPENSIVE = EurosField.default_error_messages["many"]

# what only the database knows, because somebody else was faster: {constraint: sentence}
MEANWHILE = {
    "activity_within_appointment": "An diesem Tag sind Sie nicht für diese Kommune bestellt.",
    "activity_not_in_future": IN_FUTURE,
    "activity_not_in_closed_period": (
        "Der Zeitraum ist inzwischen abgeschlossen: Die Zahlen stehen im Zwischenbericht."
    ),
    "activity_late_for_closed_period": (
        "Der Zeitraum ist inzwischen wieder offen. Bitte speichern Sie noch einmal."
    ),
    "activity_day_within_24_hours": (
        "An diesem Tag sind inzwischen andere Aktivitäten erfasst. Zusammen wären es mehr als 24 Stunden."
    ),
    "activity_concern_of_its_town": OTHER_TOWNS_CONCERN,
    "activity_kind_of_its_county": "Diese Art gibt es im Landkreis der Kommune nicht. Bitte wählen Sie noch einmal.",
    "activity_field_of_its_county": (
        "Dieses Handlungsfeld gibt es im Landkreis der Kommune nicht. Bitte wählen Sie noch einmal."
    ),
    "activity_further_fields_without_leading": "Das führende Handlungsfeld steht schon oben.",
    "activity_further_fields_known": "Ein Handlungsfeld gibt es nicht mehr. Bitte wählen Sie noch einmal.",
}


class Closed(Protocol):
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True)
class Around:
    """What an entry is judged by: the day today, the terms of its mediator in its town (the end may be open; None:
    the town is not known), the period whose report holds it, and the minutes of the mediator's other entries that day.
    """

    today: dt.date
    terms: Sequence[tuple[dt.date, dt.date | None]] | None = None
    closed: Closed | None = None
    minutes_there: int = 0


def refusals_of(
    around: Around,
    *,
    day: dt.date | None,
    minutes: int | None,
    travel_minutes: int,
    result: str,
    result_note: str,
) -> Iterator[tuple[str, str]]:
    """(field, sentence), at most one a field. What is None has not been understood and is not judged."""
    if day is not None and (sentence := _of_day(day, around)):
        yield "day", sentence
    if minutes is not None and (sentence := _of_minutes(day, minutes, travel_minutes, around)):
        yield "minutes", sentence
    if result in ActivityResult.needs_note and not result_note.strip():
        yield "result_note", NO_REASON


def _of_day(day: dt.date, around: Around) -> str:
    if day > around.today:
        return IN_FUTURE
    if around.terms is None:
        return ""
    if not any(start <= day and (end is None or day <= end) for start, end in around.terms):
        return _outside(around.terms)
    return around.closed.sentence if around.closed else ""


def _of_minutes(day: dt.date | None, minutes: int, travel_minutes: int, around: Around) -> str:
    together = minutes + travel_minutes
    if not 1 <= minutes <= MINUTES_PER_DAY:
        return LENGTH
    if together > MINUTES_PER_DAY:
        return WITH_TRAVEL
    if day is None or around.minutes_there + together <= MINUTES_PER_DAY:
        return ""
    return (
        f"Ein Tag hat 24 Stunden. Für den {day:%d.%m.%Y} sind schon {duration(around.minutes_there)} erfasst, "
        f"mit dieser Aktivität wären es {duration(around.minutes_there + together)}."
    )


def _outside(terms: Sequence[tuple[dt.date, dt.date | None]]) -> str:
    named = " und ".join(
        f"vom {start:%d.%m.%Y} bis {end:%d.%m.%Y}" if end else f"seit dem {start:%d.%m.%Y}"
        for start, end in terms
    )
    return f"An diesem Tag sind Sie nicht bestellt. Ihre Bestellung gilt {named}." if named else OTHER_TOWN
