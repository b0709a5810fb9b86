"""What the form of an entry offers: in which order, whose, and how far back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.log import queries
from activities.log.queries import EarlierEntries
from activities.models import Activity, ActivityOrganisation, ClosedPeriod
from municipalities.models import Municipality
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

TODAY = dt.date(2022, 11, 15)
DAY = dt.timedelta(days=1)


def test_organisations_of_the_county_by_name_with_who_takes_part(people: People) -> None:
    town, other = people.town, people.other_town
    calw = Municipality.objects.get(slug="calw")
    names = ("Seniorenrat", "Bauamt", "Polizei", "Archiv")
    made = {name: factories.make_organisation(name) for name in names}
    factories.make_organisation("Amt in Calw", calw.county)
    mine = factories.make_activity(people.kiv, town)
    earlier = factories.make_activity(people.kiv, town)
    elsewhere = factories.make_activity(people.stranger.mediator, other)
    for activity, name in ((mine, "Bauamt"), (earlier, "Seniorenrat"), (elsewhere, "Polizei")):
        ActivityOrganisation.objects.create(activity=activity, organisation=made[name])

    def offered(towns: list[Municipality], activity: Activity) -> list[tuple[str, bool, bool]]:
        return [
            (row.name, row.is_chosen, row.is_usual) for row in queries.organisations_offered(towns, activity)
        ]

    assert offered([town], mine) == [
        ("Archiv", False, False),
        ("Bauamt", True, True),
        ("Polizei", False, False),
        ("Seniorenrat", False, True),
    ]
    assert offered([town, other], Activity())[1:3] == [("Bauamt", False, True), ("Polizei", False, True)]
    assert [name for name, *_ in offered([calw], mine)] == ["Amt in Calw"]


def test_what_is_to_be_looked_after_the_earliest_first(people: People) -> None:
    def wait_until(day: dt.date) -> None:
        factories.make_activity(people.kiv, people.town, title=f"{day - TODAY}", follow_up_on=day)

    for days in (1, -2, 0, 5, -1, 2, 4, 3):
        wait_until(TODAY + days * DAY)
    activities = Activity.objects.filter(mediator=people.kiv)
    with CaptureQueriesContext(connection) as captured:
        found = queries.follow_ups(activities, TODAY)
        days = [[(row.follow_up_on - TODAY).days for row in rows] for rows in (found.due, found.coming)]
        assert all(row.title for row in found.due)
    assert (days, found.has_more) == ([[-2, -1, 0], [1, 2, 3, 4, 5]], False)
    assert len(captured) == 1
    wait_until(TODAY + 9 * DAY)
    found = queries.follow_ups(activities, TODAY)
    assert (len(found.due) + len(found.coming), found.has_more) == (8, True)


@pytest.mark.parametrize(
    ("ends", "closed", "may"),
    [
        (None, None, True),
        (TODAY - DAY, None, True),
        (TODAY - DAY, (TODAY - 9 * DAY, TODAY - 2 * DAY), True),  # the last day is still open
        (TODAY - DAY, (TODAY - 9 * DAY, TODAY - DAY), False),
        (TODAY - DAY, (TODAY - DAY, TODAY), False),
        (TODAY - DAY, (TODAY, TODAY + 9 * DAY), True),
    ],
)
def test_who_may_add_entries_today(
    people: People, ends: dt.date | None, closed: tuple[dt.date, dt.date] | None, may: bool
) -> None:
    factories.make_mediator(people.newcomer, people.town, starts_on=factories.START, ends_on=ends)
    ClosedPeriod.objects.create(  # another town's closes nothing here
        municipality=people.other_town, starts_on=TODAY - 9 * DAY, ends_on=TODAY, reason="Bericht"
    )
    if closed:
        ClosedPeriod.objects.create(
            municipality=people.town, starts_on=closed[0], ends_on=closed[1], reason="Bericht"
        )
    assert queries.may_add_entries(people.newcomer, TODAY) == may
    assert not queries.may_add_entries(people.contact, TODAY)


def test_who_is_appointed_later_adds_nothing_yet(people: People) -> None:
    in_years = dt.date(2100, 1, 1)
    factories.make_mediator(people.newcomer, people.town, starts_on=in_years, ends_on=in_years + DAY)
    assert not queries.may_add_entries(people.newcomer, TODAY)


def test_a_new_entry_starts_where_the_last_ended(people: People) -> None:
    assert queries.earlier_entries(people.kiv) == EarlierEntries("", "", ())
    factories.make_kind("beratung", "Beratung", 2)
    for number in range(50, 0, -1):
        factories.make_activity(people.kiv, people.town, title=f"Nummer {number}", minutes=1)
    for title, kind, field in (
        ("Rampe", "begehung", "bildung"),
        ("Aufzug", "begehung", "bildung"),
        ("Rampe", "beratung", "verkehr"),
    ):
        factories.make_activity(
            people.kiv, people.town, title=title, kind=kind, field=field, minutes=1, day=factories.START
        )
    factories.make_activity(people.stranger.mediator, people.other_town, title="Fremd")
    assert queries.earlier_entries(people.kiv) == EarlierEntries(
        "beratung", "verkehr", ("Rampe", "Aufzug", *(f"Nummer {number}" for number in range(1, 48)))
    )
    factories.make_activity(people.kiv, people.town, field=None, minutes=1, title="Quer")
    latest = queries.earlier_entries(people.kiv)
    assert (latest.kind, latest.field, latest.titles[0]) == ("begehung", "quer", "Quer")


def test_places_of_the_newest_entries_each_once_by_name(people: People) -> None:
    usual = {"minutes": 1, "day": dt.date(2022, 3, 1)}
    Activity.objects.bulk_create(
        Activity(**factories.activity_values(people.kiv, people.town, **usual, place=place))
        for place in ("Marktplatz", *["Bahnhof"] * 298)
    )
    for place, day in (("Zu alt", 1), ("", 5), ("Amt", 6)):
        values = usual | {"day": dt.date(2022, 4, day) if day > 1 else dt.date(2022, 2, 1)}
        factories.make_activity(people.kiv, people.town, place=place, **values)
    factories.make_activity(people.stranger.mediator, people.other_town, place="Fremd")
    found = queries.earlier_places([people.town])
    assert [place for place in found if place != "Marktplatz"] == ["Amt", "Bahnhof"]
    assert queries.earlier_places([people.other_town]) == ["Fremd"]
    Activity.objects.filter(place="Bahnhof").delete()
    assert queries.earlier_places([people.town]) == ["Amt", "Marktplatz", "Zu alt"]
