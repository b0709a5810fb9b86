"""A page of a list by itself: which rows, which numbers, and the addresses of its neighbours."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from reports.oparl.lists import WrongQuestion, listed

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HERE = "https://kiv.example/oparl/paper"


def row(number: int, **values: Any) -> SimpleNamespace:
    return SimpleNamespace(**({"number": number, "created": NOON, "modified": NOON} | values))


def shape(one: SimpleNamespace) -> dict[str, Any]:
    names = {"id": one.number, "type": "Paper", "created": "c", "modified": "m"}
    return names | {"name": f"Nr. {one.number}", "mainFile": {"id": 1}, "auxiliaryFile": [{"id": 2}]}


def ask(rows: list[SimpleNamespace], **query: str) -> dict[str, Any]:
    return listed(rows, shape, query, HERE)


def numbers(rows: list[SimpleNamespace], **query: str) -> list[int]:
    return [one["id"] for one in ask(rows, **query)["data"]]


MANY = [row(number) for number in range(1, 102)]


@pytest.mark.parametrize(
    ("page", "ids", "links"),
    [
        (
            "1",
            (1, 50),
            {"first": HERE, "self": HERE, "next": f"{HERE}?page=2", "last": f"{HERE}?page=3"},
        ),
        (
            "2",
            (51, 100),
            {
                "first": HERE,
                "prev": HERE,
                "self": f"{HERE}?page=2",
                "next": f"{HERE}?page=3",
                "last": f"{HERE}?page=3",
            },
        ),
        (
            "3",
            (101, 101),
            {
                "first": HERE,
                "prev": f"{HERE}?page=2",
                "self": f"{HERE}?page=3",
                "last": f"{HERE}?page=3",
            },
        ),
    ],
)
def test_pages_and_their_neighbours(page: str, ids: tuple[int, int], links: dict[str, str]) -> None:
    found = ask(MANY, page=page)
    assert [one["id"] for one in found["data"]] == list(range(ids[0], ids[1] + 1))
    assert found["pagination"] == {
        "totalElements": 101,
        "elementsPerPage": 50,
        "currentPage": int(page),
        "totalPages": 3,
    }
    assert found["links"] == links


def test_without_a_page_it_is_the_first() -> None:
    assert ask(MANY) == ask(MANY, page="1")
    nothing = ask([])
    assert nothing["pagination"] == {
        "totalElements": 0,
        "elementsPerPage": 50,
        "currentPage": 1,
        "totalPages": 1,
    }
    assert nothing["links"] == {"first": HERE, "self": HERE, "last": HERE}


def test_the_addresses_keep_what_was_asked_for_and_nothing_else() -> None:
    query = {
        "modified_until": "2027-01-01T00:00:00Z",
        "created_since": "2026-01-01T00:00:00Z",
        "created_until": "2027-01-01T00:00:00Z",
        "modified_since": "2026-01-01T00:00:00Z",
        "omit_internal": "true",
    }
    kept = (
        "created_since=2026-01-01T00%3A00%3A00Z&created_until=2027-01-01T00%3A00%3A00Z"
        "&modified_since=2026-01-01T00%3A00%3A00Z&modified_until=2027-01-01T00%3A00%3A00Z&omit_internal=true"
    )
    found = ask(MANY, limit="9", page="2", **query)
    assert found["links"] == {
        "first": f"{HERE}?{kept}",
        "prev": f"{HERE}?{kept}",
        "self": f"{HERE}?{kept}&page=2",
        "next": f"{HERE}?{kept}&page=3",
        "last": f"{HERE}?{kept}&page=3",
    }


def test_embedded_objects_are_there_until_somebody_leaves_them_out() -> None:
    whole = {
        "id": 1,
        "type": "Paper",
        "created": "c",
        "modified": "m",
        "name": "Nr. 1",
        "mainFile": {"id": 1},
        "auxiliaryFile": [{"id": 2}],
    }
    assert ask([row(1)])["data"] == ask([row(1)], omit_internal="false")["data"] == [whole]
    assert ask([row(1)], omit_internal="true")["data"] == [
        {name: value for name, value in whole.items() if not name.endswith("File")}
    ]


@pytest.mark.parametrize("name", ["created", "modified"])
def test_both_ends_count_to_the_whole_second(name: str) -> None:
    half = dt.timedelta(milliseconds=500)
    rows = [row(n, **{name: NOON + n * half}) for n in range(-2, 4)]
    noon = "2026-11-24T13:00:00+01:00"
    assert numbers(rows, **{f"{name}_since": noon}) == [0, 1, 2, 3]
    assert numbers(rows, **{f"{name}_until": noon}) == [-2, -1, 0, 1]
    assert numbers(rows, **{f"{name}_since": noon, f"{name}_until": noon}) == [0, 1]


def test_what_is_gone_is_told_only_to_those_who_ask_for_changes() -> None:
    rows = [row(1), row(2, deleted_at=NOON), row(3, deleted_at=None)]
    assert numbers(rows) == numbers(rows, created_since="2026-01-01T00:00:00Z") == [1, 3]
    assert numbers(rows, modified_until="2027-01-01T00:00:00Z") == [1, 3]
    told = ask(rows, modified_since="2026-01-01T00:00:00Z")["data"]
    assert [one["id"] for one in told] == [1, 2, 3]
    assert told[1] == {"id": 2, "type": "Paper", "created": "c", "modified": "m", "deleted": True}
    assert numbers(rows, modified_since="2026-11-24T12:00:01Z") == []


def test_the_last_second_of_all_and_moments_without_an_offset_are_refused() -> None:
    for wrong in ("2026-11-24T12:00:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "x"):
        with pytest.raises(WrongQuestion) as refused:
            ask([row(1)], modified_until=wrong)
        assert str(refused.value) == (
            "modified_until: Bitte einen Zeitpunkt mit Abstand zur Weltzeit angeben, "
            "zum Beispiel 2026-11-24T08:00:00+01:00."
        )
    assert numbers([row(1)], modified_until="9999-12-31T23:59:58Z") == [1]
    assert numbers([row(1)], modified_since="2026-11-24T13:00:00 01:00") == [1]
    with pytest.raises(WrongQuestion, match=r"^page: Diese Seite gibt es nicht\.$"):
        ask(MANY, page="4")
