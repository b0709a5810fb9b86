"""Into the bin, back out of it, and away for good. Each is one transaction, also with its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from activities.attachments.models import MOST, ActivityDocument, ActivityPhoto, ConcernPhoto
from activities.concerns.models import Concern
from activities.log.closed_period import ClosedPeriod
from activities.log.models import Activity
from activities.log.services import EntryRefused, refused_in_words
from activities.trash.models import TrashFile, TrashItem, TrashKind, kept_until_of
from activities.trash.queries import concern_of, obstacle
from activities.trash.rows import put_back, take_out

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

Discardable = Activity | ActivityPhoto | ActivityDocument | Concern | ConcernPhoto
TWICE = "Das gibt es schon wieder: Es wurde inzwischen noch einmal gespeichert."
ORPHANED = "Das lässt sich nicht mehr zurückholen: Es gehörte zu etwas, das es nicht mehr gibt."


class NotRestorable(Exception):
    """What stands against it today. The message is a German sentence."""


class AlreadyGone(Exception):
    """Somebody was faster: it is back, or deleted for good."""


# --- in


@transaction.atomic
def discard(row: Discardable, *, by: User) -> TrashItem | None:
    """Put it into the bin with all that hangs on it. None: somebody else has just taken it away.

    Raises IntegrityError where the database says no.
    """
    locked = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if locked is None:
        return TrashItem.objects.filter(kind=row._meta.model_name, object_pk=row.pk).first()
    kind, values, now = str(row._meta.model_name), _described(locked), timezone.now()
    rows, files = take_out(locked)
    item = TrashItem.objects.create(
        kind=kind,
        object_pk=row.pk,
        deleted_at=now,
        deleted_by=by,
        kept_until=kept_until_of(now),
        rows=rows,
        **values,
    )
    for name in files:
        _put_away(item, name)
    return item


def _described(row: Discardable) -> dict[str, Any]:
    """What the page says about it, and who may bring it back."""
    entry = _entry_of(row)
    values = {
        "title": str(row),
        "entry_pk": entry.pk,
        "entry_title": entry.title,
        "municipality_id": entry.municipality_id,
    }
    if isinstance(entry, Concern):
        return values | {"day": entry.reported_on}
    return values | {
        "day": entry.day,
        "mediator_id": entry.mediator_id,
        "entered_by_id": entry.entered_by_id,
    }


def _entry_of(row: Discardable) -> Activity | Concern:
    if isinstance(row, ActivityPhoto | ActivityDocument):
        return row.activity
    return row.concern if isinstance(row, ConcernPhoto) else row


def _put_away(item: TrashItem, name: str) -> None:
    kept = TrashFile(item=item, name=name)
    try:
        with default_storage.open(name, "rb") as content:
            kept.file.save(name, content, save=False)
    except FileNotFoundError:  # it was lost before
        return
    kept.save()
    transaction.on_commit(partial(_delete_original, kept))


def _delete_original(kept: TrashFile) -> None:
    """Unless it has come back meanwhile, and needs its file."""
    with transaction.atomic():
        if TrashItem.objects.select_for_update().filter(pk=kept.item_id).exists():
            default_storage.delete(kept.name)


# --- back


@transaction.atomic
def restore(item: TrashItem, *, as_late: bool = False) -> None:
    """As it was, with its files; an activity whose concern is gone for good comes without it. `as_late`: if a report
    has closed its period, it comes back as a late entry.

    Raises NotRestorable, and AlreadyGone if somebody was faster.
    """
    locked = TrashItem.objects.select_for_update().filter(pk=item.pk).first()
    if locked is None:
        raise AlreadyGone
    against = obstacle(locked)
    if against and not (as_late and against.can_come_late):
        raise NotRestorable(against.sentence)
    if sentence := _too_many(locked):
        raise NotRestorable(sentence)
    files = list(locked.files.all())
    locked.delete()
    with _said_in_words():
        put_back(_as_of_today(locked))
    for kept in files:
        _bring_back(kept)


def _too_many(item: TrashItem) -> str:
    if not item.is_attached:
        return ""
    kind = apps.get_model("activities", item.kind)
    entry = "activity" if item.is_of_log else "concern"
    there: int = kind._default_manager.filter(**{entry: item.entry_pk}).count()
    if there < MOST:
        return ""
    return f"Dort stehen schon {there} Dateien dieser Art. Bitte löschen Sie zuerst eine davon."


def _as_of_today(item: TrashItem) -> list[dict[str, Any]]:
    """Without a concern that is gone, and late or not by what is closed now."""
    rows: list[dict[str, Any]] = item.rows
    concern = concern_of(item)
    if concern is not None and not Concern.objects.filter(pk=concern).exists():
        rows[0]["row"]["concern_id"] = None
    if item.kind == TrashKind.ACTIVITY:
        closed = ClosedPeriod.objects.covering(item.municipality_id, item.day)
        rows[0]["row"]["is_late"] = closed.exists()
    return rows


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        with refused_in_words():
            yield
    except EntryRefused as refused:
        raise NotRestorable(str(refused)) from refused
    except IntegrityError as error:
        is_twice = isinstance(error.__cause__, UniqueViolation)
        raise NotRestorable(TWICE if is_twice else ORPHANED) from error


def _bring_back(kept: TrashFile) -> None:
    if not default_storage.exists(kept.name):
        with kept.file.open("rb") as content:
            default_storage.save(kept.name, content)
    transaction.on_commit(partial(default_storage.delete, str(kept.file.name)))


# --- away


@transaction.atomic
def delete_for_good(item: TrashItem) -> None:
    """With its files, and with what was deleted from it before. Raises AlreadyGone."""
    locked = TrashItem.objects.select_for_update().filter(pk=item.pk).first()
    if locked is None:
        raise AlreadyGone
    _purge([locked])
    if not locked.is_attached:
        kinds = TrashKind.of_log if locked.is_of_log else TrashKind.of_concerns
        _purge(TrashItem.objects.select_for_update().filter(kind__in=kinds, entry_pk=locked.entry_pk))


def _purge(items: Iterable[TrashItem]) -> None:
    for item in items:
        for kept in item.files.all():
            transaction.on_commit(partial(default_storage.delete, str(kept.file.name)))
        item.delete()


def empty_trash(now: dt.datetime, *, dry_run: bool = False) -> int:
    """Delete for good what has lain there for thirty days; how many."""
    over = TrashItem.objects.over_on(timezone.localdate(now))
    if dry_run:
        return over.count()
    number = 0
    for item in over.order_by("pk").iterator():
        with transaction.atomic():
            number += TrashItem.objects.select_for_update().filter(pk=item.pk).count()
            _purge(TrashItem.objects.filter(pk=item.pk))
    return number
