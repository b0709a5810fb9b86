"""The job that is a row: claimed once, counted, given up with a reason, found again. Nothing is typeset here."""

import datetime as dt
import errno
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import override_settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf import render_pdf
from kiv_portal.documents.pdf_gate import check_pdf
from kiv_portal.jobs import work
from reports.content.formats import CONTENT_TYPES, KINDS_SINCE
from reports.editions import building
from reports.editions import services as editions
from reports.figures.snapshot import SNAPSHOT_SCHEMA
from reports.models import (
    BuildStep,
    FileKind,
    FileState,
    InterimReport,
    ReportFile,
    ReportSnapshot,
)
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.tasks import build_file_task, sweep_report_files_task
from tests import factories
from tests.broker import on_call
from tests.people import People
from tests.reports.conftest import PDF, let_lease_run_out
from tests.reports.content import snapshots

Build = Callable[..., None]


@pytest.fixture
def stored_files(file: ReportFile) -> Callable[[], set[str]]:
    """Files stored since the test began."""

    def listed() -> set[str]:
        try:
            return set(default_storage.listdir("editions/08115028")[1])
        except FileNotFoundError:
            return set()

    before = listed()
    return lambda: listed() - before


def broken() -> None:
    raise ZeroDivisionError("on purpose")


# --- one attempt


def test_finished_file_is_what_was_built(file: ReportFile, build: Build) -> None:
    steps: list[str] = []
    build(file, lambda: steps.append(ReportFile.objects.get(pk=file.pk).step))
    assert steps == [BuildStep.PAGES]
    assert (file.state, file.step, file.attempts) == (FileState.DONE, BuildStep.STORE, 1)
    assert file.lease_until is None
    assert file.finished_at
    with file.file.open("rb") as opened:
        stored = opened.read()
    assert stored == PDF
    assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert (file.pages, file.built_by, file.verdict["is_accessible"]) == (7, "worker@test", True)


def test_the_file_is_on_the_disk_before_the_row_says_done(
    file: ReportFile, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, str]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        assert path.is_dir() or path.read_bytes() == PDF  # synced when it was whole
        synced.append((str(path), ReportFile.objects.get(pk=file.pk).state))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    build(file)
    root = os.path.realpath(settings.MEDIA_ROOT)
    assert file.state == FileState.DONE
    assert synced == [  # its bytes, its name, and the folders that may have been made for it
        (f"{root}/{file.file.name}", FileState.RUNNING),
        (f"{root}/editions/08115028", FileState.RUNNING),
        (f"{root}/editions", FileState.RUNNING),
        (root, FileState.RUNNING),
    ]


