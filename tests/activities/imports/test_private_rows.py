"""What could tell who somebody is, in a text of an imported table that may get public."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from activities.imports import services
from activities.imports.checked import summary
from activities.models import Activity, ActivityImport, RowVerdict, RunKind
from kiv_portal.privacy import guard as privacy
from tests import factories
from tests.activities.imports.checking import row, run, text_of, work_on
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


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
    run(imported)
    assert summary(imported) | {"ask": 2, "ok": 1} == summary(imported)
    client = people.client("mediator")
    store, page = (reverse(name, args=[imported.pk]) for name in ("import_store", "import_detail"))
    refused = client.post(store, follow=True).content.decode()
    assert "Bitte sehen Sie zuerst die Zeilen an, bei denen das Portal nachfragt." in refused
    assert "2 Zeilen könnten verraten, um wen es geht" in text_of(client.get(page).content)
    only = client.get(page, {"zeilen": "ask"}).content.decode()
    assert ("Frau Huber" in only, ">Begehung<" in only) == (True, False)
    check = services.last_run(imported)
    everything = reverse("import_answer_all", args=[imported.pk])
    client.post(everything, {"kind": "privacy", "decision": "take", "check": check.pk})
    work_on(services.last_run(imported))
    client.post(store)
    work_on(services.last_run(imported))
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
