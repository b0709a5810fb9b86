"""One step of a report from state to state, written down with who took it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from reports.steps.models import InterimReport, ReportState, ReportStep

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


def take_step(
    report: InterimReport,
    state: ReportState,
    *,
    by: User | None,
    note: str = "",
    now: dt.datetime | None = None,
) -> None:
    """The caller holds the report's row; the database refuses jumps. `by` is None for the timetable.

    `delivered_at` tells of the first delivery; a new edition only moves `delivered_number`.
    """
    now = now or timezone.now()
    report.state = state
    report.submitted_at = (report.submitted_at or now) if state in ReportState.frozen else None
    if state == ReportState.DELIVERED and not report.is_at_council:
        report.delivered_at = now
    if state == ReportState.DELIVERED:
        report.delivered_number = report.snapshots.aggregate(newest=Coalesce(Max("number"), 0))["newest"]
    ReportStep.objects.create(report=report, state=state, taken_by=by, taken_at=now, note=note)
    report.save(update_fields=["state", "submitted_at", "delivered_at", "delivered_number", "updated_at"])
