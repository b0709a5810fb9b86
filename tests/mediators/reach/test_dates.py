"""Rules of consultation hours as days: what people say, and what falls out or is moved. No database."""

from __future__ import annotations

import datetime as dt

import pytest

from mediators.models import VisitingChange, VisitingHours
from mediators.reach.dates import FAR, dates_from, is_planned, next_dates, planned_days
from mediators.reach.words import rule_in_words, times_in_words

TODAY = dt.date(2026, 11, 29)  # a Sunday


def hours(rhythm: str = "weekly", weekday: int = 2, **values: object) -> VisitingHours:
    usual = {"starts_on": dt.date(2026, 1, 1), "starts_at": dt.time(15), "ends_at": dt.time(17)}
    return VisitingHours(rhythm=rhythm, weekday=weekday, **usual | values)


def first_days(row: VisitingHours, number: int = 3, day: dt.date = TODAY) -> list[str]:
    found = planned_days(row, day, day + dt.timedelta(days=FAR))
    return [f"{day:%d.%m.%Y}" for _, day in zip(range(number), found, strict=False)]


@pytest.mark.parametrize(
    ("rhythm", "weekday", "days"),
    [
        ("weekly", 2, ["01.12.2026", "08.12.2026", "15.12.2026"]),
        ("weekly", 7, ["29.11.2026", "06.12.2026", "13.12.2026"]),  # today is one of them
        ("fortnightly", 2, ["08.12.2026", "22.12.2026", "05.01.2027"]),  # counted from 6 January 2026
        ("first", 2, ["01.12.2026", "05.01.2027", "02.02.2027"]),
        ("second", 4, ["10.12.2026", "14.01.2027", "11.02.2027"]),
        ("third", 1, ["21.12.2026", "18.01.2027", "15.02.2027"]),
        ("fourth", 3, ["23.12.2026", "27.01.2027", "24.02.2027"]),
        ("last", 1, ["30.11.2026", "28.12.2026", "25.01.2027"]),
        ("last", 4, ["31.12.2026", "28.01.2027", "25.02.2027"]),
        ("last", 7, ["29.11.2026", "27.12.2026", "31.01.2027"]),
    ],
)
def test_days_of_a_rule(rhythm: str, weekday: int, days: list[str]) -> None:
    assert first_days(hours(rhythm, weekday)) == days


def test_a_term_bounds_its_days() -> None:
    row = hours(starts_on=dt.date(2026, 12, 10), ends_on=dt.date(2026, 12, 22))
    assert first_days(row) == ["15.12.2026", "22.12.2026"]
    once = hours("once", 4, starts_on=dt.date(2026, 12, 10), ends_on=dt.date(2026, 12, 10))
    assert first_days(once) == ["10.12.2026"]
    assert first_days(hours(ends_on=TODAY - dt.timedelta(days=1))) == []


def test_days_at_the_end_of_all_calendars_end_quietly() -> None:
    for rhythm in ("weekly", "first", "last"):
        assert first_days(hours(rhythm, starts_on=dt.date(9999, 12, 30))) == []


def test_only_days_of_the_rule_can_be_changed() -> None:
    assert is_planned(hours(), dt.date(2026, 12, 1))
    assert not is_planned(hours(), dt.date(2026, 12, 2))


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        ("weekly", "Jeden Dienstag, 15 bis 17 Uhr"),
        ("fortnightly", "Alle zwei Wochen am Dienstag, 15 bis 17 Uhr"),
        ("first", "Jeden ersten Dienstag im Monat, 15 bis 17 Uhr"),
        ("last", "Jeden letzten Dienstag im Monat, 15 bis 17 Uhr"),
        ("once", "Nur am Donnerstag, 1.\xa0Januar\xa02026, 15 bis 17 Uhr"),
    ],
)
def test_rules_in_words(rhythm: str, words: str) -> None:
    assert rule_in_words(hours(rhythm)) == words


def test_times_in_words() -> None:
    assert times_in_words(dt.time(9, 30), dt.time(12)) == "9:30 bis 12 Uhr"


def off(day: dt.date) -> VisitingChange:
    return VisitingChange(day=day, note="Ferien")


def moved(day: dt.date, to: dt.date) -> VisitingChange:
    return VisitingChange(day=day, moved_to=to, starts_at=dt.time(16), ends_at=dt.time(18))


def shown(changes: list[VisitingChange], number: int = 3, **values: object) -> list[tuple[int, bool, bool]]:
    """(day of December, falls out, is moved)"""
    dates = dates_from(hours(**values), changes, TODAY, until=TODAY + dt.timedelta(days=33))
    return [(date.day.day, date.falls_out, date.is_moved) for date in next_dates(dates, number)]


def december(day: int) -> dt.date:
    return dt.date(2026, 12, day)


def test_what_falls_out_is_told_beside_three_that_take_place() -> None:
    assert shown([off(december(8))]) == [
        (1, False, False),
        (8, True, False),
        (15, False, False),
        (22, False, False),
    ]


def test_what_is_moved_stands_on_its_new_day() -> None:
    assert shown([moved(december(1), december(10))]) == [
        (8, False, False),
        (10, False, True),
        (15, False, False),
    ]
    # its usual day is over
    assert shown([moved(dt.date(2026, 11, 24), december(3))])[1] == (3, False, True)


def test_an_exception_of_a_day_that_is_none_any_more_says_nothing() -> None:
    assert shown([off(december(2)), moved(dt.date(2026, 11, 25), december(3))]) == [
        (1, False, False),
        (8, False, False),
        (15, False, False),
    ]


def test_where_all_fall_out_that_is_told() -> None:
    all_of_them = [off(december(day)) for day in (1, 8, 15, 22, 29)]
    assert shown(all_of_them) == [(day, True, False) for day in (1, 8, 15, 22, 29)]
