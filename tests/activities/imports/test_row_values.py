"""What stands in the cells of an imported table, and what it becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from activities.imports import services
from activities.models import Activity, ActivityImport, ImportRun, RowVerdict, RunKind
from kiv_portal.jobs.models import JobState
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.checking import accept_all, row, run
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


def test_good_row_becomes_an_activity(people: People, open_import: Callable[..., ActivityImport]) -> None:
    header = [*HEADER, "Weitere Handlungsfelder", "Was ist passiert?", "Ort", "Erreichte Personen", "Fahrzeit",
              "Auslagen", "Ergebnis", "Erläuterung", "Interne Notiz"]  # fmt: skip
    more = ["Verkehr und Infrastruktur, Bildung und Schule", "Rampe fehlt.", "Marktplatz", "ca. 10-20", "20 min",
            "4,50 €", "abgelehnt", "kein Geld", "nachfassen"]  # fmt: skip
    imported = open_import([[*ROW, *more]], header)
    assert run(imported).state == JobState.DONE
    assert not Activity.objects.exists()
    assert run(imported, RunKind.STORE).stored == 1
    expected = {
        "municipality_id": people.town.pk, "mediator_id": people.kiv.pk, "day": dt.date(2022, 3, 1),
        "field__code": "bildung", "further_fields": ["verkehr"], "kind__code": "begehung",
        "title": "Begehung der Bücherei",
        "place": "Marktplatz", "description": "Rampe fehlt.", "internal_note": "nachfassen", "minutes": 90,
        "travel_minutes": 20, "people_reached": 10, "people_reached_to": 20, "is_estimated": True,
        "expenses_cents": 450, "result": "refused", "result_note": "kein Geld",
    }  # fmt: skip
    assert Activity.objects.values(*expected).get() == expected


CASES = [
    ({"Datum": ""}, "Es fehlt das Datum."),
    ({"Datum": "irgendwann"}, "Das Datum „irgendwann“ verstehen wir nicht."),
    ({"Datum": "31.12.2199"}, "liegt in der Zukunft"),
    ({"Datum": "30.9.2021"}, "sind Sie nicht bestellt. Ihre Bestellung gilt seit dem 01.10.2021."),
    ({"Titel": ""}, "Es fehlt der Titel."),
    ({"Titel": "\u202eneppeT"}, "unsichtbare Zeichen"),
    ({"Titel": "x" * 501}, "Es passen 500 Zeichen hinein"),
    ({"Dauer": ""}, "Es fehlt die Dauer."),
    ({"Dauer": "lange"}, "Die Dauer „lange“ verstehen wir nicht."),
    ({"Dauer": "25 Stunden"}, "zwischen einer Minute und 24 Stunden"),
    ({"Dauer": "0"}, "zwischen einer Minute und 24 Stunden"),
    ({"Art": ""}, "Es fehlt die Art."),
    ({"Art": "Ortstermin"}, "Die Art „Ortstermin“ kennen wir nicht."),
    ({"Handlungsfeld": "Raumfahrt"}, "Das Handlungsfeld „Raumfahrt“ kennen wir nicht."),
]


@pytest.mark.parametrize(("changes", "sentence"), CASES, ids=[case[1] for case in CASES])
def test_what_cannot_be_is_said_in_the_row(
    people: People, open_import: Callable[..., ActivityImport], changes: dict[str, str], sentence: str
) -> None:
    imported = open_import([ROW, row(**changes)])
    run(imported)
    good, bad = imported.rows.all()
    assert (good.number, good.verdict, good.sentences) == (2, RowVerdict.OK, [])
    assert (bad.number, bad.verdict) == (3, RowVerdict.ERROR)
    assert sentence in " ".join(bad.sentences)
    with pytest.raises(services.ImportRefused, match="noch Fehler"):
        services.request_run(imported, RunKind.STORE, by=people.mediator)


def test_a_day_has_24_hours_with_what_is_stored_already(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    factories.make_activity(people.kiv, people.town, minutes=20 * 60)
    imported = open_import(
        [row(Dauer="3:00"), row(Titel="Danach", Dauer="1:00"), row(Titel="Zu viel", Dauer="5 Minuten")]
    )
    run(imported)
    assert [found.verdict for found in imported.rows.all()] == ["ok", "ok", "error"]
    assert imported.rows.last().sentences == [
        "Ein Tag hat 24 Stunden. Für den 01.03.2022 sind schon 24 Stunden erfasst, mit dieser Aktivität wären es "
        "24 Stunden 5 Minuten.",
        "Die Zeilen darüber zählen dabei mit.",
    ]


@pytest.mark.parametrize(
    ("text", "hint"), [("1.3.2022", ""), ("1.3.", "fehlt das Jahr"), ("01.03.2022 14:30", "")]
)
def test_days_as_spreadsheets_write_them(
    open_import: Callable[..., ActivityImport], text: str, hint: str
) -> None:
    imported = open_import([row(Datum=text)])
    run(imported)
    (found,) = imported.rows.all()
    assert found.verdict == (RowVerdict.HINT if hint else RowVerdict.OK)
    assert hint in " ".join(found.sentences)


def test_bare_decimals_are_hours_and_say_so(open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Dauer="1,5")])
    run(imported)
    assert imported.rows.get().sentences == ["Die Dauer „1,5“ lesen wir als Stunden: 90 Minuten."]
    in_hours = open_import([row(Dauer="2")], ["Datum", "Titel", "Stunden", "Art", "Handlungsfeld"])
    run(in_hours)
    run(in_hours, RunKind.STORE)
    assert Activity.objects.get().minutes == 120


@pytest.mark.parametrize(
    ("text", "day"), [("Di 20.1.2026", dt.date(2026, 1, 20)), ("3. Mrz. 2026", dt.date(2026, 3, 3))]
)
def test_days_as_people_write_them(
    open_import: Callable[..., ActivityImport], text: str, day: dt.date
) -> None:
    imported = open_import([row(Datum=text)])
    run(imported)
    run(imported, RunKind.STORE)
    assert Activity.objects.get().day == day


def test_a_weekday_that_does_not_fit_is_said(open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Datum="Mo, 20.1.2026")])
    run(imported)
    assert imported.rows.get().sentences == [
        "Das Datum „Mo, 20.1.2026“: Der 20.01.2026 ist ein Dienstag, kein Montag. Welcher Tag war es?"
    ]


def test_from_when_to_when_is_beginning_and_duration(open_import: Callable[..., ActivityImport]) -> None:
    header = [*HEADER, "Beginn"]
    imported = open_import(
        [
            [*row(Dauer="10-12 Uhr"), ""],
            [*row(Titel="Zwei", Dauer="1:30"), "9 Uhr"],
            [*row(Dauer="10-12 Uhr"), "11:00"],
        ],
        header,
    )
    run(imported)
    good, other, two = imported.rows.all()
    assert (good.verdict, other.verdict) == ("ok", "ok")
    assert two.sentences == ["Bei der Dauer steht ein anderer Beginn als in der Spalte „Beginn“."]


def test_computed_hours_are_rounded_and_say_so(open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Dauer="0,333333333333333")])
    run(imported)
    assert imported.rows.get().sentences == [
        "Die Dauer „0,333333333333333“ lesen wir als Stunden, gerundet: 20 Minuten."
    ]


HOURS = ["2", "1,5", "3", "0,5", "1"]


@pytest.mark.parametrize(("unit", "minutes"), [("Stunden", 480), ("Minuten", 2 + 2 + 3 + 1 + 1)])
def test_numbers_that_may_be_both_are_asked_about(
    people: People, open_import: Callable[..., ActivityImport], unit: str, minutes: int
) -> None:
    imported = open_import([row(Titel=f"Nummer {n}", Dauer=text) for n, text in enumerate(HOURS)])
    address, client = reverse("import_columns", args=[imported.pk]), people.client("mediator")
    asked = "Sind die Zahlen in der Spalte „Dauer“ Minuten oder Stunden?"
    assert asked in client.get(address).content.decode()
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)}
    page = client.post(address, fields)
    assert page.context["form"].errors == {"default_minutes": ["Bitte wählen Sie: Minuten oder Stunden."]}
    assert client.post(address, fields | {"default_minutes": unit}).status_code == 302
    imported.refresh_from_db()
    assert imported.defaults["minutes"] == unit
    ImportRun.objects.all().delete()
    run(imported)  # of a minute or two the portal asks whether it is true
    accept_all(imported)
    run(imported, RunKind.STORE)
    assert sum(Activity.objects.values_list("minutes", flat=True)) == minutes


@pytest.mark.parametrize("texts", [["15", "90"], ["1:30", "2 Std."], ["1,5"]])
def test_what_can_be_one_only_is_not_asked(
    people: People, open_import: Callable[..., ActivityImport], texts: list[str]
) -> None:
    imported = open_import([row(Dauer=text) for text in texts])
    page = people.client("mediator").get(reverse("import_columns", args=[imported.pk])).content.decode()
    assert "Minuten oder Stunden?" not in page


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#WERT!", "Err:502", "#FORMEL"])
def test_a_failed_formula_names_its_row(open_import: Callable[..., ActivityImport], error: str) -> None:
    imported = open_import([[*ROW, error], [*row(Titel="Rampe #N/A fehlt"), "3"]], [*HEADER, "Teilnehmer"])
    run(imported)
    bad, good = imported.rows.all()
    assert bad.sentences == [
        f"In der Spalte für „Erreichte Personen“ steht der Fehler {error}. Bitte verbessern Sie dort die Formel."
    ]
    assert good.verdict == RowVerdict.OK


def test_signs_that_steer_are_taken_out_as_the_form_would(
    open_import: Callable[..., ActivityImport],
) -> None:
    long = "Ein gewöhnlicher Text, damit die Datei lang genug ist, um als Text zu gelten. " * 5
    imported = open_import(
        [[*ROW, "Aus Word\x0bkopiert", "Rat\x0bhaus"], [*row(Titel="Lang"), long, ""]],
        [*HEADER, "Was ist passiert?", "Ort"],
    )
    run(imported)
    assert imported.rows.first().sentences == [
        "Was ist passiert? Unsichtbare Steuerzeichen haben wir herausgenommen.",
        "Ort: Unsichtbare Steuerzeichen haben wir herausgenommen.",
    ]
    run(imported, RunKind.STORE)
    stored = Activity.objects.exclude(title="Lang").get()
    assert (stored.description, stored.place) == ("Aus Word\nkopiert", "Rat haus")


def test_a_place_of_two_lines_is_one(people: People) -> None:
    imported = services.open_import(
        people.kiv,
        name="x.xlsx",
        data=files.xlsx([[*HEADER, "Ort"], [*ROW, "Rathaus\nMarktplatz 1"]]),
        by=people.mediator,
    )
    run(imported)
    run(imported, RunKind.STORE)
    assert Activity.objects.get().place == "Rathaus Marktplatz 1"
