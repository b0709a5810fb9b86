"""The files of a report. The row of an edition is the job that builds it; how such a job is claimed, kept and found
again stands in kiv_portal/jobs/work.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from kiv_portal.jobs import work
from kiv_portal.rendering.editions import CONTENT_TYPES, WITH_PHOTOS
from kiv_portal.rendering.errors import RenderingError
from reports.models import BuildStep, EditionKind, EditionState, InterimReport, ReportEdition, ReportSnapshot
from reports.models.edition import BuiltFile
from reports.services.errors import ReportNotEditable
from reports.services.photos import stored_photos

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

BUILT_KINDS = tuple(EditionKind)
TECHNICAL_REASON = (
    "Beim Erstellen ist ein technischer Fehler aufgetreten. Bitte erstellen Sie die Datei noch einmal. "
    "Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)


def current_editions(report: InterimReport) -> list[ReportEdition]:
    """The latest edition of each kind of the newest snapshot, in the order in which people are offered them."""
    newest = ReportEdition.objects.of_newest(InterimReport.objects.filter(pk=report.pk))
    latest: dict[str, ReportEdition] = {}
    for edition in newest.select_related("snapshot").order_by("requested_at", "pk"):
        latest[edition.kind] = edition
    return [latest[kind] for kind in EditionKind.values if kind in latest]


def current_edition(report: InterimReport) -> ReportEdition | None:
    """The PDF that the council decides about, from the newest snapshot."""
    return next((edition for edition in current_editions(report) if edition.kind == EditionKind.PDF), None)


def request_editions(report: InterimReport, *, by: User) -> ReportEdition:
    """Every edition of the newest snapshot: those that are there and, after a failure, new ones. Returns the PDF's."""
    with transaction.atomic():
        # Locked: it cannot be taken back to work between this look and the new rows, nor asked for twice.
        report = InterimReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        snapshot = report.snapshots.first()
        if report.is_editable or snapshot is None:
            raise ReportNotEditable("Der Bericht ist noch in Arbeit. Bitte reichen Sie ihn zuerst ein.")
        there = {edition.kind: edition for edition in snapshot.editions.exclude(state=EditionState.FAILED)}
        new = [
            ReportEdition.objects.create(snapshot=snapshot, kind=kind, requested_by=by)
            for kind in kinds_of(snapshot)
            if kind not in there
        ]
        transaction.on_commit(lambda: publish_all(new))
    return next(edition for edition in [*there.values(), *new] if edition.kind == EditionKind.PDF)


def kinds_of(snapshot: ReportSnapshot) -> list[EditionKind]:
    """The easy-language edition only where somebody has written its text."""
    has_easy = bool(snapshot.data.get("easy"))
    return [kind for kind in BUILT_KINDS if has_easy or kind != EditionKind.EASY]


def missing_from(editions: Sequence[ReportEdition]) -> int:
    """How many kinds of a frozen report are neither there nor on the way, as far as its latest editions tell."""
    there = {edition.kind for edition in editions if not edition.has_failed}
    failed_easy = any(edition.kind == EditionKind.EASY and edition.has_failed for edition in editions)
    return len([kind for kind in BUILT_KINDS if kind != EditionKind.EASY and kind not in there]) + failed_easy


def publish_all(editions: list[ReportEdition]) -> None:
    for edition in editions:
        if not publish_edition(edition):
            break  # the broker is away: the sweep wakes the rest


def publish_edition(edition: ReportEdition) -> bool:
    from reports.tasks import build_edition_task

    return work.publish(edition, build_edition_task, edition_id=edition.pk)


def claim_edition(edition_id: int, *, worker: str) -> ReportEdition | None:
    return work.claim(ReportEdition, edition_id, worker=worker)


def build_edition(edition_id: int, *, worker: str) -> None:
    """Build the file of one edition, at most once at a time. Safe to call twice: the second call finds nothing.

    A document that cannot be set fails at once: trying again would not help.
    """
    if edition := claim_edition(edition_id, worker=worker):
        work.attempt(edition, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(edition: ReportEdition) -> None:
    from kiv_portal.rendering.editions import build_edition as build

    snapshot = edition.snapshot
    built = build(
        edition.kind,
        snapshot.data,
        edition=str(snapshot.number),
        progress=lambda step: work.advance(edition, BuildStep[step.name]),
        photos=stored_photos(snapshot.data) if edition.kind in WITH_PHOTOS else {},
    )
    verdict = judge(built.data, built.verdict) if built.extension == "pdf" else built.verdict
    work.advance(edition, BuildStep.STORE)
    title = f"zwischenbericht-{snapshot.report.municipality.slug}-ausgabe-{snapshot.number}"
    store(edition, title, built.extension, built.data, pages=built.pages, verdict=verdict)


def judge(pdf: bytes, verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict of the worker's own checks, and that of veraPDF where this machine has it. Raises RenderingError."""
    from kiv_portal.rendering.verapdf import judged, verdict_of

    return judged(verdict, verdict_of(pdf, settings.VERAPDF_ROOT) if settings.VERAPDF else None)


def store(
    edition: BuiltFile, title: str, extension: str, data: bytes, *, pages: int, verdict: dict[str, Any]
) -> None:
    """Put the file down and finish the job with its fingerprint. Neither an attempt that was overtaken nor one that
    was killed leaves a file.
    """

    def name(attempt: int) -> str:
        # One an attempt: what a killed attempt left half-written is never taken for the result.
        return f"{title}-{edition.pk}-{attempt}.{extension}"

    def remove(attempt: int) -> None:
        file = edition.file
        file.storage.delete(file.field.generate_filename(edition, name(attempt)))

    try:
        edition.file.save(name(edition.attempts), ContentFile(data), save=False)
        work.finish(
            edition,
            file=edition.file.name,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            pages=pages,
            verdict=verdict,
        )
    except (OSError, work.LeaseLost):
        remove(edition.attempts)  # half of it on a full disk, or nobody will ever point to it
        raise
    for attempt in range(1, edition.attempts):
        remove(attempt)


def sweep_editions(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(ReportEdition, now, wake=publish_edition, excuse=TECHNICAL_REASON)


# --- as files people download

FILE_NAMES = {
    EditionKind.SUMMARY: "Kurzfassung",
    EditionKind.EASY: "Einfache-Sprache",
}


def download_name(edition: ReportEdition) -> str:
    snapshot = edition.snapshot
    middle = "-".join(
        filter(
            None,
            ("Zwischenbericht", FILE_NAMES.get(EditionKind(edition.kind)), snapshot.report.municipality.slug),
        )
    )
    return f"{middle}-Ausgabe-{snapshot.number}.{CONTENT_TYPES[edition.kind][0]}"


def content_type_of(edition: ReportEdition) -> str:
    return CONTENT_TYPES[edition.kind][1]
