"""The figures of a report for spreadsheets and programs: CSV, XLSX and JSON, each with what its columns mean."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kiv_portal.documents.archive import noon
from kiv_portal.documents.spreadsheets import Heading, printable, to_csv
from reports.content import open_data, tables
from reports.content.listed import has_days
from reports.figures.snapshot import ListedActivity, Snapshot

EXPLANATION = "Erklärung"  # rows of the CSV that are no figures
EXPLANATIONS_SHEET = "Erklärungen"
NOTES = (
    "Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist.",
    "Eine leere Zelle heißt: nicht erhoben oder hier nicht gezählt. Das ist nicht dasselbe wie 0.",
)

FIGURES = (
    Heading(
        "Gliederung",
        "Wonach gezählt ist: Gesamt, Handlungsfeld, Monat, Art, Ergebnis oder Anliegen.",
        width=16,
    ),
    Heading("Bezeichnung", "Name der Gruppe; ein Monat als Jahr und Monat, zum Beispiel 2022-03.", width=34),
    Heading("Aktivitäten", "Zahl der Aktivitäten im Berichtszeitraum.", "integer", unit="Anzahl"),
    Heading("Minuten", "Dauer der Aktivitäten, ohne Fahrzeit.", "integer", unit="Minuten"),
    Heading(
        "Erreichte Personen",
        "Summe der erreichten Personen; nur nach Handlungsfeld und gesamt. Unter 5 steht keine Zahl.",
        width=20,
        unit="Personen",
    ),
    Heading("Minuten Fahrzeit", "Fahrzeit zu den Aktivitäten.", "integer", unit="Minuten"),
    Heading("Auslagen in Cent", "Ausgelegtes Geld.", "integer", unit="Cent"),
    Heading("Anliegen", "Zahl der Anliegen mit diesem Stand.", "integer", unit="Anzahl"),
)
ACTIVITIES = (
    Heading("Datum", "Tag der Aktivität.", "date", 12, unit="Datum"),
    Heading(
        "Handlungsfeld", "Das führende Handlungsfeld; Querschnitt, wenn es mehrere gleich betrifft.", width=26
    ),
    Heading("Berührt auch", "Weitere Handlungsfelder, mit Komma getrennt.", width=26),
    Heading("Art", "Art der Tätigkeit.", width=18),
    Heading("Titel", "Worum es ging.", width=60),
    Heading("Minuten", "Dauer, ohne Fahrzeit.", "integer", 10, unit="Minuten"),
    Heading("Ergebnis", "Was daraus geworden ist; leer, wenn nichts festgehalten ist.", width=16),
)
CONCERNS = (
    Heading("Ort", "Wo das Anliegen besteht.", width=24),
    Heading("Anliegen", "Worum es geht.", width=50),
    Heading("Handlungsfeld", "Das Handlungsfeld.", width=26),
    Heading("Stand", "Wie weit das Anliegen ist.", width=16),
    Heading("Seit", "Tag, seit dem dieser Stand gilt.", "date", 12, unit="Datum"),
    Heading("Was geschehen ist", "Ein Satz zum Stand.", width=60),
    Heading("Zugesagt bis", "Tag, bis zu dem die Umsetzung zugesagt ist.", "date", 12, unit="Datum"),
    Heading("Zuständig", "Das zuständige Amt.", width=24),
)

BY_MONTH = (
    Heading("Monat", "Jahr und Monat der Aktivität, zum Beispiel 2022-03.", width=12),
    *(heading for heading in ACTIVITIES if heading.name not in ("Datum", "Minuten")),
)


def _listed(activities: Sequence[ListedActivity]) -> Sequence[Heading]:
    return ACTIVITIES if has_days(activities) else BY_MONTH


Sheet = tuple[str, Sequence[Heading], Sequence[Sequence[Any]]]


def sheets(snapshot: Snapshot) -> list[Sheet]:
    """Name, columns and rows of every table that has rows."""
    found: list[Sheet] = [
        ("Kennzahlen", FIGURES, tables.figures_rows(snapshot)),
        ("Aktivitäten", _listed(snapshot.activities), tables.activities_rows(snapshot)),
        ("Nachträge", _listed(snapshot.late), tables.late_rows(snapshot)),
        ("Anliegen", CONCERNS, tables.concerns_rows(snapshot)),
    ]
    return [sheet for sheet in found if sheet[2]]


def csv_file(snapshot: Snapshot) -> bytes:
    """All counted figures; what the columns mean stands in rows below them, which hold no numbers."""
    names = [heading.name for heading in FIGURES]
    rows = [*tables.figures_rows(snapshot), *_explaining_rows()]
    return to_csv(names, rows)


def _explaining_rows() -> Iterator[Sequence[str]]:
    empty = [""] * (len(FIGURES) - 2)
    for heading in FIGURES:
        unit = f" Einheit: {heading.unit}." if heading.unit else ""
        yield (EXPLANATION, f"{heading.name}: {heading.meaning}{unit}", *empty)
    yield from ((EXPLANATION, note, *empty) for note in NOTES)


def xlsx_file(snapshot: Snapshot) -> bytes:
    """A sheet a table, and one that explains every column. The bytes depend on the snapshot alone."""
    from xlsxwriter import Workbook  # only this format needs it

    buffer = io.BytesIO()
    town = snapshot.municipality.name
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        created = noon(snapshot.dated)
        book.set_properties(
            {"title": f"Zwischenbericht {town}"[:255], "author": town[:255], "created": created}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        described = sheets(snapshot)
        for name, headings, rows in described:
            _write(book.add_worksheet(name), headings, rows, bold=bold, day=day)
        explanations = _explanations(described)
        _write(book.add_worksheet(EXPLANATIONS_SHEET), EXPLANATION_HEADINGS, explanations, bold=bold, day=day)
    return buffer.getvalue()


EXPLANATION_HEADINGS = (
    Heading("Blatt", "", width=16),
    Heading("Spalte", "", width=22),
    Heading("Bedeutung", "", width=90),
    Heading("Einheit", "", width=12),
)


def _explanations(described: Sequence[Sheet]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        (name, heading.name, heading.meaning, heading.unit)
        for name, headings, _ in described
        for heading in headings
    ]
    return [*rows, *(("", "", note, "") for note in NOTES)]


def _write(
    page: Any, headings: Sequence[Heading], rows: Sequence[Sequence[Any]], *, bold: Any, day: Any
) -> None:
    for column, heading in enumerate(headings):
        page.set_column(column, column, heading.width)
        page.write_string(0, column, heading.name, bold)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                page.write_datetime(number, column, cell, day)
            elif isinstance(cell, str):
                if cell:
                    page.write_string(number, column, printable(cell))
            else:
                page.write_number(number, column, cell)
    page.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)


# JSON


def json_file(snapshot: Snapshot) -> bytes:
    """The report as a program reads it, with "descriptions": what stands at every path, and in which unit."""
    report = open_data.published(snapshot)
    descriptions = {
        path: {"meaning": meaning, "unit": unit}
        for path in sorted(set(paths(report)))
        for meaning, unit in [description_of(path)]
        if meaning
    }
    return tables.to_json({**report, "descriptions": descriptions})


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Of every value that is neither a list nor a group: "fields[].minutes"."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")
    else:
        yield path


def description_of(path: str) -> tuple[str, str]:
    """Meaning and unit; the longest end of the path that is described counts. Two empty texts if none is."""
    if path.startswith("concerns.fields."):
        return MEANINGS["concerns.fields"]
    parts = path.split(".")
    for start in range(len(parts)):
        if (end := ".".join(parts[start:])) in MEANINGS:
            return MEANINGS[end]
    return "", ""  # what a later snapshot knows besides must not stop a file


_DAY, _MINUTES, _PEOPLE, _NUMBER, _YES = "Tag (JJJJ-MM-TT)", "Minuten", "Personen", "Anzahl", "ja oder nein"
MEANINGS: dict[str, tuple[str, str]] = {
    "schema": ("Fassung dieses Aufbaus.", ""),
    "dated": ("Tag, an dem die Zahlen festgehalten wurden.", _DAY),
    "note": ("Hinweis zu kleinen Gruppen.", ""),
    "check_url": ("Adresse, an der die Echtheit des Berichts zu prüfen ist.", "Internetadresse"),
    "vacant_days": ("Tage, an denen niemand bestellt war.", "Tage"),
    "activities": ("Zahl der Aktivitäten.", _NUMBER),
    "activities_before": ("Zahl der Aktivitäten im gleich langen Zeitraum davor.", _NUMBER),
    "minutes": ("Dauer, ohne Fahrzeit.", _MINUTES),
    "travel_minutes": ("Fahrzeit.", _MINUTES),
    "expenses_cents": ("Ausgelegtes Geld.", "Cent"),
    "people_reached": ("Summe der erreichten Personen; null bei weniger als fünf.", _PEOPLE),
    "people_reached_at_least": ("So viele Personen wurden mindestens erreicht.", _PEOPLE),
    "people_not_counted": ("Aktivitäten, bei denen Personen nicht gezählt wurden.", _NUMBER),
    "people_ranges": ("Aktivitäten mit einer Spanne; gezählt ist die kleinere Zahl.", _NUMBER),
    "also_touched": ("Aktivitäten anderer Felder, die dieses Feld berühren.", _NUMBER),
    "articles[]": ("Artikel der Behindertenrechtskonvention der Vereinten Nationen.", "Nummer"),
    "articles": ("Keine einzelnen Artikel: alle sind gemeint.", "Nummer"),
    "code": ("Kennung für Programme.", ""),
    "name": ("Name, wie er im Bericht steht.", ""),
    "short": ("Kurzzeichen.", ""),
    "month": ("Monat.", "JJJJ-MM"),
    "day": ("Tag der Aktivität.", _DAY),
    "field": ("Kennung des führenden Handlungsfelds; null ist Querschnitt.", ""),
    "also[]": ("Kennung eines weiteren Handlungsfelds.", ""),
    "kind": ("Art.", ""),
    "title": ("Worum es ging.", ""),
    "text": ("Text, wie er geschrieben wurde.", ""),
    "activity_list": (
        "Welche Aktivitäten aufgeführt sind: none keine; months und council nach Monaten; open alle mit Tag.", ""
    ),
    "activities[].month": ("Monat der Aktivität.", "JJJJ-MM"),
    "late[].month": ("Monat des Nachtrags, vor dem Berichtszeitraum.", "JJJJ-MM"),
    "late[].title": ("Nachtrag aus einem früheren Zeitraum, der in keiner Summe zählt: worum es ging.", ""),
    "late[].day": ("Tag des Nachtrags, vor dem Berichtszeitraum.", _DAY),
    "result": ("Was daraus geworden ist.", ""),
    "ags": ("Amtlicher Gemeindeschlüssel.", "acht Ziffern"),
    "slug": ("Name in Internetadressen.", ""),
    "population": ("Einwohnerinnen und Einwohner.", _PEOPLE),
    "population_on": ("Stichtag der Einwohnerzahl.", _DAY),
    "county": ("Landkreis.", ""),
    "administration": ("Verwaltung des Landkreises.", ""),
    "start": ("Erster Tag.", _DAY),
    "end": ("Letzter Tag.", _DAY),
    "starts_on": ("Beginn.", _DAY),
    "ends_on": ("Ende; null ist offen.", _DAY),
    "signed_on": ("Tag der Unterschrift.", _DAY),
    "qualified_on": ("Ende der Basisqualifizierung.", _DAY),
    "session_on": ("Tag der Sitzung.", _DAY),
    "agreement": ("Keine Kooperationsvereinbarung.", ""),
    "reference": ("Aktenzeichen.", ""),
    "number": ("Nummer der Vorlage.", ""),
    "subject": ("Betreff der Vorlage.", ""),
    "author": ("Wer die Vorlage verfasst hat.", ""),
    "committee": ("Gremium.", ""),
    "item_number": ("Punkt der Tagesordnung.", ""),
    "role": ("Aufgabe des Gremiums.", ""),
    "is_public": ("Öffentliche Sitzung.", _YES),
    "form": ("Form des Einsatzes.", ""),
    "in_working_group": ("Mitglied im Arbeitskreis Inklusion.", _YES),
    "concerns": ("Zahl der Anliegen.", _NUMBER),
    "concerns.fields": ("Zahl der Anliegen in diesem Handlungsfeld.", _NUMBER),
    "total": ("Zahl der Anliegen, an denen gearbeitet wurde.", _NUMBER),
    "reported": ("Davon im Berichtszeitraum dazugekommen.", _NUMBER),
    "confirmed": (
        "Umgesetzte Anliegen, bei denen Meldende bestätigt haben, dass es gut ist; null bei weniger als fünf.",
        _NUMBER,
    ),
    "place": ("Ort.", ""),
    "reported_on": ("Tag, an dem es gemeldet wurde.", _DAY),
    "outcome": ("Gruppe des Stands, als Kennung.", ""),
    "state": ("Stand, wie er im Bericht steht.", ""),
    "since": ("Tag, seit dem der Stand gilt.", _DAY),
    "sentence": ("Ein Satz zum Stand.", ""),
    "promised_until": ("Tag, bis zu dem die Umsetzung zugesagt ist.", _DAY),
    "office": ("Zuständiges Amt.", ""),
    "photos[].title": ("Was die Fotos zeigen: Titel der Aktivität oder des Anliegens.", ""),
    "pictures[].moment": ("before ist vorher, after nachher; leer, wenn es nur ein Foto gibt.", ""),
    "pictures[].day": ("Tag der Aktivität, der Meldung oder, bei nachher, des Hinzufügens.", _DAY),
    "pictures[].alt": ("Beschreibung des Fotos.", ""),
    "pictures[].sha256": ("Prüfsumme der Bilddatei.", "SHA-256"),
    "texts.at_a_glance": ("Kapitel „Auf einen Blick“.", ""),
    "texts.occasion": ("Kapitel „Anlass und Auftrag“.", ""),
    "texts.participation": ("Kapitel „Beteiligung und Rückmeldungen“.", ""),
    "texts.cooperation": ("Kapitel „Zusammenarbeit und Hindernisse“.", ""),
    "texts.costs": ("Kapitel „Aufwand und Kosten“.", ""),
    "texts.assessment": ("Kapitel „Bewertung“.", ""),
    "texts.outlook": ("Kapitel „Ausblick und Bedarf“.", ""),
    "texts.alternatives": ("Handlungsalternativen.", ""),
    "texts.proposal": ("Beschlussvorschlag.", ""),
    "easy": ("Kein Text in Leichter Sprache.", ""),
    "easy.text": ("Text in Leichter oder einfacher Sprache.", ""),
    "easy.check": ("Nicht geprüft.", ""),
    "check.date": ("Tag der Prüfung durch die Prüfgruppe.", _DAY),
    "check.group": ("Name der Prüfgruppe.", ""),
    "check.persons": ("Personen der Prüfgruppe; null bei weniger als fünf.", _PEOPLE),
}  # fmt: skip
