"""The files of a report. The row of an edition is the job that builds it; how such a job is claimed, kept and found
again stands in kiv_portal/jobs/work.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from kiv_portal.jobs import work
from reports.content.formats import CONTENT_TYPES, KINDS_SINCE
from reports.editions.models import FileKind, FileState, ReportFile
from reports.figures.models import ReportSnapshot
from reports.figures.snapshot import SNAPSHOT_SCHEMA
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

BUILT_KINDS = tuple(FileKind)
TECHNICAL_REASON = (
    "Beim Erstellen ist ein technischer Fehler aufgetreten. Bitte erstellen Sie die Datei noch einmal. "
    "Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)


def current_files(report: InterimReport) -> list[ReportFile]:
    """The latest edition of each kind of the newest snapshot, in the order in which people are offered them."""
    newest = ReportFile.objects.of_newest(InterimReport.objects.filter(pk=report.pk))
    latest: dict[str, ReportFile] = {}
    for edition in newest.select_related("snapshot").order_by("requested_at", "pk"):
        latest[edition.kind] = edition
    return [latest[kind] for kind in FileKind.values if kind in latest]


def current_pdf(report: InterimReport) -> ReportFile | None:
    """The PDF that the council decides about, from the newest snapshot."""
    return next((edition for edition in current_files(report) if edition.kind == FileKind.PDF), None)


def request_files(
    report: InterimReport, *, by: User, kinds: Collection[FileKind] = BUILT_KINDS
) -> ReportFile:
    """Every edition of the newest snapshot: those that are there and, after a failure, new ones. Returns the PDF's.

    `kinds` asks for fewer; the PDF is among them or there.
    """
    with transaction.atomic():
        # Locked: it cannot be taken back to work between this look and the new rows, nor asked for twice.
        report = InterimReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        snapshot = report.snapshots.first()
        if report.is_editable or snapshot is None:
            raise ReportNotEditable("Der Bericht ist noch in Arbeit. Bitte reichen Sie ihn zuerst ein.")
        there = {edition.kind: edition for edition in snapshot.editions.exclude(state=FileState.FAILED)}
        new = [
            ReportFile.objects.create(snapshot=snapshot, kind=kind, requested_by=by)
            for kind in kinds_of(snapshot)
            if kind in kinds and kind not in there
        ]
        transaction.on_commit(lambda: publish_all(new))
    return next(edition for edition in [*there.values(), *new] if edition.kind == FileKind.PDF)


def kinds_of(snapshot: ReportSnapshot) -> list[FileKind]:
    """Those that there were when it was frozen; easy language only where somebody has written its text."""
    has_easy = snapshot.frozen.easy is not None
    return [kind for kind in _kinds_at(snapshot.schema) if has_easy or kind != FileKind.EASY]


def _kinds_at(schema: int) -> list[FileKind]:
    return [kind for kind in BUILT_KINDS if KINDS_SINCE[kind] <= schema]


def missing_from(editions: Sequence[ReportFile]) -> int:
    """How many kinds of a frozen report are neither there nor on the way, as far as its latest editions show. An old
    report lacks none of those that came later.
    """
    schema = editions[0].snapshot.schema if editions else SNAPSHOT_SCHEMA
    there = {edition.kind for edition in editions if not edition.has_failed}
    failed_easy = any(edition.kind == FileKind.EASY and edition.has_failed for edition in editions)
    needed = [kind for kind in _kinds_at(schema) if kind != FileKind.EASY]
    return len([kind for kind in needed if kind not in there]) + failed_easy


def publish_all(editions: list[ReportFile]) -> None:
    for edition in editions:
        if not work.publish(edition):
            break  # the broker is away: the sweep wakes the rest


def sweep_editions(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(ReportFile, now, excuse=TECHNICAL_REASON)


# --- as files people download

FILE_NAMES = {
    FileKind.SUMMARY: "Kurzfassung",
    FileKind.EASY: "Einfache-Sprache",
}


def download_name(edition: ReportFile) -> str:
    snapshot = edition.snapshot
    middle = "-".join(
        filter(
            None,
            ("Zwischenbericht", FILE_NAMES.get(FileKind(edition.kind)), snapshot.report.municipality.slug),
        )
    )
    return f"{middle}-Ausgabe-{snapshot.number}.{CONTENT_TYPES[edition.kind][0]}"


def content_type_of(edition: ReportFile) -> str:
    return CONTENT_TYPES[edition.kind][1]
