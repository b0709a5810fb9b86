"""The periods that an agreement is reported about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from kiv_portal.periods import ONE_DAY, Period, last_day_of_months
from municipalities.models import CooperationAgreement
from reports.steps.models import InterimReport

LAST_YEAR = 2200


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
        for period in periods_of(agreement):
            if not any(
                report.period_start <= period.end and period.start <= report.period_end for report in reports
            ):
                yield period


def periods_of(agreement: CooperationAgreement) -> Iterator[Period]:
    # Counted from the agreement's first day, so that a 31st stays a 31st after February.
    months, start = agreement.report_interval_months, agreement.starts_on
    for number in itertools.count(1):
        if (agreement.ends_on and start > agreement.ends_on) or start.year > LAST_YEAR:
            return
        end = last_day_of_months(agreement.starts_on, number * months)
        yield Period(start, min(end, agreement.ends_on or end))
        start = end + ONE_DAY
