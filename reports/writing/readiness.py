"""What a report still lacks, each with the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse

from kiv_portal.documents import german
from reports.council.models import Consultation
from reports.figures.figures import ReportFigures
from reports.steps.models import InterimReport
from reports.steps.paper_check import contradiction_in
from reports.writing.models import SectionKey

WORDS_A_MINUTE = 180
LONG_TEXT = 1_200  # words of one text: three pages
LONG_REPORT = 4_500  # words of all texts: with its figures more than the eight pages that a council reads


class Gap(NamedTuple):
    text: str
    path: str
    label: str  # of the link


def what_is_missing(
    report: InterimReport,
    texts: Mapping[str, str],
    figures: ReportFigures,
    consultations: Sequence[Consultation],
) -> list[Gap]:
    """In the order of the report; empty when nothing keeps it from being submitted in good conscience.

    `report` comes with its open matters (`reports.queries.with_open_matters`); nothing is asked for here."""
    return [
        *_texts(report, texts),
        *_length(report, texts),
        *_fields(report, figures),
        *_concerns(report),
        *_paper(report, texts, consultations),
    ]


def _texts(report: InterimReport, texts: Mapping[str, str]) -> Iterator[Gap]:
    empty = [key for key in SectionKey if not texts[key].strip()]
    if empty:
        what = "Text ist" if len(empty) == 1 else "Texte sind"
        path = reverse("report_section", args=[report.pk, empty[0]])
        yield Gap(f"{len(empty)} {what} noch leer.", path, "Den ersten davon schreiben")


def _length(report: InterimReport, texts: Mapping[str, str]) -> Iterator[Gap]:
    words = {key: word_count(text) for key, text in texts.items()}
    total = sum(words.values())
    if total > LONG_REPORT:
        longest = max(words, key=lambda key: words[key])
        path = reverse("report_section", args=[report.pk, longest])
        minutes = german.count(minutes_to_read(total), "Minute", "Minuten")
        text = f"Die Texte sind lang: {german.number(total)} Wörter, etwa {minutes} zu lesen."
        yield Gap(text, path, f"Am längsten ist „{SectionKey(longest).label}“")


def word_count(text: str) -> int:
    return len(text.split())


def minutes_to_read(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))


def _fields(report: InterimReport, figures: ReportFigures) -> Iterator[Gap]:
    path = reverse("town_figures", args=[report.municipality.slug])
    query = f"?von={report.period_start}&bis={report.period_end}"
    names = [f"„{field.name}“" for field in figures.fields if not field.activities and field.articles]
    if names:
        text = f"Keine Aktivität steht in: {german.enumeration(names)}."
        yield Gap(text, path + query, "Zahlen ansehen")


def _concerns(report: InterimReport) -> Iterator[Gap]:
    page = reverse("concern_list")
    if number := report.new_concerns:  # type: ignore[attr-defined]  # by with_open_matters
        what = "Anliegen ist" if number == 1 else "Anliegen sind"
        path = f"{page}?state=reported&town={report.municipality.slug}"
        yield Gap(f"{number} {what} gemeldet, aber noch nicht in Prüfung.", path, "Anliegen ansehen")
    if number := report.late_promises:  # type: ignore[attr-defined]
        what = "Zusage ist" if number == 1 else "Zusagen sind"
        path = f"{page}?state=promised&town={report.municipality.slug}"
        yield Gap(f"{number} {what} überfällig.", path, "Anliegen ansehen")


def _paper(
    report: InterimReport, texts: Mapping[str, str], consultations: Sequence[Consultation]
) -> Iterator[Gap]:
    if text := contradiction_in(texts["proposal"], [row.get_role_display() for row in consultations]):
        path = reverse("report_section", args=[report.pk, "proposal"])
        yield Gap(text, path, "Beschlussvorschlag schreiben")
    path = reverse("report_paper", args=[report.pk])
    if not report.paper_number:
        yield Gap("Die Vorlagen-Nummer fehlt.", path, "Angaben ändern")
    if not report.author:
        yield Gap("Es steht noch nicht da, wer den Bericht verfasst.", path, "Angaben ändern")
    if not consultations:
        path = reverse("consultation_create", args=[report.pk])
        yield Gap("Es steht noch nicht da, welches Gremium berät.", path, "Beratung eintragen")
    for consultation in consultations:
        if consultation.session_on is None:
            path = reverse("consultation_edit", args=[consultation.pk])
            yield Gap(f"Der Termin der Sitzung fehlt: {consultation.committee}.", path, "Termin eintragen")
