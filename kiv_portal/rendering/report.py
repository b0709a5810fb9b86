"""The Zwischenbericht: a frozen snapshot in, the checked PDF out. No database, no request, no clock."""

import datetime
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.template import Engine
from django.template.context import Context

from . import charts, german, prose, tables
from .checks import PdfVerdict, check_pdf
from .errors import RenderingError
from .fonts import BASE_DIR
from .pdf import Attachment, render_pdf

TEMPLATES = BASE_DIR / "templates"
TEMPLATE = "reports/edition/report.html"
Snapshot = Mapping[str, Any]

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
    edition: str,
    check_text: str = "",
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Draw, typeset and check one edition. `progress` is called before each step.

    `edition` is printed in the footer ("3"), `check_text` says there how a reader can verify the file.
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
    html = timed(BuildStep.TEXT, lambda: report_html(snapshot, edition=edition, check_text=check_text, drawn=drawn))
    attachments = report_attachments(snapshot)
    pdf = timed(BuildStep.PAGES, lambda: render_pdf(html, attachments=attachments, fonts=fonts))
    verdict = timed(BuildStep.CHECK, lambda: check_pdf(pdf))
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, verdict, seconds)


def report_charts(snapshot: Snapshot) -> dict[str, charts.Chart]:
    """The drawings by name; none in a year without activities."""
    if not snapshot["totals"]["activities"]:
        return {}
    return {"fields": charts.fields_chart(snapshot["fields"]), "months": charts.months_chart(snapshot["months"])}


def report_attachments(snapshot: Snapshot) -> list[Attachment]:
    dated = datetime.datetime.combine(datetime.date.fromisoformat(snapshot["dated"]), datetime.time(12))
    files = (
        ("kennzahlen.csv", "Alle Zahlen des Berichts als Tabelle", tables.figures_csv(snapshot)),
        ("aktivitaeten.csv", "Liste aller Aktivitäten als Tabelle", tables.activities_csv(snapshot)),
        ("bericht.json", "Alle Zahlen und Texte für Programme", tables.to_json(tables.published(snapshot))),
    )
    return [Attachment(name, description, data, dated) for name, description, data in files]


def report_html(
    snapshot: Snapshot, *, edition: str, check_text: str = "", drawn: Mapping[str, charts.Chart] | None = None
) -> str:
    """The whole document as HTML; everything people typed is escaped."""
    drawn = report_charts(snapshot) if drawn is None else drawn
    context = _front_page(snapshot, edition, check_text)
    context["chapters"] = _chapters(snapshot, drawn)
    context["annexes"] = _annexes(snapshot)
    context["has_contents"] = len(context["chapters"]) + len(context["annexes"]) > 3
    return _engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


class _Undefined(str):
    """A template that names what the context does not hold is a mistake, never an empty space on paper."""

    def __mod__(self, name: Any) -> str:
        raise RenderingError(f"Die Vorlage nennt einen unbekannten Wert: {name}")


@functools.cache
def _engine() -> Engine:
    # an engine of our own: only strings go in, so no setting (language, number format) can change the document
    return Engine(dirs=[str(TEMPLATES)], string_if_invalid=_Undefined("%s"), builtins=[])


# Page 1


def _front_page(snapshot: Snapshot, edition: str, check_text: str) -> dict[str, Any]:
    town, paper = snapshot["municipality"], snapshot["paper"]
    name = prose.clean(town["name"])
    subject = prose.clean(paper["subject"]) or "Zwischenbericht"
    period = f"{german.date(snapshot['period']['start'])} bis {german.date(snapshot['period']['end'])}"
    return {
        "title": f"{prose.shorten(subject, TITLE_LIMIT)} – {name}",
        "town": name,
        "town_kind": prose.clean(town["kind"]),
        "county": prose.clean(town["county"]),
        "subject": subject,
        "is_long_subject": len(subject) > 110,
        "period": f"Berichtszeitraum {german.long_date(snapshot['period']['start'])} bis {german.long_date(snapshot['period']['end'])}",
        "dated": snapshot["dated"],
        "paper_rows": _paper_rows(snapshot),
        "decision": _decision(snapshot["texts"]["proposal"]),
        "figures": _key_figures(snapshot),
        "glance": prose.blocks(snapshot["texts"]["at_a_glance"]),
        "findings": _findings(snapshot),
        "footer_left": f"{name} · Zwischenbericht {period}",
        "footer_note": " · ".join(part for part in (f"Ausgabe {prose.clean(edition)}", prose.clean(check_text)) if part),
    }


