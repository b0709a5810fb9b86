"""What people are told of their own work, and whom there is something to tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from activities.models import Activity, ActivityQuerySet
from activities.series.queries import waiting_days
from home.work_list.kinds import Duty
from home.work_list.queries import work_of
from home.year.queries import own_activities
from kiv_portal.accounts.models import User
from mediators.models import Appointment
from municipalities.models import CountyStaff, MunicipalityContact

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 10  # of anything in one e-mail


@dataclass(frozen=True)
class Week:
    """What waits when the week begins, and what a mediator wanted to look after until its end."""

    duties: list[Duty]
    follow_ups: list[Activity]

    @property
    def is_empty(self) -> bool:
        return not (self.duties or self.follow_ups)

    @property
    def first_duties(self) -> list[Duty]:
        return self.duties[:MOST]

    @property
    def more_duties(self) -> int:
        return max(0, len(self.duties) - MOST)


def mediators_on(day: dt.date) -> QuerySet[User]:
    """Those appointed that day, with an account that is open and has been used."""
    return _at_home(Q(pk__in=Appointment.objects.in_force_on(day).values("mediator__user")))


def workers_on(day: dt.date) -> QuerySet[User]:
    """Mediators, contacts and coordinators of that day, as far as they have been here."""
    return _at_home(
        Q(pk__in=Appointment.objects.in_force_on(day).values("mediator__user"))
        | Q(pk__in=MunicipalityContact.objects.in_force_on(day).values("user"))
        | Q(pk__in=CountyStaff.objects.in_force_on(day).values("user"))
    )


def _at_home(who: Q) -> QuerySet[User]:
    return User.objects.filter(who, is_active=True, last_login__isnull=False).order_by("pk")


def to_follow_up_on(user: User, day: dt.date) -> ActivityQuerySet:
    return own_activities(user).to_follow_up().filter(follow_up_on=day)


def week_of(user: User, monday: dt.date, today: dt.date) -> Week:
    """Four queries."""
    sunday = monday + dt.timedelta(days=6)
    duties = work_of(user, today, waiting_days(user, today))
    return Week(
        duties=[duty for duty in duties if duty.kind != "follow_ups"],  # they are named
        follow_ups=list(own_activities(user).to_follow_up().filter(follow_up_on__lte=sunday)[:MOST]),
    )
