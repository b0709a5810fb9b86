"""Periods that a list offers by name. In an address stands the name, not the days: "Dieses Jahr" stays this year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiv_portal.periods import ONE_DAY, Period, add_months


@dataclass(frozen=True)
class QuickPeriod:
    label: str
    period: Period

    @property
    def days(self) -> str:
        return f"{self.period.start:%d.%m.%Y} bis {self.period.end:%d.%m.%Y}"


def quick_periods(today: dt.date, reported_until: dt.date | None) -> dict[str, QuickPeriod]:
    """{code: period}, none of it after today. `reported_until`: the end of the last report that all towns share."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    found = {
        "this_month": QuickPeriod("Dieser Monat", Period(month, today)),
        "last_month": QuickPeriod("Letzter Monat", Period(add_months(month, -1), month - ONE_DAY)),
        "this_year": QuickPeriod("Dieses Jahr", Period(year, today)),
        "last_year": QuickPeriod("Letztes Jahr", Period(add_months(year, -12), year - ONE_DAY)),
        "twelve_months": QuickPeriod("Letzte zwölf Monate", Period(_a_year_before(today) + ONE_DAY, today)),
    }
    if reported_until and reported_until < today:
        found["since_report"] = QuickPeriod(
            "Seit dem letzten Bericht", Period(reported_until + ONE_DAY, today)
        )
    return found


def _a_year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
