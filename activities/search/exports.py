"""What an export of activities holds: its columns once for CSV, XLSX and ODS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.utils import timezone

from activities.log.models import ActivityQuerySet, ActivityResult
from activities.search.queries import export_rows
from kiv_portal.accounts.models import User
from kiv_portal.documents.spreadsheets import Cell, Heading
from municipalities.programme.queries import Codes

# A table of typed cells costs about five times the work of CSV and is finished before its first byte is sent.
MOST_TYPED_ROWS = 50_000
SHEET = "Aktivitäten"
RESULTS = {"": "", **dict(ActivityResult.choices)}


@dataclass(frozen=True)
class Column:
    heading: Heading
    sources: tuple[str, ...]  # of the query
    read: Callable[..., Cell]  # from their values


def _same(value: Any) -> Any:
    return value


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _local_day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None


def _estimated(is_estimated: bool, people: int | None) -> str:
    if people is None:
        return "nicht gezählt"
    return "geschätzt" if is_estimated else "gezählt"


def _column(
    name: str,
    meaning: str,
    sources: str,
    read: Callable[..., Cell] = _same,
    *,
    kind: Any = "text",
    width: int = 16,
) -> Column:
    return Column(Heading(name, meaning, kind, width), tuple(sources.split()), read)


def columns(fields: Codes) -> list[Column]:
    return [*_what_it_was(fields), *COUNTED, *WHAT_CAME_OF_IT]


def _what_it_was(fields: Codes) -> list[Column]:
    def field_name(name: str | None) -> str:
        return name or "Querschnitt"

    def field_names(codes: list[str], county: str) -> str:
        return ", ".join(fields.name_of(county, code) for code in codes)

    leading = "Das führende Handlungsfeld. Querschnitt heißt: Arbeit für alle Felder."
    also = "Welche Felder sie außerdem berührt."
    return [
        _column("Datum", "Der Tag der Aktivität.", "day", kind="date", width=12),
        _column("Kommune", "Wo sie zählt.", "municipality__name", width=20),
        _column("Person", "Wer vermittelt hat.", "mediator__user__full_name", width=24),
        _column("Titel", "Was getan wurde, in einem Satz.", "title", width=48),
        _column("Handlungsfeld", leading, "field__name", field_name, width=26),
        _column(
            "Weitere Handlungsfelder", also, "further_fields municipality__county_id", field_names, width=26
        ),
        _column("Art", "Die Art der Aktivität.", "kind__name", width=20),
        _column("Ort", "Wo sie war.", "place", width=24),
        _column("Was ist passiert?", "Die Beschreibung.", "description", width=60),
    ]


COUNTED = (
    _column("Dauer in Minuten", "Ohne Fahrzeit.", "minutes", kind="integer"),
    _column("Dauer in Stunden", "Dieselbe Dauer, auf zwei Stellen.", "minutes", _hours, kind="number"),
    _column("Fahrzeit in Minuten", "Hin und zurück.", "travel_minutes", kind="integer"),
    _column(
        "Erreichte Personen",
        "Die Zahl, oder die kleinere bei „von … bis …“. Leer heißt: nicht gezählt.",
        "people_reached",
        kind="integer",
    ),
    _column(
        "Erreichte Personen bis",
        "Die größere Zahl bei „von … bis …“, sonst leer.",
        "people_reached_to",
        kind="integer",
    ),
    _column(
        "Zählung",
        "Ob die Personen gezählt, geschätzt oder nicht gezählt sind.",
        "is_estimated people_reached",
        _estimated,
    ),
)
WHAT_CAME_OF_IT = (
    _column("Ergebnis", "Was daraus wurde. Leer heißt: noch kein Ergebnis.", "result", RESULTS.__getitem__),
    _column(
        "Erläuterung zum Ergebnis", "Warum abgelehnt, oder an wen weitergegeben.", "result_note", width=40
    ),
    _column("Beteiligt", "Stellen und Vereine, die dabei waren.", "partners", ", ".join, width=30),
    _column("Wiedervorlage am", "Wann man noch einmal nachsehen wollte.", "follow_up_on", kind="date"),
    _column(
        "Wiedervorlage erledigt am",
        "Leer heißt: noch offen, oder keine Wiedervorlage.",
        "followed_up_at",
        _local_day,
        kind="date",
    ),
)


def inner_columns() -> list[Column]:
    """For those who may read them: filled only in entries of one's own, and for the county."""
    return [
        Column(
            Heading("Auslagen in Euro", "Nur für Sie selbst und das Landratsamt.", "number"),
            ("readable_expenses",),
            lambda cents: None if cents is None else cents / 100,
        ),
        Column(
            Heading(
                "Interne Notiz", "Nur für Sie selbst und das Landratsamt. Bitte nicht weitergeben.", width=40
            ),
            ("readable_note",),
            _same,
        ),
    ]


@dataclass(frozen=True)
class Export:
    """Headings, and rows that are read from the database only while they are asked for."""

    headings: Sequence[Heading]
    rows: Iterator[list[Cell]]
    notes: Sequence[str]


def export_of(
    activities: ActivityQuerySet,
    fields: Codes,
    *,
    reader: User,
    shows_inner: bool,
    filters: Iterable[str],
) -> Export:
    chosen = [*columns(fields), *(inner_columns() if shows_inner else ())]
    sources = list(dict.fromkeys(source for column in chosen for source in column.sources))
    readers = [
        (column.read, itemgetter(*map(sources.index, column.sources)), len(column.sources))
        for column in chosen
    ]

    def rows() -> Iterator[list[Cell]]:
        for values in export_rows(activities, sources, reader=reader):
            yield [read(get(values)) if number == 1 else read(*get(values)) for read, get, number in readers]

    notes = [
        f"Stand: {timezone.localtime():%d.%m.%Y, %H:%M} Uhr",
        "Auswahl: " + ("; ".join(filters) or "alle Aktivitäten dieser Liste"),
        "In dieser Datei stehen genaue Zahlen, auch unter fünf Personen. Bitte geben Sie sie nicht ungeprüft weiter.",
    ]
    return Export([column.heading for column in chosen], rows(), notes)
