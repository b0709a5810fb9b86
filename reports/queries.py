"""Reads for the report: its figures, and the snapshot that freezes them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.models import (
    Activity,
    ActivityQuerySet,
    ActivityResult,
    Concern,
    ConcernQuerySet,
    ConcernStep,
)
from activities.queries import (
    CONCERN_OUTCOMES,
    CROSS_CUTTING,
    FieldTotals,
    MonthTotals,
    NamedTotals,
    Totals,
    WholeTotals,
    breakdown,
    concern_totals,
    concerns_at_work,
    outcome_of,
)
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from reports.models import InterimReport, ReportSection, SectionKey

SNAPSHOT_SCHEMA = 2  # 2: travel, expenses, ranges and concerns; what 1 froze is still read
AnyTotals = TypeVar("AnyTotals", bound=Totals)
EXAMPLES_PER_FIELD = 2


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


def concerns_of(report: InterimReport) -> ConcernQuerySet:
    return Concern.objects.filter(municipality=report.municipality_id)


def report_figures(report: InterimReport) -> ReportFigures:
    parts = breakdown(activities_of(report))
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
        activities_before=_activities_before(report),
        appointments=appointments,
        vacancies=vacancies(appointments, report.period_start, report.period_end),
    )


def frozen_figures(data: dict[str, Any]) -> ReportFigures:
    """The figures as a snapshot froze them; people are read from the snapshot itself."""
    return ReportFigures(
        totals=_frozen(WholeTotals, data["totals"]),
        fields=[_frozen(FieldTotals, field) for field in data["fields"]],
        months=[
            _frozen(MonthTotals, month | {"month": dt.date.fromisoformat(f"{month['month']}-01")})
            for month in data["months"]
        ],
        kinds=[_frozen(NamedTotals, kind) for kind in data["kinds"]],
        results=[_frozen(NamedTotals, result) for result in data["results"]],
        activities_before=data["totals"]["activities_before"],
        appointments=[],
        vacancies=[
            Vacancy(dt.date.fromisoformat(gap["start"]), dt.date.fromisoformat(gap["end"]))
            for gap in data["vacancies"]
        ],
    )


def _frozen(kind: type[AnyTotals], values: dict[str, Any]) -> AnyTotals:
    return kind(**{field.name: values[field.name] for field in fields(kind) if field.name in values})


def _activities_before(report: InterimReport) -> int | None:
    """Activities in the span of the same length before; None unless the town took part in all of it. One query."""
    end = report.period_start - dt.timedelta(days=1)
    start = end - (report.period_end - report.period_start)
    before = Activity.objects.filter(municipality=OuterRef("municipality")).in_period(start, end)
    number = before.order_by().values("municipality").annotate(number=Count("*")).values("number")
    agreements = CooperationAgreement.objects.filter(municipality=report.municipality_id)
    throughout = agreements.in_force_on(start).in_force_on(end)
    return throughout.values_list(Coalesce(Subquery(number), 0), flat=True).first()


def next_period(
    agreements: list[CooperationAgreement], reports: list[InterimReport]
) -> tuple[dt.date, dt.date] | None:
    """First and last day of the earliest period of any agreement that has no report yet, cut at the agreement's end.

    None while a report is in work (one after the other), and where every agreement is reported about.
    """
    if any(report.is_draft for report in reports):
        return None
    reported_until = max((report.period_end for report in reports), default=dt.date.min)
    for agreement in sorted(agreements, key=lambda agreement: agreement.starts_on):
        # Counted from the agreement's first day, so that a 31st stays a 31st after February.
        months = 0
        while add_months(agreement.starts_on, months) <= reported_until:
            months += agreement.report_interval_months
        start = add_months(agreement.starts_on, months)
        end = add_months(agreement.starts_on, months + agreement.report_interval_months) - dt.timedelta(
            days=1
        )
        if agreement.ends_on is None or start <= agreement.ends_on:
            return start, min(end, agreement.ends_on or end)
    return None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last one of that month: 31 January + 1 is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


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


def texts_of(report: InterimReport) -> dict[str, str]:
    """{section key: text}, all keys, "" where nothing is written yet."""
    written = dict(ReportSection.objects.filter(report=report).values_list("key", "text"))
    return {key: written.get(key, "") for key in SectionKey.values}


def texts_written() -> Coalesce:
    """For `annotate`: how many texts of a report are written. Counted for the reports shown, not joined to all."""
    written = ReportSection.objects.filter(report=OuterRef("pk")).exclude(text="")
    return Coalesce(Subquery(written.order_by().values("report").annotate(n=Count("*")).values("n")), 0)


def snapshot_of(report: InterimReport, *, dated: dt.date) -> dict[str, Any]:
    """Everything a reader of the report will see, as JSON: numbers are integers, days ISO strings.

    Frozen at submission and never computed again; every edition is built from it alone.
    """
    figures = report_figures(report)
    rows = list(activities_of(report).select_related("kind").order_by("day", "pk"))
    return {
        "schema": SNAPSHOT_SCHEMA,
        "municipality": _municipality(report),
        "period": {"start": report.period_start.isoformat(), "end": report.period_end.isoformat()},
        "agreement": _agreement(report),
        "paper": {
            "number": report.paper_number,
            "subject": "Kommunale Inklusionsvermittlung: Zwischenbericht",
            "author": report.author,
            "committee": report.committee,
            "session_on": _iso(report.session_on),
            "is_public": report.is_public,
        },
        "dated": dated.isoformat(),
        "appointments": [_appointment(appointment) for appointment in figures.appointments],
        "vacant_days": figures.vacant_days,
        "vacancies": [{"start": _iso(v.start), "end": _iso(v.end)} for v in figures.vacancies],
        "totals": {**asdict(figures.totals), "activities_before": figures.activities_before},
        "fields": [
            {**asdict(field), "articles": list(field.articles), "examples": _examples(rows, field.code)}
            for field in figures.fields
        ],
        "months": [{**asdict(month), "month": f"{month.month:%Y-%m}"} for month in figures.months],
        "kinds": [asdict(kind) for kind in figures.kinds],
        "results": [asdict(result) for result in figures.results],
        "concerns": _concerns(report),
        "texts": texts_of(report),
        "activities": [_activity(row) for row in rows],
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _municipality(report: InterimReport) -> dict[str, Any]:
    town = report.municipality
    return {
        "ags": town.ags,
        "name": town.name,
        "slug": town.slug,
        "kind": town.get_kind_display(),
        "population": town.population,
        "population_on": _iso(town.population_on),
        "county": town.county.name,
        "administration": town.county.administration,
    }


def _agreement(report: InterimReport) -> dict[str, Any] | None:
    agreement = (
        CooperationAgreement.objects.filter(municipality=report.municipality_id)
        .overlapping(report.period_start, report.period_end)
        .last()
    )
    if agreement is None:
        return None
    return {
        "signed_on": _iso(agreement.signed_on),
        "starts_on": _iso(agreement.starts_on),
        "ends_on": _iso(agreement.ends_on),
        "reference": agreement.reference,
    }


def _appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "name": appointment.mediator.user.full_name,
        "starts_on": _iso(appointment.starts_on),
        "ends_on": _iso(appointment.ends_on),
        "form": appointment.get_form_display(),
        "qualified_on": _iso(appointment.mediator.qualified_on),
        "in_working_group": appointment.mediator.is_in_working_group,
    }


def _examples(rows: list[Activity], code: str) -> list[dict[str, str]]:
    """The most telling activities of a field: what was achieved first, then what has most to tell."""
    told = [row for row in rows if (row.field_id or "quer") == code and row.description]
    achieved = (ActivityResult.DONE, ActivityResult.PROMISED)
    told.sort(key=lambda row: (row.result not in achieved, -len(row.description), row.pk))
    return [
        {
            "day": row.day.isoformat(),
            "title": row.title,
            "text": row.description,
            "result": row.get_result_display(),
        }
        for row in told[:EXAMPLES_PER_FIELD]
    ]


def _concerns(report: InterimReport) -> dict[str, Any]:
    """All are counted; only public ones that somebody has taken up are named. No contact address, no private link."""
    start, end = report.period_start, report.period_end
    numbers = concern_totals(concerns_of(report), start, end)
    return {
        "total": numbers.total,
        "reported": numbers.reported,
        "outcomes": [
            {"code": code, "name": CONCERN_OUTCOMES[code], "concerns": number}
            for code, number in numbers.outcomes().items()
        ],
        "fields": numbers.by_field(),
        "public": _public_concerns(report),
    }


def _public_concerns(report: InterimReport) -> list[dict[str, Any]]:
    """By place, each with the sentence of the step it had come to at the period's end."""
    at_work = concerns_at_work(
        concerns_of(report).published().select_related("office"), report.period_start, report.period_end
    )
    rows = list(at_work.exclude(state_then="reported").order_by("place", "reported_on", "pk"))
    last_steps = _last_steps(rows, report.period_end)
    return [_concern(row, last_steps[row.pk]) for row in rows]


def _last_steps(rows: list[Concern], end: dt.date) -> dict[int, ConcernStep]:
    steps = ConcernStep.objects.filter(concern__in=rows, taken_at__date__lte=end)
    return {step.concern_id: step for step in steps.order_by("taken_at", "pk")}


def _concern(row: Any, step: ConcernStep) -> dict[str, Any]:
    outcome = outcome_of(step.state)
    return {
        "title": row.title,
        "place": row.place,
        "field": row.field_id or CROSS_CUTTING,
        "reported_on": row.reported_on.isoformat(),
        "outcome": outcome,
        "state": step.get_state_display(),
        "since": timezone.localdate(step.taken_at).isoformat(),
        "sentence": step.sentence,
        "promised_until": _iso(row.promised_until) if outcome == "promised" else None,
        "office": row.office.name if row.office else "",
    }


def _activity(row: Activity) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "field": row.field_id or "quer",
        "also": row.further_fields,
        "kind": row.kind.name,
        "title": row.title,
        "minutes": row.minutes,
        "travel_minutes": row.travel_minutes,
        "people_reached": row.people_reached,
        "result": row.get_result_display(),
    }
