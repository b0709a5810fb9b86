"""All of an imported table or nothing, whatever happens on the way; and what is kept of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from activities.imports import services
from activities.models import Activity, ActivityImport, ClosedPeriod, ImportRun, RunKind
from activities.tasks import delete_old_imports_task
from kiv_portal.celery import app
from kiv_portal.jobs.models import JobState
from kiv_portal.uploads.spreadsheet import Spreadsheet
from tests.activities.imports.checking import row, run
from tests.activities.imports.table_files import ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


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

    def blind(about: ActivityImport, table: Spreadsheet) -> Any:
        known = known_about(about, table)
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
    table_of = services.table_of

    def called_off(about: ActivityImport) -> Any:
        assert services.call_off(about)
        return table_of(about)

    with monkeypatch.context() as patch:
        patch.setattr(services, "table_of", called_off)
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
        patch.setattr(services, "table_of", lambda _: 1 / 0)
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
