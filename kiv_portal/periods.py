"""Spans of days, and arithmetic with months: one definition for agreements, reports, figures and pages."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

ONE_DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """From `start` to `end`, both days included."""

    start: dt.date
    end: dt.date

    @property
    def value(self) -> str:
        """As it stands in addresses and forms: "2021-10-01_2022-09-30"."""
        return f"{self.start:%Y-%m-%d}_{self.end:%Y-%m-%d}"

    @classmethod
    def from_value(cls, text: str) -> Period:
        """Raises ValueError for anything that is no period."""
        start, end = (dt.date.fromisoformat(part) for part in text.split("_"))
        if end < start:
            raise ValueError(text)
        return cls(start, end)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def years_before(self, years: int) -> Period:
        """The same days so many years earlier."""
        return Period(
            add_months(self.start, -12 * years), add_months(self.end + ONE_DAY, -12 * years) - ONE_DAY
        )


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last one of that month: 31 January + 1 is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def last_day_of_months(first: dt.date, months: int) -> dt.date:
    """The last day of a span of so many months that begins with the day `first`.

    § 188 (2), (3) BGB: the day before the one that corresponds to `first`, and where that month has no such day, its
    last. So twelve months from 29 February 2024 end on 28 February 2025, six from 31 March on 30 September.
    """
    if first.day == 1:
        return add_months(first, months) - ONE_DAY
    return add_months(first - ONE_DAY, months)


def months_between(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The first day of every month from that of `start` to that of `end`."""
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = add_months(month, 1)


def last_twelve_months(today: dt.date) -> Period:
    """This month so far and the eleven before it."""
    return Period(add_months(today.replace(day=1), -11), today)
