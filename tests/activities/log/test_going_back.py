"""The browser's Back button brings a stored entry into the form: whatever is changed then is stored."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.log.fields import COMPARED, FIELDS, form_names, form_order
from activities.models import Activity, Organisation
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
NEW = "/aktivitaeten/neu/"
CHANGES: dict[str, Any] = {
    "title": "Begehung der Turnhalle",
    "description": "Dann kam der Hausmeister.",
    "municipality": "Herrenberg",
    "day": "2.3.2022",
    "minutes": "45",
    "minutes_chip": "30",
    "starts_at": "14:30",
    "field": "verkehr",
    "kind": "sprechstunde",
    "place": "Bahnhof",
    "organisations": ["Sozialamt"],
    "new_organisations": "Sportverein",
    "people_reached": "13",
    "further_fields": ["verkehr"],
    "result": "open",
    "result_note": "Im Mai noch einmal.",
    "follow_up_on": "1.12.2199",
    "concern": "Bordstein an der Kreuzung",
    "travel_minutes": "20",
    "expenses": "4,50",
    "internal_note": "Der Schlüssel liegt im Rathaus.",
}
NOT_UNDERSTOOD = {
    "description": "Frau Maier war da.",  # the privacy guard asks
    "starts_at": "mittags",
    "place": "bei Familie Maier",
    "people_reached": "viele",
    "further_fields": ["raumfahrt"],
    "result": "vielleicht",
    "result_note": "Frau Maier meldet sich.",
    "follow_up_on": "demnächst",
    "concern": "99999",
    "organisations": ["99999"],
    "new_organisations": "\u202e",
    "travel_minutes": "weit",
    "expenses": "viel",
    "internal_note": "x" * 5_001,
    "minutes_chip": "7",
}


@pytest.fixture
def client(people: People) -> Client:
    for code in ("bildung", "wohnen", "verkehr"):
        factories.make_field(code)
    factories.make_kind()
    factories.make_kind("sprechstunde", "Sprechstunde", 2)
    factories.make_mediator(people.mediator, people.other_town)
    for name in ("Sozialamt", "Bauamt"):
        factories.make_organisation(name)
    factories.make_concern(people.town)
    return people.client("mediator")


@pytest.fixture
def entry(people: People) -> dict[str, Any]:
    """With the six fields that are enough: what is changed then is a detail that was not there."""
    return {
        "title": "Begehung der Mensa",
        "description": "Die Rampe fehlt.",
        "municipality": people.town.pk,
        "day": "1.3.2022",
        "minutes": "1h30",
        "field": "bildung",
        "kind": "begehung",
        "entry_key": str(uuid.uuid4()),
    }


def sent(people: People, name: str) -> Any:
    """The value of CHANGES as the browser sends it."""
    value = CHANGES[name]
    if name == "municipality":
        return people.other_town.pk
    if name == "concern":
        return people.town.concerns.get(title=value).pk
    return [Organisation.objects.get(name=one).pk for one in value] if name == "organisations" else value


def content(activity: Activity) -> dict[str, Any]:
    columns = {name: Activity._meta.get_field(name) for name in COMPARED if name != "organisations"}
    values = {name: getattr(activity, column.attname) for name, column in columns.items()}
    return values | {"organisations": sorted(map(str, activity.organisations.all()))}


def test_every_field_of_the_form_is_tried() -> None:
    assert set(CHANGES) == set(form_order())


@pytest.mark.parametrize("name", CHANGES)
def test_one_changed_field_makes_a_second_entry(
    client: Client, people: People, entry: dict[str, Any], name: str
) -> None:
    client.post(NEW, entry)
    changed = entry | {name: sent(people, name)} | ({"minutes": ""} if name == "minutes_chip" else {})
    page = client.post(NEW, changed, follow=True).content.decode()
    assert f"Gespeichert: {changed['title']}" in page
    first, second = map(content, Activity.objects.order_by("pk"))
    field = next(field.name for field in FIELDS if name in form_names(field))
    assert {key for key in first if first[key] != second[key]} == {field}
    # and is itself no third one when it is sent once more: by now its own key is another one
    assert Activity.objects.order_by("pk").first().entry_key == uuid.UUID(entry["entry_key"])


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_never_called_stored(
    client: Client, entry: dict[str, Any], name: str
) -> None:
    client.post(NEW, entry)
    page = client.post(NEW, entry | {name: NOT_UNDERSTOOD[name]})
    assert page.status_code == 200
    form = page.context["form"]
    assert name in {*form.errors, *(question.field for question in form.questions)}
    assert Activity.objects.count() == 1


def test_the_same_organisations_again_are_the_same_entry(client: Client, entry: dict[str, Any]) -> None:
    took_part = {
        "organisations": [Organisation.objects.get(name="Bauamt").pk],
        "new_organisations": "Sportverein",
    }
    for again in ({}, {}, {"new_organisations": "SPORTVEREIN"}):
        assert client.post(NEW, entry | took_part | again).status_code == 302
    assert Activity.objects.count() == 1
    for fewer in (
        {"organisations": []},
        {"new_organisations": ""},
        {"new_organisations": "Sportverein\nChor"},
    ):
        answer = client.post(NEW, entry | took_part | fewer)
        if answer.status_code == 200:  # "Das gibt es schon"
            asked = answer.context["form"].privacy_seen
            client.post(NEW, entry | took_part | fewer | {"privacy_checked": asked})
    assert sorted(content(activity)["organisations"] for activity in Activity.objects.all()) == [
        ["Bauamt"], ["Bauamt", "Chor", "Sportverein"], ["Bauamt", "Sportverein"], ["Sportverein"],
    ]  # fmt: skip


def test_a_changed_entry_keeps_what_the_queue_does_not_ask(
    client: Client, people: People, entry: dict[str, Any]
) -> None:
    """Sent from the browser's queue, made richer on the website, then changed in the queue: both are kept."""
    send = reverse("activity_send")
    data = entry | {"account": people.mediator.pk}
    client.post(send, data)
    stored = Activity.objects.get()
    richer = {"place": "Rathaus", "expenses": "4,50", "internal_note": "Nachfassen", "people_reached": "12"}
    edit = reverse("activity_edit", args=[stored.pk])
    seen = client.get(edit).context["form"]["seen"].value()
    client.post(edit, entry | richer | {"organisations": [Organisation.objects.first().pk], "seen": seen})
    before = content(Activity.objects.get())
    assert (before["place"], before["expenses_cents"], len(before["organisations"])) == ("Rathaus", 450, 1)
    changed = data | {"title": "Begehung der Turnhalle", "is_changed_since_sending": "1"}
    assert client.post(send, changed).status_code == 200
    assert content(Activity.objects.get()) == before | {"title": "Begehung der Turnhalle"}


def test_the_queue_cannot_take_an_entry_away_from_its_concern(
    client: Client, people: People, entry: dict[str, Any]
) -> None:
    """The queue does not ask for the concern, so its sentence is said of the whole."""
    send = reverse("activity_send")
    data = entry | {"account": people.mediator.pk}
    client.post(send, data)
    Activity.objects.update(concern=people.town.concerns.get())
    moved = data | {"municipality": people.other_town.pk, "is_changed_since_sending": "1"}
    answer = client.post(send, moved)
    assert answer.status_code == 422
    assert "Dieses Anliegen gehört zu einer anderen Kommune." in answer.json()["errors"]["__all__"][0]
    assert Activity.objects.get().municipality == people.town
