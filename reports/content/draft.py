"""The report as it stands while it is written, as a PDF that nobody takes for an edition. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from kiv_portal.documents.draft_mark import mark_as_draft
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from reports.content.report import BuildStep, BuiltReport, report_charts, report_html
from reports.content.report_photos import photo_rows
from reports.figures.snapshot import Snapshot


def build_draft_pdf(
    snapshot: Snapshot,
    *,
    sentence: str,
    progress: Callable[[BuildStep], None] = lambda step: None,
    photos: Mapping[str, bytes] = MappingProxyType({}),
) -> BuiltReport:
    """Without attached data, and with `sentence` before everything else. Raises RenderingError."""
    progress(BuildStep.CHARTS)
    drawn = report_charts(snapshot)
    progress(BuildStep.TEXT)
    html = report_html(
        snapshot,
        edition_number="noch keine (Entwurf)",
        drawn=drawn,
        photos=photo_rows(snapshot, photos),
        attachments=[],
    )
    html, replaced = printable(mark_as_draft(html, sentence))
    progress(BuildStep.PAGES)
    pdf = render_pdf(html)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))
