"""Where the time of a report goes, and what WeasyPrint would need as it comes. CPU seconds of this process, warm."""

import io
import statistics
import time
from collections.abc import Callable
from typing import Any

from kiv_portal.documents.charts import drawing
from kiv_portal.documents.fonts import FACES, NODE_MODULES
from kiv_portal.documents.pdf import VARIANT, render_pdf
from reports.content.report import build_report_pdf, report_attachments, report_html
from reports.figures.snapshot import Snapshot


def build_split(snapshot: Snapshot, *, rounds: int = 5) -> dict[str, float]:
    """Median CPU seconds of each step (CHARTS, TEXT, PAGES, CHECK) and of the whole (TOTAL) after a warm-up."""
    build_report_pdf(snapshot, edition_number="1")
    steps: dict[str, list[float]] = {}
    for _ in range(rounds):
        drawing.cache_clear()  # as for a report that this process sees for the first time
        started = time.process_time()
        built = build_report_pdf(snapshot, edition_number="1")
        steps.setdefault("TOTAL", []).append(time.process_time() - started)
        for name, seconds in built.seconds.items():
            steps.setdefault(name, []).append(seconds)
    return {name: statistics.median(seconds) for name, seconds in steps.items()}


def against_stock(snapshot: Snapshot, *, rounds: int = 5) -> dict[str, float]:
    """Median CPU seconds of typesetting the same HTML (OURS, STOCK) and of the whole BUILD, taken in turns.

    Stock is WeasyPrint as it comes: faces in WOFF2 as delivered, font configuration and style sheet anew for
    every document, the collector untouched.
    """
    html, files = report_html(snapshot, edition_number="1"), report_attachments(snapshot)
    works: dict[str, Callable[[], object]] = {
        "OURS": lambda: render_pdf(html, attachments=files),
        "STOCK": lambda: stock_pdf(html, files),
        "BUILD": lambda: build_report_pdf(snapshot, edition_number="1"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            drawing.cache_clear()
            started = time.process_time()
            work()
            seconds[name].append(time.process_time() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def stock_pdf(html: str, files: Any) -> bytes:
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    from kiv_portal.documents.weasyprint_setup import SHEETS

    config = FontConfiguration()
    faces = "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f' src: url("{(NODE_MODULES / face.source).as_uri()}") }}'
        for face in FACES
    )
    rules = "".join((SHEETS / name).read_text() for name in ("paper.css", "report.css"))
    rules = rules.replace('@import url("asset:///css/paper.css");', "")  # only our fetcher reads it
    sheet = CSS(string=faces + rules, font_config=config)
    attachments = [
        Attachment(file_obj=io.BytesIO(file.data), name=file.name, relationship="Data") for file in files
    ]
    document = HTML(string=html).render(font_config=config, stylesheets=[sheet], pdf_variant=VARIANT)
    data: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=attachments)
    return data
