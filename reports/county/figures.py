"""Reads for the county's own report: all its towns over a period, and the snapshot that freezes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from activities.concerns.queries import CONCERN_OUTCOMES, ConcernTotals, concern_totals
from activities.figures.totals import CROSS_CUTTING, Breakdown, WholeTotals, breakdown
from activities.models import Activity, ActivityQuerySet, Concern
from kiv_portal.german_order import GermanOrder, german_key
from kiv_portal.periods import Period
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, County, Municipality
from municipalities.programme.queries import Codes
from reports.council.decision_models import CouncilDecision
from reports.council.models import Consultation
from reports.county.snapshot import (
    COUNTY_SCHEMA,
    CountySnapshot,
    FrozenCounty,
    FrozenDecision,
    Term,
    TownReport,
    TownSums,
)
from reports.figures import snapshot as shared
from reports.figures.figures import vacancies
from reports.steps.models import InterimReport, InterimReportQuerySet


def reports_of(county: County, start: dt.date, end: dt.date) -> InterimReportQuerySet:
    """The towns' reports about a period: those whose last day lies in it, so that each belongs to one year only."""
    reports: InterimReportQuerySet = InterimReport.objects.all()
    return reports.filter(municipality__county=county, period_end__range=(start, end))


def periods_of_county(county: County) -> list[Period]:
    """The periods that the towns report about, the newest first. One query."""
    reports = InterimReport.objects.filter(municipality__county=county)
    rows = reports.order_by("-period_end", "-period_start").values_list("period_start", "period_end")
    return [Period(*row) for row in rows.distinct()]


def last_full_period(periods: list[Period], today: dt.date) -> Period:
    """The newest period that is over, else the one that is over first; without reports the last calendar year."""
    over = (period for period in periods if period.end < today)
    last_year = Period(dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31))
    return next(over, periods[-1] if periods else last_year)


def county_snapshot(county: County, start: dt.date, end: dt.date, *, dated: dt.date) -> CountySnapshot:
    """Everything a reader of the county's report will see. The number of queries does not grow with the towns."""
    activities = Activity.objects.filter(municipality__county=county).in_period(start, end)
    parts = breakdown(activities, county.key)
    concerns = concern_totals(Concern.objects.filter(municipality__county=county), start, end)
    return CountySnapshot(
        schema=COUNTY_SCHEMA,
        county=_county(county),
        period=_period(start, end),
        dated=dated.isoformat(),
        totals=shared.Sums(**asdict(parts.totals())),
        fields=tuple(shared.FieldSums(**asdict(field)) for field in parts.by_field()),
        months=tuple(
            shared.MonthSums(**asdict(row) | {"month": f"{row.month:%Y-%m}"})
            for row in parts.by_month(start, end)
        ),
        kinds=tuple(shared.NamedSums(**asdict(kind)) for kind in parts.by_kind()),
        concerns=_concerns(concerns),
        towns=_towns(county, start, end, activities, parts, concerns),
        reports=_reports(county, start, end),
    )


def _county(county: County) -> FrozenCounty:
    return FrozenCounty(
        key=county.key,
        name=county.name,
        administration=county.administration,
        population=county.population,
        population_on=_iso(county.population_on),
    )


def _period(start: dt.date, end: dt.date) -> shared.FrozenPeriod:
    return shared.FrozenPeriod(start=start.isoformat(), end=end.isoformat())


def _concerns(totals: ConcernTotals) -> shared.ConcernSums:
    outcomes = totals.outcomes().items()
    return shared.ConcernSums(
        total=totals.total,
        reported=totals.reported,
        outcomes=tuple(
            shared.Outcome(code=code, name=CONCERN_OUTCOMES[code], concerns=number)
            for code, number in outcomes
        ),
        fields=totals.by_field(),
    )


