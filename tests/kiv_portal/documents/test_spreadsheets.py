"""A sheet as a program finds it: what stands in each cell, and what keeps a long table readable."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from python_calamine import CalamineWorkbook

from kiv_portal.documents import spreadsheets
from kiv_portal.documents.spreadsheets import Heading, csv_stream, ods_stream, to_csv, xlsx_file

HEADINGS = [
    Heading("Tag", "Wann es war.", "date", width=12),
    Heading("Titel", "Was es war.", width=30),
    Heading("Minuten", "Wie lange.", "integer"),
    Heading("Stunden", "Dasselbe.", "number"),
]
DAY = dt.date(2022, 3, 1)
ROWS = [[DAY, "Begehung", 90, 1.5], [None, "", None, None], [DAY, "=1+1\r\nzwei\x01", 0, 0.25]]


@pytest.fixture
def xlsx() -> bytes:
    with xlsx_file(HEADINGS, ROWS, sheet="Liste", notes=["Stand: heute"]) as file:
        return file.read()


def part(xlsx: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        return archive.read(f"xl/{name}").decode()


def test_cells_keep_their_types(xlsx: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    assert book.sheet_names == ["Liste", "Erklärung"]
    assert book.get_sheet_by_name("Liste").to_python() == [
        ["Tag", "Titel", "Minuten", "Stunden"],
        [DAY, "Begehung", 90, 1.5],
        ["", "", "", ""],
        [DAY, "=1+1\nzwei\ufffd", 0, 0.25],
    ]
    assert book.get_sheet_by_name("Erklärung").to_python() == [
        ["Spalte", "Bedeutung"],
        ["Tag", "Wann es war."],
        ["Titel", "Was es war."],
        ["Minuten", "Wie lange."],
        ["Stunden", "Dasselbe."],
        ["", "Stand: heute"],
    ]


def test_the_header_stays_in_sight_and_filters_the_whole_table(xlsx: bytes) -> None:
    sheet = part(xlsx, "worksheets/sheet1.xml")
    assert re.findall(r"<pane [^>]*>", sheet) == [
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    ]
    assert re.findall(r"<autoFilter [^>]*>", sheet) == ['<autoFilter ref="A1:D4"/>']
    columns = re.findall(r'<col min="(\d)" max="(\d)" width="(\d+)', sheet)
    assert columns == [("1", "1", "12"), ("2", "2", "30"), ("3", "4", "16")]
    assert [
        width
        for *_, width in re.findall(
            r'<col min="(\d)" max="(\d)" width="(\d+)', part(xlsx, "worksheets/sheet2.xml")
        )
    ] == ["28", "100"]
    styles = part(xlsx, "styles.xml")
    assert 'formatCode="dd.mm.yyyy"' in styles
    assert "<b/>" in styles
    assert '<alignment vertical="top" wrapText="1"/>' in styles
    assert re.findall(r'<c r="A\d" s="(\d)"', sheet) == ["1", "2", "2"]  # bold, and the days


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 4)
    xlsx_file(HEADINGS, [*ROWS, ROWS[0]], sheet="Liste").close()
    with pytest.raises(ValueError, match=r"^more than 4 rows$"):
        xlsx_file(HEADINGS, [*ROWS, *ROWS], sheet="Liste")


def test_a_csv_comes_in_parts_with_german_numbers_and_no_formula() -> None:
    parts = list(csv_stream(HEADINGS, ROWS))
    assert b"".join(parts).decode() == (
        "\ufeffTag;Titel;Minuten;Stunden\r\n"
        "01.03.2022;Begehung;90;1,5\r\n"
        ";;;\r\n"
        '01.03.2022;"\'=1+1\nzwei\ufffd";0;0,25\r\n'
    )
    many = list(csv_stream(HEADINGS[1:2], ([f"{number}"] for number in range(1001))))
    assert [len(part.splitlines()) for part in many] == [1, 500, 500, 1]


def test_the_first_rows_leave_before_the_last_is_read() -> None:
    def rows() -> Iterator[list[str]]:
        yield from ([f"{number}"] for number in range(500))
        raise AssertionError("read too far")

    stream = csv_stream(HEADINGS[1:2], rows())
    assert next(stream).decode() == "\ufeffTitel\r\n"
    assert next(stream).startswith(b"0\r\n1\r\n")


def test_an_ods_holds_the_same_cells() -> None:
    data = b"".join(ods_stream(HEADINGS, ROWS, sheet="Liste", notes=["Stand: heute"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Liste", "Erklärung"]
    assert book.get_sheet_by_name("Liste").to_python() == [
        ["Tag", "Titel", "Minuten", "Stunden"],
        [DAY, "Begehung", 90, 1.5],
        ["", "", "", ""],
        [DAY, "=1+1\nzwei\ufffd", 0, 0.25],
    ]
    assert book.get_sheet_by_name("Erklärung").to_python()[1] == ["Tag", "Wann es war."]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_runs_as_a_formula(sign: str) -> None:
    header, row = to_csv(["a", "b"], [[f"{sign}1", None]]).decode().split("\r\n", 1)
    assert header == "\ufeffa;b"
    assert row.strip('"').startswith(f"'{sign}1")


def test_a_small_table_is_written_at_once() -> None:
    assert to_csv(["Tag", "Zahl"], [[DAY, 3], ["a;b", -3]]).decode() == (
        '\ufeffTag;Zahl\r\n01.03.2022;3\r\n"a;b";-3\r\n'
    )
