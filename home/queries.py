"""Reads over all floors, for the start pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

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
from reports.models import InterimReport


@dataclass(frozen=True)
class TownTakingPart:
    town: Municipality
    is_vacant: bool


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


def former_towns(county: County, day: dt.date) -> list[Municipality]:
    """Those that took part and do not that day, by name. One query."""
    now = Municipality.objects.taking_part_on(day).values("pk")
    return list(Municipality.objects.known_on(day).filter(county=county).exclude(pk__in=now))


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
