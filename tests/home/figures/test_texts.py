"""The figures pages' German: every number with its noun, every comparison, every row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from activities.concerns.queries import ConcernPart, ConcernTotals
from activities.figures.totals import Breakdown, Totals
from home.figures import queries, texts
from home.figures.queries import Figures, figures_of
from kiv_portal.documents import german
from kiv_portal.periods import Period
from municipalities.models import CooperationAgreement, Municipality
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

YEAR = Period(factories.START, factories.END)
LATER = dt.date(2026, 11, 28)


def plain(value: Any) -> Any:
    """With ordinary spaces."""
    if isinstance(value, str):
        return value.replace("\u00a0", " ")
    if isinstance(value, list | tuple):
        return type(value)(plain(one) for one in value)
    return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def sums(**values: int) -> dict[str, int]:
    names = (
        *("activities", "minutes", "travel_minutes", "people_reached"),
        *("people_not_counted", "expenses_cents", "people_ranges"),
    )
    return {f"sum_{name}": values.get(name, 0) for name in names}


@pytest.fixture
def bildung(people: People) -> int:
    return factories.make_field().pk


def figures(bildung: int, before: Totals | None = None, **values: int) -> Figures:
    """All of it in one town and one field."""
    row = sums(**values)
    groups: dict[str, list[tuple[Any, dict[str, Any]]]] = {
        "town": [(1, row)],
        "field": [(bildung, row)],
        "further_fields": [],
        "month": [],
        "kind": [],
        "result": [],
    }
    return Figures(
        period=YEAR,
        parts=Breakdown(groups, "08115"),
        concerns=ConcernTotals([]),
        before=before,
        towns_before={},
        before_is_a_year_ago=True,
        is_running=False,
    )


def context(found: Figures, *, is_inside: bool = True, names_places: bool = True) -> dict[str, Any]:
    return plain(texts.figures_context(found, is_inside=is_inside, names_places=names_places))


def heads(found: Figures, **how: bool) -> list[tuple[str, str]]:
    return context(found, **how)["heads"]


# --- the large numbers


def test_ones_and_many(bildung: int) -> None:
    assert heads(figures(bildung)) == []
    assert heads(figures(bildung, activities=1, minutes=60, people_reached=1)) == [
        ("1", "Aktivität"),
        ("1", "Stunde Einsatz"),
        ("1", "Person erreicht"),
    ]
    assert heads(figures(bildung, activities=1234, minutes=90, people_reached=20, people_ranges=1)) == [
        ("1.234", "Aktivitäten"),
        ("2", "Stunden Einsatz"),
        ("20", "Personen mindestens erreicht"),
    ]


def test_more_less_and_as_many_as_before(bildung: int) -> None:
    before = Totals(activities=3, minutes=120, people_reached=2000)
    found = figures(bildung, before, activities=12, minutes=89, people_reached=10)
    assert heads(found) == [
        ("12", "Aktivitäten, 9 mehr als im Jahr davor"),
        ("1", "Stunde Einsatz, 1 weniger als im Jahr davor"),
        ("10", "Personen erreicht, 1.990 weniger als im Jahr davor"),
    ]
    assert context(found)["before_title"] == "Im Jahr davor"
    running = replace(found, is_running=True)
    assert heads(running)[0] == ("12", "Aktivitäten, 9 mehr als im Jahr davor bis zum gleichen Tag")
    assert context(running)["before_title"] == "Im Jahr davor bis zum gleichen Tag"
    for is_running in (False, True):
        other = replace(found, before_is_a_year_ago=False, is_running=is_running)
        assert heads(other)[0] == ("12", "Aktivitäten, 9 mehr als im gleich langen Zeitraum davor")
        assert context(other)["before_title"] == "Zeitraum davor"
    same = figures(bildung, Totals(activities=3, minutes=120), activities=3, minutes=120)
    assert heads(same)[0] == ("3", "Aktivitäten, so viele wie im Jahr davor")
    assert heads(figures(bildung, Totals(activities=1)))[0] == (
        "0",
        "Aktivitäten, 1 weniger als im Jahr davor",
    )
    assert heads(figures(bildung, Totals())) == []


def test_neighbours_read_no_number_of_people_from_before_and_none_that_is_small(bildung: int) -> None:
    before = Totals(activities=3, people_reached=20)
    found = figures(bildung, before, activities=2, people_reached=3)
    assert heads(found, is_inside=False)[2] == ("unter 5", "Personen erreicht")
    assert heads(found)[2] == ("3", "Personen erreicht, 17 weniger als im Jahr davor")
    assert context(found, is_inside=False)["fields"][0]["people"] == "unter 5"
    assert context(found)["fields"][0]["people"] == "3"


def part(outcome: str, number: int, place: str = "", field: str = "quer", town: int = 1) -> ConcernPart:
    return ConcernPart(town, outcome, field, place, is_new=True, is_confirmed=False, number=number)


@pytest.mark.parametrize(
    ("parts", "head"),
    [
        ([part("open", 2)], ("0", "von 2 Anliegen sind umgesetzt")),
        ([part("done", 1), part("open", 1)], ("1", "von 2 Anliegen ist umgesetzt")),
        ([part("done", 1000)], ("1.000", "von 1.000 Anliegen sind umgesetzt")),
    ],
)
def test_how_many_concerns_are_done(bildung: int, parts: list[ConcernPart], head: tuple[str, str]) -> None:
    found = replace(figures(bildung), concerns=ConcernTotals(parts))
    assert heads(found)[-1] == head
    assert len(heads(found)) == 4


# --- notes


@pytest.mark.parametrize(
    ("values", "is_inside", "notes"),
    [
        ({}, True, []),
        (
            {"activities": 3, "people_ranges": 1, "people_not_counted": 2, "people_reached": 3},
            True,
            [
                "Bei 1 Aktivität ist eine Spanne angegeben."
                " Es waren mindestens so viele Personen wie hier gezählt.",
                "Bei 2 Aktivitäten hat niemand gezählt, wie viele Personen erreicht wurden.",
            ],
        ),
        (
            {"activities": 3, "people_ranges": 2, "people_not_counted": 1, "people_reached": 4},
            False,
            [
                "Bei 2 Aktivitäten ist eine Spanne angegeben."
                " Es waren mindestens so viele Personen wie hier gezählt.",
                "Bei 1 Aktivität hat niemand gezählt, wie viele Personen erreicht wurden.",
                "Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist.",
            ],
        ),
        ({"activities": 3, "people_reached": 5}, False, []),
    ],
)
def test_what_the_numbers_do_not_say(
    bildung: int, values: dict[str, int], is_inside: bool, notes: list[str]
) -> None:
    assert context(figures(bildung, **values), is_inside=is_inside)["notes"] == notes


# --- tables


@pytest.fixture
def lived(people: People) -> Figures:
    verkehr = factories.make_field("verkehr")
    beratung = factories.make_kind("beratung", "Beratung", 2)
    kiv, town = people.kiv, people.town
    for values in (
        {"people_reached": 12, "travel_minutes": 30, "expenses_cents": 450, "minutes": 60},
        {"people_reached": 8, "people_reached_to": 9, "kind": beratung, "result": "done"},
        {"field": verkehr, "people_reached": 3, "day": dt.date(2022, 9, 30)},
        {"field": None, "people_reached": None, "kind": beratung, "day": dt.date(2021, 10, 1)},
        {"day": dt.date(2020, 10, 1)},
    ):
        if values.get("day") == dt.date(2020, 10, 1):
            kiv.appointments.update(starts_on=dt.date(2020, 1, 1))
        factories.make_activity(kiv, town, **values)
    for place, state in (("Markt", "done"), ("Markt", "refused"), ("", "checking"), ("amt", "checking")):
        concern = factories.make_concern(town, place=place, field=verkehr)
        factories.make_step(concern, "checking", dt.date(2022, 4, 1))
        if state != "checking":
            factories.make_step(concern, state, dt.date(2022, 5, 1))
    towns = Municipality.objects.filter(county="08115")
    return figures_of(towns, YEAR, queries.agreements_of(towns), county="08115", today=LATER)


COLUMNS = ("name", "activities", "bar", "hours", "travel", "expenses")


def rows(found: list[dict[str, Any]], *more: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in (*COLUMNS, *more)) for row in found]


def test_every_row_of_every_table(lived: Figures) -> None:
    found = context(lived)
    assert rows(found["fields"], "people", "concerns") == [
        ("Bildung und Schule", "2", 100, "2,5", "0,5", "4,50 Euro", "20", "0"),
        ("Verkehr und Infrastruktur", "1", 50, "1,5", "0,0", "0 Euro", "3", "4"),
        ("Querschnitt", "1", 50, "1,5", "0,0", "0 Euro", "0", "0"),
    ]
    assert rows([found["sum"]], "people") == [
        ("", "4", 100, "5,5", "0,5", "4,50 Euro", "mindestens 23"),
    ]
    months = [(row["name"], row["activities"], row["bar"]) for row in found["months"]]
    assert months[:2] == [("Oktober 2021", "1", 50), ("November 2021", "0", 0)]
    assert [month for month in months if month[2]] == [
        *(("Oktober 2021", "1", 50), ("März 2022", "2", 100), ("September 2022", "1", 50)),
    ]
    assert len(months) == 12
    assert [(row["name"], row["activities"]) for row in found["kinds"]] == [
        ("Begehung", "2"),
        ("Beratung", "2"),
    ]
    assert [(row["name"], row["activities"]) for row in found["results"]] == [("umgesetzt", "1")]
    assert found["total"] == lived.parts.totals()


def test_concerns_by_outcome_and_place(lived: Figures) -> None:
    found = context(lived)["concerns"]
    assert (found["total"], found["reported"]) == (4, 4)
    assert found["outcomes"] == [
        {"code": "done", "name": "umgesetzt", "number": "1", "bar": 50},
        {"code": "promised", "name": "zugesagt", "number": "0", "bar": 0},
        {"code": "open", "name": "offen", "number": "2", "bar": 100},
        {"code": "passed_on", "name": "weitergegeben", "number": "0", "bar": 0},
        {"code": "refused", "name": "abgelehnt", "number": "1", "bar": 50},
    ]
    assert found["columns"] == ["umgesetzt", "zugesagt", "offen", "weitergegeben", "abgelehnt"]
    cells = {place["name"]: [number for _, number in place["cells"]] for place in found["places"]}
    assert list(cells.items()) == [
        ("amt", [0, 0, 1, 0, 0]),
        ("Markt", [1, 0, 0, 0, 1]),
        ("ohne festen Ort", [0, 0, 1, 0, 0]),
    ]
    assert [name for name, _ in found["places"][0]["cells"]] == found["columns"]
    assert context(lived, names_places=False)["concerns"]["places"] == []
    assert context(replace(lived, concerns=ConcernTotals([])))["concerns"] is None


def test_withdrawn_concerns_have_a_column_where_there_is_one(lived: Figures) -> None:
    parts = ConcernTotals([part("withdrawn", 1, "Markt"), part("done", 2, town=2)])
    found = context(replace(lived, concerns=parts))["concerns"]
    assert found["columns"][-1] == "zurückgezogen"
    assert all([name for name, _ in place["cells"]] == found["columns"] for place in found["places"])
    assert parts.of_town(2).outcomes()["withdrawn"] == 0


@pytest.mark.parametrize(
    ("number", "inside", "outside"),
    [
        (0, "", ""),
        (1, "1 umgesetztes ist", "unter 5 umgesetzte sind"),
        (4, "4 umgesetzte sind", "unter 5 umgesetzte sind"),
        (5, "5 umgesetzte sind", "5 umgesetzte sind"),
    ],
)
def test_how_many_were_confirmed_and_not_to_neighbours_if_few(
    lived: Figures, number: int, inside: str, outside: str
) -> None:
    confirmed = [replace(part("done", number), is_confirmed=True)] if number else []
    numbers = replace(lived, concerns=ConcernTotals([part("done", 3), *confirmed]))
    for is_inside, begin in ((True, inside), (False, outside)):
        text = context(numbers, is_inside=is_inside)["concerns"]["confirmed"].replace(german.NBSP, " ")
        assert text == (f"{begin} von Meldenden bestätigt: Es ist gut so." if begin else "")


def test_towns_side_by_side(lived: Figures, people: People) -> None:
    found = plain(texts.town_rows(lived, iter([people.other_town, people.town])))
    more = ("town", "people", "before", "concerns", "done")
    assert rows(found, *more) == [
        ("", "0", 0, "0,0", "0,0", "0 Euro", people.other_town, "0", "–", "0", "0"),
        ("", "4", 100, "5,5", "0,5", "4,50 Euro", people.town, "mindestens 23", "1", "4", "1"),
    ]


# --- what is read for it


def test_compared_only_where_a_town_took_part_all_the_time_or_something_was_done(people: People) -> None:
    towns = Municipality.objects.filter(pk=people.other_town.pk)

    def before(**term: dt.date | None) -> Totals | None:
        people.other_town.agreements.update(**term)
        return figures_of(towns, YEAR, queries.agreements_of(towns), county="08115", today=LATER).before

    year_before = {"starts_on": dt.date(2020, 10, 1), "ends_on": dt.date(2021, 9, 30)}
    assert before(**year_before) == Totals()
    assert before(**year_before | {"starts_on": dt.date(2020, 10, 2)}) is None
    assert before(**year_before | {"ends_on": dt.date(2021, 9, 29)}) is None
    people.stranger.mediator.appointments.update(starts_on=dt.date(2020, 1, 1))
    values = {"minutes": 30, "travel_minutes": 5, "people_reached": 7, "day": dt.date(2021, 9, 30)}
    factories.make_activity(people.stranger.mediator, people.other_town, **values)
    factories.make_activity(
        people.stranger.mediator,
        people.other_town,
        **values | {"people_reached": None, "day": dt.date(2020, 10, 1)},
    )
    assert before() == Totals(
        activities=2, minutes=60, travel_minutes=10, people_reached=7, people_not_counted=1
    )


def test_agreements_by_town_and_time(people: People, django_assert_num_queries: Any) -> None:
    later = factories.make_agreement(factories.make_town("Aidlingen", "08115001"), starts_on=LATER)
    earlier = factories.make_agreement(later.municipality, starts_on=factories.START, ends_on=factories.END)
    towns = Municipality.objects.filter(county="08115")
    with django_assert_num_queries(1):
        found = queries.agreements_of(towns)
        names = [agreement.municipality.name for agreement in found]
    assert names == ["Aidlingen", "Aidlingen", "Herrenberg", "Leonberg"]
    assert found[:2] == [earlier, later]


def test_whose_figures_one_sees(people: People) -> None:
    factories.make_town("Nufringen", "08115037")

    def seen(name: str) -> list[tuple[str, bool, bool]]:
        rows = queries.towns_with_figures_for(getattr(people, name)).order_by("name")
        return [(row.name, row.is_inside, row.can_open) for row in rows]

    assert seen("coordinator") == [(name, True, True) for name in ("Herrenberg", "Leonberg", "Nufringen")]
    assert seen("contact") == [
        ("Herrenberg", False, False),
        ("Leonberg", True, True),
        ("Nufringen", False, False),
    ]
    assert seen("mediator")[1] == ("Leonberg", True, False)
    assert seen("other_county") == [("Calw", True, True)]
    assert seen("councillor") == seen("newcomer") == []


def test_which_periods_are_offered() -> None:
    begun = CooperationAgreement(starts_on=dt.date(2025, 4, 1))
    found = queries.offered_periods([YEAR], [begun], dt.date(2026, 11, 28))
    assert found == [
        ("Letzte zwölf Monate", Period(dt.date(2025, 12, 1), dt.date(2026, 11, 28))),
        ("Bericht 01.10.2021 bis 30.09.2022", YEAR),
        ("Jahr 2026", Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))),
        ("Jahr 2025", Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))),
    ]
