"""The Zwischenbericht: a frozen snapshot in, the checked PDF out. No database, no request, no clock."""

import datetime
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.template import Engine
from django.template.context import Context

from kiv_portal.documents import charts, german, prose
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.fonts import BASE_DIR
from kiv_portal.documents.outline import PhotoRow
from kiv_portal.documents.pdf import Attachment, printable, render_pdf
from kiv_portal.documents.pdf_gate import PdfVerdict, check_pdf
from reports.content import chapters, leads, open_data, tables
from reports.content.authenticity import check_of
from reports.content.report_photos import photo_rows
from reports.figures.snapshot import Snapshot

TEMPLATES = BASE_DIR / "templates"
TEMPLATE = "reports/content/report.html"

DECISION_LIMIT = 230  # characters of one point of the proposal on page 1
DECISION_POINTS = 4
TITLE_LIMIT = 180


class BuildStep(StrEnum):
    """What a build is doing; the value is the German text people watch."""

    CHARTS = "Diagramme zeichnen"
    TEXT = "Bericht zusammenstellen"
    PAGES = "Seiten setzen"
    CHECK = "Prüfen"


@dataclass(frozen=True)
class BuiltReport:
    """`seconds` holds the CPU time of every step by its name (CHARTS, TEXT, PAGES, CHECK)."""

    pdf: bytes
    verdict: PdfVerdict
    seconds: dict[str, float] = field(default_factory=dict)


def build_report_pdf(
    snapshot: Snapshot,
    *,
    edition_number: str,
    progress: Callable[[BuildStep], None] = lambda step: None,
    photos: Mapping[str, bytes] = MappingProxyType({}),
    fonts: Path | None = None,
) -> BuiltReport:
    """Draw, typeset and check the PDF. `progress` is called before each step.

    `edition_number` is printed in the footer ("3"); `photos` are the files the snapshot names, by their SHA-256. A
    character that no font has is replaced and named in the verdict.
    Raises RenderingError if the document cannot be set or does not pass the check.
    """
    seconds: dict[str, float] = {}

    def timed(step: BuildStep, work: Callable[[], Any]) -> Any:
        progress(step)
        started = time.process_time()
        result = work()
        seconds[step.name] = time.process_time() - started
        return result

    drawn = timed(BuildStep.CHARTS, lambda: report_charts(snapshot))
    attachments = report_attachments(snapshot)
    html = timed(
        BuildStep.TEXT,
        lambda: report_html(
            snapshot,
            edition_number=edition_number,
            drawn=drawn,
            photos=photo_rows(snapshot, photos),
            attachments=attachments,
        ),
    )
    html, replaced = printable(html, fonts)
    pdf = timed(BuildStep.PAGES, lambda: render_pdf(html, attachments=attachments, fonts=fonts))
    verdict = timed(BuildStep.CHECK, lambda: check_pdf(pdf))
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced), seconds)


def report_charts(snapshot: Snapshot, *, has_narrow: bool = False) -> dict[str, charts.Chart]:
    """The drawings by name, on request also for a phone; none in a year without activities."""
    if not snapshot.totals.activities:
        return {}
    drawn = {
        "fields": charts.fields_chart(snapshot.fields),
        "months": charts.months_chart(snapshot.months),
    }
    if has_narrow:
        drawn["narrow_fields"] = charts.narrow_fields_chart(snapshot.fields)
        drawn["narrow_months"] = charts.narrow_months_chart(snapshot.months)
    return drawn


def report_attachments(snapshot: Snapshot) -> list[Attachment]:
    dated = datetime.datetime.combine(datetime.date.fromisoformat(snapshot.dated), datetime.time(12))
    files = [("kennzahlen.csv", "Alle Zahlen des Berichts als Tabelle", tables.figures_csv(snapshot))]
    if snapshot.activities:
        files.append(
            ("aktivitaeten.csv", "Liste aller Aktivitäten als Tabelle", tables.activities_csv(snapshot))
        )
    if snapshot.concerns.public:
        description = "Die öffentlichen Anliegen und was aus ihnen wurde"
        files.append(("anliegen.csv", description, tables.concerns_csv(snapshot)))
    files.append(
        ("bericht.json", "Alle Zahlen und Texte für Programme", tables.to_json(open_data.published(snapshot)))
    )
    return [Attachment(name, description, data, dated) for name, description, data in files]


def report_html(
    snapshot: Snapshot,
    *,
    edition_number: str,
    drawn: Mapping[str, charts.Chart] | None = None,
    photos: Sequence[PhotoRow] = (),
    attachments: Sequence[Attachment] | None = None,
) -> str:
    """The whole document as HTML, all typed text escaped. Drawings and files are made if not handed in."""
    drawn = report_charts(snapshot) if drawn is None else drawn
    attachments = report_attachments(snapshot) if attachments is None else attachments
    context = front_page(snapshot, edition_number)
    context["chapters"] = chapters.chapters(snapshot, drawn, photos)
    context["annexes"] = chapters.annexes(snapshot, attachments)
    context["has_contents"] = len(context["chapters"]) + len(context["annexes"]) > 3
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


class _Undefined(str):
    """A template that names what the context does not hold is a mistake, never an empty space on paper."""

    def __mod__(self, name: Any) -> str:
        raise RenderingError(f"Die Vorlage nennt einen unbekannten Wert: {name}")


@functools.cache
def engine() -> Engine:
    # an engine of our own: only strings go in, so no setting (language, number format) changes the document
    return Engine(dirs=[str(TEMPLATES)], string_if_invalid=_Undefined("%s"), builtins=[])


