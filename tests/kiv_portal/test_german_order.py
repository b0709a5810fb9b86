"""Lists in the order of a German telephone book's neighbour, the dictionary: by the database and by Python alike."""

from __future__ import annotations

import random

import pytest
from django.db.models import F

from activities.models import Activity, Organisation
from kiv_portal.german_order import GermanOrder, german_key
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
IN_ORDER = [
    *(
        "Apotheke",
        "Arztpraxis",
        "Ärztehaus",
        "Bondorf",
        "Böblingen 2",
        "café Schmidt",
        "Élan",
        "e-Mail an das Bauamt",
    ),
    *(
        "„Gut leben“ im Alter",
        "»Gutshof«",
        "Öffnungszeiten",
        "Ortsmitte",
        "Straße 1",
        "Straßenfest",
        "Strassenfest 2",
    ),
    *("Übergang", "Ulm", "Zebrastreifen"),
]
IN_ORDER.sort(key=german_key)


def test_umlauts_capitals_and_signs_stand_where_people_look() -> None:
    order = [text.partition(" ")[0] for text in IN_ORDER]
    assert order.index("Ärztehaus") < order.index("Apotheke") + 3 < order.index("Zebrastreifen")
    assert order.index("Böblingen") < order.index("Bondorf")
    assert (
        order.index("„Gut")
        < order.index("»Gutshof«")
        < order.index("Öffnungszeiten")
        < order.index("Ortsmitte")
    )
    assert order.index("Straße") < order.index("Straßenfest") < order.index("Strassenfest")


def test_the_database_has_the_same_order(people: People) -> None:
    for name in random.Random(7).sample(IN_ORDER, len(IN_ORDER)):
        factories.make_organisation(name)
    found = (
        Organisation.objects.annotate(key=GermanOrder("name")).order_by(F("key")).values_list("name", "key")
    )
    assert [name for name, _ in found] == IN_ORDER
    assert [key for _, key in found] == [german_key(name) for name in IN_ORDER]


def test_titles_of_a_list_and_of_its_pages(people: People) -> None:
    for title in ("Zebrastreifen", "Ärztehaus", "Arztpraxis", "e-Mail an das Bauamt", "Öffnungszeiten"):
        factories.make_activity(people.kiv, people.town, title=title)
    wanted = ["Ärztehaus", "Arztpraxis", "e-Mail an das Bauamt", "Öffnungszeiten", "Zebrastreifen"]
    client = people.client("mediator")
    page = client.get("/aktivitaeten/", {"sort": "title"}).context["page"]
    assert [row.title for row in page.rows] == wanted
    exported = client.get("/aktivitaeten/export/", {"sort": "title", "format": "csv"})
    text = b"".join(exported.streaming_content).decode()
    assert sorted(wanted, key=text.index) == wanted
    assert Activity.objects.count() == len(wanted)
