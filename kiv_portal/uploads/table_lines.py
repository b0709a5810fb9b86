"""The lines of any table, bounded in every direction."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from .spreadsheet import (
    EMPTY,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_HEADER_ROW,
    MAX_ROWS,
    MAX_TEXT,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    TOO_MUCH_TEXT,
    Line,
    SpreadsheetRefused,
)


def bounded(lines: Iterable[Line]) -> list[Line]:
    """Without empty lines and columns nobody filled. Raises SpreadsheetRefused."""
    found: list[Line] = []
    total = width = 0
    for line in lines:
        cells = _tidy(line.cells)
        if not cells:
            continue
        width = max(width, len(cells))
        total += sum(map(len, cells))
        if width > MAX_COLUMNS:
            raise SpreadsheetRefused(TOO_MANY_COLUMNS)
        if total > MAX_TEXT:
            raise SpreadsheetRefused(TOO_MUCH_TEXT)
        found.append(replace(line, cells=cells))
        if len(found) > MAX_ROWS + MAX_HEADER_ROW:
            raise SpreadsheetRefused(TOO_MANY_ROWS)
    if not found:
        raise SpreadsheetRefused(EMPTY)
    for line in found:
        line.cells.extend([""] * (width - len(line.cells)))
    return found


def _tidy(cells: list[str]) -> list[str]:
    tidy = [unicodedata.normalize("NFC", cell.replace("\0", "").strip()[:MAX_CELL]) for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy
