"""An entry that was written down when the report on its day had been submitted: the next report tells it."""

from __future__ import annotations

import uuid

from activities.models import Activity, ClosedPeriod
from municipalities.models import Municipality


def tell_late(town: Municipality) -> None:
    """A copy of the last entry of the newest closed period, shorter and about something else."""
    closed = ClosedPeriod.objects.filter(municipality=town).order_by("-ends_on").first()
    if closed is None:  # no report has been submitted yet
        return
    reported = Activity.objects.filter(municipality=town).in_period(closed.starts_on, closed.ends_on)
    late = reported.newest_first()[:1].get()
    late.pk, late.entry_key, late.concern = None, uuid.uuid5(late.entry_key, "late"), None
    late.title, late.description = "Telefonat mit dem Seniorenrat", "Im Kalender wiedergefunden."
    late.minutes, late.travel_minutes, late.expenses_cents = 25, 0, 0
    late.people_reached, late.people_reached_to, late.is_estimated = None, None, False
    late.result, late.result_note, late.internal_note = "", "", ""
    late.starts_at, late.follow_up_on, late.followed_up_at, late.is_late = None, None, None, True
    late.save(force_insert=True)
