"""The question at the form: calm, with two answers, and every word is still there afterwards."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from activities.concerns import services as concerns
from activities.models import Activity, Concern
from kiv_portal.privacy.guard import WHY, Kind
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
CREATE = "/aktivitaeten/neu/"
REPORT = "/orte/leonberg/barriere-melden/"
BUTTON = re.compile(r'<button[^>]*name="privacy_checked" value="([^"]*)"[^>]*>Darf so bleiben</button>')
KEPT = re.compile(r'<input type="hidden" name="privacy_checked" value="([^"]*)">')
CONCERN = {
    "title": "Der Bordstein ist zu hoch",
    "description": "Wer einen Rollator hat, kommt nicht hinauf.",
    "reported_on": "1.3.2022",
}


@pytest.fixture
def client(people: People) -> Client:
    factories.make_field()
    factories.make_kind()
    return people.client("mediator")


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Gespräch mit Frau Huber",
        "kind": "begehung",
        "day": "1.3.2022",
        "minutes": "90",
        "field": "bildung",
        "entry_key": str(uuid.uuid4()),
    } | changes


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def answers(answer: HttpResponse, *, pressed: bool) -> list[str]:
    """What the page sends as privacy_checked, with or without "Darf so bleiben"."""
    return KEPT.findall(text_of(answer)) + (BUTTON.findall(text_of(answer)) if pressed else [])


def places(answer: HttpResponse) -> list[str]:
    return [unescape(place) for place in re.findall(r"<mark>(.*?)</mark>", text_of(answer))]


def test_it_shows_the_place_and_why_and_stores_what_may_stay(client: Client) -> None:
    asked = client.post(CREATE, filled())
    page = text_of(asked)
    assert re.search(r'href="#id_title">Titel</a>: „Gespräch mit <mark>Frau Huber</mark>“', page)
    assert WHY[Kind.NAME] in page
    assert 'value="Gespräch mit Frau Huber"' in page
    assert not Activity.objects.exists()
    assert client.post(CREATE, filled(privacy_checked=answers(asked, pressed=True))).status_code == 302
    assert Activity.objects.get().title == "Gespräch mit Frau Huber"


def test_it_is_a_question_and_no_error(client: Client) -> None:
    page = text_of(client.post(CREATE, filled()))
    assert ("Bitte kurz prüfen" in page, '<a class="button" href="#id_title">Ich ändere es</a>' in page) == (
        True,
        True,
    )
    for sign_of_an_error in ("error-summary", "kern-error", "aria-invalid", "--error"):
        assert sign_of_an_error not in page


def test_with_an_error_beside_it_both_are_said(client: Client) -> None:
    page = text_of(client.post(CREATE, filled(day="neulich")))
    assert ("error-summary" in page, "Bitte kurz prüfen" in page, page.count('aria-invalid="true"')) == (
        True,
        True,
        1,
    )


def test_enter_in_a_field_is_not_the_answer(client: Client) -> None:
    """A browser takes the first button of the form."""
    form = text_of(client.post(CREATE, filled())).split(f'<form method="post" action="{CREATE}"', 1)[1]
    first, second = re.findall(r'<button[^>]*type="submit"[^>]*>', form)[:2]
    assert ("name=" in first, "privacy_checked" in second) == (False, True)


def test_who_wanted_the_next_entry_gets_it_after_the_answer(client: Client) -> None:
    asked = client.post(CREATE, filled(next="1"))
    assert '<input type="hidden" name="next" value="1">' in text_of(asked)
    assert '<input type="hidden" name="next"' not in text_of(client.post(CREATE, filled()))


def test_a_changed_text_needs_no_answer(client: Client) -> None:
    asked = client.post(CREATE, filled())
    changed = filled(title="Gespräch im Rathaus", privacy_checked=answers(asked, pressed=False))
    assert client.post(CREATE, changed).status_code == 302


def test_what_was_answered_is_not_asked_again_and_what_is_new_is(client: Client) -> None:
    once = answers(client.post(CREATE, filled()), pressed=True)
    more = filled(description="Tel. 0711 1234567", privacy_checked=once)
    asked = client.post(CREATE, more)
    assert places(asked) == ["0711 1234567"]
    again = client.post(CREATE, more | {"privacy_checked": answers(asked, pressed=False)})
    assert places(again) == ["0711 1234567"]
    client.post(CREATE, more | {"privacy_checked": answers(asked, pressed=True)})
    activity = Activity.objects.get()

    edit = f"/aktivitaeten/{activity.pk}/bearbeiten/"
    form = client.get(edit).context["form"]
    changed = {name: form[name].value() for name in ("title", "description", "seen")}
    assert client.post(edit, filled(**changed, minutes="30")).status_code == 302  # the texts are as they were


def test_what_was_answered_survives_an_error(client: Client) -> None:
    once = answers(client.post(CREATE, filled()), pressed=True)
    wrong = client.post(CREATE, filled(day="neulich", privacy_checked=once))
    assert (places(wrong), answers(wrong, pressed=True)) == ([], once)


def test_the_details_are_open_where_the_question_is_about_them(client: Client) -> None:
    page = text_of(client.post(CREATE, filled(title="Begehung", place="bei Familie Maier")))
    assert ('<details class="more" open>' in page, 'href="#id_place">Ort</a>' in page) == (True, True)


def test_many_places_are_counted(client: Client) -> None:
    names = " und ".join(f"Frau Huber{letter}" for letter in "abcdefg")
    page = text_of(client.post(CREATE, filled(title="Treffen", description=names)))
    assert (page.count("<mark>"), "Und 2 weitere Stellen." in page) == (5, True)


@pytest.mark.parametrize("sent", ["on", "\x00", "x" * 10_000, "<script>"])
def test_a_made_up_answer_is_asked_once_more(client: Client, sent: str) -> None:
    asked = client.post(CREATE, filled(privacy_checked=sent))
    assert (asked.status_code, Activity.objects.exists()) == (200, False)


def test_what_is_shown_is_text(client: Client) -> None:
    page = text_of(client.post(CREATE, filled(title="<script>alert(1)</script> Frau Huber")))
    assert ("<script>alert" in page, "<mark>Frau Huber</mark>" in page) == (False, True)


# --- the other forms


@pytest.mark.parametrize("who", ["mediator", "anonymous"])
def test_concerns_of_a_mediator_and_of_a_citizen(people: People, who: str) -> None:
    url = reverse("concern_create") if who == "mediator" else REPORT
    asked = people.client(who).post(url, CONCERN | {"title": "Hanna ist blind"})
    assert (places(asked), Concern.objects.exists()) == (["Hanna", "blind"], False)
    assert len(BUTTON.findall(text_of(asked))) == 1


def test_a_concern_that_gets_public(people: People) -> None:
    concern = factories.make_concern(people.town, description="Hanna kommt nicht hinauf.")
    concerns.take_over(concern, by=people.kiv)
    url = reverse("concern_publish", args=[concern.pk])
    sent = {"title": concern.title, "place": concern.place, "description": concern.description}
    asked = people.client("mediator").post(url, sent)
    assert (places(asked), len(BUTTON.findall(text_of(asked)))) == (["Hanna"], 1)


def test_a_place_may_be_an_address_unless_somebody_lives_there(people: People) -> None:
    client = people.client("mediator")
    somebodys = CONCERN | {"description": "Hanna kommt nicht hinauf.", "place": "Gartenweg 3a"}
    assert places(client.post(reverse("concern_create"), somebodys)) == ["Hanna", "Gartenweg 3a"]
    assert client.post(reverse("concern_create"), CONCERN | {"place": "Gartenweg 3a"}).status_code == 302
    elsewhere = CONCERN | {"description": "Eine Rampe wird gebraucht, Gartenweg 3a."}
    assert places(client.post(reverse("concern_create"), elsewhere)) == ["Gartenweg 3a"]
