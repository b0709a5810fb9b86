"""After a test that commits, the tables are emptied: as Django's `flush` does it, but only those that hold rows.

`flush` truncates all of them, and makes permissions and content types anew: up to a second for a test that wrote ten
rows.
"""

import time
from typing import Any

import psycopg
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
_from_migrations: dict[str, str] = {}
PATIENCE = 60  # seconds


def may_pass_triggers() -> bool:
    """Only on the servers that the tests have started: conftest.py grants it there, and nobody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=False, include_views=False))


def _filled(cursor: Any) -> list[str]:
    asked = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in _tables()]  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [row[0] for row in cursor.fetchall()]


def _content(cursor: Any, table: str) -> str:
    cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')  # noqa: S608
    return str(cursor.fetchone()[0])


def remember_what_migrations_filled() -> None:
    with connection.cursor() as cursor:
        _from_migrations.clear()
        _from_migrations.update({table: _content(cursor, table) for table in _filled(cursor)})


def _lock_all(cursor: Any) -> bool:
    """As TRUNCATE does: what another process has begun to write is to be waited for, and goes too. But never with a
    lock in hand: a worker reads its tables in an order of its own, and PostgreSQL would end one of the two.
    """
    names = ", ".join(f'"{table}"' for table in _tables())
    try:
        with transaction.atomic():
            cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE NOWAIT")
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            return False
        raise
    return True


def _delete_rows(cursor: Any) -> bool:
    """False when the test has changed what the migrations had filled: deleting is not enough then."""
    if any(_content(cursor, table) != content for table, content in _from_migrations.items()):
        return False
    cursor.execute("SET LOCAL session_replication_role = replica")  # history refuses to be deleted
    for table in set(_filled(cursor)) - set(_from_migrations):
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
    return True


def empty(test: TransactionTestCase) -> None:
    is_plain = test.available_apps is None and not test.serialized_rollback
    deadline = time.monotonic() + PATIENCE
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            if _lock_all(cursor):
                if not (is_plain and _delete_rows(cursor)):
                    _flush(test)
                    remember_what_migrations_filled()
                break
        assert time.monotonic() < deadline, "another process does not let go of its tables"
        time.sleep(0.02)
    cache.clear()  # the rate limits belong to no model


def empty_only_filled_tables() -> None:
    """From now on, for the whole run."""
    if may_pass_triggers():
        remember_what_migrations_filled()
        TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]
