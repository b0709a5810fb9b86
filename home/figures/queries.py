"""Reads for the figures pages. The sums are those of the report: `activities.queries` makes both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from activities.concerns.queries import ConcernTotals, concern_totals
from activities.figures.totals import Breakdown, Totals, breakdown, totals_by_town
from activities.models import Activity, Concern
from kiv_portal.accounts.models import User
from kiv_portal.german_order import GermanOrder
from kiv_portal.periods import Period, last_twelve_months
from mediators.models import towns_of
from municipalities.models import CooperationAgreement, Municipality, MunicipalityQuerySet

MOST_CALENDAR_YEARS = 8


@dataclass(frozen=True)
class Figures:
    """`before` sums the same span a year before; None where no town took part in all of it and nothing was done."""

    period: Period
    parts: Breakdown
    concerns: ConcernTotals
    before: Totals | None
    towns_before: dict[int, Totals]
    before_is_a_year_ago: bool
    is_running: bool  # then `before`, too, ends with the day that is today


def towns_with_figures_for(user: User) -> MunicipalityQuerySet:
    """The towns one works for, and as a neighbour those of the same counties.

    Adds `is_inside` (sees small numbers) and `can_open` (sees the town's inner page).
    """
    inside = Municipality.objects.filter(pk__in=towns_of(user))
    return Municipality.objects.filter(county__in=inside.values("county")).annotate(
        is_inside=Exists(inside.filter(pk=OuterRef("pk"))),
        can_open=Exists(Municipality.objects.visible_to(user).filter(pk=OuterRef("pk"))),
    )


def agreements_of(towns: MunicipalityQuerySet) -> list[CooperationAgreement]:
    rows = CooperationAgreement.objects.filter(municipality__in=towns).select_related("municipality")
    return list(rows.order_by(GermanOrder("municipality__name"), "starts_on"))


def offered_periods(
    reported: Iterable[Period], agreements: list[CooperationAgreement], today: dt.date
) -> list[tuple[str, Period]]:
    """What a person may choose from, with its name."""
    first = min((agreement.starts_on.year for agreement in agreements), default=today.year)
    years = range(today.year, max(first, today.year - MOST_CALENDAR_YEARS) - 1, -1)
    return [
        ("Letzte zwölf Monate", last_twelve_months(today)),
        *((f"Bericht {p.start:%d.%m.%Y} bis {p.end:%d.%m.%Y}", p) for p in reported),
        *((f"Jahr {year}", Period(dt.date(year, 1, 1), dt.date(year, 12, 31))) for year in years),
    ]


def figures_of(
    towns: MunicipalityQuerySet,
    period: Period,
    agreements: list[CooperationAgreement],
    *,
    county: str,
    today: dt.date,
) -> Figures:
    """All towns are of the county with this key. Four queries, whatever the number of towns and rows."""
    earlier, is_a_year_ago = span_before(period, today)
    activities = Activity.objects.filter(municipality__in=towns)
    towns_before = totals_by_town(activities.in_period(earlier.start, earlier.end))
    took_part = any(a.holds_on(earlier.start) and a.holds_on(earlier.end) for a in agreements)
    return Figures(
        period=period,
        parts=breakdown(activities.in_period(period.start, period.end), county),
        concerns=concern_totals(Concern.objects.filter(municipality__in=towns), period.start, period.end),
        before=_added(towns_before) if took_part or towns_before else None,
        towns_before=towns_before,
        before_is_a_year_ago=is_a_year_ago,
        is_running=is_running(period, today),
    )


def is_running(period: Period, today: dt.date) -> bool:
    return period.start <= today < period.end


def span_before(period: Period, today: dt.date) -> tuple[Period, bool]:
    """The same days a year before, or as many years as the period is long; and whether it is one year. Of a period that
    is still running only the days until today: two months against twelve would always be less.
    """
    years = -(-period.days // 366)
    past = Period(period.start, today) if is_running(period, today) else period
    return past.years_before(years), years == 1


def _added(towns: dict[int, Totals]) -> Totals:
    rows = towns.values()
    return Totals(
        activities=sum(row.activities for row in rows),
        minutes=sum(row.minutes for row in rows),
        travel_minutes=sum(row.travel_minutes for row in rows),
        people_reached=sum(row.people_reached for row in rows),
        people_not_counted=sum(row.people_not_counted for row in rows),
    )
