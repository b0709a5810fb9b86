"""The photos of a report: chosen while it is written, frozen by their checksum, read again for every file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING, TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from activities.models import ActivityPhoto, ConcernPhoto
from reports.figures.snapshot import FrozenPicture, PhotoGroup, Snapshot
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport
from reports.writing.photo_models import ReportPhoto
from reports.writing.photo_queries import LogPhoto, chosen_photos, day_of, entry_of
from reports.writing.services import locked_for_writing

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

AnyPhoto = TypeVar("AnyPhoto", ActivityPhoto, ConcernPhoto)
MOST = 12  # a council reads eight pages, not an album
TOO_MANY = f"In einen Bericht passen höchstens {MOST} Fotos. Bitte wählen Sie weniger aus."


class TooManyPhotos(Exception):
    """The message is a German sentence."""


def choose_photos(
    report: InterimReport, *, offered: Collection[LogPhoto], chosen: Collection[LogPhoto], by: User
) -> None:
    """Of those offered on a page exactly the chosen ones stand in the report; others stay as they are.

    Raises TooManyPhotos or ReportNotEditable; nothing changes then.
    """
    with transaction.atomic():
        report = locked_for_writing(report)
        left_out = set(offered) - set(chosen)
        report.photos.filter(activity_photo__in=_of(ActivityPhoto, left_out)).delete()
        report.photos.filter(concern_photo__in=_of(ConcernPhoto, left_out)).delete()
        rows = [
            ReportPhoto(report=report, chosen_by=by, activity_photo=p) for p in _of(ActivityPhoto, chosen)
        ]
        rows += [ReportPhoto(report=report, chosen_by=by, concern_photo=p) for p in _of(ConcernPhoto, chosen)]
        ReportPhoto.objects.bulk_create(rows, ignore_conflicts=True)
        if report.photos.count() > MOST:
            raise TooManyPhotos(TOO_MANY)
        InterimReport.objects.filter(pk=report.pk).update(updated_at=timezone.now())


def _of(kind: type[AnyPhoto], photos: Collection[LogPhoto]) -> list[AnyPhoto]:
    return [photo for photo in photos if isinstance(photo, kind)]


def frozen_photos(report: InterimReport) -> list[PhotoGroup]:
    """For the snapshot: what is to be seen, and which file shows it. Raises ReportNotEditable for one that is gone."""
    return [
        PhotoGroup(title=entry_of(group[0]).title, pictures=tuple(_frozen(photo) for photo in group))
        for group in chosen_photos(report)
    ]


def _frozen(photo: LogPhoto) -> FrozenPicture:
    name = str(photo.image.name)
    data = _read(name)
    if data is None:
        raise ReportNotEditable(
            f"Ein Foto lässt sich nicht lesen: „{entry_of(photo).title}“. "
            "Bitte nehmen Sie es unter „Fotos“ aus dem Bericht, und reichen Sie ihn dann ein."
        )
    return FrozenPicture(
        moment=photo.moment if isinstance(photo, ConcernPhoto) else "",
        day=day_of(photo).isoformat(),
        alt=photo.alt_text,
        sha256=hashlib.sha256(data).hexdigest(),
        file=name,
    )


def stored_photos(snapshot: Snapshot) -> dict[str, bytes]:
    """{checksum: file} of a snapshot's photos, as far as they are still there."""
    found = {}
    for group in snapshot.photos:
        for picture in group.pictures:
            if (content := _read(picture.file)) is not None:
                found[picture.sha256] = content
    return found


def _read(name: str) -> bytes | None:
    try:
        with default_storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content
