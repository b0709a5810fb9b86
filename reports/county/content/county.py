"""The county's own report (Kreisbericht): a snapshot in, the checked PDF out. No database, no request, no clock."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from django.template.context import Context

from kiv_portal.documents import charts, german, prose
from kiv_portal.documents.draft_mark import mark_as_draft
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import Attachment, printable, render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from kiv_portal.documents.spreadsheets import to_csv
from reports.content import leads, tables
from reports.content.report import BuildStep, BuiltReport, engine
from reports.county.content import county_tables
from reports.county.content.county_map import county_map
from reports.county.content.county_tables import people_of_all, people_of_field, people_of_town
from reports.county.snapshot import CountySnapshot, Term, TownReport
from reports.figures.snapshot import Sums

TEMPLATE = "reports/county/content/report.html"
STYLESHEET = "county.css"
MONTHS_A_TABLE = 6
MOST_ON_A_PAGE = 20  # rows; longer tables may cross pages
AT_LEAST = f"mindestens{german.NBSP}"


def build_county_pdf(
    snapshot: CountySnapshot,
    *,
    edition_number: str,
    draft_sentence: str = "",
    progress: Callable[[BuildStep], None] = lambda step: None,
    fonts: Path | None = None,
) -> BuiltReport:
    """Draw, typeset and check the PDF. `progress` is called before each step. With a `draft_sentence` it is marked as
    a draft.

    Raises RenderingError if the document cannot be set or does not pass the check of accessibility.
    """
    progress(BuildStep.CHARTS)
    drawn = county_charts(snapshot)
    progress(BuildStep.TEXT)
    attachments = county_attachments(snapshot)
    html = county_html(snapshot, edition_number=edition_number, drawn=drawn, attachments=attachments)
    if draft_sentence:
        html = mark_as_draft(html, draft_sentence)
    html, replaced = printable(html, fonts)
    progress(BuildStep.PAGES)
    pdf = render_pdf(html, attachments=attachments, stylesheet=STYLESHEET, fonts=fonts)
    progress(BuildStep.CHECK)
    verdict = check_pdf(pdf)
    if not verdict.is_accessible:
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict.problems[0]}")
    return BuiltReport(pdf, replace(verdict, replaced=replaced))


def county_charts(snapshot: CountySnapshot) -> dict[str, charts.Chart]:
    """The drawings by name: a map where towns have coordinates, charts where something was done."""
    drawn = {}
    if found := county_map(snapshot.towns, county=snapshot.county.name):
        drawn["map"] = found
    if snapshot.totals.activities:
        drawn["fields"] = charts.fields_chart(snapshot.fields)
        drawn["months"] = charts.months_chart(snapshot.months)
    return drawn


FILES = {
    "Kommunen": ("kommunen.csv", "Die Kommunen im Vergleich"),
    "Handlungsfelder": ("handlungsfelder.csv", "Aktivitäten nach Handlungsfeldern"),
    "Monate": ("monate.csv", "Aktivitäten nach Monaten"),
    "Arten": ("arten.csv", "Aktivitäten nach Art"),
    "Anliegen": ("anliegen.csv", "Anliegen nach Kommune und Stand"),
    "Berichte": ("berichte.csv", "Zwischenberichte und Beschlüsse"),
}


def county_attachments(snapshot: CountySnapshot) -> list[Attachment]:
    """Every table as CSV, and everything as JSON; small numbers of people are in none of them."""
    dated = datetime.datetime.combine(datetime.date.fromisoformat(snapshot.dated), datetime.time(12))
    found = []
    for table in county_tables.report_tables(snapshot):
        name, description = FILES[table.name]
        header = [heading.name for heading in table.headings]
        rows = ([_in_csv(cell) for cell in row] for row in table.rows)
        found.append(Attachment(name, description, to_csv(header, rows), dated))
    data = tables.to_json(county_tables.published(snapshot))
    return [*found, Attachment("kreisbericht.json", "Alle Zahlen für Programme", data, dated)]


def _in_csv(cell: Any) -> Any:
    if isinstance(cell, datetime.date):
        return german.date(cell)
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def county_html(
    snapshot: CountySnapshot,
    *,
    edition_number: str,
    drawn: Mapping[str, charts.Chart] | None = None,
    attachments: Sequence[Attachment] | None = None,
) -> str:
    """The whole document as HTML, all typed text escaped. Drawings and files are made if not handed in."""
    drawn = county_charts(snapshot) if drawn is None else drawn
    attachments = county_attachments(snapshot) if attachments is None else attachments
    county = prose.clean(snapshot.county.name)
    start, end = snapshot.period.start, snapshot.period.end
    context = {
        "title": f"Kreisbericht Kommunale Inklusionsvermittlung – {county}",
        "county": county,
        "administration": prose.clean(snapshot.county.administration),
        "dated": snapshot.dated,
        "dated_text": german.long_date(snapshot.dated),
        "edition": edition_number,
        "period": f"Berichtszeitraum {german.long_date(start)} bis {german.long_date(end)}",
        "figures": _key_figures(snapshot),
        "leads": _leads(snapshot),
        "chapters": _chapters(snapshot, drawn),
        "files": [{"name": file.name, "description": file.description} for file in attachments],
        "footer_left": f"{county} · Kreisbericht {german.date(start)} bis {german.date(end)}",
        "footer_note": f"Ausgabe {edition_number}, Stand {german.date(snapshot.dated)}",
    }
    return engine().get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


# Page 1


def _key_figures(snapshot: CountySnapshot) -> list[tuple[str, str]]:
    totals, towns = snapshot.totals, snapshot.towns
    hours = german.whole_hours(totals.minutes)
    people = people_of_all(snapshot)
    reached = "Person erreicht" if people == "1" else "Personen erreicht"
    return [
        (german.number(len(towns)), "Kommune nimmt teil" if len(towns) == 1 else "Kommunen nehmen teil"),
        (german.number(totals.activities), "Aktivität" if totals.activities == 1 else "Aktivitäten"),
        (german.number(hours), "Stunde Einsatz" if hours == 1 else "Stunden Einsatz"),
        (
            people.removeprefix(AT_LEAST),
            "Personen mindestens erreicht" if people.startswith(AT_LEAST) else reached,
        ),
        _decided(snapshot),
    ]


def _decided(snapshot: CountySnapshot) -> tuple[str, str]:
    reports = snapshot.reports
    decided = sum(_is_decided(row) for row in reports)
    return (f"{decided} von {len(reports)}", "Berichten sind beschlossen")


def _is_decided(row: TownReport) -> bool:
    return row.decision is not None and row.decision.is_final


def _leads(snapshot: CountySnapshot) -> list[str]:
    sentences = [leads.about_fields(snapshot)]
    if snapshot.totals.activities:
        sentences.append(leads.about_months(snapshot))
    sentences.append(leads.about_concerns(snapshot))
    sentences.append(about_reports(snapshot))
    return [sentence for sentence in sentences if sentence]


def about_towns(snapshot: CountySnapshot) -> str:
    towns = snapshot.towns
    if not towns:
        return "Im Berichtszeitraum nimmt keine Kommune teil."
    number = german.count(len(towns), "Kommune hat", "Kommunen haben")
    vacant = [prose.clean(town.name) for town in towns if town.vacant_days]
    if not vacant:
        return f"{number} teilgenommen; die Stellen waren durchgehend besetzt."
    if len(vacant) == len(towns):
        return f"{number} teilgenommen; in keiner war die Stelle durchgehend besetzt."
    where = german.enumeration(vacant) if len(vacant) <= 4 else f"{german.in_words(len(vacant))} davon"
    return f"{number} teilgenommen; zeitweise nicht besetzt war die Stelle in {where}."


def about_reports(snapshot: CountySnapshot) -> str:
    reports = snapshot.reports
    if not reports:
        return "Für diesen Zeitraum gibt es noch keinen Zwischenbericht."
    decided = sum(_is_decided(row) for row in reports)
    owing = [prose.clean(row.town) for row in reports if row.owes_decision]
    total = german.count(len(reports), "Zwischenbericht", "Zwischenberichten")
    sentence = f"Von {total} {'ist' if decided == 1 else 'sind'} {german.number(decided)} beschlossen"
    if not owing:
        return f"{sentence}."
    where = german.enumeration(owing) if len(owing) <= 4 else f"{german.in_words(len(owing))} Kommunen"
    return f"{sentence}; noch offen ist der Beschluss in {where}."


# Chapters


def _chapters(snapshot: CountySnapshot, drawn: Mapping[str, charts.Chart]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def add(title: str, lead: str, part: str, **data: Any) -> None:
        number = str(len(found) + 1)
        chapter = {"anchor": f"kapitel-{number}", "number": number, "title": title, "lead": lead}
        is_long = len(snapshot.towns) > MOST_ON_A_PAGE
        found.append(
            {**chapter, "part": f"reports/county/content/part_{part}.html", "is_long": is_long, **data}
        )

    add("Die Kommunen", about_towns(snapshot), "towns", map=drawn.get("map"), rows=_town_rows(snapshot))
    if snapshot.totals.activities:
        lead = leads.about_fields(snapshot)
        add("Tätigkeiten nach Handlungsfeldern", lead, "fields", chart=drawn["fields"], **_fields(snapshot))
        add(
            "Verlauf und Art der Tätigkeiten",
            leads.about_months(snapshot),
            "months",
            chart=drawn["months"],
            months=_months(snapshot),
            kinds=[{"name": prose.clean(kind.name), **sums} for kind, sums in _with_sums(snapshot.kinds)],
        )
        add(
            "Die Kommunen im Vergleich",
            _about_comparison(snapshot),
            "comparison",
            rows=_comparison(snapshot),
            total=_total(snapshot),
            notes=_people_notes(snapshot),
        )
    if snapshot.concerns.total:
        add("Anliegen", leads.about_concerns(snapshot), "concerns", **_concerns(snapshot))
    add("Zwischenberichte und Beschlüsse", about_reports(snapshot), "reports", rows=_report_rows(snapshot))
    return found


Summed = TypeVar("Summed", bound=Sums)


def _with_sums(rows: Sequence[Summed]) -> Iterator[tuple[Summed, dict[str, str]]]:
    """Each row of a table with its cells; the hours add up."""
    for row, hours in zip(rows, german.hours_of_rows([row.minutes for row in rows]), strict=True):
        yield row, {"activities": german.number(row.activities), "hours": hours}


def _town_rows(snapshot: CountySnapshot) -> list[dict[str, str]]:
    return [
        {
            "name": prose.clean(town.name),
            "kind": prose.clean(town.kind),
            "population": german.number(town.population) if town.population else "–",
            "agreement": _term(town.agreement),
            "mediators": german.number(town.mediators),
            "vacant": german.number(town.vacant_days) if town.vacant_days else "–",
        }
        for town in snapshot.towns
    ]


def _term(agreement: Term | None) -> str:
    if agreement is None:
        return "keine"
    if agreement.ends_on:
        return f"{german.date(agreement.starts_on)} bis {german.date(agreement.ends_on)}"
    return f"seit {german.date(agreement.starts_on)}"


def _fields(snapshot: CountySnapshot) -> dict[str, Any]:
    rows = [
        {
            "code": field.code,
            "short": field.short,
            "name": field.name,
            "also": german.number(field.also_touched),
            "people": people_of_field(snapshot, field),
            **sums,
        }
        for field, sums in _with_sums(snapshot.fields)
    ]
    return {"rows": rows, "total": _total(snapshot), "notes": _people_notes(snapshot)}


def _total(snapshot: CountySnapshot) -> dict[str, str]:
    concerns = snapshot.concerns
    done = next(row.concerns for row in concerns.outcomes if row.code == "done")
    return {
        "activities": german.number(snapshot.totals.activities),
        "hours": german.hours(snapshot.totals.minutes),
        "people": people_of_all(snapshot),
        "concerns": german.number(concerns.total),
        "done": german.number(done),
    }


def _people_notes(snapshot: CountySnapshot) -> list[str]:
    notes, totals = [], snapshot.totals
    if totals.people_not_counted:
        verb = "wurde nicht gezählt" if totals.people_not_counted == 1 else "wurden nicht gezählt"
        activities = german.count(totals.people_not_counted, "Aktivität", "Aktivitäten")
        notes.append(f"Bei {activities} {verb}, wie viele Personen erreicht wurden.")
    if totals.people_ranges:
        activities = german.count(totals.people_ranges, "Aktivität", "Aktivitäten")
        notes.append(f"Bei {activities} ist eine Spanne angegeben; gezählt ist die kleinere Zahl.")
    if county_tables.hides_people(snapshot):
        notes.append(
            "Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist. Wo eine Summe sie"
            " verraten würde, steht „mindestens“ und die Summe ohne sie."
        )
    return notes


def _months(snapshot: CountySnapshot) -> list[list[dict[str, str]]]:
    months = [{"name": german.short_month(row.month), **sums} for row, sums in _with_sums(snapshot.months)]
    return [months[first : first + MONTHS_A_TABLE] for first in range(0, len(months), MONTHS_A_TABLE)]


def _comparison(snapshot: CountySnapshot) -> list[dict[str, str]]:
    return [
        {
            "name": prose.clean(town.name),
            "people": people_of_town(town),
            "concerns": german.number(town.concerns),
            "done": german.number(town.outcomes["done"]),
            **sums,
        }
        for town, sums in _with_sums(snapshot.towns)
    ]


def _about_comparison(snapshot: CountySnapshot) -> str:
    most = max(town.activities for town in snapshot.towns)
    leading = [prose.clean(town.name) for town in snapshot.towns if town.activities == most]
    activities = german.count(most, "Aktivität", "Aktivitäten")
    each = "je " if len(leading) > 1 else ""
    return f"Am meisten geschah in {german.enumeration(leading)}: {each}{activities}."


def _concerns(snapshot: CountySnapshot) -> dict[str, Any]:
    concerns = snapshot.concerns
    columns = [row.name for row in concerns.outcomes]
    codes = [row.code for row in concerns.outcomes]
    rows = [
        {
            "name": prose.clean(town.name),
            "total": german.number(town.concerns),
            "cells": [german.number(town.outcomes[code]) for code in codes],
        }
        for town in snapshot.towns
    ]
    total = {
        "total": german.number(concerns.total),
        "cells": [german.number(row.concerns) for row in concerns.outcomes],
    }
    return {"columns": columns, "rows": rows, "total": total}


def _report_rows(snapshot: CountySnapshot) -> list[dict[str, str]]:
    return [
        {
            "town": prose.clean(row.town),
            "period": f"{german.date(row.period.start)} bis {german.date(row.period.end)}",
            "state": row.state_name,
            "session": german.date(row.session_on) if row.session_on else "noch offen",
            "decision": county_tables.decision_text(row) or "–",
            "decided_on": german.date(row.decision.decided_on) if row.decision else "–",
        }
        for row in snapshot.reports
    ]
