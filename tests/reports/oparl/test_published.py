"""Since when each public object is there, when it last changed, and when it was gone: to the minute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.utils import timezone

from municipalities.models import Municipality
from reports.models import Consultation, CouncilDecision, InterimReport, ReportFile
from reports.oparl import published
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
NOW = timezone.now().replace(microsecond=0)
WRITTEN, DELIVERED, PUBLIC = NOW - 50 * HOUR, NOW - 40 * HOUR, NOW - 30 * HOUR


def set_history(model: type[Any], pk: int, *moments: dt.datetime) -> None:
    """The newest events of a row happened at these moments, all before at the first."""
    events = list(model.pgh_event_model.objects.filter(pgh_obj=pk).order_by("pgh_id"))
    moments = (*[moments[0]] * (len(events) - len(moments)), *moments)
    with pgtrigger.ignore():
        for event, moment in zip(events, moments, strict=True):
            model.pgh_event_model.objects.filter(pk=event.pk).update(pgh_created_at=moment)


def set_values(row: Any, **values: Any) -> None:
    """Without a trace in the history."""
    with pgtrigger.ignore():
        type(row).objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


def publish(report: InterimReport, people: People, **values: Any) -> InterimReport:
    factories.take_to(report, "delivered", by=people.coordinator)
    times = {"delivered_at": DELIVERED, "public_from": PUBLIC, "updated_at": WRITTEN} | values
    set_values(report, **times)
    set_history(InterimReport, report.pk, WRITTEN)
    return report


def consult(report: InterimReport, committee: str, changed: dt.datetime = WRITTEN, **values: Any) -> Any:
    made = report.consultations.create(committee=committee, **values)
    set_values(made, created_at=changed, updated_at=changed)
    return made


def add_file(report: InterimReport, people: People, finished: dt.datetime, **values: Any) -> ReportFile:
    number = values.pop("number", 1)
    snapshot = report.snapshots.filter(number=number).first() or report.snapshots.create(
        number=number, data={}, taken_by=people.coordinator
    )
    done = {"state": "done", "file": "x", "size": 1, "sha256": "0" * 64, "verdict": {"is_accessible": True}}
    return ReportFile.objects.create(
        snapshot=snapshot, requested_by=people.coordinator, finished_at=finished, **(done | values)
    )


@pytest.fixture
def reports(people: People) -> list[InterimReport]:
    """Leonberg's with two consultations and two files; Herrenberg's, whose parts changed last of all."""
    first = factories.make_report(people.town)
    second = factories.make_report(people.other_town)
    consult(first, "Rat", NOW - 9 * HOUR, session_on=dt.date(2022, 11, 22))
    consult(first, "Ausschuss", NOW - 10 * HOUR, session_on=dt.date(2022, 11, 8))
    consult(first, "Beirat", NOW - 12 * HOUR)
    consult(second, "Fremd", NOW - 1 * HOUR, session_on=dt.date(2022, 11, 8))
    add_file(first, people, NOW - 21 * HOUR, kind="csv")
    add_file(first, people, NOW - 20 * HOUR, kind="pdf")
    add_file(second, people, NOW - 2 * HOUR)
    return [publish(report, people) for report in (first, second)]


def paper_of(report: InterimReport, moment: dt.datetime = NOW) -> Any:
    return published.papers(moment).get(pk=report.pk)


# --- reports


def test_reports_stand_in_their_order_with_what_is_public_of_them(reports: list[InterimReport]) -> None:
    assert list(published.papers(NOW)) == reports
    consult(reports[0], "Geheim", is_public=False)
    removed = consult(reports[0], "Abgesagt")
    set_values(removed, deleted_at=NOW)
    assert [row.committee for row in paper_of(reports[0]).shown_consultations] == [
        *("Ausschuss", "Rat", "Beirat")
    ]
    assert list(published.papers(PUBLIC - HOUR)) == []


@pytest.mark.parametrize(
    ("values", "created"),
    [({}, PUBLIC), ({"public_from": DELIVERED - HOUR}, DELIVERED)],
    ids=["later than delivered", "dated back"],
)
def test_a_report_is_there_since_it_was_public_and_delivered(
    people: People, values: dict[str, Any], created: dt.datetime
) -> None:
    report = publish(factories.make_report(people.town), people, **values)
    assert paper_of(report).created == created


def test_a_report_has_changed_when_anything_of_it_has(people: People, reports: list[InterimReport]) -> None:
    first, second = reports
    assert (paper_of(first).modified, paper_of(second).modified) == (NOW - 9 * HOUR, NOW - 1 * HOUR)
    Consultation.objects.filter(report=first).delete()
    assert paper_of(first).modified == NOW - 20 * HOUR
    for file in ReportFile.objects.filter(snapshot__report=first):
        set_values(file, verdict={"is_accessible": False})
    assert paper_of(first).modified == PUBLIC
    for moment in (PUBLIC - HOUR, PUBLIC):
        InterimReport.objects.filter(pk=first.pk).update(public_from=moment)
    set_history(InterimReport, first.pk, NOW - 7 * HOUR, NOW - 5 * HOUR)
    assert paper_of(first).modified == NOW - 5 * HOUR
    set_values(first, public_from=NOW - 4 * HOUR)
    assert paper_of(first).modified == NOW - 4 * HOUR
    set_values(first, delivered_at=NOW - 3 * HOUR)
    assert (paper_of(first).created, paper_of(first).modified) == (NOW - 3 * HOUR, NOW - 3 * HOUR)


# --- reports that were public


def test_a_report_that_is_withdrawn_says_since_when_it_was_there_and_gone(
    people: People, reports: list[InterimReport]
) -> None:
    first, second = reports
    for public_from in (PUBLIC + HOUR, PUBLIC + 2 * HOUR, NOW + HOUR, None):
        InterimReport.objects.filter(pk=first.pk).update(public_from=public_from)
    set_history(InterimReport, first.pk, *(NOW - number * HOUR for number in (20, 19, 10, 9)))
    assert list(published.withdrawn(NOW)) == [first]
    gone = published.withdrawn(NOW).get()
    assert (gone.created, gone.modified, gone.deleted_at) == (PUBLIC + HOUR, NOW - 10 * HOUR, NOW - 10 * HOUR)
    InterimReport.objects.filter(pk=second.pk).update(public_from=NOW + HOUR)
    set_history(InterimReport, second.pk, NOW - 5 * HOUR)
    assert first in published.withdrawn(NOW)
    assert not published.withdrawn(NOW + 2 * HOUR).filter(pk=second.pk).exists()  # public again


# --- consultations and the agenda


def test_a_consultation_is_there_since_its_report_is(reports: list[InterimReport], people: People) -> None:
    rows = {row.committee: (row.created, row.modified) for row in published.consultations(NOW)}
    assert list(rows) == ["Rat", "Ausschuss", "Beirat", "Fremd"]
    assert rows["Rat"] == (NOW - 9 * HOUR, NOW - 9 * HOUR)
    early = consult(reports[0], "Früh", WRITTEN)
    found = published.consultations(NOW).get(pk=early.pk)
    assert (found.created, found.modified) == (PUBLIC, PUBLIC)
    set_values(early, deleted_at=NOW - 3 * HOUR)
    assert published.consultations(NOW).get(pk=early.pk).modified == NOW - 3 * HOUR
    set_values(early, deleted_at=PUBLIC - HOUR)  # before anybody could see it
    assert not published.consultations(NOW).filter(pk=early.pk).exists()


def test_a_point_of_the_agenda_has_changed_when_something_was_decided(
    reports: list[InterimReport], people: People
) -> None:
    for report, recorded in (
        (reports[0], NOW - 6 * HOUR),
        (reports[0], NOW - 5 * HOUR),
        (reports[1], NOW - HOUR / 2),
    ):
        CouncilDecision.objects.create(
            report=report,
            kind="adjourned",
            decided_on=timezone.localdate(),
            recorded_by=people.contact,
            recorded_at=recorded,
        )
    rows = {row.committee: row.modified for row in published.agenda(NOW)}
    assert rows == {"Rat": NOW - 5 * HOUR, "Ausschuss": NOW - 5 * HOUR, "Fremd": NOW - HOUR / 2}


def test_what_came_out_of_a_consultation(reports: list[InterimReport], people: People) -> None:
    report = reports[0]
    today = timezone.localdate()
    rat, ausschuss, beirat = report.consultations.order_by("pk")
    set_values(rat, session_on=today)

    def decide(kind: str, **values: Any) -> CouncilDecision:
        usual = {"decided_on": today, "recorded_by": people.contact}
        return CouncilDecision.objects.create(report=report, kind=kind, **(usual | values))

    assert published.decision_at(rat) is None
    adjourned = decide("adjourned")  # nobody said for which: that of its day
    assert published.decision_at(rat) == adjourned
    assert [published.decision_at(row) for row in (ausschuss, beirat)] == [None, None]
    set_values(ausschuss, session_on=today)
    referred = decide("referred", consultation=ausschuss)
    assert published.decision_at(report.consultations.get(pk=rat.pk)) == adjourned
    assert published.decision_at(report.consultations.get(pk=ausschuss.pk)) == referred
    set_values(beirat, session_on=today)
    noted = decide("noted", consultation=rat)
    assert published.decision_at(report.consultations.get(pk=rat.pk)) == noted


# --- files


def test_only_finished_files_of_the_newest_snapshot_that_passed(
    reports: list[InterimReport], people: People
) -> None:
    first, second = reports
    for kind, values in (
        ("docx", {"verdict": {"is_accessible": False}}),
        ("html", {"state": "failed", "file": "", "size": 0, "sha256": "", "reason": "Auf Wunsch."}),
    ):
        add_file(first, people, NOW, kind=kind, **values)
    rows = [(row.snapshot.report, row.kind, row.created, row.modified) for row in published.files(NOW)]
    assert rows == [
        (first, "csv", NOW - 21 * HOUR, NOW - 21 * HOUR),
        (first, "pdf", NOW - 20 * HOUR, NOW - 20 * HOUR),
        (second, "pdf", NOW - 2 * HOUR, NOW - 2 * HOUR),
    ]
    newest = add_file(second, people, WRITTEN, number=2)
    assert newest not in published.files(NOW)  # in work, and the council has the one before
    set_values(second, delivered_number=2)
    found = published.files(NOW).get(snapshot__report=second)
    assert (found, found.created, found.modified) == (newest, PUBLIC, PUBLIC)
    set_history(InterimReport, second.pk, NOW - 3 * HOUR)
    assert published.files(NOW).get(pk=newest.pk).modified == NOW - 3 * HOUR


# --- towns


def test_towns_are_there_since_their_first_agreement(people: People) -> None:
    town, other = people.town, people.other_town
    calw = Municipality.objects.get(slug="calw")
    begun, later = dt.date(2021, 5, 1), dt.date(2022, 10, 1)
    town.agreements.update(ends_on=dt.date(2022, 9, 30))
    factories.make_agreement(town, starts_on=later)
    calw.agreements.update(starts_on=begun)
    other.agreements.update(starts_on=later)
    Municipality.objects.filter(pk=town.pk).update(population=48_733)
    set_history(Municipality, town.pk, NOW - 9 * HOUR, NOW - 8 * HOUR)
    set_history(Municipality, calw.pk, NOW - 7 * HOUR)
    set_history(Municipality, other.pk, published.first_moment(begun))
    rows = [(row.town, row.created, row.modified) for row in published.bodies(later)]
    midnight = {day: published.first_moment(day) for day in (begun, factories.START, later)}
    assert rows == [
        (town, midnight[factories.START], NOW - 8 * HOUR),
        (other, midnight[later], midnight[later]),
        (calw, midnight[begun], NOW - 7 * HOUR),
    ]
    assert [row.town for row in published.bodies(later - dt.timedelta(days=1))] == [town, calw]
    assert midnight[later].isoformat() == "2022-10-01T00:00:00+02:00"


# --- committees and sittings


def test_a_committee_is_as_old_as_its_first_consultation_and_as_new_as_its_last(
    reports: list[InterimReport],
) -> None:
    report = reports[0]
    consult(report, "Bau-Ausschuss", NOW - 8 * HOUR, session_on=dt.date(2022, 11, 8))
    newer = consult(report, "Bau Ausschuss", NOW - 6 * HOUR)
    gone = consult(report, "Bau Ausschuss!", NOW - 7 * HOUR, session_on=dt.date(2022, 11, 8))
    set_values(gone, deleted_at=NOW - 5 * HOUR)
    consult(report, "???", session_on=dt.date(2022, 12, 1))
    rows = list(published.consultations(NOW).filter(report=report))
    groups = {group.slug: group for group in published.committees(rows)}
    assert list(groups) == ["ausschuss", "bau-ausschuss", "beirat", "gremium", "rat"]
    committee = groups["bau-ausschuss"]
    assert committee.town == report.municipality
    assert (committee.created, committee.modified) == (NOW - 8 * HOUR, NOW - 5 * HOUR)
    assert [row.committee for row in committee.consultations] == [
        *("Bau-Ausschuss", "Bau Ausschuss", "Bau Ausschuss!")
    ]
    assert (committee.newest, committee.deleted_at) == (newer, None)
    sittings = {group.slug: group for group in published.sittings(rows)}
    assert list(sittings) == [
        "ausschuss-2022-11-08",
        "bau-ausschuss-2022-11-08",
        "gremium-2022-12-01",
        "rat-2022-11-22",
    ]
    assert len(sittings["bau-ausschuss-2022-11-08"].shown) == 1
    alone = published.committees([row for row in rows if row.pk == gone.pk])
    assert [(group.newest, group.deleted_at, group.shown) for group in alone] == [(gone, NOW - 5 * HOUR, [])]


def test_what_is_deleted_says_so() -> None:
    assert published.is_deleted(Consultation(deleted_at=NOW))
    assert not published.is_deleted(Consultation())
    assert not published.is_deleted(InterimReport())
