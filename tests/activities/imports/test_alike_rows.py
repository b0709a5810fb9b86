"""What is there already, or looks like it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from activities.imports import services
from activities.models import Activity, ActivityImport, RowVerdict, RunKind
from kiv_portal.jobs.models import JobState
from tests import factories
from tests.activities.imports.checking import accept_all, row, run
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


def test_two_true_entries_are_asked_about_and_both_taken(
    people: People, open_import: Callable[..., ActivityImport]
) -> None:
    call = row(Titel="Beratung am Telefon", Dauer="30")
    imported = open_import([[*call, "1"], [*call, "3"], [*call, "3"]], [*HEADER, "Teilnehmer"])
    run(imported)
    first, *others = imported.rows.all()
    assert (first.verdict, {other.verdict for other in others}) == (RowVerdict.OK, {RowVerdict.ASK})
    assert all("sieht aus wie die in Zeile 2" in other.sentences[0] for other in others)
    accept_all(imported)
    run(imported, RunKind.STORE)
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
