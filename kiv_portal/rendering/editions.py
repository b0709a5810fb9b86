"""Every kind of edition of a report, from one frozen snapshot: data in, checked bytes out. No database, no clock.

Importing this is cheap; what a kind needs is imported when it is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .errors import RenderingError

if TYPE_CHECKING:
    from .report import BuildStep, BuiltReport

CONTENT_TYPES: dict[str, tuple[str, str]] = {  # kind: (extension, content type)
    "pdf": ("pdf", "application/pdf"),
    "summary": ("pdf", "application/pdf"),
    "easy": ("pdf", "application/pdf"),
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "json": ("json", "application/json"),
}

WITH_PHOTOS = ("pdf", "html", "docx", "odt")

Snapshot = Mapping[str, Any]
Photos = Mapping[str, bytes]
Progress = Callable[["BuildStep"], None]


@dataclass(frozen=True)
class BuiltEdition:
    """`pages` is 0 for what has none. `verdict` is plain JSON with at least "is_accessible" and "problems"."""

    data: bytes
    extension: str
    content_type: str
    pages: int
    verdict: dict[str, Any]


def build_edition(
    kind: str,
    snapshot: Snapshot,
    *,
    edition: str,
    progress: Progress = lambda step: None,
    photos: Photos = MappingProxyType({}),
) -> BuiltEdition:
    """Build and check one edition. `progress` is called before each step that the kind has.

    `snapshot` is what reports.queries.snapshot_of froze, of any schema; `edition` is its number as printed ("3");
    `photos` are the files it names, by their SHA-256, for the kinds WITH_PHOTOS.
    The same snapshot gives the same bytes. Raises RenderingError, with a sentence for people, if the edition cannot be
    made or does not pass its check; KeyError for an unknown kind.
    """
    extension, content_type = CONTENT_TYPES[kind]
    if kind == "pdf":
        data, pages, verdict = _report(snapshot, edition, progress, photos)
    elif kind in WITH_PHOTOS:
        data, pages, verdict = _text_file(kind, snapshot, edition, progress, photos)
    elif extension == "pdf":
        data, pages, verdict = _page(kind, snapshot, edition, progress)
    else:
        data, pages, verdict = _data_file(kind, snapshot, progress)
    return BuiltEdition(data, extension, content_type, pages, verdict)


Built = tuple[bytes, int, dict[str, Any]]


def _report(snapshot: Snapshot, edition: str, progress: Progress, photos: Photos) -> Built:
    from .report import build_report_pdf

    return _of_pdf(build_report_pdf(snapshot, edition=edition, progress=progress, photos=photos))


def _page(kind: str, snapshot: Snapshot, edition: str, progress: Progress) -> Built:
    """The short PDFs."""
    from .summary import build_summary_pdf

    build = build_summary_pdf if kind == "summary" else _easy
    return _of_pdf(build(snapshot, edition=edition, progress=progress))


def _of_pdf(built: BuiltReport) -> Built:
    return built.pdf, built.verdict.pages, built.verdict.as_json()


def _easy(snapshot: Snapshot, *, edition: str, progress: Progress) -> BuiltReport:
    from .easy import build_easy_pdf

    easy = snapshot.get("easy")
    if not easy or not easy["text"].strip():
        raise RenderingError("Zu diesem Bericht gibt es keinen Text in einfacher Sprache.")
    told = {name: snapshot[name] for name in ("municipality", "period")}
    return build_easy_pdf({**told, **easy}, edition=edition, progress=progress)


def _text_file(kind: str, snapshot: Snapshot, edition: str, progress: Progress, photos: Photos) -> Built:
    from .outline import report_outline
    from .report import BuildStep, report_charts
    from .report_photos import photo_rows

    progress(BuildStep.CHARTS)
    drawn = report_charts(snapshot)
    progress(BuildStep.TEXT)
    rows = photo_rows(snapshot, photos)
    outline = report_outline(snapshot, edition=edition, drawn=drawn, photos=rows)
    progress(BuildStep.PAGES)
    if kind == "html":
        from .web_page import web_page as write
    elif kind == "docx":
        from .word_document import word_document as write
    else:
        from .open_document import open_document as write
    return _checked(kind, write(outline), progress)


def _data_file(kind: str, snapshot: Snapshot, progress: Progress) -> Built:
    from . import data_files
    from .report import BuildStep

    progress(BuildStep.TEXT)
    write = {"csv": data_files.csv_file, "xlsx": data_files.xlsx_file, "json": data_files.json_file}[kind]
    return _checked(kind, write(snapshot), progress)


def _checked(kind: str, data: bytes, progress: Progress) -> Built:
    from .file_checks import CHECKS
    from .report import BuildStep

    progress(BuildStep.CHECK)
    verdict = CHECKS[kind](data)
    if not verdict.is_accessible:
        raise RenderingError(f"Die fertige Datei hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return data, 0, verdict.as_json()
