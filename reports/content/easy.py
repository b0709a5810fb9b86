"""The report in easy language: a PDF of its own, in the language "de-simple"."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from django.template.context import Context

from kiv_portal.documents import german, prose
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from kiv_portal.easy_language.blocks import EasyBlock, blocks
from reports.content.report import BuildStep, BuiltReport, engine
from reports.figures.snapshot import EasyText, FrozenPeriod, GroupCheck, Snapshot

TEMPLATE = "reports/content/easy.html"
STYLESHEET = "easy.css"
DRAFT_NOTE = "Entwurf in einfacher Sprache – noch nicht geprüft"


def build_easy_pdf(
    snapshot: Snapshot,
    *,
    edition_number: str,
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Typeset and check the report in easy language. No database, no request, no clock.

    The snapshot's easy text is read by easy_language.blocks. `edition_number` is printed in the footer ("2").
    `progress` is called before each step. Only a text with a check is called Leichte Sprache. Raises RenderingError
    if there is no text, if the document cannot be set, or if it does not pass the check of accessibility.
    """
    easy = snapshot.easy
    if easy is None or not easy.text.strip():
        raise RenderingError("Zu diesem Bericht gibt es keinen Text in einfacher Sprache.")
    progress(BuildStep.TEXT)
    html, replaced = printable(easy_html(snapshot, easy, edition_number=edition_number), fonts)
    progress(BuildStep.PAGES)
    pdf = render_pdf(html, stylesheet=STYLESHEET, fonts=fonts)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def easy_html(snapshot: Snapshot, easy: EasyText, *, edition_number: str) -> str:
    """The whole document as HTML, all typed text escaped."""
    town, check = snapshot.municipality, easy.check
    name = prose.clean(town.name)
    language = "Leichter Sprache" if check else "einfacher Sprache"
    context = {
        "title": f"Bericht aus {name} in {language}",
        "town": name,
        "language": language,
        "county": prose.clean(town.county),
        "period": _period(snapshot.period),
        "notes": check_notes(check),
        "is_checked": bool(check),
        "footer": f"{name}, Bericht in {language}, Ausgabe {edition_number}",
        "blocks": [
            EasyBlock(kind, [prose.clean(item) for item in items]) for kind, items in blocks(easy.text)
        ],
    }
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


def check_notes(check: GroupCheck | None) -> Sequence[str]:
    """What stands on top of every text in easy language, on paper and on a page; a line each.

    A group of fewer than five people is not counted out, as everywhere in what is published.
    """
    if not check:
        return (DRAFT_NOTE,)
    return (
        "Leichte Sprache",
        f"Geprüft von der Gruppe {prose.clean(check.group)}",
        f"am {german.long_date(check.date)}, {german.people(check.persons)}{german.NBSP}Personen",
    )


def _period(period: FrozenPeriod) -> str:
    start, end = (german.month(day[:7]) for day in (period.start, period.end))
    return start if start == end else f"{start} bis {end}"
