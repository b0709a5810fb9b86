"""Every kind of file of a report, from one frozen snapshot: data in, checked bytes out. No database, no clock.

Importing this is dear (WeasyPrint, the word processors' libraries), so only the worker does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kiv_portal.documents import file_gate
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.open_document import open_document
from kiv_portal.documents.word_document import word_document
from reports.content import data_files, data_gate
from reports.content.annex import build_annex_pdf
from reports.content.easy import build_easy_pdf
from reports.content.formats import CONTENT_TYPES, COUNCIL_ONLY, WITH_PHOTOS
from reports.content.listed import for_everybody
from reports.content.outline import report_outline
from reports.content.report import BuildStep, BuiltReport, build_report_pdf, report_charts
from reports.content.report_photos import photo_rows
from reports.content.summary import build_summary_pdf
from reports.content.web_page import web_page
from reports.figures.snapshot import Snapshot

Photos = Mapping[str, bytes]
Progress = Callable[[BuildStep], None]


@dataclass(frozen=True)
class CheckedFile:
    """`pages` is 0 for what has none. `verdict` is plain JSON with at least "is_accessible" and "problems"."""

    data: bytes
    extension: str
    content_type: str
    pages: int
    verdict: dict[str, Any]


def build_file(
    kind: str,
    snapshot: Snapshot,
    *,
    edition_number: str,
    progress: Progress = lambda step: None,
    photos: Photos = MappingProxyType({}),
) -> CheckedFile:
    """Build and check one file. `progress` is called before each step that the kind has.

    `edition_number` is the snapshot's number as printed ("3"); `photos` are the stored files it names, by their
    SHA-256, for the kinds WITH_PHOTOS.
    The same snapshot gives the same bytes. Raises RenderingError, with a sentence for people, if the file cannot be
    made or does not pass its check; KeyError for an unknown kind.
    """
    extension, content_type = CONTENT_TYPES[kind]
    if kind not in COUNCIL_ONLY:
        snapshot = for_everybody(snapshot)
    if kind == "pdf":
        data, pages, verdict = _report(snapshot, edition_number, progress, photos)
    elif kind in WITH_PHOTOS:
        data, pages, verdict = _text_file(kind, snapshot, edition_number, progress, photos)
    elif extension == "pdf":
        data, pages, verdict = _page(kind, snapshot, edition_number, progress)
    else:
        data, pages, verdict = _data_file(kind, snapshot, progress)
    return CheckedFile(data, extension, content_type, pages, verdict)


Built = tuple[bytes, int, dict[str, Any]]


def _report(snapshot: Snapshot, edition_number: str, progress: Progress, photos: Photos) -> Built:

    return _of_pdf(
        build_report_pdf(snapshot, edition_number=edition_number, progress=progress, photos=photos)
    )


def _page(kind: str, snapshot: Snapshot, edition_number: str, progress: Progress) -> Built:
    """The short PDFs."""

    build = {"summary": build_summary_pdf, "easy": build_easy_pdf, "annex": build_annex_pdf}[kind]
    return _of_pdf(build(snapshot, edition_number=edition_number, progress=progress))


def _of_pdf(built: BuiltReport) -> Built:
    return built.pdf, built.verdict.pages, built.verdict.as_json()


def _text_file(
    kind: str, snapshot: Snapshot, edition_number: str, progress: Progress, photos: Photos
) -> Built:

    progress(BuildStep.CHARTS)
    drawn = report_charts(snapshot, has_narrow=kind == "html")
    progress(BuildStep.TEXT)
    rows = photo_rows(snapshot, photos)
    outline = report_outline(snapshot, edition_number=edition_number, drawn=drawn, photos=rows)
    progress(BuildStep.PAGES)
    write = {"html": web_page, "docx": word_document, "odt": open_document}[kind]
    return _checked(kind, write(outline), progress)


def _data_file(kind: str, snapshot: Snapshot, progress: Progress) -> Built:

    progress(BuildStep.TEXT)
    write = {"csv": data_files.csv_file, "xlsx": data_files.xlsx_file, "json": data_files.json_file}[kind]
    return _checked(kind, write(snapshot), progress)


def _checked(kind: str, data: bytes, progress: Progress) -> Built:

    progress(BuildStep.CHECK)
    verdict = (file_gate.CHECKS | data_gate.CHECKS)[kind](data)
    if not verdict.is_accessible:
        raise RenderingError(f"Die fertige Datei hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return data, 0, verdict.as_json()
