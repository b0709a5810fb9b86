"""Brings the reports of the demo into the database: every term's, each on its way to where it stands today.

They go the way of every report: opened as drafts, frozen, then step by step. Old files are not built here (that takes a
worker minutes); `build_files` asks for them once the portal runs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import NamedTuple

from django.conf import settings

from activities.models import ClosedPeriod
from demo import corrected, reports, terms, year
from demo.county_report import load_county_report
from demo.days import DAY, working_day_before
from demo.moments import moment
from kiv_portal.accounts.models import User
from kiv_portal.mails.models import MailState
from kiv_portal.mails.writing import post_all
from municipalities.models import County, Municipality
from reports.council.services import record_decision
from reports.editions.services import TECHNICAL_REASON
from reports.figures.models import CODE_LETTERS, ReportSnapshot
from reports.figures.snapshot import to_json
from reports.models import (
    Consultation,
    ConsultationRole,
    CouncilDecision,
    CouncilLink,
    CouncilQuestion,
    FileKind,
    FileState,
    InterimReport,
    Occasion,
    ReportComment,
    ReportFile,
    ReportSection,
    ReportState,
)
from reports.notices.services import notice_of
from reports.steps.freezing import snapshot_of
from reports.steps.models import ListChoice
from reports.steps.record import take_step
from reports.steps.services import CLOSED_REASON
from reports.writing.photo_queries import photos_to_choose
from reports.writing.photo_services import choose_photos, frozen_photos

CODE_LENGTH = 10
CORRECTED = "leonberg"  # its newest decision was put right
WITH_PHOTOS = ("leonberg", "herrenberg")


class _Told(NamedTuple):
    """A report with the course that it takes."""

    report: InterimReport
    course: terms.Course
    town: year.Town

    @property
    def has_photos(self) -> bool:
        return self.town.slug in WITH_PHOTOS and self.course == reports.showcase_of(self.town)


def load_reports(county: County, today: dt.date, people: dict[str, User]) -> None:
    told = _opened(today)
    _written(told, people)
    _closed(told)
    for one in told:
        if submitted_on := one.course.submitted_on:
            _on_its_way(one, submitted_on, people)
    _around_the_council(told, people)
    load_county_report(county, today, people["koordination"])


# --- opened and written


def _opened(today: dt.date) -> list[_Told]:
    """Rows for every term that has begun: those that are over in work, the present ones planned."""
    municipalities = {town.slug: town for town in Municipality.objects.select_related("county")}
    told = []
    for town in year.towns(today):
        own = reports.own_reports().get(town.slug, {})
        for course in terms.courses_of(town):
            is_over = course.end < today
            report = InterimReport(
                municipality=municipalities[town.slug],
                period_start=course.start,
                period_end=course.end,
                due_on=course.due_on,
                state=ReportState.DRAFT if is_over else ReportState.PLANNED,
                paper_number=_paper_number(town, course) if course.submitted_on else "",
                author=own.get("author", town.data["contact"]["function"]) if is_over else "",
                dated_on=course.submitted_on,
                activity_list=ListChoice.COUNCIL if town.slug in WITH_PHOTOS else ListChoice.MONTHS,
                created_at=moment(course.start, 3, 30),
            )
            told.append(_Told(report, course, town))
    InterimReport.objects.bulk_create(one.report for one in told)
    Consultation.objects.bulk_create(consultation for one in told for consultation in _way(one))
    return told


def _paper_number(town: year.Town, course: terms.Course) -> str:
    on = course.submitted_on or course.end
    number = 40 + (len(town.slug) * 37 + course.number * 23) % 180
    return f"{on.year}/{number:03}" if len(town.slug) % 2 else f"{number}/{on.year}"


def _way(one: _Told) -> list[Consultation]:
    """The council's sessions; some towns ask a committee first."""
    committee = reports.own_reports().get(one.town.slug, {}).get("committee", "Gemeinderat")
    opened_at = moment(one.course.start, 3, 30)
    consultations = []
    if one.course.sessions and committee != "Gemeinderat":
        before = working_day_before(one.course.sessions[0] - 6 * DAY)
        if one.course.delivered_on is None or before > one.course.delivered_on:
            consultations.append(
                Consultation(
                    report=one.report,
                    committee=committee,
                    session_on=before,
                    role=ConsultationRole.PREPARE,
                    is_public=False,
                    created_at=opened_at,
                )
            )
    for session_on in one.course.sessions or (None,):
        is_known = session_on is not None and session_on < one.town.today + 10 * DAY
        consultations.append(
            Consultation(
                report=one.report,
                session_on=session_on,
                item_number=str(3 + one.course.number % 5) if is_known else "",
                created_at=opened_at,
            )
        )
    return consultations


