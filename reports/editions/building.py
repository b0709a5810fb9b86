"""The worker builds a file: only its processes import this, because the libraries behind it are dear."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.verapdf import judged, verdict_of
from kiv_portal.jobs import work
from reports.content.editions import build_file as checked_file
from reports.content.formats import WITH_PHOTOS
from reports.editions.models import BuildStep, BuiltFile, ReportFile
from reports.editions.services import TECHNICAL_REASON
from reports.writing.photo_services import stored_photos


def build_file(pk: int, *, worker: str) -> None:
    """Build one file, at most once at a time. Safe to call twice: the second call finds nothing.

    A document that cannot be set fails at once: trying again would not help.
    """
    if file := work.claim(ReportFile, pk, worker=worker):
        work.attempt(file, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(file: ReportFile) -> None:
    snapshot = file.snapshot
    built = checked_file(
        file.kind,
        snapshot.frozen,
        edition_number=str(snapshot.number),
        progress=lambda step: work.advance(file, BuildStep[step.name]),
        photos=stored_photos(snapshot.frozen) if file.kind in WITH_PHOTOS else {},
    )
    verdict = judge(built.data, built.verdict) if built.extension == "pdf" else built.verdict
    work.advance(file, BuildStep.STORE)
    title = f"zwischenbericht-{snapshot.report.municipality.slug}-ausgabe-{snapshot.number}"
    store(file, title, built.extension, built.data, pages=built.pages, verdict=verdict)


def judge(pdf: bytes, verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict of the worker's own checks, and that of veraPDF where this machine has it. Raises RenderingError."""
    return judged(verdict, verdict_of(pdf, settings.VERAPDF_ROOT) if settings.VERAPDF else None)


def store(
    job: BuiltFile, title: str, extension: str, data: bytes, *, pages: int, verdict: dict[str, Any]
) -> None:
    """Put the file down and finish the job with its fingerprint. Neither an attempt that was overtaken nor one that
    was killed leaves a file.
    """

    def name(attempt: int) -> str:
        # One an attempt: what a killed attempt left half-written is never taken for the result.
        return f"{title}-{job.pk}-{attempt}.{extension}"

    def remove(attempt: int) -> None:
        file = job.file
        file.storage.delete(file.field.generate_filename(job, name(attempt)))

    try:
        job.file.save(name(job.attempts), ContentFile(data), save=False)
        work.finish(
            job,
            file=job.file.name,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            pages=pages,
            verdict=verdict,
        )
    except (OSError, work.LeaseLost):
        remove(job.attempts)  # half of it on a full disk, or nobody will ever point to it
        raise
    for attempt in range(1, job.attempts):
        remove(attempt)