def _towns(
    county: County,
    start: dt.date,
    end: dt.date,
    activities: ActivityQuerySet,
    parts: Breakdown,
    concerns: ConcernTotals,
) -> tuple[TownSums, ...]:
    """Every town that took part on at least one day of the period, by name. Four queries."""
    totals = parts.by_town()
    agreements: dict[int, CooperationAgreement] = {}
    for agreement in (
        CooperationAgreement.objects.filter(municipality__county=county)
        .overlapping(start, end)
        .select_related("municipality")
        .order_by(GermanOrder("municipality__name"), "starts_on")
    ):
        agreements[agreement.municipality_id] = agreement
    missing = Municipality.objects.filter(pk__in=totals.keys() - agreements.keys())
    towns = [*(agreement.municipality for agreement in agreements.values()), *missing]
    appointments: dict[int, list[Appointment]] = {}
    for appointment in Appointment.objects.filter(municipality__in=towns).overlapping(start, end):
        appointments.setdefault(appointment.municipality_id, []).append(appointment)
    people = _people_by_town_and_field(activities, parts.programme.fields)
    return tuple(
        TownSums(
            ags=town.ags,
            name=town.name,
            slug=town.slug,
            kind=town.get_kind_display(),
            population=town.population,
            population_on=_iso(town.population_on),
            latitude=_degrees(town.latitude),
            longitude=_degrees(town.longitude),
            agreement=_term(agreements.get(town.pk)),
            mediators=len({row.mediator_id for row in appointments.get(town.pk, [])}),
            vacant_days=_vacant_days(agreements.get(town.pk), appointments.get(town.pk, []), start, end),
            **asdict(totals.get(town.pk, WholeTotals())),
            people_by_field=people.get(town.pk, {}),
            concerns=concerns.of_town(town.pk).total,
            outcomes=concerns.of_town(town.pk).outcomes(),
        )
        for town in sorted(towns, key=lambda town: german_key(town.name))
    )


def _degrees(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _term(agreement: CooperationAgreement | None) -> Term | None:
    if agreement is None:
        return None
    return Term(starts_on=agreement.starts_on.isoformat(), ends_on=_iso(agreement.ends_on))


def _vacant_days(
    agreement: CooperationAgreement | None, appointments: list[Appointment], start: dt.date, end: dt.date
) -> int:
    """Days of the period on which the agreement held and nobody was appointed."""
    if agreement is None:
        return 0
    first, last = max(start, agreement.starts_on), min(end, agreement.ends_on or end)
    return sum(gap.days for gap in vacancies(appointments, first, last))


def _people_by_town_and_field(activities: ActivityQuerySet, fields: Codes) -> dict[int, dict[str, int]]:
    """{municipality id: {field code or "quer": people reached}}: what may be published is decided cell by cell."""
    cells: dict[int, dict[str, int]] = {}
    rows = activities.order_by().values_list("municipality_id", "field_id")
    for town, field, people in rows.annotate(people=Coalesce(Sum("people_reached"), 0)):
        cells.setdefault(town, {})[fields.code_of(field) or CROSS_CUTTING] = people
    return cells


def _reports(county: County, start: dt.date, end: dt.date) -> tuple[TownReport, ...]:
    """By town; three queries."""
    reports = list(
        reports_of(county, start, end).with_town().order_by(GermanOrder("municipality__name"), "period_start")
    )
    sessions, decisions = council_of(reports)
    return tuple(_report(report, sessions.get(report.pk), decisions.get(report.pk)) for report in reports)


def _report(
    report: InterimReport, consultation: Consultation | None, decision: CouncilDecision | None
) -> TownReport:
    return TownReport(
        town=report.municipality.name,
        ags=report.municipality.ags,
        period=_period(report.period_start, report.period_end),
        due_on=report.due_on.isoformat(),
        state=report.state,
        state_name=report.get_state_display(),
        committee=consultation.committee if consultation else "",
        session_on=_iso(consultation.session_on) if consultation else None,
        owes_decision=owes_decision(report, decision),
        decision=_decision(decision),
    )


def council_of(reports: list[InterimReport]) -> tuple[dict[int, Consultation], dict[int, CouncilDecision]]:
    """{report id: the consultation that decides}, {report id: the last decision}. Two queries."""
    consultations: dict[int, Consultation] = {}
    for row in Consultation.objects.filter(report__in=reports, deleted_at=None).order_by(
        "report_id", "session_on", "pk"
    ):
        earlier = consultations.get(row.report_id)
        if earlier is None or earlier.role != "decide" or row.role == "decide":
            consultations[row.report_id] = row
    decisions = CouncilDecision.objects.filter(report__in=reports).order_by("decided_on", "pk")
    return consultations, {decision.report_id: decision for decision in decisions}


def owes_decision(report: InterimReport, last: CouncilDecision | None) -> bool:
    """The council has the report and has not resolved about it for good; `last` is what it resolved last."""
    return report.is_at_council and not (last and last.is_final)


def _decision(decision: CouncilDecision | None) -> FrozenDecision | None:
    if decision is None:
        return None
    return FrozenDecision(
        kind=decision.kind,
        name=decision.get_kind_display(),
        decided_on=decision.decided_on.isoformat(),
        is_final=decision.is_final,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
