"""From plan to decision: the steps of a report. Who may take which one says reports/rules.py."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from activities.models import Activity, ClosedPeriod
from kiv_portal.periods import ONE_DAY, last_day_of_months
from municipalities.models import CooperationAgreement, Municipality
from reports.editions.models import ReportFile
from reports.editions.services import current_files, request_files
from reports.figures.models import ReportSnapshot, new_code
from reports.figures.periods import next_period, open_periods
from reports.figures.snapshot import Snapshot, to_json
from reports.notices.models import Occasion
from reports.notices.services import councillors_of, reviewers_of, tell, writers_of
from reports.steps.errors import ReportNotEditable
from reports.steps.four_eyes import refusal_of_one
from reports.steps.freezing import snapshot_of
from reports.steps.models import InterimReport, ReportState
from reports.steps.paper_check import (
    approved_despite,
    contradiction_in,
    contradiction_of,
    gaps_in,
    unapproved,
)
from reports.steps.record import take_step
from reports.writing.photo_services import frozen_photos
from reports.writing.queries import texts_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

log = logging.getLogger(__name__)

CLOSED_REASON = "Die Zahlen stehen im Zwischenbericht"


def open_report(town: Municipality) -> InterimReport:
    """The report of the next period that has none yet; due one month after the period's end.

    While a report of the town is in work it is that one: two clicks do not open two years. Raises ReportNotEditable
    where no agreement leaves a period to report about.
    """
    with transaction.atomic():
        agreements, reports = _of_town(town)
        if in_work := next((report for report in reports if report.is_editable), None):
            return in_work
        period = next_period(agreements, reports)
        if period is None:
            raise ReportNotEditable(
                "Für diese Kommune gibt es keinen Zeitraum, über den noch zu berichten ist."
            )
        return _create(town, *period, state=ReportState.DRAFT)


def plan_reports(today: dt.date) -> int:
    """Every agreement's report of this time is there from its first day on: planned, to grow with the year.

    Idempotent. Periods gone by are opened by people (`open_report`). Returns how many reports came to be.
    """
    planned = 0
    for town in Municipality.objects.taking_part_on(today):
        with transaction.atomic():
            agreements, reports = _of_town(town)
            for start, end in open_periods(agreements, reports):
                if end >= today:
                    if start <= today:
                        _create(town, start, end, state=ReportState.PLANNED)
                        planned += 1
                    break
    return planned


def plan_next(report: InterimReport, *, due_on: dt.date) -> InterimReport | None:
    """The report after this one, planned before its period begins; None where the agreement leaves no room."""
    town = report.municipality
    with transaction.atomic():
        agreements, reports = _of_town(town)
        later = [other for other in reports if other.period_start > report.period_end]
        if found := min(later, key=lambda other: other.period_start, default=None):
            if found.is_editable:
                found.due_on = max(due_on, found.period_end)
                found.save(update_fields=["due_on", "updated_at"])
            return found
        for start, end in open_periods(agreements, reports):
            if start > report.period_end:
                return _create(town, start, end, state=ReportState.PLANNED, due_on=max(due_on, end))
        return None


def _of_town(town: Municipality) -> tuple[list[CooperationAgreement], list[InterimReport]]:
    """Its agreements and reports, by time; locked, so that nobody opens another report meanwhile."""
    Municipality.objects.select_for_update().get(pk=town.pk)
    return (
        list(CooperationAgreement.objects.filter(municipality=town)),
        list(InterimReport.objects.filter(municipality=town).order_by("period_start")),
    )


def _create(
    town: Municipality, start: dt.date, end: dt.date, *, state: ReportState, due_on: dt.date | None = None
) -> InterimReport:
    """A report; due one month after its period's end if nothing else is said."""
    month_later = last_day_of_months(end + ONE_DAY, 1)
    report = InterimReport.objects.create(
        municipality=town, period_start=start, period_end=end, due_on=due_on or month_later, state=state
    )
    report.consultations.create()  # the council itself
    return report


