"""Migrations are complete, and lead forward, back to nothing, and forward again."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from kiv_portal.floors import APPS_WITH_TABLES

pytestmark = pytest.mark.slow

OUR_APPS = APPS_WITH_TABLES[::-1]  # from the top floor down, as they may go


def test_no_migration_is_missing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", "--check", "--dry-run")
    except SystemExit:
        pytest.fail(f"A migration is missing:\n{capsys.readouterr().out}")


def test_migrations_do_not_fork() -> None:
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}


def tables_and_triggers() -> tuple[set[str], set[str]]:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return tables, {name for (name,) in cursor.fetchall()}


@pytest.fixture
def all_applied_again(transactional_db: None):
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.heavy(each_run=0)
def test_forward_back_to_nothing_and_forward_again(all_applied_again: None) -> None:
    complete = tables_and_triggers()
    prefixes = tuple(f"{app}_" for app in OUR_APPS)
    assert any(name.startswith("reports_") for name in complete[0])
    for app in OUR_APPS:
        call_command("migrate", app, "zero", verbosity=0)
    left = [name for name in tables_and_triggers()[0] if name.startswith(prefixes)]
    assert left == []
    call_command("migrate", verbosity=0)
    assert tables_and_triggers() == complete
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