def _written(told: list[_Told], people: dict[str, User]) -> None:
    ReportSection.objects.bulk_create(
        ReportSection(report=one.report, key=key, text=text, version=1, updated_by=_writer(one, people))
        for one in told
        for key, text in reports.texts_of(one.town, one.course).items()
    )
    for one in told:
        if one.has_photos:
            photos = [choice.photo for choice in photos_to_choose(one.report)][:4]
            choose_photos(one.report, offered=photos, chosen=photos, by=_writer(one, people))


def _writer(one: _Told, people: dict[str, User]) -> User:
    own = reports.own_reports().get(one.town.slug, {})
    return people[own.get("writer", f"ansprechperson.{one.town.slug}")]


def _closed(told: list[_Told]) -> None:
    """The log of every term whose report is handed in."""
    ClosedPeriod.objects.bulk_create(
        ClosedPeriod(
            municipality=one.report.municipality,
            starts_on=one.course.start,
            ends_on=one.course.end,
            reason=CLOSED_REASON,
        )
        for one in told
        if one.course.submitted_on and not one.course.returned_on
    )


# --- from step to step


def _on_its_way(one: _Told, submitted_on: dt.date, people: dict[str, User]) -> None:
    """Frozen and handed in, and from there as far as it has come."""
    report, course = one.report, one.course
    contact, coordinator = people[f"ansprechperson.{one.town.slug}"], people["koordination"]
    submitted_at = moment(submitted_on, 9, 40)
    code = _code(one)
    ReportSnapshot.objects.create(
        report=report,
        number=1,
        code=code,
        data=to_json(
            snapshot_of(
                report,
                dated=submitted_on,
                check_url=f"{settings.BASE_URL}/echt/{code}/",
                photos=frozen_photos(report) if one.has_photos else (),
            )
        ),
        taken_at=submitted_at,
        taken_by=contact,
    )
    take_step(report, ReportState.SUBMITTED, by=contact, now=submitted_at)
    _told_of(report, [coordinator], Occasion.SUBMITTED, 1, submitted_at)
    if course.returned_on:
        at = moment(course.returned_on, 15, 10)
        take_step(
            report, ReportState.RETURNED, by=coordinator, note=reports.pool()["returned"]["note"], now=at
        )
        _told_of(report, [_writer(one, people)], Occasion.RETURNED, 1, at)
    if course.approved_on:
        take_step(report, ReportState.APPROVED, by=coordinator, now=moment(course.approved_on, 11))
    if course.delivered_on:
        at = moment(course.delivered_on, 10, 20)
        take_step(report, ReportState.DELIVERED, by=contact, now=at)
        _told_of(report, [people[f"gemeinderat.{one.town.slug}"]], Occasion.DELIVERED, report.pk, at)
    if course.delivered_on and course.public_on:
        report.public_from = max(moment(course.public_on, 0), moment(course.delivered_on, 10, 20))
        report.save(update_fields=["public_from", "updated_at"])
    for decision in course.decisions:
        _decide(one, decision, contact=contact, coordinator=coordinator)


def _code(one: _Told, edition: str = "") -> str:
    """Not to be guessed in earnest, but the same in every demo."""
    digest = hashlib.sha256(f"{year.SEED} {one.town.slug} {one.course.start}{edition}".encode()).digest()
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])


def _told_of(
    report: InterimReport, people: list[User], occasion: Occasion, about: object, at: dt.datetime
) -> None:
    """The e-mails of that time: written and sent."""
    mails = [notice_of(report, person, occasion, about) for person in people]
    for mail in mails:
        mail.state, mail.text = MailState.SENT, ""
        mail.created_at, mail.ended_at = at, at + dt.timedelta(seconds=20)
    post_all(mails)


def _decide(one: _Told, decision: terms.Decision, *, contact: User, coordinator: User) -> None:
    at = (
        moment(decision.day + DAY, 8, 30) if decision.day + DAY < one.town.today else moment(decision.day, 22)
    )
    is_final = decision.kind != "adjourned"
    follows = is_final and one.course.is_followed_up
    yes, no, abstained = decision.votes
    recorded = record_decision(
        CouncilDecision(
            report=one.report,
            consultation=one.report.consultations.filter(session_on=decision.day).first(),
            kind=decision.kind,
            decided_on=decision.day,
            votes_yes=yes,
            votes_no=no,
            votes_abstained=abstained,
            text=_wording(one) if is_final else "",
            conditions=decision.conditions,
            reason="" if is_final else ADJOURNED,
            recorded_at=at,
            followed_up_at=at + 6 * DAY if follows else None,
            followed_up_by=coordinator if follows else None,
        ),
        by=contact,
        now=at,
    )
    if one.town.slug == CORRECTED and one.course == reports.showcase_of(one.town):
        corrected.correct_votes(recorded, contact)


