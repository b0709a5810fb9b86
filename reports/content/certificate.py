"""The Ehrenamtsnachweis: one page, from figures that were frozen when it was asked for. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.template.context import Context

from kiv_portal.documents import german, prose
from kiv_portal.documents.check_code import Check
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from reports.content.report import BuildStep, BuiltReport, engine
from reports.figures.certificate import CertificateContent, TownLine

TEMPLATE = "reports/content/certificate.html"
STYLESHEET = "certificate.css"
ALT = "QR-Code: Er führt zu der Adresse, an der Sie die Echtheit dieses Nachweises prüfen können."


def build_certificate_pdf(
    content: CertificateContent,
    *,
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Typeset and check the page. Raises RenderingError if it cannot be set or does not pass the check."""
    progress(BuildStep.TEXT)
    html, replaced = printable(certificate_html(content), fonts)
    progress(BuildStep.PAGES)
    pdf = render_pdf(html, stylesheet=STYLESHEET, fonts=fonts)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def certificate_html(content: CertificateContent) -> str:
    """The whole page as HTML, all typed text escaped."""
    towns = [prose.clean(town.name) for town in content.towns]
    hours_of_towns = german.hours_of_rows([town.minutes for town in content.towns])
    context = {
        "name": prose.clean(content.name),
        "office": german.enumeration([prose.clean(office) for office in content.offices]),
        "towns": german.enumeration(towns),
        "start": german.long_date(content.start),
        "end": german.long_date(content.end),
        "issued_on": german.long_date(content.issued_on),
        "dated": content.issued_on,
        "hours": german.hours(content.minutes).removesuffix(",0"),
        "activities": german.number(content.activities),
        "travel": german.hours_with_unit(content.travel_minutes) if content.travel_minutes else "",
        "fields": german.enumeration([f"„{prose.clean(name)}“" for name in content.fields]),
        "rows": [_row(town, hours) for town, hours in zip(content.towns, hours_of_towns, strict=True)],
        "check": Check(content.check_url, ALT),
        "code": content.check_url.rstrip("/").rpartition("/")[2],
    }
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


def _row(town: TownLine, hours: str) -> dict[str, str]:
    return {
        "name": prose.clean(town.name),
        "since": german.date(dt.date.fromisoformat(town.since)),
        "activities": german.number(town.activities),
        "hours": hours,
    }
