"""Fewer than five people are nowhere to be read off what is handed out: by field, as a total, as a difference."""

from __future__ import annotations

import json

import pytest

from kiv_portal.documents import german
from reports.content import open_data, tables
from reports.content.chapters import fields_table
from reports.figures.snapshot import Snapshot, read_snapshot
from tests.reports.content import snapshots

SMALL = f"unter{german.NBSP}5"


def with_people(*numbers: int, ranges: int = 0) -> Snapshot:
    snapshot = snapshots.normal_year()
    for field, number in zip(snapshot["fields"], numbers, strict=True):
        field["people_reached"] = number
    snapshot["totals"] |= {"people_reached": sum(numbers), "people_ranges": ranges}
    return read_snapshot(snapshot)


@pytest.mark.parametrize(("people", "shown"), [(0, "0"), (1, SMALL), (4, SMALL), (5, "5"), (1246, "1.246")])
def test_a_field_shows_five_or_more(people: int, shown: str) -> None:
    table = fields_table(with_people(people, 10, 10, 10, 10, 10))
    assert [row["people"] for row in table["fields"]] == [shown, *["10"] * 5]


@pytest.mark.parametrize(
    ("people", "cell"), [(0, "0"), (1, "unter 5"), (4, "unter 5"), (5, "5"), (1246, "1246")]
)
def test_a_file_shows_five_or_more(people: int, cell: str) -> None:
    rows = tables.figures_csv(with_people(people, 10, 10, 10, 10, 10)).decode("utf-8-sig").splitlines()
    cells = [row.split(";") for row in rows]
    assert [row[4] for row in cells if row[0] == "Handlungsfeld"] == [cell, *["10"] * 5]
    assert {row[4] for row in cells if row[0] in ("Monat", "Art", "Ergebnis")} == {""}


@pytest.mark.parametrize(("people", "value"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_open_data_knows_five_or_more(people: int, value: int | None) -> None:
    data = json.loads(tables.to_json(open_data.published(with_people(people, 10, 10, 10, 10, 10))))
    assert [field["people_reached"] for field in data["fields"]] == [value, *[10] * 5]
    hidden = value is None
    assert data["totals"]["people_reached"] == (None if hidden else 50 + people)
    assert data["totals"].get("people_reached_at_least") == (50 if hidden else None)
    for part in ("months", "kinds", "results", "activities"):
        assert not any("people_reached" in row for row in data[part])


@pytest.mark.parametrize(
    ("numbers", "ranges", "total"),
    [
        ((10, 10, 10, 10, 10, 10), 0, "60"),
        ((10, 10, 10, 10, 10, 10), 1, "mindestens 60"),
        ((10, 10, 10, 10, 10, 4), 0, "mindestens 50"),  # 54 would tell the four
        ((4, 4, 0, 0, 0, 0), 0, "mindestens 5"),
        ((4, 0, 0, 0, 0, 0), 0, "unter 5"),
        ((0, 0, 0, 0, 0, 0), 0, "0"),
        ((0, 0, 0, 0, 0, 5), 0, "5"),
    ],
)
def test_the_total_tells_no_hidden_field(numbers: tuple[int, ...], ranges: int, total: str) -> None:
    snapshot = with_people(*numbers, ranges=ranges)
    assert tables.people_total(snapshot).replace(german.NBSP, " ") == total
    notes = " ".join(fields_table(snapshot)["fields_notes"])
    assert ("weniger als fünf Personen" in notes) == any(0 < number < 5 for number in numbers)


def test_a_group_that_checked_a_text_is_not_counted_out_below_five() -> None:
    snapshot = snapshots.as_of_schema_3(snapshots.normal_year())
    for persons, shown in ((4, None), (5, 5)):
        snapshot["easy"]["check"]["persons"] = persons
        assert open_data.published(read_snapshot(snapshot))["easy"]["check"]["persons"] == shown
