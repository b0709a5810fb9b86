"""Gives some entries of the demo a picture, as a mediator would: by the same service, read and written anew."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from activities.attachments.services import add_activity_photo, add_concern_photo, add_reporters_photo
from activities.models import Activity, ActivityPhoto, Concern, ConcernPhoto, ConcernState, PhotoMoment
from demo.pictures import Picture, drawn, pair_for, picture_for
from kiv_portal.accounts.models import User
from kiv_portal.uploads.photo import read_photo

PHOTOS_OF_A_TOWN = 4
WITH_PHOTOS = dt.timedelta(days=500)  # older entries have none: a picture takes longer to store than all else
ENTRY_KEYS = uuid.UUID("2c0f9d52-8f3e-4a55-9d0c-6d1c6f7f2b31")  # name space of the pictures' entry keys


def add_photos(activities: Iterable[Activity], concerns: Iterable[Concern], today: dt.date) -> None:
    """To the inspections of the present and the last term, and to what was reported in that time."""
    first = today - WITH_PHOTOS
    shown = [
        (a, picture)
        for a in activities
        if a.day >= first and a.kind.code == "begehung" and (picture := picture_for(a.title))
    ]
    chosen = shown[:: max(len(shown) // PHOTOS_OF_A_TOWN, 1)][:PHOTOS_OF_A_TOWN]
    newest = max((activity.day for activity, _ in chosen), default=today)
    for activity, picture in chosen:
        photo = add_activity_photo(
            activity,
            drawn(picture.motif),
            alt_text="" if activity.day == newest else picture.alt_text,  # that sentence is still to come
            is_decorative=False,
            by=activity.mediator.user,
            entry_key=uuid.uuid5(ENTRY_KEYS, str(activity.entry_key)),
        )
        _dated(photo, activity.created_at)
    for concern in concerns:
        if concern.reported_on < first:
            continue
        pair = pair_for(concern.title)
        if pair and concern.state == ConcernState.DONE and concern.taken_over_by:
            _before_and_after(concern, pair, by=concern.taken_over_by.user)
        elif concern.state == ConcernState.REPORTED and (picture := picture_for(concern.title)):
            first_look = add_reporters_photo(concern, read_photo(drawn(picture.motif)), alt_text="")
            _dated(first_look, concern.created_at)


def _before_and_after(concern: Concern, pair: tuple[Picture, Picture], *, by: User) -> None:
    moments = ((PhotoMoment.BEFORE, concern.created_at), (PhotoMoment.AFTER, concern.closed_at))
    for picture, (moment, taken_at) in zip(pair, moments, strict=True):
        photo = add_concern_photo(
            concern,
            drawn(picture.motif),
            moment=moment,
            alt_text=picture.alt_text,
            is_decorative=False,
            by=by,
            entry_key=uuid.uuid5(ENTRY_KEYS, f"{concern.entry_key} {moment}"),
        )
        _dated(photo, taken_at)
    concern.photos.filter(concern__is_public=True).update(is_public=True)


def _dated(photo: ActivityPhoto | ConcernPhoto, taken_at: dt.datetime | None) -> None:
    """In the demo's year, not on the day on which the demo is loaded."""
    type(photo).objects.filter(pk=photo.pk).update(added_at=taken_at)
