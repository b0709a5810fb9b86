"""The real worker, killed and cut off in the middle of a build: it always ends with exactly one finished file.

PostgreSQL and Redis are this file's own, because the tests stop, pause and kill them.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import psutil
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError, connections
from django.utils import timezone
from kombu import Connection
from pytest_django import DjangoDbBlocker

from kiv_portal.accounts.models import User
from kiv_portal.celery import app as celery_app
from kiv_portal.embedded import Servers
from kiv_portal.jobs import work
from reports.county import services as county
from reports.editions import services as editions
from reports.editions.models import BuiltFile
from reports.models import (
    BuildStep,
    CountyReport,
    CountyReportFile,
    FileKind,
    FileState,
    InterimReport,
    ReportFile,
)
from tests import factories
from tests.live import LivePortal, LiveProcess, start_portal, start_worker
from tests.people import signed_in
from tests.reports.content.snapshots import as_of_schema_3, normal_year
from tests.reports.county.content.county_snapshots import ten_towns

LEASE_SECONDS = 4


# --- the ground: servers of our own, and this process's Django led to them


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as pair:
        yield pair


@pytest.fixture(scope="module")
def environment(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return (
        os.environ
        | servers.environment()
        | {
            "KIV_MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
            "KIV_EMAIL_URL": f"file:///{tmp_path_factory.mktemp('mails')}",
            "KIV_EDITION_LEASE_SECONDS": str(LEASE_SECONDS),
        }
    )


@pytest.fixture(scope="module")
def own_database(servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    outer = connections["default"]
    inner = outer.copy()
    inner.settings_dict |= {
        "NAME": "kiv", "USER": "kiv", "HOST": str(servers.postgres.socket_directory), "PORT": "", "CONN_MAX_AGE": 0,
    }  # fmt: skip
    connections["default"] = inner
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield
        inner.close()
    connections["default"] = outer


@pytest.fixture(scope="module")
def report(own_database: None) -> InterimReport:
    town = factories.make_town()
    factories.make_agreement(town)
    factories.make_contact(factories.make_user("Anton Ansprech"), town)
    return factories.take_to(factories.make_report(town), "submitted")


@pytest.fixture
def contact(report: InterimReport) -> User:
    return User.objects.get()


@pytest.fixture(autouse=True)
def same_ground(
    servers: Servers, environment: dict[str, str], settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process sees the workers' files, and its sweeps wake them on our own Redis."""
    settings.EDITION_LEASE_SECONDS = LEASE_SECONDS
    settings.MEDIA_ROOT = environment["KIV_MEDIA_ROOT"]
    monkeypatch.setattr(celery_app, "connection_for_write", partial(Connection, servers.redis.url))


def new_file(report: InterimReport, contact: User, **values: str) -> ReportFile:
    data = as_of_schema_3(normal_year())  # with an easy text
    snapshot = report.snapshots.create(number=report.snapshots.count() + 1, data=data, taken_by=contact)
    return ReportFile.objects.create(
        snapshot=snapshot,
        requested_by=contact,
        requested_at=timezone.now() - timezone.timedelta(minutes=1),
        **values,
    )


@pytest.fixture
def file(report: InterimReport, contact: User) -> ReportFile:
    """Asked for a moment ago, nobody woken yet."""
    return new_file(report, contact)


@pytest.fixture
def county_file(report: InterimReport, contact: User) -> CountyReportFile:
    """The county's own report, asked for a moment ago, nobody woken yet."""
    stand = CountyReport.objects.create(
        county=report.municipality.county,
        period_start=factories.START,
        period_end=factories.END,
        number=CountyReport.objects.count() + 1,
        data=ten_towns(),
        taken_by=contact,
    )
    requested_at = timezone.now() - timezone.timedelta(minutes=1)
    return CountyReportFile.objects.create(report=stand, requested_by=contact, requested_at=requested_at)


@pytest.fixture(scope="module")
def workers() -> Iterator[list[LiveProcess]]:
    started: list[LiveProcess] = []
    yield started
    for process in started:
        process.stop()


@pytest.fixture
def worker(workers: list[LiveProcess], environment: dict[str, str], own_database: None) -> LiveProcess:
    """One for all tests, and a new one after a test that has killed it."""
    if not workers or workers[-1].process.poll() is not None:
        workers.append(start_worker(environment))
    return workers[-1]


@pytest.fixture(scope="module")
def portal(environment: dict[str, str], own_database: None, collected_static: None) -> Iterator[LivePortal]:
    web = start_portal(environment)  # type: ignore[arg-type]
    yield web
    web.stop()


# --- what one does and what one waits for


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def wait_for_the_middle(file: BuiltFile) -> None:
    """The worker is setting pages: the longest step, with two more to come."""

    def in_the_middle() -> bool:
        file.refresh_from_db()
        assert file.is_unfinished, f"too late: {file.state}"
        return file.state == FileState.RUNNING and file.step == BuildStep.PAGES

    wait_until(in_the_middle, "the worker did not begin")


