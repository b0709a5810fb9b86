"""Dates and durations as people write them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.ui.fields import (
    DayField,
    MinutesField,
    PeopleCount,
    parse_day,
    parse_euros,
    parse_minutes,
    parse_people,
)

TODAY = dt.date(2022, 3, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1.3.2022", dt.date(2022, 3, 1)),
        ("01.03.22", dt.date(2022, 3, 1)),
        ("1. 3. 2022", dt.date(2022, 3, 1)),
        ("1. März 2022", dt.date(2022, 3, 1)),
        ("1 März 2022", dt.date(2022, 3, 1)),
        ("2022-03-01", dt.date(2022, 3, 1)),
        ("1/3/2022", dt.date(2022, 3, 1)),
        ("1.3.", dt.date(2022, 3, 1)),
        ("31.12.", dt.date(2021, 12, 31)),
        ("31.12", dt.date(2021, 12, 31)),
        ("heute", TODAY),
        ("Gestern", dt.date(2022, 3, 14)),
        ("vorgestern", dt.date(2022, 3, 13)),
        ("30.2.2022", None),
        ("30.2.", None),
        ("29.2.", dt.date(2020, 2, 29)),
        ("morgen", None),
        ("32.1.2022", None),
        ("1.13.2022", None),
        ("", None),
    ],
)
def test_days(text, day):
    assert parse_day(text, TODAY, is_past=True) == day


@pytest.mark.parametrize(
    ("text", "day"), [("1.4.", dt.date(2022, 4, 1)), ("31.12.", dt.date(2021, 12, 31)), ("30.2.", None)]
)
def test_a_day_to_come_is_meant_where_it_is_nearer(text, day):
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("90 min", 90),
        ("45 Minuten", 45),
        ("1h30", 90),
        ("1 h 30", 90),
        ("1:30", 90),
        ("1,5 Std.", 90),
        ("1.5 h", 90),
        ("0,25h", 15),
        ("2 Stunden", 120),
        ("1 Stunde 30 Minuten", 90),
        ("2 Stunden und 5 Minuten", 125),
        ("1:99", None),
        ("viel", None),
        ("1,5", None),
        ("-5", None),
        ("", None),
    ],
)
def test_durations(text, minutes):
    assert parse_minutes(text) == minutes


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_or_a_sentence(text):
    for field in (DayField(required=False), MinutesField(required=False)):
        sentences = []
        try:
            field.clean(text)
        except ValidationError as error:
            sentences = error.messages
        assert all(sentence.startswith("Diese") for sentence in sentences)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_what_the_page_shows_is_understood_again(day):
    assert DayField().clean(f"{day:%d.%m.%Y}") == day


@given(st.integers(1, 1440))
def test_a_shown_duration_is_understood_again(minutes):
    field = MinutesField()
    assert field.clean(field.prepare_value(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", (12, None, False)),
        ("0", (0, None, False)),
        ("12 Personen", (12, None, False)),
        ("1 Person", (1, None, False)),
        ("ca. 30", (30, None, True)),
        ("ca 30", (30, None, True)),
        ("etwa 30 Leute", (30, None, True)),
        ("~30", (30, None, True)),
        ("30 (geschätzt)", (30, None, True)),
        ("10-20", (10, 20, False)),
        ("10 – 20", (10, 20, False)),
        ("von 10 bis 20", (10, 20, False)),
        ("ca. 10 bis 20 Personen", (10, 20, True)),
        ("10 bis 10", (10, None, False)),
        ("1.200", (1200, None, False)),
        ("", (None, None, False)),
        ("nicht gezählt", (None, None, False)),
        ("viele", None),
        ("12,5", None),
        ("ca.", None),
        ("-3", None),
        ("10 bis", None),
        ("²", None),
    ],
)
def test_people(text, count):
    assert parse_people(text) == count


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("12,5", 1250),
        ("12", 1200),
        ("12 €", 1200),
        ("12,- €", 1200),
        ("0,99 Euro", 99),
        ("1.200", 120_000),
        ("1.200,50 EUR", 120_050),
        ("12,505", None),
        ("-3", None),
        ("€", None),
        ("", None),
    ],
)
def test_euros(text, cents):
    assert parse_euros(text) == cents


@given(st.text(max_size=60))
def test_no_text_breaks_people_and_money(text):
    count, cents = parse_people(text), parse_euros(text)
    assert count is None or count.low is None or count.low >= 0
    assert cents is None or cents >= 0


@given(st.integers(0, 100_000), st.integers(1, 1000), st.booleans())
def test_a_count_reads_back_what_it_says(low, more, is_estimated):
    for count in (PeopleCount(low, None, is_estimated), PeopleCount(low, low + more, is_estimated)):
        assert parse_people(str(count)) == count


def test_every_month_is_understood_by_name():
    days = [dt.date(2021, number, 3) for number in range(1, 13)]
    with translation.override("de"):
        texts = [date_format(day, "j. F Y") for day in days]
    assert [parse_day(text, TODAY) for text in texts] == days
