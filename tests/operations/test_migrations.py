"""A migration must not lock or break a portal that is running while it is applied."""

import pytest
from django_migration_linter import MigrationLinter

from kiv_portal.floors import APPS_WITH_TABLES
from tests.live import ROOT

OUR_APPS = ["accounts", *APPS_WITH_TABLES]


@pytest.mark.heavy(each_run=0)
@pytest.mark.django_db
def test_no_migration_breaks_the_running_portal(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(
        str(ROOT),
        include_apps=OUR_APPS,
        no_cache=True,
        warnings_as_errors_tests=[],
    )
    linter.lint_all_migrations()
    assert linter.nb_total > len(OUR_APPS) - 2
    assert not linter.has_errors, capsys.readouterr().out
