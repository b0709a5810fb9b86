"""Reads over all floors, for the start pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, Count, DateField, Exists, F, Min, OuterRef, Q, QuerySet, When

from activities.concerns.models import is_overdue_on, waits_for_reply_on
from activities.figures.totals import CROSS_CUTTING, counts_by_town_and_field
from activities.models import Activity, ConcernState
from kiv_portal.german_order import GermanOrder
from kiv_portal.periods import Period, last_twelve_months
from kiv_portal.terms import not_over_on
from mediators.models import Appointment
from municipalities.models import (
    CooperationAgreement,
    Councillor,
    County,
    Municipality,
    MunicipalityContact,
    MunicipalityQuerySet,
)
from municipalities.programme.queries import Codes
from reports.models import InterimReport, ReportState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@dataclass(frozen=True)
class TownTakingPart:
    town: Municipality
    is_vacant: bool


@dataclass
class TownLine:
    """One town of the county at a glance."""

    town: Municipality
    agreement: CooperationAgreement | None = None
    mediators: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    report: InterimReport | None = None
    takes_part: bool = False  # the agreement holds today

    @property
    def activities(self) -> int:
        return sum(self.counts.values())

    def by_field(self, codes: Iterable[str]) -> list[int]:
        return [self.counts.get(code, 0) for code in codes]


def counties_taking_part(day: dt.date) -> list[County]:
    """By name, those with an agreement in force that day, each with its number of `towns`. One query."""
    in_force = CooperationAgreement.objects.in_force_on(day).values("municipality")
    number = Count("municipalities", filter=Q(municipalities__in=in_force), distinct=True)
    return list(County.objects.annotate(towns=number).filter(towns__gt=0).order_by(GermanOrder("name")))


def responsible_county() -> County | None:
    """Whose portal it is, for imprint and privacy: the county that was here first. A further one does not take over,
    whatever its name.
    """
    first = County.objects.annotate(entered=Min("events__pgh_id"))
    return first.order_by(F("entered").asc(nulls_last=True), "pk").first()


def towns_taking_part(county: County, day: dt.date) -> list[TownTakingPart]:
    """By name, each with whether its post is vacant. Two queries."""
    return _with_posts(Municipality.objects.taking_part_on(day).filter(county=county), day)


def towns_by_county(day: dt.date) -> dict[County, list[TownTakingPart]]:
    """All that take part, by the names of counties and towns. Two queries."""
    towns = Municipality.objects.taking_part_on(day).select_related("county")
    found: dict[County, list[TownTakingPart]] = {}
    for line in _with_posts(towns.order_by(GermanOrder("county__name"), GermanOrder("name")), day):
        found.setdefault(line.town.county, []).append(line)
    return found


def _with_posts(rows: MunicipalityQuerySet, day: dt.date) -> list[TownTakingPart]:
    towns = list(rows)
    appointed = set(
        Appointment.objects.in_force_on(day)
        .filter(municipality__in=towns)
        .values_list("municipality", flat=True)
    )
    return [TownTakingPart(town, is_vacant=town.pk not in appointed) for town in towns]


def report_periods(towns: MunicipalityQuerySet) -> dict[Period, int]:
    """The periods that the towns report about, the newest first, each with how many of them do."""
    reports = InterimReport.objects.filter(municipality__in=towns).order_by("-period_end", "-period_start")
    rows = reports.values_list("period_start", "period_end").annotate(reports=Count("*"))
    return {Period(start, end): number for start, end, number in rows}


def current_period(periods: Mapping[Period, int], today: dt.date) -> Period:
    """What a page shows first: the period that runs, else the one most towns report about, else twelve months."""
    running = (period for period in periods if period.start <= today <= period.end)
    usual = max(periods, key=lambda period: (periods[period], period.end), default=last_twelve_months(today))
    return next(running, usual)


def towns_at_a_glance(
    towns: MunicipalityQuerySet, period: Period, today: dt.date, *, fields: Codes
) -> list[TownLine]:
    """All towns that take part or took part: agreement, KIV, activities of the period, and the report that
    needs work or else the newest. `fields` are those of the towns' counties. Four queries."""
    lines: dict[int, TownLine] = {}
    agreements = CooperationAgreement.objects.filter(municipality__in=towns).select_related("municipality")
    for agreement in agreements.order_by(GermanOrder("municipality__name"), "starts_on"):
        line = lines.setdefault(agreement.municipality_id, TownLine(agreement.municipality))
        line.agreement, line.takes_part = agreement, line.takes_part or agreement.holds_on(today)
    appointments = Appointment.objects.filter(municipality__in=lines).in_force_on(today)
    names = appointments.order_by("starts_on", GermanOrder("mediator__user__full_name"))
    for town_id, name in names.values_list("municipality_id", "mediator__user__full_name"):
        lines[town_id].mediators.append(name)
    activities = Activity.objects.filter(municipality__in=lines).in_period(period.start, period.end)
    for town_id, counts in counts_by_town_and_field(activities, fields).items():
        lines[town_id].counts = counts
    reports = InterimReport.objects.filter(municipality__in=lines).order_by(
        "municipality_id",
        _end_while_at_work().asc(nulls_last=True),
        _is_planned(),
        "-period_end",
        "-period_start",
    )
    for report in reports.with_overdue(today).distinct("municipality_id"):
        lines[report.municipality_id].report = report
    return list(lines.values())


class Waiting(TypedDict):
    has_agreement: bool
    new_concerns: int
    overdue_concerns: int
    late_replies: int


def with_waiting_concerns(
    towns: MunicipalityQuerySet, today: dt.date
) -> list[WithAnnotations[Municipality, Waiting]]:
    """All the towns by name, with how many concerns wait. One query."""
    is_new = Q(concerns__state=ConcernState.REPORTED)
    agreements = CooperationAgreement.objects.filter(municipality=OuterRef("pk"))
    counted = towns.annotate(
        has_agreement=Exists(agreements),
        new_concerns=Count("concerns", filter=is_new),
        overdue_concerns=Count("concerns", filter=is_overdue_on(today, "concerns__")),
        late_replies=Count("concerns", filter=waits_for_reply_on(today, "concerns__")),
    )
    return list(counted.order_by(GermanOrder("name")))  # what is grouped has no order of its own


def _end_while_at_work() -> Case:
    """Puts the oldest report that still needs work before all others, so that a later one never hides it."""
    done = (*ReportState.at_council, ReportState.PLANNED)
    return Case(When(~Q(state__in=done), then=F("period_end")), output_field=DateField())


def _is_planned() -> Case:
    """A report that only grows by itself comes after those that people have had in their hands."""
    return Case(When(state=ReportState.PLANNED, then=1), default=0)


def field_columns(fields: Codes) -> list[dict[str, str]]:
    """The fields and Querschnitt, as columns of a table."""
    columns = [{"code": f.code, "short": f.short, "name": f.name} for f in fields.merged]
    return [*columns, {"code": CROSS_CUTTING, "short": "Qu", "name": "Querschnitt"}]


def roles_of(
    town: Municipality, user_pk: int, today: dt.date
) -> list[Appointment | MunicipalityContact | Councillor]:
    """What a person does in a town today or will do. Three queries."""
    of_person: list[QuerySet[Any]] = [
        Appointment.objects.filter(mediator__user_id=user_pk),
        MunicipalityContact.objects.filter(user_id=user_pk),
        Councillor.objects.filter(user_id=user_pk),
    ]
    return [role for rows in of_person for role in rows.filter(not_over_on(today), municipality=town)]
