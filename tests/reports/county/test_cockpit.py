"""The cockpit's table: every cell of every row, every order, and the file that holds the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from kiv_portal.periods import Period
from reports.county.cockpit import (
    COLUMNS,
    SORTS,
    ReportRow,
    cockpit_cells,
    cockpit_headings,
    cockpit_rows,
    in_order,
)
from reports.models import CouncilDecision, InterimReport, ReportFile, ReportState
from reports.steps.record import take_step
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

YEAR = Period(factories.START, factories.END)
TODAY = dt.date(2022, 11, 15)
SHORT = {"period_start": dt.date(2021, 11, 1), "due_on": dt.date(2022, 12, 1)}


def file_of(report: InterimReport, people: People, kind: str, state: str, number: int = 1) -> ReportFile:
    snapshot = report.snapshots.filter(number=number).first() or report.snapshots.create(
        number=number, data={}, taken_by=people.coordinator
    )
    done = (
        {"file": "x", "sha256": "0" * 64, "size": 1, "verdict": {"is_accessible": True}}
        if state == "done"
        else {}
    )
    reason = {"reason": "Auf Wunsch."} if state == "failed" else {}
    return ReportFile.objects.create(
        snapshot=snapshot, kind=kind, state=state, requested_by=people.coordinator, **done, **reason
    )


@pytest.fixture
def rows(people: People) -> list[ReportRow]:
    """Made in another order than they stand in."""
    towns = {"Leonberg": people.town, "Herrenberg": people.other_town}
    for number, name in enumerate(("Nufringen", "Weissach", "Ehningen", "Aidlingen"), start=1):
        towns[name] = factories.make_town(name, f"0811500{number}")
    late = towns["Nufringen"]
    factories.make_agreement(late, starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2022, 3, 31))
    factories.make_agreement(late, starts_on=dt.date(2022, 4, 1), ends_on=dt.date(2023, 3, 31))
    for name in ("Aidlingen", "Ehningen"):
        factories.make_agreement(towns[name])
    factories.make_agreement(towns["Weissach"], starts_on=factories.END + dt.timedelta(days=1))
    report = {name: factories.make_report(towns[name]) for name in ("Leonberg", "Ehningen", "Aidlingen")}
    report["Herrenberg"] = factories.make_report(towns["Herrenberg"], **SHORT)
    report["Leonberg"].consultations.create(committee="Sozialausschuss", session_on=dt.date(2022, 11, 8))
    report["Ehningen"].consultations.create(committee="Rat", session_on=dt.date(2022, 11, 22))
    for kind, state, number in (
        *(("csv", "failed", 1), ("pdf", "done", 1)),  # of an earlier snapshot
        *(("docx", "failed", 2), ("csv", "failed", 2), ("csv", "queued", 2), ("pdf", "done", 2)),
    ):
        file_of(report["Leonberg"], people, kind, state, number)
    for kind, state in (("pdf", "done"), ("csv", "done")):
        file_of(report["Ehningen"], people, kind, state)
    file_of(report["Aidlingen"], people, "pdf", "failed")  # taken back to work since
    for name, state in (("Leonberg", "delivered"), ("Ehningen", "delivered"), ("Herrenberg", "submitted")):
        factories.take_to(report[name], state, by=people.coordinator)
    today = timezone.localdate()
    words = {"text": "Es geht weiter.", "votes_yes": 20, "votes_no": 3, "votes_abstained": 1}
    for kind, days, said in (("continued", 3, words), ("adjourned", 1, {})):
        CouncilDecision.objects.create(
            report=report["Ehningen"],
            kind=kind,
            decided_on=today + dt.timedelta(days=days),
            recorded_by=people.contact,
            **said,
        )
    take_step(report["Ehningen"], ReportState.DECIDED, by=people.coordinator)
    return cockpit_rows(people.town.county, YEAR, TODAY)


UNDECIDED = [None, None, None, "", "", "", None]


def test_every_cell_of_every_row(rows: list[ReportRow]) -> None:
    headings = cockpit_headings()
    assert [heading.name for heading in headings] == [
        *("Kommune", "Vereinbarung von", "Vereinbarung bis", "Zeitraum von", "Zeitraum bis", "Fällig am"),
        *("Überfällig", "Stand", "Dateien fertig", "Dateien nicht gelungen", "Gremium", "Sitzung am"),
        *(
            "Beschluss fehlt",
            "Beschluss",
            "Beschlossen am",
            "Ja",
            "Nein",
            "Enthaltungen",
            "Wortlaut",
            "Auflagen",
        ),
        *("Grund oder Auftrag", "Berichtigt am"),
    ]
    assert all(heading.meaning.endswith(".") for heading in headings)
    cells = [cockpit_cells(row) for row in rows]
    start, end, due = factories.START, factories.END, dt.date(2022, 10, 31)
    decided = timezone.localdate() + dt.timedelta(days=3)
    assert [row[15:] for row in cells] == [
        UNDECIDED,
        [20, 3, 1, "Es geht weiter.", "", "", None],
        *[UNDECIDED] * 3,
    ]
    assert [row[:15] for row in cells] == [
        ["Aidlingen", start, None, start, end, due, "ja", "In Arbeit", 0, 0, "Gemeinderat", None, "", "", None],
        ["Ehningen", start, None, start, end, due, "", "Beschlossen", 2, 0, "Rat", dt.date(2022, 11, 22), "",
         "Fortführung unverändert", decided],
        ["Herrenberg", start, None, SHORT["period_start"], end, SHORT["due_on"], "", "Eingereicht", 0, 0,
         "Gemeinderat", None, "", "", None],
        ["Leonberg", start, None, start, end, due, "", "Zugestellt", 1, 1, "Sozialausschuss",
         dt.date(2022, 11, 8), "ja", "", None],
        ["Nufringen", dt.date(2022, 4, 1), dt.date(2023, 3, 31), None, None, None, "", "noch keiner", 0, 0, "",
         None, "", "", None],
    ]  # fmt: skip
    types: dict[str, Any] = {"text": str, "date": dt.date, "integer": int}
    for row in cells:
        for heading, cell in zip(headings, row, strict=True):
            assert cell is None or isinstance(cell, types[heading.kind]), heading.name


def test_files_stand_in_the_order_of_their_kinds_the_latest_of_each(rows: list[ReportRow]) -> None:
    found = {row.town.name: [(file.kind, file.state) for file in row.files] for row in rows}
    assert found == {
        "Aidlingen": [],
        "Ehningen": [("pdf", "done"), ("csv", "done")],
        "Herrenberg": [],
        "Leonberg": [("pdf", "done"), ("docx", "failed"), ("csv", "queued")],
        "Nufringen": [],
    }
    leonberg = rows[3]
    assert (leonberg.done, leonberg.failed, leonberg.unfinished) == (1, 1, 1)
    assert leonberg.failed_text == "1 nicht gelungen"
    assert [row.is_frozen for row in rows] == [False, True, True, True, False]


A, E, H, L, N = "Aidlingen", "Ehningen", "Herrenberg", "Leonberg", "Nufringen"
ORDERS = {
    "kommune": ([A, E, H, L, N], [N, L, H, E, A]),
    "vereinbarung": ([A, E, H, L, N], [N, A, E, H, L]),
    "zeitraum": ([A, E, L, H, N], [H, A, E, L, N]),
    "faellig": ([A, E, L, H, N], [H, A, E, L, N]),
    "stand": ([N, A, H, L, E], [E, L, H, A, N]),
    "ausgaben": ([L, E, A, H, N], [E, L, A, H, N]),  # what failed first
    "sitzung": ([L, E, A, H, N], [E, L, A, H, N]),
    "beschluss": ([L, E, A, H, N], [E, L, A, H, N]),  # who owes one first
}


@pytest.mark.parametrize("name", SORTS)
def test_every_column_orders_the_rows_and_what_has_no_value_stands_last(
    rows: list[ReportRow], name: str
) -> None:
    forwards, backwards = ORDERS[name]
    mixed = [rows[number] for number in (3, 0, 4, 2, 1)]
    assert [row.town.name for row in in_order(mixed, name)] == forwards
    assert [row.town.name for row in in_order(mixed, f"-{name}")] == backwards


def test_who_owes_a_decision_longest_and_who_decided_first(people: People, rows: list[ReportRow]) -> None:
    """Of two that have decided the earlier stands before the later."""
    leonberg = InterimReport.objects.get(municipality=people.town, period_end=factories.END)
    CouncilDecision.objects.create(
        report=leonberg,
        kind="ended",
        decided_on=timezone.localdate() + dt.timedelta(days=1),
        recorded_by=people.contact,
    )
    take_step(leonberg, ReportState.DECIDED, by=people.coordinator)
    found = cockpit_rows(people.town.county, YEAR, TODAY)
    assert [row.town.name for row in in_order(found, "beschluss")] == [L, E, A, H, N]


def test_reports_of_one_town_stand_by_their_beginning(people: People) -> None:
    for month in (5, 1):
        factories.make_report(
            people.town, period_start=dt.date(2022, month, 1), period_end=dt.date(2022, month, 31)
        )
    rows = in_order(reversed(cockpit_rows(people.town.county, YEAR, TODAY)), "kommune")
    assert [(row.town.name, row.report and row.report.period_start.month) for row in rows] == [
        (H, None),
        (L, 1),
        (L, 5),
    ]


def test_every_column_has_its_order_and_its_label() -> None:
    assert list(COLUMNS) == list(SORTS)
    assert list(COLUMNS.values()) == [
        *("Kommune", "Vereinbarung", "Zeitraum", "Fällig", "Stand", "Dateien", "Sitzung", "Beschluss")
    ]
