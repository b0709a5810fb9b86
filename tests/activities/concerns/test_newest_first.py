"""Wherever people read a list of concerns, the newest stands first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
DAYS = (5, 1, 9, 3)  # ago, as they are stored


def in_order(html: str) -> list[int]:
    found = [int(number) for number in re.findall(r"Meldung vor (\d) Tagen", html)]
    return list(dict.fromkeys(found))


@pytest.fixture
def _reported(people: People, request: pytest.FixtureRequest) -> None:
    today = timezone.localdate()
    state = request.param
    for days in DAYS:
        factories.make_concern(
            people.town,
            title=f"Meldung vor {days} Tagen",
            state=state,
            reported_on=today - dt.timedelta(days=days),
            promised_until=today + dt.timedelta(days=9 - days) if state == "done" else None,
            closed_at=timezone.now() if state == "done" else None,
            is_public=state == "checking",
        )


@pytest.mark.parametrize(
    ("_reported", "person", "page"),
    [
        *(("reported", person, "start") for person in ("mediator", "contact")),
        *(("reported", person, "concern_list") for person in ("mediator", "contact", "coordinator")),
        *((state, "mediator", "concern_board") for state in ("reported", "checking", "done")),
        ("checking", "anonymous", "town_page"),
    ],
    indirect=["_reported"],
)
def test_the_newest_is_first(people: People, _reported: None, person: str, page: str) -> None:
    arguments = ["leonberg"] if page == "town_page" else []
    text = people.client(person).get(reverse(page, args=arguments)).content.decode()
    assert in_order(text) == sorted(DAYS)


def test_of_promises_the_most_urgent_is_first_on_the_board(people: People) -> None:
    today = timezone.localdate()
    for days in DAYS:
        factories.make_concern(
            people.town,
            title=f"Meldung vor {days} Tagen",
            state="promised",
            promised_until=today - dt.timedelta(days=days),
        )
    text = people.client("contact").get(reverse("concern_board")).content.decode()
    assert in_order(text) == sorted(DAYS, reverse=True)
