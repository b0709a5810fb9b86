"""Calendar files (RFC 5545), as programs subscribe to them: data in, bytes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True)
class CalendarEntry:
    """From `start` to `end`, two moments, or two days of which the last is not included.

    `uid` stays the same as long as the thing does, so that a calendar moves an entry instead of doubling it.
    """

    uid: str
    start: dt.date | dt.datetime
    end: dt.date | dt.datetime
    title: str
    url: str
    place: str = ""
    is_cancelled: bool = False


def calendar_file(entries: Iterable[CalendarEntry], *, name: str, now: dt.datetime) -> bytes:
    """No entry makes anybody busy."""
    from icalendar import Calendar  # late: few pages need it

    calendar = Calendar()
    calendar.add("prodid", "-//KIV-Portal//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, now: dt.datetime) -> Event:
    from icalendar import Event  # late: few pages need it

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.title)
    event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.is_cancelled:
        event.add("status", "CANCELLED")
    return event
