"""Reads the tables people import: XLSX, ODS or CSV bytes in, rows of text out. Knows no database and no request.

A stranger's file is opened in a process of its own with bounded memory and time: two cells far apart in a file of six
kilobytes are enough to end the process that opens it. What is no table, or is built to do harm, raises
SpreadsheetRefused with a German sentence.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import lzma
import re
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000  # below the header
MAX_COLUMNS = 60
MAX_CELL = 12_000  # characters; above every field's own limit, which then says so
MAX_TEXT = 30_000_000  # characters in all cells
MAX_HEADER_ROW = 20  # the header stands within the first rows
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO = 150  # unpacked to packed, of one part of more than a mebibyte
MAX_PARTS = 2_000
SECONDS = 25
MEMORY = 1024 * 1024 * 1024

ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, ohne Kennzeichen)",
    "utf-16-be": "Unicode (UTF-16, umgekehrt)",
    "cp1252": "Windows, Westeuropa",
    "cp850": "DOS, Westeuropa",
    "mac_roman": "Mac, älter",
}
# an apostrophe keeps a text from being run as a formula; exports write it (kiv_portal/documents/spreadsheets.py)
FAILED = "#FORMEL"  # a formula without a result
DEFUSED = re.compile(r"^'(?=[=+\-@\t\r\n＝＋－＠])")
PREFERRED_SHEET = "Aktivitäten"  # as in the portal's own template

DAMAGED = (
    "Diese Datei ist beschädigt oder unvollständig. Bitte öffnen Sie sie in Ihrem Tabellen-Programm, speichern Sie sie "
    "noch einmal und laden Sie sie dann hoch."
)
TOO_MUCH = (
    "Diese Datei braucht beim Öffnen zu viel Speicher. Oft steht weit unten oder weit rechts noch ein Eintrag. "
    "Bitte kopieren Sie nur Ihre Zeilen in eine neue Tabelle."
)
BOMB = "Diese Datei ist stark gepackt und wird beim Öffnen riesig. Bitte kopieren Sie Ihre Zeilen in eine neue Tabelle."
NO_TABLE = (
    "Das ist keine Tabelle, die wir lesen können. Bitte speichern Sie Ihre Tabelle als XLSX, ODS oder CSV und laden "
    "Sie diese Datei hoch."
)
PASSWORD = "Diese Datei ist mit einem Passwort geschützt. Bitte speichern Sie sie ohne Passwort."  # noqa: S105  a sentence
OLD_EXCEL = "Das ist eine Datei im alten Excel-Format (XLS). Bitte speichern Sie sie als XLSX."
EMPTY = "In dieser Datei stehen keine Zeilen. Bitte wählen Sie eine andere."
COMMANDS = (
    "Diese Datei enthält Befehle, die wir nicht öffnen. Bitte kopieren Sie Ihre Zeilen in eine neue Tabelle."
)
TOO_MANY_ROWS = (
    "Diese Tabelle hat mehr als 20.000 Zeilen. Bitte teilen Sie sie auf mehrere Dateien auf, zum Beispiel nach "
    "Jahren."
)
TOO_MANY_COLUMNS = (
    f"Diese Tabelle hat mehr als {MAX_COLUMNS} Spalten. Bitte behalten Sie nur die Spalten, die zu Ihren Aktivitäten "
    "gehören."
)
TOO_MUCH_TEXT = "In dieser Tabelle steht zu viel Text. Bitte teilen Sie sie auf mehrere Dateien auf."
BAD_ENCODING = "Mit dieser Schrift lässt sich die Datei nicht lesen. Bitte wählen Sie eine andere."


class SpreadsheetRefused(Exception):
    """The message is a German sentence for the person who imports the file."""


@dataclass(frozen=True)
class Line:
    number: int  # as the person's own program counts it
    cells: list[str]


@dataclass(frozen=True)
class Spreadsheet:
    """`lines` has no empty ones; every line has as many cells as the widest. `encoding` is empty unless it is CSV."""

    kind: str
    lines: list[Line]
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    is_encoding_sure: bool = True


def read_spreadsheet(data: bytes, *, encoding: str = "") -> Spreadsheet:
    """Raises SpreadsheetRefused. `encoding` is one of ENCODINGS, for a CSV file whose writing the person knows."""
    if len(data) > MAX_BYTES:
        raise SpreadsheetRefused(
            "Diese Datei ist größer als 10 Megabyte. Bitte teilen Sie sie auf mehrere Dateien auf."
        )
    command = [sys.executable, "-I", __file__, encoding]
    try:
        # the child bounds its own memory and processor time; this is for one that sleeps
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * SECONDS)
    except subprocess.TimeoutExpired:
        raise SpreadsheetRefused(TOO_MUCH) from None
    if done.returncode:
        raise SpreadsheetRefused(TOO_MUCH)
    found = json.loads(done.stdout)
    if "refused" in found:
        raise SpreadsheetRefused(found["refused"])
    return Spreadsheet(**found | {"lines": [Line(number, cells) for number, cells in found["lines"]]})


# --- in the process of its own


def _read(data: bytes, encoding: str) -> Spreadsheet:
    if data.startswith(b"PK"):
        return _read_workbook(data, _kind_of_archive(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetRefused(PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else OLD_EXCEL)
    return _read_csv(data, encoding)


def _kind_of_archive(data: bytes) -> str:
    """xlsx or ods, once everything about the archive is known to be harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                kind = "xlsx"
            elif "content.xml" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
                kind = "ods"
            else:
                raise SpreadsheetRefused(NO_TABLE)
            for part in archive.infolist():
                _check_part(archive, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise SpreadsheetRefused(DAMAGED) from None
    return kind


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """What the central directory says, before anything is unpacked."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise SpreadsheetRefused(BOMB)
    for part in parts:
        if part.file_size > 1024 * 1024 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise SpreadsheetRefused(BOMB)
        if part.flag_bits & 1:
            raise SpreadsheetRefused(PASSWORD)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacked once, never beyond what the directory said; checksum and content are looked at on the way."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            text = before + piece
            if is_xml and b"<!ENTITY" in text:
                raise SpreadsheetRefused(COMMANDS)
            if part.filename == "META-INF/manifest.xml" and b"encryption-data" in text:
                raise SpreadsheetRefused(PASSWORD)
            before = piece[-20:]


def _read_workbook(data: bytes, kind: str) -> Spreadsheet:
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
            failed = _failed_cells(data, kind, name)
            lines = _lines(_with_failures(sheet.iter_rows(), failed, sheet.start[1]))
            return Spreadsheet(
                kind, lines, sheet=name, other_sheets=[other for other in names if other != name]
            )
    except calamine.PasswordError:
        raise SpreadsheetRefused(PASSWORD) from None
    except (calamine.CalamineError, ElementTree.ParseError, KeyError, ValueError):
        raise SpreadsheetRefused(DAMAGED) from None
    raise SpreadsheetRefused(EMPTY)


def _with_failures(
    rows: Iterable[list[Any]], failed: dict[int, dict[int, str]], first_column: int
) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        cells = [_text(cell) for cell in row]
        for column, error in failed.get(number, {}).items():
            cells += [""] * (column - first_column + 1 - len(cells))
            cells[column - first_column] = error
        yield cells


def _failed_cells(data: bytes, kind: str, sheet: str) -> dict[int, dict[int, str]]:
    """{row: {column: what stands there}}, both from 0, of formulas that give an error or nothing: the reader of
    workbooks takes them for empty.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of_sheet(archive, sheet) if kind == "xlsx" else "content.xml"
        content = archive.read(part) if part in archive.namelist() else b""
    found: dict[int, dict[int, str]] = {}
    if b"<f" in content or b'"e"' in content or b"table:formula" in content:
        cells = _failed_in_xlsx(content) if kind == "xlsx" else _failed_in_ods(content, sheet)
        for row, column, error in cells:
            found.setdefault(row, {})[column] = error
    return found


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    # entities are refused before (_check_part), memory and time of this process are bounded
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
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


def _failed_in_xlsx(content: bytes) -> Iterator[tuple[int, int, str]]:
    for _, cell in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314  as above
        if not cell.tag.endswith("}c"):
            continue
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r", ""))
        if place and cell.get("t") == "e":
            yield *_place(*place.groups()), parts.get("v") or FAILED
        elif place and "f" in parts and not parts.get("v") and cell.get("t") != "str":
            yield *_place(*place.groups()), FAILED
        cell.clear()


def _place(letters: str, number: str) -> tuple[int, int]:
    """ "B5" is row 4, column 1."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(number) - 1, column - 1


def _failed_in_ods(content: bytes, sheet: str) -> Iterator[tuple[int, int, str]]:
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    row = 0
    is_wanted = False
    for event, part in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314
        if event == "start":
            if part.tag == f"{table}table":
                row, is_wanted = 0, part.get(f"{table}name") == sheet
        elif part.tag == f"{table}table-row":
            if is_wanted:
                for column, error in _failed_in_row(part, table):
                    yield row, column, error
                row += int(part.get(f"{table}number-rows-repeated", "1"))
            part.clear()


def _failed_in_row(row: ElementTree.Element, table: str) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        kind = next((value for key, value in cell.attrib.items() if "calcext" in key), "")
        value = next(
            (value for key, value in cell.attrib.items() if key.endswith("office:1.0}value-type")), ""
        )
        if cell.get(f"{table}formula") and (kind == "error" or not value):
            yield column, "".join(cell.itertext()).strip() or FAILED
        column += int(cell.get(f"{table}number-columns-repeated", "1"))


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
        return f"{cell.hour}:{cell.minute:02d}"
    if isinstance(cell, dt.timedelta):
        hours, minutes = divmod(round(cell.total_seconds() / 60), 60)
        return f"{hours}:{minutes:02d}"
    return str(cell)


def _lines(rows: Iterable[list[str]]) -> list[Line]:
    """Without empty lines and columns nobody filled; bounded in every direction."""
    lines: list[Line] = []
    total = width = 0
    for number, row in enumerate(rows, start=1):
        cells = [unicodedata.normalize("NFC", cell.replace("\0", "").strip()[:MAX_CELL]) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        width = max(width, len(cells))
        total += sum(map(len, cells))
        if width > MAX_COLUMNS:
            raise SpreadsheetRefused(TOO_MANY_COLUMNS)
        if total > MAX_TEXT:
            raise SpreadsheetRefused(TOO_MUCH_TEXT)
        lines.append(Line(number, cells))
        if len(lines) > MAX_ROWS + MAX_HEADER_ROW:
            raise SpreadsheetRefused(TOO_MANY_ROWS)
    if not lines:
        raise SpreadsheetRefused(EMPTY)
    return [Line(line.number, line.cells + [""] * (width - len(line.cells))) for line in lines]


# --- CSV


def _read_csv(data: bytes, encoding: str) -> Spreadsheet:
    found, is_sure = (encoding, False) if encoding in ENCODINGS else _encoding_of(data)
    try:
        text = data.decode("utf-8-sig" if found == "utf-8" else found)
    except UnicodeError:
        raise SpreadsheetRefused(BAD_ENCODING if encoding else NO_TABLE) from None
    _check_is_text(text)
    csv.field_size_limit(1_000_000)
    try:
        lines = _lines(_csv_rows(text))
    except csv.Error:
        raise SpreadsheetRefused(DAMAGED) from None
    if all(len(line.cells) == 1 for line in lines):
        raise SpreadsheetRefused(
            "In dieser Datei finden wir keine Spalten. Bitte speichern Sie Ihre Tabelle als XLSX, ODS oder CSV."
        )
    return Spreadsheet("csv", lines, encoding=found, is_encoding_sure=is_sure)


def _csv_rows(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    for row in reader:
        if len(row) > 20 * MAX_COLUMNS:
            raise SpreadsheetRefused(TOO_MANY_COLUMNS)
        yield [DEFUSED.sub("", cell) for cell in row]


def _delimiter(text: str) -> str:
    """Of semicolon, tab and comma the one that cuts the first lines most evenly into the most columns."""
    first = text[:20_000].splitlines()[:MAX_HEADER_ROW]

    def evenness(sign: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(first, delimiter=sign) if row]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(common), common) if common > 1 else (0, 0)

    return max((";", "\t", ","), key=evenness)


def _encoding_of(data: bytes) -> tuple[str, bool]:
    """Its name in ENCODINGS, and whether that is sure."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    sample = data[:4_000]
    if sample and max(sample[::2].count(0), sample[1::2].count(0)) > len(sample) // 5:
        return ("utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"), False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data), False
    return "utf-8", True


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    one_byte = ["cp1252", "cp850", "mac_roman"]
    best = from_bytes(data[:200_000], cp_isolation=one_byte).best()
    german = {
        name: sum(data.decode(name, "replace").count(sign) for sign in "äöüÄÖÜß„“–") for name in one_byte
    }
    most = max(german.values())
    if best is not None and german.get(best.encoding) == most:
        return best.encoding
    return next(name for name in one_byte if german[name] == most)


def _check_is_text(text: str) -> None:
    head = text[:4_000]
    odd = sum(ord(sign) < 32 and sign not in "\t\r\n\0" for sign in head)
    if odd > len(head) // 100 or head.startswith(("%PDF", "{\\rtf", "<!DOCTYPE", "<html", "<?xml")):
        raise SpreadsheetRefused(NO_TABLE)


def main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        read = _read(sys.stdin.buffer.read(MAX_BYTES + 1), sys.argv[1])
        found: dict[str, Any] = vars(read) | {"lines": [(line.number, line.cells) for line in read.lines]}
    except SpreadsheetRefused as refused:
        found = {"refused": str(refused)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
