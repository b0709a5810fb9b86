"""Files that no row points to: a worker or a machine stopped between writing the file and the row, or the other way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

import pghistory.models
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

from kiv_portal.uploads import kept
from reports.models import ReportSnapshot

FOLDERS = ("activityphoto", "concernphoto", "activitydocument", "imports", "editions", "trash")
AGE = dt.timedelta(days=1)  # no request and no job takes as long
BATCH = 500
MOST = 100


class StrangeDatabase(Exception):
    """The files look like those of another database: an empty or an old one must not cost any of them."""


def sweep_files(now: dt.datetime, *, dry_run: bool = False) -> list[str]:
    """Delete what nobody can reach any more and is older than a day; the names.

    Raises StrangeDatabase where that would be most of the files.
    """
    if not dry_run:
        sweep_kept(now)
    strays, known = [], 0
    # The names come first: a row that is written after that is of a file that is younger than a day.
    found = _stored_names()
    while names := list(islice(found, BATCH)):
        pointed_to = _pointed_to(names)
        known += len(pointed_to)
        strays += [name for name in names if name not in pointed_to and _is_old(name, now)]
    if len(strays) > max(MOST, known):
        raise StrangeDatabase(f"{len(strays)} files without a row, {known} with one: nothing was deleted.")
    if not dry_run:
        for name in strays:
            default_storage.delete(name)
    return strays


def sweep_kept(now: dt.datetime) -> None:
    """Files that waited for their form to come again never have a row: they go by their age alone."""
    for name in [name for name in _stored_names((kept.FOLDER,)) if _is_old(name, now)]:
        default_storage.delete(name)


def file_fields() -> list[models.FileField]:
    """Of all models but those of the history, which tells of files that are gone."""
    return [
        field
        for model in apps.get_models()
        if not model._meta.proxy and not issubclass(model, pghistory.models.Event)
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]


def _stored_names(folders: Iterable[str] = FOLDERS) -> Iterator[str]:
    waiting = list(folders)
    while waiting:
        folder = waiting.pop()
        try:
            folders, files = default_storage.listdir(folder)
        except FileNotFoundError:  # nothing has been stored in it yet
            continue
        waiting += [f"{folder}/{name}" for name in folders]
        yield from (f"{folder}/{name}" for name in files if name)


def _pointed_to(names: list[str]) -> set[str]:
    """By a row, or by what a report has frozen: such a photo may have been turned since."""
    return ReportSnapshot.objects.photos_among(names) | {
        name
        for field in file_fields()
        for name in field.model._base_manager.filter(**{f"{field.name}__in": names})
        .values_list(field.name, flat=True)
        .iterator()
    }


def _is_old(name: str, now: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - AGE
    except FileNotFoundError:  # somebody has just deleted it
        return False
