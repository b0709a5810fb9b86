"""Totals of activities and concerns, and that the covering index answers alone."""

import datetime as dt

import pytest
from django.db import connection

from activities.concerns.queries import concern_totals
from activities.figures.totals import SUMS, breakdown, totals
from activities.models import Activity, Concern
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
START, END = factories.START, factories.END
DAY = dt.timedelta(days=1)


def test_ranges_count_with_their_lower_end(people: People) -> None:
    factories.make_activity(
        people.kiv, people.town, people_reached=20, people_reached_to=30, travel_minutes=25
    )
    factories.make_activity(people.kiv, people.town, people_reached=5, expenses_cents=1250)
    factories.make_activity(people.kiv, people.town, people_reached=None, minutes=10)
    activities = Activity.objects.all()
    whole = breakdown(activities, people.town.county_id).totals()
    assert (whole.people_reached, whole.people_ranges, whole.people_not_counted) == (25, 1, 1)
    assert (whole.minutes, whole.travel_minutes, whole.expenses_cents) == (190, 25, 1250)
    covered = totals(activities)
    assert all(
        getattr(covered, name.removeprefix("sum_")) == getattr(whole, name.removeprefix("sum_"))
        for name in SUMS
    )


def test_the_covering_index_answers_alone(people: People) -> None:
    with (
        connection.cursor() as cursor
    ):  # what other tests have left on the disk would tell the planner another story
        cursor.execute("TRUNCATE activities_activity CASCADE")
    for number in range(400):
        factories.make_activity(people.kiv, people.town, day=START + number % 360 * DAY, minutes=3)
    chosen = Activity.objects.filter(municipality=people.town).in_period(START, START + 20 * DAY).order_by()
    query = chosen.values("municipality_id").annotate(**SUMS).query
    sql, params = query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activities_activity")
        for way in ("seqscan", "bitmapscan"):  # so small a table would be read whole
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using activity_totals" in plan


def concern(people: People, reported_on: dt.date, *steps: tuple[str, dt.date], **values: object) -> Concern:
    made = factories.make_concern(people.town, reported_on=reported_on, **values)
    for state, day in steps:
        factories.make_step(made, state, day)
    return made


def counted(people: People) -> dict[str, int]:
    found = concern_totals(Concern.objects.filter(municipality=people.town), START, END)
    return {code: number for code, number in found.outcomes().items() if number} | {
        "reported": found.reported
    }


@pytest.mark.parametrize(
    ("reported_on", "steps", "expected"),
    [
        (START, (), {"open": 1, "reported": 1}),
        (START - DAY, (), {"open": 1, "reported": 0}),
        (END + DAY, (), {"reported": 0}),
        (START, (("checking", END),), {"open": 1, "reported": 1}),
        (START, (("checking", START), ("promised", END)), {"promised": 1, "reported": 1}),
        # what happens on the day after the period belongs to the next report
        (START, (("checking", START), ("done", END + DAY)), {"open": 1, "reported": 1}),
        (START, (("refused", START + DAY),), {"refused": 1, "reported": 1}),
        (START, (("passed_on", START + DAY),), {"passed_on": 1, "reported": 1}),
        # withdrawn before anybody had looked at it: nobody's work; later it is one of those
        (START, (("withdrawn", START + DAY),), {"reported": 0}),
        (START, (("withdrawn", END + DAY),), {"open": 1, "reported": 1}),
        (START, (("checking", START), ("withdrawn", END)), {"withdrawn": 1, "reported": 1}),
        (
            START,
            (("checking", START), ("withdrawn", START + DAY), ("checking", END)),
            {"open": 1, "reported": 1},
        ),
        # done with before the period: no longer at work
        (START - 9 * DAY, (("checking", START - 8 * DAY), ("done", START - DAY)), {"reported": 0}),
        (START - 9 * DAY, (("checking", START - 8 * DAY), ("done", START)), {"done": 1, "reported": 0}),
        # taken up again within it
        (START - 9 * DAY, (("refused", START - 8 * DAY), ("checking", END)), {"open": 1, "reported": 0}),
    ],
)
def test_a_concern_counts_where_its_steps_had_brought_it(
    people: People, reported_on: dt.date, steps: tuple, expected: dict[str, int]
) -> None:
    concern(people, reported_on, *steps)
    assert counted(people) == expected


def test_concerns_add_up_by_field_place_and_town(people: People) -> None:
    factories.make_field("verkehr")
    concern(people, START, place="Eltingen", field="verkehr")
    concern(people, START, ("refused", END), place="Eltingen")
    concern(people, START, place="")
    other = factories.make_concern(people.other_town, reported_on=START, place="Eltingen")
    found = concern_totals(Concern.objects.all(), START, END)
    assert found.total == 4
    assert found.by_field() == {"verkehr": 1, "quer": 3}
    places = {
        place: {code: n for code, n in numbers.items() if n} for place, numbers in found.by_place().items()
    }
    assert places == {"Eltingen": {"open": 2, "refused": 1}, "": {"open": 1}}
    assert list(places) == ["Eltingen", ""]
    assert found.of_town(other.municipality_id).total == 1
