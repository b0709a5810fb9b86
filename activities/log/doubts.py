"""What an entry can be and seldom is: asked about before it is stored, never refused. Page, queue and import alike."""

from __future__ import annotations

import datetime as dt
import uuid

from activities.log.models import Activity
from activities.log.refusals import MINUTES_PER_DAY
from kiv_portal.written.durations import hours_and_minutes

LONG_MINUTES = 8 * 60
SHORT_MINUTES = 5

Alike = tuple[dt.date, str, int]  # day, title in small letters, minutes


def doubt_about_length(minutes: int) -> str:
    """A German sentence; "" for what is usual, and for what is refused anyway."""
    if LONG_MINUTES < minutes <= MINUTES_PER_DAY:
        return f"{hours_and_minutes(minutes)} sind viel für eine einzige Aktivität. Stimmt das?"
    if 0 < minutes < SHORT_MINUTES:
        return f"{hours_and_minutes(minutes)}: Das ist sehr kurz für eine Aktivität. Stimmt das?"
    return ""


def likeness(day: dt.date, title: str, minutes: int) -> Alike:
    """Entries of one mediator for which this is the same may be one that was written down twice."""
    return day, title.lower(), minutes


def is_there_already(mediator_id: int, alike: Alike, *, entry_key: uuid.UUID) -> bool:
    """Whether the mediator has such an entry beside the one of this key. One query, of one day."""
    day, title, minutes = alike
    others = Activity.objects.filter(mediator=mediator_id, day=day, minutes=minutes).exclude(
        entry_key=entry_key
    )
    return title in map(str.lower, others.order_by().values_list("title", flat=True))
