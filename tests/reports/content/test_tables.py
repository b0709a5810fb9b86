import csv
import io
import json

from kiv_portal.documents.spreadsheets import to_csv
from reports.content import open_data, tables
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_csv_opens_in_a_german_spreadsheet():
    data = tables.figures_csv(read_snapshot(snapshots.normal_year()))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = rows_of(data)
    assert rows[0] == [
        *("Gliederung", "Bezeichnung", "Aktivitäten", "Minuten", "Erreichte Personen"),
        *("Minuten Fahrzeit", "Auslagen in Cent", "Anliegen"),
    ]
    assert ["Handlungsfeld", "Bildung und Schule", "17", "2198", "1246", "255", "5950", ""] in rows
    assert ["Anliegen", "umgesetzt", "", "", "", "", "", "5"] in rows
    assert len([row for row in rows if row[0] == "Monat"]) == 12


def test_formulas_are_defused():
    starts = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1")
    rows = rows_of(to_csv(["x"], [[start] for start in starts]))
    assert [row[0][0] for row in rows[1:]] == ["'"] * len(starts)
    titles = [row[4] for row in rows_of(tables.activities_csv(read_snapshot(snapshots.nasty_year())))]
    assert f"'{snapshots.FORMULA}" in titles


def test_every_activity_is_listed_without_its_number_of_people():
    snapshot = snapshots.normal_year()
    rows = rows_of(tables.activities_csv(read_snapshot(snapshot)))
    assert len(rows) == 1 + len(snapshot["activities"])
    assert rows[0] == ["Datum", "Handlungsfeld", "Berührt auch", "Art", "Titel", "Minuten", "Ergebnis"]


def test_published_figures_hide_small_groups():
    snapshot = snapshots.nasty_year()
    published = json.loads(tables.to_json(open_data.published(read_snapshot(snapshot))))
    assert published["fields"][3]["people_reached"] is None
    assert published["totals"]["people_reached"] is None
    assert published["totals"]["people_reached_at_least"] == 682
    assert all("people_reached" not in activity for activity in published["activities"])
    assert snapshot["fields"][3]["people_reached"] == 3


def test_a_total_does_not_tell_a_hidden_group():
    snapshot = snapshots.normal_year()
    for field in snapshot["fields"]:
        field["people_reached"] = 3
    snapshot["totals"]["people_reached"] = 18
    assert tables.people_total(read_snapshot(snapshot)) == "mindestens\u00a05"


def test_only_public_concerns_are_listed():
    snapshot = snapshots.normal_year()
    rows = rows_of(tables.concerns_csv(read_snapshot(snapshot)))
    assert rows[0] == [
        *("Ort", "Anliegen", "Handlungsfeld", "Stand", "Seit"),
        *("Was geschehen ist", "Zugesagt bis", "Zuständig"),
    ]
    assert len(rows) - 1 == len(snapshot["concerns"]["public"]) == 9
    assert snapshot["concerns"]["total"] == 12


def test_ranges_make_the_total_a_lower_bound():
    snapshot = snapshots.normal_year()
    snapshot["totals"]["people_ranges"] = 2
    assert tables.people_total(read_snapshot(snapshot)) == "mindestens\u00a02.413"
