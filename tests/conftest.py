"""The ground every test stands on: the real servers, strictness, and live processes where they are the subject.

`make test` and `.venv/bin/pytest tests/x` both work: without KIV_DATABASE_URL one private PostgreSQL and Redis are
started for the whole run (test processes share them, each with its own database and Redis number).
"""

import atexit
import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kiv_portal.embedded import Servers  # noqa: E402
from kiv_portal.embedded.postgres import ROLE  # noqa: E402
from tests.live import LivePortal, LiveProcess, start_portal, start_worker  # noqa: E402
from tests.strict import error_watch  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

XDIST_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _scratch_directory(name: str) -> str:
    directory = tempfile.mkdtemp(prefix=f"kiv-{name}-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def _let_tests_pass_triggers(servers: Servers) -> None:
    """For tests/database.py; in every other respect the portal's role stays the ordinary one."""
    with psycopg.connect(
        servers.postgres.url(role="postgres", database="postgres"), autocommit=True
    ) as session:
        session.execute(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")


def _prepare_environment() -> None:
    """Before Django reads its settings, and before any other conftest can import a model."""
    if not XDIST_WORKER:
        if "KIV_DATABASE_URL" not in os.environ:
            servers = Servers()
            servers.start()
            atexit.register(servers.stop)
            os.environ.update(servers.environment())
            _let_tests_pass_triggers(servers)
        os.environ.setdefault("KIV_SEED", str(secrets.randbelow(1_000_000)))
        os.environ["KIV_TEST_RUN"] = _scratch_directory("run")
        # Collected once for the run, so that pages are served as in production (names with a checksum).
        os.environ["KIV_STATIC_ROOT"] = _scratch_directory("static")
    else:
        # One Redis number a test process: their queues never meet.
        number = 1 + int(XDIST_WORKER.removeprefix("gw"))
        os.environ["KIV_REDIS_URL"] = os.environ["KIV_REDIS_URL"].removesuffix("/0") + f"/{number}"
    os.environ["KIV_MEDIA_ROOT"] = _scratch_directory("media")
    os.environ["KIV_EMAIL_URL"] = "memory://"
    os.environ["KIV_VERAPDF"] = (
        "false"  # three seconds a PDF; tests/reports/editions/test_verapdf.py turns it on
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "kiv_portal.settings"

    import django

    django.setup()
    # pytest-xdist's processes inherit this environment, and pytest-django would let them read the settings before their
    # own conftest has named their files and their Redis number.
    del os.environ["DJANGO_SETTINGS_MODULE"]


_prepare_environment()

from tests.database import empty_only_filled_tables  # noqa: E402
from tests.once import once, turn  # noqa: E402
from tests.people import people  # noqa: E402, F401
from tests.sample import drawn, takes_all  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    from django.apps import apps
    from django.conf import settings
    from django.db.models.signals import post_migrate

    # Sent whenever a test has emptied the tables; that of the rate limits belongs to no model.
    post_migrate.connect(forget_limits, sender=apps.get_app_config("accounts"))
    if XDIST_WORKER and (tracer := _tracer(config)) is not None:
        # pytest-cov begins again with the session, and would let this one run on beneath: nothing could be left out
        tracer.pause()
    # Only for passwords set by tests: the real hasher takes 0.3 s each by intention.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    config.addinivalue_line(
        "markers", "heavy(each_run): of these cases so many in a run, all with make test-all"
    )
    config.addinivalue_line("markers", "slow: seconds of work in this process; not in make quick")
    config.addinivalue_line(
        "markers", "expected_errors(pattern): this test makes these ERROR log lines happen"
    )


def forget_limits(**_: object) -> None:
    from django.core.cache import cache

    cache.clear()


STARTS_PROCESSES = {
    *(
        "browser",
        "celery_worker_process",
        "live_portal",
        "new_worker",
        "own_servers",
        "Servers",
        "subprocess",
    ),
}
JUDGES = {"judge", "_with_java"}  # veraPDF: Java, several seconds
SETS_DOCUMENTS = {"built", "checked_files", "easy_pdfs"}  # every file of every snapshot


def pytest_report_header() -> str:
    return _heavy_line()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(_heavy_line())  # also with -q, and where one looks for it: at the end


def _heavy_line() -> str:
    if takes_all():
        return "heavy proofs: all"
    return f"heavy proofs: a sample (the same again: KIV_SEED={os.environ['KIV_SEED']}, all: make test-all)"


@pytest.hookimpl(trylast=True)  # what -k and -m leave
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that start processes of their own take long, so they come first: at the end no test process is left alone
    with one of them.
    """
    slow = {item.path for item in items if _starts_processes(item)}
    items.sort(key=lambda item: item.path not in slow)
    if config.option.quick:
        _keep(config, items, [item for item in items if _is_quick(item)])
    _keep(config, items, _with_a_sample_of_the_heavy(items))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="no browser, no process of its own, no veraPDF, no whole documents, nothing marked slow",
    )


def _starts_processes(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and bool(
        STARTS_PROCESSES & {*item.fixturenames, *vars(item.module)}
    )


def _judges(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and bool(JUDGES & set(item.fixturenames))


def _is_quick(item: pytest.Item) -> bool:
    sets_documents = isinstance(item, pytest.Function) and bool(SETS_DOCUMENTS & set(item.fixturenames))
    is_slow = item.get_closest_marker("slow") is not None
    return not (_starts_processes(item) or _judges(item) or sets_documents or is_slow)


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _with_a_sample_of_the_heavy(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of each test with `@pytest.mark.heavy(each_run=n)` n cases."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("heavy"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out: set[pytest.Item] = set()
    for name, group in cases.items():
        each_run = group[0].get_closest_marker("heavy").kwargs["each_run"]  # type: ignore[union-attr]
        left_out |= set(group) - set(drawn(name, group, each_run))
    return [item for item in items if item not in left_out]


# --- coverage: of what `make quick` runs, and of a test's first cases. To trace the others, which wait for processes of
# their own, or go the same way with another value, tells little and takes half as long again.

MEASURED_CASES = 2
_begun: Counter[str] = Counter()  # tests of this process


def _tracer(config: pytest.Config) -> Any:
    """pytest-cov's, or None without --cov."""
    return getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)


@contextmanager
def not_measured(config: pytest.Config) -> Iterator[None]:
    tracer = _tracer(config)
    if tracer is None or not tracer.started:
        yield
        return
    tracer.pause()
    yield
    tracer.resume()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    name = item.nodeid.partition("[")[0]
    _begun[name] += 1
    if _starts_processes(item) or _judges(item) or _begun[name] > MEASURED_CASES:
        with not_measured(item.config):
            return (yield)
    return (yield)


# --- strictness: an ERROR in a log fails the test, a skipped test fails the run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    with error_watch(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with error_watch(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    with error_watch(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"Nothing may be skipped here; bin/bootstrap dev installs what is missing.\n{report.longrepr}"
        )
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = (
            f"Nothing may be skipped here; bin/bootstrap dev installs what is missing.\n{report.longrepr}"
        )
    return report


