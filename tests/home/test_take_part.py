"""One page says how to take part: who is to be reached where, and which posts are vacant."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from municipalities.models import CooperationAgreement
from tests.people import People

pytestmark = pytest.mark.django_db


def page() -> str:
    return Client().get("/mitmachen/").content.decode()


def test_everybody_finds_the_way_there(people: People) -> None:
    for path in ("/", "/orte/leonberg/", "/hilfe/"):
        assert 'href="/mitmachen/"' in Client().get(path).content.decode(), path


def test_vacant_posts_stand_with_whom_to_ask(people: People) -> None:
    (_, boeblingen) = Client().get("/mitmachen/").context["counties"]
    assert [town.name for town in boeblingen["vacant"]] == []
    people.town.appointments.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    people.town.county.email = "koordination@kreis.example"
    people.town.county.save()
    (calw, boeblingen) = Client().get("/mitmachen/").context["counties"]
    assert [town.name for town in boeblingen["vacant"]] == ["Leonberg"]
    assert (boeblingen["email"], calw["email"]) == ("koordination@kreis.example", settings.FEEDBACK_EMAIL)
    text = page()
    assert "Zurzeit frei im Landkreis Böblingen" in text
    sections = text.split("<section")
    talk = next(part for part in sections if 'id="sprechen"' in part)
    assert ("Herrenberg" in talk, "Leonberg" in talk) == (True, False)  # nobody is there to talk to


def test_without_towns_it_still_helps(people: People) -> None:
    CooperationAgreement.objects.all().delete()
    text = page()
    assert ("Eine Barriere melden" in text, "So erreichen Sie die Koordination" in text) == (True, False)
