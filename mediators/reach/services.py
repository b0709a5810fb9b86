"""Changing many dates of consultation hours at once."""

from __future__ import annotations

import datetime as dt

from mediators.reach.dates import planned_days
from mediators.reach.models import VisitingChange, VisitingHours


def call_off(hours: VisitingHours, first: dt.date, last: dt.date, *, note: str = "") -> int:
    """Every date from `first` to `last` falls out, also one that was moved. How many those are."""
    rows = [VisitingChange(hours=hours, day=day, note=note) for day in planned_days(hours, first, last)]
    VisitingChange.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["hours", "day"],
        update_fields=["moved_to", "starts_at", "ends_at", "note"],
    )
    return len(rows)
