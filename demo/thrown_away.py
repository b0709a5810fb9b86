"""What lies in the bin: an entry that was stored twice, and a report that is none."""

from __future__ import annotations

import uuid

from activities.models import Activity, Concern
from activities.trash.services import discard
from municipalities.models import Municipality


def throw_away(activities: list[Activity], town: Municipality) -> None:
    """A copy of the newest entry, and advertising: nothing of what the demo counts."""
    newest = max(activities, key=lambda activity: (activity.day, activity.pk))
    twice = Activity.objects.get(pk=newest.pk)
    twice.pk, twice.entry_key, twice.concern = None, uuid.uuid5(newest.entry_key, "twice"), None
    twice.minutes, twice.travel_minutes, twice.follow_up_on, twice.followed_up_at = 30, 0, None, None
    twice.save(force_insert=True)
    discard(twice, by=newest.mediator.user)
    advertising = Concern.objects.create(
        municipality=town,
        title="Günstige Treppenlifte, nur diese Woche!",
        description="Rufen Sie gleich an und sparen Sie bei Treppenliften aller Marken.",
        reported_on=newest.day,
    )
    discard(advertising, by=newest.mediator.user)