ADJOURNED = "Die Verwaltung ergänzt bis zur nächsten Sitzung, was eine Fortführung kostet."


def _wording(one: _Told) -> str:
    return reports.texts_of(one.town, one.course)["proposal"]


# --- around the council, and the county's own report


def _around_the_council(told: list[_Told], people: dict[str, User]) -> None:
    """Where the council is just reading: a question that waits, links of every kind; and a remark at a draft."""
    for one in told:
        stage = one.town.data.get("stage") if one.course.is_newest else None
        contact = people[f"ansprechperson.{one.town.slug}"]
        if stage == "question":
            _questions(one, contact, people)
            _links(one.report, contact, one.town.today)
            _corrected_at_the_council(one, contact, people)
        elif stage == "adjourned":
            corrected.ask_to_take_back(one.report, contact, one.town.today)
        elif stage == "approved":
            corrected.move_session(one.report)
        elif stage == "submitted":
            _failed_file(one, contact)
        elif stage == "due_soon":
            ReportComment.objects.create(
                report=one.report,
                key="costs",
                text="Die Abrechnung für das letzte Vierteljahr kommt noch aus der Kämmerei.",
                author=contact,
                written_at=moment(working_day_before(one.town.today), 14),
            )


def _corrected_at_the_council(one: _Told, contact: User, people: dict[str, User]) -> None:
    councillor = people[f"gemeinderat.{one.town.slug}"]
    corrected.shorten_and_refuse(one.report, councillor, contact, one.town.today)
    at = corrected.replace_edition(
        one.report, _code(one, "2"), contact=contact, coordinator=people["koordination"]
    )
    _told_of(one.report, [councillor], Occasion.REPLACED, 2, at)


def _questions(one: _Told, contact: User, people: dict[str, User]) -> None:
    asked_by = people[f"gemeinderat.{one.town.slug}"]
    for number, row in enumerate(reports.pool()["question"]):
        at = moment(one.town.today - (2 + 3 * number) * DAY, 19, 30)
        answer = row.get("answer", "")
        answered_at = at + dt.timedelta(hours=15) if answer else None
        question = CouncilQuestion.objects.create(
            report=one.report,
            text=row["text"],
            asked_at=at,
            asked_by=asked_by,
            answer=answer,
            answered_at=answered_at,
            answered_by=contact if answer else None,
        )
        _told_of(one.report, [contact, people["koordination"]], Occasion.QUESTION, question.pk, at)
        if answered_at:
            _told_of(one.report, [asked_by], Occasion.ANSWER, question.pk, answered_at)


def _links(report: InterimReport, contact: User, today: dt.date) -> None:
    """One that holds, one that was withdrawn, one whose time is over."""
    since = (report.delivered_at or report.created_at) + dt.timedelta(hours=1)
    CouncilLink.objects.bulk_create(
        [
            CouncilLink(
                report=report,
                label="Gemeinderat",
                expires_at=moment(today + 60 * DAY, 23, 59),
                opened=14,
                created_by=contact,
                created_at=since,
            ),
            CouncilLink(
                report=report,
                label="Fraktionen",
                expires_at=moment(today + 30 * DAY, 23, 59),
                opened=3,
                created_by=contact,
                created_at=since,
                withdrawn_at=moment(today - 4 * DAY, 9),
                withdrawn_by=contact,
            ),
            CouncilLink(
                report=report,
                label="Geschäftsstelle",
                expires_at=moment(today - 2 * DAY, 23, 59),
                opened=1,
                created_by=contact,
                created_at=since,
            ),
        ]
    )


def _failed_file(one: _Told, contact: User) -> None:
    """A file that did not come about, beside those that a worker still has to build."""
    snapshot = one.report.snapshots.get()
    at = one.report.submitted_at or one.report.created_at
    ReportFile.objects.create(
        snapshot=snapshot,
        kind=FileKind.ODT,
        state=FileState.FAILED,
        attempts=ReportFile.MAX_ATTEMPTS,
        requested_at=at,
        requested_by=contact,
        published_at=at,
        finished_at=at + dt.timedelta(minutes=9),
        reason=TECHNICAL_REASON,
    )
