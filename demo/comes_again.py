"""What comes again in a mediator's work: one series that waits today, one that has ended."""

from __future__ import annotations

import datetime as dt

from activities.models import Activity, ActivitySeries
from demo.days import DAY
from mediators.models import Rhythm
from municipalities.models import Municipality


def make_series(town: Municipality, today: dt.date) -> None:
    """From the newest consultation hour, or else the newest activity."""
    entries = Activity.objects.filter(municipality=town).newest_first()
    like = entries.filter(kind__code="sprechstunde").first() or entries[:1].get()
    shared = {"mediator": like.mediator, "municipality": town, "field_id": like.field_id, "kind": like.kind}
    ActivitySeries.objects.bulk_create(
        [
            ActivitySeries(
                **shared,
                title="Sprechstunde im Rathaus",
                place="Rathaus",
                minutes=120,
                starts_at=dt.time(15),
                rhythm=Rhythm.WEEKLY,
                weekday=today.isoweekday(),
                starts_on=today - 2 * DAY,
            ),
            ActivitySeries(
                **shared,
                title="Offenes Treffen im Seniorenzentrum",
                minutes=90,
                rhythm=Rhythm.FIRST,
                weekday=4,
                starts_on=today - 300 * DAY,
                ends_on=today - 60 * DAY,
            ),
        ]
    )
