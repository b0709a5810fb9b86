"""Reads for the report: its figures, and the snapshot that freezes them."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from activities.models import (
    Activity,
    ActivityQuerySet,
    ActivityResult,
    Concern,
    ConcernQuerySet,
    ConcernState,
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
from reports.models import (
    EASY,
    Consultation,
    ConsultationRole,
    CouncilQuestion,
    EasyTextCheck,
    InterimReport,
    ReportComment,
    ReportSection,
    ReportSnapshot,
    SectionKey,
)
from reports.models.report import InterimReportQuerySet
from reports.placeholders import fill_in_all

# 2: travel, expenses, ranges and concerns. 3: consultations, easy language, the address where a file is checked.
# What an older one froze is still read.
SNAPSHOT_SCHEMA = 3
AnyTotals = TypeVar("AnyTotals", bound=Totals)
EXAMPLES_PER_FIELD = 2
LAST_YEAR = 2200
SAME_SITTING = dt.timedelta(minutes=10)
MOST_EXAMPLES = 8


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


def report_figures(report: InterimReport, *, is_compared: bool = True) -> ReportFigures:
    """`is_compared` False spares the look at the span before, for pages that do not show it."""
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
        activities_before=_activities_before(report) if is_compared else None,
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


def with_open_matters(reports: InterimReportQuerySet) -> InterimReportQuerySet:
    """Adds what waits for somebody: `open_comments`, `open_questions`, and of the town's concerns up to the period's
    end `new_concerns` (nobody checks them) and `late_promises`.
    """
    end = OuterRef("period_end")
    concerns = Concern.objects.filter(municipality=OuterRef("municipality"))
    late = concerns.filter(
        state=ConcernState.PROMISED, promised_until__lt=Least(end, Value(timezone.localdate()))
    )
    return reports.annotate(
        open_comments=_number(ReportComment.objects.filter(report=OuterRef("pk"), settled_at=None)),
        open_questions=_number(CouncilQuestion.objects.filter(report=OuterRef("pk"), answer="")),
        new_concerns=_number(concerns.filter(state=ConcernState.REPORTED, reported_on__lte=end)),
        late_promises=_number(late),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of a subquery, 0 for none."""
    counted = rows.order_by().annotate(all_alike=Value(1)).values("all_alike").annotate(n=Count("*"))
    return Coalesce(Subquery(counted.values("n")), 0)


def texts_of(report: InterimReport) -> dict[str, str]:
    """{section key: text} of the chapters, "" where nothing is written yet."""
    written = dict(ReportSection.objects.filter(report=report).values_list("key", "text"))
    return {key: written.get(key, "") for key in SectionKey.values}


def texts_written() -> Coalesce:
    """For `annotate`: how many texts of a report are written. Counted for the reports shown, not joined to all."""
    return _number(ReportSection.objects.filter(report=OuterRef("pk")).exclude(text="").exclude(key=EASY))


def snapshot_of(report: InterimReport, *, dated: dt.date, check_url: str = "") -> dict[str, Any]:
    """Everything a reader of the report will see, as JSON: numbers are integers, days ISO strings.

    Frozen at submission and never computed again; every edition is built from it alone.
    """
    figures = report_figures(report)
    rows = list(activities_of(report).select_related("kind").order_by("day", "pk"))
    consultations = list(report.consultations.filter(deleted_at=None))
    return {
        "schema": SNAPSHOT_SCHEMA,
        "municipality": _municipality(report),
        "period": {"start": report.period_start.isoformat(), "end": report.period_end.isoformat()},
        "agreement": _agreement(report),
        "paper": {
            "number": report.paper_number,
            "subject": "Kommunale Inklusionsvermittlung: Zwischenbericht",
            "author": report.author,
            **_deciding(consultations),
            "consultations": [_consultation(row) for row in consultations],
        },
        "dated": dated.isoformat(),
        "check_url": check_url,
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
        "texts": fill_in_all(texts_of(report), figures),
        "easy": _easy(report),
        "activities": [_activity(row) for row in rows],
    }


