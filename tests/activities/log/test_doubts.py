"""What an entry can be and seldom is: asked about once, then stored as the person says."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from activities.log.doubts import doubt_about_length
from activities.models import Activity
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
NEW = "/aktivitaeten/neu/"
THERE_ALREADY = "Das gibt es schon: gleicher Tag, gleicher Titel, gleiche Dauer. Trotzdem speichern?"


@pytest.fixture
def client(people: People) -> Client:
    factories.make_field()
    factories.make_kind()
    return people.client("mediator")


def entry(**changes: str) -> dict[str, str]:
    return {
        "title": "Begehung Bahnhof",
        "day": "1.3.2022",
        "minutes": "90",
        "field": factories.make_field().code,
        "kind": factories.make_kind().code,
        "entry_key": str(uuid.uuid4()),
    } | changes


def asked(client: Client, data: dict[str, str], address: str = NEW) -> list[tuple[str, str]]:
    """(what is asked about, why); nothing where it was stored"""
    answer: Any = client.post(address, data)
    if answer.status_code == 302:
        return []
    assert not answer.context["form"].errors
    return [(question.excerpt, question.why) for question in answer.context["form"].questions]


@pytest.mark.parametrize("minutes", [5, 90, 480, 0, 1441])
def test_what_is_usual_or_refused_anyway_is_no_question(minutes: int) -> None:
    assert doubt_about_length(minutes) == ""


@pytest.mark.parametrize(
    ("minutes", "excerpt"),
    [("10 Stunden", "10 Stunden"), ("8:01 h", "8 Stunden 1 Minute"), ("4 min", "4 Minuten")],
)
def test_an_unusual_length_is_asked_about_once(client: Client, minutes: str, excerpt: str) -> None:
    data = entry(minutes=minutes)
    page: Any = client.post(NEW, data)
    (question,) = page.context["form"].questions
    assert (question.label, question.excerpt) == ("Dauer", excerpt)
    assert not Activity.objects.exists()
    html = page.content.decode()
    assert "So speichern" in html
    assert "öffentlich werden" not in html  # that is the question of the privacy guard
    confirmed = data | {"privacy_checked": page.context["form"].privacy_seen}
    assert asked(client, confirmed | {"minutes": "11 Stunden"})[0][0] == "11 Stunden"
    assert asked(client, confirmed) == []


def test_the_same_once_more_is_asked_about(client: Client, people: People) -> None:
    assert asked(client, entry()) == []
    again = entry(title="begehung bahnhof")
    assert asked(client, again) == [
        ("begehung bahnhof, Dienstag, 01.03.2022, 1 Stunde 30 Minuten", THERE_ALREADY)
    ]
    for other in ({"title": "Begehung Post"}, {"day": "2.3.2022"}, {"minutes": "60"}):
        assert asked(client, entry(**other)) == []
    assert Activity.objects.count() == 4


def test_anothers_entry_is_none_of_ones_own(client: Client, people: People) -> None:
    other = factories.make_mediator(people.stranger, people.town)
    factories.make_activity(other, people.town, title="Begehung Bahnhof", minutes=90)
    assert asked(client, entry()) == []


def test_a_change_is_asked_about_only_where_it_changes_that(client: Client, people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Begehung Bahnhof", minutes=90)
    long = factories.make_activity(people.kiv, people.town, title="Fahrt nach Stuttgart", minutes=600)
    address = f"/aktivitaeten/{long.pk}/bearbeiten/"
    seen = str(client.get(address).context["form"].initial["seen"])
    kept = entry(title="Fahrt nach Stuttgart", minutes="10:00 h", seen=seen, description="Mit dem Zug.")
    assert asked(client, kept, address) == []
    seen = str(client.get(address).context["form"].initial["seen"])
    same = kept | {"title": "Begehung Bahnhof", "minutes": "90", "seen": seen}
    assert [why for _, why in asked(client, same, address)] == [THERE_ALREADY]


def test_what_is_wrong_comes_before_what_is_doubtful(client: Client) -> None:
    page: Any = client.post(NEW, entry(minutes="10 Stunden", travel_minutes="15 Stunden"))
    assert list(page.context["form"].errors) == ["minutes"]
    assert page.context["form"].questions == ()


def test_names_and_doubts_are_one_question(client: Client) -> None:
    page: Any = client.post(NEW, entry(minutes="10 Stunden", title="Gespräch mit Frau Muster"))
    form = page.context["form"]
    assert [question.label for question in form.questions] == ["Titel", "Dauer"]
    assert (form.asks_about_texts, form.answer) == (True, "So speichern")
