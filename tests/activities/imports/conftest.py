from __future__ import annotations

from collections.abc import Callable

import pytest

from activities.imports import services
from activities.models import ActivityImport
from tests import factories
from tests.activities.imports import table_files as files
from tests.activities.imports.table_files import HEADER
from tests.broker import woken_by
from tests.people import People


@pytest.fixture
def reference(db: None) -> None:
    for code in ("bildung", "verkehr"):
        factories.make_field(code)
    factories.make_kind()
    factories.make_kind("beratung", "Beratung", 2)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return woken_by(monkeypatch, "activities.import_run")


@pytest.fixture
def open_import(people: People) -> Callable[..., ActivityImport]:
    """`open_import(rows, header=…)`: a CSV of Vera's with these rows."""

    def imported(rows: list[list[str]], header: list[str] = HEADER) -> ActivityImport:
        return services.open_import(
            people.kiv, name="Liste.csv", data=files.csv([header, *rows]), by=people.mediator
        )

    return imported
