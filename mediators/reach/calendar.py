"""The consultation hours of a town as a calendar anybody may subscribe to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kiv_portal.documents.calendar_file import CalendarEntry, calendar_file
from mediators.reach.dates import VisitingDate
from municipalities.models import Municipality


def visiting_calendar(town: Municipality, dates: Iterable[VisitingDate], *, now: dt.datetime) -> bytes:
    """One entry a date: what falls out is cancelled in it, what is moved moves."""
    url = f"{settings.BASE_URL}{reverse('town_page', args=[town.slug])}"
    entries = (_entry(date, f"Sprechstunde Inklusion {town}", url) for date in dates)
    return calendar_file(entries, name=f"Sprechstunden in {town}", now=now)


def _entry(date: VisitingDate, title: str, url: str) -> CalendarEntry:
    room = date.hours.room
    return CalendarEntry(
        uid=f"sprechstunde-{date.hours.pk}-{date.planned_on}@{settings.BASE_URL.partition('://')[2]}",
        start=_moment(date.day, date.starts_at),
        end=_moment(date.day, date.ends_at),
        title=f"{title}: fällt aus" if date.falls_out else title,
        url=url,
        place=", ".join(part for part in (room.name, room.address) if part),
        is_cancelled=date.falls_out,
    )


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
