"""Which activities a report lists one by one. Day and duration would tell everybody when a volunteer worked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reports.figures.snapshot import ActivityList, ListedActivity, Snapshot


def for_everybody(snapshot: Snapshot) -> Snapshot:
    """The snapshot as every file shows it that may become public: activities by month, without day and duration, or
    none at all. What was frozen before there was a choice stays as it was.
    """
    if snapshot.activity_list == ActivityList.OPEN:
        return snapshot
    listed = () if snapshot.activity_list == ActivityList.NONE else snapshot.activities
    return replace(snapshot, activities=_by_month(listed), late=_by_month(snapshot.late))


def _by_month(activities: Iterable[ListedActivity]) -> tuple[ListedActivity, ...]:
    """In an order that does not tell the day either."""
    rows = [replace(row, day=row.day[:7], minutes=None, travel_minutes=None) for row in activities]
    return tuple(sorted(rows, key=lambda row: (row.day, row.field or "", row.title, row.kind)))


def has_days(activities: Iterable[ListedActivity]) -> bool:
    return all(row.minutes is not None for row in activities)
