"""A county's snapshot is read as a type and written back as it was."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reports.county.snapshot import county_to_json, read_county_snapshot
from reports.figures.typed_json import UnreadableJson
from tests.reports.county.content import county_snapshots


@pytest.mark.parametrize("make", county_snapshots.ALL.values())
def test_reading_and_writing_change_nothing(make: Callable[[], dict[str, Any]]) -> None:
    snapshot = read_county_snapshot(make())
    assert county_to_json(snapshot) == make()
    assert read_county_snapshot(json.loads(json.dumps(county_to_json(snapshot)))) == snapshot


def test_what_is_missing_is_named() -> None:
    data = county_snapshots.ten_towns()
    del data["towns"][3]["outcomes"]
    with pytest.raises(UnreadableJson, match=r"^County's snapshot: towns\[3\]\.outcomes is missing$"):
        read_county_snapshot(data)
    for wrong in ({}, [], county_snapshots.ten_towns() | {"schema": 2}):
        with pytest.raises(UnreadableJson, match=r"^County's snapshot: schema is"):
            read_county_snapshot(wrong)
