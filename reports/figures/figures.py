"""The figures of a report, computed from the log or read from its snapshot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from activities.figures.totals import (
    FieldTotals,
    MonthTotals,
    NamedTotals,
    Totals,
    WholeTotals,
    breakdown,
)
from activities.models import Activity, ActivityQuerySet, ClosedPeriod, Concern, ConcernQuerySet
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from reports.figures.snapshot import Snapshot, Sums
from reports.steps.models import InterimReport

AnyTotals = TypeVar("AnyTotals", bound=Totals)


@dataclass(frozen=True)
class Vacancy:
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class ReportFigures:
    """All numbers of a report, computed from the activities of its town and period."""

    totals: WholeTotals
    fields: list[FieldTotals]
    months: list[MonthTotals]
    kinds: list[NamedTotals]
    results: list[NamedTotals]
    activities_before: int | None  # same span directly before; None: the town had no agreement then
    appointments: list[Appointment]
    vacancies: list[Vacancy]

    @property
    def vacant_days(self) -> int:
        return sum(vacancy.days for vacancy in self.vacancies)


def activities_of(report: InterimReport) -> ActivityQuerySet:
    return Activity.objects.filter(municipality=report.municipality_id).in_period(
        report.period_start, report.period_end
    )


def late_activities_of(report: InterimReport) -> ActivityQuerySet:
    """Late entries of periods before: those that the report has told, or would tell if it were submitted now."""
    closed = ClosedPeriod.objects.filter(
        municipality=report.municipality_id, starts_on=report.period_start, ends_on=report.period_end
    ).first()
    return Activity.objects.late_for(closed, town=report.municipality_id, before=report.period_start)


def concerns_of(report: InterimReport) -> ConcernQuerySet:
    return Concern.objects.filter(municipality=report.municipality_id)


def report_figures(report: InterimReport, *, is_compared: bool = True) -> ReportFigures:
    """`is_compared` False spares the look at the span before, for pages that do not show it."""
    parts = breakdown(activities_of(report), report.municipality.county_id)
    appointments = list(
        Appointment.objects.filter(municipality=report.municipality_id)
        .overlapping(report.period_start, report.period_end)
        .select_related("mediator__user")
    )
    return ReportFigures(
        totals=parts.totals(),
        fields=parts.by_field(),
        months=parts.by_month(report.period_start, report.period_end),
        kinds=parts.by_kind(),
        results=parts.by_result(),
        activities_before=_activities_before(report) if is_compared else None,
        appointments=appointments,
        vacancies=vacancies(appointments, report.period_start, report.period_end),
    )


def frozen_figures(snapshot: Snapshot) -> ReportFigures:
    """The figures as a snapshot froze them; people are read from the snapshot itself."""
    return ReportFigures(
        totals=_frozen(WholeTotals, snapshot.totals),
        fields=[_frozen(FieldTotals, field) for field in snapshot.fields],
        months=[
            _frozen(MonthTotals, month, month=dt.date.fromisoformat(f"{month.month}-01"))
            for month in snapshot.months
        ],
        kinds=[_frozen(NamedTotals, kind) for kind in snapshot.kinds],
        results=[_frozen(NamedTotals, result) for result in snapshot.results],
        activities_before=snapshot.totals.activities_before,
        appointments=[],
        vacancies=[
            Vacancy(dt.date.fromisoformat(gap.start), dt.date.fromisoformat(gap.end))
            for gap in snapshot.vacancies
        ],
    )


def _frozen(kind: type[AnyTotals], row: Sums, **known: dt.date) -> AnyTotals:
    """What was not asked for when it was frozen is 0 here: the page of a report shows what there is."""
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(kind)}
    return kind(**{name: 0 if value is None else value for name, value in {**values, **known}.items()})


def _activities_before(report: InterimReport) -> int | None:
    """Activities in the span of the same length before; None unless the town took part in all of it. One query."""
    end = report.period_start - dt.timedelta(days=1)
    start = end - (report.period_end - report.period_start)
    before = Activity.objects.filter(municipality=OuterRef("municipality")).in_period(start, end)
    number = before.order_by().values("municipality").annotate(number=Count("*")).values("number")
    agreements = CooperationAgreement.objects.filter(municipality=report.municipality_id)
    throughout = agreements.in_force_on(start).in_force_on(end)
    return throughout.values_list(Coalesce(Subquery(number), 0), flat=True).first()


def vacancies(appointments: list[Appointment], start: dt.date, end: dt.date) -> list[Vacancy]:
    """Spans of start..end in which nobody is appointed."""
    one_day = dt.timedelta(days=1)
    gaps, free_from = [], start
    for appointment in sorted(appointments, key=lambda a: a.starts_on):
        if appointment.starts_on > free_from:
            gaps.append(Vacancy(free_from, min(appointment.starts_on - one_day, end)))
        free_from = max(free_from, (appointment.ends_on or end) + one_day)
    if free_from <= end:
        gaps.append(Vacancy(free_from, end))
    return gaps