# --- static files as in production: names with a checksum, so that a missing file fails the page that wants it


def _collect_static() -> None:
    from django.core.management import call_command

    from kiv_portal.ui.assets import build_assets

    build_assets()  # a changed style sheet is tested as it is now
    call_command("collectstatic", interactive=False, verbosity=0)


def _list_static_files_once() -> None:
    """Every `Client` has a middleware of its own, and WhiteNoise looks at every file for each: 40 ms."""
    from whitenoise import WhiteNoise

    look_at_files = WhiteNoise.update_files_dictionary
    seen: dict[tuple[str, str], dict[str, object]] = {}

    def look_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in seen:
            look_at_files(self, root, prefix)
            seen[root, prefix] = dict(self.files)
        self.files.update(seen[root, prefix])

    WhiteNoise.update_files_dictionary = look_once


@pytest.fixture(scope="session")
def collected_static(pytestconfig: pytest.Config) -> None:
    with not_measured(pytestconfig):
        once("static", _collect_static)
    _list_static_files_once()


# --- one database a test process; the tables are made once for the run, and copied

TEMPLATE = "kiv_template"


def _make_template() -> None:
    """An empty database with all tables, and nobody in it: what PostgreSQL can copy."""
    from django.db import connection

    own, tests = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    ours, tests["NAME"] = tests["NAME"], TEMPLATE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"] = own
    tests["NAME"] = ours


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any, pytestconfig: pytest.Config
) -> None:
    from django.db import connection

    if not XDIST_WORKER:
        return
    with not_measured(pytestconfig), django_db_blocker.unblock():
        with turn("template", waits=False) as is_free:
            if is_free is None:  # meanwhile something else that all need
                once("static", _collect_static)
        once("template", _make_template)
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, collected_static: None, django_db_blocker: Any) -> Iterator[None]:
    """Whoever has a database may also ask for pages."""
    with django_db_blocker.unblock():
        empty_only_filled_tables()
    yield
    with django_db_blocker.unblock():
        end_sessions_of_killed_processes()


