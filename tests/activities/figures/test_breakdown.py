"""One query, every table: towns, fields, months, kinds and results of the same few activities."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import pytest

from activities.figures.totals import (
    FieldTotals,
    MonthTotals,
    Totals,
    WholeTotals,
    breakdown,
    counts_by_town_and_field,
    totals,
    totals_by_field,
    totals_by_town,
)
from activities.models import Activity
from municipalities.programme.queries import programme_of
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
COUNTY = "08115"
START, END = dt.date(2022, 2, 1), dt.date(2022, 4, 30)
NONE = {
    "activities": 0,
    "minutes": 0,
    "travel_minutes": 0,
    "people_reached": 0,
    "people_not_counted": 0,
    "expenses_cents": 0,
    "people_ranges": 0,
}


@pytest.fixture
def spring(people: People) -> People:
    """Three of Leonberg's, one of Herrenberg's; `talk` stands before `visit` in the county's list."""
    for code in ("bildung", "arbeit", "wohnen", "verkehr", "gesundheit"):
        factories.make_field(code)
    visit, talk = factories.make_kind(position=2), factories.make_kind("beratung", "Beratung", 1)
    common = {"day": dt.date(2022, 2, 28), "minutes": 60}
    made: list[dict[str, Any]] = [
        {"kind": visit, "people_reached": 12, "travel_minutes": 30, "expenses_cents": 450, "result": "done"},
        {"kind": talk, "people_reached": 20, "people_reached_to": 30, "field": factories.make_field("verkehr"),
         "further_fields": ["bildung"], "day": dt.date(2022, 4, 30), "result": "promised"},
        {"kind": visit, "people_reached": None, "field": None, "minutes": 15, "result": "done",
         "further_fields": ["bildung", "wohnen"]},
    ]  # fmt: skip
    for values in made:
        factories.make_activity(people.kiv, people.town, **(common | values))
    factories.make_activity(people.stranger.mediator, people.other_town, kind=talk, people_reached=1)
    return people


def leonbergs(people: People) -> Any:
    return Activity.objects.filter(municipality=people.town)


def test_what_never_happened_is_nothing() -> None:
    assert asdict(WholeTotals()) == NONE
    assert asdict(MonthTotals()) == NONE | {"month": dt.date.min}
    assert asdict(FieldTotals()) == NONE | {
        "code": "",
        "name": "",
        "short": "",
        "articles": (),
        "also_touched": 0,
    }
    assert asdict(breakdown(Activity.objects.none(), COUNTY).totals()) == NONE
    assert totals(Activity.objects.none()) == Totals()


def test_all_together(spring: People) -> None:
    whole = WholeTotals(
        activities=3, minutes=135, travel_minutes=30, people_reached=32, people_not_counted=1,
        expenses_cents=450, people_ranges=1,
    )  # fmt: skip
    assert breakdown(leonbergs(spring), COUNTY).totals() == whole
    expected = Totals(activities=3, minutes=135, travel_minutes=30, people_reached=32, people_not_counted=1)
    assert totals(leonbergs(spring)) == expected
    everywhere = breakdown(Activity.objects.all(), COUNTY)
    assert everywhere.by_town()[spring.town.pk] == whole
    assert everywhere.by_town()[spring.other_town.pk].people_reached == 1
    assert totals_by_town(Activity.objects.all())[spring.town.pk] == expected
    assert everywhere.totals().activities == 4


def test_by_field_in_the_order_of_the_convention_with_querschnitt_last(spring: People) -> None:
    rows = totals_by_field(leonbergs(spring), COUNTY)
    told = [
        (row.code, row.short, row.activities, row.minutes, row.people_reached, row.also_touched)
        for row in rows
    ]
    assert told == [
        ("bildung", "Bi", 1, 60, 12, 2),
        ("arbeit", "Ar", 0, 0, 0, 0),
        ("wohnen", "Wo", 0, 0, 0, 1),
        ("verkehr", "Ve", 1, 60, 20, 0),
        ("gesundheit", "Ge", 0, 0, 0, 0),
        ("quer", "Qu", 1, 15, 0, 0),
    ]
    assert [(row.name, row.articles) for row in rows[3:]] == [
        ("Verkehr und Infrastruktur", (9, 20)),
        ("Gesundheit", (25, 26)),
        ("Querschnitt", ()),
    ]
    assert (rows[0].expenses_cents, rows[0].travel_minutes, rows[3].people_ranges) == (450, 30, 1)


def test_by_month_with_those_in_which_nothing_happened(spring: People) -> None:
    rows = breakdown(leonbergs(spring), COUNTY).by_month(START, END)
    assert [(row.month, row.activities, row.minutes) for row in rows] == [
        (dt.date(2022, 2, 1), 2, 75),
        (dt.date(2022, 3, 1), 0, 0),
        (dt.date(2022, 4, 1), 1, 60),
    ]


def test_kinds_the_most_frequent_first_then_as_the_county_lists_them(spring: People) -> None:
    def kinds(activities: Any) -> list[tuple[str, str, int]]:
        return [(row.code, row.name, row.activities) for row in breakdown(activities, COUNTY).by_kind()]

    assert kinds(leonbergs(spring)) == [("begehung", "Begehung", 2), ("beratung", "Beratung", 1)]
    assert kinds(Activity.objects.all()) == [("beratung", "Beratung", 2), ("begehung", "Begehung", 2)]


def test_results_in_the_order_of_their_choices_without_those_that_have_none(spring: People) -> None:
    rows = breakdown(Activity.objects.all(), COUNTY).by_result()
    assert [(row.code, row.name, row.activities, row.minutes) for row in rows] == [
        ("promised", "zugesagt", 1, 60),
        ("done", "umgesetzt", 2, 75),
    ]


def test_counts_by_town_and_field(spring: People) -> None:
    assert counts_by_town_and_field(Activity.objects.all(), programme_of([COUNTY]).fields) == {
        spring.town.pk: {"bildung": 1, "verkehr": 1, "quer": 1},
        spring.other_town.pk: {"bildung": 1},
    }
