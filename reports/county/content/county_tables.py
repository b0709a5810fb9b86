"""What a county may tell about its towns, and the files that say it: CSV and JSON in the PDF, sheets for the Ministry.

The towns' own reports print people by field, and hide groups below five. The county's report therefore adds up only
what those print: with the towns' reports beside it, nobody can work out a hidden group by taking one sum from another.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kiv_portal.documents import german
from kiv_portal.documents.spreadsheets import Cell, Heading
from reports.content import tables

Snapshot = Mapping[str, Any]


def people_of_town(town: Mapping[str, Any]) -> str:
    return _told(town["people_reached"], town["people_by_field"].values(), town["people_ranges"])


def people_of_field(snapshot: Snapshot, field: Mapping[str, Any]) -> str:
    cells = (town["people_by_field"].get(field["code"], 0) for town in snapshot["towns"])
    return _told(field["people_reached"], cells, field["people_ranges"])


def people_of_all(snapshot: Snapshot) -> str:
    totals = snapshot["totals"]
    return _told(totals["people_reached"], _cells(snapshot), totals["people_ranges"])


def hides_people(snapshot: Snapshot) -> bool:
    return any(tables.is_small(people) for people in _cells(snapshot))


def _cells(snapshot: Snapshot) -> Iterator[int]:
    for town in snapshot["towns"]:
        yield from town["people_by_field"].values()


def _told(total: int, cells: Iterable[int], ranges: int) -> str:
    """The sum in words: exact only where each of its parts may be told."""
    return tables.people_total(
        {
            "totals": {"people_reached": total, "people_ranges": ranges},
            "fields": [{"people_reached": people} for people in cells],
        }
    )


def _in_cell(told: str) -> Cell:
    """ "1.234" is a number in a spreadsheet, "unter 5" stays text."""
    digits = told.replace(".", "")
    return int(digits) if digits.isdecimal() else told.replace(german.NBSP, " ")


# --- tables: once for CSV and XLSX


class Table(NamedTuple):
    name: str
    headings: Sequence[Heading]
    rows: list[list[Cell]]


def report_tables(snapshot: Snapshot) -> list[Table]:
    """Kommunen, Handlungsfelder, Monate, Arten, Anliegen and Berichte, in this order."""
    return [
        _towns(snapshot),
        _fields(snapshot),
        _months(snapshot),
        _kinds(snapshot),
        _concerns(snapshot),
        _reports(snapshot),
    ]


ACTIVITIES = Heading("Aktivitäten", "Zahl der Aktivitäten im Zeitraum.", "integer", 12)
HOURS = Heading("Stunden", "Stunden im Einsatz, ohne Fahrzeit.", "number", 10)
TRAVEL = Heading("Stunden Fahrzeit", "Hin und zurück.", "number", 16)
PEOPLE = Heading(
    "Erreichte Personen",
    "„unter 5“ steht statt einer kleinen Zahl, damit niemand zu erkennen ist. „mindestens“ steht, wo die genaue Summe "
    "eine kleine Zahl verraten würde, oder wo eine Spanne angegeben ist.",
    width=18,
)


def _towns(snapshot: Snapshot) -> Table:
    headings = [
        Heading("Kommune", "Alle, die im Zeitraum teilgenommen haben.", width=22),
        Heading("Gemeindeschlüssel", "Amtlich, acht Ziffern.", width=18),
        Heading("Art", "Große Kreisstadt, Stadt oder Gemeinde.", width=18),
        Heading("Einwohner", "Leer heißt: nicht eingetragen.", "integer", 12),
        Heading("Vereinbarung von", "Beginn der Kooperationsvereinbarung.", "date", 16),
        Heading("Vereinbarung bis", "Leer heißt: ohne festes Ende.", "date", 16),
        Heading("Bestellte Personen", "Wie viele im Zeitraum Inklusion vermittelt haben.", "integer", 18),
        Heading("Tage unbesetzt", "Tage mit Vereinbarung, aber ohne Bestellung.", "integer", 16),
        ACTIVITIES,
        HOURS,
        TRAVEL,
        PEOPLE,
        Heading("Anliegen", "Gemeldet, noch offen oder bewegt im Zeitraum.", "integer", 10),
        Heading("Davon umgesetzt", "Am letzten Tag des Zeitraums.", "integer", 16),
        Heading("Breite", "Punkt der Kommune, in Grad.", "number", 10),
        Heading("Länge", "Punkt der Kommune, in Grad.", "number", 10),
    ]
    rows = [
        [
            town["name"],
            town["ags"],
            town["kind"],
            town["population"],
            _day(town["agreement"], "starts_on"),
            _day(town["agreement"], "ends_on"),
            town["mediators"],
            town["vacant_days"],
            *_sums(town),
            _in_cell(people_of_town(town)),
            town["concerns"],
            town["outcomes"]["done"],
            town["latitude"],
            town["longitude"],
        ]
        for town in snapshot["towns"]
    ]
    return Table("Kommunen", headings, rows)


def _fields(snapshot: Snapshot) -> Table:
    headings = [
        Heading("Handlungsfeld", "Nach der Behindertenrechtskonvention der Vereinten Nationen.", width=28),
        Heading("Artikel", "Artikel der Konvention.", width=12),
        ACTIVITIES,
        Heading("Auch berührt", "Aktivitäten mit einem anderen führenden Handlungsfeld.", "integer", 14),
        HOURS,
        TRAVEL,
        PEOPLE,
        Heading("Anliegen", "Anliegen dieses Handlungsfelds.", "integer", 10),
    ]
    rows = [
        [
            field["name"],
            ", ".join(map(str, field["articles"])),
            field["activities"],
            field["also_touched"],
            *_sums(field)[1:],
            _in_cell(people_of_field(snapshot, field)),
            snapshot["concerns"]["fields"].get(field["code"], 0),
        ]
        for field in snapshot["fields"]
    ]
    total = snapshot["totals"]
    rows.append(
        ["Zusammen", "", total["activities"], None, *_sums(total)[1:], _in_cell(people_of_all(snapshot)),
         snapshot["concerns"]["total"]]
    )  # fmt: skip
    return Table("Handlungsfelder", headings, rows)


def _months(snapshot: Snapshot) -> Table:
    headings = [Heading("Monat", "Kalendermonat.", width=18), ACTIVITIES, HOURS, TRAVEL]
    rows: list[list[Cell]] = [
        [german.month(row["month"]).replace(german.NBSP, " "), *_sums(row)] for row in snapshot["months"]
    ]
    return Table("Monate", headings, rows)


def _kinds(snapshot: Snapshot) -> Table:
    headings = [Heading("Art", "Art der Aktivität.", width=24), ACTIVITIES, HOURS, TRAVEL]
    return Table("Arten", headings, [[row["name"], *_sums(row)] for row in snapshot["kinds"]])


def _concerns(snapshot: Snapshot) -> Table:
    concerns = snapshot["concerns"]
    headings = [
        Heading("Kommune", "Letzte Zeile: alle zusammen.", width=22),
        Heading("Anliegen", "Gemeldet, noch offen oder bewegt im Zeitraum.", "integer", 10),
        *(
            Heading(row["name"], f"Am letzten Tag des Zeitraums {row['name']}.", "integer", 14)
            for row in concerns["outcomes"]
        ),
    ]
    codes = [row["code"] for row in concerns["outcomes"]]
    rows: list[list[Cell]] = [
        [town["name"], town["concerns"], *(town["outcomes"][code] for code in codes)]
        for town in snapshot["towns"]
    ]
    rows.append(["Zusammen", concerns["total"], *(row["concerns"] for row in concerns["outcomes"])])
    return Table("Anliegen", headings, rows)


def _reports(snapshot: Snapshot) -> Table:
    headings = [
        Heading("Kommune", "Wessen Zwischenbericht.", width=22),
        Heading("Zeitraum von", "Erster Tag.", "date", 14),
        Heading("Zeitraum bis", "Letzter Tag.", "date", 14),
        Heading("Fällig am", "Bis wann der Bericht eingereicht sein soll.", "date", 12),
        Heading("Stand", "Wie weit der Bericht ist.", width=16),
        Heading("Gremium", "Wer beschließt.", width=20),
        Heading("Sitzung am", "Leer heißt: noch nicht eingetragen.", "date", 12),
        Heading(
            "Beschluss", "„fehlt“ heißt: Der Bericht ist zugestellt, es gibt noch keinen Beschluss.", width=30
        ),
        Heading("Beschlossen am", "Tag der Sitzung.", "date", 14),
    ]
    rows: list[list[Cell]] = [
        [
            row["town"],
            _iso_day(row["period"]["start"]),
            _iso_day(row["period"]["end"]),
            _iso_day(row["due_on"]),
            row["state_name"],
            row["committee"],
            _iso_day(row["session_on"]) if row["session_on"] else None,
            decision_text(row),
            _iso_day(row["decision"]["decided_on"]) if row["decision"] else None,
        ]
        for row in snapshot["reports"]
    ]
    return Table("Berichte", headings, rows)


def decision_text(row: Mapping[str, Any]) -> str:
    """What the council resolved; "fehlt" where it has the report and still owes it."""
    name = row["decision"]["name"] if row["decision"] else ""
    if row["owes_decision"]:
        return f"fehlt, zuletzt: {name}" if name else "fehlt"
    return name


def _sums(row: Mapping[str, Any]) -> list[Cell]:
    return [row["activities"], round(row["minutes"] / 60, 2), round(row["travel_minutes"] / 60, 2)]


def _iso_day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _day(agreement: Mapping[str, Any] | None, name: str) -> Cell:
    return _iso_day(agreement[name]) if agreement and agreement[name] else None


# --- JSON


def published(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as it may be handed out: what no reader may see of people is null, with a lower bound beside it."""
    towns = [
        {
            **_with_people(town, people_of_town(town)),
            "people_by_field": {
                code: None if tables.is_small(people) else people
                for code, people in town["people_by_field"].items()
            },
        }
        for town in snapshot["towns"]
    ]
    fields = [_with_people(field, people_of_field(snapshot, field)) for field in snapshot["fields"]]
    others = {name: [_without_people(row) for row in snapshot[name]] for name in ("months", "kinds")}
    totals = _with_people(snapshot["totals"], people_of_all(snapshot))
    note = "Bei weniger als fünf Personen steht keine Zahl (null)."
    return {**snapshot, **others, "towns": towns, "fields": fields, "totals": totals, "note": note}


def _with_people(row: Mapping[str, Any], told: str) -> dict[str, Any]:
    number = _in_cell(told)
    exact = number if isinstance(number, int) else None
    known = {**row, "people_reached": exact}
    if exact is None and isinstance(number, str) and number.startswith("mindestens"):
        known["people_reached_at_least"] = int(number.removeprefix("mindestens ").replace(".", ""))
    return known


def _without_people(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not key.startswith("people_")}
