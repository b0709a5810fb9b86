"""What the pages of an activity and of a concern show of photos and documents."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from activities.attachments.models import ActivityDocument, ActivityPhoto, ConcernPhoto
from activities.concerns.models import Concern
from activities.log.models import Activity
from kiv_portal.accounts.requests import SignedInRequest

ACTIONS = ("edit", "remove")
AnyPhoto = ActivityPhoto | ConcernPhoto


def file_url(photo: AnyPhoto, part: str) -> str:
    """Of its "image" or "preview"."""
    return f"{action_url(photo, part)}?v={photo.version}"


def action_url(photo: AnyPhoto, action: str) -> str:
    """Of "edit" or "remove", too."""
    kind = "activity" if isinstance(photo, ActivityPhoto) else "concern"
    return reverse(f"{kind}_photo_{action}", args=[photo.pk])


def photo_section(
    entry: Activity | Concern, *, can_change: bool, can_describe: bool = False
) -> dict[str, Any]:
    """Who `can_describe` may still write a description that is missing, also when nothing else changes any more.

    What templates/activities/attachments/_photos.html shows of an activity or a concern. One query."""
    kind = "activity" if isinstance(entry, Activity) else "concern"
    return {
        "can_change": can_change,
        "add_url": reverse(f"{kind}_photo_add", args=[entry.pk]),
        "cards": [
            {
                "photo": photo,
                "moment": photo.get_moment_display() if isinstance(photo, ConcernPhoto) else "",
                "is_from_outside": photo.added_by_id is None,
                "can_edit": can_change or (can_describe and not photo.is_described),
                **{part: file_url(photo, part) for part in ("image", "preview")},
                **{action: action_url(photo, action) for action in ACTIONS},
            }
            for photo in entry.photos.all()
        ],
    }


def document_section(request: SignedInRequest, activity: Activity, *, can_change: bool) -> dict[str, Any]:
    """What templates/activities/attachments/_documents.html shows. One query."""
    documents = ActivityDocument.objects.visible_to(request.user).filter(activity=activity)
    return {"can_change": can_change, "activity": activity, "documents": documents}
