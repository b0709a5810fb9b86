"""What a row is judged by: how full its day is already, and what stands below it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from activities.imports.known import known_about
from activities.imports.readers import Known
from activities.imports.rows import Judged, judge
from activities.models import ClosedPeriod, RowVerdict
from kiv_portal.privacy.guard import WHY, Kind
from kiv_portal.uploads.spreadsheet import Line, Spreadsheet
from municipalities.programme.queries import Coded, Codes, Programme
from tests import factories
from tests.people import People

TODAY = dt.date(2022, 6, 1)
DAY = dt.date(2022, 3, 1)
EMPTY_TABLE = Spreadsheet("csv", [Line(1, ["Datum"])])
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
    assert verdicts(rows) == ["ask", "error"]
    assert "schon 23 Stunden erfasst" in judged(rows)[1].errors[0]


def test_a_day_may_be_full_to_the_last_minute() -> None:
    rows = [["1.3.2022", "Vormittag", "12:00", "0"], ["1.3.2022", "Abend", "11:00", "1:00"]]
    assert verdicts(rows) == ["ask", "ask"]
    assert verdicts([*rows, ["1.3.2022", "Nachts", "1 min", "0"]]) == ["ask", "ask", "error"]


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
    assert verdicts(rows, known(stored_keys={there.entry_key})) == ["ask", "twice", "error", "ask"]


def test_work_and_travel_of_one_row_together() -> None:
    (row,) = judged([["1.3.2022", "Begehung", "23:00", "1:01"]])
    assert row.errors == ["Dauer und Fahrzeit zusammen sind mehr als 24 Stunden."]
    assert verdicts([["1.3.2022", "Begehung", "23:00", "1:00"]]) == ["ask"]


@pytest.mark.parametrize(
    ("duration", "asked"),
    [
        ("4 min", "4 Minuten: Das ist sehr kurz für eine Aktivität. Stimmt das?"),
        ("5 min", ""),
        ("8:00", ""),
        ("8:01", "8 Stunden 1 Minute sind viel für eine einzige Aktivität. Stimmt das?"),
    ],
)
def test_a_very_short_or_long_one_is_a_question(duration: str, asked: str) -> None:
    (row,) = judged([["1.3.2022", "Begehung", duration, "0"]])
    assert row.questions == [f"Bitte kurz prüfen: {asked}"] * bool(asked)


@pytest.mark.django_db
def test_what_a_mediator_has_stored_is_known_with_its_travel(people: People) -> None:
    imported = factories.make_import(people.kiv)
    factories.make_activity(people.kiv, people.town, minutes=600, travel_minutes=45)
    factories.make_activity(people.kiv, people.town, minutes=100, travel_minutes=5)
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 2), minutes=30)
    factories.make_activity(people.stranger.mediator, people.other_town, minutes=500)
    assert known_about(imported, EMPTY_TABLE).minutes_stored == {DAY: 750, dt.date(2022, 3, 2): 30}


def test_a_day_below_its_month_is_read_with_a_hint() -> None:
    about = known(header=["Datum", "Titel", "Dauer", "Fahrzeit"])
    rows = judged(
        [["November 2021", "", "", ""], ["3.", "Begehung", "60", "0"], ["Mo 3.", "Beratung", "60", "0"]],
        about,
    )
    assert [row.verdict for row in rows] == ["left", "hint", "error"]
    assert rows[1].hints == [
        "Das Datum „3.“ steht unter der Überschrift „November 2021“. Wir lesen: 03.11.2021."
    ]
    assert "ist ein Mittwoch, kein Montag" in rows[2].errors[0]


# --- its neighbours: terms, closed periods, the same thing twice


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("30.9.2021", "error"), ("1.10.2021", "ok"), ("31.5.2022", "ok"), ("1.6.2022", "error")],
)
def test_first_and_last_day_of_an_appointment(day: str, verdict: str) -> None:
    assert verdicts([[day, "Begehung", "60", "0"]]) == [verdict]


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("28.2.2022", "ok"), ("1.3.2022", "ask"), ("31.3.2022", "ask"), ("1.4.2022", "ok")],
)
def test_first_and_last_day_of_a_closed_period(day: str, verdict: str) -> None:
    closed = ClosedPeriod(starts_on=DAY, ends_on=dt.date(2022, 3, 31), reason="Der März steht im Bericht")
    rows = judged([[day, "Begehung", "60", "0"]], known(closed={"7": [closed], "8": [closed]}))
    assert [row.verdict for row in rows] == [verdict]
    assert rows[0].questions == ([closed.question] if verdict == "ask" else [])
    assert rows[0].values.get("is_late", False) is (verdict == "ask")


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


def test_computed_minutes_are_not_called_hours() -> None:
    (row,) = judged(
        [["1.3.2022", "Begehung", "12,3456", "0"]], known(defaults=known().defaults | {"minutes": "Minuten"})
    )
    assert (row.values["minutes"], row.hints) == (12, ["Die Dauer „12,3456“ runden wir auf 12 Minuten."])


def test_a_day_of_equal_rows_has_a_key_for_each() -> None:
    rows = judged([["1.3.2022", "Begehung", "1 min", "0"]] * 1_440)
    assert len({row.entry_key for row in rows}) == 1_440


def test_a_row_that_is_there_asks_no_question() -> None:
    (there,) = judged([["1.3.2022", "Beratung von Frau Huber", "60", "0"]])
    (row,) = judged(
        [["1.3.2022", "Beratung von Frau Huber", "60", "0"]], known(stored_keys={there.entry_key})
    )
    assert (row.verdict, len(row.sentences)) == (RowVerdict.TWICE, 1)


# --- what a row says, column by column

ALL = [
    *(
        "day",
        "title",
        "minutes",
        "kind",
        "field",
        "further_fields",
        "municipality",
        "people_reached",
        "expenses",
    ),
    *("travel_minutes", "result", "result_note", "place", "description", "internal_note"),
]
FULL = [
    *(
        "1.3.2022",
        " Begehung  der Bücherei ",
        "1:30",
        "Begehung",
        "Bildung",
        "Verkehr; Bildung, verkehr\nQuer",
    ),
    *(
        "Leonberg",
        "ca. 10-20",
        "4,50 €",
        "20 min",
        "abgelehnt",
        "kein Geld",
        "Markt",
        "Rampe fehlt.",
        "nachfassen",
    ),
]
BILDUNG = Coded(1, "08115", "bildung", "Bildung", "Bi", [24])
VERKEHR = Coded(2, "08115", "verkehr", "Verkehr", "Ve", [9])
BEGEHUNG = Coded(3, "08115", "begehung", "Begehung", "", [])
NAMES = {
    "kind": {"begehung": "begehung"},
    "field": {"bildung": "bildung", "verkehr": "verkehr", "quer": "quer"},
    "municipality": {"leonberg": "7"},
    "result": {"abgelehnt": "refused", "umgesetzt": "done"},
}


def well_known(**changes: Any) -> Known:
    return known(
        **{
            "names": NAMES,
            "counties": {"7": "08115"},
            "names_of_county": {"08115": NAMES},
            "programme": Programme(fields=Codes([BILDUNG, VERKEHR]), kinds=Codes([BEGEHUNG])),
        }
        | changes
    )


def read(about: Known | None = None, **changes: str) -> Judged:
    """The full row with other words in some columns."""
    cells = [changes.pop(name, value) for name, value in zip(ALL, FULL, strict=True)]
    targets = [*ALL, *changes]
    (row,) = judge([Line(2, [*cells, *changes.values()])], targets, about or well_known())
    return row


def test_every_column_of_a_full_row() -> None:
    row = read()
    assert (row.number, row.day, row.title, row.sentences) == (2, "1.3.2022", "Begehung der Bücherei", [])
    assert row.values | {"entry_key": None} == {
        "day": DAY,
        "title": "Begehung der Bücherei",
        "minutes": 90,
        "starts_at": None,
        "travel_minutes": 20,
        "kind": "begehung",
        "field": "bildung",
        "further_fields": ["verkehr"],
        "municipality_id": 7,
        "people_reached": 10,
        "people_reached_to": 20,
        "is_estimated": True,
        "expenses_cents": 450,
        "result": "refused",
        "result_note": "kein Geld",
        "place": "Markt",
        "description": "Rampe fehlt.",
        "internal_note": "nachfassen",
        "entry_key": None,
    }


def test_the_same_content_has_had_the_same_key_ever_since() -> None:
    """Another key would store a table twice that somebody imports again."""
    assert read().entry_key == uuid.UUID("1132f876-7643-579a-a007-393542ba7e43")
    (short,) = judged([["1.3.2022", "Begehung", "60", "0"]])
    assert short.entry_key == uuid.UUID("2403a84d-6f47-58e3-98e4-c53439176cd9")
    assert read(place="").entry_key != read().entry_key


def test_what_stands_in_no_column_is_empty_or_what_was_said_for_all_rows() -> None:
    (row,) = judge([Line(2, ["1.3.2022", "Begehung", "60"])], TARGETS[:3], well_known())
    assert row.values | {"entry_key": None} == {
        "day": DAY,
        "title": "Begehung",
        "minutes": 60,
        "starts_at": None,
        "travel_minutes": 0,
        "kind": "begehung",
        "field": "quer",
        "further_fields": [],
        "municipality_id": 7,
        "people_reached": None,
        "people_reached_to": None,
        "is_estimated": False,
        "expenses_cents": 0,
        "result": "",
        "result_note": "",
        "place": "",
        "description": "",
        "internal_note": "",
        "entry_key": None,
    }


LONG = "y" * 41
CUT = "y" * 39 + "…"
DURATIONS = "Bitte schreiben Sie zum Beispiel 90, 1h30, 1,5 Stunden oder 14–16 Uhr."


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"day": " "}, ["Es fehlt das Datum."]),
        (
            {"day": LONG},
            [
                f"Das Datum „{CUT}“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“."
            ],
        ),
        (
            {"day": "y" * 40},
            [
                f"Das Datum „{'y' * 40}“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“."
            ],
        ),
        (
            {"day": "31.12.1899"},
            [
                "Das Datum „31.12.1899“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“."
            ],
        ),
        (
            {"day": "1.1.2201"},
            [
                "Das Datum „1.1.2201“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“."
            ],
        ),
        ({"title": " "}, ["Es fehlt der Titel."]),
        ({"minutes": " "}, ["Es fehlt die Dauer."]),
        (
            {"minutes": "lange"},
            [f"Die Dauer „lange“ verstehen wir nicht. {DURATIONS}"],
        ),
        (
            {"travel_minutes": "weit"},
            [f"Die Fahrzeit „weit“ verstehen wir nicht. {DURATIONS}"],
        ),
        ({"hours": "120"}, ["Die Dauer liegt zwischen einer Minute und 24 Stunden."]),
        ({"kind": "Zauberei"}, ["Die Art „Zauberei“ kennen wir nicht."]),
        ({"field": "Raumfahrt"}, ["Das Handlungsfeld „Raumfahrt“ kennen wir nicht."]),
        ({"further_fields": "Verkehr; Raumfahrt"}, ["Das Handlungsfeld „Raumfahrt“ kennen wir nicht."]),
        ({"municipality": "Rom"}, ["Die Kommune „Rom“ kennen wir nicht."]),
        (
            {"people_reached": "viele"},
            ["Die Zahl der Personen „viele“ verstehen wir nicht. Zum Beispiel 12 oder 10-20."],
        ),
        ({"people_reached": "20-10"}, ["Bei „von … bis …“ steht die größere Zahl hinten."]),
        ({"people_reached": "100001"}, ["Bitte geben Sie höchstens 100.000 Personen an."]),
        ({"people_reached": "1-100001"}, ["Bitte geben Sie höchstens 100.000 Personen an."]),
        ({"expenses": "teuer"}, ["Den Betrag „teuer“ verstehen wir nicht. Zum Beispiel 4,50."]),
        ({"expenses": "10000,01"}, ["Bitte geben Sie höchstens 10.000 Euro an."]),
        ({"result": "gut"}, ["Das Ergebnis „gut“ kennen wir nicht."]),
        (
            {"result_note": ""},
            ["Zum Ergebnis fehlt die Erläuterung. Bitte schreiben Sie dazu, warum oder an wen."],
        ),
        ({"title": "x" * 501}, ["Titel: Der Text ist zu lang. Es passen 500 Zeichen hinein."]),
        ({"place": "x" * 201}, ["Ort: Der Text ist zu lang. Es passen 200 Zeichen hinein."]),
        (
            {"description": "x" * 10_001},
            ["Was ist passiert? Der Text ist zu lang. Es passen 10.000 Zeichen hinein."],
        ),
        (
            {"day": "", "minutes": "", "kind": "x", "expenses": "x"},
            [
                "Es fehlt das Datum.",
                "Es fehlt die Dauer.",
                "Die Art „x“ kennen wir nicht.",
                "Den Betrag „x“ verstehen wir nicht. Zum Beispiel 4,50.",
            ],
        ),
    ],
)
def test_each_column_says_in_a_sentence_what_it_cannot_be(changes: dict[str, str], errors: list[str]) -> None:
    row = read(**changes)
    assert (row.errors, row.verdict) == (errors, RowVerdict.ERROR)


@pytest.mark.parametrize(
    ("changes", "values"),
    [
        ({"day": "44621"}, {"day": DAY}),
        ({"day": "01.03.2022 14:30"}, {"day": DAY}),
        ({"day": "1.3.22  9:05:00"}, {"day": DAY}),
        ({"minutes": "24:00", "travel_minutes": ""}, {"minutes": 1440, "travel_minutes": 0}),
        ({"travel_minutes": "0"}, {"travel_minutes": 0}),
        ({"travel_minutes": "0:00"}, {"travel_minutes": 0}),
        ({"minutes": "lange", "hours": "2"}, {"minutes": 120}),
        ({"hours": "1,5"}, {"minutes": 90}),
        ({"hours": "0:45"}, {"minutes": 45}),
        ({"hours": "12"}, {"minutes": 720}),
        ({"people_reached": ""}, {"people_reached": None, "is_estimated": False}),
        ({"people_reached": "0"}, {"people_reached": 0, "people_reached_to": None}),
        ({"people_reached": "100000"}, {"people_reached": 100_000}),
        ({"expenses": ""}, {"expenses_cents": 0}),
        ({"expenses": "10.000"}, {"expenses_cents": 1_000_000}),
        ({"result": "Umgesetzt", "result_note": ""}, {"result": "done", "result_note": ""}),
        ({"result": "", "result_note": "x"}, {"result": "", "result_note": "x"}),
        ({"further_fields": ""}, {"further_fields": []}),
        ({"field": "Quer", "further_fields": "Bildung"}, {"field": "quer", "further_fields": ["bildung"]}),
        ({"title": "x" * 500}, {"title": "x" * 500}),
        ({"description": "Zwei\nZeilen"}, {"description": "Zwei\nZeilen"}),
        ({"place": "Zwei\nZeilen"}, {"place": "Zwei Zeilen"}),
    ],
)
def test_each_column_is_read_as_people_write_it(changes: dict[str, str], values: dict[str, Any]) -> None:
    row = read(**changes)
    assert row.errors == []
    assert {name: row.values[name] for name in values} == values


@pytest.mark.parametrize(
    ("changes", "hints"),
    [
        ({"day": "1.3."}, ["Im Datum „1.3.“ fehlt das Jahr. Wir lesen: 01.03.2022."]),
        ({"day": "1. März"}, ["Im Datum „1. März“ fehlt das Jahr. Wir lesen: 01.03.2022."]),
        ({"minutes": "1,5"}, ["Die Dauer „1,5“ lesen wir als Stunden: 90 Minuten."]),
        ({"hours": "1,5"}, []),
        ({"day": "1.3.22"}, []),
    ],
)
def test_what_was_guessed_is_said(changes: dict[str, str], hints: list[str]) -> None:
    row = read(**changes)
    assert (row.sentences, row.verdict) == (hints, RowVerdict.HINT if hints else RowVerdict.OK)


def test_a_row_that_is_shown_is_cut_to_its_place() -> None:
    row = read(day="z" * 50, title="Wort " * 30)
    assert (row.day, row.title) == ("z" * 40, ("Wort " * 30)[:120])


def test_words_that_were_explained_and_names_of_another_county() -> None:
    there = {**NAMES, "kind": {"hausbesuch": "hausbesuch"}}
    about = well_known(
        names={**NAMES, "kind": NAMES["kind"] | there["kind"]},
        names_of_county={"08115": NAMES, "08235": there},
        meanings={"kind": {"ortstermin": "begehung"}, "result": {"klappt": "done"}},
    )
    row = read(about, kind="Ortstermin:", result="KLAPPT")
    assert (row.values["kind"], row.values["result"], row.errors) == ("begehung", "done", [])
    assert read(about, kind="Hausbesuch").errors == [
        "Die Art „Hausbesuch“ gibt es im Landkreis dieser Kommune nicht."
    ]
    nowhere = well_known(defaults={"kind": "hausbesuch", "field": "quer", "municipality": "7"})
    assert read(nowhere, kind="").errors == [
        "Die Art „hausbesuch“ gibt es im Landkreis dieser Kommune nicht."
    ]
    hausbesuch = Coded(4, "08235", "hausbesuch", "Hausbesuch", "", [])
    elsewhere = well_known(
        defaults=nowhere.defaults,
        programme=Programme(fields=Codes([BILDUNG, VERKEHR]), kinds=Codes([BEGEHUNG, hausbesuch])),
    )
    assert read(elsewhere, kind="").errors == [
        "Die Art „Hausbesuch“ gibt es im Landkreis dieser Kommune nicht."
    ]
    without = well_known(defaults={"field": "quer"})
    assert read(without, kind="", municipality="").errors == ["Es fehlt die Art.", "Es fehlt die Kommune."]


def test_the_guard_asks_where_it_is_and_why() -> None:
    row = read(
        title="Beratung von Frau Huber", place="x", description="Frau M. " * 7, internal_note="Frau X."
    )
    why = WHY[Kind.NAME]
    assert row.verdict == RowVerdict.ASK
    first, *others, last = row.questions
    assert first == f"Bitte kurz prüfen: Titel: „Frau Huber“ in „Beratung von Frau Huber“. {why}"
    assert len(others) == 5
    assert others[0] == (
        "Bitte kurz prüfen: Was ist passiert? „Frau M“ in „Frau M. Frau M. Frau M. Frau M. Frau…“. " + why
    )
    assert last == "Was ist passiert? 2 weitere Stellen."
    assert read(place="Familie Maier").questions == [f"Bitte kurz prüfen: Ort: „Familie Maier“. {why}"]
