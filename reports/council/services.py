"""The report at the council: links, questions, the decision and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kiv_portal.periods import ONE_DAY, add_months, last_day_of_months
from municipalities.models import CooperationAgreement
from reports.council.decision_models import TOLD, CouncilDecision, DecisionCorrection, DecisionKind
from reports.council.models import Consultation, CouncilLink, CouncilQuestion
from reports.council.sessions import WrongSession, session_for
from reports.notices.models import Occasion
from reports.notices.services import councillors_of, reviewers_of, tell
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport, ReportState
from reports.steps.record import take_step
from reports.steps.services import plan_next

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

SALT = "reports.council_link"
MOST_OPEN_QUESTIONS = 50  # of one report: a link in wrong hands does not flood the town hall


# --- the way through the committees

WAY_IS_OVER = "Der Beschluss steht fest. Die Beratungsfolge lässt sich nicht mehr ändern."
HAS_RESULT = (
    "Zu dieser Sitzung vom {:%d.%m.%Y} ist schon ein Ergebnis eingetragen. "
    "Bitte tragen Sie die nächste Sitzung als neue Beratung ein."
)


def save_consultation(consultation: Consultation) -> None:
    """Agenda and item number come late, so they may change until the council has decided. Else ReportNotEditable."""
    with transaction.atomic():
        _undecided(consultation.report_id)
        result = (
            CouncilDecision.objects.filter(consultation=consultation.pk).first() if consultation.pk else None
        )
        if result and result.decided_on != consultation.session_on:
            raise ReportNotEditable(HAS_RESULT.format(result.decided_on))
        consultation.save()


def remove_consultation(consultation: Consultation) -> None:
    """Programs that read the open data are told that it is gone, so the row stays."""
    with transaction.atomic():
        _undecided(consultation.report_id)
        if result := CouncilDecision.objects.filter(consultation=consultation.pk).first():
            raise ReportNotEditable(HAS_RESULT.format(result.decided_on))
        now = timezone.now()
        Consultation.objects.filter(pk=consultation.pk, deleted_at=None).update(
            deleted_at=now, updated_at=now
        )


def _undecided(report_id: int) -> None:
    report = InterimReport.objects.select_for_update().get(pk=report_id)
    if is_decided(report):
        raise ReportNotEditable(WAY_IS_OVER)


def is_decided(report: InterimReport) -> bool:
    """For good; also while a new edition is in work."""
    return report.decisions.final().exists()


# --- links without an account


def signed(link: CouncilLink) -> str:
    """What stands in the address. Signed, so that nobody gets from one link to another by counting."""
    return signing.Signer(salt=SALT).sign(str(link.pk))


def link_of(signature: str) -> CouncilLink | None:
    """The link of a signed address, also when it is withdrawn or over; None for a wrong signature."""
    try:
        key = signing.Signer(salt=SALT).unsign(signature)
    except signing.BadSignature:
        return None
    return CouncilLink.objects.select_related("report__municipality__county").filter(pk=int(key)).first()


def count_opening(link: CouncilLink) -> None:
    CouncilLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)


def withdraw_link(link: CouncilLink, *, by: User) -> None:
    CouncilLink.objects.filter(pk=link.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    )


# --- questions


def ask(report: InterimReport, text: str, *, by: User | None) -> CouncilQuestion:
    """A councillor's question to the town hall; `by` is None for who came by a link. Raises ReportNotEditable."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)
        if not awaits_decision(report):
            raise ReportNotEditable("Zu diesem Bericht lassen sich keine Fragen mehr stellen.")
        waiting = report.questions.waiting()
        same = waiting.filter(text=text).first()
        if same is not None:
            return same  # the second click, or somebody else's same question
        if waiting.count() >= MOST_OPEN_QUESTIONS:
            raise ReportNotEditable(
                "Zu diesem Bericht warten schon viele Fragen auf eine Antwort. Bitte fragen Sie später noch einmal."
            )
        question = CouncilQuestion.objects.create(report=report, text=text, asked_by=by)
        people = reviewers_of(report, timezone.localdate())
        tell(report, people, Occasion.QUESTION, about=question.pk, except_for=by)
        return question


def answer(question: CouncilQuestion, text: str, *, by: User) -> None:
    """The answer goes to all of that council. A mended answer is not told of again. Takes a refusal back."""
    with transaction.atomic():
        question = CouncilQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        question.answer, question.answered_at, question.answered_by = text, timezone.now(), by
        question.refusal, question.refused_at, question.refused_by = "", None, None
        question.save()
        people = councillors_of(question.report, timezone.localdate())
        tell(question.report, people, Occasion.ANSWER, about=question.pk, except_for=by)


