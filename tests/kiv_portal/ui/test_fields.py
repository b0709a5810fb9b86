"""Dates and durations as people write them."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.ui.fields import (
    ClockField,
    DayField,
    DurationField,
    EurosField,
    MinutesField,
    PeopleCount,
    PeopleField,
    parse_euros,
    parse_people,
)
from kiv_portal.written.durations import Duration


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_or_a_sentence(text):
    for field in (DayField(required=False), MinutesField(required=False)):
        sentences = []
        try:
            field.clean(text)
        except ValidationError as error:
            sentences = error.messages
        assert all(sentence.endswith((".", "?")) for sentence in sentences)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_what_the_page_shows_is_understood_again(day):
    assert DayField().clean(f"{day:%d.%m.%Y}") == day


@given(st.integers(1, 1440))
def test_a_shown_duration_is_understood_again(minutes):
    for field, read in ((MinutesField(), minutes), (DurationField(), Duration(minutes))):
        assert field.clean(field.prepare_value(minutes)) == read


@pytest.mark.parametrize(
    "text", ["14:30", "14.30 Uhr", "um 14:30 Uhr", "14 Uhr 30", "14h30", "1430", " 14:30:59 "]
)
def test_a_time_of_day(text):
    assert ClockField().clean(text) == dt.time(14, 30)


@pytest.mark.parametrize("text", ["25:00", "14:60", "mittags", "14:30-16", "", "-1"])
def test_what_is_no_time_of_day(text):
    with pytest.raises(ValidationError):
        ClockField().clean(text)


# --- what is not clear is asked at its place, and answered with one tap


class Question(forms.Form):
    length = DurationField(label="Dauer")


SENT = {"length": "2", "length_asked": "2"}


def test_a_question_offers_its_answers():
    form = Question({"length": "2"})
    assert form.errors == {"length": ["Meinen Sie 2 Stunden oder 2 Minuten?"]}
    page = str(form["length"].as_field_group())
    for choice in ("2 Stunden", "2 Minuten"):
        assert f'name="length_meant" value="{choice}"' in page
    assert '<input type="hidden" name="length_asked" value="2">' in page


@pytest.mark.parametrize(
    ("data", "minutes"),
    [
        (SENT | {"length_meant": "2 Stunden"}, 120),
        (SENT | {"length_meant": "2 Minuten"}, 2),
        (SENT | {"length_meant": "2 Stunden", "length": "45 Minuten"}, 45),  # written anew: that counts
    ],
)
def test_the_answer_counts_as_long_as_the_text_is_the_one_that_was_asked_about(data, minutes):
    form = Question(data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["length"] == Duration(minutes)


@pytest.mark.parametrize(
    "data", [SENT, {"length": "2", "length_meant": "2 Stunden"}, SENT | {"length_meant": "x"}]
)
def test_without_an_answer_it_is_asked_again(data):
    assert not Question(data).is_valid()


def test_what_is_clear_offers_nothing():
    assert "_meant" not in str(Question({"length": "neulich"})["length"].as_field_group())


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


# --- the fields: what stands in them, what comes out, and what they say


def said(field, text):
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    ((sentence, code),) = [(error.message, error.code) for error in refused.value.error_list]
    assert sentence == field.error_messages[code]
    return code


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (MinutesField(), 59, "59 Minuten"),
        (MinutesField(), 60, "1:00 h"),
        (MinutesField(), 125, "2:05 h"),
        (MinutesField(), "1h", "1h"),
        (MinutesField(), None, None),
        (EurosField(), 0, ""),
        (EurosField(), 5, "0,05"),
        (EurosField(), 1250, "12,50"),
        (EurosField(), "12", "12"),
        (PeopleField(), PeopleCount(10, 20, is_estimated=True), "ca. 10 bis 20"),
        (PeopleField(), PeopleCount(), ""),
        (PeopleField(), "viele", "viele"),
        (DayField(), dt.date(2022, 3, 1), "01.03.2022"),
    ],
)
def test_what_stands_in_a_field(field, value, shown):
    assert field.prepare_value(value) == shown


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (MinutesField(), 90, 90),
        (MinutesField(required=False), "", None),
        (EurosField(required=False), "", 0),
        (EurosField(), 1250, 1250),
        (EurosField(), "10000", 1_000_000),
        (PeopleField(required=False), "", PeopleCount()),
        (PeopleField(required=False), None, PeopleCount()),
        (PeopleField(), PeopleCount(3), PeopleCount(3)),
        (PeopleField(), "100000", PeopleCount(100_000)),
        (DayField(), dt.date(2022, 3, 1), dt.date(2022, 3, 1)),
        (DayField(), "1.1.1900", dt.date(1900, 1, 1)),
        (DayField(), "31.12.2200", dt.date(2200, 12, 31)),
    ],
)
def test_what_comes_out_of_a_field(field, text, value):
    assert field.clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (MinutesField(), "", "required"),
        (MinutesField(), "lange", "invalid"),
        (EurosField(), "10.000,01", "many"),
        (EurosField(), 1_000_001, "many"),
        (EurosField(), "viel", "invalid"),
        (PeopleField(), "100001", "many"),
        (PeopleField(), "1 bis 100001", "many"),
        (PeopleField(), "20 bis 10", "order"),
        (PeopleField(), " -3 ", "negative"),
        (PeopleField(), "-3 bis 4", "invalid"),
        (PeopleField(), "viele", "invalid"),
        (DayField(), "", "required"),
        (DayField(), "31.12.1899", "invalid"),
        (DayField(), "1.1.2201", "invalid"),
        (DayField(), "irgendwann", "invalid"),
    ],
)
def test_what_a_field_says(field, text, code):
    assert said(field, text) == code


def test_a_day_without_a_year_is_gone_by_where_that_is_asked_for():
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    text = f"{tomorrow.day}.{tomorrow.month}."
    assert DayField().clean(text) == tomorrow
    assert DayField(is_past=True).clean(text) < tomorrow
