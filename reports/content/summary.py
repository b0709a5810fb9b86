"""The Kurzfassung: one page for a councillor, from the same front page and chapters as the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from django.template.context import Context

from kiv_portal.documents import german, prose
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from reports.content.chapters import fields_table
from reports.content.report import BuildStep, BuiltReport, engine, front_page
from reports.figures.snapshot import Snapshot

TEMPLATE = "reports/content/summary.html"
STYLESHEET = "summary.css"
RESULTS = 3


class Room(NamedTuple):
    """How many characters stand at most in each place; `has_introduction` is the text above the results."""

    subject: int
    result: int
    points: int
    point: int
    head: int
    has_introduction: bool


# From generous to tight; the first one that fits on the page is taken. The last one fits whatever people typed.
ROOMS = (
    Room(subject=200, result=320, points=5, point=300, head=120, has_introduction=True),
    Room(subject=140, result=220, points=4, point=200, head=80, has_introduction=True),
    Room(subject=100, result=140, points=3, point=130, head=60, has_introduction=False),
    Room(subject=70, result=90, points=2, point=80, head=40, has_introduction=False),
    Room(subject=35, result=45, points=1, point=50, head=20, has_introduction=False),
)


def build_summary_pdf(
    snapshot: Snapshot,
    *,
    edition_number: str,
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Typeset and check the one page. Raises RenderingError if it cannot be set or does not pass the check."""
    progress(BuildStep.TEXT)
    pages = [summary_html(snapshot, edition_number=edition_number, room=room) for room in ROOMS]
    progress(BuildStep.PAGES)
    for html in pages:
        html, replaced = printable(html, fonts)
        pdf = render_pdf(html, stylesheet=STYLESHEET, fonts=fonts)
        verdict = check_pdf(pdf)
        if verdict.pages == 1:
            break
    progress(BuildStep.CHECK)
    if verdict.pages != 1:
        raise RenderingError("Die Kurzfassung passt nicht auf eine Seite.")
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def summary_html(snapshot: Snapshot, *, edition_number: str, room: Room = ROOMS[0]) -> str:
    """The whole page as HTML, all typed text escaped."""
    front = front_page(snapshot, edition_number)
    introduction, results = _results(front, room)
    context = {
        **front,
        "subject": prose.shorten(front["subject"], room.subject),
        "town_line": prose.shorten(f"{front['town_kind']} {front['town']}", room.head),
        "paper": _paper(front["paper_rows"], room),
        "introduction": introduction,
        "results": results,
        "proposal": _proposal(front["proposal_points"], room),
        "table": fields_table(snapshot) if snapshot.totals.activities else None,
    }
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


def _results(front: Mapping[str, Any], room: Room) -> tuple[str, list[str]]:
    """A sentence or two, and up to three points: what the author wrote, else the leads of the chapters."""
    paragraphs = [block.items[0] for block in front["glance"] if block.kind == "p"]
    points = [item for block in front["glance"] if block.kind != "p" for item in block.items]
    points = points or front["leads"]
    if not points:
        paragraphs, points = [], paragraphs
    introduction = prose.shorten(paragraphs[0], room.result) if paragraphs and room.has_introduction else ""
    return introduction, [prose.shorten(point, room.result) for point in points[:RESULTS]]


def _proposal(points: list[str], room: Room) -> dict[str, Any]:
    shown = [prose.shorten(point, room.point) for point in points[: room.points]]
    left_out = len(points) - len(shown)
    return {
        "points": shown,
        "is_numbered": len(points) > 1,
        "is_shortened": shown != points,
        "left_out": german.count(left_out, "weiterer Punkt", "weitere Punkte") if left_out else "",
    }


def _paper(rows: list[list[tuple[str, str]]], room: Room) -> list[list[tuple[str, str]]]:
    return [[(name, prose.shorten(value, room.head)) for name, value in row] for row in rows]
