"""Is a finished data file of a report whole and explained? The gate for CSV, XLSX and JSON."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from kiv_portal.documents.file_gate import FileVerdict, file_verdict
from kiv_portal.documents.spreadsheets import BYTE_ORDER_MARK, Heading
from reports.content import data_files


def check_csv(data: bytes) -> FileVerdict:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return file_verdict(["Die Datei ist kein Text in UTF-8."])
    rows = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)), delimiter=";"))
    header, figures, explanations = _parted(rows)
    problems = [] if text.startswith(BYTE_ORDER_MARK) else ["Das Kennzeichen für UTF-8 fehlt."]
    problems += _columns("Die Tabelle", data_files.FIGURES, header)
    problems += [
        "Eine Zeile hat zu viele oder zu wenige Zellen."
        for row in rows
        if len(row) != len(data_files.FIGURES)
    ]
    problems += [] if figures else ["Die Tabelle hat keine Zeilen."]
    problems += [
        f"Die Spalte „{heading.name}“ enthält etwas anderes als Zahlen."
        for column, heading in enumerate(data_files.FIGURES)
        if heading.kind == "integer"
        and any(not _is_number(row[column]) for row in figures if len(row) > column)
    ]
    problems += [
        "Eine Zelle könnte als Formel ausgeführt werden."
        for row in rows
        for cell in row
        if cell[:1] in tuple("=+-@")
    ]
    explained = " ".join(row[1] for row in explanations if len(row) > 1)
    problems += _unexplained(
        data_files.FIGURES, [h.name for h in data_files.FIGURES if f"{h.name}: {h.meaning}" in explained]
    )
    return file_verdict(problems, tables=1, rows=len(figures))


def _parted(rows: list[list[str]]) -> tuple[list[str], list[list[str]], list[list[str]]]:
    header, *others = rows or [[]]
    explanations = [row for row in others if row and row[0] == data_files.EXPLANATION]
    return header, [row for row in others if row not in explanations], explanations


def _is_number(cell: str) -> bool:
    return not cell or cell.isdigit()


def _columns(table: str, headings: Sequence[Heading], found: Sequence[Any]) -> list[str]:
    if list(found) == [heading.name for heading in headings]:
        return []
    return [f"{table} hat nicht die Spalten, die sie haben soll."]


def _unexplained(headings: Sequence[Heading], explained: Sequence[str]) -> list[str]:
    return [
        f"Die Spalte „{heading.name}“ ist nicht erklärt."
        for heading in headings
        if heading.name not in explained
    ]


def check_xlsx(data: bytes) -> FileVerdict:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (python_calamine.CalamineError, zipfile.BadZipFile):
        return file_verdict(["Die Datei ist keine lesbare Excel-Tabelle."])
    explanations = found.pop(data_files.EXPLANATIONS_SHEET, [])
    problems = [] if "Kennzahlen" in found else ["Das Blatt „Kennzahlen“ fehlt."]
    problems += [f"Das Blatt „{name}“ ist nicht vorgesehen." for name in found if name not in SHEETS]
    for name, (header, *rows) in ((name, rows or [[]]) for name, rows in found.items() if name in SHEETS):
        headings = data_files.BY_MONTH if header[:1] == ["Monat"] else SHEETS[name]
        problems += _columns(f"Das Blatt „{name}“", headings, header)
        problems += [] if rows else [f"Das Blatt „{name}“ hat keine Zeilen."]
        problems += _mistyped(name, headings, rows)
        problems += _unexplained(headings, [str(row[1]) for row in explanations if row[0] == name and row[2]])
    return file_verdict(
        problems, tables=len(found), rows=sum(len(rows) - 1 for rows in found.values() if rows)
    )


SHEETS = {
    "Kennzahlen": data_files.FIGURES,
    "Aktivitäten": data_files.ACTIVITIES,
    "Nachträge": data_files.ACTIVITIES,
    "Anliegen": data_files.CONCERNS,
}


def _mistyped(sheet: str, headings: Sequence[Heading], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Numbers are numbers and days are days, so that a spreadsheet can calculate with them."""
    return [
        f"Die Spalte „{heading.name}“ im Blatt „{sheet}“ enthält etwas anderes als {_TYPES[heading.kind][0]}."
        for column, heading in enumerate(headings)
        if heading.kind in _TYPES
        for cells in [[row[column] for row in rows if len(row) > column and row[column] != ""]]
        if not all(isinstance(cell, _TYPES[heading.kind][1]) for cell in cells)
    ]


_TYPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "integer": ("Zahlen", (int, float)),
    "date": ("Tage", datetime.date),
}


def check_json(data: bytes) -> FileVerdict:
    try:
        report = json.loads(data)
    except ValueError:
        return file_verdict(["Die Datei ist kein lesbares JSON."])
    if not isinstance(report, dict):
        return file_verdict(["Die Datei enthält keinen Bericht."])
    descriptions = report.pop("descriptions", None) or {}
    problems = [f"Der Teil „{part}“ fehlt." for part in NEEDED_PARTS if part not in report]
    problems += [
        f"„{path}“ ist nicht erklärt."
        for path in sorted(set(data_files.paths(report)))
        if data_files.description_of(path)[0] and not descriptions.get(path, {}).get("meaning")
    ]
    rows = sum(len(part) for part in report.values() if isinstance(part, list))
    return file_verdict(problems, tables=sum(isinstance(part, list) for part in report.values()), rows=rows)


NEEDED_PARTS = (
    "schema",
    "municipality",
    "period",
    "dated",
    "totals",
    "fields",
    "months",
    "kinds",
    "results",
    "texts",
)


CHECKS: dict[str, Callable[[bytes], FileVerdict]] = {
    "csv": check_csv,
    "xlsx": check_xlsx,
    "json": check_json,
}
