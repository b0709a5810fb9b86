"""From an imported table to activities: what is judged, what is stored, and what happens when something goes wrong."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from activities.imports import services
from activities.models import Activity, ActivityImport, ClosedPeriod, ImportRun, RowVerdict, RunKind
from activities.privacy import guard as privacy
from activities.tasks import delete_old_imports_task
from kiv_portal.celery import app
from kiv_portal.jobs.models import JobState
from municipalities.models import Municipality
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.table_files import HEADER, ROW
from tests.broker import woken_by
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference() -> None:
    for code in ("bildung", "verkehr"):
        factories.make_field(code)
    factories.make_kind()
    factories.make_kind("beratung", "Beratung", 2)


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return woken_by(monkeypatch, "activities.import_run")


@pytest.fixture
def open_import(people: People) -> Callable[..., ActivityImport]:
    """`open_import(rows, header=…)`: a CSV of Vera's with these rows."""

    def imported(rows: list[list[str]], header: list[str] = HEADER) -> ActivityImport:
        return services.open_import(
            people.kiv, name="Liste.csv", data=files.csv([header, *rows]), by=people.mediator
        )

    return imported


def run(imported: ActivityImport, kind: RunKind = RunKind.CHECK) -> ImportRun:
    """Ask for it and be the worker."""
    asked = services.request_run(imported, kind, by=imported.uploaded_by)
    services.do_run(asked.pk, worker="worker@test")
    asked.refresh_from_db()
    return asked