def refuse(question: CouncilQuestion, reason: str, *, by: User) -> None:
    """The asker reads the reason, the council nothing. Raises ReportNotEditable for an answered one."""
    with transaction.atomic():
        question = CouncilQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if question.answer:
            raise ReportNotEditable("Diese Frage ist schon beantwortet.")
        question.refusal, question.refused_at, question.refused_by = reason, timezone.now(), by
        question.save()
        if question.asked_by:
            tell(question.report, [question.asked_by], Occasion.REFUSED, about=question.pk, except_for=by)


def shorten(question: CouncilQuestion, text: str, reason: str, *, by: User) -> None:
    """What was asked first is kept, for who looks after the report and for the asker."""
    with transaction.atomic():
        question = CouncilQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if text == question.text:
            return
        question.asked_as, question.text = question.asked_as or question.text, text
        question.shortened_why, question.shortened_at, question.shortened_by = reason, timezone.now(), by
        question.save()


# --- the decision


def awaits_decision(report: InterimReport) -> bool:
    """The council has it and has not resolved about it for good."""
    return report.is_at_council and not is_decided(report)


def record_decision(
    decision: CouncilDecision, *, by: User, now: dt.datetime | None = None
) -> CouncilDecision:
    """Keep what the council resolved; a final one closes the report. The same one twice is kept once.

    Raises ReportNotEditable for a report that is not at its council or already decided, and for a session that was
    not planned (`reports.council.sessions`).
    """
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=decision.report_id)
        decision.consultation = _session(decision, report)
        told = {name: getattr(decision, name) for name in TOLD}
        if (same := report.decisions.filter(**told).first()) is not None:
            return same
        if not awaits_decision(report):
            raise ReportNotEditable(
                "Zu diesem Bericht steht der Beschluss schon fest."
                if report.is_at_council
                else "Der Bericht ist dem Gemeinderat noch nicht zugestellt."
            )
        if decision.consultation:
            _meets_on(decision.consultation, decision.decided_on)
        decision.recorded_by = by
        decision.save()
        if decision.is_final:
            report.withdrawals.open().update(refused_at=timezone.now(), refused_by=by)  # too late for that
        # else with the delivery of its new edition
        if decision.is_final and report.state == ReportState.DELIVERED:
            take_step(report, ReportState.DECIDED, by=by, now=now)
        return decision


def _session(decision: CouncilDecision, report: InterimReport) -> Consultation | None:
    planned = list(report.consultations.filter(deleted_at=None))
    try:
        return session_for(decision.kind, decision.decided_on, decision.consultation, planned)
    except WrongSession as error:
        raise ReportNotEditable(str(error)) from error


def _meets_on(session: Consultation, day: dt.date) -> None:
    if session.session_on != day:
        session.session_on = day
        session.save(update_fields=["session_on", "updated_at"])


def next_session_is_known(decision: CouncilDecision) -> bool:
    """Somebody has entered where the report goes from here."""
    planned = decision.report.consultations.filter(deleted_at=None)
    return planned.filter(Q(session_on=None) | Q(session_on__gt=decision.decided_on)).exists()


# --- the decision put right


def sessions_of(town_id: int) -> list[dt.date]:
    """The days of all sessions that anybody has entered for the town's reports, the earliest first."""
    entered = Consultation.objects.filter(
        report__municipality=town_id, deleted_at=None, session_on__isnull=False
    )
    days = entered.order_by().values_list("session_on", flat=True).distinct()
    return sorted(day for day in days if day)


def correctable_until(decision: CouncilDecision, sessions: Sequence[dt.date]) -> dt.date | None:
    """The next of the town's `sessions`: there the minutes are read. None while there is none."""
    return next((day for day in sessions if day > decision.decided_on), None)


def is_correctable(decision: CouncilDecision, sessions: Sequence[dt.date], today: dt.date) -> bool:
    until = correctable_until(decision, sessions)
    return until is None or today <= until


