"""A town's year before its report, and what only looks like a worker."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kiv_portal.documents.pdf_gate import PdfVerdict
from reports.content.report import BuildStep, BuiltReport
from reports.editions import building
from reports.editions import services as editions
from reports.figures.snapshot import Snapshot
from reports.models import FileKind, InterimReport, ReportFile
from reports.steps import services as states
from tests import factories
from tests.broker import woken_by
from tests.people import People

PDF = b"%PDF-1.7 Zwischenbericht"


@pytest.fixture
def draft(people: People) -> InterimReport:
    """Leonberg's report of the year with three activities, in work."""
    for day, code, reached in (
        (dt.date(2021, 10, 1), "bildung", 12),
        (dt.date(2022, 3, 1), "verkehr", None),
        (dt.date(2022, 9, 30), "verkehr", 3),
    ):
        factories.make_activity(
            people.kiv, people.town, day=day, field=factories.make_field(code), people_reached=reached
        )
    return factories.make_report(people.town)


@pytest.fixture(autouse=True)
def one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF stands for all editions: what is true of its row is true of the others'."""
    monkeypatch.setattr(editions, "BUILT_KINDS", (FileKind.PDF,))


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody is woken; the ids of the editions for which it was tried."""
    return woken_by(monkeypatch, "reports.build_file")


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`build(edition)` is one attempt of a worker that typesets nothing.

    `during` is called in the middle; what it raises, the typesetting raises.
    """

    def attempt(
        edition: ReportFile, during: Callable[[], object] = lambda: None, *, is_accessible: bool = True
    ) -> None:
        def drawn(snapshot: Snapshot, *, progress: Callable[[BuildStep], None], **_: Any) -> BuiltReport:
            for step in (BuildStep.CHARTS, BuildStep.TEXT, BuildStep.PAGES):
                progress(step)
            during()
            progress(BuildStep.CHECK)
            return BuiltReport(PDF, PdfVerdict(is_accessible, [], 7, 3, 9, 2, []))

        with monkeypatch.context() as patch:
            patch.setattr("reports.content.editions.build_report_pdf", drawn)
            building.build_file(edition.pk, worker="worker@test")
        edition.refresh_from_db()

    return attempt


@pytest.fixture
def submitted(draft: InterimReport, people: People, woken: list[int]) -> InterimReport:
    states.submit_report(draft, by=people.contact)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def edition(submitted: InterimReport) -> ReportFile:
    return ReportFile.objects.get(snapshot__report=submitted)


def let_lease_run_out(edition: ReportFile) -> None:
    ReportFile.objects.filter(pk=edition.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


class Started:
    """A call in a thread of its own, with a database connection of its own."""

    def __init__(self, call: Callable[[], Any], gate: threading.Barrier | None = None) -> None:
        self.result: Any = None
        self._call, self._gate = call, gate
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            if self._gate:
                self._gate.wait(30)
            self.result = self._call()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def is_running(self) -> bool:
        return self._thread.is_alive()

    def join(self) -> Any:
        """The call's result, or the exception it ended with."""
        self._thread.join(60)
        assert not self._thread.is_alive(), "the call hangs"
        return self.result


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(calls))
    return [thread.join() for thread in [Started(call, gate) for call in calls]]


def wait_until_it_waits(started: Started) -> None:
    """Until the other connection stands before a lock of ours."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(  # not pg_stat_activity: inside a transaction it never changes
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        assert started.is_running(), f"it did not wait: {started.result!r}"
        time.sleep(0.01)
    raise AssertionError("it never came to the lock")
