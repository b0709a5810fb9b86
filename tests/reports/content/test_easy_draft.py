"""The first text in easy language: every sentence of it, and how its numbers are said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports.content.easy_draft import easy_draft
from reports.figures.snapshot import Snapshot, read_snapshot
from tests.reports.content import snapshots

YEAR = read_snapshot(snapshots.normal_year())


def part_of(snapshot: Snapshot, heading: str) -> list[str]:
    """The lines below a heading."""
    (found,) = [part for part in easy_draft(snapshot).split("# ") if part.startswith(f"{heading}\n")]
    return found.rstrip().splitlines()[1:]


def counted(**totals: int) -> Snapshot:
    return replace(YEAR, totals=replace(YEAR.totals, **totals))


def with_fields(*numbers: int) -> Snapshot:
    """The last number is that of Querschnitt."""
    fields = (*YEAR.fields[: len(numbers) - 1], YEAR.fields[-1])
    return replace(YEAR, fields=tuple(replace(f, activities=n) for f, n in zip(fields, numbers, strict=True)))


def test_the_whole_text() -> None:
    appointments = YEAR.appointments[:1]
    small = replace(with_fields(2, 0, 1, 1), appointments=appointments, vacant_days=30)
    totals = replace(YEAR.totals, activities=4, minutes=90, people_reached=20)
    period = replace(YEAR.period, start="2021-12-15", end="2022-01-31")
    assert easy_draft(replace(small, totals=totals, period=period)) == (
        "# Was ist das hier?\n"
        "Das ist ein Bericht.\n"
        "Der Bericht ist über die Stadt:\n"
        "Leonberg.\n"
        "\n"
        "Der Bericht ist über diese Zeit:\n"
        "Dezember 2021 bis Januar 2022.\n"
        "\n"
        "Es geht um Inklusion.\n"
        "Inklusion heißt:\n"
        "Alle Menschen gehören dazu.\n"
        "Menschen mit Behinderung\n"
        "und Menschen ohne Behinderung.\n"
        "\n"
        "# Wer macht mit?\n"
        "In Leonberg gibt es eine besondere Aufgabe.\n"
        "Die Aufgabe heißt: Inklusions-Vermittler.\n"
        "1 Mensch hat diese Aufgabe gemacht.\n"
        "Eine Zeit lang war die Stelle frei.\n"
        "\n"
        "Inklusions-Vermittler helfen Menschen mit Behinderung.\n"
        "Sie sprechen mit den Menschen im Rathaus.\n"
        "Sie sagen zum Beispiel:\n"
        "Hier ist eine Stufe.\n"
        "Hier brauchen wir eine Rampe.\n"
        "\n"
        "# Was ist passiert?\n"
        "Im Bericht stehen 4 Aufgaben.\n"
        "Das waren 2 Stunden Arbeit.\n"
        "Mindestens 20 Menschen waren dabei.\n"
        "\n"
        "# Um welche Themen ging es?\n"
        "- Bildung und Schule: 2 Aufgaben\n"
        "- Leben und Wohnen: 1 Aufgabe\n"
        "- Andere Themen: 1 Aufgabe\n"
        "\n"
        "# Was ist daraus geworden?\n"
        "Menschen haben Probleme gemeldet.\n"
        "Zum Beispiel eine hohe Stufe.\n"
        "Das ist daraus geworden:\n"
        "- 5 Sachen sind fertig.\n"
        "- 2 Sachen sind versprochen.\n"
        "- Bei 2 Sachen läuft die Arbeit noch.\n"
        "- 1 Sache macht jemand anderes weiter.\n"
        "- Bei 2 Sachen hat jemand Nein gesagt.\n"
        "\n"
        "# Wie geht es weiter?\n"
        "Im Gemeinde-Rat sind Menschen aus dem Ort.\n"
        "Der Gemeinde-Rat liest den Bericht.\n"
        "Dann entscheidet der Gemeinde-Rat:\n"
        "So geht es weiter.\n"
    )


@pytest.mark.parametrize(
    ("totals", "lines"),
    [
        (
            {"activities": 1, "minutes": 29, "people_reached": 19},
            ["Im Bericht steht 1 Aufgabe."],
        ),
        (
            {"activities": 999, "minutes": 30, "people_reached": 29},
            [
                "Im Bericht stehen 999 Aufgaben.",
                "Das war 1 Stunde Arbeit.",
                "Mindestens 20 Menschen waren dabei.",
            ],
        ),
        (
            {"activities": 1000, "minutes": 89, "people_reached": 99},
            [
                "Im Bericht stehen mehr als 999 Aufgaben.",
                "Das war 1 Stunde Arbeit.",
                "Mindestens 90 Menschen waren dabei.",
            ],
        ),
        (
            {"activities": 0, "minutes": 999 * 60 + 29, "people_reached": 100},
            [
                "Im Bericht stehen 0 Aufgaben.",
                "Das waren 999 Stunden Arbeit.",
                "Mindestens 100 Menschen waren dabei.",
            ],
        ),
        (
            {"activities": 2, "minutes": 999 * 60 + 30, "people_reached": 999},
            [
                "Im Bericht stehen 2 Aufgaben.",
                "Das waren mehr als 999 Stunden Arbeit.",
                "Mindestens 900 Menschen waren dabei.",
            ],
        ),
        (
            {"activities": 2, "minutes": 0, "people_reached": 1000},
            ["Im Bericht stehen 2 Aufgaben.", "Sehr viele Menschen waren dabei."],
        ),
    ],
)
def test_how_numbers_are_said(totals: dict[str, int], lines: list[str]) -> None:
    assert part_of(counted(**totals), "Was ist passiert?") == lines


@pytest.mark.parametrize(
    ("people", "vacant_days", "lines"),
    [
        (0, 365, ["In dieser Zeit war die Stelle frei."]),
        (2, 0, ["2 Menschen haben diese Aufgabe gemacht.", ""]),
        (2, 1, ["2 Menschen haben diese Aufgabe gemacht.", "Eine Zeit lang war die Stelle frei."]),
    ],
)
def test_who_takes_part(people: int, vacant_days: int, lines: list[str]) -> None:
    snapshot = replace(YEAR, appointments=YEAR.appointments[:people], vacant_days=vacant_days)
    assert part_of(snapshot, "Wer macht mit?")[2:4] == lines


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ((1000, 0), ["- Bildung und Schule: mehr als 999 Aufgaben"]),
        ((1, 2), ["- Bildung und Schule: 1 Aufgabe", "- Andere Themen: 2 Aufgaben"]),
    ],
)
def test_fields_with_something_to_tell(numbers: tuple[int, ...], lines: list[str]) -> None:
    assert part_of(with_fields(*numbers), "Um welche Themen ging es?") == lines


def test_without_anything_in_a_field_there_are_no_themes() -> None:
    assert "Themen" not in easy_draft(with_fields(0, 0))
    assert "Themen" not in easy_draft(with_fields(0, 5))


def with_outcomes(number: int) -> dict[str, Any]:
    concerns = YEAR.concerns
    outcomes = tuple(replace(row, concerns=number) for row in concerns.outcomes)
    return {"concerns": replace(concerns, total=number * len(outcomes), outcomes=outcomes)}


def test_what_became_of_it_in_ones_and_many() -> None:
    intro = [
        "Menschen haben Probleme gemeldet.",
        "Zum Beispiel eine hohe Stufe.",
        "Das ist daraus geworden:",
    ]
    one, many = (
        part_of(replace(YEAR, **with_outcomes(number)), "Was ist daraus geworden?") for number in (1, 1000)
    )
    assert one == [
        *intro,
        "- 1 Sache ist fertig.",
        "- 1 Sache ist versprochen.",
        "- Bei 1 Sache läuft die Arbeit noch.",
        "- 1 Sache macht jemand anderes weiter.",
        "- Bei 1 Sache hat jemand Nein gesagt.",
    ]
    assert many == [
        *intro,
        "- mehr als 999 Sachen sind fertig.",
        "- mehr als 999 Sachen sind versprochen.",
        "- Bei mehr als 999 Sachen läuft die Arbeit noch.",
        "- mehr als 999 Sachen macht jemand anderes weiter.",
        "- Bei mehr als 999 Sachen hat jemand Nein gesagt.",
    ]


def test_without_concerns_the_results_of_the_work_are_told() -> None:
    nothing_reported = replace(YEAR, **with_outcomes(0))
    done = replace(YEAR.results[0], code="done", activities=3)
    open_ = replace(YEAR.results[0], code="open", activities=1)
    assert part_of(replace(nothing_reported, results=(open_, done)), "Was ist daraus geworden?") == [
        "Das ist aus den Aufgaben geworden:",
        "- 3 Sachen sind fertig.",
        "- Bei 1 Sache läuft die Arbeit noch.",
    ]
    assert "geworden" not in easy_draft(replace(nothing_reported, results=()))
