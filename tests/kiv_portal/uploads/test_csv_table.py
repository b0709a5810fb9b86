"""CSV as it is found: separators, quotation marks nobody closed, encodings."""

import time

import pytest

from kiv_portal.uploads.spreadsheet import SpreadsheetRefused, read_spreadsheet


def cells(text: str, separator: str = "") -> list[list[str]]:
    return [line.cells for line in read_spreadsheet(text.encode(), separator=separator).lines]


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_each_separator_is_found(sign: str) -> None:
    found = read_spreadsheet(
        sign.join(("Datum", "Titel", "Dauer")).encode() + b"\n" + sign.join("123").encode()
    )
    assert (found.separator, found.lines[1].cells) == (sign, ["1", "2", "3"])


def test_the_separator_that_the_person_names_is_taken() -> None:
    text = "Datum;Titel, Ort\n1.3.2022;Begehung, Rathaus\n"
    assert cells(text)[1] == ["1.3.2022", "Begehung, Rathaus"]
    assert cells(text, ",")[1] == ["1.3.2022;Begehung", "Rathaus"]
    with pytest.raises(SpreadsheetRefused, match="Mit diesem Trennzeichen finden wir keine Spalten"):
        cells(text, "|")


def test_the_first_line_may_say_it() -> None:
    found = read_spreadsheet(b"sep=|\r\nDatum|Titel; mehr\r\n1|2; 3; 4\r\n")
    assert (found.separator, [line.number for line in found.lines]) == ("|", [2, 3])


OPEN = (
    "Datum;Titel;Dauer\r\n"
    '1.3.2022;"Begehung;30\r\n'
    '2.3.2022;Monitor 24";45\r\n'
    '3.3.2022;"Gut leben" besucht;60\r\n'
    '4.3.2022;"zwei\r\nZeilen; und ""mehr""";5\r\n'
)


def test_an_open_quotation_mark_names_its_row_and_swallows_nothing() -> None:
    found = read_spreadsheet(OPEN.encode())
    assert [line.cells for line in found.lines[1:]] == [
        ["1.3.2022", '"Begehung', "30"],
        ["2.3.2022", 'Monitor 24"', "45"],
        ["3.3.2022", '"Gut leben" besucht', "60"],
        ["4.3.2022", 'zwei\r\nZeilen; und "mehr"', "5"],
    ]
    assert [line.open_quotes for line in found.lines[1:]] == [[1], [], [], []]


def test_in_the_last_column_and_at_the_very_end() -> None:
    found = read_spreadsheet(b'Datum;Titel;Ort\n1;a;"Rathaus\n2;b;c\n3;d;"e"\n4;"f;g')
    assert [(line.cells, line.open_quotes) for line in found.lines[1:]] == [
        (["1", "a", '"Rathaus'], [2]),
        (["2", "b", "c"], []),
        (["3", "d", "e"], []),
        (["4", '"f', "g"], [1]),
    ]


def test_a_text_of_several_lines_stays_one() -> None:
    text = 'Datum;Titel;Ort\n1;a;"erste\nzweite; dritte\n"\n2;b;c\n'
    assert cells(text)[1:] == [["1", "a", "erste\nzweite; dritte"], ["2", "b", "c"]]


@pytest.mark.parametrize("row", ['1;"x;5\n', '1;"' + "x" * 400 + ";5\n", '1;"' + '""' * 90 + "x;5\n"])
def test_many_open_marks_take_no_longer(row: str) -> None:
    begun = time.process_time()
    found = read_spreadsheet(b"a;b;c\n" + row.encode() * 15_000)
    assert len(found.lines) == 15_001
    assert time.process_time() - begun < 5  # the child's own limit is 25


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Dauer;Größe\n1;ß\n".encode("utf-8-sig"), "utf-8"),
        ("Dauer;Größe\n1;ß\n".encode("utf-16"), "utf-16"),
        ("Dauer;Größe\n1;ß\n".encode("cp1252"), "cp1252"),
    ],
)
def test_umlauts_come_out_of_each_encoding(data: bytes, encoding: str) -> None:
    found = read_spreadsheet(data)
    assert (found.encoding, found.lines[0].cells, found.lines[1].cells) == (
        *(encoding, ["Dauer", "Größe"], ["1", "ß"]),
    )
