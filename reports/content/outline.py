"""The report as a plain sequence of headings, texts, lists, tables and pictures: what web page and word processor
files are written from. It is made of the same chapters as the PDF, so no number can differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from kiv_portal.documents import prose
from kiv_portal.documents.charts import Chart
from kiv_portal.documents.outline import (
    Contents,
    Element,
    Grid,
    Heading,
    KeyFigures,
    Outline,
    PhotoRow,
    Photos,
    Picture,
    Points,
    Proof,
    Text,
)
from reports.content import chapters
from reports.content.report import front_page, report_charts
from reports.figures.snapshot import Snapshot


def report_outline(
    snapshot: Snapshot,
    *,
    edition_number: str,
    drawn: Mapping[str, Chart] | None = None,
    photos: Sequence[PhotoRow] = (),
) -> Outline:
    drawn = report_charts(snapshot) if drawn is None else drawn
    front = front_page(snapshot, edition_number)
    body = [
        element for chapter in chapters.chapters(snapshot, drawn, photos) for element in _chapter(chapter)
    ]
    body += [element for annex in chapters.annexes(snapshot, ()) for element in _annex(annex)]
    entries = [element for element in body if isinstance(element, Heading) and element.anchor]
    contents = [Contents(entries)] if len(entries) > 3 else []
    return Outline(
        title=front["title"],
        town=front["town"],
        subject=front["subject"],
        dated=front["dated"],
        footer=f"{front['footer_left']} · {front['footer_note']}",
        elements=[*_front(front), *contents, *body],
    )


def _front(front: Mapping[str, Any]) -> Iterator[Element]:
    yield Text(f"{front['town_kind']} {front['town']} · Sitzungsvorlage", "subtitle")
    yield Heading(1, front["subject"])
    yield Text(front["period"], "subtitle")
    if front["check"]:
        yield Proof(front["check"])
    rows = [pair for row in front["paper_rows"] for pair in row]
    yield Grid("paper", "Angaben zur Vorlage", ("Angabe", "Inhalt"), rows)
    if front["consultations"]:
        columns = ("Gremium", "Datum", "Punkt", "Aufgabe", "Öffentlichkeit")
        keys = ("committee", "session", "item", "role", "openness")
        yield Grid("consultations", "Beratungsfolge", columns, _picked(front["consultations"], keys))
    yield from _decision(front["decision"])
    yield Heading(2, "Auf einen Blick")
    yield KeyFigures(front["figures"])
    yield from _prose(front["glance"])
    if front["leads"]:
        yield Points(front["leads"])


def _decision(decision: Mapping[str, Any]) -> Iterator[Element]:
    yield Heading(2, "Was zu entscheiden ist")
    if decision["is_numbered"]:
        yield Points(decision["points"], is_numbered=True)
    elif decision["points"]:
        yield from (Text(point) for point in decision["points"])
    else:
        yield Text("Der Bericht dient der Kenntnisnahme. Ein Beschluss ist nicht vorgeschlagen.")
    if decision["is_shortened"]:
        yield Text("Der vollständige Beschlussvorschlag steht am Ende des Berichts.", "small")


def _chapter(chapter: Mapping[str, Any]) -> Iterator[Element]:
    yield Heading(2, f"{chapter['number']}\u2003{chapter['title']}", chapter["anchor"])
    if chapter["lead"]:
        yield Text(chapter["lead"], "lead")
    yield from _prose(chapter["blocks"])
    if chapter["part"]:  # an unknown one stops here, rather than being left out
        yield from PARTS[PurePosixPath(chapter["part"]).stem.removeprefix("part_")](chapter)


def _people(chapter: Mapping[str, Any]) -> Iterator[Element]:
    if chapter["appointments"]:
        columns = ("Name", "Form", "Bestellt", "Basisqualifizierung", "Arbeitskreis Inklusion")
        keys = ("name", "form", "term", "qualified", "working_group")
        yield Grid("people", "Bestellte Personen", columns, _picked(chapter["appointments"], keys))
    if chapter["vacancies"]:
        yield Text("Nicht besetzt war die Stelle in diesen Zeiten:")
        yield Points(chapter["vacancies"])


def _fields(chapter: Mapping[str, Any]) -> Iterator[Element]:
    yield Picture("fields", "Aktivitäten je Handlungsfeld", chapter["chart"], chapter["narrow"])
    total = chapter["total"]
    columns = (
        *("Handlungsfeld", "UN-Konvention", "Aktivitäten"),
        *("Auch berührt", "Stunden", "Erreichte Personen"),
    )
    rows = _picked(chapter["fields"], ("name", "articles", "activities", "also", "hours", "people"))
    rows.append(["Zusammen", "", total["activities"], "", total["hours"], total["people"]])
    yield Grid(
        "fields", "Tätigkeiten in Zahlen", columns, rows, numeric=frozenset((2, 3, 4, 5)), has_total=True
    )
    yield from (Text(note, "small") for note in chapter["fields_notes"])
    if chapter["examples"]:
        yield Heading(3, "Beispiele")
    for group in chapter["examples"]:
        yield Heading(4, group["name"])
        for example in group["items"]:
            yield Text(f"{example['title']} ({example['when']})", "lead")
            yield from _prose(example["blocks"])


def _months(chapter: Mapping[str, Any]) -> Iterator[Element]:
    yield Picture("months", "Aktivitäten je Monat", chapter["chart"], chapter["narrow"])
    months = [month for table in chapter["months"] for month in table]  # here a month is a row
    yield Grid(
        "months",
        "Aktivitäten und Stunden je Monat",
        ("Monat", "Aktivitäten", "Stunden"),
        _picked(months, ("name", "activities", "hours")),
        numeric=frozenset((1, 2)),
    )
    yield Heading(3, "Art der Tätigkeit")
    yield Grid(
        "kinds",
        "Aktivitäten und Stunden nach Art",
        ("Art", "Aktivitäten", "Stunden"),
        _picked(chapter["kinds"], ("name", "activities", "hours")),
        numeric=frozenset((1, 2)),
    )


def _results(chapter: Mapping[str, Any]) -> Iterator[Element]:
    if concerns := chapter["concerns"]:
        rows = _picked(concerns["rows"], ("name", "number", "share"))
        yield Grid(
            "outcomes",
            "Stand der Anliegen",
            ("Stand", "Anliegen", "Anteil"),
            [*rows, ["Zusammen", concerns["total"], ""]],
            numeric=frozenset((1, 2)),
            has_total=True,
        )
        yield Text(" ".join(concerns["notes"]), "small")
        for found in concerns["lists"]:
            rows = [
                [row["place"], row["title"], f"{row['sentence']} {row['when']}".strip()]
                for row in found["rows"]
            ]
            yield Heading(3, found["title"])
            yield Grid(
                "concerns",
                f"Anliegen: {found['title']}",
                ("Ort", "Anliegen", found["column"]),
                rows,
                header=1,
            )
    if chapter["results"]:
        if concerns:
            yield Heading(3, "Ergebnisse der einzelnen Aktivitäten")
        yield Grid(
            "results",
            "Aktivitäten nach ihrem Ergebnis",
            ("Ergebnis", "Aktivitäten", "Anteil"),
            _picked(chapter["results"], ("name", "activities", "share")),
            numeric=frozenset((1, 2)),
        )


def _late(chapter: Mapping[str, Any]) -> Iterator[Element]:
    columns, keys, numeric = _listed(("day", "title", "kind"), has_days=chapter["has_days"])
    rows = _picked(chapter["activities"], keys)
    yield Grid("late", "Nachträge", columns, rows, numeric=numeric, header=1)


def _photos(chapter: Mapping[str, Any]) -> Iterator[Element]:
    yield from (Photos(row) for row in chapter["rows"])


def _effort(chapter: Mapping[str, Any]) -> Iterator[Element]:
    columns = ("Aufwand", "Im Berichtszeitraum", "Im Durchschnitt je Monat")
    rows = _picked(chapter["effort"], ("name", "total", "monthly"))
    yield Grid("effort", "Aufwand im Berichtszeitraum", columns, rows, numeric=frozenset((1, 2)))


def _proposal(chapter: Mapping[str, Any]) -> Iterator[Element]:
    if chapter["alternatives"]:
        if chapter["has_both"]:
            yield Heading(3, "Handlungsalternativen")
        yield from _prose(chapter["alternatives"])
    if chapter["proposal"]:
        if chapter["has_both"]:
            yield Heading(3, "Beschlussvorschlag")
        yield from _prose(chapter["proposal"])


PARTS = {
    "people": _people,
    "fields": _fields,
    "months": _months,
    "results": _results,
    "late": _late,
    "photos": _photos,
    "effort": _effort,
    "decision": _proposal,
}


def _annex(annex: Mapping[str, Any]) -> Iterator[Element]:
    """The list of activities: the only annex that is not a matter of PDF alone."""
    yield Heading(2, f"Anlage {annex['number']}: {annex['title']}", annex["anchor"])
    note = "Wie viele Personen erreicht wurden, steht zum Schutz Einzelner nur in der Summe."
    hours = "Angaben in Stunden. " if annex["has_days"] else ""
    yield Text(f"{annex['signs']}. {hours}{note}", "small")
    columns, keys, numeric = _listed(("day", "sign", "title", "kind"), has_days=annex["has_days"])
    rows = _picked(annex["activities"], keys)
    yield Grid("activities", annex["title"], columns, rows, numeric=numeric, header=2)


LISTED = {"sign": "Feld", "title": "Titel", "kind": "Art", "hours": "Stunden", "result": "Ergebnis"}


def _listed(first: Sequence[str], *, has_days: bool) -> tuple[list[str], list[str], frozenset[int]]:
    """Columns of a list of activities, the keys of their cells, and which are numbers."""
    keys = [*first, *(("hours",) if has_days else ()), "result"]
    names = LISTED | {"day": "Datum" if has_days else "Monat"}
    return (
        [names[key] for key in keys],
        keys,
        frozenset(place for place, key in enumerate(keys) if key == "hours"),
    )


def _prose(blocks: Sequence[prose.Block]) -> Iterator[Element]:
    for block in blocks:
        if block.kind == "p":
            yield Text(block.items[0])
        else:
            yield Points(block.items, is_numbered=block.kind == "ol")


def _picked(rows: Sequence[Mapping[str, str]], keys: Sequence[str]) -> list[list[str]]:
    return [[row[key] for key in keys] for row in rows]
