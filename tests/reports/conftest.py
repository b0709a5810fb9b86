"""A town's year before its report, and what only looks like a worker."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
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
    """The PDF stands for all files: what is true of its row is true of the others'."""
    monkeypatch.setattr(editions, "BUILT_KINDS", (FileKind.PDF,))


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody is woken; the ids of the files for which it was tried."""
    return woken_by(monkeypatch, "reports.build_file")


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`build(file)` is one attempt of a worker that typesets nothing.

    `during` is called in the middle; what it raises, the typesetting raises.
    """

    def attempt(
        file: ReportFile, during: Callable[[], object] = lambda: None, *, is_accessible: bool = True
    ) -> None:
        def drawn(snapshot: Snapshot, *, progress: Callable[[BuildStep], None], **_: Any) -> BuiltReport:
            for step in (BuildStep.CHARTS, BuildStep.TEXT, BuildStep.PAGES):
                progress(step)
            during()
            progress(BuildStep.CHECK)
            return BuiltReport(PDF, PdfVerdict(is_accessible, [], 7, 3, 9, 2, []))

        with monkeypatch.context() as patch:
            patch.setattr("reports.content.editions.build_report_pdf", drawn)
            building.build_file(file.pk, worker="worker@test")
        file.refresh_from_db()

    return attempt


@pytest.fixture
def submitted(draft: InterimReport, people: People, woken: list[int]) -> InterimReport:
    states.submit_report(draft, by=people.contact)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def file(submitted: InterimReport) -> ReportFile:
    return ReportFile.objects.get(snapshot__report=submitted)


def let_lease_run_out(file: ReportFile) -> None:
    ReportFile.objects.filter(pk=file.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
