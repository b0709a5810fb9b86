"""The files of a report. The row of a file is the job that builds it; how such a job is claimed, kept and found
again stands in kiv_portal/jobs/work.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from kiv_portal.downloads import file_name, period_in_name
from kiv_portal.jobs import work
from reports.content.formats import CONTENT_TYPES, KINDS_SINCE
from reports.editions.models import FileKind, FileState, ReportFile
from reports.figures.models import ReportSnapshot
from reports.figures.snapshot import SNAPSHOT_SCHEMA, ActivityList
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kiv_portal.accounts.models import User

BUILT_KINDS = tuple(FileKind)
NOT_EVERY_REPORTS = (FileKind.EASY, FileKind.ANNEX)
TECHNICAL_REASON = (
    "Beim Erstellen ist ein technischer Fehler aufgetreten. Bitte erstellen Sie die Datei noch einmal. "
    "Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)


def current_files(report: InterimReport) -> list[ReportFile]:
    """The latest file of each kind of the newest snapshot, in the order in which people are offered them."""
    return _latest(ReportFile.objects.of_newest(InterimReport.objects.filter(pk=report.pk)))


def delivered_files(report: InterimReport) -> list[ReportFile]:
    """The same of the edition that the council has, which is not the newest one while that is in work."""
    return _latest(ReportFile.objects.of_delivered(InterimReport.objects.filter(pk=report.pk)))


def _latest(files: QuerySet[ReportFile]) -> list[ReportFile]:
    latest: dict[str, ReportFile] = {}
    for file in files.select_related("snapshot").order_by("requested_at", "pk"):
        latest[file.kind] = file
    return [latest[kind] for kind in FileKind.values if kind in latest]


def delivered_snapshot(report: InterimReport) -> ReportSnapshot | None:
    return report.snapshots.filter(number=report.delivered_number or 0).first()


def current_pdf(report: InterimReport) -> ReportFile | None:
    """The PDF that the council decides about, from the newest snapshot."""
    return next((file for file in current_files(report) if file.kind == FileKind.PDF), None)


def request_files(
    report: InterimReport, *, by: User, kinds: Collection[FileKind] = BUILT_KINDS
) -> ReportFile:
    """Every file of the newest snapshot: those that are there and, after a failure, new ones. Returns the PDF's.

    `kinds` asks for fewer; the PDF is among them or there.
    """
    with transaction.atomic():
        # Locked: it cannot be taken back to work between this look and the new rows, nor asked for twice.
        report = InterimReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        snapshot = report.snapshots.first()
        if report.is_editable or snapshot is None:
            raise ReportNotEditable("Der Bericht ist noch in Arbeit. Bitte reichen Sie ihn zuerst ein.")
        there = {file.kind: file for file in snapshot.editions.exclude(state=FileState.FAILED)}
        new = [
            ReportFile.objects.create(snapshot=snapshot, kind=kind, requested_by=by)
            for kind in kinds_of(snapshot)
            if kind in kinds and kind not in there
        ]
        transaction.on_commit(lambda: publish_all(new))
    return next(file for file in [*there.values(), *new] if file.kind == FileKind.PDF)


def kinds_of(snapshot: ReportSnapshot) -> list[FileKind]:
    """Those that there were when it was frozen; easy language only where somebody has written its text, the list for
    the council only where it was chosen.
    """
    left_out = set() if snapshot.frozen.easy else {FileKind.EASY}
    if snapshot.frozen.activity_list != ActivityList.COUNCIL or not snapshot.frozen.activities:
        left_out.add(FileKind.ANNEX)
    return [kind for kind in _kinds_at(snapshot.schema) if kind not in left_out]


def _kinds_at(schema: int) -> list[FileKind]:
    return [kind for kind in BUILT_KINDS if KINDS_SINCE[kind] <= schema]


def missing_from(files: Sequence[ReportFile]) -> int:
    """How many kinds of a frozen report are neither there nor on the way, as far as its latest files show. An old
    report lacks none of those that came later.
    """
    schema = files[0].snapshot.schema if files else SNAPSHOT_SCHEMA
    there = {file.kind for file in files if not file.has_failed}
    failed = sum(file.kind in NOT_EVERY_REPORTS and file.has_failed for file in files)
    needed = [kind for kind in _kinds_at(schema) if kind not in NOT_EVERY_REPORTS]
    return len([kind for kind in needed if kind not in there]) + failed


def publish_all(files: list[ReportFile]) -> None:
    for file in files:
        if not work.publish(file):
            break  # the broker is away: the sweep wakes the rest


def sweep_report_files(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(ReportFile, now, excuse=TECHNICAL_REASON)


# --- as files people download

FILE_NAMES = {
    FileKind.SUMMARY: "Kurzfassung",
    FileKind.EASY: "Einfache-Sprache",
    FileKind.ANNEX: "Aktivitäten-nicht-öffentlich",
    **dict.fromkeys((FileKind.XLSX, FileKind.CSV, FileKind.JSON), "Zahlen"),
}


def download_name(file: ReportFile) -> str:
    """ "2022-184_Zwischenbericht_Leonberg.pdf"; without a number with its period, a later edition with its own."""
    report, edition = file.snapshot.report, file.snapshot.number
    return file_name(
        report.paper_number,
        FILE_NAMES.get(FileKind(file.kind), "Zwischenbericht"),
        report.municipality.name,
        "" if report.paper_number else period_in_name(report.period_start, report.period_end),
        f"Ausgabe-{edition}" if edition > 1 else "",
        extension=CONTENT_TYPES[file.kind][0],
    )


def content_type_of(file: ReportFile) -> str:
    return CONTENT_TYPES[file.kind][1]
