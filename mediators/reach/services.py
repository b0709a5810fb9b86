"""What changes many rows at once: dates that fall out, and telephones of people who have left."""

from __future__ import annotations

import datetime as dt

from mediators.people.models import Appointment
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


def forget_phones(today: dt.date, *, dry_run: bool = False) -> int:
    """Delete the telephones that people showed to everybody and whose appointment is over; how many."""
    over = Appointment.objects.filter(ends_on__lt=today).exclude(public_phone="")
    return over.count() if dry_run else over.update(public_phone="")