def _paper_rows(snapshot: Snapshot) -> list[list[tuple[str, str]]]:
    paper = snapshot["paper"]
    session = german.date(paper["session_on"]) if paper["session_on"] else "noch nicht festgelegt"
    purpose = "zur Entscheidung" if snapshot["texts"]["proposal"].strip() else "zur Kenntnis"
    cells = [
        ("Vorlage", prose.clean(paper["number"]) or "noch ohne Nummer"),
        ("Datum", german.date(snapshot["dated"])),
        ("Gremium", prose.clean(paper["committee"]) or "Gemeinderat"),
        ("Sitzung", session),
        ("Verfasser", prose.clean(paper["author"]) or prose.clean(snapshot["municipality"]["name"])),
        ("Behandlung", f"{'öffentlich' if paper['is_public'] else 'nicht öffentlich'}, {purpose}"),
    ]
    return [cells[index : index + 2] for index in range(0, len(cells), 2)]


def _decision(proposal: str) -> dict[str, Any]:
    points = [item for block in prose.blocks(proposal) for item in block.items]
    shown = [prose.shorten(point, DECISION_LIMIT) for point in points[:DECISION_POINTS]]
    return {"points": shown, "is_numbered": len(points) > 1, "is_shortened": shown != points}


def _key_figures(snapshot: Snapshot) -> list[tuple[str, str]]:
    totals = snapshot["totals"]
    worked = [group for group in snapshot["fields"] if group["code"] != "quer"]
    touched = sum(bool(group["activities"]) for group in worked)
    people = len(snapshot["appointments"])
    minutes = totals["minutes"]
    reached = tables.people_total(snapshot)
    before = totals["activities_before"]
    return [
        (german.number(totals["activities"]), _compared(totals["activities"], before)),
        (german.number(minutes / 60), "Stunde Einsatz" if round(minutes / 60) == 1 else "Stunden Einsatz"),
        (reached.removeprefix(f"mindestens{german.NBSP}"), _reached_label(reached)),
        (f"{touched} von {len(worked)}", "Handlungsfeldern mit Aktivitäten"),
        (
            german.number(people),
            "Person vermittelt" if people == 1 else "Personen vermitteln" if people else "Personen: Stelle unbesetzt",
        ),
    ]


def _compared(activities: int, before: int | None) -> str:
    noun = "Aktivität" if activities == 1 else "Aktivitäten"
    if before is None:
        return noun
    difference = activities - before
    if not difference:
        return f"{noun}, so viele wie im Jahr davor"
    return f"{noun}, {german.number(abs(difference))} {'mehr' if difference > 0 else 'weniger'} als im Jahr davor"


def _reached_label(reached: str) -> str:
    if reached.startswith("mindestens"):
        return "Menschen mindestens erreicht"
    return "Mensch erreicht" if reached == "1" else "Menschen erreicht"


def _findings(snapshot: Snapshot) -> list[str]:
    """Up to three sentences that the figures tell, for a report whose author wrote no summary."""
    if snapshot["texts"]["at_a_glance"].strip():
        return []
    sentences = [_fields_lead(snapshot)]
    if snapshot["totals"]["activities"]:
        sentences.append(_months_lead(snapshot))
    if vacancy := _vacancy_sentence(snapshot):
        sentences.append(vacancy)
    elif results := _results_lead(snapshot):
        sentences.append(results)
    return sentences


# Chapters: a list of what has data or text


