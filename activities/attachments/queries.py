"""What still has to be done about photos."""

from __future__ import annotations

from dataclasses import dataclass

from activities.attachments.models import ActivityPhoto
from activities.log.models import ActivityQuerySet

MOST_UNDESCRIBED = 3


@dataclass(frozen=True)
class UndescribedPhotos:
    """The newest first, each with the title and the day of its activity."""

    photos: list[ActivityPhoto]
    has_more: bool


def undescribed_photos(activities: ActivityQuerySet) -> UndescribedPhotos:
    """One query, however many there are."""
    found = ActivityPhoto.objects.undescribed().filter(activity__in=activities.order_by())
    only = (
        found.select_related("activity").only("activity__title", "activity__day").order_by("-added_at", "-pk")
    )
    photos = list(only[: MOST_UNDESCRIBED + 1])
    return UndescribedPhotos(photos[:MOST_UNDESCRIBED], len(photos) > MOST_UNDESCRIBED)
