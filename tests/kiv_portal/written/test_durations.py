"""Every text of the table means the same here and in the page that works without a connection (tests/js)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.written.durations import NOT_UNDERSTOOD, Duration, hours_and_minutes, read_duration
from kiv_portal.written.reading import Unclear

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "durations.json").read_text())


@pytest.mark.parametrize(("text", "minutes"), TABLE["minutes"].items())
def test_minutes(text: str, minutes: int) -> None:
    assert read_duration(text) == Duration(minutes)


@pytest.mark.parametrize(("text", "both"), TABLE["minutes and start"].items())
def test_two_times_are_start_and_duration(text: str, both: tuple[int, str]) -> None:
    assert read_duration(text) == Duration(both[0], dt.time.fromisoformat(both[1]))


@pytest.mark.parametrize(("text", "asked"), TABLE["unclear"].items())
def test_what_is_asked(text: str, asked: str) -> None:
    sentence, *choices = asked.split("|")
    assert read_duration(text) == Unclear(sentence, tuple(choices))
    for choice in choices:
        assert isinstance(read_duration(choice), Duration), "a choice is clear by itself"


@pytest.mark.parametrize("text", TABLE["not understood"])
def test_what_says_no_duration(text: str) -> None:
    assert read_duration(text) == Unclear(NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("text", "unit", "minutes"),
    [
        ("2", "Stunden", 120),
        ("2", "Minuten", 2),
        ("1,30", "Stunden", 78),
        ("0,3333", "Stunden", 20),
        ("1:30", "Stunden", 90),
        ("45 min", "Stunden", 45),
        ("7,5", "Minuten", 8),
    ],
)
def test_a_number_alone_is_in_the_unit_that_was_said(text: str, unit: str, minutes: int) -> None:
    assert read_duration(text, bare_is=unit) == Duration(minutes)


@given(st.integers(1, 1440))
def test_what_is_shown_is_read_again(minutes: int) -> None:
    assert read_duration(hours_and_minutes(minutes)) == Duration(minutes)


@given(st.text(max_size=60) | st.text("0123456789:,.-–/½ hmuhrstdunebi", max_size=24))
def test_any_text_gets_an_answer(text: str) -> None:
    answer = read_duration(text)
    assert answer.sentence if isinstance(answer, Unclear) else answer.minutes >= 0
