"""XLSX and ODS, from an archive that is known to be harmless."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from .sheet_marks import Marks, Span, marks_of
from .spreadsheet import (
    DAMAGED,
    EMPTY,
    MAX_COLUMNS,
    PASSWORD,
    PREFERRED_SHEET,
    TOO_MANY_COLUMNS,
    Line,
    Spreadsheet,
    SpreadsheetRefused,
)
from .table_lines import bounded


def read_workbook(data: bytes, kind: str) -> Spreadsheet:
    """The first visible sheet with something in it; the portal's own before all others. Raises SpreadsheetRefused."""
    import python_calamine as calamine

    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        for name in sorted(names, key=lambda name: name != PREFERRED_SHEET):
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is None:
                continue
            if sheet.width > 20 * MAX_COLUMNS:
                raise SpreadsheetRefused(TOO_MANY_COLUMNS)
            marks = marks_of(data, kind, name, height=sheet.total_height)
            if kind == "xlsx":
                marks.spans = [Span(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            first_column = sheet.start[1]
            lines = bounded(_lines(sheet.iter_rows(), marks, first_column))
            return Spreadsheet(
                kind,
                lines,
                sheet=name,
                other_sheets=[other for other in names if other != name],
                hidden_columns=[
                    column - first_column
                    for column in sorted(marks.hidden_columns)
                    if 0 <= column - first_column < len(lines[0].cells)
                ],
                day_zero=marks.day_zero,
            )
    except calamine.PasswordError:
        raise SpreadsheetRefused(PASSWORD) from None
    except (calamine.CalamineError, ElementTree.ParseError, KeyError, ValueError):
        raise SpreadsheetRefused(DAMAGED) from None
    raise SpreadsheetRefused(EMPTY)


def _lines(rows: Iterable[list[Any]], marks: Marks, first_column: int) -> Iterator[Line]:
    spans = _Spans(marks.spans)
    for index, row in enumerate(rows):
        cells = [_text(cell) for cell in row]
        for column, error in marks.failed.get(index, {}).items():
            cells += [""] * (column - first_column + 1 - len(cells))
            cells[column - first_column] = error
        joined = spans.fill(index, cells, first_column)
        yield Line(index + 1, cells, is_hidden=index in marks.hidden_rows, joined=joined)


class _Spans:
    """What stands in a cell that reaches over several rows stands in each of them."""

    def __init__(self, spans: list[Span]) -> None:
        self._starts: dict[int, list[Span]] = {}
        for span in spans:
            if span.last_row > span.row:
                self._starts.setdefault(span.row, []).append(span)
        self._open: dict[int, tuple[Span, str]] = {}  # by column; spans do not overlap

    def fill(self, index: int, cells: list[str], first_column: int) -> list[int]:
        """The columns that were filled, both counted from the first; a row with nothing of its own stays empty."""
        has_own = any(cells)
        filled: list[int] = []
        for column, (span, text) in list(self._open.items()):
            if index > span.last_row:
                del self._open[column]
            elif has_own and column < len(cells) and not cells[column]:
                cells[column] = text
                filled.append(column)
        for span in self._starts.get(index, ()):
            column = span.column - first_column
            if 0 <= column < len(cells) and cells[column]:
                self._open[column] = (span, cells[column])
        return sorted(filled)


def _text(cell: Any) -> str:
    """A cell as a person would have typed it; formulas have become their values."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}".replace(".", ",")
    if isinstance(cell, dt.datetime):
        return f"{cell:%d.%m.%Y}" if cell.time() == dt.time() else f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, dt.timedelta):
        hours, minutes = divmod(round(cell.total_seconds() / 60), 60)
        return f"{hours}:{minutes:02d}"
    return str(cell)
