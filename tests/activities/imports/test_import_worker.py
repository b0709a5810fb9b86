"""The real worker, killed in the middle of an import: in the end every row is in the log exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from activities.imports import services
from activities.models import Activity, ActivityImport, ImportRun, RunKind, RunStep
from kiv_portal.jobs.models import JobState
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.table_files import HEADER
from tests.live import LiveProcess
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 3_000
LEASE_SECONDS = 3


@pytest.fixture
def imported(people: People) -> ActivityImport:
    factories.make_field()
    factories.make_kind()
    rows = [
        [f"{number % 28 + 1}.3.2022", f"Nummer {number}", "5 min", "Begehung", "Bildung und Schule"]
        for number in range(ROWS)
    ]
    return services.open_import(
        people.kiv, name="Liste.csv", data=files.csv([HEADER, *rows]), by=people.mediator
    )


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def is_storing() -> bool:
    """Another connection has rows of the log on the way that nobody can see yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock'"
            " AND relation = 'activities_activity'::regclass AND pid <> pg_backend_pid()"
            # the other test process's database is a copy: its tables have the same numbers
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def sweep_until_finished(run: ImportRun) -> None:
    def finished() -> bool:
        services.sweep_imports(timezone.now())
        time.sleep(0.3)
        run.refresh_from_db()
        return not run.is_unfinished

    wait_until(finished, "the run was never finished")


def test_killed_while_storing_ends_with_every_row_once(
    imported: ActivityImport, people: People, new_worker: Callable[..., LiveProcess], settings
) -> None:
    settings.EDITION_LEASE_SECONDS = LEASE_SECONDS
    worker = new_worker(KIV_EDITION_LEASE_SECONDS=str(LEASE_SECONDS))
    check = services.request_run(imported, RunKind.CHECK, by=people.mediator)
    sweep_until_finished(check)
    assert (check.state, imported.rows.filter(verdict="ok").count()) == (JobState.DONE, ROWS)

    store = services.request_run(imported, RunKind.STORE, by=people.mediator)
    wait_until(is_storing, "the worker did not begin to store")
    worker.kill()
    store.refresh_from_db()
    assert (store.state, store.step) == (JobState.RUNNING, RunStep.JUDGE)
    assert Activity.objects.count() == 0

    new_worker(KIV_EDITION_LEASE_SECONDS=str(LEASE_SECONDS))
    sweep_until_finished(store)
    assert (store.state, store.attempts, store.stored) == (JobState.DONE, 2, ROWS)
    assert Activity.objects.count() == ROWS
    assert Activity.objects.values("title").distinct().count() == ROWS


def test_called_off_in_the_middle_stores_nothing(
    imported: ActivityImport, people: People, new_worker: Callable[..., LiveProcess]
) -> None:
    worker = new_worker()
    check = services.request_run(imported, RunKind.CHECK, by=people.mediator)
    sweep_until_finished(check)
    store = services.request_run(imported, RunKind.STORE, by=people.mediator)
    wait_until(is_storing, "the worker did not begin to store")
    assert services.call_off(imported)
    worker.wait_for("lost its lease", seconds=60)
    store.refresh_from_db()
    assert (store.state, store.reason) == (JobState.FAILED, services.CALLED_OFF)
    assert Activity.objects.count() == 0