def _chapters(snapshot: Snapshot, drawn: Mapping[str, charts.Chart]) -> list[dict[str, Any]]:
    texts = {name: prose.blocks(text) for name, text in snapshot["texts"].items()}
    has_activities = bool(snapshot["totals"]["activities"])
    agreement, minutes = snapshot["agreement"], snapshot["totals"]["minutes"]
    candidates = [
        (agreement or texts["occasion"], "Anlass und Auftrag", _agreement_lead(snapshot), texts["occasion"], None, {}),
        (
            snapshot["appointments"] or snapshot["vacant_days"], "Wer arbeitet mit", _people_lead(snapshot), [],
            "people", {"appointments": _appointments(snapshot), "vacancies": _vacancies(snapshot)},
        ),
        (
            has_activities, "Tätigkeiten nach Handlungsfeldern", _fields_lead(snapshot), [],
            "fields", {"chart": drawn.get("fields"), **_fields_table(snapshot), "examples": _examples(snapshot)},
        ),
        (
            has_activities, "Verlauf und Art der Tätigkeiten", _months_lead(snapshot), [],
            "months", {"chart": drawn.get("months"), "months": _months(snapshot), "kinds": _kinds(snapshot)},
        ),
        (
            any(result["activities"] for result in snapshot["results"]), "Ergebnisse", _results_lead(snapshot), [],
            "results", {"results": _results(snapshot)},
        ),
        (texts["participation"], "Beteiligung und Rückmeldungen", "", texts["participation"], None, {}),
        (texts["cooperation"], "Zusammenarbeit und Hindernisse", "", texts["cooperation"], None, {}),
        (texts["costs"] or minutes, "Aufwand und Kosten", _effort_lead(snapshot), texts["costs"], None, {}),
        (texts["assessment"], "Bewertung", "", texts["assessment"], None, {}),
        (texts["outlook"], "Ausblick und Bedarf", "", texts["outlook"], None, {}),
        (
            texts["alternatives"] or texts["proposal"],
            "Alternativen und Beschlussvorschlag" if texts["alternatives"] and texts["proposal"]
            else "Beschlussvorschlag" if texts["proposal"] else "Handlungsalternativen",
            "", [], "decision", {"alternatives": texts["alternatives"], "proposal": texts["proposal"]},
        ),
    ]  # fmt: skip
    present = [candidate for candidate in candidates if candidate[0]]
    return [
        {
            "anchor": f"kapitel-{number}", "number": str(number), "title": title, "lead": lead, "blocks": text,
            "part": f"reports/edition/part_{part}.html" if part else "", **data,
        }
        for number, (_, title, lead, text, part, data) in enumerate(present, start=1)
    ]  # fmt: skip


def _agreement_lead(snapshot: Snapshot) -> str:
    agreement, town = snapshot["agreement"], snapshot["municipality"]
    if not agreement:
        return ""
    end = f" bis zum {german.date(agreement['ends_on'])}" if agreement["ends_on"] else ""
    signed = f" vom {german.date(agreement['signed_on'])}" if agreement["signed_on"] else ""
    return (
        f"{town['name']} nimmt seit dem {german.date(agreement['starts_on'])}{end} am Programm „Kommunale"
        f" Inklusionsvermittler“ teil; Grundlage ist die Kooperationsvereinbarung{signed} mit dem {town['administration']}."
    )


def _people_lead(snapshot: Snapshot) -> str:
    people, name = len(snapshot["appointments"]), snapshot["municipality"]["name"]
    if not people:
        return f"Im Berichtszeitraum war in {name} niemand bestellt."
    start = "Eine Person war" if people == 1 else f"{german.in_words(people).capitalize()} Personen waren"
    sentence = f"{start} im Berichtszeitraum in {name} für die Inklusionsvermittlung bestellt"
    if snapshot["vacant_days"]:
        return f"{sentence}; {german.count(snapshot['vacant_days'], 'Tag', 'Tage')} lang war die Stelle unbesetzt."
    return f"{sentence}; die Stelle war durchgehend besetzt."


def _vacancy_sentence(snapshot: Snapshot) -> str:
    days = snapshot["vacant_days"]
    return f"Die Stelle war {german.count(days, 'Tag', 'Tage')} lang unbesetzt." if days else ""


