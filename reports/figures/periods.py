"""The periods that an agreement is reported about."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterator

from municipalities.models import CooperationAgreement
from reports.steps.models import InterimReport

LAST_YEAR = 2200
Period = tuple[dt.date, dt.date]


def next_period(agreements: list[CooperationAgreement], reports: list[InterimReport]) -> Period | None:
    """The earliest period that has no report yet; None while a report is in work (one after the other), and where
    every agreement is reported about.
    """
    if any(report.is_editable for report in reports):
        return None
    return next(open_periods(agreements, reports), None)


def open_periods(agreements: list[CooperationAgreement], reports: list[InterimReport]) -> Iterator[Period]:
    """First and last day of each period that has no report, from the earliest on, cut at its agreement's end.

    An agreement without an end has periods for ever.
    """
    for agreement in sorted(agreements, key=lambda agreement: agreement.starts_on):
        for start, end in periods_of(agreement):
            if not any(report.period_start <= end and start <= report.period_end for report in reports):
                yield start, end


def periods_of(agreement: CooperationAgreement) -> Iterator[Period]:
    # Counted from the agreement's first day, so that a 31st stays a 31st after February.
    first, months = agreement.starts_on, agreement.report_interval_months
    for number in itertools.count():
        start = add_months(first, number * months)
        if (agreement.ends_on and start > agreement.ends_on) or start.year > LAST_YEAR:
            return
        end = add_months(first, (number + 1) * months) - dt.timedelta(days=1)
        yield start, min(end, agreement.ends_on or end)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last one of that month: 31 January + 1 is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
