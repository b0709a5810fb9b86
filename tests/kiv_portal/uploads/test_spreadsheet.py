"""Reading what people bring along. No database: bytes in, rows of text or a sentence out."""

import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from activities.imports.columns import describe_columns, guess_targets, header_line
from kiv_portal.documents.spreadsheets import to_csv
from kiv_portal.uploads.spreadsheet import Line, SpreadsheetRefused, read_spreadsheet
from tests.activities.imports import table_files as files
from tests.activities.imports.table_files import HEADER, ROW

PLAIN = [Line(1, HEADER), Line(2, ROW)]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.xlsx([HEADER, ROW]), "xlsx"),
        (files.ods([HEADER, ROW]), "ods"),
        (files.csv([HEADER, ROW]), "csv"),
        (files.csv([HEADER, ROW], sign="\t", encoding="utf-8"), "csv"),
        (files.csv([HEADER, ROW], sign=",", encoding="utf-8"), "csv"),
        (files.csv([HEADER, ROW], encoding="utf-16"), "csv"),
        (files.csv([HEADER, ROW], encoding="utf-16-le"), "csv"),
        (files.csv([HEADER, ROW], encoding="cp1252"), "csv"),
        (files.csv([HEADER, ROW], encoding="cp850"), "csv"),
    ],
    ids=["xlsx", "ods", "utf-8 with BOM", "tabs", "commas", "utf-16", "utf-16 without BOM", "windows", "dos"],
)
def test_the_same_rows_come_out_of_every_format(data: bytes, kind: str) -> None:
    found = read_spreadsheet(data)
    assert found.kind == kind
    assert found.lines == PLAIN


@pytest.mark.parametrize(
    ("encoding", "is_sure"), [("utf-8", True), ("utf-16", True), ("cp1252", False), ("cp850", False)]
)
def test_guessed_encoding_is_not_called_sure(encoding: str, is_sure: bool) -> None:
    found = read_spreadsheet(files.csv([HEADER, ROW], encoding=encoding))
    assert (found.encoding, found.is_encoding_sure) == (encoding, is_sure)


def test_encoding_that_the_person_names_is_taken() -> None:
    found = read_spreadsheet(files.csv([HEADER, ROW], encoding="mac_roman"), encoding="mac_roman")
    assert found.lines == PLAIN
    with pytest.raises(SpreadsheetRefused, match="Mit dieser Schrift"):
        read_spreadsheet(files.csv([HEADER, ROW], encoding="cp1252"), encoding="utf-8")


def test_cells_become_what_a_person_would_have_typed() -> None:
    cells = [
        dt.date(2022, 3, 1),
        dt.datetime(2022, 3, 1, 14, 30),  # noqa: DTZ001 – a cell has no zone
        dt.timedelta(minutes=90),
        90,
        1.5,
        True,
        "=1+1",
    ]
    found = read_spreadsheet(files.xlsx([["a"] * len(cells), cells]))
    assert found.lines[1].cells == ["01.03.2022", "01.03.2022 14:30", "1:30", "90", "1,5", "ja", "=1+1"]


def test_empty_rows_and_columns_are_left_out_and_numbers_stay() -> None:
    found = read_spreadsheet(files.xlsx([[], ["Meine Liste"], [], [*HEADER, ""], [], [*ROW, " "]]))
    assert [(line.number, len(line.cells)) for line in found.lines] == [(2, 5), (4, 5), (6, 5)]
    assert header_line(found.lines) == 1


def test_the_sheet_of_the_template_comes_first_and_the_others_are_named() -> None:
    found = read_spreadsheet(files.xlsx([HEADER, ROW], sheet="Notizen", more_sheets=("Aktivitäten", "Alt")))
    assert (found.sheet, found.other_sheets) == ("Aktivitäten", ["Notizen", "Alt"])


