"""Which days of a mediator's series wait for an answer."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Subquery

from activities.series.models import ActivitySeries, SeriesDay
from kiv_portal.accounts.models import User
from mediators.models import Appointment
from mediators.reach.dates import planned_days

WAITS = dt.timedelta(days=14)  # after that nobody remembers well enough to tap "Ja"
MOST = 5
ENTRY_KEYS = uuid.UUID("6a3c1f0e-4d0b-4b57-9d0a-0d6f7a2c9e55")  # name space of the entries' keys


@dataclass(frozen=True)
class WaitingDay:
    series: ActivitySeries
    day: dt.date

    @property
    def entry_key(self) -> uuid.UUID:
        """The same for every try of this day: pressed twice it is one entry."""
        return uuid.uuid5(ENTRY_KEYS, f"{self.series.pk} {self.day.isoformat()}")


def waiting_days(user: User, today: dt.date) -> list[WaitingDay]:
    """The newest first, at most MOST. One query."""
    return _all_waiting(user, today)[:MOST]


def waiting_day(user: User, pk: int, day: dt.date, today: dt.date) -> WaitingDay | None:
    """One that waits; None for a day that has been answered or is too long ago."""
    waiting = _all_waiting(user, today)
    return next((one for one in waiting if (one.series.pk, one.day) == (pk, day)), None)


def _all_waiting(user: User, today: dt.date) -> list[WaitingDay]:
    """Only days on which the mediator held the post: the log takes no other."""
    first = today - WAITS
    answered = SeriesDay.objects.filter(series=OuterRef("pk"), day__gte=first).order_by().values("day")
    terms = Appointment.objects.filter(mediator=OuterRef("mediator"), municipality=OuterRef("municipality"))
    last_term = terms.order_by(F("ends_on").desc(nulls_first=True))
    rows = ActivitySeries.objects.visible_to(user).overlapping(first, today).filter(Exists(terms))
    with_both = rows.select_related("field", "kind").annotate(
        answered=ArraySubquery(answered), appointed_until=Subquery(last_term.values("ends_on")[:1])
    )
    found = [
        WaitingDay(series, day)
        for series in with_both
        for day in planned_days(series, first, min(today, series.appointed_until or today))
        if day not in series.answered
    ]
    return sorted(found, key=lambda waiting: (waiting.day, waiting.series.title), reverse=True)
