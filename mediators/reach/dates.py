"""The dates of consultation hours: rules as days, with what falls out and what is moved. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mediators.reach.models import Rhythm, VisitingChange, VisitingHours
from mediators.reach.words import Rule, day_in_words, times_in_words

WEEK = dt.timedelta(days=7)
STEPS = {Rhythm.WEEKLY: WEEK, Rhythm.FORTNIGHTLY: 2 * WEEK, Rhythm.ONCE: WEEK}
PLACES = {Rhythm.FIRST: 1, Rhythm.SECOND: 2, Rhythm.THIRD: 3, Rhythm.FOURTH: 4}
FAR = (
    400  # days that are looked ahead: a monthly hour has its next three dates within them, whatever falls out
)


@dataclass(frozen=True)
class VisitingDate:
    """One date: `planned_on` by its rule, `day` as it is. `falls_out`: nobody is there."""

    hours: VisitingHours
    planned_on: dt.date
    day: dt.date
    starts_at: dt.time
    ends_at: dt.time
    falls_out: bool = False
    note: str = ""

    @property
    def is_moved(self) -> bool:
        usual = (self.planned_on, self.hours.starts_at, self.hours.ends_at)
        return (self.day, self.starts_at, self.ends_at) != usual

    @property
    def on(self) -> str:
        return day_in_words(self.day)

    @property
    def instead_of(self) -> str:
        return day_in_words(self.planned_on)

    @property
    def times(self) -> str:
        return times_in_words(self.starts_at, self.ends_at)


def planned_days(hours: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days of the rule from `first` to `last`, within its own term, in order."""
    last = min(last, hours.ends_on or last)
    if hours.starts_on > last:
        return
    for day in _by_week(hours, first) if hours.rhythm in STEPS else _by_month(hours, first):
        if day > last:
            return
        yield day


def _by_week(hours: Rule, first: dt.date) -> Iterator[dt.date]:
    day, step = first_day(hours), STEPS[Rhythm(hours.rhythm)]
    if first > day:
        day += step * -((day - first) // step)
    while True:
        yield day
        day += step


def first_day(hours: Rule) -> dt.date:
    """The first of its weekday from the beginning of its term on."""
    return hours.starts_on + dt.timedelta(days=(hours.weekday - hours.starts_on.isoweekday()) % 7)


def _by_month(hours: Rule, first: dt.date) -> Iterator[dt.date]:
    first = max(first, hours.starts_on)
    month = first.replace(day=1)
    while True:
        after = (month + dt.timedelta(days=31)).replace(day=1)
        if hours.rhythm == Rhythm.LAST:
            day = after - dt.timedelta(days=(after.isoweekday() - hours.weekday - 1) % 7 + 1)
        else:
            to_first = (hours.weekday - month.isoweekday()) % 7
            day = month + dt.timedelta(days=to_first + 7 * (PLACES[Rhythm(hours.rhythm)] - 1))
        if day >= first:
            yield day
        month = after


def dates_from(
    hours: VisitingHours, changes: Iterable[VisitingChange], day: dt.date, *, until: dt.date
) -> list[VisitingDate]:
    """What takes place or falls out from `day` to `until`, by day. A date that is moved stands on its new day."""
    changed = {change.day: change for change in changes}
    moved_here = (on for on, change in changed.items() if change.moved_to and on < day)
    days = {*planned_days(hours, day, until), *(on for on in moved_here if is_planned(hours, on))}
    found = [_date(hours, on, changed.get(on)) for on in days]
    return sorted((date for date in found if day <= date.day <= until), key=_when)


def is_planned(hours: VisitingHours, day: dt.date) -> bool:
    return any(planned_days(hours, day, day))


def _when(date: VisitingDate) -> tuple[dt.date, dt.time]:
    return date.day, date.starts_at


def _date(hours: VisitingHours, planned_on: dt.date, change: VisitingChange | None) -> VisitingDate:
    usual = (hours, planned_on, planned_on, hours.starts_at, hours.ends_at)
    if change is None:
        return VisitingDate(*usual)
    if change.moved_to is None or change.starts_at is None or change.ends_at is None:
        return VisitingDate(*usual, falls_out=True, note=change.note)
    return VisitingDate(
        hours, planned_on, change.moved_to, change.starts_at, change.ends_at, note=change.note
    )


def next_dates(dates: Iterable[VisitingDate], number: int) -> list[VisitingDate]:
    """The next `number` that take place, with what falls out before the last of them, by day.

    Where fewer are to come, all that is known.
    """
    found, left = [], number
    for date in sorted(dates, key=_when):
        if left == 0:
            break
        found.append(date)
        left -= not date.falls_out
    return found