def row(**changes: str) -> list[str]:
    return [changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


# --- the rows


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
    ("text", "hint"), [("44621", ""), ("1.3.2022", ""), ("1.3.", "fehlt das Jahr"), ("01.03.2022 14:30", "")]
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
        "Die Dauer „0,333333333333333“ lesen wir als Stunden: 20 Minuten."
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
    checked = run(imported)  # of a minute or two the portal asks whether it is true
    stored = services.request_run(imported, RunKind.STORE, by=people.mediator, acknowledged=str(checked.pk))
    services.do_run(stored.pk, worker="worker@test")
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


def test_two_true_entries_are_asked_about_and_both_taken(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    call = row(Titel="Beratung am Telefon", Dauer="30")
    imported = open_import([[*call, "1"], [*call, "3"], [*call, "3"]], [*HEADER, "Teilnehmer"])
    run(imported)
    first, *others = imported.rows.all()
    assert (first.verdict, {other.verdict for other in others}) == (RowVerdict.OK, {RowVerdict.ASK})
    assert all("sieht aus wie die in Zeile 2" in other.sentences[0] for other in others)
    check = services.last_run(imported)
    asked = services.request_run(imported, RunKind.STORE, by=people.mediator, acknowledged=str(check.pk))
    services.do_run(asked.pk, worker="worker@test")
    assert list(Activity.objects.order_by("pk").values_list("people_reached", flat=True)) == [1, 3, 3]
    again = open_import([[*call, "1"], [*call, "3"], [*call, "3"]], [*HEADER, "Teilnehmer"])
    run(again)
    assert {found.verdict for found in again.rows.all()} == {RowVerdict.TWICE}


def test_what_looks_like_a_stored_one_is_asked_about(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    stored = factories.make_activity(
        people.kiv, people.town, day=dt.date(2022, 3, 1), title=ROW[1], minutes=90, people_reached=5
    )
    imported = open_import([ROW])
    run(imported)
    found = imported.rows.get()
    assert found.verdict == RowVerdict.ASK
    assert "sieht aus wie eine, die schon im Portal steht" in found.sentences[0]
    stored.field, stored.description, stored.people_reached = factories.make_field("bildung"), "", None
    stored.kind = factories.make_kind()
    stored.save()
    again = open_import([ROW])
    run(again)
    assert again.rows.get().verdict == RowVerdict.TWICE, "the same in every field"


def test_an_own_export_comes_back_without_doubling(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    for title in ("-Beratung", "Gespräch „vor Ort“; kurz"):
        factories.make_activity(
            people.kiv,
            people.town,
            title=title,
            description="Zeile 1\nZeile 2",
            starts_at=dt.time(14, 30),
            minutes=95,
        )
    taken = people.client("mediator").get(reverse("activity_export"), {"format": "csv"})
    assert taken.status_code == 200, "the address of the export"
    imported = services.open_import(
        people.kiv, name="Export.csv", data=b"".join(taken.streaming_content), by=people.mediator
    )
    run(imported)
    assert [(found.verdict, found.sentences) for found in imported.rows.all()] == [
        (RowVerdict.TWICE, ["Diese Aktivität steht schon im Portal. Sie wird nicht noch einmal gespeichert."])
    ] * 2


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


def test_words_of_ones_own_get_a_meaning(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Art="Ortstermin", Handlungsfeld="Straße")])
    assert services.unknown_words(imported) == {"kind": ["Ortstermin"], "field": ["Straße"]}
    services.explain_words(imported, {"kind": {"ortstermin": "begehung"}, "field": {"straße": "verkehr"}})
    run(imported)
    run(imported, RunKind.STORE)
    stored = Activity.objects.get()
    assert (stored.kind.code, stored.field_code) == ("begehung", "verkehr")


def test_a_second_town_must_be_named(people: People, open_import: Callable[..., ActivityImport]) -> None:
    factories.make_mediator(people.mediator, people.other_town)
    imported = open_import([[*ROW, ""], [*ROW, "Herrenberg"], [*ROW, "Calw"]], [*HEADER, "Kommune"])
    run(imported)
    assert [found.sentences for found in imported.rows.all()] == [
        ["Es fehlt die Kommune."], [], ["Die Kommune „Calw“ kennen wir nicht."],
    ]  # fmt: skip


@pytest.fixture
def calw(people: People) -> Municipality:
    """A town of another county, where Vera works, too. There the word Begehung has another code."""
    town = Municipality.objects.get(slug="calw")
    factories.make_mediator(people.mediator, town)
    factories.make_field("verkehr", town.county)
    town.county.kinds.create(code="termin", name="Begehung", position=1)
    town.county.kinds.create(code="hausbesuch", name="Hausbesuch", position=2)
    return town


def test_words_mean_what_they_mean_in_the_rows_county(
    people: People, calw: Municipality, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [
        [*row(Titel=town, Handlungsfeld="Verkehr und Infrastruktur"), town] for town in ("Leonberg", "Calw")
    ]
    imported = open_import(rows, [*HEADER, "Kommune"])
    run(imported)
    assert run(imported, RunKind.STORE).stored == 2
    assert set(Activity.objects.values_list("municipality__name", "kind__code", "field__county")) == {
        ("Leonberg", "begehung", "08115"),
        ("Calw", "termin", "08235"),
    }


def test_what_the_rows_county_does_not_have_is_an_error(
    people: People, calw: Municipality, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [
        [*row(Art="Hausbesuch"), "Leonberg"],
        [*row(Handlungsfeld="Bildung und Schule"), "Calw"],
        [*row(Art="Ortstermin", Handlungsfeld=""), "Calw"],
        [*row(Art="", Handlungsfeld=""), "Calw"],
        [*row(Art="Zauberei", Handlungsfeld=""), "Calw"],
    ]
    imported = open_import(rows, [*HEADER, "Kommune"])
    services.explain_words(imported, {"kind": {"ortstermin": "beratung"}})
    services.explain_columns(imported, targets=imported.targets, defaults={"kind": "beratung"})
    run(imported)
    there = "gibt es im Landkreis dieser Kommune nicht."
    assert [found.sentences for found in imported.rows.all()] == [
        [f"Die Art „Hausbesuch“ {there}"],
        [f"Das Handlungsfeld „Bildung und Schule“ {there}"],
        [f"Die Art „Ortstermin“ {there}"],
        [f"Die Art „Beratung“ {there}"],
        ["Die Art „Zauberei“ kennen wir nicht."],
    ]


# --- what could tell who somebody is


PRIVATE = [
    (
        {"Titel": "Beratung von Frau Huber"},
        "Titel: „Frau Huber“ in „Beratung von Frau Huber“.",
        privacy.Kind.NAME,
    ),
    ({"Titel": "Rückruf unter 07152 990 1234"}, "Titel: „07152 990 1234“", privacy.Kind.PHONE),
    (
        {"Was ist passiert?": "Post an max@post.example"},
        "Was ist passiert? „max@post.example“",
        privacy.Kind.EMAIL,
    ),
    (
        {"Was ist passiert?": "Sie ist geb. 3.4.1961."},
        "Was ist passiert? „geb. 3.4.1961“",
        privacy.Kind.BIRTH,
    ),
    ({"Was ist passiert?": "Der Mann hat Demenz."}, "Was ist passiert? „Demenz“", privacy.Kind.DIAGNOSIS),
    ({"Ort": "bei Familie Maier"}, "Ort: „Familie Maier“", privacy.Kind.NAME),
]


@pytest.mark.parametrize(("texts", "place", "kind"), PRIVATE, ids=[case[1] for case in PRIVATE])
def test_a_private_text_is_a_question_with_place_and_reason(
    open_import: Callable[..., ActivityImport], texts: dict[str, str], place: str, kind: privacy.Kind
) -> None:
    more = ["Was ist passiert?", "Ort", "Interne Notiz"]
    values = [*row(**texts), *(texts.get(name, "") for name in more[:2]), "Frau Intern, Tel. 07152 990 1234"]
    imported = open_import([values], [*HEADER, *more])
    run(imported)
    (found,) = imported.rows.all()
    (sentence,) = found.sentences  # the internal note is nobody's business here
    assert (found.verdict, sentence.startswith("Bitte kurz prüfen: ")) == (RowVerdict.ASK, True)
    assert (place in sentence, sentence.endswith(privacy.WHY[kind])) == (True, True)


def test_one_word_for_the_whole_file_and_no_text_is_changed(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    titles = ["Beratung von Frau Huber", "Gespräch mit Herrn Maier", "Begehung"]
    imported = open_import([row(Titel=title) for title in titles])
    check = run(imported)
    assert services.summary(imported) | {"ask": 2, "ok": 1} == services.summary(imported)
    client = people.client("mediator")
    store = reverse("import_store", args=[imported.pk])
    for seen in ({}, {"privacy_checked": ""}, {"privacy_checked": f"{check.pk - 1}"}):
        page = client.post(store, seen, follow=True).content.decode()
        assert "Bitte sehen Sie zuerst die Zeilen an, bei denen das Portal nachfragt." in page
    assert ("Darf so bleiben" in page, "Bei 2 Zeilen hat das Portal eine Frage" in page) == (True, True)
    only = client.get(reverse("import_detail", args=[imported.pk]), {"zeilen": "ask"}).content.decode()
    assert ("Frau Huber" in only, ">Begehung<" in only) == (True, False)
    client.post(store, {"privacy_checked": f"{check.pk}"})
    services.do_run(services.last_run(imported).pk, worker="worker@test")
    assert set(Activity.objects.values_list("title", flat=True)) == set(titles)


def test_a_question_that_nobody_was_asked_stores_nothing(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    stored = factories.make_activity(people.kiv, people.town, title="Beratung von Frau Huber")
    imported = open_import([row(Titel=stored.title), row(Titel="Begehung")])
    run(imported)
    assert [found.verdict for found in imported.rows.all()] == ["twice", "ok"]
    stored.delete()
    last = run(imported, RunKind.STORE)
    assert (last.reason, Activity.objects.count()) == (services.CHANGED_MEANWHILE, 0)


def test_errors_come_before_questions_and_both_are_said(open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Titel="Beratung von Frau Huber", Art="Ortstermin")])
    run(imported)
    (found,) = imported.rows.all()
    assert (found.verdict, len(found.sentences), "Frau Huber" in found.sentences[1]) == ("error", 2, True)


def test_many_places_of_a_long_text_are_counted(open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([[*ROW, "Frau Huber und " * 8]], [*HEADER, "Was ist passiert?"])
    run(imported)
    sentences = imported.rows.get().sentences
    assert (len(sentences), sentences[-1]) == (6, "Was ist passiert? 3 weitere Stellen.")


# --- nothing twice


def test_the_same_file_twice_stores_nothing_twice(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [ROW, row(Titel="Eine andere")]
    for stored in (2, 0):
        imported = open_import(rows)
        run(imported)
        last = run(imported, RunKind.STORE)
        assert (last.state, last.stored) == (JobState.DONE, stored)
    assert Activity.objects.count() == 2
    Activity.objects.filter(title="Eine andere").update(title="Später umbenannt")
    third = open_import(rows)
    run(third)
    assert [found.verdict for found in third.rows.all()] == ["twice", "twice"]


def test_what_differs_only_in_capitals_or_kind_is_asked_about(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    factories.make_activity(people.kiv, people.town, title="begehung der bücherei")
    imported = open_import([ROW, row(Titel="Neu"), row(Titel="NEU", Art="Beratung")])
    run(imported)
    assert [found.verdict for found in imported.rows.all()] == ["ask", "ok", "ask"]
    assert "die in Zeile 3" in imported.rows.get(number=4).sentences[0]


def test_activities_of_others_are_no_duplicates(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    colleague = factories.make_mediator(factories.make_user("Kim Kollege"), people.town)
    factories.make_activity(colleague, people.town, title=ROW[1])
    imported = open_import([ROW])
    run(imported)
    assert imported.rows.get().verdict == RowVerdict.OK


# --- all or nothing


def test_what_changed_since_the_check_stores_nothing(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    imported = open_import([ROW, row(Datum="2.5.2022")])
    run(imported)
    assert [found.verdict for found in imported.rows.all()] == ["ok", "ok"]
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=dt.date(2022, 5, 1),
        ends_on=dt.date(2022, 5, 31),
        reason="Bericht",
    )
    last = run(imported, RunKind.STORE)
    assert (last.state, last.reason) == (JobState.FAILED, services.CHANGED_MEANWHILE)
    assert not Activity.objects.exists()
    run(imported)
    assert [found.verdict for found in imported.rows.all()] == ["ok", "ask"]


@pytest.mark.parametrize(
    ("day", "sentence"), [("1.1.2019", "nicht für diese Kommune bestellt"), ("1.1.2190", "in der Zukunft")]
)
def test_what_only_the_database_refuses_becomes_a_sentence(
    people: People,
    open_import: Callable[..., ActivityImport],
    monkeypatch: pytest.MonkeyPatch,
    day: str,
    sentence: str,
) -> None:
    imported = open_import([ROW, row(Datum=day)])
    known_about = services.known_about

    def blind(about: ActivityImport) -> Any:
        known = known_about(about)
        known.today = dt.date(2199, 1, 1)
        known.terms = {str(people.town.pk): [(dt.date(2000, 1, 1), None)]}
        return known

    monkeypatch.setattr(services, "known_about", blind)
    run(imported)
    last = run(imported, RunKind.STORE)
    assert last.state == JobState.FAILED
    assert sentence in last.reason
    assert last.reason.endswith("Es wurde nichts gespeichert.")
    assert not Activity.objects.exists()


def test_called_off_while_storing_leaves_nothing(
    open_import: Callable[..., ActivityImport], monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = open_import([ROW])
    run(imported)
    lines_of = services.lines_of

    def called_off(about: ActivityImport) -> Any:
        assert services.call_off(about)
        return lines_of(about)

    with monkeypatch.context() as patch:
        patch.setattr(services, "lines_of", called_off)
        last = services.request_run(imported, RunKind.STORE, by=imported.uploaded_by)
        services.do_run(last.pk, worker="worker@test")
    last.refresh_from_db()
    assert (last.state, last.reason) == (JobState.FAILED, services.CALLED_OFF)
    assert not Activity.objects.exists()
    assert run(imported).state == JobState.DONE
    assert run(imported, RunKind.STORE).stored == 1


def test_two_clicks_are_one_run(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW])
    run(imported)
    first = services.request_run(imported, RunKind.STORE, by=people.mediator)
    assert services.request_run(imported, RunKind.STORE, by=people.mediator) == first
    with pytest.raises(services.ImportRefused, match="gerade gelesen"):
        services.explain_columns(imported, targets=imported.targets, defaults={})
    services.do_run(first.pk, worker="worker@test")
    assert services.request_run(imported, RunKind.STORE, by=people.mediator) == first
    with pytest.raises(services.ImportRefused, match="schon übernommen"):
        services.explain_columns(imported, targets=imported.targets, defaults={})
    assert Activity.objects.count() == 1


def test_other_columns_need_another_check(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW])
    run(imported)
    services.explain_columns(imported, targets=imported.targets, defaults={})
    with pytest.raises(services.ImportRefused, match="prüfen Sie die Tabelle zuerst"):
        services.request_run(imported, RunKind.STORE, by=people.mediator)


def test_technical_fault_is_tried_three_times(
    open_import: Callable[..., ActivityImport], monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = open_import([ROW])
    asked = services.request_run(imported, RunKind.CHECK, by=imported.uploaded_by)
    with monkeypatch.context() as patch:
        patch.setattr(services, "lines_of", lambda _: 1 / 0)
        for attempts in (1, 2, 3):
            services.do_run(asked.pk, worker="worker@test")
            asked.refresh_from_db()
            assert asked.attempts == attempts
    assert (asked.state, asked.reason) == (JobState.FAILED, services.EXCUSE)
    assert run(imported).state == JobState.DONE


def test_sweep_wakes_for_a_forgotten_run(
    open_import: Callable[..., ActivityImport], woken: list[int]
) -> None:
    imported = open_import([ROW])
    asked = services.request_run(imported, RunKind.CHECK, by=imported.uploaded_by)
    assert services.sweep_imports(timezone.now()) == 0
    assert services.sweep_imports(timezone.now() + dt.timedelta(seconds=61)) == 1
    assert woken == [asked.pk]


def test_history_says_who_imported(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW, row(Titel="Zwei")])
    run(imported)
    run(imported, RunKind.STORE)
    events = Activity.pgh_event_model.objects.select_related("pgh_context")
    assert {event.pgh_context.metadata["user"] for event in events} == {people.mediator.pk}
    assert len({event.pgh_context_id for event in events}) == 1


def test_the_timetable_and_cron_find_imports(open_import: Callable[..., ActivityImport], capsys: Any) -> None:
    assert {"activities.sweep_imports", "activities.delete_old_imports"} <= {
        entry["task"] for entry in app.conf.beat_schedule.values()
    }
    imported = open_import([ROW])
    services.request_run(imported, RunKind.CHECK, by=imported.uploaded_by)
    ImportRun.objects.update(requested_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("sweep_imports")
    assert capsys.readouterr().out == "woken: 1, deleted: 0\n"


# --- files and their end


def test_old_files_go_and_what_was_stored_stays(open_import: Callable[..., ActivityImport]) -> None:
    old, young = open_import([ROW]), open_import([row(Titel="Jung")])
    run(old)
    run(old, RunKind.STORE)
    ActivityImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=31))
    ActivityImport.objects.filter(pk=young.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=29))
    delete_old_imports_task()
    assert list(ActivityImport.objects.all()) == [young]
    assert [default_storage.exists(name) for name in (old.file.name, young.file.name)] == [False, True]
    assert not ImportRun.objects.exists()
    assert Activity.objects.count() == 1


def test_meaning_of_the_columns_is_remembered_for_the_next_file(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    header = ["A", "B", "C", "D", "E"]
    first = open_import([ROW], header)
    assert first.targets == ["", "", "", "", ""]
    targets = ["day", "title", "minutes", "kind", "field"]
    services.explain_columns(first, targets=targets, defaults={"kind": "begehung"})
    services.explain_words(first, {"kind": {"ortstermin": "begehung"}})
    second = open_import([ROW, ROW], header)
    assert (second.targets, second.defaults) == (targets, {"kind": "begehung"})
    assert second.meanings == {"kind": {"ortstermin": "begehung"}}
    assert open_import([[*ROW, "x"]], [*header, "F"]).targets == [""] * 6


# --- the pages


def upload(people: People, data: bytes, name: str = "Liste.xlsx") -> Any:
    return people.client("mediator").post(reverse("import_list"), {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Diese Datei ist leer. Bitte wählen Sie eine andere."),
        (b"%PDF-1.7 " + b"x" * 500, "Das ist keine Tabelle"),
        (files.xlsx([HEADER, ROW])[:-700], "beschädigt oder unvollständig"),
        (files.far_away(), "Diese"),
        (b"x" * (10 * 1024 * 1024 + 1), "größer als 10 Megabyte"),
    ],
    ids=["empty", "pdf named xlsx", "truncated", "far away", "too large"],
)
def test_bad_file_gets_a_sentence_and_is_not_kept(people: People, data: bytes, sentence: str) -> None:
    before = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    page = upload(people, data)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not ActivityImport.objects.exists()
    after = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    assert after == before


def test_from_upload_to_the_log_by_its_pages(people: People) -> None:
    client = people.client("mediator")
    answer = upload(people, files.xlsx([HEADER, row(Art="Ortstermin"), row(Titel="<b>Zwei</b>")]))
    imported = ActivityImport.objects.get()
    assert answer.url == reverse("import_columns", args=[imported.pk])
    page = client.get(answer.url).content.decode()
    assert "Darin steht: Ortstermin · Begehung" in page
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)}
    answer = client.post(answer.url, fields)
    assert answer.url == reverse("import_words", args=[imported.pk])
    answer = client.post(answer.url, {"kind_0": "begehung"})
    assert answer.url == reverse("import_detail", args=[imported.pk])
    waiting = client.get(answer.url).content.decode()
    assert "Der Auftrag wartet." in waiting
    part = client.get(reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"})
    assert "Der Auftrag wartet." in part.content.decode()
    assert "<html" not in part.content.decode()
    services.do_run(imported.runs.get().pk, worker="worker@test")
    part = client.get(reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    result = client.get(answer.url).content.decode()
    assert "2 Aktivitäten übernehmen" in result
    assert "&lt;b&gt;Zwei&lt;/b&gt;" in result
    client.post(reverse("import_store", args=[imported.pk]))
    services.do_run(services.last_run(imported).pk, worker="worker@test")
    assert "2 Aktivitäten sind gespeichert." in client.get(answer.url).content.decode()
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": ""}, "Noch keiner Spalte zugeordnet: Datum."),
        ({"column_2": ""}, "Noch keiner Spalte zugeordnet: Dauer."),
        ({"column_1": "day"}, "„Datum“ haben Sie schon einer anderen Spalte gegeben."),
        ({"column_4": "hours"}, "Für die Dauer genügt eine Spalte."),
        ({"column_3": ""}, "Bitte wählen Sie eine für alle Zeilen."),
        ({"column_0": "quatsch"}, "Bitte wählen Sie einen Eintrag aus der Liste."),
    ],
)
def test_columns_that_do_not_fit_get_a_sentence(
    people: People, open_import: Callable[..., ActivityImport], changes: dict[str, str], sentence: str
) -> None:
    imported = open_import([ROW])
    fields = {f"column_{index}": target for index, target in enumerate(imported.targets)} | changes
    page = people.client("mediator").post(reverse("import_columns", args=[imported.pk]), fields)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not ImportRun.objects.exists()


def test_guessed_writing_can_be_corrected(people: People) -> None:
    upload(people, files.csv([HEADER, row(Titel="Café")], encoding="cp1252"), "alt.csv")
    imported = ActivityImport.objects.get()
    address = reverse("import_columns", args=[imported.pk])
    client = people.client("mediator")
    assert "Schrift der Datei" in client.get(address).content.decode()
    client.post(address, {"encoding": "mac_roman"})
    imported.refresh_from_db()
    assert imported.encoding == "mac_roman"
    assert "Schrift der Datei" in client.get(address).content.decode()
    answer = client.post(address, {"encoding": "utf-8"}, follow=True)
    assert "Mit dieser Schrift lässt sich die Datei nicht lesen." in answer.content.decode()


def test_marked_file_carries_the_verdict_in_words_and_comes_back(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    imported = open_import([row(Titel="=1+1"), row(Dauer="lange")])
    run(imported)
    answer = people.client("mediator").get(reverse("import_marked", args=[imported.pk]))
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    header, first, second = book.get_sheet_by_index(0).to_python()
    assert header == ["Ergebnis der Prüfung", *HEADER]
    assert first == ["In Ordnung", ROW[0], "=1+1", *ROW[2:]]
    assert second[0].startswith("Fehler: Die Dauer „lange“ verstehen wir nicht.")
    again = services.open_import(people.kiv, name="x", data=answer.content, by=people.mediator)
    assert again.targets == ["", *imported.targets]


def test_template_can_be_filled_and_read(people: People) -> None:
    answer = people.client("mediator").get(reverse("import_template"))
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    assert book.sheet_names == ["Aktivitäten", "Erklärungen", "Beispiele", "Listen"]
    header, *examples = book.get_sheet_by_name("Beispiele").to_python()
    assert header == book.get_sheet_by_name("Aktivitäten").to_python()[0]
    factories.make_kind("sprechstunde", "Sprechstunde", 3)
    factories.make_kind("stellungnahme", "Stellungnahme", 4)
    imported = services.open_import(
        people.kiv, name="x", data=files.xlsx([header, *examples]), by=people.mediator
    )
    assert "" not in imported.targets
    run(imported)
    assert [found.sentences for found in imported.rows.all()] == [[], [], []]


def test_rows_are_paged_and_filtered(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import(
        [row(Titel=f"Nummer {n}", Datum=f"{n % 28 + 1}.3.2022", Dauer="15") for n in range(60)]
        + [row(Art="?")]
    )
    run(imported)
    client, address = people.client("mediator"), reverse("import_detail", args=[imported.pk])
    assert "Seite 1 von 2" in client.get(address).content.decode()
    errors = client.get(address, {"zeilen": "error"}).content.decode()
    assert "Nummer 1" not in errors
    assert "Die Art „?“ kennen wir nicht." in errors
    for query in ("?zeilen=%00&page=%ff", "?zeilen[]=1&page=99999999999999999999"):
        assert client.get(address + query).status_code == 200


def test_nobody_elses_import_is_reached(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW])
    assert people.who(
        lambda user: ActivityImport.objects.visible_to(user).filter(pk=imported.pk).exists()
    ) == {"mediator"}
    assert people.who(lambda user: imported.runs.model.objects.visible_to(user).exists()) == set()


def test_a_long_name_of_a_file_is_cut(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = services.open_import(
        people.kiv, name=f"/tmp/{'n' * 200}.csv", data=files.csv([HEADER, ROW]), by=people.mediator
    )
    imported.refresh_from_db()
    assert imported.name == "n" * 150


def test_a_number_of_people_that_is_none_is_said_in_the_row(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [[*HEADER, "Personen"], [*ROW, "viele"]]
    imported = services.open_import(people.kiv, name="L.csv", data=files.csv(rows), by=people.mediator)
    run(imported)
    bad = imported.rows.get()
    assert bad.verdict == RowVerdict.ERROR
    assert "Die Zahl der Personen „viele“ verstehen wir nicht." in " ".join(bad.sentences)


# --- what would be stored is shown before


def test_the_page_says_what_would_be_stored(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    header = [*HEADER, "Erreichte Personen", "Auslagen"]
    rows = [
        [*row(Datum="Di 1.3.2022", Dauer="1:30 h"), "ca. 10-20", "4,50 €"],
        [*row(Datum="3. März 2022", Titel="Sprechstunde", Dauer="10-12 Uhr"), "", ""],
    ]
    imported = open_import(rows, header)
    run(imported)
    page = people.client("mediator").get(reverse("import_detail", args=[imported.pk])).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert (
        "Das würde gespeichert: 2 Aktivitäten vom 01.03.2022 bis 03.03.2022, zusammen 3 Stunden 30 Minuten , "
        "10 erreichte Personen, 4,50 Euro Auslagen." in text
    )
    assert "Di, 01.03.2022" in text
    assert "1 Stunde 30 Minuten ca. 10 bis 20 Personen 4,50 Euro Auslagen" in text


def test_without_people_and_expenses_it_says_so(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    imported = open_import([row(Dauer="90 Minuten")])
    run(imported)
    page = people.client("mediator").get(reverse("import_detail", args=[imported.pk])).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert (
        "1 Aktivität am 01.03.2022, zusammen 1 Stunde 30 Minuten , keine Personen gezählt, keine Auslagen."
        in text
    )


def test_a_row_with_an_error_is_in_no_sum(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([ROW, row(Titel="", Dauer="9999999999 Minuten")])
    run(imported)
    assert services.sums(imported)["activities"] == 1
