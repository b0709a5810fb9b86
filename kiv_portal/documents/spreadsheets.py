"""Long tables as CSV, XLSX and ODS, written row by row: rows may be an iterator of a million."""

from __future__ import annotations

import csv
import datetime
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Literal

from kiv_portal.documents import german

ROWS_AT_ONCE = 500
MOST_ROWS = 1_048_575  # of a sheet of Excel, below its header
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
DEFINITIONS_SHEET = "Erklärung"

Cell = str | int | float | dt.date | None


@dataclass(frozen=True)
class Heading:
    """A column: what stands above it, what it means, and of which type its cells are (None is an empty cell)."""

    name: str
    meaning: str
    kind: Literal["text", "date", "integer", "number"] = "text"
    width: int = 16  # in characters
    unit: str = ""


def csv_stream(headings: Sequence[Heading], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, semicolons, German dates and decimals; no cell runs as a formula."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK.encode() + writer.writerow([heading.name for heading in headings]).encode()
    rows = iter(rows)
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield "".join([writer.writerow([_in_csv(cell) for cell in row]) for row in part]).encode()


class _Echo:
    """A "file" that gives back what is written, so that a row becomes text at once."""

    def write(self, text: str) -> str:
        return text


def _in_csv(cell: Cell) -> Any:
    if isinstance(cell, str):
        return defused(printable(cell))
    if isinstance(cell, dt.date):
        return german.date(cell)
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else cell


def xlsx_file(
    headings: Sequence[Heading], rows: Iterable[Sequence[Cell]], *, sheet: str, notes: Sequence[str] = ()
) -> IO[bytes]:
    """An open temporary file at its beginning; closing it removes it. ValueError over MOST_ROWS."""
    from xlsxwriter import Workbook  # only this format needs it

    file = tempfile.TemporaryFile(prefix="kiv-export-", suffix=".xlsx")  # noqa: SIM115  handed on open
    try:
        with Workbook(file, {"constant_memory": True}) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            day = book.add_format({"num_format": "dd.mm.yyyy"})
            write_sheet(book.add_worksheet(sheet), headings, rows, bold=bold, day=day)
            definitions = book.add_worksheet(DEFINITIONS_SHEET)
            write_sheet(definitions, DEFINITION_HEADINGS, _definitions(headings, notes), bold=bold, day=day)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def write_sheet(
    page: Any, headings: Sequence[Heading], rows: Iterable[Sequence[Cell]], *, bold: Any, day: Any
) -> None:
    """Fill a worksheet of xlsxwriter; `bold` and `day` are formats of its book. ValueError over MOST_ROWS."""
    for column, heading in enumerate(headings):
        page.set_column(column, column, heading.width)
    page.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading.name, bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS} rows")
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    page.write_string(number, column, printable(cell))
            elif isinstance(cell, dt.date):
                page.write_datetime(number, column, cell, day)
            elif cell is not None:
                page.write_number(number, column, cell)
    page.autofilter(0, 0, number, len(headings) - 1)


def ods_stream(
    headings: Sequence[Heading], rows: Iterable[Sequence[Cell]], *, sheet: str, notes: Sequence[str] = ()
) -> Iterator[bytes]:
    from stream_write_ods import stream_write_ods  # only this format needs it

    sheets = (
        (sheet, [heading.name for heading in headings], (_in_xml(row) for row in rows)),
        (
            DEFINITIONS_SHEET,
            [heading.name for heading in DEFINITION_HEADINGS],
            (_in_xml(row) for row in _definitions(headings, notes)),
        ),
    )
    yield from stream_write_ods(sheets)


def _in_xml(row: Sequence[Cell]) -> list[Cell]:
    return [(printable(cell) or None) if isinstance(cell, str) else cell for cell in row]


DEFINITION_HEADINGS = (
    Heading("Spalte", "", width=28),
    Heading("Bedeutung", "", width=100),
)


def _definitions(headings: Sequence[Heading], notes: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((heading.name, heading.meaning) for heading in headings)
    yield from (("", note) for note in notes)


def printable(text: str) -> str:
    """Line ends as one sign, and a visible mark for what no XML file may hold: the same in every format."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_IN_XML.sub(REPLACEMENT, text)


BYTE_ORDER_MARK = "\ufeff"  # makes spreadsheets read UTF-8


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons, as German spreadsheets expect; an apostrophe defuses text that would run as a formula."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([defused(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


def defused(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return german.date(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
