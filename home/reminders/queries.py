"""What a mediator is told, and whom there is something to tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities.attachments.queries import UndescribedPhotos, undescribed_photos
from activities.models import Activity, ActivityQuerySet, Concern, ConcernState
from home.year.queries import own_activities
from kiv_portal.accounts.models import User
from mediators.models import Appointment
from reports.models import InterimReport

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 10  # of anything in one e-mail


@dataclass(frozen=True)
class Week:
    """What waits from a Monday to a Sunday; `overdue_concerns` are promises whose day is over, `late_replies` concerns
    whose office has let its time for an answer pass.
    """

    follow_ups: list[Activity]
    reports: list[InterimReport]
    new_concerns: int
    overdue_concerns: int
    late_replies: int
    undescribed: UndescribedPhotos

    @property
    def is_empty(self) -> bool:
        lists = (self.follow_ups, self.reports, self.undescribed.photos)
        return not (any(lists) or self.new_concerns or self.overdue_concerns or self.late_replies)


def mediators_on(day: dt.date) -> QuerySet[User]:
    """Those appointed that day, with an account that is open and has been used."""
    appointed = Appointment.objects.in_force_on(day).values("mediator__user")
    return User.objects.filter(pk__in=appointed, is_active=True, last_login__isnull=False).order_by("pk")


def to_follow_up_on(user: User, day: dt.date) -> ActivityQuerySet:
    return own_activities(user).to_follow_up().filter(follow_up_on=day)


def week_of(user: User, monday: dt.date, today: dt.date) -> Week:
    """Six queries."""
    sunday = monday + dt.timedelta(days=6)
    own = own_activities(user)
    concerns = Concern.objects.visible_to(user)
    reports = InterimReport.objects.visible_to(user).with_town().filter(state="draft", due_on__lte=sunday)
    return Week(
        follow_ups=list(own.to_follow_up().filter(follow_up_on__lte=sunday)[:MOST]),
        reports=list(reports.order_by("due_on")[:MOST]),
        new_concerns=concerns.filter(state=ConcernState.REPORTED).count(),
        overdue_concerns=concerns.overdue_on(today).count(),
        late_replies=concerns.waiting_for_reply_on(today).count(),
        undescribed=undescribed_photos(own),
    )
