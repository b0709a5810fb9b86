"""Which column means what, and what is shown of each."""

from __future__ import annotations

import pytest

from activities.imports.columns import (
    describe_columns,
    folded,
    guess_target,
    guess_targets,
    header_line,
)
from kiv_portal.uploads.spreadsheet import Line, Spreadsheet


def lines(*rows: list[str]) -> list[Line]:
    return [Line(number, cells) for number, cells in enumerate(rows, start=1)]


def described(*rows: list[str]) -> list[dict[str, object]]:
    return describe_columns(Spreadsheet(kind="csv", lines=lines(*rows)))


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Datum", "day"),
        ("  DATUM:* ", "day"),
        ("Datum der Begehung", "day"),
        ("Datumsangabe", ""),  # another word
        ("Titel", "title"),
        ("Stunden", "hours"),
        ("Fahrzeit", "travel_minutes"),
        ("Handlungsfeld", "field"),
        ("Weitere Handlungsfelder", "further_fields"),
        ("Ergebnis", "result"),
        ("Ergebnis der Prüfung", ""),  # what the portal itself has added
        ("ergebnis der  prüfung.", ""),
        ("Ergebnis der Prüfung vor Ort", "result"),
        ("", ""),
        ("Farbe", ""),
    ],
)
def test_what_a_header_means(header: str, target: str) -> None:
    assert guess_target(header) == target


def test_for_comparing_case_spaces_and_the_last_sign_do_not_count() -> None:
    assert folded("  Titel \t der\nAktivität .:* ") == "titel der aktivität"
    assert folded("a.b:c") == "a.b:c"


@pytest.mark.parametrize(
    ("headers", "targets"),
    [
        (["Datum", "Tag", "Titel"], ["day", "", "title"]),
        (["Dauer", "Stunden"], ["minutes", ""]),
        (["Stunden", "Dauer"], ["hours", ""]),
        (["Stunden", "Titel", "Fahrzeit"], ["hours", "title", "travel_minutes"]),
        (["?", "?"], ["", ""]),
    ],
)
def test_no_field_twice_and_one_duration(headers: list[str], targets: list[str]) -> None:
    assert guess_targets(headers) == targets


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["Datum", "Titel"], ["1.3.2022", "Begehung"]], 0),
        ([["Liste von Vera", ""], ["Datum", "Titel"], ["1.3.2022", "x"]], 1),
        ([["Titel", "x"], ["Datum", "Titel"], ["Datum", "Titel"]], 1),  # the first of the best
        ([["Liste", ""], ["", ""], ["a", "b"], ["c", "d"]], 2),  # none known: the first with two words
        ([["Liste", ""], ["", "x"]], 0),
        ([["x", "y"]] * 19 + [["Datum", "Titel"]], 19),
        ([["x", "y"]] * 20 + [["Datum", "Titel"]], 0),  # too far below
    ],
)
def test_the_line_that_names_the_columns(rows: list[list[str]], at: int) -> None:
    assert header_line(lines(*rows)) == at


def test_each_column_with_its_first_values_and_its_words() -> None:
    found = described(
        ["Liste", "", ""],
        ["Datum", "Art", ""],
        ["1.3.2022", "Beratung", "x" * 61],
        ["", "Begehung", "x" * 60 + "y"],
        ["2.3.2022", "Beratung", ""],
        ["1.3.2022", "", ""],
        ["4.3.2022", "Ortstermin", ""],
        ["5.3.2022", "Sprechstunde", ""],
    )
    assert found == [
        {
            "header": "Datum",
            "samples": ["1.3.2022", "2.3.2022", "4.3.2022"],
            "words": ["1.3.2022", "2.3.2022", "4.3.2022", "5.3.2022"],
            "first": ["1.3.2022", "", "2.3.2022"],
            "is_hidden": False,
            "has_bare_hours": False,
        },
        {
            "header": "Art",
            "samples": ["Beratung", "Begehung", "Ortstermin"],
            "words": ["Beratung", "Begehung", "Ortstermin", "Sprechstunde"],
            "first": ["Beratung", "Begehung", "Beratung"],
            "is_hidden": False,
            "has_bare_hours": False,
        },
        {
            "header": "Spalte 3",
            "samples": ["x" * 60, "x" * 60],
            "words": [],
            "first": ["x" * 60, "x" * 60, ""],
            "is_hidden": False,
            "has_bare_hours": False,
        },
    ]


def test_a_column_with_very_many_words_is_text() -> None:
    def words(number: int) -> object:
        return described(["Datum", "Art"], *(["1.3.2022", f"Wort {n}"] for n in range(number)))[1]["words"]

    assert words(40) == [f"Wort {number}" for number in range(40)]
    assert words(41) == []


def test_a_long_word_is_nothing_to_choose_and_a_long_header_is_cut() -> None:
    (first, second) = described(["Datum " + "x" * 99, "Titel"], ["a" * 60, "b"], ["c", "d" * 61])
    assert first["header"] == "Datum " + "x" * 74
    assert first["words"] == ["a" * 60, "c"]
    assert second["words"] == []
    assert second["samples"] == ["b", "d" * 60]
