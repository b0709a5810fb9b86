"""The report as a plain sequence of headings, texts, lists, tables and pictures: what web page and word processor
editions are written from. It is made of the same chapters as the PDF, so no number can differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from . import chapters, prose
from .authenticity import Check
from .charts import Chart
from .findings import Snapshot
from .report import front_page, report_charts
from .report_photos import PhotoRow

NARROWEST, WIDEST = 3, 40  # characters of a column
SPACE_BETWEEN = 0.1  # cm beside each of two photos


class Heading(NamedTuple):
    """`level` 1 is the title, chapters have 2; an anchor marks what belongs into a table of contents."""

    level: int
    text: str
    anchor: str = ""
    kind: str = "heading"


class Text(NamedTuple):
    text: str
    role: Literal["plain", "lead", "small", "subtitle"] = "plain"
    kind: str = "text"


class Points(NamedTuple):
    items: Sequence[str]
    is_numbered: bool = False
    kind: str = "points"


class Grid(NamedTuple):
    """A table: `name` is one of this module's, `numeric` are the columns of numbers, `header` is the column that names
    the row. Every row has as many cells as there are columns.
    """

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    header: int = 0
    has_total: bool = False
    kind: str = "grid"

    @property
    def cells(self) -> Iterator[list[tuple[str, bool, bool]]]:
        """Rows of (text, is it the row's header, is it a number), as a template needs them."""
        for row in self.rows:
            yield [(text, column == self.header, column in self.numeric) for column, text in enumerate(row)]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return [(text, column in self.numeric) for column, text in enumerate(self.columns)]

    @property
    def widths(self) -> list[float]:
        """Parts of the whole width, after the longest text of every column: for those who set no column by hand."""
        needed = [
            min(max(len(text) for text in column), WIDEST) + NARROWEST
            for column in zip(self.columns, *self.rows, strict=True)
        ]
        return [width / sum(needed) for width in needed]


class Picture(NamedTuple):
    name: str
    caption: str
    chart: Chart
    kind: str = "picture"


class Photos(NamedTuple):
    """One photo, or two that stand side by side, each with its caption."""

    photos: PhotoRow
    kind: str = "photos"

    @property
    def caption(self) -> str:
        """For those who set the captions below both."""
        sides = ("Links: ", "Rechts: ") if len(self.photos) == 2 else ("",)
        told = (
            f"{side}{photo.caption}, {photo.when}" for side, photo in zip(sides, self.photos, strict=True)
        )
        return ". ".join(told) + "."

    def size_in(self, box: tuple[float, float]) -> list[tuple[float, float]]:
        """Width and height of each, so that a row of two fits into the box, in the unit of the box."""
        width, height = box[0] / 2 - SPACE_BETWEEN, box[1]
        scales = [min(width / photo.width, height / photo.height) for photo in self.photos]
        return [(photo.width * s, photo.height * s) for photo, s in zip(self.photos, scales, strict=True)]


class KeyFigures(NamedTuple):
    """Pairs of a number and what it counts."""

    figures: Sequence[tuple[str, str]]
    kind: str = "figures"


class Proof(NamedTuple):
    check: Check
    kind: str = "proof"


class Contents(NamedTuple):
    """Where a table of contents belongs; `entries` are the headings that have an anchor."""

    entries: Sequence[Heading]
    kind: str = "contents"


Element = Heading | Text | Points | Grid | Picture | Photos | KeyFigures | Proof | Contents


@dataclass(frozen=True)
class Outline:
    """`dated` is an ISO day: the only clock of an edition."""

    title: str
    town: str
    subject: str
    dated: str
    footer: str
    elements: Sequence[Element]


def report_outline(
    snapshot: Snapshot,
    *,
    edition: str,
    drawn: Mapping[str, Chart] | None = None,
    photos: Sequence[PhotoRow] = (),
) -> Outline:
    drawn = report_charts(snapshot) if drawn is None else drawn
    front = front_page(snapshot, edition)
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
    if front["findings"]:
        yield Points(front["findings"])


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
    yield Picture("fields", "Aktivitäten je Handlungsfeld", chapter["chart"])
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
    yield Picture("months", "Aktivitäten je Monat", chapter["chart"])
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
            told = [
                (row["place"], row["title"], f"{row['sentence']} {row['when']}".strip())
                for row in found["rows"]
            ]
            yield Heading(3, found["title"])
            yield Grid(
                "concerns",
                f"Anliegen: {found['title']}",
                ("Ort", "Anliegen", found["column"]),
                told,
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
    "photos": _photos,
    "effort": _effort,
    "decision": _proposal,
}


def _annex(annex: Mapping[str, Any]) -> Iterator[Element]:
    """The list of activities: the only annex that is not a matter of PDF alone."""
    yield Heading(2, f"Anlage {annex['number']}: {annex['title']}", annex["anchor"])
    note = "Wie viele Personen erreicht wurden, steht zum Schutz Einzelner nur in der Summe."
    yield Text(f"{annex['signs']}. Angaben in Stunden. {note}", "small")
    yield Grid(
        "activities",
        annex["title"],
        ("Datum", "Feld", "Titel", "Art", "Stunden", "Ergebnis"),
        _picked(annex["activities"], ("day", "sign", "title", "kind", "hours", "result")),
        numeric=frozenset((4,)),
        header=2,
    )


def _prose(blocks: Sequence[prose.Block]) -> Iterator[Element]:
    for block in blocks:
        if block.kind == "p":
            yield Text(block.items[0])
        else:
            yield Points(block.items, is_numbered=block.kind == "ol")


def _picked(rows: Sequence[Mapping[str, str]], keys: Sequence[str]) -> list[list[str]]:
    return [[row[key] for key in keys] for row in rows]


def figures_grid(element: KeyFigures) -> Grid:
    """Key figures as a table, where there is no other way to set number and words side by side."""
    rows = [(label, value) for value, label in element.figures]
    return Grid("figures", "Kennzahlen", ("Was gezählt ist", "Zahl"), rows, numeric=frozenset((1,)))