def _appointments(snapshot: Snapshot) -> list[dict[str, str]]:
    return [
        {
            "name": prose.clean(appointment["name"]),
            "form": prose.clean(appointment["form"]),
            "term": _term(appointment["starts_on"], appointment["ends_on"]),
            "qualified": german.date(appointment["qualified_on"]) if appointment["qualified_on"] else "steht aus",
            "working_group": "Mitglied" if appointment["in_working_group"] else "kein Mitglied",
        }
        for appointment in snapshot["appointments"]
    ]


def _vacancies(snapshot: Snapshot) -> list[str]:
    return [f"{german.date(gap['start'])} bis {german.date(gap['end'])}" for gap in snapshot["vacancies"]]


def _term(starts_on: str, ends_on: str | None) -> str:
    return f"{german.date(starts_on)} bis {german.date(ends_on)}" if ends_on else f"seit {german.date(starts_on)}"


def _fields_lead(snapshot: Snapshot) -> str:
    total = snapshot["totals"]["activities"]
    if not total:
        return "Im Berichtszeitraum sind keine Aktivitäten festgehalten."
    own = [group for group in snapshot["fields"] if group["code"] != "quer"]
    most = max(group["activities"] for group in own)
    if not most:
        return "Alle Aktivitäten galten mehreren Handlungsfeldern zugleich."
    leading = [group["name"] for group in own if group["activities"] == most]
    of_all = f"{german.number(most)} von {german.count(total, 'Aktivität', 'Aktivitäten')}"
    if len(leading) == 1:
        return f"Der Schwerpunkt lag auf {leading[0]}: {of_all} ({german.percent(most, total)})."
    if len(leading) == len(own):
        return f"Alle fünf Handlungsfelder kamen gleich oft vor: je {of_all}."
    return f"Die Schwerpunkte lagen auf {german.enumeration(leading)}: je {of_all}."


def _fields_table(snapshot: Snapshot) -> dict[str, Any]:
    totals = snapshot["totals"]
    rows = [
        {
            "code": group["code"],
            "short": group["short"],
            "name": group["name"],
            "articles": f"Artikel{german.NBSP}{german.enumeration([str(a) for a in group['articles']])}" if group["articles"] else "alle",
            "activities": german.number(group["activities"]),
            "also": german.number(group["also_touched"]),
            "hours": german.hours(group["minutes"]),
            "people": german.people(group["people_reached"]),
        }
        for group in snapshot["fields"]
    ]
    total = {
        "activities": german.number(totals["activities"]),
        "hours": german.hours(totals["minutes"]),
        "people": tables.people_total(snapshot),
    }
    return {"fields": rows, "total": total, "fields_notes": _fields_notes(snapshot)}


def _fields_notes(snapshot: Snapshot) -> list[str]:
    notes = ["Die Artikel sind die des Übereinkommens der Vereinten Nationen über die Rechte von Menschen mit Behinderungen."]
    uncounted = snapshot["totals"]["people_not_counted"]
    if uncounted:
        verb = "wurde nicht gezählt" if uncounted == 1 else "wurden nicht gezählt"
        notes.append(f"Bei {german.count(uncounted, 'Aktivität', 'Aktivitäten')} {verb}, wie viele Menschen erreicht wurden.")
    if any(tables.is_small(group["people_reached"]) for group in snapshot["fields"]):
        notes.append("Gruppen unter fünf Menschen sind nicht beziffert, damit niemand zu erkennen ist.")
    return notes


def _examples(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {
            "name": group["name"],
            "items": [
                {
                    "title": prose.clean(example["title"]),
                    "when": ", ".join(filter(None, (german.date(example["day"]), prose.clean(example["result"])))),
                    "blocks": prose.blocks(example["text"]),
                }
                for example in group["examples"]
            ],
        }
        for group in snapshot["fields"]
        if group["examples"]
    ]


