"""What the start pages read over all floors, row by row."""

from __future__ import annotations

import datetime as dt

import pytest

from home import queries
from kiv_portal.periods import Period
from municipalities.models import Municipality
from reports.models import InterimReport
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

YEAR = Period(factories.START, factories.END)
TODAY = dt.date(2022, 11, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture
def aidlingen(people: People) -> Municipality:
    """Made last, first by its name."""
    return factories.make_town("Aidlingen", "08115001")


def test_counties_by_name_with_their_towns_of_today(people: People, aidlingen: Municipality) -> None:
    factories.make_agreement(aidlingen, ends_on=TODAY - DAY)
    factories.make_agreement(factories.make_town("Ahrweiler", "07131007"), starts_on=TODAY + DAY)
    found = queries.counties_taking_part(TODAY)
    assert [(county.key, county.towns) for county in found] == [("08235", 1), ("08115", 2)]
    assert [county.key for county in queries.counties_taking_part(TODAY + DAY)] == ["07131", "08235", "08115"]


def test_the_county_that_was_here_first_is_responsible(people: People) -> None:
    factories.make_county("01001", "Ahrensburg")
    responsible = queries.responsible_county()
    assert responsible is not None
    assert responsible.key == "08115"


def test_towns_that_take_part_by_name_and_which_are_vacant(people: People, aidlingen: Municipality) -> None:
    factories.make_agreement(aidlingen)
    factories.make_mediator(people.former, aidlingen, ends_on=TODAY - DAY)
    factories.make_agreement(factories.make_town("Ehningen", "08115002"), ends_on=TODAY - DAY)
    found = queries.towns_taking_part(people.town.county, TODAY)
    assert [(line.town.name, line.is_vacant) for line in found] == [
        ("Aidlingen", True),
        ("Herrenberg", False),
        ("Leonberg", False),
    ]


def report_of(town: Municipality, first_year: int, state: str = "draft") -> InterimReport:
    start, end = dt.date(first_year, 10, 1), dt.date(first_year + 1, 9, 30)
    begun = state if state in ("planned", "draft") else "draft"
    report = factories.make_report(
        town, period_start=start, period_end=end, due_on=end + 31 * DAY, state=begun
    )
    return report if state == begun else factories.take_to(report, state)


def test_periods_the_newest_first_with_how_many_report_about_them(
    people: People, aidlingen: Municipality
) -> None:
    for town, year in (
        *((people.town, 2022), (people.town, 2020), (people.town, 2021)),
        *((people.other_town, 2021), (aidlingen, 2021), (Municipality.objects.get(slug="calw"), 2021)),
    ):
        report_of(town, year)
    short = factories.make_report(
        people.other_town, period_start=dt.date(2022, 11, 1), period_end=dt.date(2023, 9, 30)
    )
    found = queries.report_periods(Municipality.objects.of_staff(people.coordinator))
    years = {year: Period(dt.date(year, 10, 1), dt.date(year + 1, 9, 30)) for year in (2020, 2021, 2022)}
    assert list(found.items()) == [
        (Period(short.period_start, short.period_end), 1),
        (years[2022], 1),
        (years[2021], 3),
        (years[2020], 1),
    ]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        ("2020-09-30", 2021),  # none runs: what most towns report about
        ("2020-10-01", 2020),
        ("2021-09-30", 2020),
        ("2022-10-01", 2022),
        ("2023-09-30", 2022),
        ("2023-10-01", 2021),
    ],
)
def test_the_period_that_runs_comes_first(today: str, shown: int) -> None:
    numbers = {2022: 1, 2021: 3, 2020: 3}
    periods = {Period(dt.date(y, 10, 1), dt.date(y + 1, 9, 30)): number for y, number in numbers.items()}
    assert queries.current_period(periods, dt.date.fromisoformat(today)).start.year == shown


def test_without_reports_the_last_twelve_months_come_first() -> None:
    assert queries.current_period({}, TODAY) == Period(dt.date(2021, 12, 1), TODAY)


def test_what_a_person_does_in_a_town_today_or_will_do(people: People) -> None:
    stranger = people.stranger
    found = queries.roles_of(people.other_town, stranger.pk, TODAY)
    assert found == [
        stranger.mediator.appointments.get(),
        stranger.contact_roles.get(),
        stranger.council_roles.get(),
    ]
    assert queries.roles_of(people.town, stranger.pk, TODAY) == []
    assert queries.roles_of(people.town, people.former.pk, factories.END + DAY) == []
    assert len(queries.roles_of(people.town, people.former.pk, factories.END)) == 2
    coming = factories.make_contact(people.newcomer, people.town, starts_on=TODAY + DAY)
    assert queries.roles_of(people.town, people.newcomer.pk, TODAY) == [coming]
