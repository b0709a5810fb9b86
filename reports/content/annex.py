"""The list of all activities with day and duration: an annex of its own, which only the council gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.template.context import Context

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from reports.content.chapters import activities_annex
from reports.content.report import BuildStep, BuiltReport, engine, front_page
from reports.figures.snapshot import Snapshot

TEMPLATE = "reports/content/annex.html"
TITLE = "Liste aller Aktivitäten"


def build_annex_pdf(
    snapshot: Snapshot, *, edition_number: str, progress: Callable[[BuildStep], None] = lambda step: None
) -> BuiltReport:
    """Typeset and check it. Raises RenderingError if it cannot be set or does not pass the check."""
    progress(BuildStep.TEXT)
    html, replaced = printable(annex_html(snapshot, edition_number))
    progress(BuildStep.PAGES)
    pdf = render_pdf(html)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def annex_html(snapshot: Snapshot, edition_number: str) -> str:
    front = front_page(snapshot, edition_number)
    context = front | {
        "annex": activities_annex(snapshot),
        "name": TITLE,
        "title": f"{TITLE}: {front['title']}",
    }
    html: str = engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))
    return html
