"""The bold line under each chapter's title, as a whole sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiv_portal.documents.prose import Block
from reports.content import leads
from reports.content.report import front_page
from reports.figures.snapshot import Outcome, Snapshot, read_snapshot
from tests.reports.content import snapshots

YEAR = read_snapshot(snapshots.normal_year())


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


# --- fields and months


def with_fields(total: int, *numbers: int, cross_cutting: int = 0) -> Snapshot:
    own = tuple(replace(f, activities=n) for f, n in zip(YEAR.fields, numbers, strict=False))
    quer = replace(YEAR.fields[-1], activities=cross_cutting)
    return replace(YEAR, fields=(*own, quer), totals=replace(YEAR.totals, activities=total))


@pytest.mark.parametrize(
    ("snapshot", "sentence"),
    [
        (with_fields(0, 0, 0), "Im Berichtszeitraum sind keine Aktivitäten festgehalten."),
        (
            with_fields(3, 0, 0, cross_cutting=3),
            "Alle Aktivitäten galten mehreren Handlungsfeldern zugleich.",
        ),
        (
            with_fields(4, 1, 2, cross_cutting=3),
            "3 von 4 Aktivitäten galten mehreren Handlungsfeldern zugleich (75 %). Von den einzelnen Feldern kam am"
            " häufigsten „Arbeit und Freizeit“ vor: 2-mal.",
        ),
        (
            with_fields(7, 2, 2, cross_cutting=3),
            "3 von 7 Aktivitäten galten mehreren Handlungsfeldern zugleich (43 %). Von den einzelnen Feldern kamen am"
            " häufigsten „Bildung und Schule“ und „Arbeit und Freizeit“ vor: je 2-mal.",
        ),
        (
            with_fields(4, 1, 2, cross_cutting=1),
            "Der Schwerpunkt lag auf Arbeit und Freizeit: 2 von 4 Aktivitäten (50 %).",
        ),
        (with_fields(1, 1, 0), "Der Schwerpunkt lag auf Bildung und Schule: 1 von 1 Aktivität (100 %)."),
        (
            with_fields(9, 4, 1, 4),
            "Die Schwerpunkte lagen auf „Bildung und Schule“ und „Leben und Wohnen“: je 4 von 9 Aktivitäten.",
        ),
        (
            with_fields(10, 2, 2, 2, 2, 2),
            "Alle fünf Handlungsfelder kamen gleich oft vor: je 2 von 10 Aktivitäten.",
        ),
        (
            with_fields(3, 1, 1, 1),
            "Alle drei Handlungsfelder kamen gleich oft vor: je 1 von 3 Aktivitäten.",
        ),
        (with_fields(2, 1, 1), "Beide Handlungsfelder kamen gleich oft vor: je 1 von 2 Aktivitäten."),
    ],
)
def test_fields(snapshot: Snapshot, sentence: str) -> None:
    assert plain(leads.about_fields(snapshot)) == sentence


def with_months(*numbers: int, end: str = "2022-09-30") -> Snapshot:
    months = tuple(replace(row, activities=n) for row, n in zip(YEAR.months, numbers, strict=False))
    return replace(YEAR, months=months, period=replace(YEAR.period, end=end))


@pytest.mark.parametrize(
    ("snapshot", "sentence"),
    [
        (with_months(), ""),
        (with_months(0, 0), ""),
        (
            with_months(0, 1, 0),
            "Am meisten geschah im November 2021 mit 1 Aktivität; der Durchschnitt lag bei 0,3 im Monat.",
        ),
        (
            with_months(5, 5, 1, 5),
            "Am meisten geschah im Oktober 2021, November 2021 und Januar 2022 mit je 5 Aktivitäten;"
            " der Durchschnitt lag bei 4,0 im Monat.",
        ),
        (
            with_months(2, 2, 2, 2),
            "Die Tätigkeit verteilte sich über das Jahr: im Durchschnitt 2,0 Aktivitäten im Monat.",
        ),
        (
            with_months(2, 2, 2, 2, end="2022-10-01"),  # a leap year has as many days
            "Die Tätigkeit verteilte sich über das Jahr: im Durchschnitt 2,0 Aktivitäten im Monat.",
        ),
        (
            with_months(2, 2, 2, 2, end="2022-10-02"),
            "Die Tätigkeit verteilte sich über den Zeitraum: im Durchschnitt 2,0 Aktivitäten im Monat.",
        ),
        (
            with_months(2, 2, 2, 2, end="2022-09-29"),
            "Die Tätigkeit verteilte sich über den Zeitraum: im Durchschnitt 2,0 Aktivitäten im Monat.",
        ),
    ],
)
def test_months(snapshot: Snapshot, sentence: str) -> None:
    assert plain(leads.about_months(snapshot)) == sentence


# --- results


def with_concerns(**numbers: int) -> Snapshot:
    outcomes = tuple(replace(row, concerns=numbers.get(row.code, 0)) for row in YEAR.concerns.outcomes)
    if "withdrawn" in numbers:  # a line only where there is one
        outcomes += (Outcome(code="withdrawn", name="zurückgezogen", concerns=numbers["withdrawn"]),)
    total = sum(numbers.values())
    return replace(YEAR, concerns=replace(YEAR.concerns, total=total, outcomes=outcomes))


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"done": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist umgesetzt."),
        ({"open": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist noch offen."),
        ({"passed_on": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist weitergegeben."),
        ({"done": 5, "promised": 3}, "Von 8 Anliegen sind 5 umgesetzt und 3 zugesagt."),
        ({"done": 1, "refused": 1}, "Von 2 Anliegen ist 1 umgesetzt; 1 ist abgelehnt."),
        ({"promised": 1, "done": 1}, "Von 2 Anliegen sind 1 umgesetzt und 1 zugesagt."),
        ({"done": 1, "withdrawn": 2}, "Von 3 Anliegen ist 1 umgesetzt; 2 sind zurückgezogen."),
        ({"withdrawn": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist zurückgezogen."),
        (
            {"open": 3, "refused": 1, "passed_on": 2},
            "Von 6 Anliegen ist noch keines umgesetzt oder zugesagt;"
            " 2 sind weitergegeben, 1 ist abgelehnt, 3 sind noch offen.",
        ),
        ({"done": 1234}, "Von 1.234 Anliegen sind 1.234 umgesetzt."),
    ],
)
def test_concerns(numbers: dict[str, int], sentence: str) -> None:
    snapshot = with_concerns(**numbers)
    assert plain(leads.about_concerns(snapshot)) == plain(leads.about_results(snapshot)) == sentence


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({}, ""),
        (
            {"open": 2},
            "Es gibt 2 Aktivitäten mit festgehaltenem Ergebnis; umgesetzt ist noch nichts.",
        ),
        (
            {"done": 1, "open": 2},
            "Von 3 Aktivitäten mit festgehaltenem Ergebnis ist 1 umgesetzt (33 %).",
        ),
        ({"done": 2}, "Von 2 Aktivitäten mit festgehaltenem Ergebnis sind 2 umgesetzt (100 %)."),
        ({"done": 1}, "Von 1 Aktivität mit festgehaltenem Ergebnis ist 1 umgesetzt (100 %)."),
    ],
)
def test_without_concerns_the_results_of_activities(numbers: dict[str, int], sentence: str) -> None:
    results = tuple(replace(YEAR.results[0], code=code, activities=n) for code, n in numbers.items())
    assert plain(leads.about_results(replace(with_concerns(), results=results))) == sentence


# --- the town, its people, the proposal


def with_agreement(**values: Any) -> Snapshot:
    assert YEAR.agreement
    return replace(YEAR, agreement=replace(YEAR.agreement, **values))


def test_agreement() -> None:
    since = "Leonberg nimmt seit dem 01.10.2021 am Programm „Kommunale Inklusionsvermittler“ teil."
    signed = " Grundlage ist die Kooperationsvereinbarung vom 12.02.2021 mit dem Landratsamt Böblingen."
    assert leads.about_agreement(YEAR) == since + signed
    assert leads.about_agreement(with_agreement(ends_on="2024-09-30", signed_on=None)) == (
        since.replace("seit dem 01.10.2021", "vom 01.10.2021 bis zum 30.09.2024")
        + signed.replace(" vom 12.02.2021", "")
    )
    assert leads.about_agreement(replace(YEAR, agreement=None)) == ""


@pytest.mark.parametrize(
    ("people", "vacant_days", "sentence"),
    [
        (0, 365, "Im Berichtszeitraum war in Leonberg niemand bestellt."),
        (1, 0, "Eine Person war {}; die Stelle war durchgehend besetzt."),
        (2, 1, "Zwei Personen waren {}; 1 Tag lang war die Stelle nicht besetzt."),
        (2, 30, "Zwei Personen waren {}; 30 Tage lang war die Stelle nicht besetzt."),
    ],
)
def test_people(people: int, vacant_days: int, sentence: str) -> None:
    snapshot = replace(YEAR, appointments=YEAR.appointments[:people], vacant_days=vacant_days)
    appointed = "im Berichtszeitraum in Leonberg für die Inklusionsvermittlung bestellt"
    assert plain(leads.about_people(snapshot)) == sentence.format(appointed)


def test_vacancy() -> None:
    sentences = [plain(leads.about_vacancy(replace(YEAR, vacant_days=days))) for days in (0, 1, 30)]
    assert sentences == [
        "",
        "Die Stelle war 1 Tag lang nicht besetzt.",
        "Die Stelle war 30 Tage lang nicht besetzt.",
    ]


def test_proposal() -> None:
    before, two, one = Block("p", ["Der Rat beschließt:"]), Block("ol", ["a", "b"]), Block("ul", ["c"])
    assert leads.about_proposal([before, two, one]) == "Vorgeschlagen ist ein Beschluss in drei Punkten."
    assert leads.about_proposal([two]) == "Vorgeschlagen ist ein Beschluss in zwei Punkten."
    assert leads.about_proposal([before, one]) == leads.about_proposal([before]) == ""


@pytest.mark.parametrize(
    ("minutes", "travel", "cents", "sentence"),
    [
        (0, 60, 100, ""),
        (7200, 0, 0, "Der Einsatz umfasste 120 Stunden, im Durchschnitt 10,0 Stunden im Monat."),
        (
            7200,
            60,
            0,
            "Der Einsatz umfasste 120 Stunden, im Durchschnitt 10,0 Stunden im Monat; dazu kamen 1 Stunde Fahrzeit.",
        ),
        (
            90,
            None,
            1250,
            "Der Einsatz umfasste 1,5 Stunden, im Durchschnitt 0,1 Stunden im Monat; dazu kamen 12,50 Euro Auslagen.",
        ),
        (
            7200,
            90,
            1200,
            "Der Einsatz umfasste 120 Stunden, im Durchschnitt 10,0 Stunden im Monat;"
            " dazu kamen 1,5 Stunden Fahrzeit und 12 Euro Auslagen.",
        ),
    ],
)
def test_effort(minutes: int, travel: int | None, cents: int, sentence: str) -> None:
    totals = replace(YEAR.totals, minutes=minutes, travel_minutes=travel, expenses_cents=cents)
    assert plain(leads.about_effort(replace(YEAR, totals=totals))) == sentence
    assert leads.about_effort(replace(YEAR, totals=totals, months=())) == ""


# --- key figures


@pytest.mark.parametrize(
    ("snapshot", "figure"),
    [
        (replace(YEAR, concerns=replace(YEAR.concerns, total=0)), ("14 von 58", "Ergebnissen umgesetzt")),
        (YEAR, ("5 von 12", "Anliegen umgesetzt")),
        (
            replace(YEAR, concerns=replace(YEAR.concerns, total=0), results=()),
            ("5 von 5", "Handlungsfeldern mit Aktivitäten"),
        ),
    ],
)
def test_the_fourth_figure_says_what_became_of_it(snapshot: Snapshot, figure: tuple[str, str]) -> None:
    assert front_page(snapshot, "1")["figures"][3] == figure


@pytest.mark.parametrize(
    ("people", "label"),
    [
        (0, ("0", "Personen bestellt, die Stelle war nicht besetzt")),
        (1, ("1", "Person für die Inklusion bestellt")),
        (2, ("2", "Personen für die Inklusion bestellt")),
    ],
)
def test_nobody_takes_it_for_a_placement(people: int, label: tuple[str, str]) -> None:
    assert front_page(replace(YEAR, appointments=YEAR.appointments[:people]), "1")["figures"][4] == label
