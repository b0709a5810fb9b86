"""The worker builds the county's own report."""

from __future__ import annotations

from django.utils import timezone

from kiv_portal.documents.errors import RenderingError
from kiv_portal.jobs import work
from reports.county.content.county import build_county_pdf
from reports.county.models import CountyReportFile
from reports.editions.building import judge, store
from reports.editions.models import BuildStep
from reports.editions.services import TECHNICAL_REASON

SENTENCE = "Entwurf vom {:%d.%m.%Y, %H:%M} Uhr. Dieser Kreisbericht ist nicht freigegeben."


def build_county_file(pk: int, *, worker: str) -> None:
    """Build the file, at most once at a time. Safe to call twice: the second call finds nothing."""
    if file := work.claim(CountyReportFile, pk, worker=worker):
        work.attempt(file, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(file: CountyReportFile) -> None:
    report = file.report
    built = build_county_pdf(
        report.frozen,
        edition_number=str(report.number),
        draft_sentence=SENTENCE.format(timezone.localtime(file.requested_at)) if file.is_draft else "",
        progress=lambda step: work.advance(file, BuildStep[step.name]),
    )
    verdict = judge(built.pdf, built.verdict.as_json())
    if not verdict["is_accessible"]:  # nobody releases it after this: it is not stored
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict['problems'][0]}")
    work.advance(file, BuildStep.STORE)
    title = f"kreisbericht-{report.period_end:%Y-%m-%d}-ausgabe-{report.number}"
    store(file, title, "pdf", built.pdf, pages=built.verdict.pages, verdict=verdict)
