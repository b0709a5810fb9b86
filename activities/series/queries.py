"""Which days of a mediator's series wait for an answer."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from activities.series.models import ActivitySeries, SeriesDay
from kiv_portal.accounts.models import User
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
    first = today - WAITS
    answered = SeriesDay.objects.filter(series=OuterRef("pk"), day__gte=first).order_by().values("day")
    rows = ActivitySeries.objects.visible_to(user).overlapping(first, today)
    found = [
        WaitingDay(series, day)
        for series in rows.select_related("field", "kind").annotate(answered=ArraySubquery(answered))
        for day in planned_days(series, first, today)
        if day not in series.answered
    ]
    return sorted(found, key=lambda waiting: (waiting.day, waiting.series.title), reverse=True)[:MOST]


def waiting_day(user: User, pk: int, day: dt.date, today: dt.date) -> WaitingDay | None:
    """One that waits; None also for a day that has been answered."""
    return next(
        (waiting for waiting in waiting_days(user, today) if (waiting.series.pk, waiting.day) == (pk, day)),
        None,
    )