def _deciding(consultations: list[Consultation]) -> dict[str, Any]:
    """The committee that decides, for the head of the paper: the last one whose task it is."""
    deciding = [row for row in consultations if row.role == ConsultationRole.DECIDE] or consultations
    if not deciding:
        return {"committee": "", "session_on": None, "is_public": True}
    row = deciding[-1]
    return {"committee": row.committee, "session_on": _iso(row.session_on), "is_public": row.is_public}


def _consultation(row: Consultation) -> dict[str, Any]:
    return {
        "committee": row.committee,
        "session_on": _iso(row.session_on),
        "item_number": row.item_number,
        "role": row.get_role_display(),
        "is_public": row.is_public,
    }


def easy_text_of(report: InterimReport) -> ReportSection | None:
    return ReportSection.objects.filter(report=report, key=EASY).exclude(text="").first()


def easy_check_of(section: ReportSection) -> EasyTextCheck | None:
    """The newest check of exactly this text; another version is unchecked again."""
    return EasyTextCheck.objects.filter(report=section.report_id, text_version=section.version).first()


def _easy(report: InterimReport) -> dict[str, Any] | None:
    """None where nobody has written it."""
    section = easy_text_of(report)
    if section is None:
        return None
    check = easy_check_of(section)
    return {
        "text": section.text,
        "check": {"date": _iso(check.checked_on), "group": check.group, "persons": check.persons}
        if check
        else None,
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


@dataclass(frozen=True)
class Change:
    """A number of the frozen stand that would be another one today."""

    name: str
    frozen: int
    today: int

    @property
    def difference(self) -> int:
        return self.today - self.frozen


def changed_since(snapshot: ReportSnapshot) -> list[Change]:
    """What changed under a frozen report: only what came by another way than the log, which is closed meanwhile."""
    data = snapshot.data
    today = snapshot_of(snapshot.report, dated=dt.date.fromisoformat(data["dated"]))
    names = {
        "activities": "Aktivitäten",
        "minutes": "Minuten im Einsatz",
        "people_reached": "erreichte Personen",
        "travel_minutes": "Minuten Fahrzeit",
        "expenses_cents": "Auslagen in Cent",
    }
    changes = [
        Change(name, data["totals"].get(key) or 0, today["totals"][key] or 0) for key, name in names.items()
    ]
    was = {row["code"]: row["concerns"] for row in (data.get("concerns") or {"outcomes": []})["outcomes"]}
    changes += [
        Change(f"Anliegen: {row['name']}", was.get(row["code"], 0), row["concerns"])
        for row in today["concerns"]["outcomes"]
    ]
    changes.append(Change("Tage ohne KIV", data["vacant_days"], today["vacant_days"]))
    return [change for change in changes if change.difference]


class Version(NamedTuple):
    """A stand of a text; what one person wrote within ten minutes is one stand."""

    number: int
    text: str
    written_at: dt.datetime
    written_by: str


def versions_of(section: ReportSection) -> list[Version]:
    """Newest first, from the history that triggers keep."""
    events = (
        ReportSection.pgh_event_model.objects.filter(pgh_obj=section.pk, version__gt=0)  # type: ignore[attr-defined]
        .order_by("pgh_id")
        .values_list("version", "text", "pgh_created_at", "updated_by__full_name")
    )
    stands: list[Version] = []
    for version, text, written_at, name in events:
        stand = Version(version, text, written_at, name or "nicht mehr bekannt")
        last = stands[-1] if stands else None
        if last and last.written_by == stand.written_by and written_at - last.written_at < SAME_SITTING:
            stands[-1] = stand
        elif not last or last.text != text:
            stands.append(stand)
    return stands[::-1]


def examples_for(report: InterimReport) -> list[Activity]:
    """Activities that are worth telling: what was achieved first, then what has most to tell."""
    told = activities_of(report).exclude(description="").order_by("-day")[:200]
    achieved = (ActivityResult.DONE, ActivityResult.PROMISED)
    return sorted(told, key=lambda row: (row.result not in achieved, -len(row.description)))[:MOST_EXAMPLES]
