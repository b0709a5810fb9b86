"""Days off in Baden-Württemberg, for any year. School holidays follow their usual pattern, not each year's order."""

from __future__ import annotations

import datetime as dt
from functools import cache

DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Easter Sunday (Gregorian, the formula of Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + i - 7 * ((a + 11 * h + 22 * i) // 451) + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[dt.date]:
    """Days on which no town hall works, those between the years with them."""
    fixed = ((1, 1), (1, 2), (1, 6), (5, 1), (10, 3), (11, 1), *((12, day) for day in range(23, 32)))
    moving = (-2, 0, 1, 39, 50, 60)  # Good Friday, Easter, Ascension, Whit Monday, Corpus Christi
    return frozenset(
        [
            *(dt.date(year, month, day) for month, day in fixed),
            *(easter(year) + n * DAY for n in moving),
        ]
    )


@cache
def is_holiday(day: dt.date) -> bool:
    return day in holidays(day.year)


@cache
def is_school_holiday(day: dt.date) -> bool:
    return any(start <= day <= end for start, end in _school_holidays(day.year))


@cache
def _school_holidays(year: int) -> list[tuple[dt.date, dt.date]]:
    sunday = easter(year)
    all_saints = dt.date(year, 11, 1)
    july = max(dt.date(year, 7, day) for day in range(25, 32) if dt.date(year, 7, day).weekday() == 3)
    return [
        (dt.date(year, 1, 1), dt.date(year, 1, 8)),
        (sunday - 48 * DAY, sunday - 44 * DAY),  # the week of carnival
        (sunday - 3 * DAY, sunday + 6 * DAY),
        (sunday + 50 * DAY, sunday + 62 * DAY),
        (july, july + 45 * DAY),
        (all_saints - all_saints.weekday() * DAY, all_saints + (6 - all_saints.weekday()) * DAY),
        (dt.date(year, 12, 23), dt.date(year, 12, 31)),
    ]


def working_day(day: dt.date) -> dt.date:
    """The first day from `day` on that is neither a holiday nor at a weekend."""
    while is_holiday(day) or day.weekday() > 4:
        day += DAY
    return day


def working_day_before(day: dt.date) -> dt.date:
    """The last working day before `day`."""
    day -= DAY
    while is_holiday(day) or day.weekday() > 4:
        day -= DAY
    return day
