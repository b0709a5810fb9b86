"""Reads for a mediator's own year. The sums are those of the report: `activities/figures/totals.py` makes them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from activities.concerns.queries import done_within
from activities.figures.totals import Breakdown, breakdown
from activities.models import (
    Activity,
    ActivityPhoto,
    ActivityQuerySet,
    ActivityResult,
    Concern,
    ConcernQuerySet,
)
from kiv_portal.accounts.models import User
from kiv_portal.german_order import german_key
from kiv_portal.periods import Period
from mediators.roles import mediator_roles

EARLIEST = 1900  # what is typed into the address may be any number
MOST_PHOTOS = 12
MOST_DONE = 10


@dataclass(frozen=True)
class WorkedIn:
    """Where a year's activities were: names of towns in order, keys of their counties."""

    towns: list[str]
    counties: set[str]


def own_activities(user: User) -> ActivityQuerySet:
    """Also those from before the last appointment, and those that somebody entered for the person.

    A year of them is taken `between` two days, not `in_period`, which is a report's question: for the person counts
    when it was done, also what was written down only after the report had closed the days.
    """
    return Activity.objects.filter(mediator__in=mediator_roles(user).own)


def own_concerns(user: User) -> ConcernQuerySet:
    """Those the person takes care of or has worked on, of the towns the person may see today."""
    own = mediator_roles(user).own
    worked_on = Activity.objects.filter(concern=OuterRef("pk"), mediator__in=own)
    return Concern.objects.visible_to(user).filter(Q(taken_over_by__in=own) | Exists(worked_on))


def calendar_year(year: int, today: dt.date) -> Period:
    """Of the year that is running only the days until today."""
    return Period(dt.date(year, 1, 1), min(dt.date(year, 12, 31), today))


def years_with_entries(activities: ActivityQuerySet) -> dict[int, WorkedIn]:
    """The newest first. One query."""
    columns = ("day__year", "municipality__name", "municipality__county")
    found: dict[int, WorkedIn] = {}
    for year, town, county in activities.order_by().values_list(*columns).distinct():
        worked_in = found.setdefault(year, WorkedIn([], set()))
        worked_in.towns.append(town)
        worked_in.counties.add(county)
    for worked_in in found.values():
        worked_in.towns.sort(key=german_key)
    return dict(sorted(found.items(), reverse=True))


@dataclass(frozen=True)
class Outcomes:
    """What came of a year: concerns that were done in it, activities by their result (code: number)."""

    concerns_done: int
    activities: Mapping[str, int]


def outcomes_of(parts: Breakdown, concerns_done: int) -> Outcomes:
    return Outcomes(concerns_done, {row.code: row.activities for row in parts.by_result()})


@dataclass(frozen=True)
class Thanks:
    """The year of the newest entry in short."""

    year: int
    activities: int
    minutes: int
    outcomes: Outcomes


def thanks_to(user: User, year: int, today: dt.date) -> Thanks:
    """Two queries, whatever the number of rows."""
    period = calendar_year(year, today)
    parts = breakdown(
        own_activities(user).between(period.start, period.end)
    )  # no names are asked for, so no county
    done = done_within(own_concerns(user), period.start, period.end).count()
    total = parts.totals()
    return Thanks(year, total.activities, total.minutes, outcomes_of(parts, done))


def done_activities(activities: ActivityQuerySet) -> list[Activity]:
    """Those whose result is "umgesetzt", the newest first, at most MOST_DONE."""
    done = activities.filter(result=ActivityResult.DONE).newest_first()
    return list(done.only("title", "day")[:MOST_DONE])


def newest_photos(activities: ActivityQuerySet) -> list[ActivityPhoto]:
    """At most one more than MOST_PHOTOS, which tells that there are more. Each with its activity's title and day."""
    photos = ActivityPhoto.objects.filter(activity__in=activities.order_by()).select_related("activity")
    only = (
        "image",
        "preview",
        "width",
        "height",
        "alt_text",
        "is_decorative",
        "activity__title",
        "activity__day",
    )
    return list(photos.only(*only).order_by("-activity__day", "-pk")[: MOST_PHOTOS + 1])