def test_a_disk_that_does_not_keep_the_file_leaves_it_unfinished(
    file: ReportFile, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(errno.EIO, "on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        build(file)
    assert (file.state, file.file.name, file.attempts) == (FileState.QUEUED, "", 1)
    build(file)
    assert (file.state, file.attempts) == (FileState.DONE, 2)


def test_finished_file_is_not_built_again(file: ReportFile, build: Build) -> None:
    build(file)
    build(file, broken)
    assert (file.state, file.attempts) == (FileState.DONE, 1)


def test_file_at_work_is_left_to_its_worker(file: ReportFile, build: Build) -> None:
    def second_delivery() -> None:
        assert work.claim(ReportFile, file.pk, worker="another@test") is None

    build(file, second_delivery)
    assert (file.state, file.attempts, file.built_by) == (FileState.DONE, 1, "worker@test")


def test_unknown_file_is_no_error(db: None) -> None:
    building.build_file(999_999, worker="worker@test")


def test_what_cannot_be_typeset_fails_at_once_with_its_reason(file: ReportFile, build: Build) -> None:
    def refused() -> None:
        raise RenderingError("Ein Zeichen im Abschnitt Ausblick lässt sich nicht drucken.")

    build(file, refused)
    assert (file.state, file.attempts) == (FileState.FAILED, 1)
    assert file.reason == "Ein Zeichen im Abschnitt Ausblick lässt sich nicht drucken."
    assert file.lease_until is None


@pytest.mark.parametrize("reason", ["", "x" * 900])
def test_any_reason_can_be_stored(file: ReportFile, build: Build, reason: str) -> None:
    def refused() -> None:
        raise RenderingError(reason)

    build(file, refused)
    assert file.state == FileState.FAILED
    assert file.reason == (reason[:500] or editions.TECHNICAL_REASON)


def test_third_failure_is_the_last(file: ReportFile, build: Build, woken: list[int]) -> None:
    for attempt in (1, 2):
        build(file, broken)
        assert (file.state, file.attempts) == (FileState.QUEUED, attempt)
        assert (file.lease_until, file.published_at, file.step) == (None, None, BuildStep.WAITING)
    build(file, broken)
    assert (file.state, file.attempts) == (FileState.FAILED, 3)
    assert file.reason.startswith("Beim Erstellen ist ein technischer Fehler aufgetreten.")
    build(file)  # a late wake-up call
    assert (file.state, file.attempts) == (FileState.FAILED, 3)


def test_failed_file_makes_room_for_a_new_one(
    file: ReportFile, submitted: InterimReport, people: People, build: Build
) -> None:
    for _ in range(3):
        build(file, broken)
    second = editions.request_files(submitted, by=people.contact)
    assert second != file
    assert (second.snapshot, second.attempts) == (file.snapshot, 0)
    assert editions.current_pdf(submitted) == second
    assert editions.request_files(submitted, by=people.coordinator) == second
    build(second)
    assert second.state == FileState.DONE
    assert editions.request_files(submitted, by=people.contact) == second
    file.refresh_from_db()
    assert file.state == FileState.FAILED


def test_file_of_a_draft_is_refused(submitted: InterimReport, people: People) -> None:
    seen = InterimReport.objects.get(pk=submitted.pk)
    states.return_report(submitted, by=people.contact, note="Bitte ändern")
    with pytest.raises(ReportNotEditable, match="Bitte reichen Sie ihn zuerst ein"):
        editions.request_files(seen, by=people.contact)  # the page still shows it submitted


def test_disk_full_is_tried_again(
    file: ReportFile,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    stored_files: Callable[[], set[str]],
) -> None:
    def full(storage: FileSystemStorage, name: str, content: object) -> str:
        half = Path(storage.path(name))
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(b"%PDF-")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            type(default_storage._wrapped if hasattr(default_storage, "_wrapped") else default_storage),
            "_save",
            full,
        )
        build(file)
    assert (file.state, file.attempts, stored_files()) == (FileState.QUEUED, 1, set())
    build(file)
    assert file.state == FileState.DONE
    assert len(stored_files()) == 1


# --- leases


def test_attempt_that_lost_its_lease_writes_nothing(
    file: ReportFile, build: Build, stored_files: Callable[[], set[str]]
) -> None:
    def taken_over() -> None:
        let_lease_run_out(file)
        assert work.claim(ReportFile, file.pk, worker="second@test")

    build(file, taken_over)
    assert (file.state, file.step, file.attempts) == (FileState.RUNNING, BuildStep.WAITING, 2)
    assert (file.built_by, file.sha256, stored_files()) == ("second@test", "", set())


def test_attempt_that_lost_its_lease_does_not_fail_the_other(file: ReportFile, build: Build) -> None:
    def taken_over_and_broken() -> None:
        let_lease_run_out(file)
        assert work.claim(ReportFile, file.pk, worker="second@test")
        raise RenderingError("zu spät")

    build(file, taken_over_and_broken)
    assert (file.state, file.attempts, file.reason) == (FileState.RUNNING, 2, "")


def test_attempt_overtaken_while_it_stores_leaves_no_file(
    file: ReportFile,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    stored_files: Callable[[], set[str]],
) -> None:
    seen: list[set[str]] = []
    digest = hashlib.sha256

    def overtaken(data: bytes) -> object:
        seen.append(stored_files())
        let_lease_run_out(file)
        work.claim(ReportFile, file.pk, worker="second@test")
        return digest(data)

    monkeypatch.setattr("reports.editions.building.hashlib.sha256", overtaken)
    build(file)
    assert [len(files) for files in seen] == [1]
    assert stored_files() == set()
    assert (file.state, file.attempts) == (FileState.RUNNING, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@override_settings(EDITION_LEASE_SECONDS=2)
def test_step_may_take_longer_than_a_lease(file: ReportFile, build: Build) -> None:
    def long_step() -> None:
        first = ReportFile.objects.get(pk=file.pk).lease_until
        assert first
        deadline = time.monotonic() + 30
        while timezone.now() <= first and time.monotonic() < deadline:
            time.sleep(0.05)
        editions.sweep_report_files(timezone.now())
        assert work.claim(ReportFile, file.pk, worker="second@test") is None

    build(file, long_step)
    assert (file.state, file.attempts) == (FileState.DONE, 1)


# --- the sweep


@pytest.fixture
def minute_later() -> Callable[[], dt.datetime]:
    return lambda: timezone.now() + dt.timedelta(seconds=61)


def test_sweep_wakes_for_a_forgotten_row_once(file: ReportFile, woken: list[int], minute_later) -> None:
    assert editions.sweep_report_files(timezone.now()) == 0  # its call may still be on the way
    now = minute_later()
    assert editions.sweep_report_files(now) == 1
    assert editions.sweep_report_files(timezone.now()) == 0
    assert woken == [file.pk]
    file.refresh_from_db()
    assert file.published_at
    assert editions.sweep_report_files(minute_later()) == 1  # the call was lost, so once more a lease later


def test_sweep_finds_the_row_of_a_dead_worker(file: ReportFile, woken: list[int], build: Build) -> None:
    assert work.claim(ReportFile, file.pk, worker="dead@test")
    ReportFile.objects.update(requested_at=timezone.now() - dt.timedelta(minutes=1))
    assert editions.sweep_report_files(timezone.now()) == 0  # its lease still holds
    file.refresh_from_db()
    assert file.state == FileState.RUNNING
    let_lease_run_out(file)
    assert [editions.sweep_report_files(timezone.now()) for _ in range(3)] == [1, 0, 0]
    file.refresh_from_db()
    assert (file.state, file.attempts, file.lease_until) == (FileState.QUEUED, 1, None)
    build(file)
    assert (file.state, file.attempts) == (FileState.DONE, 2)


def test_sweep_gives_up_after_three_dead_workers(file: ReportFile, woken: list[int]) -> None:
    for _ in range(3):
        assert work.claim(ReportFile, file.pk, worker="dead@test")
        let_lease_run_out(file)
        editions.sweep_report_files(timezone.now() + dt.timedelta(seconds=6))
    file.refresh_from_db()
    assert (file.state, file.attempts) == (FileState.FAILED, 3)
    assert file.reason == editions.TECHNICAL_REASON
    assert len(woken) == 2


def test_sweep_leaves_what_is_finished(
    file: ReportFile, woken: list[int], build: Build, minute_later
) -> None:
    build(file)
    before = ReportFile.objects.values().get(pk=file.pk)
    assert editions.sweep_report_files(minute_later()) == 0
    assert ReportFile.objects.values().get(pk=file.pk) == before
    assert woken == []


def test_sweep_stops_knocking_when_the_broker_is_away(
    file: ReportFile, monkeypatch: pytest.MonkeyPatch, minute_later
) -> None:
    knocks = []

    def away(kwargs: dict[str, int], **options: object) -> None:
        knocks.append(kwargs)
        raise OperationalError("Connection refused")

    other = ReportFile.objects.create(  # a second row that waits: each knock would cost seconds
        snapshot=file.snapshot.report.snapshots.create(number=2, data={}, taken_by=file.requested_by),
        requested_by=file.requested_by,
    )
    on_call(monkeypatch, "reports.build_file", away)
    assert editions.sweep_report_files(minute_later()) == 0
    assert len(knocks) == 1
    assert set(ReportFile.objects.filter(state="queued", published_at=None)) == {file, other}


def test_tasks_do_what_the_services_do(
    file: ReportFile, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = []
    monkeypatch.setattr(editions, "sweep_report_files", swept.append)
    sweep_report_files_task.apply()
    assert abs(swept[0] - timezone.now()) < dt.timedelta(minutes=1)
    built = []
    monkeypatch.setattr("reports.tasks.build_file", lambda pk, *, worker: built.append(pk))
    build_file_task.apply(kwargs={"pk": file.pk})
    assert built == [file.pk]


# --- kinds of file


def frozen_at(report: InterimReport, people: People, data: dict) -> ReportFile:
    """The next snapshot of the report, with its finished PDF."""
    snapshot = ReportSnapshot.objects.create(
        report=report, number=report.snapshots.count() + 1, data=data, taken_by=people.contact
    )
    done = {"state": "done", "file": "x", "sha256": "0" * 64, "size": 1}
    return snapshot.editions.create(kind="pdf", requested_by=people.contact, **done)


@pytest.mark.parametrize(
    ("as_of", "schema", "later"),
    [
        (snapshots.as_of_schema_1, 1, []),
        (lambda data: data, 2, []),
        (snapshots.as_of_schema_3, 3, ["summary", "easy", "html", "docx", "odt", "xlsx", "csv", "json"]),
        (snapshots.as_of_schema_4, 4, ["summary", "easy", "html", "docx", "odt", "xlsx", "csv", "json"]),
        (snapshots.as_of_schema_5, 5, ["summary", "easy", "html", "docx", "odt", "xlsx", "csv", "json"]),
        (snapshots.as_of_schema_6, 6, ["summary", "easy", "html", "docx", "odt", "xlsx", "csv", "json"]),
        (snapshots.as_of_schema_7, 7, ["summary", "easy", "html", "docx", "odt", "xlsx", "csv", "json"]),
        (
            lambda data: snapshots.as_of_schema_7(data, "council"),
            7,
            ["summary", "easy", "annex", "html", "docx", "odt", "xlsx", "csv", "json"],
        ),
    ],
)
def test_an_old_report_lacks_no_kind_that_came_later(
    people: People, monkeypatch: pytest.MonkeyPatch, as_of: Callable, schema: int, later: list[str]
) -> None:
    monkeypatch.setattr(editions, "BUILT_KINDS", tuple(FileKind))
    pdf = frozen_at(factories.make_report(people.town), people, as_of(snapshots.normal_year()))
    snapshot = ReportSnapshot.objects.defer("data").get(pk=pdf.snapshot_id)
    assert snapshot.schema == schema
    assert editions.kinds_of(snapshot) == ["pdf", *later]
    assert editions.missing_from([pdf]) == len([kind for kind in later if kind not in ("easy", "annex")])
    pdf.state = "failed"
    assert editions.missing_from([pdf]) == 1 + len([kind for kind in later if kind not in ("easy", "annex")])


def test_every_kind_says_since_when_it_is_there() -> None:
    assert list(KINDS_SINCE) == list(CONTENT_TYPES) == FileKind.values
    assert set(KINDS_SINCE.values()) <= set(range(1, SNAPSHOT_SCHEMA + 1))


# --- waking a worker


@pytest.mark.parametrize("error", [OperationalError("refused"), ConnectionResetError(), TimeoutError()])
def test_request_succeeds_without_the_broker(
    draft: InterimReport,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
    error: Exception,
) -> None:
    def away(**kwargs: object) -> None:
        raise error

    on_call(monkeypatch, "reports.build_file", away)
    with django_capture_on_commit_callbacks(execute=True):
        pdf = states.submit_report(draft, by=people.contact)
    pdf.refresh_from_db()
    assert (pdf.state, pdf.published_at) == (FileState.QUEUED, None)


def test_worker_is_woken_only_after_the_commit(
    draft: InterimReport, people: People, woken: list[int], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        pdf = states.submit_report(draft, by=people.contact)
        assert woken == []
    assert woken == [pdf.pk]
    pdf.refresh_from_db()
    assert pdf.published_at
    with django_capture_on_commit_callbacks(execute=True):
        states.submit_report(draft, by=people.contact)
    assert woken == [pdf.pk]


@pytest.mark.slow
def test_more_than_a_thousand_activities_pass_the_check() -> None:
    """The checking library's own limit is 1,024 rows a table; the list of activities is one table."""
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(1_100))
    html = f"<html lang=de><title>Liste</title><h1>Liste</h1><table><tr><th scope=col>Nummer</th></tr>{rows}</table>"
    assert [
        problem for problem in check_pdf(render_pdf(html, attachments=[])).problems if "limit" in problem
    ] == []
