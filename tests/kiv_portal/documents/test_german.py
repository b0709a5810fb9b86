"""Rows of a table add up to what stands below them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.documents import german


def tenths(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [
        ([], []),
        ([0], ["0,0"]),
        ([90, 90, 90], ["1,5", "1,5", "1,5"]),
        ([20, 20, 20], ["0,4", "0,3", "0,3"]),  # each alone is 0,3, together one hour
        ([27, 27], ["0,5", "0,4"]),  # each alone is 0,5
        ([74700, 9], ["1.245,0", "0,2"]),
    ],
)
def test_hours_of_rows(minutes: list[int], hours: list[str]) -> None:
    assert german.hours_of_rows(minutes) == hours


@given(st.lists(st.integers(0, 200_000), max_size=40))
def test_hours_of_rows_add_up_and_none_is_off_by_a_tenth(minutes: list[int]) -> None:
    rows = german.hours_of_rows(minutes)
    assert sum(map(tenths, rows)) == tenths(german.hours(sum(minutes)))
    assert all(abs(tenths(row) - value / 6) < 1 for row, value in zip(rows, minutes, strict=True))
