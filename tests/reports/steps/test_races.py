"""Two people, two windows, two workers in the same moment: real threads with connections of their own."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.models import Activity
from kiv_portal.jobs import work
from reports.editions import services as editions
from reports.models import InterimReport, ReportFile, ReportSection, ReportSnapshot
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable, SectionChanged
from reports.writing import services as texts
from tests import factories
from tests.people import People
from tests.reports.conftest import let_lease_run_out
from tests.threads import Started, at_once, wait_until_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_submissions_in_one_moment(draft: InterimReport, people: People, woken: list[int]) -> None:
    submit = partial(states.submit_report, draft)
    first, second = at_once(lambda: submit(by=people.contact), lambda: submit(by=people.coordinator))
    assert isinstance(first, ReportFile)
    assert first == second
    assert (ReportSnapshot.objects.count(), ReportFile.objects.count()) == (1, 1)
    assert woken == [first.pk]


def test_second_submission_waits_for_the_first(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    with transaction.atomic():
        first = states.submit_report(draft, by=people.contact)
        second = Started(lambda: states.submit_report(draft, by=people.coordinator))
        wait_until_it_waits(second)
    assert second.join() == first
    assert (ReportSnapshot.objects.count(), ReportFile.objects.count()) == (1, 1)


def test_two_restarts_in_one_moment(file: ReportFile, submitted: InterimReport, people: People) -> None:
    ReportFile.objects.update(state="failed", reason="Test")
    again = partial(editions.request_files, submitted)
    first, second = at_once(lambda: again(by=people.contact), lambda: again(by=people.coordinator))
    assert isinstance(first, ReportFile)
    assert first == second
    assert ReportFile.objects.exclude(state="failed").get() == first


def test_restart_waits_for_what_becomes_of_the_report(
    file: ReportFile, submitted: InterimReport, people: People
) -> None:
    ReportFile.objects.update(state="failed", reason="Test")
    with transaction.atomic():
        states.return_report(submitted, by=people.contact, note="Bitte ändern")
        restart = Started(lambda: editions.request_files(submitted, by=people.coordinator))
        wait_until_it_waits(restart)
    assert isinstance(restart.join(), ReportNotEditable)
    assert ReportFile.objects.count() == 1


def test_entry_before_the_submission_is_in_the_snapshot(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    """The entry is not committed yet when the submission comes: the submission waits for it."""
    with transaction.atomic():
        factories.make_activity(people.kiv, people.town, title="In letzter Minute")
        submission = Started(lambda: states.submit_report(draft, by=people.contact))
        wait_until_it_waits(submission)
    assert isinstance(submission.join(), ReportFile)
    assert "In letzter Minute" in {a["title"] for a in ReportSnapshot.objects.get().data["activities"]}


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_entry_after_the_submission_is_refused(
    draft: InterimReport, people: People, woken: list[int], change: str
) -> None:
    """The submission is not committed yet when the entry comes: the entry waits, then hears that it is too late."""
    first = Activity.objects.order_by("day").first()
    assert first
    changes = {
        "insert": lambda: factories.make_activity(people.kiv, people.town, title="Zu spät"),
        "update": lambda: Activity.objects.filter(pk=first.pk).update(title="Zu spät"),
        "delete": lambda: Activity.objects.filter(pk=first.pk).delete(),
    }
    with transaction.atomic():
        states.submit_report(draft, by=people.contact)
        entry = Started(changes[change])
        wait_until_it_waits(entry)
    refusal = entry.join()
    assert isinstance(refusal, IntegrityError), refusal
    assert "closed by a report" in str(refusal)
    frozen = [a["title"] for a in ReportSnapshot.objects.get().data["activities"]]
    assert frozen == list(Activity.objects.order_by("day", "pk").values_list("title", flat=True))


def test_entries_and_submission_in_one_moment(draft: InterimReport, people: People, woken: list[int]) -> None:
    """Whoever comes first: an entry is in the snapshot or refused, never neither and never both."""
    entries = [
        partial(factories.make_activity, people.kiv, people.town, title=f"Eintrag {number}")
        for number in range(4)
    ]
    submit = partial(states.submit_report, draft, by=people.contact)
    *results, pdf = at_once(*entries, submit)
    assert isinstance(pdf, ReportFile)
    frozen = {a["title"] for a in ReportSnapshot.objects.get().data["activities"]}
    for number, result in enumerate(results):
        assert isinstance(result, Activity | IntegrityError), result
        assert (f"Eintrag {number}" in frozen) == isinstance(result, Activity)


def test_two_writers_in_one_moment(draft: InterimReport, people: People) -> None:
    """Both opened the empty section; one is stored, the other is told and keeps the own text on the page."""
    with transaction.atomic():
        texts.save_section(draft, "outlook", "Von Anton", version=0, by=people.contact)
        second = Started(
            lambda: texts.save_section(draft, "outlook", "Von Karin", version=0, by=people.coordinator)
        )
        wait_until_it_waits(second)
    conflict = second.join()
    assert isinstance(conflict, SectionChanged), conflict
    assert conflict.current.text == "Von Anton"
    assert ReportSection.objects.get().text == "Von Anton"


def test_text_saved_while_the_report_is_submitted(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    with transaction.atomic():
        states.submit_report(draft, by=people.contact)
        writer = Started(
            lambda: texts.save_section(draft, "outlook", "Zu spät", version=0, by=people.contact)
        )
        wait_until_it_waits(writer)
    assert isinstance(writer.join(), ReportNotEditable)
    assert ReportSnapshot.objects.get().data["texts"]["outlook"] == ""


def test_text_saved_before_the_submission_is_frozen(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    with transaction.atomic():
        texts.save_section(draft, "outlook", "Gerade noch", version=0, by=people.contact)
        submission = Started(lambda: states.submit_report(draft, by=people.contact))
        wait_until_it_waits(submission)
    assert isinstance(submission.join(), ReportFile)
    assert ReportSnapshot.objects.get().data["texts"]["outlook"] == "Gerade noch"


def test_two_clicks_open_one_report(people: People) -> None:
    first, second = at_once(*[partial(states.open_report, people.town)] * 2)
    assert isinstance(first, InterimReport)
    assert first == second
    assert InterimReport.objects.count() == 1


def test_two_workers_claim_in_one_moment(file: ReportFile) -> None:
    for attempt in (1, 2, 3):  # first waiting, then twice left behind by a dead worker
        claims = at_once(*[partial(work.claim, ReportFile, file.pk, worker=f"{n}@test") for n in range(3)])
        assert [claim for claim in claims if claim is not None] == [file]
        file.refresh_from_db()
        assert (file.state, file.attempts) == ("running", attempt)
        let_lease_run_out(file)


def test_two_sweeps_in_one_moment(file: ReportFile, woken: list[int]) -> None:
    assert work.claim(ReportFile, file.pk, worker="dead@test")
    let_lease_run_out(file)
    now = timezone.now() + dt.timedelta(seconds=6)
    at_once(*[partial(editions.sweep_report_files, now)] * 2)
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("queued", 1)
    assert file.pk in woken  # a second wake-up call would find nothing to claim
