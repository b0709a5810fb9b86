"""The answer to a day of a series: in the log, or not."""

from __future__ import annotations

from django.db import transaction

from activities.log.models import Activity
from activities.log.services import EntryRefused, store_entry
from activities.series.models import SeriesDay
from activities.series.queries import WaitingDay


def entry_of(waiting: WaitingDay) -> Activity:
    """What "Ja" stores: nothing is said about who came and what happened."""
    series = waiting.series
    return Activity(
        entry_key=waiting.entry_key,
        mediator=series.mediator,
        municipality=series.municipality,
        day=waiting.day,
        title=series.title,
        place=series.place,
        field=series.field,
        kind=series.kind,
        starts_at=series.starts_at,
        minutes=series.minutes,
        internal_note="",
    )


def store_day(waiting: WaitingDay) -> Activity:
    """Raises EntryRefused: the day lies outside of the appointment, or a report has closed it."""
    with transaction.atomic():
        entry = entry_of(waiting)
        if entry.closed_by():
            raise EntryRefused("Der Bericht über diesen Tag ist schon eingereicht. Möglich ist ein Nachtrag.")
        store_entry(entry)
        settle(waiting, took_place=True)
    return entry


def settle(waiting: WaitingDay, *, took_place: bool) -> None:
    """Said twice it is said; the last word counts."""
    SeriesDay.objects.update_or_create(
        series=waiting.series, day=waiting.day, defaults={"took_place": took_place}
    )
