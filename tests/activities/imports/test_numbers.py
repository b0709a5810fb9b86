"""Computed durations and amounts: rounded with a hint, and asked about where they mean two things."""

from __future__ import annotations

import pytest

from activities.imports.numbers import Reading, duration_of, euros_of
from activities.imports.remarks import Refused


def read(text: str, bare_is: str = "") -> Reading:
    return duration_of(text, "Dauer", bare_is=bare_is, target="minutes")


@pytest.mark.parametrize(
    ("text", "unit", "minutes", "hint"),
    [
        ("0,3333333333", "Stunden", 20, "Die Dauer „0,3333333333“ runden wir auf 20 Minuten."),
        ("0.3333333333", "", 20, "Die Dauer „0.3333333333“ lesen wir als Stunden, gerundet: 20 Minuten."),
        ("0,33", "Stunden", 20, "Die Dauer „0,33“ runden wir auf 20 Minuten."),
        ("0,333 Std.", "", 20, "Die Dauer „0,333 Std.“ runden wir auf 20 Minuten."),
        ("19,8 min", "", 20, "Die Dauer „19,8 min“ runden wir auf 20 Minuten."),
        ("0,0166666667", "Stunden", 1, "Die Dauer „0,0166666667“ runden wir auf 1 Minute."),
        ("1,25", "Stunden", 75, ""),
        ("1,5", "", 90, "Die Dauer „1,5“ lesen wir als Stunden: 90 Minuten."),
        ("1,50", "", 90, "Die Dauer „1,50“ lesen wir als Stunden: 90 Minuten."),
        ("1:29:45", "", 89, ""),
    ],
)
def test_what_was_made_of_a_duration_is_said(text: str, unit: str, minutes: int, hint: str) -> None:
    found = read(text, unit)
    assert (found.value, found.hint, found.question) == (minutes, hint, "")


def test_a_dot_that_may_be_a_colon_is_asked_about() -> None:
    found = read("1,30")
    assert (found.value, found.choices) == (78, ("1 Stunde 30 Minuten", "1 Stunde 18 Minuten"))
    assert found.question == "Die Dauer „1,30“: Meinen Sie 1 Stunde 30 Minuten oder 1,30 Stunden?"
    assert [read(choice).value for choice in found.choices] == [90, 78]


def test_so_it_is_with_its_unit() -> None:
    assert read("1,30 Std.").choices == ("1 Stunde 30 Minuten", "1 Stunde 18 Minuten")


def test_what_is_unclear_offers_what_it_may_mean() -> None:
    with pytest.raises(Refused) as refused:
        read("2")
    assert (refused.value.target, refused.value.choices) == ("minutes", ("2 Stunden", "2 Minuten"))


@pytest.mark.parametrize(
    ("text", "cents", "hint"),
    [
        ("4,655", 466, "Den Betrag „4,655“ runden wir auf 4,66 Euro."),
        ("4,654", 465, "Den Betrag „4,654“ runden wir auf 4,65 Euro."),
        ("4,650", 465, ""),
        ("1.234,567 €", 123457, "Den Betrag „1.234,567 €“ runden wir auf 1.234,57 Euro."),
        ("4.6551", 466, "Den Betrag „4.6551“ runden wir auf 4,66 Euro."),
        ("0,3333333333", 33, "Den Betrag „0,3333333333“ runden wir auf 0,33 Euro."),
        ("4,50", 450, ""),
        ("4.5", 450, ""),
        ("12 Euro", 1200, ""),
        ("1.200,50", 120050, ""),
    ],
)
def test_an_amount_of_many_places_is_rounded(text: str, cents: int, hint: str) -> None:
    found = euros_of(text)
    assert found is not None
    assert (found.value, found.hint, found.question) == (cents, hint, "")


@pytest.mark.parametrize(
    ("text", "cents", "choices"),
    [
        ("4.655", 465500, ("4.655,00 Euro", "4,66 Euro")),
        ("10.000", 1000000, ("10.000,00 Euro", "10,00 Euro")),
        ("12.345", 1235, ("12.345,00 Euro", "12,35 Euro")),
    ],
)
def test_thousands_or_places_is_asked(text: str, cents: int, choices: tuple[str, ...]) -> None:
    found = euros_of(text)
    assert found is not None
    assert (found.value, found.choices) == (cents, choices)
    assert found.question == f"Der Betrag „{text}“: Meinen Sie {choices[0]} oder {choices[1]}?"
    clear = [euros_of(choice) for choice in choices]
    assert all(one and not one.question and not one.hint for one in clear)


@pytest.mark.parametrize("text", ["teuer", "-4,50", "4,5,5", "1,234.50", "12345678901", "4" * 5000])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert euros_of(text) is None
