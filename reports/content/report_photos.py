"""The photos of a report: the frozen files, small enough for paper, with what is said about them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from kiv_portal.documents import german, prose
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.outline import AFTER, PhotoRow, ReportPhoto
from kiv_portal.uploads.photo import for_paper
from reports.figures.snapshot import PhotoGroup, Snapshot

LONGER_SIDE = 1_000  # pixels: 300 an inch at half the width of a page
QUALITY = 80
MOMENTS = {"before": "Vorher", "after": AFTER, "": ""}
LONGEST_CAPTION = 200
GONE = (
    "Das Foto „{title}“ ist nicht mehr da, oder die Datei ist eine andere als beim Einreichen. Ohne dieses Foto "
    "entsteht keine Datei. Bitte geben Sie den Bericht zurück, wählen Sie die Fotos neu aus, und reichen Sie ihn "
    "noch einmal ein."
)


def photo_rows(snapshot: Snapshot, files: Mapping[str, bytes]) -> list[PhotoRow]:
    """One or two photos that stand side by side: first the places before and after, then all others.

    `files` are the stored photos by their SHA-256. Raises RenderingError, with a sentence for people, for one that is
    missing or not the one that was frozen.
    """
    groups = [_group(group, snapshot, files) for group in snapshot.photos]
    alone = [group[0] for group in groups if len(group) == 1]
    return [
        *(group for group in groups if len(group) == 2),
        *(alone[start : start + 2] for start in range(0, len(alone), 2)),
    ]


def _group(group: PhotoGroup, snapshot: Snapshot, files: Mapping[str, bytes]) -> PhotoRow:
    title, town = prose.clean(group.title), prose.clean(snapshot.municipality.name)
    done = prose.shorten(prose.clean(_what_was_done(group, snapshot)), LONGEST_CAPTION)
    return [
        ReportPhoto(
            *_small(files.get(picture.sha256), picture.sha256, title),
            alt=prose.clean(picture.alt) or _alt(picture.moment, title, done),
            moment=MOMENTS[picture.moment],
            title=title,
            when=f"{town}, {german.date(picture.day)}",
            done=done,
        )
        for picture in group.pictures
    ]


def _alt(moment: str, title: str, done: str) -> str:
    """Only decoration beside its entry, but not on its own."""
    if moment == "after":
        return f"Foto nach der Änderung: {done or title}"
    return f"Foto: {title}"


def _what_was_done(group: PhotoGroup, snapshot: Snapshot) -> str:
    """The sentence with which the concern of these photos was done, as the report names it. "" where it is not done,
    or where several have this title and cannot be told apart.
    """
    if all(picture.moment != "after" for picture in group.pictures):
        return ""
    named = [row for row in snapshot.concerns.public if row.title == group.title and row.outcome == "done"]
    reported_on = {picture.day for picture in group.pictures if picture.moment == "before"}
    fitting = [row for row in named if row.reported_on in reported_on] or named
    return fitting[0].sentence if len(fitting) == 1 else ""


def _small(data: bytes | None, sha256: str, title: str) -> tuple[bytes, int, int]:
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise RenderingError(GONE.format(title=prose.shorten(title, 100)))
    return for_paper(data, longer_side=LONGER_SIDE, quality=QUALITY)


def about_photos(rows: Sequence[PhotoRow]) -> str:
    """ "Die Fotos zeigen zwei Orte vorher und nachher und die Arbeit vor Ort." """
    pairs = sum(_is_pair(row) for row in rows)
    others = sum(len(row) for row in rows if not _is_pair(row))
    places = f"{'einen Ort' if pairs == 1 else f'{german.in_words(pairs)} Orte'} vorher und nachher"
    if not others:
        return f"Die Fotos zeigen {places}."
    if not pairs:
        return "Das Foto zeigt die Arbeit vor Ort." if others == 1 else "Die Fotos zeigen die Arbeit vor Ort."
    return f"Die Fotos zeigen {places} und die Arbeit vor Ort."


def _is_pair(row: PhotoRow) -> bool:
    return (
        len(row) == 2
        and row[0].title == row[1].title
        and (row[0].moment, row[1].moment) == ("Vorher", "Nachher")
    )
