"""The county's deeds: its own report, and the editions of all its towns at once.

The rows are the jobs (docs/adr/0004): whatever dies, what is missing is found by counting rows.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kiv_portal.jobs import work
from kiv_portal.rendering.errors import RenderingError
from municipalities.models import County
from reports.county_figures import county_snapshot, reports_of
from reports.models import (
    BuildStep,
    CountyEdition,
    CountyReport,
    EditionState,
    InterimReport,
    ReportEdition,
    ReportSnapshot,
    ReportState,
)
from reports.services.editions import TECHNICAL_REASON, judge, kinds_of, publish_all, store

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


# --- the editions of all towns


def request_all_editions(county: County, start: dt.date, end: dt.date, *, by: User) -> int:
    """Ask for every edition that is missing or failed, of all frozen reports of the period. Returns how many wait now.

    Two people at once, or the same one again after a fault, never make an edition twice: a row that is there already
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
            ReportEdition(snapshot=snapshot, kind=kind, requested_by=by)
            for snapshot in newest_snapshots(reports)
            for kind in kinds_of(snapshot)
        ]
        ReportEdition.objects.bulk_create(wanted, ignore_conflicts=True)
        waiting = list(
            ReportEdition.objects.filter(
                snapshot__in=[row.snapshot_id for row in wanted], state=EditionState.QUEUED, published_at=None
            ).order_by("pk")
        )
        transaction.on_commit(lambda: publish_all(waiting))
    return len(waiting)


def newest_snapshots(reports: list[InterimReport]) -> list[ReportSnapshot]:
    """The newest stand of each of these reports that has one. One query."""
    found = ReportSnapshot.objects.filter(report__in=reports).order_by("report_id", "-number")
    return list(found.distinct("report_id"))


# --- the county's own report


def request_county_report(county: County, start: dt.date, end: dt.date, *, by: User) -> CountyReport:
    """Freeze all towns' figures of the period as the next stand, and ask for its PDF.

    While the newest stand of this period is still being built it is that one: two clicks make one report.
    """
    with transaction.atomic():
        county = County.objects.select_for_update().get(pk=county.pk)
        earlier = CountyReport.objects.filter(county=county, period_start=start, period_end=end).first()
        if earlier and earlier.editions.filter(state__in=EditionState.unfinished).exists():
            return earlier
        report = CountyReport.objects.create(
            county=county,
            period_start=start,
            period_end=end,
            number=earlier.number + 1 if earlier else 1,
            data=county_snapshot(county, start, end, dated=timezone.localdate()),
            taken_by=by,
        )
        request_county_edition(report, by=by)
    return report


def request_county_edition(report: CountyReport, *, by: User) -> None:
    """The PDF of a stand that has none or whose last attempts failed; a second call finds it asked for."""
    with transaction.atomic():
        CountyEdition.objects.bulk_create(
            [CountyEdition(report=report, requested_by=by)], ignore_conflicts=True
        )
        for edition in report.editions.filter(state=EditionState.QUEUED, published_at=None):
            transaction.on_commit(lambda edition=edition: publish_county_edition(edition))  # type: ignore[misc]


def publish_county_edition(edition: CountyEdition) -> bool:
    from reports.tasks import build_county_edition_task

    return work.publish(edition, build_county_edition_task, edition_id=edition.pk)


def build_county_edition(edition_id: int, *, worker: str) -> None:
    """Build the file, at most once at a time. Safe to call twice: the second call finds nothing."""
    if edition := work.claim(CountyEdition, edition_id, worker=worker):
        work.attempt(edition, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(edition: CountyEdition) -> None:
    from kiv_portal.rendering.county import build_county_pdf

    report = edition.report
    built = build_county_pdf(
        report.data,
        edition=str(report.number),
        progress=lambda step: work.advance(edition, BuildStep[step.name]),
    )
    verdict = judge(built.pdf, built.verdict.as_json())
    if not verdict["is_accessible"]:  # nobody releases it after this: it is not stored
        raise RenderingError(f"Das fertige PDF hat die Prüfung nicht bestanden: {verdict['problems'][0]}")
    work.advance(edition, BuildStep.STORE)
    title = f"kreisbericht-{report.period_end:%Y-%m-%d}-ausgabe-{report.number}"
    store(edition, title, "pdf", built.pdf, pages=built.verdict.pages, verdict=verdict)


def sweep_county_editions(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(CountyEdition, now, wake=publish_county_edition, excuse=TECHNICAL_REASON)


def county_file_name(report: CountyReport) -> str:
    period = f"{report.period_start:%Y-%m-%d}-bis-{report.period_end:%Y-%m-%d}"
    return f"Kreisbericht-{report.county_id}-{period}-Ausgabe-{report.number}.pdf"