# Page 1


def front_page(snapshot: Snapshot, edition_number: str) -> dict[str, Any]:
    """What stands before the chapters, in every file: head, decision, key figures, summary."""
    town, paper = snapshot.municipality, snapshot.paper
    name = prose.clean(town.name)
    subject = prose.clean(paper.subject) or "Zwischenbericht"
    start, end = snapshot.period.start, snapshot.period.end
    period = f"{german.date(start)} bis {german.date(end)}"
    points = [item for block in prose.blocks(snapshot.texts.proposal) for item in block.items]
    return {
        "title": f"{prose.shorten(subject, TITLE_LIMIT)} – {name}",
        "town": name,
        "town_kind": prose.clean(town.kind),
        "county": prose.clean(town.county),
        "subject": subject,
        "is_long_subject": len(subject) > 110,
        "period": f"Berichtszeitraum {german.long_date(start)} bis {german.long_date(end)}",
        "dated": snapshot.dated,
        "paper_rows": _paper_rows(snapshot),
        "consultations": _consultations(snapshot),
        "check": check_of(snapshot),
        "decision": _decision(points),
        "proposal_points": points,
        "figures": _key_figures(snapshot),
        "glance": prose.blocks(snapshot.texts.at_a_glance),
        "leads": _leads(snapshot),
        "footer_left": f"{name} · Zwischenbericht {period}",
        "footer_note": f"Ausgabe {prose.clean(edition_number)}",
    }


def _paper_rows(snapshot: Snapshot) -> list[list[tuple[str, str]]]:
    paper = snapshot.paper
    purpose = "zur Entscheidung" if snapshot.texts.proposal.strip() else "zur Kenntnis"
    cells = [
        ("Vorlage", prose.clean(paper.number) or "noch ohne Nummer"),
        ("Datum", german.date(snapshot.dated)),
        ("Gremium", prose.clean(paper.committee) or "Gemeinderat"),
        ("Sitzung", _session(paper.session_on)),
        ("Verfasst von", prose.clean(paper.author) or prose.clean(snapshot.municipality.name)),
        ("Behandlung", f"{'öffentlich' if paper.is_public else 'nicht öffentlich'}, {purpose}"),
    ]
    return [cells[index : index + 2] for index in range(0, len(cells), 2)]


def _session(day: str | None) -> str:
    return german.date(day) if day else "noch nicht festgelegt"


def _consultations(snapshot: Snapshot) -> list[dict[str, str]]:
    """The way through the council."""
    return [
        {
            "committee": prose.clean(row.committee),
            "session": _session(row.session_on),
            "item": prose.clean(row.item_number) or "–",
            "role": prose.clean(row.role),
            "openness": "öffentlich" if row.is_public else "nicht öffentlich",
        }
        for row in snapshot.paper.consultations
    ]


def _decision(points: Sequence[str]) -> dict[str, Any]:
    shown = [prose.shorten(point, DECISION_LIMIT) for point in points[:DECISION_POINTS]]
    return {"points": shown, "is_numbered": len(points) > 1, "is_shortened": shown != points}


def _key_figures(snapshot: Snapshot) -> list[tuple[str, str]]:
    totals = snapshot.totals
    people = len(snapshot.appointments)
    minutes = totals.minutes
    before = totals.activities_before
    return [
        (german.number(totals.activities), _compared(totals.activities, before)),
        (
            german.number(german.whole_hours(minutes)),
            "Stunde Einsatz" if german.whole_hours(minutes) == 1 else "Stunden Einsatz",
        ),
        tables.people_figure(snapshot),
        _achieved(snapshot),
        (german.number(people), _appointed_label(people)),
    ]


def _achieved(snapshot: Snapshot) -> tuple[str, str]:
    """What became of the work; of a report that says nothing about it, how wide it was."""
    concerns, results = snapshot.concerns, snapshot.results
    if concerns.total:
        done = sum(row.concerns for row in concerns.outcomes if row.code == "done")
        return f"{german.number(done)} von {german.number(concerns.total)}", "Anliegen umgesetzt"
    if known := sum(result.activities for result in results):
        done = sum(result.activities for result in results if result.code == "done")
        return f"{german.number(done)} von {german.number(known)}", "Ergebnissen umgesetzt"
    worked = [group for group in snapshot.fields if group.code != "quer"]
    touched = sum(bool(group.activities) for group in worked)
    return f"{touched} von {len(worked)}", "Handlungsfeldern mit Aktivitäten"


def _appointed_label(people: int) -> str:
    if not people:
        return "Personen bestellt, die Stelle war nicht besetzt"
    return "Person für die Inklusion bestellt" if people == 1 else "Personen für die Inklusion bestellt"


def _compared(activities: int, before: int | None) -> str:
    noun = "Aktivität" if activities == 1 else "Aktivitäten"
    if before is None:
        return noun
    difference = activities - before
    if not difference:
        return f"{noun}, so viele wie im Zeitraum davor"
    direction = "mehr" if difference > 0 else "weniger"
    return f"{noun}, {german.number(abs(difference))} {direction} als im Zeitraum davor"


def _leads(snapshot: Snapshot) -> list[str]:
    """Up to three sentences about the figures, for a report whose author wrote no summary."""
    if snapshot.texts.at_a_glance.strip():
        return []
    sentences = [leads.about_fields(snapshot)]
    if snapshot.totals.activities:
        sentences.append(leads.about_months(snapshot))
    if vacancy := leads.about_vacancy(snapshot):
        sentences.append(vacancy)
    elif results := leads.about_results(snapshot):
        sentences.append(results)
    return sentences
