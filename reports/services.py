"""Writes with more than one effect. Every function says who acts; races are decided in SQL.

The row of an edition is the job that builds it; how such a job is claimed, kept and found again stands in
kiv_portal/jobs/work.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from activities.models import ClosedPeriod
from kiv_portal.jobs import work
from kiv_portal.rendering.errors import RenderingError
from municipalities.models import CooperationAgreement, Municipality
from reports.models import (
    BuildStep,
    EditionState,
    InterimReport,
    ReportEdition,
    ReportSection,
    ReportSnapshot,
    ReportState,
)
from reports.queries import add_months, next_period, snapshot_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

log = logging.getLogger(__name__)

TECHNICAL_REASON = (
    "Beim Erstellen ist ein technischer Fehler aufgetreten. Bitte erstellen Sie das PDF noch einmal. "
    "Gelingt es wieder nicht? Dann wenden Sie sich bitte an die Technik Ihres Landratsamts."
)


class ReportNotEditable(Exception):
    """The report left the state that the step needs; the message is a German sentence for the person."""


class SectionChanged(Exception):
    """Somebody else saved the section since it was opened. `.current` is what stands there now."""

    def __init__(self, current: ReportSection) -> None:
        super().__init__("Der Abschnitt wurde inzwischen geändert.")
        self.current = current


# --- the report and its text


def open_report(town: Municipality) -> InterimReport:
    """The report of the next period that has none yet; due one month after the period's end.

    While a report of the town is in work it is that one: two clicks do not open two years. Raises ReportNotEditable
    where no agreement leaves a period to report about.
    """
    with transaction.atomic():
        Municipality.objects.select_for_update().get(pk=town.pk)  # one click after the other
        reports = list(InterimReport.objects.filter(municipality=town))
        if draft := next((report for report in reports if report.is_draft), None):
            return draft
        period = next_period(list(CooperationAgreement.objects.filter(municipality=town)), reports)
        if period is None:
            raise ReportNotEditable(
                "Für diese Kommune gibt es keinen Zeitraum, über den noch zu berichten ist."
            )
        start, end = period
        return InterimReport.objects.create(
            municipality=town,
            period_start=start,
            period_end=end,
            due_on=add_months(end + dt.timedelta(days=1), 1) - dt.timedelta(days=1),
        )


def delete_report(report: InterimReport, *, by: User) -> None:
    """Take away a report that was opened by mistake, with its texts. What was submitted once stays."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=report.pk)
        if not report.is_draft or report.snapshots.exists():
            raise ReportNotEditable(
                "Dieser Bericht wurde schon einmal abgeschlossen. Deshalb lässt er sich nicht löschen."
            )
        pk = report.pk
        report.delete()
    log.info("report %s deleted by user %s", pk, by.pk)


def save_section(report: InterimReport, key: str, text: str, *, version: int, by: User) -> ReportSection:
    """Store a text if it still has the `version` that was opened (0: nothing stood there).

    Raises SectionChanged or ReportNotEditable; nothing is overwritten then.
    """
    with transaction.atomic():
        if (
            not InterimReport.objects.select_for_update()
            .filter(pk=report.pk, state=ReportState.DRAFT)
            .exists()
        ):
            raise ReportNotEditable("Der Bericht ist abgeschlossen. Die Texte lassen sich nicht mehr ändern.")
        section, _ = ReportSection.objects.get_or_create(report=report, key=key)
        if section.text == text:
            return section
        saved = ReportSection.objects.filter(pk=section.pk, version=version).update(
            text=text, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
        )
        if not saved:
            raise SectionChanged(section)
        section.refresh_from_db()
        return section


# --- the states


def submit_report(report: InterimReport, *, by: User) -> ReportEdition:
    """Freeze figures and texts, close the period for the log, and ask for the PDF.

    A second call (double click, second tab) answers with the edition of the first one.
    """
    with transaction.atomic():
        # Waits for activities being written in this moment; those that come later find the period closed.
        Municipality.objects.select_for_update().get(pk=report.municipality_id)
        report = InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)
        if report.is_draft:
            if (
                report.period_end >= timezone.localdate()
            ):  # it would close the log for days that are still to come
                raise ReportNotEditable(
                    f"Der Zeitraum läuft noch bis zum {report.period_end:%d.%m.%Y}. "
                    "Danach können Sie den Bericht abschließen."
                )
            _freeze(report, by=by)
        return request_edition(report, by=by)


def _freeze(report: InterimReport, *, by: User) -> None:
    now = timezone.now()
    number = report.snapshots.aggregate(last=Max("number"))["last"] or 0
    ReportSnapshot.objects.create(
        report=report,
        number=number + 1,
        data=snapshot_of(report, dated=report.dated_on or timezone.localdate(now)),
        taken_at=now,
        taken_by=by,
    )
    ClosedPeriod.objects.get_or_create(
        municipality=report.municipality,
        starts_on=report.period_start,
        ends_on=report.period_end,
        defaults={"reason": "Die Zahlen stehen im Zwischenbericht"},
    )
    report.state, report.submitted_at = ReportState.SUBMITTED, now
    report.save(update_fields=["state", "submitted_at"])