def sweep_until_done(file: BuiltFile) -> None:
    """As beat does it every minute, only more often."""
    next_sweep = 0.0
    of_county = isinstance(file, CountyReportFile)
    sweep = county.sweep_county_files if of_county else editions.sweep_report_files

    def finished() -> bool:
        nonlocal next_sweep
        if time.monotonic() > next_sweep:
            sweep(timezone.now())
            next_sweep = time.monotonic() + 0.5
        file.refresh_from_db()
        return not file.is_unfinished

    wait_until(finished, "the file was never finished")


def assert_one_good_report_file(file: ReportFile, *, attempts: int) -> None:
    assert_one_good_file(
        file,
        attempts,
        file.snapshot.data["municipality"]["ags"],
        f"-{file.snapshot.number}-{file.pk}-",
    )
    assert list(file.snapshot.editions.filter(kind=file.kind)) == [file]


def assert_one_good_file(file: BuiltFile, attempts: int, folder: str, part_of_name: str) -> None:
    file.refresh_from_db()
    assert (file.state, file.reason, file.attempts) == (FileState.DONE, "", attempts)
    with file.file.open("rb") as opened:
        stored = opened.read()
    assert hashlib.sha256(stored).hexdigest() == file.sha256
    assert len(stored) == file.size
    assert file.is_accessible
    names = [name for name in default_storage.listdir(f"editions/{folder}")[1] if part_of_name in name]
    assert [f"editions/{folder}/{name}" for name in names] == [file.file.name]


def pool_child(worker: LiveProcess) -> psutil.Process:
    """The pool process of the worker, which does the building."""
    wait_until(
        lambda: bool(psutil.Process(worker.pid).children(recursive=True)), "the worker has no pool process"
    )
    return psutil.Process(worker.pid).children(recursive=True)[-1]


# --- the ways it can go wrong


def test_one_call_makes_one_file_and_so_do_three(worker: LiveProcess, file: ReportFile) -> None:
    for _ in range(3):
        work.publish(file)
    wait_until(lambda: worker.log_text().count("succeeded") >= 3, "the calls were not taken")
    assert_one_good_report_file(file, attempts=1)


# Celery's own words when it finds its pool process gone.
POOL_PROCESS_GONE = ("WorkerLostError", "Process .* exited with", "Traceback", "raised unexpected")

# Just before the worker writes this into its row, it is stopped: what it did until then is done, nobody knows of it.
MOMENTS = {step: f"NEW.step = '{step}' AND OLD.step <> '{step}'" for step in BuildStep.values[1:]} | {
    "finish": "NEW.state = 'done' AND OLD.state <> 'done'"  # the file is there
}
OTHER_KINDS = [kind for kind in editions.BUILT_KINDS if kind != FileKind.PDF]


@pytest.fixture
def stopped_at(own_database: None) -> Callable[[BuiltFile, str], AbstractContextManager[None]]:
    """`with stopped_at(file, moment):` the worker waits at this moment, in the middle of writing its row."""

    @contextmanager
    def held(file: BuiltFile, moment: str) -> Iterator[None]:
        table = type(file)._meta.db_table
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(1)")
            cursor.execute(
                "CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END'"
            )
            cursor.execute(
                f"CREATE TRIGGER hold BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({MOMENTS[moment]})"
                " EXECUTE FUNCTION hold()"
            )
            try:
                yield
            finally:
                # The sessions of a dead worker end, as PostgreSQL ends them when it finds nobody at the other end.
                cursor.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                cursor.execute("SELECT pg_advisory_unlock(1)")
                cursor.execute(f"DROP TRIGGER hold ON {table}")

    return held


def wait_until_stopped() -> None:
    def is_waiting() -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            return bool(cursor.fetchone()[0])

    wait_until(is_waiting, "the worker never came to this step")


def lease_passes(file: BuiltFile) -> None:
    type(file)._default_manager.filter(pk=file.pk).update(lease_until=timezone.now())


Killed = Callable[[FileKind, str], None]


@pytest.fixture
def pool_process_killed(
    worker: LiveProcess,
    report: InterimReport,
    contact: User,
    stopped_at: Callable[[BuiltFile, str], AbstractContextManager[None]],
) -> Killed:
    """`pool_process_killed(kind, moment)`: what builds dies there, and the next attempt makes the only file."""

    def killed(kind: FileKind, moment: str) -> None:
        file = new_file(report, contact, kind=kind)
        with stopped_at(file, moment):
            work.publish(file)
            wait_until_stopped()
            pool_child(worker).kill()
        lease_passes(file)
        sweep_until_done(file)
        assert_one_good_report_file(file, attempts=2)

    return killed


@pytest.mark.heavy(each_run=1)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.expected_errors(*POOL_PROCESS_GONE)
def test_pool_process_killed_at_each_step_of_the_pdf(pool_process_killed: Killed, moment: str) -> None:
    pool_process_killed(FileKind.PDF, moment)


