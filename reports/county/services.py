"""What a county does: its own report, and the files of all its towns at once.

The rows are the jobs (docs/adr/0004): whatever dies, what is missing is found by counting rows.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kiv_portal.downloads import file_name, period_in_name
from kiv_portal.jobs import work
from municipalities.models import County
from reports.county.figures import county_snapshot, reports_of
from reports.county.models import CountyReport, CountyReportFile
from reports.county.snapshot import county_to_json
from reports.editions.models import FileState, ReportFile
from reports.editions.services import TECHNICAL_REASON, kinds_of, publish_all
from reports.figures.models import ReportSnapshot
from reports.steps.models import InterimReport, ReportState

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


# --- the files of all towns


def request_all_files(county: County, start: dt.date, end: dt.date, *, by: User) -> int:
    """Ask for every file that is missing or failed, of all frozen reports of the period. Returns how many wait now.

    Two people at once, or the same one again after a fault, never make a file twice: a row that is there already
    is left alone, and one town's failure keeps no other waiting.
    """
    with transaction.atomic():
        # Locked in one order: none of them is taken back to work between this look and the new rows.
        reports = list(
            InterimReport.objects.filter(pk__in=reports_of(county, start, end))
            .filter(state__in=ReportState.frozen)
            .order_by("pk")
            .select_for_update()
        )
        wanted = [
            ReportFile(snapshot=snapshot, kind=kind, requested_by=by)
            for snapshot in newest_snapshots(reports)
            for kind in kinds_of(snapshot)
        ]
        ReportFile.objects.bulk_create(wanted, ignore_conflicts=True)
        waiting = list(
            ReportFile.objects.filter(
                snapshot__in=[row.snapshot_id for row in wanted], state=FileState.QUEUED, published_at=None
            ).order_by("pk")
        )
        transaction.on_commit(lambda: publish_all(waiting))
    return len(waiting)


def newest_snapshots(reports: list[InterimReport]) -> list[ReportSnapshot]:
    """The newest snapshot of each of these reports that has one. One query."""
    found = ReportSnapshot.objects.filter(report__in=reports).order_by("report_id", "-number")
    return list(found.distinct("report_id"))


# --- the county's own report


def request_county_report(county: County, start: dt.date, end: dt.date, *, by: User) -> CountyReport:
    """Freeze all towns' figures of the period as the next report, and ask for its PDF.

    While the newest one of this period is still being built it is that one: two clicks make one report.
    """
    with transaction.atomic():
        county = County.objects.select_for_update().get(pk=county.pk)
        earlier = CountyReport.objects.filter(county=county, period_start=start, period_end=end).first()
        if earlier and earlier.editions.filter(state__in=FileState.unfinished).exists():
            return earlier
        report = CountyReport.objects.create(
            county=county,
            period_start=start,
            period_end=end,
            number=earlier.number + 1 if earlier else 1,
            data=county_to_json(county_snapshot(county, start, end, dated=timezone.localdate())),
            taken_by=by,
        )
        request_county_file(report, by=by)
    return report


def request_county_file(report: CountyReport, *, by: User) -> None:
    """The PDF of a report that has none or whose last attempts failed; a second call finds it asked for."""
    with transaction.atomic():
        CountyReportFile.objects.bulk_create(
            [CountyReportFile(report=report, requested_by=by, is_draft=report.is_draft)],
            ignore_conflicts=True,
        )
        for file in report.editions.filter(state=FileState.QUEUED, published_at=None):
            transaction.on_commit(lambda file=file: work.publish(file))  # type: ignore[misc]


def release_county_report(report: CountyReport, *, by: User) -> None:
    """From now on it stays, and its PDF is no draft any more. Twice is once."""
    with transaction.atomic():
        report = CountyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not report.is_draft:
            return
        _remove_files(report)
        report.released_at, report.released_by = timezone.now(), by
        report.save(update_fields=["released_at", "released_by"])
        request_county_file(report, by=by)


def delete_county_report(report: CountyReport) -> bool:
    """A draft that nobody needs, with its file. False for a released one, which stays."""
    with transaction.atomic():
        report = CountyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not report.is_draft:
            return False
        _remove_files(report)
        report.delete()
        return True


def _remove_files(report: CountyReport) -> None:
    """Of a draft; a worker that has one of them loses it."""
    for file in report.editions.filter(is_draft=True):
        storage, name = file.file.storage, file.file.name
        file.delete()
        if name:
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]


def sweep_county_files(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(CountyReportFile, now, excuse=TECHNICAL_REASON)


def county_file_name(report: CountyReport) -> str:
    period = period_in_name(report.period_start, report.period_end)
    edition = f"Ausgabe-{report.number}" if report.number > 1 else ""
    draft = "Entwurf" if report.is_draft else ""
    return file_name(draft, "Kreisbericht", report.county.name, period, edition, extension="pdf")