def _months_lead(snapshot: Snapshot) -> str:
    months = snapshot["months"]
    most = max((month["activities"] for month in months), default=0)
    if not most:
        return ""
    strongest = [german.month(month["month"]) for month in months if month["activities"] == most]
    average = german.number(sum(month["activities"] for month in months) / len(months), 1)
    happened = german.count(most, "Aktivität", "Aktivitäten")
    if len(strongest) > 3:
        return f"Die Tätigkeit verteilte sich über das Jahr: im Durchschnitt {average} Aktivitäten im Monat."
    each = "je " if len(strongest) > 1 else ""
    return f"Am meisten geschah im {german.enumeration(strongest)} mit {each}{happened}; der Durchschnitt lag bei {average} im Monat."


def _months(snapshot: Snapshot) -> list[dict[str, str]]:
    return [
        {"name": german.month(month["month"]), "activities": german.number(month["activities"]), "hours": german.hours(month["minutes"])}
        for month in snapshot["months"]
    ]


def _kinds(snapshot: Snapshot) -> list[dict[str, str]]:
    used = sorted((kind for kind in snapshot["kinds"] if kind["activities"]), key=lambda kind: -kind["activities"])
    return [
        {"name": prose.clean(kind["name"]), "activities": german.number(kind["activities"]), "hours": german.hours(kind["minutes"])}
        for kind in used
    ]


def _results_lead(snapshot: Snapshot) -> str:
    known = sum(result["activities"] for result in snapshot["results"])
    done = sum(result["activities"] for result in snapshot["results"] if result["code"] == "done")
    if not known:
        return ""
    recorded = f"{german.count(known, 'Aktivität', 'Aktivitäten')} mit festgehaltenem Ergebnis"
    if not done:
        return f"Es gibt {recorded}; umgesetzt ist noch nichts."
    verb = "ist" if done == 1 else "sind"
    return f"Von {recorded} {verb} {german.number(done)} umgesetzt ({german.percent(done, known)})."


def _results(snapshot: Snapshot) -> list[dict[str, str]]:
    known = sum(result["activities"] for result in snapshot["results"])
    return [
        {"name": prose.clean(result["name"]), "activities": german.number(result["activities"]), "share": german.percent(result["activities"], known)}
        for result in snapshot["results"]
        if known
    ]


def _effort_lead(snapshot: Snapshot) -> str:
    minutes, months = snapshot["totals"]["minutes"], len(snapshot["months"])
    if not minutes or not months:
        return ""
    return (
        f"Der Einsatz umfasste {german.hours_with_unit(minutes)}, im Durchschnitt"
        f" {german.hours(minutes // months)}{german.NBSP}Stunden im Monat."
    )


def _annexes(snapshot: Snapshot) -> list[dict[str, Any]]:
    annexes: list[dict[str, Any]] = []
    if snapshot["activities"]:
        annexes.append({
            "title": "Liste aller Aktivitäten", "css_class": "annex-list", "part": "reports/edition/annex_activities.html",
            "signs": german.enumeration([f"{group['short']} = {group['name']}" for group in snapshot["fields"]]),
            "activities": _activity_rows(snapshot["activities"], snapshot["fields"]),
        })  # fmt: skip
    files = [{"name": file.name, "description": file.description} for file in report_attachments(snapshot)]
    annexes.append({
        "title": "Daten in diesem Dokument", "css_class": "annex-files", "part": "reports/edition/annex_files.html", "files": files,
    })  # fmt: skip
    for number, annex in enumerate(annexes, start=1):
        annex |= {"number": str(number), "anchor": f"anlage-{number}"}
    return annexes


def _activity_rows(activities: Sequence[Mapping[str, Any]], fields: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    signs = {group["code"]: group["short"] for group in fields}
    return [
        {
            "day": german.date(activity["day"]),
            "field": activity["field"] or "quer",
            "sign": signs.get(activity["field"] or "quer", "Qu"),
            "kind": prose.clean(activity["kind"]),
            "title": prose.clean(activity["title"]),
            "hours": german.hours(activity["minutes"]),
            "result": prose.clean(activity["result"]) or "–",
        }
        for activity in activities
    ]
