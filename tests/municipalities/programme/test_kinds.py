"""A county's kinds of activity in the browser: added, renamed, put in order, deleted where nothing is of them."""

from __future__ import annotations

import pytest
from django.test import Client

from municipalities.models import ActivityKind
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
PAGE = "/landkreise/08115/arten/"


@pytest.fixture
def client(people: People) -> Client:
    return people.client("coordinator")


def names() -> list[str]:
    return [kind.name for kind in ActivityKind.objects.filter(county="08115").order_by("position")]


def test_a_kind_is_added_behind_the_others(client: Client) -> None:
    for name in ("Begehung", "Öffentlichkeits- und Pressearbeit", "Öffentlichkeits- und Presse-Arbeit"):
        assert client.post(PAGE, {"name": name}).status_code == 302
    assert names()[0] == "Begehung"
    codes = list(ActivityKind.objects.order_by("position").values_list("code", flat=True))
    assert codes == ["begehung", "oeffentlichkeits-und-pre", "oeffentlichkeits-und-2"]
    answer = client.post(PAGE, {"name": " begehung "})
    assert answer.context["form"].errors["name"] == ["Diese Art gibt es schon."]


def test_a_kind_is_renamed_and_keeps_its_code(client: Client) -> None:
    client.post(PAGE, {"name": "Begehung"})
    kind = ActivityKind.objects.get()
    client.post(f"/arten/{kind.pk}/", {"name": "Ortsbegehung"})
    kind.refresh_from_db()
    assert (kind.name, kind.code) == ("Ortsbegehung", "begehung")


def test_kinds_change_places(client: Client) -> None:
    for name in ("A", "B", "C"):
        client.post(PAGE, {"name": name})
    last = ActivityKind.objects.get(name="C")
    for _ in range(3):  # at the top it stays
        client.post(f"/arten/{last.pk}/verschieben/", {"to": "up"})
    assert names() == ["C", "A", "B"]
    client.post(f"/arten/{last.pk}/verschieben/", {"to": "down"})
    assert names() == ["A", "C", "B"]


def test_only_a_kind_that_nobody_uses_is_deleted(client: Client, people: People) -> None:
    factories.make_activity(people.kiv, people.town)
    kind = ActivityKind.objects.get(county="08115")
    answer = client.post(f"/arten/{kind.pk}/loeschen/", follow=True)
    assert "Sie bleibt deshalb." in answer.content.decode()
    client.post(PAGE, {"name": "Neu"})
    client.post(f"/arten/{ActivityKind.objects.get(name='Neu').pk}/loeschen/")
    assert names() == [kind.name]
