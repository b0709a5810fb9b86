"""Arithmetic with months, and spans of days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.periods import Period, add_months, last_day_of_months, last_twelve_months, months_between


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2021, 10, 1), 12, dt.date(2022, 10, 1)),
        (dt.date(2022, 1, 31), 1, dt.date(2022, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 48, dt.date(2028, 2, 29)),
        (dt.date(2021, 12, 1), 1, dt.date(2022, 1, 1)),
        (dt.date(2021, 11, 30), 1, dt.date(2021, 12, 30)),
    ],
)
def test_add_months(day: dt.date, months: int, later: dt.date) -> None:
    assert add_months(day, months) == later


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 120))
def test_add_months_keeps_the_day_or_takes_the_months_last(day: dt.date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (dt.date(2021, 10, 1), 12, dt.date(2022, 9, 30)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 24, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 48, dt.date(2028, 2, 28)),
        (dt.date(2024, 3, 31), 6, dt.date(2024, 9, 30)),
        (dt.date(2024, 3, 31), 12, dt.date(2025, 3, 30)),
        (dt.date(2025, 1, 30), 1, dt.date(2025, 2, 28)),
        (dt.date(2025, 12, 31), 2, dt.date(2026, 2, 28)),
        (dt.date(2023, 12, 31), 2, dt.date(2024, 2, 29)),
        (dt.date(2024, 3, 1), 12, dt.date(2025, 2, 28)),
        (dt.date(2021, 11, 15), 1, dt.date(2021, 12, 14)),
    ],
)
def test_a_span_of_months_ends_as_the_civil_code_says(first: dt.date, months: int, last: dt.date) -> None:
    assert last_day_of_months(first, months) == last


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 60))
def test_the_day_after_is_the_corresponding_one_or_the_first_of_a_month(first: dt.date, months: int) -> None:
    after = last_day_of_months(first, months) + dt.timedelta(days=1)
    assert after.day == first.day or (after.day == 1 and first.day > 28)


def test_a_period_survives_an_address() -> None:
    year = Period(dt.date(2021, 10, 1), dt.date(2022, 9, 30))
    assert (year.value, Period.from_value(year.value), year.days) == ("2021-10-01_2022-09-30", year, 365)
    for text in (
        "",
        "2021-10-01",
        "2022-09-30_2021-10-01",
        "2021-02-30_2021-03-01",
        "a_b",
        "2021-01-01_2021-01-02_",
    ):
        with pytest.raises(ValueError):
            Period.from_value(text)


def test_years_before_a_period() -> None:
    assert Period(dt.date(2024, 2, 29), dt.date(2025, 2, 28)).years_before(1) == (
        dt.date(2023, 2, 28),
        dt.date(2024, 2, 29),
    )
    assert Period(dt.date(2025, 10, 1), dt.date(2026, 9, 30)).years_before(2) == (
        dt.date(2023, 10, 1),
        dt.date(2024, 9, 30),
    )


def test_months_of_a_span() -> None:
    assert list(months_between(dt.date(2021, 11, 30), dt.date(2022, 1, 1))) == [
        dt.date(2021, 11, 1),
        dt.date(2021, 12, 1),
        dt.date(2022, 1, 1),
    ]
    assert list(months_between(dt.date(2022, 1, 2), dt.date(2022, 1, 1))) == [dt.date(2022, 1, 1)]
    assert last_twelve_months(dt.date(2026, 2, 28)) == (dt.date(2025, 3, 1), dt.date(2026, 2, 28))