def end_sessions_of_killed_processes() -> None:
    """PostgreSQL keeps the session of a killed process while a statement of it still runs; nobody waits for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"  # autovacuum comes and goes by itself
        )


@pytest.fixture
def mailoutbox(db: None) -> Any:
    """What has left by e-mail; whoever looks here lets it leave."""
    from tests.post import outbox

    return outbox


# --- live processes on this test process's own database


@pytest.fixture(scope="session")
def live_environment(django_db_setup: None) -> dict[str, str]:
    """Variables that lead a process to the very database, Redis and files of this test process."""
    from django.conf import settings

    base, query = os.environ["KIV_DATABASE_URL"].split("?", 1)
    database = settings.DATABASES["default"]["NAME"]
    url = f"{base.rpartition('/')[0]}/{database}?{query}"
    mails = _scratch_directory("mails")
    return os.environ | {
        "KIV_DATABASE_URL": url,
        "KIV_DATABASE_POOL_SIZE": "0",
        "KIV_EMAIL_URL": f"file:///{mails}",
    }


@pytest.fixture(scope="session")
def _live_portals(live_environment: dict[str, str]) -> Iterator[Callable[[bool], LivePortal]]:
    started: dict[bool, LivePortal] = {}

    def portal(demo: bool) -> LivePortal:
        if demo not in started:
            extra = {"KIV_DEMO": str(demo)} | (
                {"KIV_DEMO_PASSWORD": LivePortal.demo_password} if demo else {}
            )
            started[demo] = start_portal(live_environment | extra)
        return started[demo]

    yield portal
    for live in started.values():
        live.stop()


@pytest.fixture
def live_portal(_live_portals: Callable[[bool], LivePortal], transactional_db: None) -> LivePortal:
    """gunicorn with production's rules (a second factor for staff) on the test database; `.url` is its address."""
    return _live_portals(False)


@pytest.fixture
def demo_portal(_live_portals: Callable[[bool], LivePortal], transactional_db: None) -> LivePortal:
    """gunicorn as `make demo` starts it; everybody's password is `.demo_password`."""
    return _live_portals(True)


@pytest.fixture(scope="session")
def _worker_of_the_run(live_environment: dict[str, str]) -> Iterator[LiveProcess]:
    worker = start_worker(live_environment)
    yield worker
    worker.stop()


@pytest.fixture
def celery_worker_process(_worker_of_the_run: LiveProcess, transactional_db: None) -> LiveProcess:
    """A real worker on the test database, shared by the tests that leave it alive."""
    return _worker_of_the_run


@pytest.fixture
def new_worker(
    live_environment: dict[str, str], transactional_db: None
) -> Iterator[Callable[..., LiveProcess]]:
    """Start workers of one's own, to kill them: `worker = new_worker()`; `worker.kill()`. Keywords become variables."""
    workers: list[LiveProcess] = []

    def start(**variables: str) -> LiveProcess:
        workers.append(start_worker(live_environment | variables))
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def own_servers() -> Iterator[Servers]:
    """An empty PostgreSQL and Redis of one's own, to stop, kill or pause."""
    with Servers() as servers:
        yield servers


# --- the browser


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium-headless-shell")
    if not executable:
        pytest.fail("The browser is missing; type: sudo apt-get install -y chromium-headless-shell")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own event loop runs in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Windows of separate people: `page = new_page(live_portal)`. Script errors and CSP violations fail the test."""
    contexts = []
    problems: list[str] = []

    def opened(portal: LivePortal, **options: Any) -> "Page":
        settings = {"locale": "de-DE", "reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}
        context = browser.new_context(base_url=portal.url, **(settings | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: "Content Security Policy" in message.text and problems.append(message.text),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(new_page: "Callable[..., Page]", live_portal: LivePortal) -> "Page":
    return new_page(live_portal)


@pytest.fixture
def axe() -> "Callable[[Page], None]":
    """`axe(page)`: no accessibility rule is broken on the page as it stands, in light and in dark."""
    from tests.axe import assert_accessible

    return assert_accessible
