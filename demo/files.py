"""Has a worker build the files of the demo reports while the portal already runs, what is looked at first at first."""

from __future__ import annotations

from collections.abc import Collection

from kiv_portal.accounts.demo import DEMO_DOMAIN
from kiv_portal.accounts.models import User
from reports.county.services import request_county_file
from reports.editions.services import kinds_of, request_files
from reports.models import CountyReport, FileKind, InterimReport, ReportFile, ReportState


def request_demo_files() -> int:
    """Ask for what is missing; a second call asks for nothing. Returns how many files are asked for.

    First what councils and town halls work with today, then the newest public report of every town, then the county's
    own report, and of older ones the PDF.
    """
    coordinator = User.objects.get(email=f"koordination{DEMO_DOMAIN}")
    before = ReportFile.objects.count()
    frozen = InterimReport.objects.filter(state__in=ReportState.frozen).order_by("-period_end", "pk")
    at_work = frozen.exclude(state=ReportState.DECIDED)
    decided = frozen.filter(state=ReportState.DECIDED)
    newest = decided.filter(
        pk__in=decided.order_by("municipality_id", "-period_end").distinct("municipality_id")
    )
    for report in [*at_work.filter(state=ReportState.DELIVERED), *at_work, *newest]:
        _request(report, tuple(FileKind), by=coordinator)
    for county_report in CountyReport.objects.all():
        request_county_file(county_report, by=coordinator)
    for report in decided:
        _request(report, (FileKind.PDF,), by=coordinator)
    return ReportFile.objects.count() - before


def _request(report: InterimReport, kinds: Collection[FileKind], *, by: User) -> None:
    """Not what was asked for before, and failed: people see that, and ask again."""
    snapshot = report.snapshots.latest("number")
    asked_for = set(snapshot.editions.values_list("kind", flat=True))
    if missing := [kind for kind in kinds_of(snapshot) if kind in kinds and kind not in asked_for]:
        request_files(report, by=by, kinds=missing)
