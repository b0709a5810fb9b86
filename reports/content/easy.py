"""The edition in easy language: a PDF of its own, in the language "de-simple"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.template.context import Context

from kiv_portal.documents import german, prose
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from kiv_portal.easy_language.blocks import EasyBlock, blocks
from reports.content.report import BuildStep, BuiltReport, engine

TEMPLATE = "reports/content/easy.html"
STYLESHEET = "easy.css"
DRAFT_NOTE = "Entwurf in einfacher Sprache – noch nicht geprüft"

Easy = Mapping[str, Any]


def build_easy_pdf(
    easy: Easy,
    *,
    edition: str,
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Typeset and check the edition in easy language. No database, no request, no clock.

    `easy` is plain JSON: "municipality" {"name", "county"}, "period" {"start", "end"} (ISO days), "text" (see
    easy_language.blocks), "check" None or {"date" (ISO day), "group", "persons"}, and maybe "check_url", a page that
    tells about the check. `edition` is printed in the footer ("2"). `progress` is called before each step. Only a text
    with a check is called Leichte Sprache. Raises RenderingError if the document cannot be set or does not pass the
    check of accessibility.
    """
    progress(BuildStep.TEXT)
    html, replaced = printable(easy_html(easy, edition=edition), fonts)
    progress(BuildStep.PAGES)
    pdf = render_pdf(html, stylesheet=STYLESHEET, fonts=fonts)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def easy_html(easy: Easy, *, edition: str) -> str:
    """The whole document as HTML, all typed text escaped."""
    town, check = easy["municipality"], easy.get("check")
    name = prose.clean(town["name"])
    language = "Leichter Sprache" if check else "einfacher Sprache"
    context = {
        "title": f"Bericht aus {name} in {language}",
        "town": name,
        "language": language,
        "county": prose.clean(town["county"]),
        "period": _period(easy["period"]),
        "notes": check_notes(check),
        "is_checked": bool(check),
        "check_url": easy.get("check_url") or "",
        "footer": f"{name}, Bericht in {language}, Ausgabe {edition}",
        "blocks": [
            EasyBlock(kind, [prose.clean(item) for item in items]) for kind, items in blocks(easy["text"])
        ],
    }
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


def check_notes(check: Mapping[str, Any] | None) -> Sequence[str]:
    """What stands on top of every text in easy language, on paper and on a page; a line each.

    A group of fewer than five people is not counted out, as everywhere in what is published.
    """
    if not check:
        return (DRAFT_NOTE,)
    return (
        "Leichte Sprache",
        f"Geprüft von der Gruppe {prose.clean(check['group'])}",
        f"am {german.long_date(check['date'])}, {german.people(check['persons'])}{german.NBSP}Personen",
    )


def _period(period: Mapping[str, str]) -> str:
    start, end = (german.month(day[:7]) for day in (period["start"], period["end"]))
    return start if start == end else f"{start} bis {end}"
