"""What the form of an entry suggests: to a mediator what they wrote before, to a helper nothing of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.figures.totals import CROSS_CUTTING
from activities.log.queries import (
    MOST_FOLLOW_UPS,
    RECENT_ENTRIES,
    RECENT_PLACES,
    EarlierEntries,
    earlier_entries,
    earlier_places,
    follow_ups,
    organisations_offered,
)
from activities.models import Activity, ActivityOrganisation
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
NOTHING: dict[str, list[str]] = {"title": [], "place": []}


@pytest.fixture
def helper(people: People) -> Client:
    return people.client("assistant")


def for_mediator(people: People) -> str:
    return f"{reverse('activity_create')}?fuer={people.assistant.assistances.get().pk}"


def entered_by_helper(people: People) -> Activity:
    return factories.make_activity(people.kiv, people.town, entered_by=people.assistant, place="Mensa")


# --- a helper


def test_a_helper_is_offered_neither_titles_nor_places_nor_the_last_choice(
    helper: Client, people: People
) -> None:
    factories.make_activity(people.kiv, people.town, title="Gespräch", place="Stadthalle")
    page = helper.get(for_mediator(people))
    form = page.context["form"]
    assert form.suggestions == NOTHING
    assert (form["kind"].value(), form["field"].value()) == ("", "")
    assert ("Gespräch" in page.content.decode(), "Stadthalle" in page.content.decode()) == (False, False)


def test_a_helper_who_tries_again_is_offered_nothing_either(helper: Client, people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Gespräch", place="Stadthalle")
    refused = helper.post(for_mediator(people), {"title": ""})
    assert refused.context["form"].errors
    assert refused.context["form"].suggestions == NOTHING


def test_a_helper_who_changes_an_entry_sees_no_other_places(helper: Client, people: People) -> None:
    factories.make_activity(people.kiv, people.town, place="Stadthalle")
    own = entered_by_helper(people)
    edit = reverse("activity_edit", args=[own.pk])
    for page in (helper.get(edit), helper.post(edit, {"title": ""})):
        assert page.context["form"].suggestions == NOTHING
        assert "Stadthalle" not in page.content.decode()
    places = people.client("mediator").get(edit).context["form"].suggestions["place"]
    assert places == ["Mensa", "Stadthalle"]


def test_a_mediator_is_offered_what_they_wrote(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Gespräch", place="Stadthalle", field=None)
    form = people.client("mediator").get(reverse("activity_create")).context["form"]
    assert form.suggestions == {"title": ["Gespräch"], "place": ["Stadthalle"]}
    assert (form["kind"].value(), form["field"].value()) == ("begehung", CROSS_CUTTING)


# --- how many, of whom, in which order


def test_titles_newest_first_each_once_and_only_of_the_latest_entries(people: People) -> None:
    Activity.objects.bulk_create(
        Activity(**factories.activity_values(people.kiv, people.town, title=f"Nummer {n}", minutes=1))
        for n in range(RECENT_ENTRIES + 1)
    )
    factories.make_activity(people.kiv, people.town, title="Nummer 7", minutes=1)
    factories.make_activity(people.stranger.mediator, people.other_town, title="Fremd")
    titles = earlier_entries(people.kiv).titles
    assert titles[:2] == ("Nummer 7", f"Nummer {RECENT_ENTRIES}")
    assert titles[-1] == "Nummer 2"
    assert len(titles) == len(set(titles)) == RECENT_ENTRIES - 1


def test_the_last_choice_is_that_of_the_newest_entry(people: People) -> None:
    assert earlier_entries(people.kiv) == EarlierEntries()
    factories.make_activity(people.kiv, people.town, kind=factories.make_kind("beratung", "Beratung", 2))
    factories.make_activity(
        people.kiv, people.town, day=dt.date(2022, 1, 1), field=factories.make_field("wohnen")
    )
    earlier = earlier_entries(people.kiv)
    assert (earlier.kind, earlier.field) == ("begehung", "wohnen")  # entered last, though it happened earlier


def test_places_of_these_towns_by_name_each_once_and_only_the_latest(people: People) -> None:
    make = factories.activity_values
    Activity.objects.bulk_create(
        Activity(
            **make(
                people.kiv,
                people.town,
                place="Stadthalle",
                minutes=1,
                day=dt.date(2022, 3, 1) + dt.timedelta(n % 9),
            )
        )
        for n in range(RECENT_PLACES - 2)
    )
    factories.make_activity(people.kiv, people.town, place="Bahnhof", day=dt.date(2022, 4, 1))
    factories.make_activity(people.kiv, people.town, place="", day=dt.date(2022, 4, 1))
    factories.make_activity(people.kiv, people.town, place="Zu alt", day=dt.date(2021, 10, 1))
    factories.make_activity(people.stranger.mediator, people.other_town, place="Fremd")
    assert earlier_places([people.town]) == ["Bahnhof", "Stadthalle"]
    Activity.objects.filter(place="Bahnhof").delete()
    assert earlier_places([people.town]) == ["Stadthalle", "Zu alt"]
    assert earlier_places([people.town, people.other_town]) == ["Fremd", "Stadthalle"]


def test_organisations_of_the_county_by_name_with_what_is_usual_and_chosen(people: People) -> None:
    names = ("VdK", "Bauamt", "Fremdamt")
    vdk, office, elsewhere = (factories.make_organisation(name) for name in names)
    far_away = people.other_county.county_roles.get().county
    factories.make_organisation("Calwer Amt", far_away)
    mine = factories.make_activity(people.kiv, people.town)
    before = factories.make_activity(people.kiv, people.town)
    other = factories.make_activity(people.stranger.mediator, people.other_town)
    for activity, organisation in ((mine, vdk), (before, office), (other, elsewhere)):
        ActivityOrganisation.objects.create(activity=activity, organisation=organisation)
    offered = organisations_offered([people.town], mine)
    assert [(o.name, o.is_usual, o.is_chosen) for o in offered] == [
        ("Bauamt", True, False),
        ("Fremdamt", False, False),
        ("VdK", True, True),
    ]


def test_follow_ups_of_today_are_due_and_the_rest_is_only_said_to_be_there(people: People) -> None:
    today = timezone.localdate()
    days = [*range(-1, MOST_FOLLOW_UPS - 1)]
    for n in days:
        factories.make_activity(
            people.kiv, people.town, title=f"in {n}", follow_up_on=today + dt.timedelta(n)
        )
    found = follow_ups(Activity.objects.all(), today)
    assert [row.title for row in found.due] == ["in -1", "in 0"]
    assert [row.title for row in found.coming] == [f"in {n}" for n in days[2:]]
    assert not found.has_more
    factories.make_activity(people.kiv, people.town, title="spät", follow_up_on=today + dt.timedelta(99))
    found = follow_ups(Activity.objects.all(), today)
    assert (len(found.due) + len(found.coming), found.has_more) == (MOST_FOLLOW_UPS, True)
