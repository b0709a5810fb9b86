"""What a person answers at the rows: kept, gone by at the next check, never lost and never silently overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities.imports import answering, rows, services
from activities.models import (
    Activity,
    ActivityImport,
    ActivityImportAnswer,
    ActivityImportRow,
    ImportRun,
    RowVerdict,
    RunKind,
)
from kiv_portal.privacy.guard import hits
from tests import factories
from tests.activities.imports.checking import accept_all, row, run, text_of, work_on
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]

BAD = row(Datum="31.2.2022", Titel="Beratung im Rathaus", Dauer="sehr lange", Art="Ortstermin")
PRIVATE = row(Titel="Beratung von Frau Huber")


class Window:
    """The page of a check in one window: what its form would send, and sending it."""

    def __init__(self, people: People, imported: ActivityImport, query: str = "") -> None:
        self.client = people.client("mediator")
        self.imported = imported
        self.page = f"{reverse('import_detail', args=[imported.pk])}{query}"
        answer = self.client.get(self.page)
        self.form = answer.context["form"]
        self.data: dict[str, Any] = {"row": [found.number for found in self.form.rows]}
        for name in self.form.fields:
            value = self.form[name].value()
            if value:
                self.data[name] = value
            if self.form.fields[name].show_hidden_initial:
                self.data[f"initial-{name}"] = value or ""
        owner = answer.content.decode().split('name="_typed_by" value="')[1]
        self.data["_typed_by"] = owner.split('"')[0]

    def send(self, **said: str) -> Any:
        address = reverse("import_answer", args=[self.imported.pk])
        answer = self.client.post(address, self.data | said)
        last = services.last_run(self.imported)
        if last and last.is_unfinished:
            work_on(last)
        return answer


def found(imported: ActivityImport, number: int) -> ActivityImportRow:
    return imported.rows.get(number=number)


@pytest.fixture
def checked(open_import: Callable[..., ActivityImport]) -> Callable[..., ActivityImport]:
    def one(*rows: list[str], header: list[str] = HEADER) -> ActivityImport:
        imported = open_import(list(rows), header)
        run(imported)
        return imported

    return one


def test_a_row_is_mended_on_the_page_and_stored(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(ROW, BAD)
    assert found(imported, 3).verdict == RowVerdict.ERROR
    window = Window(people, imported)
    assert [field.name for field in window.form.groups()[0]["fields"]] == [
        *("cell_day_3", "cell_minutes_3", "cell_kind_3", "leave_3"),
    ]
    answer = window.send(cell_day_3="28.2.2022", cell_minutes_3="45 min", cell_kind_3="Beratung")
    assert answer.url == window.page
    mended = found(imported, 3)
    assert (mended.verdict, mended.day, mended.minutes) == (RowVerdict.OK, "28.2.2022", 45)
    page = text_of(window.client.get(window.page, {"zeilen": "beantwortet"}).content)
    assert "Datum haben Sie geändert. In der Tabelle steht „31.2.2022“." in page
    assert "Dauer haben Sie geändert. In der Tabelle steht „sehr lange“." in page
    said = imported.answers.get()
    assert (said.number, said.answered_by, said.mended) == (
        *(3, people.mediator, {"day": "28.2.2022", "minutes": "45 min", "kind": "Beratung"}),
    )
    assert run(imported, RunKind.STORE).stored == 2


def test_what_was_mended_is_judged_like_a_fresh_file(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(BAD)
    Window(people, imported).send(
        cell_day_2="31.12.2199", cell_minutes_2="25 Stunden", cell_kind_2="Beratung"
    )
    assert found(imported, 2).sentences == [
        "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, was schon war.",
        "Die Dauer liegt zwischen einer Minute und 24 Stunden.",
    ]
    Window(people, imported).send(cell_day_2="1.3.2022", cell_minutes_2="9 Stunden")
    assert [one["kind"] for one in found(imported, 2).questions] == ["length"]
    Window(people, imported).send(cell_day_2="31.2.2022")
    assert imported.answers.get().mended == {"minutes": "9 Stunden", "kind": "Beratung"}, (
        "as it was in the file"
    )


def test_rows_are_left_out_and_taken_back(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(ROW, BAD, PRIVATE)
    Window(people, imported).send(leave_3="on", decision_4="leave")
    assert [one.verdict for one in imported.rows.all()] == ["ok", "left", "left"]
    assert found(imported, 3).sentences == ["Sie lassen diese Zeile weg."]
    Window(people, imported, "?zeilen=left").send(take_4="on")
    assert [one.verdict for one in imported.rows.all()] == ["ok", "left", "ask"]
    Window(people, imported).send(decision_4="take")
    Window(people, imported, "?zeilen=ok").send(leave_2="on")
    assert run(imported, RunKind.STORE).stored == 1
    assert Activity.objects.get().title == PRIVATE[1]


def test_each_question_has_its_own_answer(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(ROW, ROW, PRIVATE, row(Dauer="9 Stunden", Titel="Klausur"))
    assert [found(imported, n).open_kinds for n in (2, 3, 4, 5)] == [[], ["alike"], ["privacy"], ["length"]]
    window = Window(people, imported)
    window.send(decision_3="take", decision_4="take")
    assert [one.verdict for one in imported.rows.all()] == ["ok", "ok", "ok", "ask"]
    page = text_of(window.client.get(window.page, {"zeilen": "beantwortet"}).content)
    assert "Ihre Antwort: so übernehmen. Gefragt war: Diese Aktivität sieht aus wie die in Zeile 2" in page
    with pytest.raises(services.ImportRefused, match="nachfragt"):
        services.request_run(imported, RunKind.STORE, by=people.mediator)
    Window(people, imported).send(cell_minutes_5="2 Stunden")
    assert run(imported, RunKind.STORE).stored == 4


def test_another_question_than_the_answered_one_is_asked(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(PRIVATE)
    Window(people, imported).send(decision_2="take")
    assert found(imported, 2).verdict == RowVerdict.OK
    factories.make_activity(people.kiv, people.town, title=PRIVATE[1], minutes=90, people_reached=5)
    run(imported)
    assert found(imported, 2).open_kinds == ["alike"]


def test_all_of_one_kind_at_once(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(*[row(Titel=f"Beratung von Frau Huber {n}") for n in range(3)], BAD, BAD)
    client, address = people.client("mediator"), reverse("import_answer_all", args=[imported.pk])
    page = text_of(client.get(reverse("import_detail", args=[imported.pk])).content)
    assert "2 Zeilen haben einen Fehler. Alle 2 weglassen" in page
    assert "3 Zeilen könnten verraten, um wen es geht. Alle 3 übernehmen Alle 3 weglassen" in page
    check = services.last_run(imported)
    assert check is not None
    for kind, decision in (("error", "take"), ("x", "take"), ("privacy", "x"), ("", "")):
        client.post(address, {"kind": kind, "decision": decision, "check": check.pk})
    assert services.last_run(imported) == check, "nothing was said"
    client.post(address, {"kind": "privacy", "decision": "take", "check": check.pk})
    answer = client.post(address, {"kind": "error", "decision": "leave", "check": check.pk}, follow=True)
    assert answering.CHECKED_AGAIN in answer.content.decode(), "another check than the one that was seen"
    work_on(services.last_run(imported))
    check = services.last_run(imported)
    client.post(address, {"kind": "error", "decision": "leave", "check": check and check.pk})
    work_on(services.last_run(imported))
    assert [one.verdict for one in imported.rows.all()] == ["ok"] * 3 + ["left"] * 2
    assert run(imported, RunKind.STORE).stored == 3


def test_an_answer_to_one_kind_leaves_the_other_open(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(row(Titel="Beratung von Frau Huber", Dauer="9 Stunden"))
    check = services.last_run(imported)
    answering.answer_all(
        imported,
        "length",
        decision="take",
        check=f"{check and check.pk}",
        by=people.mediator,
        now=timezone.now(),
    )
    work_on(services.last_run(imported))
    assert found(imported, 2).open_kinds == ["privacy"]


def test_the_guard_reads_again_only_what_changed(
    people: People, checked: Callable[..., ActivityImport], monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = checked(PRIVATE, row(Titel="Gespräch mit Herrn Maier"), BAD)
    read: list[str] = []

    def spied(text: str) -> Any:
        read.append(text)
        return hits(text)

    monkeypatch.setattr(rows, "hits", spied)
    Window(people, imported).send(cell_title_3="Gespräch mit Frau Maier", decision_2="take")
    assert read == [PRIVATE[1], "Gespräch mit Frau Maier"], "row 4 has not been touched"
    assert [one.open_kinds for one in imported.rows.all()] == [[], ["privacy"], ["error"]]
    accept_all(imported)
    read.clear()
    Window(people, imported).send(leave_4="on")
    assert read == []
    assert [one.verdict for one in imported.rows.all()] == ["ok", "ok", "left"]
    run(imported, RunKind.STORE)
    assert len(read) == 2, "the storing judges everything anew"


# --- two windows, sessions that end


def test_two_windows_answer_different_rows(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(BAD, PRIVATE)
    one, other = Window(people, imported), Window(people, imported)
    one.send(cell_day_2="28.2.2022", cell_minutes_2="45 min", cell_kind_2="Beratung")
    other.send(decision_3="take")
    assert [found.verdict for found in imported.rows.all()] == ["ok", "ok"]


def test_two_windows_answer_the_same_row(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(BAD)
    one, other = Window(people, imported), Window(people, imported)
    one.send(cell_day_2="28.2.2022")
    answer = other.send(cell_day_2="27.2.2022", cell_minutes_2="5 Stunden")
    assert imported.answers.get().mended == {"day": "28.2.2022"}, "the first one stands"
    page = other.client.get(answer.url)
    assert "Zu einer Zeile steht inzwischen etwas anderes da" in page.content.decode()
    form = page.context["form"]
    assert (form["cell_day_2"].value(), form["cell_minutes_2"].value()) == ("27.2.2022", "5 Stunden")
    seen = {"seen_2": form["seen_2"].value()}
    other.send(cell_day_2="27.2.2022", cell_minutes_2="5 Stunden", **seen)
    assert imported.answers.get().mended == {"day": "27.2.2022", "minutes": "5 Stunden"}


def test_a_second_click_is_the_first_ones(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(BAD, PRIVATE, row(Titel="Gespräch mit Herrn Maier"))
    window, check = Window(people, imported), services.last_run(imported)
    said = window.data | {"cell_day_2": "28.2.2022"}
    one, everything = (
        *(reverse(name, args=[imported.pk]) for name in ("import_answer", "import_answer_all")),
    )
    for address, data in (
        (one, said),
        (everything, {"kind": "privacy", "decision": "take", "check": check and check.pk}),
    ):
        work_on(services.last_run(imported))
        if address == everything:
            data["check"] = getattr(services.last_run(imported), "pk", 0)
        window.client.post(address, data)
        runs = ImportRun.objects.count()
        again = window.client.post(address, data, follow=True).content.decode()
        assert ImportRun.objects.count() == runs
        assert "Die Tabelle wird geprüft" in again
        assert all(text not in again for text in ("anderen Fenster", answering.NOTHING_NEW))


def test_an_answer_during_a_check_is_kept(people: People, checked: Callable[..., ActivityImport]) -> None:
    imported = checked(BAD, PRIVATE)
    window = Window(people, imported)
    waiting = services.request_run(imported, RunKind.CHECK, by=people.mediator)
    window.send(decision_3="take")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("failed", services.CALLED_OFF)
    assert found(imported, 3).verdict == RowVerdict.OK


def test_while_it_is_stored_nothing_is_answered(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(ROW, PRIVATE)
    accept_all(imported)
    window = Window(people, imported, "?zeilen=alle")
    storing = services.request_run(imported, RunKind.STORE, by=people.mediator)
    address = reverse("import_answer", args=[imported.pk])
    refused = window.client.post(address, window.data | {"leave_2": "on"}, follow=True).content.decode()
    assert answering.BEING_STORED in refused
    work_on(storing)
    refused = window.client.post(address, window.data | {"leave_2": "on"}, follow=True).content.decode()
    assert services.STORED_ALREADY in refused
    assert Activity.objects.count() == 2


def test_what_is_sent_after_the_session_ended_comes_back(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(BAD)
    window = Window(people, imported)
    window.client.logout()
    address = reverse("import_answer", args=[imported.pk])
    window.client.post(address, window.data | {"cell_day_2": "28.2.2022"})
    window.client.force_login(people.mediator)
    assert not ActivityImportAnswer.objects.exists()
    back = window.client.get(window.page)
    assert back.context["form"]["cell_day_2"].value() == "28.2.2022"


def test_nothing_said_is_no_answer(people: People, checked: Callable[..., ActivityImport]) -> None:
    text = "Erste Zeile\r\nzweite\u200b Zeile"
    imported = checked([*row(Titel="Frau Huber"), f'"{text}"'], header=[*HEADER, "Was ist passiert?"])
    window = Window(people, imported)
    runs = ImportRun.objects.count()
    window.send()
    assert (ImportRun.objects.count(), ActivityImportAnswer.objects.count()) == (runs, 0)
    window.client.post(reverse("import_answer", args=[imported.pk]), {"row": ["x", "99999999", "7", "²"]})
    assert not ActivityImportAnswer.objects.exists()


# --- headings, sums, hidden rows


def test_headings_and_sums_are_named_and_can_be_overruled(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(["Januar 2022", "", "", "", ""], ROW, ["", "Summe", "1:30", "", ""])
    heading, entry, total = imported.rows.all()
    assert (heading.verdict, heading.sentences) == (
        *(RowVerdict.LEFT, ["Diese Zeile ist eine Überschrift („Januar 2022“) und wird nicht übernommen."]),
    )
    assert (entry.verdict, total.sentences) == (
        *(RowVerdict.OK, ["Diese Zeile ist eine Summe („Summe“) und wird nicht übernommen."]),
    )
    assert "2 Zeilen bleiben weg" in text_of(
        people.client("mediator").get(Window(people, imported).page).content
    )
    Window(people, imported, "?zeilen=left").send(take_4="on")
    assert found(imported, 4).sentences[0] == "Es fehlt das Datum."
    Window(people, imported).send(cell_day_4="2.3.2022", cell_kind_4="Beratung")
    assert run(imported, RunKind.STORE).stored == 2


def test_the_database_wants_one_answer_that_says_something(
    people: People, checked: Callable[..., ActivityImport]
) -> None:
    imported = checked(ROW)
    imported.answers.create(number=2, decision="leave", answered_by=people.mediator)
    for wrong in ({"number": 2, "decision": "take"}, {"number": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            imported.answers.create(**wrong, answered_by=people.mediator)


def test_a_page_of_many_rows_asks_the_database_as_often_as_one_of_few(
    people: People,
    checked: Callable[..., ActivityImport],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in (1, 3):
        imported = checked(*[row(Titel=f"Beratung von Frau Huber {n}") for n in range(number)])
        client, page = people.client("mediator"), reverse("import_detail", args=[imported.pk])
        client.get(page)
        with django_assert_num_queries(16):
            client.get(page)