@pytest.mark.heavy(each_run=1)
@pytest.mark.parametrize("kind", OTHER_KINDS)
@pytest.mark.expected_errors(*POOL_PROCESS_GONE)
def test_pool_process_killed_with_the_file_of_each_kind(pool_process_killed: Killed, kind: FileKind) -> None:
    pool_process_killed(kind, "finish")


def test_worker_killed(
    worker: LiveProcess, workers: list[LiveProcess], environment: dict[str, str], file: ReportFile
) -> None:
    """Whole, as by a power cut; the next one finds the work once the lease has run out."""
    work.publish(file)
    wait_for_the_middle(file)
    worker.kill()
    workers.append(start_worker(environment))
    sweep_until_done(file)
    assert_one_good_report_file(file, attempts=2)


@pytest.mark.heavy(each_run=1)
@pytest.mark.parametrize("moment", ["pages", "finish"])
@pytest.mark.expected_errors(*POOL_PROCESS_GONE)
def test_killed_while_it_builds_the_county_s_own_report(
    worker: LiveProcess,
    county_file: CountyReportFile,
    stopped_at: Callable[[BuiltFile, str], AbstractContextManager[None]],
    moment: str,
) -> None:
    with stopped_at(county_file, moment):
        work.publish(county_file)
        wait_until_stopped()
        pool_child(worker).kill()
    lease_passes(county_file)
    sweep_until_done(county_file)
    folder = county_file.report.county_id
    assert_one_good_file(county_file, 2, folder, f"-{county_file.report.number}-{county_file.pk}-")
    assert list(county_file.report.editions.all()) == [county_file]


@pytest.mark.expected_errors(
    "server closed the connection", "OperationalError", "Traceback", "raised unexpected"
)
def test_postgres_restarted(servers: Servers, worker: LiveProcess, file: ReportFile) -> None:
    work.publish(file)
    wait_for_the_middle(file)
    servers.postgres.kill()
    connections["default"].close()
    with pytest.raises(OperationalError):
        file.refresh_from_db()
    connections["default"].close()
    servers.postgres.start()
    sweep_until_done(file)
    assert file.attempts in (1, 2)  # 1: it was back before the worker had a word for it
    assert_one_good_report_file(file, attempts=file.attempts)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def post_restart(portal: LivePortal, report: InterimReport, user: User) -> tuple[int, float]:
    """Press "PDF noch einmal erstellen" in a real browser's way: status and seconds of the answer."""
    token = "k" * 32
    cookies = f"sessionid={signed_in(user).cookies['sessionid'].value}; csrftoken={token}"
    request = Request(
        f"{portal.url}/berichte/{report.pk}/erstellen/",
        data=urlencode({"csrfmiddlewaretoken": token}).encode(),
        headers={"Cookie": cookies, "Origin": portal.url},
    )
    started = time.monotonic()
    try:
        response = build_opener(_NoRedirects).open(request, timeout=60)
    except HTTPError as answer:
        response = answer
    with response:
        return response.status, time.monotonic() - started


CONNECTION_LOST = (
    "Cannot connect to redis",
    "Traceback",
    "ConnectionError",
    "TimeoutError",
    "Connection to broker lost",
)


@pytest.mark.heavy(each_run=1)
@pytest.mark.parametrize("trouble", ["stopped", "silent"])
@pytest.mark.expected_errors(*CONNECTION_LOST)
def test_broker_away(
    servers: Servers,
    worker: LiveProcess,
    portal: LivePortal,
    report: InterimReport,
    contact: User,
    trouble: str,
) -> None:
    """The web request answers within 5 s, the row waits, and once Redis is back the file is built."""
    new_file(report, contact, state="failed", reason="Test")
    assert (
        post_restart(portal, report, contact)[0] == 302
    )  # all is well: this process has talked to Redis before
    first = editions.current_pdf(report)
    assert first
    for each in editions.current_files(report):  # the portal has asked for every kind
        sweep_until_done(each)
    failed = new_file(report, contact, state="failed", reason="Test")
    servers.redis.stop() if trouble == "stopped" else servers.redis.pause()
    try:
        status, seconds = post_restart(portal, report, contact)
        waiting = editions.current_pdf(report)
        assert waiting
        assert waiting != failed
        assert status == 302
        assert seconds < 5
        assert (waiting.state, waiting.published_at) == (FileState.QUEUED, None)
        assert editions.sweep_report_files(timezone.now() + timezone.timedelta(seconds=10)) == 0
    finally:
        servers.redis.start() if trouble == "stopped" else servers.redis.resume()
    for each in editions.current_files(report):
        sweep_until_done(each)
    failed.delete()
    assert_one_good_report_file(waiting, attempts=1)


@pytest.mark.expected_errors(*CONNECTION_LOST)
def test_broker_restarted_empty_while_building(
    servers: Servers, worker: LiveProcess, file: ReportFile
) -> None:
    """All wake-up calls are lost, also the one that is being worked on."""
    work.publish(file)
    wait_for_the_middle(file)
    servers.redis.kill()
    servers.redis.start()
    sweep_until_done(file)
    assert_one_good_report_file(file, attempts=1)
