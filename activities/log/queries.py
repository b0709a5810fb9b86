"""What the form of an entry offers, and what is to be looked after again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Exists,
    OuterRef,
)

from activities.figures.totals import CROSS_CUTTING
from activities.log.closed_period import ClosedPeriod
from activities.log.models import Activity, ActivityOrganisation, ActivityQuerySet
from activities.log.organisations import Organisation
from kiv_portal.german_order import GermanOrder, german_key
from mediators.models import Appointment, Mediator
from mediators.roles import mediator_roles
from municipalities.models import Municipality

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from kiv_portal.accounts.models import User

RECENT_ENTRIES = 50  # of one mediator, for titles and the last choice
MOST_FOLLOW_UPS = 8
RECENT_PLACES = 300  # activities of the towns that are looked through for places


class TookPart(TypedDict):
    """`is_chosen`: in this activity; `is_usual`: in any of these towns."""

    is_chosen: bool
    is_usual: bool


def organisations_offered(
    towns: list[Municipality], activity: Activity
) -> list[WithAnnotations[Organisation, TookPart]]:
    """The list of the towns' county."""
    part = ActivityOrganisation.objects.filter(organisation=OuterRef("pk"))
    return list(
        Organisation.objects.filter(county__in={town.county_id for town in towns})
        .annotate(
            is_chosen=Exists(part.filter(activity=activity.pk)),
            is_usual=Exists(part.filter(activity__municipality__in=towns)),
        )
        .order_by(GermanOrder("name"), "name")
    )


@dataclass(frozen=True)
class FollowUps:
    """What is to be looked after again, the earliest first; `has_more` if not all of it is here."""

    due: list[Activity]
    coming: list[Activity]
    has_more: bool


def follow_ups(activities: ActivityQuerySet, today: dt.date) -> FollowUps:
    """One query, however many there are."""
    first = list(activities.to_follow_up().only("title", "follow_up_on")[: MOST_FOLLOW_UPS + 1])
    shown = first[:MOST_FOLLOW_UPS]
    return FollowUps(
        due=[activity for activity in shown if activity.follow_up_on <= today],
        coming=[activity for activity in shown if activity.follow_up_on > today],
        has_more=len(first) > MOST_FOLLOW_UPS,
    )


@dataclass(frozen=True)
class EarlierEntries:
    """What a mediator wrote last: where a new entry starts, and titles to choose from, the newest first."""

    kind: str = ""
    field: str = ""
    titles: tuple[str, ...] = ()


def may_add_entries(user: User, today: dt.date) -> bool:
    """Appointed today, or until a day that no report has closed yet."""
    if mediator_roles(user).appointed:
        return True
    last_day = OuterRef("ends_on")
    closed = ClosedPeriod.objects.filter(
        municipality=OuterRef("municipality"), starts_on__lte=last_day, ends_on__gte=last_day
    )
    ended = Appointment.objects.of_user(user).filter(ends_on__lt=today)
    return ended.filter(~Exists(closed)).exists()


def earlier_entries(mediator: Mediator) -> EarlierEntries:
    rows = Activity.objects.filter(mediator=mediator).order_by("-pk")
    latest = list(rows.values_list("kind__code", "field__code", "title")[:RECENT_ENTRIES])
    if not latest:
        return EarlierEntries()
    kind, field, _ = latest[0]
    titles = tuple(dict.fromkeys(title for _, _, title in latest))
    return EarlierEntries(kind, field or CROSS_CUTTING, titles)


def earlier_places(towns: list[Municipality]) -> list[str]:
    """Places that activities in these towns named lately, each once."""
    rows = Activity.objects.filter(municipality__in=towns).order_by("-day")
    places = {place for place in rows.values_list("place", flat=True)[:RECENT_PLACES] if place}
    return sorted(places, key=german_key)
