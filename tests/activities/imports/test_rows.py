"""What a row is judged by: how full its day is already, and what stands below it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from activities.imports.rows import Judged, Known, judge
from activities.imports.services import known_about
from activities.models import ClosedPeriod, RowVerdict
from kiv_portal.uploads.spreadsheet import Line
from municipalities.programme.queries import Codes, Programme
from tests import factories
from tests.people import People

TODAY = dt.date(2022, 6, 1)
DAY = dt.date(2022, 3, 1)
TARGETS = ["day", "title", "minutes", "travel_minutes"]


def known(**changes: Any) -> Known:
    return Known(
        **{
            "today": TODAY,
            "mediator_id": 1,
            "names": {"kind": {}, "field": {}, "municipality": {}, "result": {}},
            "meanings": {},
            "defaults": {"kind": "begehung", "field": "quer", "municipality": "7"},
            "counties": {},
            "names_of_county": {},
            "programme": Programme(fields=Codes([]), kinds=Codes([])),
            "terms": {"7": [(dt.date(2021, 10, 1), dt.date(2022, 5, 31))]},
            "closed": {},
        }
        | changes
    )


def judged(rows: list[list[str]], about: Known | None = None) -> list[Judged]:
    lines = [Line(number, cells) for number, cells in enumerate(rows, start=2)]
    return list(judge(lines, TARGETS, about or known()))


def verdicts(rows: list[list[str]], about: Known | None = None) -> list[str]:
    return [row.verdict.value for row in judged(rows, about)]


# --- 24 hours of a day


def test_travel_counts_in_the_day_as_work_does() -> None:
    rows = [["1.3.2022", "Vormittag", "20:00", "3:00"], ["1.3.2022", "Abend", "0:30", "0:31"]]
    assert verdicts(rows) == ["ok", "error"]
    assert "schon 23 Stunden erfasst" in judged(rows)[1].errors[0]


def test_a_day_may_be_full_to_the_last_minute() -> None:
    rows = [["1.3.2022", "Vormittag", "12:00", "0"], ["1.3.2022", "Abend", "11:00", "1:00"]]
    assert verdicts(rows) == ["ok", "ok"]
    assert verdicts([*rows, ["1.3.2022", "Nachts", "1 min", "0"]]) == ["ok", "ok", "error"]


def test_what_is_stored_counts_on_its_own_day_only() -> None:
    about = known(minutes_stored={DAY: 24 * 60 - 60})
    assert verdicts([["1.3.2022", "Zu viel", "61", "0"], ["2.3.2022", "Passt", "61", "0"]], about) == [
        "error",
        "ok",
    ]
    assert about.minutes_stored == {DAY: 24 * 60 - 60}  # judging twice gives the same


def test_a_row_that_is_not_stored_takes_no_room() -> None:
    rows = [
        ["1.3.2022", "Begehung", "13:00", "0"],
        ["1.3.2022", "Liegt vor", "13:00", "0"],  # twice
        ["1.3.2022", "Zu lang", "12:00", "0"],  # an error
        ["1.3.2022", "Passt noch", "11:00", "0"],
    ]
    (there,) = judged(rows[1:2])
    assert verdicts(rows, known(stored_keys={there.entry_key})) == ["ok", "twice", "error", "ok"]


def test_work_and_travel_of_one_row_together() -> None:
    (row,) = judged([["1.3.2022", "Begehung", "23:00", "1:01"]])
    assert row.errors == ["Dauer und Fahrzeit zusammen sind mehr als 24 Stunden."]
    assert verdicts([["1.3.2022", "Begehung", "23:00", "1:00"]]) == ["ok"]


@pytest.mark.django_db
def test_what_a_mediator_has_stored_is_known_with_its_travel(people: People) -> None:
    imported = factories.make_import(people.kiv)
    factories.make_activity(people.kiv, people.town, minutes=600, travel_minutes=45)
    factories.make_activity(people.kiv, people.town, minutes=100, travel_minutes=5)
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 2), minutes=30)
    factories.make_activity(people.stranger.mediator, people.other_town, minutes=500)
    assert known_about(imported).minutes_stored == {DAY: 750, dt.date(2022, 3, 2): 30}


# --- its neighbours: terms, closed periods, the same thing twice


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("30.9.2021", "error"), ("1.10.2021", "ok"), ("31.5.2022", "ok"), ("1.6.2022", "error")],
)
def test_first_and_last_day_of_an_appointment(day: str, verdict: str) -> None:
    assert verdicts([[day, "Begehung", "60", "0"]]) == [verdict]


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("28.2.2022", "ok"), ("1.3.2022", "error"), ("31.3.2022", "error"), ("1.4.2022", "ok")],
)
def test_first_and_last_day_of_a_closed_period(day: str, verdict: str) -> None:
    closed = ClosedPeriod(starts_on=DAY, ends_on=dt.date(2022, 3, 31), reason="Der März steht im Bericht")
    rows = judged([[day, "Begehung", "60", "0"]], known(closed={"7": [closed], "8": [closed]}))
    assert [row.verdict for row in rows] == [verdict]
    assert rows[0].errors == ([closed.sentence] if verdict == "error" else [])


def test_today_is_not_the_future() -> None:
    about = known(terms={"7": [(dt.date(2021, 10, 1), None)]})
    assert verdicts([["1.6.2022", "Begehung", "60", "0"], ["2.6.2022", "Begehung", "60", "0"]], about) == [
        "ok",
        "error",
    ]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (["1.3.2022", "BEGEHUNG", "60", "0"], "ask"),
        (["1.3.2022", "Begehung", "61", "0"], "ok"),
        (["2.3.2022", "Begehung", "60", "0"], "ok"),
        (["1.3.2022", "Beratung", "60", "0"], "ok"),
        (["1.3.2022", "Begehung", "60", "15"], "ask"),  # perhaps as before, only more was said about it
    ],
)
def test_day_title_and_length_tell_the_same_activity(row: list[str], verdict: str) -> None:
    assert verdicts([row], known(stored={(DAY, "begehung", 60)})) == [verdict]


def test_a_stored_row_is_known_by_its_key_when_it_was_renamed() -> None:
    (row,) = judged([["1.3.2022", "Begehung", "60", "0"]])
    assert verdicts([["1.3.2022", "Begehung", "60", "0"]], known(stored_keys={row.entry_key})) == ["twice"]
    assert verdicts([["1.3.2022", "Begehung", "60", "0"]], known(stored_keys={uuid.uuid4()})) == ["ok"]
    (of_another,) = judged([["1.3.2022", "Begehung", "60", "0"]], known(mediator_id=2))
    assert of_another.entry_key != row.entry_key


def test_equal_rows_are_asked_about_and_have_keys_of_their_own() -> None:
    rows = judged([["1.3.2022", "Begehung", "60", "0"]] * 3)
    assert [row.verdict for row in rows] == [RowVerdict.OK, RowVerdict.ASK, RowVerdict.ASK]
    assert "sieht aus wie die in Zeile 2" in rows[2].sentences[0]
    assert len({row.entry_key for row in rows}) == 3
    again = judged([["1.3.2022", "Begehung", "60", "0"]] * 3)
    assert [row.entry_key for row in again] == [row.entry_key for row in rows]


def test_a_row_that_is_there_asks_no_question() -> None:
    (there,) = judged([["1.3.2022", "Beratung von Frau Huber", "60", "0"]])
    (row,) = judged(
        [["1.3.2022", "Beratung von Frau Huber", "60", "0"]], known(stored_keys={there.entry_key})
    )
    assert (row.verdict, len(row.sentences)) == (RowVerdict.TWICE, 1)
