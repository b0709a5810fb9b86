"""What came late for a report is told by the next one: once, apart, and in no figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from activities.models import Activity, ClosedPeriod
from reports.content.chapters import chapters
from reports.content.data_files import sheets
from reports.content.open_data import published
from reports.content.report import report_charts
from reports.figures.snapshot import Snapshot
from reports.models import InterimReport
from reports.steps import services as states
from reports.steps.freezing import snapshot_of
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
DATED = dt.date(2022, 10, 12)
BEFORE = (dt.date(2020, 10, 1), dt.date(2021, 9, 30))


@pytest.fixture
def late(people: People) -> Activity:
    """Of the year before, whose report has been submitted."""
    people.kiv.appointments.update(starts_on=BEFORE[0])
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=BEFORE[0], ends_on=BEFORE[1], reason="Bericht"
    )
    return factories.make_activity(
        people.kiv, people.town, title="Begehung Freibad", day=dt.date(2021, 7, 14), minutes=90, is_late=True
    )


@pytest.fixture
def report(people: People, late: Activity) -> InterimReport:
    factories.make_activity(people.kiv, people.town, title="In der Zeit", minutes=60)
    return factories.make_report(people.town, state="draft")


def frozen(report: InterimReport) -> Snapshot:
    return snapshot_of(report, dated=DATED)


def told(report: InterimReport) -> list[str]:
    return [activity.title for activity in frozen(report).late]


def test_the_next_report_tells_it_apart_and_counts_it_nowhere(report: InterimReport) -> None:
    snapshot = frozen(report)
    assert [activity.title for activity in snapshot.late] == ["Begehung Freibad"]
    assert [activity.title for activity in snapshot.activities] == ["In der Zeit"]
    assert (snapshot.totals.activities, snapshot.totals.minutes) == (1, 60)
    chapter: Any = next(
        one for one in chapters(snapshot, report_charts(snapshot)) if one["title"] == "Nachträge"
    )
    assert chapter["lead"] == (
        "1\xa0Aktivität aus früheren Zeiträumen wurde nachgetragen, zusammen 1,5\xa0Stunden. "
        "In den Zahlen dieses Berichts zählt sie nicht mit."
    )
    by_name = {name: rows for name, _, rows in sheets(snapshot)}
    assert [row[4] for row in by_name["Nachträge"]] == ["Begehung Freibad"]
    assert [activity["title"] for activity in published(snapshot)["late"]] == ["Begehung Freibad"]


def test_without_one_there_is_no_word_of_it(people: People) -> None:
    snapshot = frozen(factories.make_report(people.town, state="draft"))
    assert "Nachträge" not in [one["title"] for one in chapters(snapshot, report_charts(snapshot))]
    assert "Nachträge" not in [name for name, _, _ in sheets(snapshot)]


def test_it_is_told_once(report: InterimReport, late: Activity, people: People) -> None:
    states.submit_report(report, by=people.contact)
    late.refresh_from_db()
    assert late.reported_in == ClosedPeriod.objects.get(starts_on=report.period_start)
    assert report.snapshots.get().data["late"][0]["title"] == "Begehung Freibad"
    assert told(report) == ["Begehung Freibad"]
    after = factories.make_report(
        people.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2023, 9, 30), due_on=DATED
    )
    assert told(after) == []


def test_a_report_that_comes_back_lets_it_go(report: InterimReport, late: Activity, people: People) -> None:
    states.submit_report(report, by=people.contact)
    states.return_report(report, by=people.coordinator, note="Kosten fehlen")
    late.refresh_from_db()
    assert (late.reported_in, late.is_late) == (None, True)
    late.title = "Begehung Hallenbad"
    late.save()
    report.refresh_from_db()
    assert told(report) == ["Begehung Hallenbad"]


def test_what_came_late_for_this_report_is_not_told_by_it(report: InterimReport, people: People) -> None:
    states.submit_report(report, by=people.contact)
    factories.make_activity(people.kiv, people.town, title="Zu spät", is_late=True)
    assert told(report) == ["Begehung Freibad"]
    after = factories.make_report(
        people.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2023, 9, 30), due_on=DATED
    )
    assert told(after) == ["Zu spät"]


def test_another_town_has_no_part_in_it(report: InterimReport, people: People) -> None:
    assert told(factories.make_report(people.other_town)) == []


def test_a_report_does_not_tell_what_lies_behind_its_period(report: InterimReport, people: People) -> None:
    ClosedPeriod.objects.create(
        municipality=people.town,
        starts_on=dt.date(2022, 10, 1),
        ends_on=dt.date(2023, 9, 30),
        reason="Bericht",
    )
    factories.make_activity(people.kiv, people.town, title="Später", day=dt.date(2023, 1, 9), is_late=True)
    assert told(report) == ["Begehung Freibad"]
