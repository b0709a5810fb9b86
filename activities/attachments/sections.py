"""What the pages of an activity and of a concern show of photos and documents."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from activities.attachments.models import ActivityDocument, ConcernPhoto
from activities.concerns.models import Concern
from activities.log.models import Activity
from kiv_portal.accounts.requests import SignedInRequest

PARTS = ("image", "preview", "edit", "remove")


def photo_section(entry: Activity | Concern, *, can_change: bool) -> dict[str, Any]:
    """What templates/activities/attachments/_photos.html shows of an activity or a concern. One query."""
    kind = "activity" if isinstance(entry, Activity) else "concern"
    return {
        "can_change": can_change,
        "add_url": reverse(f"{kind}_photo_add", args=[entry.pk]),
        "cards": [
            {
                "photo": photo,
                "moment": photo.get_moment_display() if isinstance(photo, ConcernPhoto) else "",
                "is_from_outside": photo.added_by_id is None,
                **{part: reverse(f"{kind}_photo_{part}", args=[photo.pk]) for part in PARTS},
            }
            for photo in entry.photos.all()
        ],
    }


def document_section(request: SignedInRequest, activity: Activity, *, can_change: bool) -> dict[str, Any]:
    """What templates/activities/attachments/_documents.html shows. One query."""
    documents = ActivityDocument.objects.visible_to(request.user).filter(activity=activity)
    return {"can_change": can_change, "activity": activity, "documents": documents}
