"""What an export of activities holds: its columns once for CSV, XLSX and ODS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.utils import timezone

from activities.log.fields import FIELDS, ActivityField, Exported
from activities.log.models import ActivityQuerySet
from activities.search.queries import export_rows, readable
from kiv_portal.accounts.models import User
from kiv_portal.documents.spreadsheets import Cell, Heading
from municipalities.programme.queries import Codes

# A table of typed cells costs about five times the work of CSV and is finished before its first byte is sent.
MOST_TYPED_ROWS = 50_000
SHEET = "Aktivitäten"


@dataclass(frozen=True)
class Column:
    heading: Heading
    sources: tuple[str, ...]  # of the query
    read: Callable[..., Cell]  # from their values


def columns(fields: Codes, *, shows_inner: bool = False) -> list[Column]:
    """Inner ones come last: they are filled only in entries of one's own, and for the county."""
    ordered = sorted(FIELDS, key=lambda field: field.is_inner)
    return [
        _column(field, exported, fields)
        for field in ordered
        if shows_inner or not field.is_inner
        for exported in field.exported
    ]


def _column(field: ActivityField, exported: Exported, fields: Codes) -> Column:
    source = readable(field.name) if field.is_inner else field.name
    cell = exported.cell_with_names(fields) if exported.cell_with_names else exported.cell
    return Column(
        Heading(exported.heading, exported.meaning, exported.kind, exported.width),
        exported.sources or (source,),
        cell or _same,
    )


def _same(value: Any) -> Any:
    return value


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
    chosen = columns(fields, shows_inner=shows_inner)
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
