"""What a county may say about its towns, and the files that say it: CSV and JSON in the PDF, sheets for the Ministry.

The towns' own reports print people by field, and hide groups below five. The county's report therefore adds up only
what those print: with the towns' reports beside it, nobody can work out a hidden group by taking one sum from another.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kiv_portal.documents import german
from kiv_portal.documents.spreadsheets import Cell, Heading
from reports.content import tables
from reports.county.snapshot import (
    CountySnapshot,
    FrozenCounty,
    FrozenDecision,
    Term,
    TownReport,
    TownSums,
)
from reports.figures.snapshot import ConcernSums, FieldSums, FrozenPeriod, MonthSums, NamedSums, Outcome, Sums
from reports.figures.typed_json import write


def people_of_town(town: TownSums) -> str:
    return _in_words(town.people_reached, town.people_by_field.values(), town.people_ranges)


def people_of_field(snapshot: CountySnapshot, field: FieldSums) -> str:
    cells = (town.people_by_field.get(field.code, 0) for town in snapshot.towns)
    return _in_words(field.people_reached, cells, field.people_ranges)


def people_of_all(snapshot: CountySnapshot) -> str:
    totals = snapshot.totals
    return _in_words(totals.people_reached, _cells(snapshot), totals.people_ranges)


def hides_people(snapshot: CountySnapshot) -> bool:
    return any(tables.is_small(people) for people in _cells(snapshot))


def _cells(snapshot: CountySnapshot) -> Iterator[int]:
    for town in snapshot.towns:
        yield from town.people_by_field.values()


def _in_words(total: int, cells: Iterable[int], ranges: int) -> str:
    """Exact only where each part of the sum may be said."""
    return tables.people_in_words(total, ranges, list(cells))


def _in_cell(words: str) -> Cell:
    """ "1.234" is a number in a spreadsheet, "unter 5" stays text."""
    digits = words.replace(".", "")
    return int(digits) if digits.isdecimal() else words.replace(german.NBSP, " ")


# --- tables: once for CSV and XLSX


class Table(NamedTuple):
    name: str
    headings: Sequence[Heading]
    rows: list[list[Cell]]


def report_tables(snapshot: CountySnapshot) -> list[Table]:
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


def _towns(snapshot: CountySnapshot) -> Table:
    headings = [
        Heading("Kommune", "Alle, die im Zeitraum teilgenommen haben.", width=22),
        Heading("Gemeindeschlüssel", "Amtlich, acht Ziffern.", width=18),
        Heading("Art", "Große Kreisstadt, Stadt oder Gemeinde.", width=18),
        Heading("Einwohner", "Leer heißt: nicht eingetragen.", "integer", 12),
        Heading("Vereinbarung von", "Beginn der Kooperationsvereinbarung.", "date", 16),
        Heading("Vereinbarung bis", "Leer heißt: ohne festes Ende.", "date", 16),
        Heading(
            "Bestellte Personen",
            "Wie viele im Zeitraum für die Inklusionsvermittlung bestellt waren.",
            "integer",
            18,
        ),
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
            town.name,
            town.ags,
            town.kind,
            town.population,
            _day(town.agreement.starts_on if town.agreement else None),
            _day(town.agreement.ends_on if town.agreement else None),
            town.mediators,
            town.vacant_days,
            *_sums(town),
            _in_cell(people_of_town(town)),
            town.concerns,
            town.outcomes["done"],
            town.latitude,
            town.longitude,
        ]
        for town in snapshot.towns
    ]
    return Table("Kommunen", headings, rows)


def _fields(snapshot: CountySnapshot) -> Table:
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
            field.name,
            ", ".join(map(str, field.articles)),
            field.activities,
            field.also_touched,
            *_sums(field)[1:],
            _in_cell(people_of_field(snapshot, field)),
            snapshot.concerns.fields.get(field.code, 0),
        ]
        for field in snapshot.fields
    ]
    total = snapshot.totals
    rows.append(
        ["Zusammen", "", total.activities, None, *_sums(total)[1:], _in_cell(people_of_all(snapshot)),
         snapshot.concerns.total]
    )  # fmt: skip
    return Table("Handlungsfelder", headings, rows)


def _months(snapshot: CountySnapshot) -> Table:
    headings = [Heading("Monat", "Kalendermonat.", width=18), ACTIVITIES, HOURS, TRAVEL]
    rows: list[list[Cell]] = [
        [german.month(row.month).replace(german.NBSP, " "), *_sums(row)] for row in snapshot.months
    ]
    return Table("Monate", headings, rows)


def _kinds(snapshot: CountySnapshot) -> Table:
    headings = [Heading("Art", "Art der Aktivität.", width=24), ACTIVITIES, HOURS, TRAVEL]
    return Table("Arten", headings, [[row.name, *_sums(row)] for row in snapshot.kinds])


def _concerns(snapshot: CountySnapshot) -> Table:
    concerns = snapshot.concerns
    headings = [
        Heading("Kommune", "Letzte Zeile: alle zusammen.", width=22),
        Heading("Anliegen", "Gemeldet, noch offen oder bewegt im Zeitraum.", "integer", 10),
        *(
            Heading(row.name, f"Am letzten Tag des Zeitraums {row.name}.", "integer", 14)
            for row in concerns.outcomes
        ),
    ]
    codes = [row.code for row in concerns.outcomes]
    rows: list[list[Cell]] = [
        [town.name, town.concerns, *(town.outcomes[code] for code in codes)] for town in snapshot.towns
    ]
    rows.append(["Zusammen", concerns.total, *(row.concerns for row in concerns.outcomes)])
    return Table("Anliegen", headings, rows)


def _reports(snapshot: CountySnapshot) -> Table:
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
            row.town,
            _iso_day(row.period.start),
            _iso_day(row.period.end),
            _iso_day(row.due_on),
            row.state_name,
            row.committee,
            _day(row.session_on),
            decision_text(row),
            _day(row.decision.decided_on if row.decision else None),
        ]
        for row in snapshot.reports
    ]
    return Table("Berichte", headings, rows)


def decision_text(row: TownReport) -> str:
    """What the council resolved; "fehlt" where it has the report and still owes it."""
    name = row.decision.name if row.decision else ""
    if row.owes_decision:
        return f"fehlt, zuletzt: {name}" if name else "fehlt"
    return name


def _sums(row: Sums) -> list[Cell]:
    return [row.activities, round(row.minutes / 60, 2), round((row.travel_minutes or 0) / 60, 2)]


def _iso_day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _day(text: str | None) -> Cell:
    return _iso_day(text) if text else None


# --- JSON: what may be handed out, field by field; a field that is not named here does not get out

_WORK = ("activities", "minutes", "travel_minutes", "expenses_cents")
_COUNTED = (*_WORK, "people_not_counted", "people_ranges")
# numbers of people are judged one by one in `published`
PUBLISHED: Mapping[type, tuple[str, ...]] = {
    CountySnapshot: (
        *("schema", "dated", "county", "period", "totals", "fields", "months", "kinds", "concerns"),
        *("towns", "reports"),
    ),
    FrozenCounty: ("key", "name", "administration", "population", "population_on"),
    FrozenPeriod: ("start", "end"),
    Sums: _COUNTED,
    FieldSums: ("code", "name", "short", "articles", "also_touched", *_COUNTED),
    MonthSums: ("month", *_WORK),
    NamedSums: ("code", "name", *_WORK),
    ConcernSums: ("total", "reported", "outcomes", "fields"),
    Outcome: ("code", "name", "concerns"),
    TownSums: (
        *("ags", "name", "slug", "kind", "population", "population_on", "latitude", "longitude"),
        *("agreement", "mediators", "vacant_days", *_COUNTED, "concerns", "outcomes"),
    ),
    Term: ("starts_on", "ends_on"),
    TownReport: (
        *("town", "ags", "period", "due_on", "state", "state_name", "committee", "session_on"),
        *("owes_decision", "decision"),
    ),
    FrozenDecision: ("kind", "name", "decided_on", "is_final"),
}


def published(snapshot: CountySnapshot) -> dict[str, Any]:
    """The report as JSON that may be handed out: a number of people that tells too much is null, with a lower bound."""
    data: dict[str, Any] = write(snapshot, PUBLISHED.__getitem__)
    data["totals"] |= _people(people_of_all(snapshot))
    for row, field in zip(data["fields"], snapshot.fields, strict=True):
        row |= _people(people_of_field(snapshot, field))
    for row, town in zip(data["towns"], snapshot.towns, strict=True):
        row |= _people(people_of_town(town))
        row["people_by_field"] = {
            code: None if tables.is_small(people) else people for code, people in town.people_by_field.items()
        }
    return data | {"note": "Bei weniger als fünf Personen steht keine Zahl (null)."}


def _people(in_words: str) -> dict[str, int | None]:
    number = _in_cell(in_words)
    if isinstance(number, int):
        return {"people_reached": number}
    known: dict[str, int | None] = {"people_reached": None}
    if isinstance(number, str) and number.startswith("mindestens"):
        known["people_reached_at_least"] = int(number.removeprefix("mindestens ").replace(".", ""))
    return known