REFUSED = {
    "pdf": (lambda: b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 50, "keine Tabelle"),
    "picture": (lambda: files.png(), "keine Tabelle"),
    "word": (lambda: files.archive({"word/document.xml": "<x/>"}), "keine Tabelle"),
    "web page": (lambda: b"<!DOCTYPE html><html><table></table></html>", "keine Tabelle"),
    "prose": (lambda: b"Ein Satz.\nNoch ein Satz.\n", "keine Spalten"),
    "nothing": (lambda: b"", "keine Zeilen"),
    "only empty cells": (lambda: b";;;\r\n;;;\r\n", "keine Zeilen"),
    "truncated": (lambda: files.xlsx([HEADER, ROW])[:-800], "beschädigt"),
    "damaged inside": (
        lambda: files.with_part(files.xlsx([HEADER]), "xl/workbook.xml", b"<wor"),
        "beschädigt|keine Zeilen",
    ),
    "password": (lambda: files.with_password(), "Passwort"),
    "password of ods": (lambda: files.ods([HEADER], encrypted=True), "Passwort"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "alten Excel-Format"),
    "bomb": (lambda: files.bomb(), "stark gepackt"),
    "bomb that lies": (lambda: files.lying_bomb(), "beschädigt|stark gepackt|zu viel Speicher"),
    "entities": (lambda: files.entities(), "Befehle"),
    "cells far apart": (lambda: files.far_away(), "zu viel Speicher|mehr als 60 Spalten"),
    "1,000 columns": (lambda: files.xlsx([["x"] * 1000] * 2), "mehr als 60 Spalten"),
    "1,000 columns of csv": (lambda: files.csv([["x"] * 1000] * 2), "mehr als 60 Spalten"),
    "10,000 columns of csv": (lambda: files.csv([["x"] * 10_000] * 2), "mehr als 60 Spalten"),
    "21,000 rows": (
        lambda: files.csv([HEADER, *[["1.3.2022", "x", "9"]] * 21_000]),
        "mehr als 20.000 Zeilen",
    ),
    "a cell of 5 MB": (lambda: files.csv([HEADER, ["x" * 5_000_000, "y"]]), "beschädigt"),
    "10 MB": (lambda: b"x" * (10 * 1024 * 1024 + 1), "größer als 10 Megabyte"),
    "zeros": (lambda: bytes(5000), "keine Zeilen"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_no_table_gets_a_sentence(name: str) -> None:
    made, sentence = REFUSED[name]
    data = made()
    with pytest.raises(SpreadsheetRefused, match=sentence):
        read_spreadsheet(data)


def test_huge_cell_is_cut_beyond_every_limit() -> None:
    found = read_spreadsheet(files.xlsx([HEADER, ["1.3.2022", "x" * 32_000]]))
    assert len(found.lines[1].cells[1]) == 12_000


# --- what the columns mean


@pytest.mark.parametrize(
    ("headers", "targets"),
    [
        (HEADER, ["day", "title", "minutes", "kind", "field"]),
        (["Datum:", "TÄTIGKEIT", "Std.", "Bemerkung"], ["day", "title", "hours", "description"]),
        (["Tag", "Thema", "Dauer", "Stunden"], ["day", "title", "minutes", ""]),
        (["Dauer (Std)", "Ort", "Artikel", "Datum", "Datum"], ["hours", "place", "", "day", ""]),
        (["Ergebnis der Prüfung", "Ergebnis", "Anzahl Personen"], ["", "result", "people_reached"]),
    ],
)
def test_headers_are_recognised(headers: list[str], targets: list[str]) -> None:
    assert guess_targets(headers) == targets


def test_columns_show_values_and_words() -> None:
    rows = [[*ROW[:3], word] for word in ("Ortstermin", "Begehung", "Ortstermin", "")]
    described = describe_columns(read_spreadsheet(files.xlsx([HEADER[:4], *rows])))
    assert described[3] == {
        "header": "Art",
        "samples": ["Ortstermin", "Begehung"],
        "words": ["Ortstermin", "Begehung"],
        "first": ["Ortstermin", "Begehung", "Ortstermin"],
        "is_hidden": False,
        "has_bare_hours": False,
    }


# --- formulas that have no result, signs that nobody sees


def test_formulas_without_a_result_are_named_in_xlsx() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Liste")
        page.write_row("B2", ["Datum", "Titel", "Dauer", "Personen"])
        page.write_row("B3", ["1.3.2022", "Begehung", 60])
        page.write_formula("E3", "=1/0", None, "#DIV/0!")
        page.write_formula("D4", "=NA()", None, "#N/A")
        page.write_formula("B4", "=C4+1", None, "")  # written by a program that does not reckon
        page.write_formula("C4", '=""', None, "Text")
        page.write_formula("C5", "=1+1", None, 2)
    found = read_spreadsheet(buffer.getvalue())
    assert [line.cells for line in found.lines] == [
        ["Datum", "Titel", "Dauer", "Personen"],
        ["1.3.2022", "Begehung", "60", "#DIV/0!"],
        ["#FORMEL", "Text", "#N/A", ""],
        ["", "2", "", ""],
    ]


def test_formulas_without_a_result_are_named_in_ods() -> None:
    failed = (
        '<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p>'
        '</table:table-cell><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    data = files.ods([["Datum", "Titel", "Dauer"], ["1", "2", "3"]])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        content = packed.read("content.xml").decode()
    content = content.replace(
        "</table:table></office:spreadsheet>",
        f'<table:table-row table:number-rows-repeated="3"/><table:table-row>{failed}</table:table-row>'
        "</table:table></office:spreadsheet>",
    ).replace(
        "xmlns:table=",
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:table=',
        1,
    )
    found = read_spreadsheet(files.with_part(data, "content.xml", content.encode()))
    assert (found.lines[-1].number, found.lines[-1].cells) == (6, ["x", "x", "#DIV/0!"])


@pytest.mark.parametrize("make", [files.xlsx, files.ods, files.csv])
def test_letters_come_composed(make: Callable[..., bytes]) -> None:
    decomposed = unicodedata.normalize("NFD", "Tätigkeit")
    found = read_spreadsheet(make([["Datum", decomposed], ["1.3.2022", decomposed]]))
    assert [line.cells for line in found.lines] == [["Datum", "Tätigkeit"], ["1.3.2022", "Tätigkeit"]]


def test_the_apostrophe_of_an_export_is_taken_off_again() -> None:
    texts = ["-Beratung", "=1+1", "+49 7031", "@alle", "'s war einmal", "'", "Karl's Café"]
    found = read_spreadsheet(to_csv(["Text", "Zahl"], ([text, 1] for text in texts)))
    assert [line.cells[0] for line in found.lines[1:]] == texts
