"""Reads the tables people import: XLSX, ODS or CSV bytes in, rows of text out. Knows no database and no request.

A stranger's file is opened in a process of its own with bounded memory and time: two cells far apart in a file of six
kilobytes are enough to end the process that opens it. What is no table, or is built to do harm, raises
SpreadsheetRefused with a German sentence.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

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
SEPARATORS = {
    ";": "Semikolon ( ; )",
    ",": "Komma ( , )",
    "\t": "Tabulator",
    "|": "senkrechter Strich ( | )",
}
FAILED = "#FORMEL"  # a formula without a result
DAY_ZERO = "1899-12-30"  # from which most programs count days
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
NO_COLUMNS = (
    "In dieser Datei finden wir keine Spalten. Bitte speichern Sie Ihre Tabelle als XLSX, ODS oder CSV."
)
BAD_SEPARATOR = "Mit diesem Trennzeichen finden wir keine Spalten. Bitte wählen Sie ein anderes."
BAD_ENCODING = "Mit dieser Schrift lässt sich die Datei nicht lesen. Bitte wählen Sie eine andere."


class SpreadsheetRefused(Exception):
    """The message is a German sentence for the person who imports the file."""


@dataclass(frozen=True)
class Line:
    """`number` is as the person's own program counts it. `joined`: columns whose cell is one with the cell above;
    `open_quotes`: columns that begin with a quotation mark that nothing closes.
    """

    number: int
    cells: list[str]
    is_hidden: bool = False
    joined: list[int] = field(default_factory=list)
    open_quotes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Spreadsheet:
    """`lines` has no empty ones; every line has as many cells as the widest. `encoding` and `separator` are empty
    unless it is CSV. `day_zero` is the day (ISO) from which its program counts days.
    """

    kind: str
    lines: list[Line]
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    is_encoding_sure: bool = True
    separator: str = ""
    hidden_columns: list[int] = field(default_factory=list)
    day_zero: str = DAY_ZERO


# The child imports this room alone: the project around it would cost a second.
CHILD = "import sys; sys.path.append(sys.argv.pop(1)); from uploads.spreadsheet_process import main; main()"


def read_spreadsheet(data: bytes, *, encoding: str = "", separator: str = "") -> Spreadsheet:
    """Raises SpreadsheetRefused. `encoding` is one of ENCODINGS and `separator` one of SEPARATORS, for a CSV file of
    which the person knows how it was written.
    """
    if len(data) > MAX_BYTES:
        raise SpreadsheetRefused(
            "Diese Datei ist größer als 10 Megabyte. Bitte teilen Sie sie auf mehrere Dateien auf."
        )
    ground = str(Path(__file__).resolve().parent.parent)
    command = [sys.executable, "-I", "-c", CHILD, ground, encoding, separator]
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
    return Spreadsheet(**found | {"lines": [Line(*cells, **marks) for *cells, marks in found["lines"]]})
