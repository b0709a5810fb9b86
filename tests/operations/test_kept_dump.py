"""Databases of earlier versions go on: each kept dump of the demo migrates to what the models say today."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kiv_portal.embedded.postgres import postgres_binaries
from tests.live import ROOT

DUMPS = sorted((ROOT / "tests" / "operations" / "kept").glob("*.dump"))
# The rows that a person would miss first.
PRECIOUS = (
    "accounts_user",
    "municipalities_municipality",
    "municipalities_cooperationagreement",
    "mediators_appointment",
    "activities_activity",
    "activities_activityevent",
    "activities_concern",
    "reports_interimreport",
    "reports_reportsnapshot",
    "reports_councildecision",
)
# Read as a page does: every snapshot as the type of today.
READ_ALL = """
import django; django.setup()
from reports.figures.snapshot import read_snapshot
from reports.models import ReportSnapshot
print(sum(1 for row in ReportSnapshot.objects.all() if read_snapshot(row.data).municipality.name))
"""


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"KIV_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kiv_portal.settings"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in PRECIOUS}  # noqa: S608
    return {table: row[0] for table, row in rows.items() if row}


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database of its own on the server of the run."""
    base, _, query = os.environ["KIV_DATABASE_URL"].partition("?")
    name = f"kept_{os.getpid()}"
    server = f"{base.rpartition('/')[0]}/"
    with psycopg.connect(f"{server}postgres?{query}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}{name}?{query}"
    with psycopg.connect(f"{server}postgres?{query}", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_dump_is_kept() -> None:
    assert DUMPS


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_a_database_of_an_earlier_version_goes_on(dump: Path, empty_database: str) -> None:
    restore = [
        str(postgres_binaries() / "pg_restore"),
        "--no-owner",
        "--exit-on-error",
        "--dbname",
        empty_database,
    ]
    subprocess.run([*restore, str(dump)], check=True)
    before = counts(empty_database)
    assert before["activities_activity"] > 1000
    assert before["reports_reportsnapshot"] > 10
    migrated = manage(empty_database, "manage.py", "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    assert manage(empty_database, "manage.py", "migrate", "--check").returncode == 0
    assert counts(empty_database) == before
    read = manage(empty_database, "-c", READ_ALL)
    assert read.stdout.strip() == str(before["reports_reportsnapshot"]), read.stderr
