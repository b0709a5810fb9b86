"""What the reader of workbooks does not tell about a sheet: formulas without a result, what is hidden, cells that reach
over several rows, and from which day its program counts.

Entities are refused before (spreadsheet_process.py), memory and time of this process are bounded.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

from .spreadsheet import DAY_ZERO, FAILED, MAX_COLUMNS

DAY_ZERO_OF_1904 = "1904-01-01"
MOST_COLUMNS = 20 * MAX_COLUMNS  # wider sheets are refused
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class Span(NamedTuple):
    row: int
    column: int
    last_row: int
    last_column: int


@dataclass
class Marks:
    """Rows and columns count from 0. `failed` is {row: {column: what stands there}}."""

    failed: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    day_zero: str = DAY_ZERO

    def fail(self, row: int, column: int, error: str) -> None:
        self.failed.setdefault(row, {})[column] = error


def marks_of(data: bytes, kind: str, sheet: str, *, height: int) -> Marks:
    """`height` is the number of rows; what is said of rows below is left out. The spans of XLSX are not looked for."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _of_xlsx(archive, sheet) if kind == "xlsx" else _of_ods(archive, sheet, height)


# --- XLSX


def _of_xlsx(archive: zipfile.ZipFile, sheet: str) -> Marks:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  see above
    marks = Marks()
    if any(one.tag.endswith("}workbookPr") and one.get("date1904") in ("1", "true") for one in book):
        marks.day_zero = DAY_ZERO_OF_1904
    part = _part_of_sheet(archive, book, sheet)
    content = archive.read(part) if part in archive.namelist() else b""
    # most sheets have nothing of the kind, and looking for it takes as long as reading
    if re.search(rb'<(?:\w+:)?f[\s>/]|="e"|hidden=|(?:ht|width)="0"', content):
        for _, element in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314  see above
            _mark_xlsx(marks, element)
    return marks


def _part_of_sheet(archive: zipfile.ZipFile, book: ElementTree.Element, sheet: str) -> str:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  see above
    names = {
        one.get("name"): next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
        for one in book.iter()
        if one.tag.endswith("}sheet")
    }
    for one in relations:
        if one.get("Id") == names.get(sheet):
            target = one.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _mark_xlsx(marks: Marks, element: ElementTree.Element) -> None:
    name = element.tag.rpartition("}")[2]
    if name == "c":
        _mark_cell(marks, element)
        element.clear()
    elif name == "row":
        if _is_hidden(element, "ht"):
            marks.hidden_rows.add(int(element.get("r", "0")) - 1)
        element.clear()
    elif name == "col" and _is_hidden(element, "width"):
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        marks.hidden_columns.update(range(first - 1, min(last, MOST_COLUMNS)))


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    """By a command, or drawn so small that nobody sees it."""
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _mark_cell(marks: Marks, cell: ElementTree.Element) -> None:
    place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r", ""))
    if place is None:
        return
    parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
    if cell.get("t") == "e":
        marks.fail(*_place(*place.groups()), parts.get("v") or FAILED)
    elif "f" in parts and not parts.get("v") and cell.get("t") != "str":
        marks.fail(*_place(*place.groups()), FAILED)


def _place(letters: str, number: str) -> tuple[int, int]:
    """ "B5" is row 4, column 1."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(number) - 1, column - 1


# --- ODS


def _of_ods(archive: zipfile.ZipFile, sheet: str, height: int) -> Marks:
    content = archive.read("content.xml")
    marks = Marks()
    if re.search(rb"table:formula|visibility=|rows-spanned|null-date", content):
        walk = _OdsWalk(marks, sheet, height)
        for event, part in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314
            walk.step(event, part)
    return marks


class _OdsWalk:
    def __init__(self, marks: Marks, sheet: str, height: int) -> None:
        self.marks, self.sheet, self.height = marks, sheet, height
        self.row = self.column = 0
        self.is_wanted = False

    def step(self, event: str, part: ElementTree.Element) -> None:
        if event == "start":
            if part.tag == f"{TABLE}table":
                self.row = self.column = 0
                self.is_wanted = part.get(f"{TABLE}name") == self.sheet
        elif part.tag == f"{TABLE}null-date":
            self.marks.day_zero = part.get(f"{TABLE}date-value", DAY_ZERO)
        elif part.tag == f"{TABLE}table-column":
            self._end_column(part)
        elif part.tag == f"{TABLE}table-row":
            self._end_row(part)
            part.clear()

    def _end_column(self, part: ElementTree.Element) -> None:
        last = self.column + int(part.get(f"{TABLE}number-columns-repeated", "1"))
        if self.is_wanted and _is_out_of_sight(part):
            self.marks.hidden_columns.update(range(self.column, min(last, MOST_COLUMNS)))
        self.column = last

    def _end_row(self, part: ElementTree.Element) -> None:
        last = self.row + int(part.get(f"{TABLE}number-rows-repeated", "1"))
        if self.is_wanted:
            if _is_out_of_sight(part):
                self.marks.hidden_rows.update(range(self.row, min(last, self.height)))
            self._cells(part)
        self.row = last

    def _cells(self, row: ElementTree.Element) -> None:
        column = 0
        for cell in row:
            kind = next((value for key, value in cell.attrib.items() if "calcext" in key), "")
            value = next(
                (value for key, value in cell.attrib.items() if key.endswith("office:1.0}value-type")), ""
            )
            if cell.get(f"{TABLE}formula") and (kind == "error" or not value):
                self.marks.fail(self.row, column, "".join(cell.itertext()).strip() or FAILED)
            if (rows := int(cell.get(f"{TABLE}number-rows-spanned", "1"))) > 1:
                columns = int(cell.get(f"{TABLE}number-columns-spanned", "1"))
                self.marks.spans.append(Span(self.row, column, self.row + rows - 1, column + columns - 1))
            column += int(cell.get(f"{TABLE}number-columns-repeated", "1"))


def _is_out_of_sight(part: ElementTree.Element) -> bool:
    return part.get(f"{TABLE}visibility") in ("collapse", "filter")
