"""Photos and documents: a row and its files come together; together they go into the bin."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile

from activities.attachments.models import (
    MOST,
    ActivityDocument,
    ActivityPhoto,
    ConcernPhoto,
    PhotoMoment,
)
from activities.concerns.models import Concern, ConcernState
from activities.log.models import Activity
from activities.trash.models import TrashItem
from activities.trash.services import discard
from kiv_portal.uploads.pdf import DocumentRefused, check_document
from kiv_portal.uploads.photo import PhotoRefused, ReadPhoto, read_photo, turned

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

AnyPhoto = TypeVar("AnyPhoto", ActivityPhoto, ConcernPhoto)
TOO_MANY_PHOTOS = f"Hier stehen schon {MOST} Fotos. Bitte entfernen Sie zuerst eines."
NO_MORE_PHOTOS = "Zu dieser Meldung gibt es schon viele Fotos. Bitte senden Sie nur den Text."
TOO_MANY_DOCUMENTS = f"Hier stehen schon {MOST} Dokumente. Bitte entfernen Sie zuerst eines."


class EntryLocked(Exception):
    """A report has closed the period of the entry. The message is a German sentence."""


def check_open(activity: Activity) -> None:
    """Raises EntryLocked if a report has closed the period."""
    if closed := activity.closed_by():
        raise EntryLocked(closed.sentence)


def add_activity_photo(
    activity: Activity,
    data: bytes,
    *,
    alt_text: str,
    is_decorative: bool,
    by: User,
    entry_key: uuid.UUID | None = None,
) -> ActivityPhoto:
    """The same key again is the same photo. Raises PhotoRefused or EntryLocked."""
    photo = ActivityPhoto(activity=activity, alt_text=alt_text, is_decorative=is_decorative, added_by=by)
    if stored := _stored(activity.photos.all(), entry_key):
        return stored
    check_open(activity)
    if activity.photos.count() >= MOST:
        raise PhotoRefused(TOO_MANY_PHOTOS)
    return _store_photo(photo, read_photo(data), entry_key, activity.photos.all())


def add_concern_photo(
    concern: Concern,
    data: bytes,
    *,
    moment: str,
    alt_text: str,
    is_decorative: bool,
    by: User,
    entry_key: uuid.UUID | None = None,
) -> ConcernPhoto:
    """The same key again is the same photo. Raises PhotoRefused."""
    photo = ConcernPhoto(
        concern=concern, moment=moment, alt_text=alt_text, is_decorative=is_decorative, added_by=by
    )
    if stored := _stored(concern.photos.all(), entry_key):
        return stored
    if concern.photos.count() >= MOST:
        raise PhotoRefused(TOO_MANY_PHOTOS)
    return _store_photo(photo, read_photo(data), entry_key, concern.photos.all())


def add_reporters_photo(concern: Concern, read: ReadPhoto, *, alt_text: str) -> ConcernPhoto:
    """What somebody without an account has sent along, one photo a concern; an empty `alt_text` waits for somebody of
    the town.
    """
    photo = ConcernPhoto(concern=concern, alt_text=alt_text)
    return _store_photo(photo, read, concern.entry_key, concern.photos.all())


def add_photo_of_new_entry(activity: Activity, read: ReadPhoto, *, alt_text: str, by: User) -> ActivityPhoto:
    """What came with the entry itself; sent twice it is stored once. An empty `alt_text` may follow."""
    photo = ActivityPhoto(activity=activity, alt_text=alt_text, added_by=by)
    stored = _stored(activity.photos.all(), activity.entry_key)
    return stored or _store_photo(photo, read, activity.entry_key, activity.photos.all())


def add_later_photo(
    concern: Concern, read: ReadPhoto, *, alt_text: str, entry_key: uuid.UUID
) -> ConcernPhoto:
    """What who reported it sends afterwards. Raises PhotoRefused where there are too many."""
    if concern.photos.count() >= MOST:
        raise PhotoRefused(NO_MORE_PHOTOS)
    moment = PhotoMoment.AFTER if concern.state == ConcernState.DONE else PhotoMoment.BEFORE
    photo = ConcernPhoto(concern=concern, alt_text=alt_text, moment=moment)
    return _store_photo(photo, read, entry_key, concern.photos.all())


def add_activity_document(
    activity: Activity, data: bytes, *, name: str, is_receipt: bool, by: User
) -> ActivityDocument:
    """Raises DocumentRefused or EntryLocked."""
    check_open(activity)
    if activity.documents.count() >= MOST:
        raise DocumentRefused(TOO_MANY_DOCUMENTS)
    check_document(data)
    document = ActivityDocument(
        activity=activity, name=name, size=len(data), is_receipt=is_receipt, added_by=by
    )
    _save_with_files(document, {"file": data}, "dokument.pdf")
    return document


def describe_photo(photo: ActivityPhoto | ConcernPhoto, *, alt_text: str, is_decorative: bool) -> None:
    """A description that was missing may come at any time: no report shows the photo yet. Raises EntryLocked."""
    if isinstance(photo, ActivityPhoto) and photo.is_described:
        check_open(photo.activity)
    photo.alt_text, photo.is_decorative = alt_text, is_decorative
    photo.save(update_fields=["alt_text", "is_decorative"])


def turn_photo(photo: ActivityPhoto | ConcernPhoto, *, clockwise: bool, seen: str) -> None:
    """A quarter further, unless it was turned since it was `seen` (its version): pressed twice it turns once.

    The files of before stay until the sweep: a report that was submitted may name them. Raises EntryLocked.
    """
    if isinstance(photo, ActivityPhoto):
        check_open(photo.activity)
    with transaction.atomic():
        type(photo).objects.select_for_update().get(pk=photo.pk)
        photo.refresh_from_db(fields=["image", "width", "height"])
        if photo.version != seen:
            return
        with photo.image.open("rb") as file:
            read = turned(file.read(), clockwise=clockwise)
        photo.width, photo.height = read.width, read.height
        _save_with_files(photo, {"image": read.image, "preview": read.preview}, "foto.jpg")


def remove(row: ActivityPhoto | ConcernPhoto | ActivityDocument, *, by: User) -> TrashItem | None:
    """Into the bin; None if somebody was faster. Raises EntryLocked."""
    if not isinstance(row, ConcernPhoto):
        check_open(row.activity)
    return discard(row, by=by)


def _stored(photos: Iterable[AnyPhoto], entry_key: uuid.UUID | None) -> AnyPhoto | None:
    return next((photo for photo in photos if photo.entry_key == entry_key), None) if entry_key else None


def _store_photo(
    photo: AnyPhoto, read: ReadPhoto, entry_key: uuid.UUID | None, siblings: Iterable[AnyPhoto]
) -> AnyPhoto:
    photo.width, photo.height = read.width, read.height
    if entry_key and not type(photo)._default_manager.filter(entry_key=entry_key).exists():
        photo.entry_key = entry_key  # else it is another entry's: this photo keeps a key of its own
    try:
        _save_with_files(photo, {"image": read.image, "preview": read.preview}, "foto.jpg")
    except IntegrityError:
        if stored := _stored(siblings, entry_key):  # the same photo was sent twice in one moment
            return stored
        raise
    return photo


def _save_with_files(
    row: ActivityPhoto | ConcernPhoto | ActivityDocument, contents: dict[str, bytes], filename: str
) -> None:
    """Without the row no file stays."""
    stored: list[FieldFile] = []
    try:
        for name, content in contents.items():
            file = getattr(row, name)
            file.save(filename, ContentFile(content), save=False)
            stored.append(file)
        with transaction.atomic():
            row.save()
    except BaseException:
        for file in stored:
            file.storage.delete(str(file.name))
        raise
