"""What was put right after a delivery, so that the demo shows it: a new edition, a delivery that one person wants to
take back, a session that was moved, a decision that was corrected, questions shortened and refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.conf import settings

from demo.days import DAY, working_day
from demo.moments import moment
from kiv_portal.accounts.models import User
from reports.figures.snapshot import to_json
from reports.models import (
    Consultation,
    CouncilDecision,
    CouncilQuestion,
    DecisionCorrection,
    InterimReport,
    NewEdition,
    ReportSnapshot,
    ReportState,
    Withdrawal,
)
from reports.steps.record import take_step

WRONG_COSTS = "Im Kapitel „Aufwand und Kosten“ stand eine Zahl aus dem Vorjahr."


def replace_edition(report: InterimReport, code: str, *, contact: User, coordinator: User) -> dt.datetime:
    """The council got another edition some days after the first. Returns when."""
    first_on = (report.delivered_at or report.created_at).date()
    begun = moment(working_day(first_on + 2 * DAY), 9, 15)
    done = moment(working_day(first_on + 4 * DAY), 14, 40)
    edition = NewEdition.objects.create(
        report=report, old_number=1, reason=WRONG_COSTS, asked_by=coordinator, asked_at=begun
    )
    take_step(report, ReportState.RETURNED, by=coordinator, note=WRONG_COSTS, now=begun)
    frozen = replace(report.snapshots.get().frozen, check_url=f"{settings.BASE_URL}/echt/{code}/")
    submitted = done - dt.timedelta(hours=5)
    ReportSnapshot.objects.create(
        report=report, number=2, code=code, data=to_json(frozen), taken_at=submitted, taken_by=contact
    )
    take_step(report, ReportState.SUBMITTED, by=contact, now=submitted)
    take_step(report, ReportState.APPROVED, by=coordinator, now=done - dt.timedelta(hours=1))
    take_step(report, ReportState.DELIVERED, by=contact, now=done)
    edition.number, edition.delivered_at = 2, done
    edition.save(update_fields=["number", "delivered_at"])
    return done


def ask_to_take_back(report: InterimReport, contact: User, today: dt.date) -> None:
    Withdrawal.objects.create(
        report=report,
        number=report.delivered_number or 1,
        reason="Die Anlage mit den Kosten gehört zu einer anderen Kommune.",
        asked_by=contact,
        asked_at=moment(today - DAY, 16, 5),
    )


def move_session(report: InterimReport) -> None:
    """A week later than what the report says, and it is frozen already."""
    for session in Consultation.objects.filter(report=report, session_on__isnull=False):
        session.session_on = (session.session_on or report.due_on) + 7 * DAY
        session.save(update_fields=["session_on", "updated_at"])


def correct_votes(decision: CouncilDecision, contact: User) -> None:
    """Recorded with two votes that were none; the right numbers stand there since."""
    if decision.votes_yes is None:
        return
    at = decision.recorded_at + 2 * DAY
    DecisionCorrection.objects.create(
        decision=decision,
        reason="Zwei Stimmen waren doppelt gezählt.",
        corrected_at=at,
        corrected_by=contact,
    )
    decision.votes_yes, decision.corrected_at = decision.votes_yes - 2, at
    decision.save(update_fields=["votes_yes", "corrected_at"])


def shorten_and_refuse(report: InterimReport, asked_by: User, contact: User, today: dt.date) -> None:
    CouncilQuestion.objects.create(
        report=report,
        text="Warum wurde die Rampe an der Musikschule nicht gebaut?",
        asked_as="Warum wurde die Rampe an der Musikschule nicht gebaut, obwohl Frau Beispiel sie seit Jahren will?",
        asked_at=moment(today - 6 * DAY, 20, 10),
        asked_by=asked_by,
        shortened_why="Namen von Bürgerinnen und Bürgern nennen wir nicht.",
        shortened_at=moment(today - 5 * DAY, 9, 30),
        shortened_by=contact,
        answer="Der Untergrund trägt sie nicht. Im Frühjahr wird ein anderer Zugang geprüft.",
        answered_at=moment(today - 5 * DAY, 9, 35),
        answered_by=contact,
    )
    CouncilQuestion.objects.create(
        report=report,
        text="Wann wird die Kreisstraße saniert?",
        asked_at=moment(today - 4 * DAY, 21),
        asked_by=asked_by,
        refusal="Das gehört nicht zu diesem Bericht. Bitte fragen Sie den Landkreis.",
        refused_at=moment(today - 3 * DAY, 10),
        refused_by=contact,
    )
