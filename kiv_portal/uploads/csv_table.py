"""CSV as programs and people write it: any of four separators, several encodings, quotation marks nobody closed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from .spreadsheet import (
    BAD_ENCODING,
    BAD_SEPARATOR,
    DAMAGED,
    ENCODINGS,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_HEADER_ROW,
    NO_COLUMNS,
    NO_TABLE,
    SEPARATORS,
    TOO_MANY_COLUMNS,
    Line,
    Spreadsheet,
    SpreadsheetRefused,
)
from .table_lines import bounded

# an apostrophe keeps a text from being run as a formula; exports write it (kiv_portal/documents/spreadsheets.py)
DEFUSED = re.compile(r"^'(?=[=+\-@\t\r\n＝＋－＠])")
SAID_BY_FILE = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)  # for Excel, in the first line
MOST_IN_QUOTES = 2 * MAX_CELL  # a text between quotation marks; whoever is longer has not been closed
LONGEST_CELL = 1_000_000
MOST_CELLS = 20 * MAX_COLUMNS  # of a line that is looked at
LINE_END = re.compile(r"\r\n|\n|\r")
PLAIN = {sign: re.compile(rf"[^{re.escape(sign)}\r\n]*+") for sign in SEPARATORS}
QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"(?!")')


def read_csv(data: bytes, encoding: str, separator: str) -> Spreadsheet:
    """`encoding` and `separator` are empty where they are to be found out. Raises SpreadsheetRefused."""
    found, is_sure = (encoding, False) if encoding in ENCODINGS else _encoding_of(data)
    try:
        text = data.decode("utf-8-sig" if found == "utf-8" else found)
    except UnicodeError:
        raise SpreadsheetRefused(BAD_ENCODING if encoding else NO_TABLE) from None
    _check_is_text(text)
    said = SAID_BY_FILE.match(text)
    text = text[said.end() :] if said else text
    sign = separator if separator in SEPARATORS else said[1] if said else _separator_of(text)
    lines = bounded(_lines(text, sign, above=1 if said else 0))
    if all(len(line.cells) == 1 for line in lines):
        raise SpreadsheetRefused(BAD_SEPARATOR if separator else NO_COLUMNS)
    return Spreadsheet("csv", lines, encoding=found, is_encoding_sure=is_sure, separator=sign)


def _lines(text: str, sign: str, *, above: int) -> Iterator[Line]:
    """`above` lines stand before the text."""
    plain = _well_formed(text, sign)
    rows = iter(_carefully(text, sign)) if plain is None else ((row, []) for row in plain)
    for number, (row, open_quotes) in enumerate(rows, start=above + 1):
        if len(row) > MOST_CELLS:
            raise SpreadsheetRefused(TOO_MANY_COLUMNS)
        yield Line(number, [DEFUSED.sub("", cell) for cell in row], open_quotes=open_quotes)


def _well_formed(text: str, sign: str) -> list[list[str]] | None:
    """The rows, or nothing where a quotation mark is or may be open: then the rest of the file is one cell."""
    csv.field_size_limit(MOST_IN_QUOTES)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True):
            if any(sign in cell and LINE_END.search(cell) for cell in row):
                return None
            rows.append(row)
    except csv.Error:
        return None
    return rows


def _carefully(text: str, sign: str) -> Iterator[tuple[list[str], list[int]]]:
    """(cells, columns with an open quotation mark) of one row after the other.

    A mark that is closed nowhere near belongs to the text. Each is looked for no farther than MOST_IN_QUOTES, and
    what was read once is not read again.
    """
    at, width = 0, 0
    while at < len(text):
        cells: list[str] = []
        open_quotes: list[int] = []
        while True:
            cell, at, is_open = _cell(text, at, sign, len(cells), width)
            if is_open:
                open_quotes.append(len(cells))
            cells.append(cell)
            if len(cells) > MOST_CELLS:
                raise SpreadsheetRefused(TOO_MANY_COLUMNS)
            if not text.startswith(sign, at):
                break
            at += 1
        width = width or (len(cells) if len(cells) > 1 else 0)
        line_end = LINE_END.match(text, at)
        at = line_end.end() if line_end else at
        yield cells, open_quotes


def _cell(text: str, at: int, sign: str, before: int, width: int) -> tuple[str, int, bool]:
    """(text of the cell that begins there, where it ends, whether its quotation mark is open)"""
    if text.startswith('"', at):
        quoted = QUOTED.match(text, at, at + MOST_IN_QUOTES)
        if quoted and _is_closed(text, quoted, sign, before, width):
            return quoted[1].replace('""', '"'), quoted.end(), False
    found = PLAIN[sign].match(text, at, at + LONGEST_CELL)
    written = found[0] if found else ""
    end = at + len(written)
    if len(written) == LONGEST_CELL:
        raise SpreadsheetRefused(DAMAGED)
    return written, end, written.startswith('"') and written.count('"') % 2 == 1


def _is_closed(text: str, quoted: re.Match[str], sign: str, before: int, width: int) -> bool:
    """Whether the cell ends behind its mark, and has swallowed no row: the line up to its first end would have as many
    columns as the table (`width`; `before` stand in front of this one), or whole rows would follow within it.
    """
    if (end := quoted.end()) < len(text) and not text.startswith((sign, "\r", "\n"), end):
        return False
    first, *between = LINE_END.split(quoted[1])[:-1] or [""]
    inside = first.count(sign)
    if inside:
        return before + 1 + inside != width
    return width <= 2 or all(line.count(sign) != width - 1 for line in between)


def _separator_of(text: str) -> str:
    """The one that cuts the first lines most evenly into the most columns."""
    first = "\n".join(text[:20_000].splitlines()[:MAX_HEADER_ROW])

    def evenness(sign: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells, _ in _carefully(first, sign) if cells != [""]]
        except SpreadsheetRefused:
            return (0, 0)
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(common), common) if common > 1 else (0, 0)

    return max((";", "\t", ",", "|"), key=evenness)


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