def delete_report(report: InterimReport, *, by: User) -> None:
    """Take away a report that was opened by mistake, with its texts. What was submitted once stays."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=report.pk)
        if not report.is_editable or report.snapshots.exists():
            raise ReportNotEditable(
                "Dieser Bericht wurde schon einmal eingereicht. Deshalb lässt er sich nicht löschen."
            )
        pk = report.pk
        report.delete()
    log.info("report %s deleted by user %s", pk, by.pk)


def submit_report(report: InterimReport, *, by: User) -> ReportFile:
    """Freeze figures and texts, close the period for the log, and ask for all files. Returns the one of the PDF.

    A second call (double click, second tab) answers with the file of the first one.
    """
    with transaction.atomic():
        # Waits for activities being written in this moment; those that come later find the period closed.
        Municipality.objects.select_for_update().get(pk=report.municipality_id)
        report = InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)
        if report.is_editable:
            if (
                report.period_end >= timezone.localdate()
            ):  # it would close the log for days that are still to come
                raise ReportNotEditable(
                    f"Der Zeitraum läuft noch bis zum {report.period_end:%d.%m.%Y}. "
                    "Danach können Sie den Bericht einreichen."
                )
            if refusal := contradiction_of_draft(report):
                raise ReportNotEditable(refusal)
            _freeze(report, by=by)
        return request_files(report, by=by)


def contradiction_of_draft(report: InterimReport) -> str:
    """A sentence, or "": what keeps the paper from being handed in."""
    roles = [row.get_role_display() for row in report.consultations.filter(deleted_at=None)]
    return contradiction_in(texts_of(report)["proposal"], roles)


def _freeze(report: InterimReport, *, by: User) -> None:
    now = timezone.now()
    close_period(report)
    dated = report.dated_on or timezone.localdate(now)
    frozen = snapshot_of(report, dated=dated, photos=frozen_photos(report))
    number = keep_snapshot(report, frozen, by=by)
    if report.state == ReportState.PLANNED:
        take_step(report, ReportState.DRAFT, by=by)
    take_step(report, ReportState.SUBMITTED, by=by)
    tell(
        report,
        reviewers_of(report, timezone.localdate(now)),
        Occasion.SUBMITTED,
        about=number,
        except_for=by,
    )


def keep_snapshot(report: InterimReport, frozen: Snapshot, *, by: User) -> int:
    """Store what is frozen as the next edition, under an address where it is checked. Returns its number."""
    number = (report.snapshots.aggregate(last=Max("number"))["last"] or 0) + 1
    code = new_code()
    data = to_json(replace(frozen, check_url=f"{settings.BASE_URL}/echt/{code}/"))
    ReportSnapshot.objects.create(report=report, number=number, code=code, data=data, taken_by=by)
    return number


def close_period(report: InterimReport) -> None:
    """For the log; and what came late for periods before is told here."""
    closed, _ = ClosedPeriod.objects.get_or_create(
        municipality=report.municipality,
        starts_on=report.period_start,
        ends_on=report.period_end,
        defaults={"reason": CLOSED_REASON},
    )
    untold = Activity.objects.late_for(None, town=report.municipality_id, before=report.period_start)
    untold.update(reported_in=closed)


def _turn(report: InterimReport) -> int:
    """How often the report was taken from work so far: makes a notice of each return."""
    return report.steps.filter(state=ReportState.RETURNED).count()


def return_report(report: InterimReport, *, by: User, note: str) -> None:
    """Back to work: texts and activities of the period can be changed again. A delivered report stays."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=report.pk)
        if report.state == ReportState.RETURNED and report.steps.values_list("note").last() == (note,):
            return  # sent twice
        if report.state not in (ReportState.SUBMITTED, ReportState.APPROVED):
            raise ReportNotEditable(
                "Der Bericht lässt sich nicht zurückgeben. Das geht nur nach dem Einreichen und vor der Zustellung."
            )
        back_to_work(report, by=by, note=note)


def back_to_work(report: InterimReport, *, by: User, note: str) -> None:
    """The writers are told, and the log of the period is open again. The caller holds the report's row."""
    take_step(report, ReportState.RETURNED, by=by, note=note)
    tell(
        report,
        writers_of(report, timezone.localdate()),
        Occasion.RETURNED,
        about=_turn(report),
        except_for=by,
    )
    ClosedPeriod.objects.filter(
        municipality=report.municipality_id, starts_on=report.period_start, ends_on=report.period_end
    ).delete()


def approve_report(
    report: InterimReport, *, by: User, snapshot_id: int | None = None, despite_gaps: bool = False
) -> None:
    """The county says that the newest snapshot may go to the council. Its files are there and passed their checks.

    `snapshot_id` is the one the person has seen: another one that came meanwhile is not approved in its place.
    `despite_gaps`: the person has read what is missing. Raises ReportNotEditable.
    """
    with transaction.atomic():
        report = InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)
        if report.state in (ReportState.APPROVED, *ReportState.at_council):
            return
        files = current_files(report)
        if report.is_editable or not files or not all(file.is_done for file in files):
            raise ReportNotEditable(
                "Der Bericht kann erst freigegeben werden, wenn alle Dateien fertig sind."
            )
        if snapshot_id is not None and files[0].snapshot_id != snapshot_id:
            raise ReportNotEditable("Inzwischen gibt es eine andere Ausgabe. Bitte sehen Sie sie zuerst an.")
        if failed := [file for file in files if not file.is_accessible]:
            raise ReportNotEditable(
                "Das hat die Prüfung auf Barrierefreiheit nicht bestanden: "
                + ", ".join(file.get_kind_display() for file in failed)
            )
        if refusal := refusal_of_one(report, by=by) or contradiction_of(files[0].snapshot.frozen):
            raise ReportNotEditable(refusal)
        gaps = gaps_in(files[0].snapshot.frozen)
        if gaps and not despite_gaps:
            raise ReportNotEditable(unapproved(gaps))
        take_step(report, ReportState.APPROVED, by=by, note=approved_despite(gaps))


def deliver_report(report: InterimReport, *, by: User, public_from: dt.datetime | None = None) -> None:
    """Hand the approved report to the council: nobody changes it then. A new edition replaces the one before."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=report.pk)
        if report.state in ReportState.at_council:
            return
        if report.state != ReportState.APPROVED:
            raise ReportNotEditable("Der Bericht kann erst zugestellt werden, wenn er freigegeben ist.")
        occasion = Occasion.REPLACED if report.is_at_council else Occasion.DELIVERED
        take_step(report, ReportState.DELIVERED, by=by)
        InterimReport.objects.filter(pk=report.pk).update(public_from=public_from or report.public_from)
        report.new_editions.open().update(number=report.delivered_number, delivered_at=timezone.now())
        if report.decisions.final().exists():
            take_step(report, ReportState.DECIDED, by=by, note="Der Beschluss gilt weiter.")
        people = councillors_of(report, timezone.localdate())
        tell(report, people, occasion, about=report.delivered_number, except_for=by)
