"""What was frozen with any schema is read as a snapshot of the newest shape, and written back as it was."""

import copy
import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from reports.figures.snapshot import SNAPSHOT_SCHEMA, UPGRADES, Snapshot, read_snapshot, to_json
from reports.figures.typed_json import UnreadableJson, known_at
from tests.reports.content import snapshots

Json = dict[str, Any]
AS_OF: dict[int, Callable[[Json], Json]] = {
    1: snapshots.as_of_schema_1,
    2: lambda snapshot: snapshot,
    3: snapshots.as_of_schema_3,
    4: snapshots.as_of_schema_4,
    5: snapshots.as_of_schema_5,
    6: snapshots.as_of_schema_6,
    7: snapshots.as_of_schema_7,
}


def frozen(schema: int, make: Callable[[], Json] = snapshots.normal_year) -> Json:
    return AS_OF[schema](make())


@pytest.mark.parametrize("schema", AS_OF)
@pytest.mark.parametrize("make", snapshots.ALL.values())
def test_reading_and_writing_change_nothing(schema: int, make: Callable[[], Json]) -> None:
    data = frozen(schema, make)
    before = copy.deepcopy(data)
    snapshot = read_snapshot(data)
    assert data == before
    assert snapshot.schema == schema
    assert to_json(snapshot) == data
    assert read_snapshot(json.loads(json.dumps(to_json(snapshot)))) == snapshot


def test_every_schema_has_its_step() -> None:
    assert set(AS_OF) == set(range(1, SNAPSHOT_SCHEMA + 1))
    assert len(UPGRADES) == SNAPSHOT_SCHEMA - 1
    assert set(known_at(Snapshot, SNAPSHOT_SCHEMA)) == {field.name for field in fields(Snapshot)}


@pytest.mark.parametrize("schema", range(1, SNAPSHOT_SCHEMA))
def test_a_step_adds_what_the_next_schema_brought(schema: int) -> None:
    upgraded, newer = UPGRADES[schema - 1](frozen(schema)), frozen(schema + 1)
    assert set(upgraded) == set(newer)
    for group in ("totals", "paper", *(["concerns"] if schema > 1 else [])):
        assert set(upgraded[group]) == set(newer[group])
    for rows in ("fields", "months", "kinds", "results", "activities"):
        assert set(upgraded[rows][0]) == set(newer[rows][0])


def test_to_2_travel_and_expenses_were_not_asked_for_and_concerns_not_counted() -> None:
    snapshot = read_snapshot(frozen(1))
    for row in (
        snapshot.totals,
        *snapshot.fields,
        *snapshot.months,
        *snapshot.kinds,
        *snapshot.results,
    ):
        assert (row.travel_minutes, row.expenses_cents, row.people_ranges) == (None, None, 0)
    assert {activity.travel_minutes for activity in snapshot.activities} == {None}
    assert (snapshot.concerns.total, snapshot.concerns.outcomes, snapshot.concerns.public) == (0, (), ())
    assert snapshot.totals.minutes == 11_877


def test_to_3_there_was_one_committee_no_easy_text_and_no_address() -> None:
    snapshot = read_snapshot(frozen(2))
    assert (snapshot.paper.committee, snapshot.paper.consultations) == ("Gemeinderat", ())
    assert (snapshot.easy, snapshot.check_url) == (None, "")
    assert snapshot.totals.travel_minutes == 1_305


def test_to_4_there_were_no_photos() -> None:
    snapshot = read_snapshot(frozen(3))
    assert snapshot.photos == ()
    assert [step.committee for step in snapshot.paper.consultations] == ["Sozialausschuss", "Gemeinderat"]
    assert len(read_snapshot(frozen(4)).photos) == 3


@pytest.mark.parametrize(
    ("schema", "spoil", "message"),
    [
        (5, lambda data: data.pop("schema"), "schema is None, known are 1 to 7"),
        (6, lambda data: data.update(schema=8), "schema is 8, known are 1 to 7"),
        (6, lambda data: data.update(schema=7), "activity_list is missing"),
        (6, lambda data: data["concerns"].pop("confirmed"), r"concerns\.confirmed is missing"),
        (5, lambda data: data.pop("late"), "late is missing"),
        (4, lambda data: data.pop("photos"), "photos is missing"),
        (4, lambda data: data.update(photos=None), "photos is no list"),
        (4, lambda data: data["fields"][2].pop("minutes"), r"fields\[2\]\.minutes is missing"),
        (4, lambda data: data["photos"][1]["pictures"][0].pop("alt"), r"photos\[1\]\.pictures\[0\]\.alt is"),
        (4, lambda data: data["totals"].update(minutes="viel"), r"totals\.minutes is 'viel', not int"),
        (4, lambda data: data["totals"].update(minutes=True), r"totals\.minutes is True, not int"),
        (4, lambda data: data.update(easy=[]), "easy is no group"),
        (4, lambda data: data["concerns"]["fields"].update(verkehr=None), r"concerns\.fields\.verkehr is None"),
        (3, lambda data: data.pop("easy"), "easy is missing"),
        (2, lambda data: data.pop("paper"), "paper is missing"),
        (1, lambda data: data.pop("totals"), "totals is missing"),
        (1, lambda data: data.update(months={}), "months is no list of groups"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(
    schema: int, spoil: Callable[[Json], object], message: str
) -> None:
    data = frozen(schema)
    spoil(data)
    with pytest.raises(UnreadableJson, match=f"^Snapshot: {message}"):
        read_snapshot(data)


@pytest.mark.parametrize("data", [None, [], "{}", {}])
def test_what_is_no_snapshot_at_all_is_named(data: object) -> None:
    with pytest.raises(UnreadableJson, match=r"^Snapshot: "):
        read_snapshot(data)
