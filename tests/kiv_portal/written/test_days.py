"""Every text of the table means the same here and in the page that works without a connection (tests/js)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiv_portal.written.days import NOT_UNDERSTOOD, When, as_said, in_words, read_day
from kiv_portal.written.reading import Unclear

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "days.json").read_text())
TODAY = dt.date.fromisoformat(TABLE["today"])


def _rows(prefix: str) -> list[tuple[When, str, str]]:
    return [(when, *row) for when in When for row in TABLE.get(f"{prefix}{when.name.lower()}", {}).items()]


@pytest.mark.parametrize(("when", "text", "day"), _rows(""))
def test_what_is_clear(when: When, text: str, day: str) -> None:
    assert read_day(text, TODAY, when=when) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(("when", "text", "asked"), _rows("unclear in "))
def test_what_is_asked(when: When, text: str, asked: str) -> None:
    sentence, *choices = asked.split("|")
    answer = read_day(text, TODAY, when=when)
    assert isinstance(answer, Unclear)
    assert answer.sentence == sentence
    assert list(answer.choices) == choices or not choices


@pytest.mark.parametrize("text", TABLE["not understood"])
@pytest.mark.parametrize("when", When)
def test_what_says_no_day(text: str, when: When) -> None:
    assert read_day(text, TODAY, when=when) == Unclear(NOT_UNDERSTOOD)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), st.sampled_from(When))
def test_a_choice_is_clear_by_itself(day: dt.date, when: When) -> None:
    assert read_day(in_words(day), TODAY, when=when) == day


@given(st.text(max_size=60), st.sampled_from(When))
def test_any_text_gets_an_answer(text: str, when: When) -> None:
    answer = read_day(text, TODAY, when=when)
    assert isinstance(answer, dt.date) or answer.sentence


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (0, "heute"),
        (-1, "gestern"),
        (-2, "vorgestern"),
        (-3, "am Sonntag, 15.03.2026"),
        (1, "am Donnerstag, 19.03.2026"),
    ],
)
def test_a_day_as_it_is_said(away: int, said: str) -> None:
    assert as_said(TODAY + dt.timedelta(days=away), TODAY) == said