def correct_decision(decision: CouncilDecision, *, reason: str, by: User) -> CouncilDecision:
    """Store what stands in `decision` in place of what was recorded, which is kept with who and why.

    What the county has confirmed to follow is to be confirmed again. Raises ReportNotEditable.
    """
    with transaction.atomic():
        report = InterimReport.objects.select_for_update().get(pk=decision.report_id)
        stored = CouncilDecision.objects.select_related("report").get(pk=decision.pk)
        if not is_correctable(stored, sessions_of(report.municipality_id), timezone.localdate()):
            raise ReportNotEditable(TOO_LATE)
        if decision.is_final and report.decisions.final().exclude(pk=decision.pk).exists():
            raise ReportNotEditable("Zu diesem Bericht steht der Beschluss schon fest.")
        if all(getattr(decision, name) == getattr(stored, name) for name in TOLD):
            return stored
        DecisionCorrection.objects.create(decision=stored, reason=reason, corrected_by=by)
        decision.corrected_at = timezone.now()
        if (decision.kind, decision.next_report_due) != (stored.kind, stored.next_report_due):
            decision.followed_up_at = decision.followed_up_by = None
        decision.save()
        if decision.consultation:
            _meets_on(decision.consultation, decision.decided_on)
        _follow_the_correction(report, decision, by=by)
        return decision


TOO_LATE = (
    "Seitdem hat der Gemeinderat wieder getagt. Der Beschluss lässt sich nicht mehr berichtigen. "
    "Was sich geändert hat, gehört in einen neuen Beschluss."
)


def _follow_the_correction(report: InterimReport, decision: CouncilDecision, *, by: User) -> None:
    """A result that was no decision leaves the report at its council, and the other way round."""
    note = "Der Beschluss ist berichtigt."
    if decision.is_final and report.state == ReportState.DELIVERED:
        take_step(report, ReportState.DECIDED, by=by, note=note)
    elif not decision.is_final and report.state == ReportState.DECIDED:
        take_step(report, ReportState.DELIVERED, by=by, note=note)


@dataclass(frozen=True)
class Proposal:
    """What follows from a decision, as the portal proposes it; staff may change it before they confirm."""

    agreement: CooperationAgreement | None
    ends_on: dt.date | None  # None: without an end
    next_report_due: dt.date | None  # None: no further report


def proposal_for(decision: CouncilDecision) -> Proposal:
    """Continued: another interval of the same length, due a month after it. Permanent: the agreement loses its end.
    Ended: the agreement ends with the period that it has, or, without an end, half a year after the decision.
    """
    report = decision.report
    agreement = (
        CooperationAgreement.objects.filter(municipality=report.municipality_id)
        .filter(starts_on__lte=max(decision.decided_on, report.period_end))
        .order_by("-starts_on")
        .first()
    )
    if agreement is None:
        return Proposal(None, None, None)
    if decision.kind == DecisionKind.ENDED:
        return Proposal(agreement, agreement.ends_on or add_months(decision.decided_on, 6), None)
    months = agreement.report_interval_months
    next_end = last_day_of_months(report.period_end + ONE_DAY, months)
    due = decision.next_report_due or last_day_of_months(next_end + ONE_DAY, 1)
    if decision.kind == DecisionKind.PERMANENT:
        return Proposal(agreement, None, due)
    if decision.kind == DecisionKind.NOTED:
        still_runs = agreement.ends_on is None or agreement.ends_on > report.period_end
        return Proposal(agreement, agreement.ends_on, due if still_runs else None)
    ends_on = None if agreement.ends_on is None else max(agreement.ends_on, next_end)
    return Proposal(agreement, ends_on, due)


def follow_up(
    decision: CouncilDecision, *, ends_on: dt.date | None, next_report_due: dt.date | None, by: User
) -> InterimReport | None:
    """Staff confirm what comes next: the agreement's end, and the next report. Returns that report. Only once.

    Raises ReportNotEditable where it was confirmed before or the dates do not fit the agreement.
    """
    with transaction.atomic():
        decision = (
            CouncilDecision.objects.select_for_update(of=("self",))
            .select_related("report")
            .get(pk=decision.pk)
        )
        if decision.followed_up_at is not None:
            raise ReportNotEditable("Was auf den Beschluss folgt, ist schon bestätigt.")
        agreement = proposal_for(decision).agreement
        if agreement is not None:
            if ends_on is not None and ends_on < max(agreement.starts_on, decision.report.period_end):
                raise ReportNotEditable(
                    "Die Vereinbarung kann nicht vor dem Ende des Berichtszeitraums enden."
                )
            agreement.ends_on = ends_on
            try:
                agreement.full_clean()
            except ValidationError as error:  # another agreement has begun meanwhile
                raise ReportNotEditable(" ".join(error.messages)) from error
            agreement.save(update_fields=["ends_on"])
        decision.followed_up_at, decision.followed_up_by = timezone.now(), by
        decision.save(update_fields=["followed_up_at", "followed_up_by"])
        if next_report_due is None or agreement is None:
            return None
        return plan_next(decision.report, due_on=next_report_due)
