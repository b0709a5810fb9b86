"""Lines that are no entries: named, never stored silently, never an error."""

from __future__ import annotations

import pytest

from activities.imports.headings import IS_HEADER, IS_HEADING, IS_SUM, NOTHING, ONLY_NUMBERS, Above, no_entry

HEADER = ["Nr.", "Datum", "Titel", "Dauer", "Personen", "Bemerkung"]
TARGETS = ["", "day", "title", "minutes", "people_reached", "description"]


def said_of(*line: str) -> str:
    texts = [*line, *[""] * (len(HEADER) - len(line))]
    cells = {target: texts[n] for n, target in enumerate(TARGETS) if target}
    return no_entry(texts, cells, HEADER)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Januar 2026",
            "Januar",
            "Jan. 26",
            "März:",
            "1. Quartal 2026",
            "Q1 2026",
            "KW 12",
            "12. KW",
            "2026",
        ),
        *("01/2026", "II. Quartal", "1. Halbjahr", "Monat Mai", "Schulen", "Beratungen und Termine"),
    ],
)
def test_a_period_or_word_that_stands_alone_is_a_heading(text: str) -> None:
    assert said_of("", text) == IS_HEADING.format(text)


def test_a_heading_may_stand_in_any_column_and_with_its_hours() -> None:
    assert said_of("Januar 2026") == IS_HEADING.format("Januar 2026")
    assert said_of("", "", "Februar 2026") == IS_HEADING.format("Februar 2026")
    assert said_of("", "Januar 2026", "", "14:30", "12") == IS_HEADING.format("Januar 2026")


def test_what_a_spreadsheet_makes_of_a_month_is_one() -> None:
    assert said_of("", "01.01.2026") == IS_HEADING.format("1/2026")
    assert said_of("", "01.01.2026", "", "60") == "", "an entry without its title"


@pytest.mark.parametrize(
    "text",
    [
        *("Summe", "Gesamt", "Zwischensumme", "Summe:", "SUMME JANUAR 2026", "Gesamt 2026", "Stunden gesamt"),
        *("Gesamtstunden", "Übertrag", "insgesamt", "Summe der Stunden im Januar", "Σ", "Monatssumme März"),
    ],
)
def test_a_sum_is_named(text: str) -> None:
    assert said_of("", text, "", "14:30") == IS_SUM.format(text)
    assert said_of("", "31.01.2026", text, "14:30") == IS_SUM.format(text), "as its title"
    assert said_of(text, "", "", "14:30") == IS_SUM.format(text), "in a column of its own"


def test_only_numbers_are_a_sum() -> None:
    assert said_of("", "", "", "14:30") == said_of("", "", "", "14:30", "25") == ONLY_NUMBERS
    assert said_of("", "", "", "", "25") == ""


def test_a_header_that_comes_again_and_a_row_with_its_number_only() -> None:
    assert said_of(*HEADER) == said_of("NR", *HEADER[1:]) == IS_HEADER
    assert said_of("15") == NOTHING


@pytest.mark.parametrize(
    "line",
    [
        ("1", "20.1.2026", "Gesamtelternbeirat", "60"),
        ("1", "20.1.2026", "Summe der Wünsche besprochen", "60"),
        ("1", "20.1.2026", "Januar", "60"),
        ("1", "20.1.2026", "Begehung", "60", "", "insgesamt"),
        ("1", "", "Begehung am Bahnhof", "60"),
        ("", "", "Begehung am Bahnhof"),
        ("1", "20.1.2026", "", "60"),
        ("", "20.1.2026"),
        ("", "3. Januar"),
        ("1", "irgendwann", "Begehung", "60"),
    ],
)
def test_an_entry_is_one_even_where_something_is_missing(line: tuple[str, ...]) -> None:
    assert said_of(*line) == ""


@pytest.mark.parametrize(
    ("headings", "day", "whole"),
    [
        (["Januar 2022"], "3.", "3.1.2022"),
        (["Januar 2022"], "3", "3.1.2022"),
        (["Januar 2022"], "3.1.", "3.1.2022"),
        (["Januar 2022"], "Mo, 3.1.", "Mo, 3.1.2022"),
        (["Jan. 22"], "3.", "3.1.2022"),
        (["01/2022"], "3.", "3.1.2022"),
        (["01.01.2022"], "3.", "3.1.2022"),
        (["2022", "März"], "17.", "17.3.2022"),
        (["2022"], "17.3.", "17.3.2022"),
        (["März"], "17.", "17.3."),
        (["Januar 2022"], "3.2.", "3.2."),
        (["Januar 2022"], "3.1.2021", "3.1.2021"),
        (["Januar 2022"], "gestern", "gestern"),
        (["Januar 2022"], "", ""),
        (["Schulen", "1. Quartal 2022", "KW 12"], "3.", "3."),
        ([], "3.1.", "3.1."),
    ],
)
def test_a_heading_completes_the_dates_below_it(headings: list[str], day: str, whole: str) -> None:
    above = Above()
    for text in headings:
        above.hear(["", text])
    assert above.complete(day) == whole
