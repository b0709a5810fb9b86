"""A town joins, and what the county says of it: in the browser, with a sentence for what cannot be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from municipalities.models import CooperationAgreement, Municipality
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
JOIN = "/landkreise/08115/kommune/neu/"
EDIT = "/kommunen/leonberg/stammdaten/"


@pytest.fixture
def client(people: People) -> Client:
    return people.client("coordinator")


def joining(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Weil im Schönbuch",
        "kind": "village",
        "ags": "08 115 048",
        "population": "10.043",
        "population_on": "31.12.2025",
        "council_seats": "22",
        "coordinates": "48.6211, 9.0603",
        "agreement-starts_on": "1.1.2027",
        "agreement-report_interval_months": "12",
    } | changes


def edited(**changes: Any) -> dict[str, Any]:
    return {"name": "Leonberg", "kind": "large_town", "ags": "08115028"} | changes


def test_a_town_joins_with_its_agreement(client: Client, people: People) -> None:
    answer = client.post(JOIN, joining(), follow=True)
    assert "nimmt ab 01.01.2027 teil" in answer.content.decode()
    town = Municipality.objects.get(ags="08115048")
    assert (town.slug, town.county, town.population) == ("weil-im-schoenbuch", people.town.county, 10_043)
    assert (town.latitude, town.longitude) == (Decimal("48.62110"), Decimal("9.06030"))
    assert (town.council_seats, town.agreements.get().starts_on) == (22, dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ags": "08235048"}, "ags", "gehört nicht zum Landkreis Böblingen"),
        ({"ags": "0811504"}, "ags", "acht Ziffern"),
        ({"ags": "08115028"}, "ags", "Diesen Schlüssel hat schon Leonberg."),
        ({"name": "leonberg"}, "name", "gibt es im Landkreis schon"),
        ({"coordinates": "52.52, 13.405"}, "coordinates", "nicht in Baden-Württemberg"),
        ({"coordinates": "9.0603, 48.6211"}, "coordinates", "vertauscht"),
        ({"population_on": ""}, "population_on", "von wann"),
        ({"population": "viele"}, "population", "ganze Zahl"),
        ({"council_seats": "2200"}, "council_seats", "So groß"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = client.post(JOIN, joining(**changes))
    (error,) = answer.context["form"].errors[field]
    assert sentence in error
    assert set(answer.context["form"].errors) == {field}
    assert not Municipality.objects.filter(name="Weil im Schönbuch").exists()


def test_a_town_that_is_there_already_is_shown_the_way(client: Client) -> None:
    page = client.post(JOIN, joining(ags="08115028")).content.decode()
    assert 'href="/kommunen/leonberg/vereinbarung/neu/"' in page


def test_the_agreement_of_a_joining_town_is_checked_with_it(client: Client) -> None:
    answer = client.post(JOIN, joining(**{"agreement-ends_on": "1.1.2026"}))
    assert answer.context["agreement_form"].errors == {"ends_on": ["Das Ende liegt vor dem Beginn."]}
    assert not Municipality.objects.filter(ags="08115048").exists()


def test_which_agreement_is_in_the_way(client: Client, people: People) -> None:
    sent = {"starts_on": "1.1.2023", "report_interval_months": "12"}
    url = "/kommunen/leonberg/vereinbarung/neu/"
    assert "Seit dem 01.10.2021" in client.post(url, sent).context["form"].errors["starts_on"][0]
    people.town.agreements.update(ends_on=dt.date(2023, 9, 30))
    assert "Vom 01.10.2021 bis 30.09.2023" in client.post(url, sent).context["form"].errors["starts_on"][0]
    assert client.post(url, sent | {"starts_on": "1.10.2023"}).status_code == 302
    assert CooperationAgreement.objects.filter(municipality=people.town).count() == 2


def test_facts_of_a_town_change_and_its_address_stays(client: Client, people: People) -> None:
    sent = edited(name="Leonberg am Engelberg", population="48.753", population_on="31.12.2020")
    assert client.post(EDIT, sent | {"coordinates": "48.80139, 9.01306"}).status_code == 302
    town = Municipality.objects.get(pk=people.town.pk)
    assert (town.slug, town.name, town.population) == ("leonberg", "Leonberg am Engelberg", 48_753)
    shown = client.get(EDIT).context["form"]
    assert shown["coordinates"].value() == "48.80139, 9.01306"
    client.post(EDIT, edited())
    town.refresh_from_db()
    assert (town.latitude, town.longitude, town.population) == (None, None, None)


def test_two_windows_on_the_facts(client: Client) -> None:
    seen = client.get(EDIT).context["form"]["seen"].value()
    client.post(EDIT, edited(coordinates="48.8, 9.0", seen=seen))
    answer = client.post(EDIT, edited(coordinates="48.9, 9.1", seen=seen))
    assert "Koordinaten: „48.80000, 9.00000“" in answer.content.decode().replace("&#x27;", "'")


def test_the_database_keeps_half_a_point_out(people: People) -> None:
    with pytest.raises(IntegrityError, match="municipality_point_is_whole"):
        Municipality.objects.filter(pk=people.town.pk).update(latitude=48)


def test_the_county_says_whose_key_it_is(client: Client) -> None:
    factories.make_town("Sindelfingen", "08115045")
    answer = client.post(EDIT, edited(ags="08115045"))
    assert answer.context["form"].errors["ags"] == ["Diesen Schlüssel hat schon Sindelfingen."]
