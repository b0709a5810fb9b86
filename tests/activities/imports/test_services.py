"""An import from its file to the log: what is kept of it, what its rows are judged by, and how far a run has come."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from activities.imports import services
from activities.imports.checked import summary
from activities.imports.models import RunStep
from activities.imports.readers import Known
from activities.models import Activity, ActivityImport, ClosedPeriod, ImportRun, RunKind
from kiv_portal.jobs import work
from kiv_portal.uploads.spreadsheet import Line, Spreadsheet, SpreadsheetRefused, read_spreadsheet
from municipalities.models import Municipality
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.checking import accept_all
from tests.activities.imports.table_files import HEADER, ROW
from tests.broker import woken_by
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme() -> None:
    for code in ("bildung", "verkehr"):
        factories.make_field(code)
    factories.make_kind()


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return woken_by(monkeypatch, "activities.import_run")


_read_once = cache(read_spreadsheet)  # a process of its own each time, and nothing here is about that


@pytest.fixture(autouse=True)
def each_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "read_spreadsheet", _read_once)


def open_import(people: People, data: bytes, name: str = "Liste.csv") -> ActivityImport:
    imported = services.open_import(people.kiv, name=name, data=data, by=people.mediator)
    imported.refresh_from_db()
    return imported


def rows(number: int) -> list[list[str]]:
    return [["1.3.2022", f"Nummer {n}", "5 min", *ROW[3:]] for n in range(number)]


def run(imported: ActivityImport, kind: RunKind) -> ImportRun:
    asked = services.request_run(imported, kind, by=imported.uploaded_by)
    services.do_run(asked.pk, worker="worker@test")
    asked.refresh_from_db()
    return asked


# --- the file


def test_what_is_kept_of_a_file(people: People) -> None:
    data = files.xlsx([HEADER, ROW, ROW], sheet="Meine Liste", more_sheets=("Zweites", "Drittes"))
    imported = open_import(people, data, "C:/Vera/Liste.xlsx")
    assert (imported.mediator, imported.uploaded_by, imported.name, imported.kind) == (
        *(people.kiv, people.mediator, "Liste.xlsx", "xlsx"),
    )
    assert (imported.row_count, imported.sheet, imported.other_sheets) == (
        *(2, "Meine Liste", ["Zweites", "Drittes"]),
    )
    assert (imported.encoding, imported.is_encoding_sure) == ("", True)
    assert [column["header"] for column in imported.columns] == HEADER
    assert imported.targets == ["day", "title", "minutes", "kind", "field"]
    assert (imported.meanings, imported.defaults) == ({}, {})
    with imported.file.open("rb") as file:
        assert file.read() == data
    assert open_import(people, files.csv([HEADER, ROW]), "").name == "Tabelle"


def test_a_guessed_writing_is_known_as_such_and_can_be_said(people: People) -> None:
    data = files.csv([HEADER, ["1.3.2022", "Café", *ROW[2:]]], encoding="cp1252")
    imported = open_import(people, data)
    assert (imported.encoding, imported.is_encoding_sure, imported.row_count) == ("cp1252", False, 1)
    services.explain_columns(imported, targets=["", "title", "", "", ""], defaults={})
    services.read_otherwise(imported, encoding="mac_roman")
    assert (imported.encoding, imported.targets) == (
        "mac_roman",
        ["day", "title", "minutes", "kind", "field"],
    )
    assert [line.cells[1] for line in services.table_of(imported).lines] != ["Titel", "Café"]
    with pytest.raises(SpreadsheetRefused):
        services.read_otherwise(imported, encoding="utf-8")
    services.read_otherwise(imported, encoding="cp1252")
    assert [line.cells[1] for line in services.table_of(imported).lines] == ["Titel", "Café"]


def test_the_meaning_of_the_last_file_with_the_same_columns_is_taken_over(people: People) -> None:
    header = ["A", "B", "C", "D", "E"]
    first = open_import(people, files.csv([header, ROW]))
    targets = ["day", "title", "minutes", "kind", "field"]
    services.explain_columns(first, targets=targets, defaults={"kind": "begehung"})
    services.explain_words(first, {"kind": {"a": "begehung"}, "field": {"b": "verkehr"}})
    services.explain_words(first, {"kind": {"c": "begehung", "a": "beratung"}})
    assert first.meanings == {"kind": {"a": "beratung", "c": "begehung"}, "field": {"b": "verkehr"}}
    second = open_import(people, files.csv([header, ROW]))
    assert (second.targets, second.defaults, second.meanings) == (targets, first.defaults, first.meanings)
    strangers = services.open_import(
        people.stranger.mediator, name="x", data=files.csv([header, ROW]), by=people.stranger
    )
    assert (strangers.targets, strangers.meanings) == ([""] * 5, {})
    open_import(people, files.csv([HEADER, ROW]))
    assert open_import(people, files.csv([header, ROW])).targets == [""] * 5  # only the last one counts


def test_a_file_without_rows_or_with_too_many_is_refused(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_ROWS", 2)
    before = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    for data, sentence in (
        (files.csv([HEADER]), services.EMPTY),
        (files.csv([HEADER, *rows(3)]), services.TOO_MANY_ROWS),
    ):
        with pytest.raises(SpreadsheetRefused) as refused:
            open_import(people, data)
        assert str(refused.value) == sentence
    assert not ActivityImport.objects.exists()
    assert open_import(people, files.csv([HEADER, *rows(2)])).row_count == 2
    monkeypatch.setattr(ActivityImport, "save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.open_import(people.kiv, name="x", data=files.csv([HEADER, ROW]), by=people.mediator)
    assert len(set(default_storage.listdir("imports")[1]) - before) == 1


def test_names_of_sheets_are_cut() -> None:
    imported = ActivityImport()
    lines = [Line(1, ["Datum"]), Line(2, ["1.3.2022"])]
    services._describe(imported, Spreadsheet("ods", lines, sheet="s" * 101, other_sheets=["a", "b" * 101]))
    assert (imported.sheet, imported.other_sheets) == ("s" * 100, ["a", "b" * 100])


def test_what_is_old_goes_with_its_file_and_what_is_young_stays(people: People) -> None:
    old, young = (open_import(people, files.csv([HEADER, ROW])) for _ in range(2))
    now = timezone.now()
    ActivityImport.objects.filter(pk=old.pk).update(uploaded_at=now - dt.timedelta(days=31))
    assert services.delete_old_imports(now) == 1
    assert list(ActivityImport.objects.all()) == [young]
    assert [default_storage.exists(one.file.name) for one in (old, young)] == [False, True]
    assert services.delete_old_imports(now) == 0


# --- what a row is judged by


def test_everything_that_a_row_is_judged_by(people: People) -> None:
    town, calw = people.town, Municipality.objects.get(slug="calw")
    factories.make_mediator(people.mediator, calw, ends_on=factories.END)
    calw.county.kinds.create(code="termin", name="Termin", position=1)
    field = factories.make_field("verkehr", calw.county)
    stored = factories.make_activity(people.kiv, town, title="BEGEHUNG", minutes=60, travel_minutes=5)
    factories.make_activity(people.stranger.mediator, people.other_town, title="Fremd")
    closed = [
        ClosedPeriod.objects.create(
            municipality=place, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
        )
        for place in (town, people.other_town)
    ]
    imported = open_import(people, files.csv([HEADER, ROW]))
    services.explain_words(imported, {"kind": {"ortstermin": "begehung"}})
    services.explain_columns(imported, targets=imported.targets, defaults={"kind": "begehung"})
    found = services.known_about(imported, services.table_of(imported))
    here, there = f"{town.pk}", f"{calw.pk}"
    results = {
        "noch offen": "open",
        "zugesagt": "promised",
        "umgesetzt": "done",
        "abgelehnt": "refused",
        "weitergegeben": "passed_on",
    }
    names = {
        "kind": {"begehung": "begehung", "termin": "termin"},
        "field": {
            "bildung und schule": "bildung",
            "verkehr und infrastruktur": "verkehr",
            "bildung": "bildung",
            "verkehr": "verkehr",
            "querschnitt": "quer",
        },
        "municipality": {"leonberg": here, "calw": there},
        "result": {name.lower(): value for name, value in results.items()},
    }
    of_calw = {name: code for name, code in names["field"].items() if code != "bildung"}
    assert found == Known(
        today=timezone.localdate(),
        header=HEADER,
        mediator_id=people.kiv.pk,
        names=names | {"result": found.names["result"]},
        meanings={"kind": {"ortstermin": "begehung"}},
        defaults={"field": "quer", "kind": "begehung"},
        counties={here: "08115", there: "08235"},
        names_of_county={
            "08115": found.names | {"kind": {"begehung": "begehung"}},
            "08235": found.names | {"kind": {"termin": "termin"}, "field": of_calw},
        },
        programme=found.programme,
        terms={here: [(factories.START, None)], there: [(factories.START, factories.END)]},
        closed={here: [closed[0]]},
        stored={(stored.day, "begehung", 60)},
        stored_keys=found.stored_keys,
        minutes_stored={stored.day: 65},
    )
    assert (stored.entry_key in found.stored_keys, len(found.stored_keys)) == (
        True,
        2,
    )  # and of what stands in it
    assert set(found.names["result"].values()) == set(results.values())
    assert found.programme.fields.id_of("08235", "verkehr") == field.pk
    strangers = factories.make_import(people.stranger.mediator)
    one_town = services.known_about(strangers, services.table_of(strangers))
    assert one_town.defaults["municipality"] == f"{people.other_town.pk}"


def test_words_that_mean_nothing_yet(people: People) -> None:
    rows = [["1.3.2022", "Ortstermin", "1", "ortstermin.", "Straße"], ["1.3.2022", "x", "1", "Begehung", ""]]
    imported = open_import(people, files.csv([HEADER, *rows]))
    assert services.unknown_words(imported) == {"kind": ["ortstermin."], "field": ["Straße"]}
    services.explain_columns(imported, targets=["day", "title", "minutes", "kind", ""], defaults={})
    assert services.unknown_words(imported) == {"kind": ["ortstermin."]}
    known = open_import(people, files.csv([HEADER, ROW]))
    assert services.unknown_words(known) == {}


# --- the runs


def test_a_check_says_how_far_it_is_and_a_store_writes_in_batches(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "EVERY", 2)
    told: list[dict[str, object]] = []
    write, store = work.write, services.store_entries

    def spied(job: ImportRun, **values: object) -> None:
        told.append({name: values[name] for name in ("step", "rows_done", "stored") if name in values})
        write(job, **values)

    def counted(entries: Any) -> Any:
        entries = list(entries)
        told.append({"batch": len(entries)})
        return store(entries)

    monkeypatch.setattr(work, "write", spied)
    monkeypatch.setattr(services, "store_entries", counted)
    imported = open_import(people, files.csv([HEADER, *rows(5)]))
    checked = run(imported, RunKind.CHECK)
    assert told == [
        {"step": RunStep.READ},
        {"step": RunStep.JUDGE},
        {"rows_done": 2},
        {"rows_done": 4},
        {"step": RunStep.STORE},
        {"rows_done": 5},
    ]
    assert (checked.state, checked.rows_done, checked.stored) == ("done", 5, 0)
    told.clear()
    stored = run(imported, RunKind.STORE)
    assert told == [
        {"step": RunStep.READ},
        {"step": RunStep.JUDGE},
        {"batch": 2},
        {"batch": 2},
        {"batch": 1},
        {"stored": 5, "rows_done": 5, "step": RunStep.STORE},
    ]
    assert (stored.state, stored.stored, stored.rows_done, stored.kind) == ("done", 5, 5, "store")
    assert Activity.objects.count() == 5


def test_what_the_check_found_stands_beside_each_row(people: People) -> None:
    table = [
        ROW,
        ["?", "Zwei", "1 min", "Begehung", ""],
        ROW,
        ["2.3.2022", "Frau Huber", "1 min", "Begehung", ""],
    ]
    imported = open_import(people, files.csv([HEADER, *table]))
    for _ in range(2):  # the second check replaces what the first has found
        run(imported, RunKind.CHECK)
        found = imported.rows.order_by("number").values_list("number", "verdict", "day", "title")
        assert list(found) == [
            (2, "ok", "1.3.2022", "Begehung der Bücherei"),
            (3, "error", "?", "Zwei"),
            (4, "ask", "1.3.2022", "Begehung der Bücherei"),
            (5, "ask", "2.3.2022", "Frau Huber"),
        ]
    assert summary(imported) == {"error": 1, "ask": 2, "hint": 0, "twice": 0, "left": 0, "ok": 1}
    assert services.last_run(imported) == imported.runs.latest("pk")


def test_what_may_be_stored(people: People) -> None:
    imported = open_import(people, files.csv([HEADER, ["2.3.2022", "Frau Huber", *ROW[2:]]]))

    def refused() -> str:
        with pytest.raises(services.ImportRefused) as error:
            services.request_run(imported, RunKind.STORE, by=people.mediator)
        return str(error.value)

    assert refused() == "Bitte prüfen Sie die Tabelle zuerst."
    check = run(imported, RunKind.CHECK)
    questions = "Bitte sehen Sie zuerst die Zeilen an, bei denen das Portal nachfragt."
    assert refused() == questions
    work.call_off(imported.runs.all(), "x")
    ImportRun.objects.filter(pk=check.pk).update(state="failed", reason="x")
    assert refused() == "Bitte prüfen Sie die Tabelle zuerst."
    run(imported, RunKind.CHECK)
    accept_all(imported)
    asked = services.request_run(imported, RunKind.STORE, by=people.mediator)
    assert (asked.kind, asked.requested_by, asked.state) == ("store", people.mediator, "queued")
    assert services.request_run(imported, RunKind.CHECK, by=people.mediator) == asked
    services.do_run(asked.pk, worker="worker@test")
    assert services.request_run(imported, RunKind.CHECK, by=people.mediator) == asked
    assert Activity.objects.get().title == "Frau Huber"
    failed = open_import(people, files.csv([HEADER, ["?", *ROW[1:]]]))
    run(failed, RunKind.CHECK)
    with pytest.raises(services.ImportRefused, match="In der Tabelle sind noch Fehler"):
        services.request_run(failed, RunKind.STORE, by=people.mediator)


def test_asking_wakes_a_worker_once_it_is_stored(
    people: People, woken: list[int], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    imported = open_import(people, files.csv([HEADER, ROW]))
    with django_capture_on_commit_callbacks(execute=True):
        asked = services.request_run(imported, RunKind.CHECK, by=people.mediator)
        assert woken == []
    assert woken == [asked.pk]
    assert services.call_off(imported)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("failed", services.CALLED_OFF)
    assert not services.call_off(imported)


def test_a_file_that_became_unreadable_says_so(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = open_import(people, files.csv([HEADER, ROW]))

    def unreadable(_: ActivityImport) -> None:
        raise SpreadsheetRefused("Diese Datei ist beschädigt.")

    monkeypatch.setattr(services, "table_of", unreadable)
    failed = run(imported, RunKind.CHECK)
    assert (failed.state, failed.reason, failed.step) == ("failed", "Diese Datei ist beschädigt.", "read")


def test_the_entry_of_a_row_is_of_its_mediator_and_county(people: People) -> None:
    imported = open_import(people, files.csv([HEADER, ROW]))
    run(imported, RunKind.CHECK)
    run(imported, RunKind.STORE)
    entry = Activity.objects.get()
    assert (entry.mediator, entry.municipality, entry.kind.code, entry.field_code) == (
        *(people.kiv, people.town, "begehung", "bildung"),
    )
    assert entry.entry_key.version == 5
    assert isinstance(entry.entry_key, uuid.UUID)
    event = Activity.pgh_event_model.objects.get()  # type: ignore[attr-defined]
    assert event.pgh_context.metadata == {"user": people.mediator.pk, "url": f"import {imported.pk}"}
