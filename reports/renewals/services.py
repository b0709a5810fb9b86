"""A new edition of what the council has, and a delivery that two people take back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kiv_portal.documents import german
from reports.editions.services import request_files
from reports.notices.models import Occasion
from reports.notices.services import councillors_of, reviewers_of, tell
from reports.renewals.models import Withdrawal
from reports.renewals.queries import is_droppable
from reports.steps.errors import ReportNotEditable
from reports.steps.freezing import paper_of
from reports.steps.models import InterimReport, ReportState
from reports.steps.record import take_step
from reports.steps.services import back_to_work, close_period, keep_snapshot

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

NOT_DELIVERED = "Der Bericht ist dem Gemeinderat nicht zugestellt."


def _locked(report: InterimReport) -> InterimReport:
    return InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)


# --- a new edition


def begin_new_edition(report: InterimReport, *, reason: str, by: User) -> None:
    """Texts and figures may be put right; the council reads the old edition until the new one is delivered.

    Twice is once. Raises ReportNotEditable for a report that its council does not have.
    """
    with transaction.atomic():
        report = _locked(report)
        if report.is_renewed:
            return
        if not report.is_at_council:
            raise ReportNotEditable(NOT_DELIVERED)
        _ask_for(report, reason, by=by)
        back_to_work(report, by=by, note=reason)


def _ask_for(report: InterimReport, reason: str, *, by: User) -> None:
    report.new_editions.create(old_number=report.delivered_number or 0, reason=reason, asked_by=by)


def drop_new_edition(report: InterimReport, *, by: User) -> None:
    """The old edition stays the only one. Raises ReportNotEditable once the new one was submitted."""
    with transaction.atomic():
        report = _locked(report)
        open_one = report.new_editions.open().first()
        if open_one is None or not is_droppable(report):
            raise ReportNotEditable(
                "Die neue Ausgabe ist schon eingereicht. Sie lässt sich nicht mehr verwerfen."
            )
        open_one.dropped_at, open_one.dropped_by = timezone.now(), by
        open_one.save(update_fields=["dropped_at", "dropped_by"])
        close_period(report)
        take_step(report, ReportState.DELIVERED, by=by, note="Es bleibt bei der bisherigen Ausgabe.")
        if report.decisions.final().exists():
            take_step(report, ReportState.DECIDED, by=by)


def renew_paper(report: InterimReport, *, by: User, reason: str) -> None:
    """The same report with the sessions as they are planned today, to be approved again. Figures and texts stay.

    For a report at its council it is a new edition. Raises ReportNotEditable for one in work or decided.
    """
    with transaction.atomic():
        report = _locked(report)
        if report.is_editable:
            raise ReportNotEditable("Der Bericht ist in Arbeit. Die Termine kommen beim Einreichen hinein.")
        if report.state == ReportState.DECIDED:
            raise ReportNotEditable("Der Beschluss steht fest. Die Termine bleiben, wie sie waren.")
        if report.state == ReportState.DELIVERED:
            _ask_for(report, reason, by=by)
        newest = report.snapshots.latest("number").frozen
        take_step(report, ReportState.RETURNED, by=by, note=reason)
        keep_snapshot(report, replace(newest, paper=paper_of(report)), by=by)
        take_step(report, ReportState.SUBMITTED, by=by, note="Nur die Angaben zur Sitzung sind erneuert.")
        request_files(report, by=by)
        number = report.snapshots.latest("number").number
        people = reviewers_of(report, timezone.localdate())
        tell(report, people, Occasion.SUBMITTED, about=number, except_for=by)


# --- a delivery that is withdrawn


def ask_to_withdraw(report: InterimReport, *, reason: str, by: User) -> Withdrawal:
    """The first of two people. Twice is once. Raises ReportNotEditable for what is decided or not delivered."""
    with transaction.atomic():
        report = _locked(report)
        if found := report.withdrawals.open().first():
            return found
        _refuse_unless_withdrawable(report)
        withdrawal: Withdrawal = report.withdrawals.create(
            number=report.delivered_number or 0, reason=reason, asked_by=by
        )
        people = reviewers_of(report, timezone.localdate())
        tell(report, people, Occasion.RECALL, about=withdrawal.pk, except_for=by)
        return withdrawal


def _refuse_unless_withdrawable(report: InterimReport) -> None:
    if not report.is_at_council:
        raise ReportNotEditable(NOT_DELIVERED)
    if report.decisions.final().exists():
        raise ReportNotEditable(
            "Der Gemeinderat hat schon beschlossen. Die Zustellung lässt sich nicht mehr zurückziehen."
        )


def confirm_withdrawal(withdrawal: Withdrawal, *, by: User) -> None:
    """The second person: the council has the report no more, and it is in work again. Raises ReportNotEditable."""
    with transaction.atomic():
        report = _locked(withdrawal.report)
        withdrawal = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
        if withdrawal.confirmed_at is not None:
            return
        if withdrawal.refused_at is not None or withdrawal.number != report.delivered_number:
            raise ReportNotEditable("Die Zustellung wird nicht mehr zurückgezogen.")
        if withdrawal.asked_by_id == by.pk:
            raise ReportNotEditable(needs_another(report, by=by))
        _refuse_unless_withdrawable(report)
        now = timezone.now()
        withdrawal.confirmed_at, withdrawal.confirmed_by = now, by
        withdrawal.save(update_fields=["confirmed_at", "confirmed_by"])
        report.new_editions.open().update(dropped_at=now, dropped_by=by)
        _take_from_council(report, withdrawal, by=by)


def _take_from_council(report: InterimReport, withdrawal: Withdrawal, *, by: User) -> None:
    InterimReport.objects.filter(pk=report.pk).update(public_from=None)
    was_delivered = report.state == ReportState.DELIVERED
    report.public_from = report.delivered_at = report.delivered_number = None
    if was_delivered:
        back_to_work(report, by=by, note=withdrawal.reason)
    else:  # a new edition is in work already
        report.save(update_fields=["delivered_at", "delivered_number", "updated_at"])
    people = councillors_of(report, timezone.localdate())
    tell(report, people, Occasion.RECALLED, about=withdrawal.pk, except_for=by)


def needs_another(report: InterimReport, *, by: User) -> str:
    """Who may be the second person, in a sentence."""
    others = [person.full_name for person in reviewers_of(report, timezone.localdate()) if person != by]
    if not others:
        return (
            "Sie haben selbst darum gebeten. Bestätigen muss es eine zweite Person, und zurzeit gibt es keine. "
            "Bitte wenden Sie sich an das Landratsamt."
        )
    return (
        "Sie haben selbst darum gebeten. Bestätigen kann es nur eine zweite Person: "
        f"{german.enumeration(others, last='oder')}."
    )


def refuse_withdrawal(withdrawal: Withdrawal, *, by: User) -> None:
    """It stays delivered; also who asked may say so."""
    with transaction.atomic():
        Withdrawal.objects.open().filter(pk=withdrawal.pk).update(refused_at=timezone.now(), refused_by=by)
