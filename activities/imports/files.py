"""The two files an import hands out: the empty template, and the imported table with the verdict on every row."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import xlsxwriter

from activities.imports.columns import BY_KEY, OWN_COLUMN, TARGETS, Target
from activities.imports.models import ActivityImportRow, RowVerdict
from kiv_portal.uploads.spreadsheet import PREFERRED_SHEET, Line

PETROL = "#0B5563"
COLOURS = {
    RowVerdict.ERROR: "#F9D6D5",
    RowVerdict.ASK: "#FFDFBF",
    RowVerdict.HINT: "#FFF1C2",
    RowVerdict.TWICE: "#E6E6E6",
    RowVerdict.LEFT: "#E6E6E6",
}
WORDS = {
    RowVerdict.OK: "In Ordnung",
    RowVerdict.ASK: "Frage",
    RowVerdict.HINT: "Hinweis",
    RowVerdict.TWICE: "Schon vorhanden",
    RowVerdict.ERROR: "Fehler",
    RowVerdict.LEFT: "Bleibt weg",
}
EXAMPLES = (
    {"day": "01.03.2022", "title": "Begehung der Grundschule", "minutes": "1:30", "kind": "Begehung",
     "field": "Bildung und Schule", "people_reached": "12", "result": "zugesagt"},
    {"day": "15.03.2022", "title": "Sprechstunde im Rathaus", "minutes": "120", "kind": "Sprechstunde",
     "field": "Querschnitt", "people_reached": "ca. 5"},
    {"day": "2.4.2022", "title": "Stellungnahme zum Umbau der Haltestelle", "minutes": "45", "kind": "Stellungnahme",
     "field": "Verkehr und Infrastruktur", "result": "weitergegeben", "result_note": "an das Bauamt"},
)  # fmt: skip
ROWS_WITH_LISTS = 2_000


def template_file(choices: Mapping[str, list[str]], *, has_several_towns: bool) -> bytes:
    """An empty table with the portal's columns. `choices` are {field: names to choose from}."""
    columns = [
        target
        for target in TARGETS
        if target.key != "hours" and (target.key != "municipality" or has_several_towns)
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        _entry_sheet(workbook, columns, choices)
        _explanations(workbook, columns)
        _examples(workbook, columns)
        lists = workbook.add_worksheet("Listen")
        for index, (key, names) in enumerate(choices.items()):
            lists.set_column(index, index, 30)
            lists.write_column(0, index, [_label(key), *names])
    return buffer.getvalue()


def _label(key: str) -> str:
    return next(target.label for target in TARGETS if target.key == key)


def _entry_sheet(
    workbook: xlsxwriter.Workbook, columns: list[Target], choices: Mapping[str, list[str]]
) -> None:
    sheet = workbook.add_worksheet(PREFERRED_SHEET)
    formats = {"day": workbook.add_format({"num_format": "dd.mm.yyyy"})}
    _header(workbook, sheet, [target.label for target in columns])
    for index, target in enumerate(columns):
        sheet.set_column(
            index, index, 40 if target.key in ("title", "description") else 22, formats.get(target.key)
        )
        if target.key in choices:
            column = chr(ord("A") + list(choices).index(target.key))
            source = f"=Listen!${column}$2:${column}${len(choices[target.key]) + 1}"
            sheet.data_validation(
                1,
                index,
                ROWS_WITH_LISTS,
                index,
                {"validate": "list", "source": source, "error_type": "information"},
            )


def _explanations(workbook: xlsxwriter.Workbook, columns: list[Target]) -> None:
    sheet = workbook.add_worksheet("Erklärungen")
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    _header(workbook, sheet, ["Spalte", "Muss ausgefüllt sein", "Was hineingehört", "Beispiel"])
    for width, index in ((26, 0), (20, 1), (70, 2), (30, 3)):
        sheet.set_column(index, index, width, wrapped)
    for number, target in enumerate(columns, start=1):
        required = "ja" if target.is_required or target.key == "kind" else "nein"
        for index, text in enumerate((target.label, required, target.help, target.example)):
            sheet.write_string(number, index, text)


def _examples(workbook: xlsxwriter.Workbook, columns: list[Target]) -> None:
    sheet = workbook.add_worksheet("Beispiele")
    _header(workbook, sheet, [target.label for target in columns])
    sheet.set_column(0, len(columns) - 1, 24)
    for number, example in enumerate(EXAMPLES, start=1):
        for index, target in enumerate(columns):
            sheet.write_string(number, index, example.get(target.key, ""))


def marked_file(lines: list[Line], targets: list[str], found: Iterable[ActivityImportRow]) -> bytes:
    """The person's own columns with what was put right on the page, and before them the verdict on every row: in words,
    and coloured besides. `targets` names the field of each column.
    """
    rows = {row.number: row for row in found}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet(PREFERRED_SHEET)
        colours = {
            verdict: workbook.add_format({"bg_color": colour, "text_wrap": True, "valign": "top"})
            for verdict, colour in COLOURS.items()
        }
        header, *below = lines
        own = [index for index, text in enumerate(header.cells) if text != OWN_COLUMN]
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, len(own), 24)
        _header(workbook, sheet, [OWN_COLUMN, *(header.cells[index] for index in own)])
        for number, line in enumerate(below, start=1):
            row = rows.get(line.number)
            colour = colours.get(RowVerdict(row.verdict)) if row else None
            cells = _mended(line, targets, row)
            for index, text in enumerate((_said(row), *(cells[index] for index in own))):
                # a string is never taken for a formula
                sheet.write_string(number, index, text, colour if index == 0 else None)
    return buffer.getvalue()


def _mended(line: Line, targets: list[str], row: ActivityImportRow | None) -> list[str]:
    changed = {cell["target"]: cell["text"] for cell in _changed(row)}
    return [changed.get(target, text) for text, target in zip(line.cells, targets, strict=True)]


def _changed(row: ActivityImportRow | None) -> list[dict[str, str]]:
    return [cell for cell in row.cells if cell["text"] != cell["written"]] if row else []


def _said(row: ActivityImportRow | None) -> str:
    if row is None:
        return ""
    word = WORDS[RowVerdict(row.verdict)]
    changes = [
        f"Von Ihnen geändert: {BY_KEY[cell['target']].label}, vorher „{cell['written']}“, jetzt „{cell['text']}“."
        for cell in _changed(row)
    ]
    sentences = [*row.sentences, *changes]
    return f"{word}: {' '.join(sentences)}" if sentences else word


def _header(
    workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet, labels: Iterable[str]
) -> None:
    bold = workbook.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": PETROL})
    for index, label in enumerate(labels):
        sheet.write_string(0, index, label, bold)
    sheet.freeze_panes(1, 0)