def reopen_report(report: InterimReport, *, by: User) -> None:
    """Back to work: texts and activities of the period can be changed again. A released report stays."""
    with transaction.atomic():
        reopened = InterimReport.objects.filter(pk=report.pk, state=ReportState.SUBMITTED).update(
            state=ReportState.DRAFT, submitted_at=None
        )
        if not reopened:
            raise ReportNotEditable(
                "Der Bericht lässt sich nicht wieder bearbeiten. Das geht nur zwischen Abschließen und Freigabe."
            )
        ClosedPeriod.objects.filter(
            municipality=report.municipality_id, starts_on=report.period_start, ends_on=report.period_end
        ).delete()
    log.info("report %s reopened by user %s", report.pk, by.pk)


def release_report(report: InterimReport, *, by: User, edition_id: int | None = None) -> None:
    """Hand the newest edition to the council. Only a finished edition that passed its checks can be released.

    `edition_id` is the one the person has seen: another one that came meanwhile is not released in its place.
    """
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=report.pk)
        if report.is_released:
            return
        edition = current_edition(report)
        if edition_id is not None and (edition is None or edition.pk != edition_id):
            raise ReportNotEditable("Inzwischen gibt es eine andere Ausgabe. Bitte sehen Sie sie zuerst an.")
        if report.is_draft or edition is None or edition.state != EditionState.DONE:
            raise ReportNotEditable("Der Bericht kann erst freigegeben werden, wenn das PDF fertig ist.")
        if not edition.verdict.get("is_accessible"):
            raise ReportNotEditable("Das PDF hat die Prüfung auf Barrierefreiheit nicht bestanden.")
        report.state, report.released_at, report.released_by = ReportState.RELEASED, timezone.now(), by
        report.save(update_fields=["state", "released_at", "released_by"])


# --- the edition: a job that is a row


def current_edition(report: InterimReport) -> ReportEdition | None:
    """The latest edition of the latest snapshot."""
    return (
        ReportEdition.objects.filter(snapshot__report=report)
        .select_related("snapshot")
        .order_by("-snapshot__number", "-requested_at", "-pk")
        .first()
    )


def request_edition(report: InterimReport, *, by: User) -> ReportEdition:
    """The edition of the newest snapshot: the one that is there, or, after a failure, a new one."""
    with transaction.atomic():
        # Locked: it cannot be taken back to work between this look and the new row, nor asked for twice.
        report = InterimReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        snapshot = report.snapshots.first()
        if report.is_draft or snapshot is None:
            raise ReportNotEditable("Der Bericht ist noch in Arbeit. Bitte schließen Sie ihn zuerst ab.")
        if edition := snapshot.editions.exclude(state=EditionState.FAILED).first():
            return edition
        edition = ReportEdition.objects.create(snapshot=snapshot, requested_by=by)
        transaction.on_commit(lambda: publish_edition(edition))
    return edition


def publish_edition(edition: ReportEdition) -> bool:
    from reports.tasks import build_edition_task

    return work.publish(edition, build_edition_task, edition_id=edition.pk)


def claim_edition(edition_id: int, *, worker: str) -> ReportEdition | None:
    return work.claim(ReportEdition, edition_id, worker=worker)


def build_edition(edition_id: int, *, worker: str) -> None:
    """Build the file of one edition, at most once at a time. Safe to call twice: the second call finds nothing.

    A document that cannot be set fails at once: trying again would not help.
    """
    if edition := claim_edition(edition_id, worker=worker):
        work.attempt(edition, _build, refused=RenderingError, excuse=TECHNICAL_REASON)


def _build(edition: ReportEdition) -> None:
    from kiv_portal.rendering.report import build_report_pdf

    snapshot = edition.snapshot
    built = build_report_pdf(
        snapshot.data,
        edition=str(snapshot.number),
        progress=lambda step: work.advance(edition, BuildStep[step.name]),
    )
    work.advance(edition, BuildStep.STORE)
    slug = snapshot.report.municipality.slug
    # One name an attempt: what a killed attempt left half-written is never taken for the result.
    name = f"zwischenbericht-{slug}-ausgabe-{snapshot.number}-{edition.pk}-{edition.attempts}.pdf"
    edition.file.save(name, ContentFile(built.pdf), save=False)
    try:
        work.finish(
            edition,
            file=edition.file.name,
            size=len(built.pdf),
            sha256=hashlib.sha256(built.pdf).hexdigest(),
            pages=built.verdict.pages,
            verdict=built.verdict.as_json(),
        )
    except work.LeaseLost:
        edition.file.delete(save=False)  # nobody will ever point to it
        raise


def sweep_editions(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(ReportEdition, now, wake=publish_edition, excuse=TECHNICAL_REASON)
