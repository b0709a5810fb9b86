"""The log on paper: all of the choice on one page, by month, without what is nobody's business."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from activities.search import printing
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
PRINT = "/aktivitaeten/drucken/"


@pytest.fixture
def log(people: People) -> list[Activity]:
    rich = {
        "description": "Die Rampe ist steil.",
        "place": "Bahnhof",
        "starts_at": dt.time(14, 0),
        "result": "refused",
        "result_note": "Kein Platz dafür.",
        "internal_note": "Nur für mich",
        "expenses_cents": 1234,
    }
    return [
        factories.make_activity(people.kiv, people.town, title="Am Bahnhof", day=dt.date(2022, 3, 1), **rich),
        factories.make_activity(people.kiv, people.town, title="Beratung", day=dt.date(2022, 3, 9)),
        factories.make_activity(people.kiv, people.town, title="Treffen", day=dt.date(2022, 4, 2)),
    ]


def shown(people: People, query: str = "", who: str = "mediator") -> str:
    return people.client(who).get(PRINT + query).content.decode()


def test_entries_stand_by_month_with_their_texts(people: People, log: list[Activity]) -> None:
    page = shown(people, "?sort=oldest")
    order = [
        page.index(f">{words}") for words in ("März 2022", "Am Bahnhof", "Beratung", "April 2022", "Treffen")
    ]
    assert order == sorted(order)
    for words in ("Di, 01.03.2022, ab 14:00 Uhr", "Bahnhof", "Die Rampe ist steil.", "3 Aktivitäten mit"):
        assert words in page
    assert "Ergebnis: abgelehnt: Kein Platz dafür." in page
    assert ("Nur für mich" in page, "12,34" in page) == (False, False)


def test_in_another_order_there_are_no_months(people: People, log: list[Activity]) -> None:
    page = shown(people, "?sort=title")
    assert ("März 2022" in page, page.index(">Am Bahnhof") < page.index(">Treffen")) == (False, True)


def test_what_is_filtered_is_said_and_nothing_else_is_there(people: People, log: list[Activity]) -> None:
    page = shown(people, "?start=1.4.2022")
    assert ("Treffen" in page, "Am Bahnhof" in page, "Von 01.04.2022" in page) == (True, False, True)
    assert "gibt es keine Aktivität" in shown(people, "?start=1.5.2022")


def test_the_list_leads_there_with_its_choice(people: People, log: list[Activity]) -> None:
    page = people.client("mediator").get("/aktivitaeten/?start=1.4.2022").content.decode()
    assert f'href="{PRINT}?start=01.04.2022&amp;liste=meine"' in page


@pytest.mark.parametrize(
    ("who", "list_url"), [("contact", "/aktivitaeten/alle/"), ("mediator", "/aktivitaeten/")]
)
def test_too_many_or_nonsense_leads_back(
    people: People, log: list[Activity], monkeypatch: pytest.MonkeyPatch, who: str, list_url: str
) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 2)
    answer = people.client(who).get(PRINT, follow=True)
    assert answer.redirect_chain[-1][0] == list_url
    assert "Zum Drucken sind das zu viele" in answer.content.decode()
    assert "Beratung" in shown(people, "?start=1.3.2022&end=30.3.2022", who)  # two are not too many
    wrong = people.client(who).get(f"{PRINT}?start=irgendwann&liste=", follow=True)
    assert "Dieses Datum verstehen wir nicht" in wrong.content.decode()


def test_queries_do_not_grow(people: People, log: list[Activity]) -> None:
    client = people.client("contact")
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PRINT)
        numbers.append(len(queries))
        factories.make_activity(people.kiv, people.town, title="Noch eine")
    assert numbers[0] == numbers[1]


def test_one_entry_can_be_printed(people: People, log: list[Activity]) -> None:
    page = people.client("mediator").get(reverse("activity_detail", args=[log[0].pk])).content.decode()
    assert "data-print" in page
