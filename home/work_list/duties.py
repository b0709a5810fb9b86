"""Where each kind of duty comes from: one query set a kind, all of the same columns, so that one query asks them all.

Who is asked for what follows `rules.py` of each app: a duty goes to those who may do it, and to the county only where
it is the county's or nobody else is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Protocol

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import GreaterThan

from activities.concerns.models import is_overdue_on, waits_for_reply_on
from activities.models import (
    Activity,
    ActivityImport,
    ActivityPhoto,
    Concern,
    ConcernState,
    ImportRun,
    OfficeReminder,
    RunKind,
)
from home.work_list.shape import Rows, as_rows, day_of, in_one_row, of_reports, one_value
from kiv_portal.accounts.models import User
from kiv_portal.jobs.models import JobState
from kiv_portal.mails.models import Mail, MailState
from kiv_portal.terms import not_over_on
from mediators.models import Appointment
from municipalities.models import (
    CooperationAgreement,
    Councillor,
    County,
    CountyStaff,
    Municipality,
    MunicipalityContact,
)
from reports.models import (
    Consultation,
    ConsultationRole,
    CouncilDecision,
    CouncilQuestion,
    FileState,
    InterimReport,
    ReportComment,
    ReportFile,
    ReportSnapshot,
    ReportState,
    ReportStep,
    Withdrawal,
)

AHEAD = dt.timedelta(days=90)  # a report to begin, an agreement that ends
PATIENCE = dt.timedelta(days=7)  # with somebody who is invited
WORTH_A_WORD = dt.timedelta(days=30)  # an e-mail that did not arrive


class Towns(Protocol):
    """Ids of towns by role, as whatever `__in` takes; `log` holds the person's id as a mediator, `counties` keys."""

    staff: Any
    contact: Any
    councillor: Any
    writing: Any  # contact or mediator
    looked_after: Any  # staff or contact
    at_work: Any  # all three
    counties: Any
    log: Any


def duties_of(roles: frozenset[str], of: Towns, today: dt.date) -> Iterator[Rows]:
    """A part for each thing that may wait for somebody with these roles; nothing is asked of who cannot have it."""
    if roles & {"contact", "mediator"}:
        yield from _writing(of.writing, today)
    if "staff" in roles:
        yield from _county(of, today)
    if roles & {"staff", "contact"}:
        yield from _at_the_council(of, today)
    if "councillor" in roles:
        yield _to_read(of.councillor, today)
    if roles & {"staff", "contact", "mediator"}:
        yield _failed_files(of.at_work)
        yield _unreached_offices(of.at_work)
        yield from _concerns(of.at_work, today)
    if "log" in roles:
        yield from _own_log(of.log, today)


# --- a report on its way


def _writing(towns: Any, today: dt.date) -> Iterator[Rows]:
    reports = InterimReport.objects.filter(municipality__in=towns)
    near = reports.filter(due_on__lte=today + AHEAD)
    yield of_reports("report_begin", near.filter(state=ReportState.PLANNED), F("due_on"))
    yield of_reports("report_write", near.filter(state=ReportState.DRAFT), F("due_on"))
    yield of_reports("report_mend", reports.filter(state=ReportState.RETURNED), _newest_step())
    comments = ReportComment.objects.filter(report=OuterRef("pk"), settled_at=None)
    editable = reports.filter(state__in=ReportState.editable)
    yield of_reports(
        "comment_settle",
        editable.filter(Exists(comments)),
        day_of(one_value(comments, Min("written_at"))),
        number=one_value(comments, Count("*")),
    )


def _failed_files(towns: Any) -> Rows:
    """Of the newest edition, and nobody has started the file again."""
    newest = ReportSnapshot.objects.filter(report=OuterRef("report")).order_by("-number")
    again = ReportFile.objects.filter(snapshot=OuterRef("snapshot"), kind=OuterRef("kind")).exclude(
        state=FileState.FAILED
    )
    failed = ReportFile.objects.filter(
        ~Exists(again),
        state=FileState.FAILED,
        snapshot__report__municipality__in=towns,
        snapshot__in=ReportSnapshot.objects.filter(pk=Subquery(newest.values("pk")[:1])),
    )
    reports = InterimReport.objects.filter(snapshots__editions__in=failed)
    return of_reports(
        "file_failed",
        reports,
        day_of(Coalesce(Max("snapshots__editions__finished_at"), Max("snapshots__editions__requested_at"))),
    )


def _county(of: Towns, today: dt.date) -> Iterator[Rows]:
    reports = InterimReport.objects.filter(municipality__in=of.staff)
    late = reports.filter(state__in=ReportState.editable, due_on__lt=today)
    yield of_reports("report_late", late.exclude(municipality__in=of.writing), F("due_on"))
    yield of_reports("report_check", reports.filter(state=ReportState.SUBMITTED), day_of(F("submitted_at")))
    confirm = CouncilDecision.objects.final().filter(
        report__municipality__in=of.staff, report__state=ReportState.DECIDED, followed_up_at=None
    )
    yield as_rows(confirm, "decision_confirm", day_of(F("recorded_at")), town="report__municipality")
    yield from _people_not_reached(of, today)


# --- a report at its council


def _at_the_council(of: Towns, today: dt.date) -> Iterator[Rows]:
    """Town hall does it; the county where town hall has nobody, but decisions and questions concern both."""
    reports = InterimReport.objects.filter(municipality__in=of.looked_after)
    contacts = MunicipalityContact.objects.in_force_on(today).filter(municipality=OuterRef("municipality"))
    mine = reports.filter(Q(municipality__in=of.contact) | ~Exists(contacts))
    yield of_reports("report_deliver", mine.filter(state=ReportState.APPROVED), _newest_step())
    delivered = _undecided()
    yield of_reports(
        "session_enter",
        mine.filter(delivered, ~Exists(_sessions(session_on__gte=today)), ~_decision_missing(today)),
        day_of(F("delivered_at")),
    )
    yield of_reports(
        "decision_record",
        reports.filter(delivered, _decision_missing(today)),
        one_value(_sessions(session_on__lt=today), Max("session_on")),
    )
    withdrawals = Withdrawal.objects.open().filter(report=OuterRef("pk"))
    yield of_reports(
        "withdrawal_decide",
        reports.filter(Exists(withdrawals)),
        day_of(one_value(withdrawals, Min("asked_at"))),
    )
    questions = CouncilQuestion.objects.waiting().filter(report=OuterRef("pk"))
    yield of_reports(
        "question_answer",
        reports.filter(Exists(questions)),
        day_of(one_value(questions, Min("asked_at"))),
        number=one_value(questions, Count("*")),
    )
    agreements = CooperationAgreement.objects.filter(municipality=OuterRef("municipality"))
    ending = CooperationAgreement.objects.filter(
        ~Exists(agreements.filter(starts_on__gt=OuterRef("ends_on"))),
        municipality__in=of.looked_after,
        ends_on__range=(today, today + AHEAD),
        departure__isnull=True,  # the town leaves, nobody has to renew it
    )
    yield as_rows(ending, "agreement_ends", F("ends_on"), town="municipality")
    yield _vacancies(of.looked_after, today)


def _sessions(**when: dt.date) -> QuerySet[Consultation]:
    """Of a report (outer), in which its council may decide."""
    deciding = (ConsultationRole.DECIDE, ConsultationRole.NOTE)
    return Consultation.objects.filter(report=OuterRef("pk"), deleted_at=None, role__in=deciding, **when)


def _decision_missing(today: dt.date) -> Exists:
    """The council has met, and nobody has entered what came of it."""
    entered = CouncilDecision.objects.filter(
        report=OuterRef("report"), decided_on__gte=OuterRef("session_on")
    )
    return Exists(_sessions(session_on__lt=today).filter(~Exists(entered)))


def _undecided() -> Q:
    """The council has it, also while a new edition is in work, and has not resolved for good."""
    final = CouncilDecision.objects.final().filter(report=OuterRef("pk"))
    return Q(~Exists(final), delivered_number__isnull=False)


def _to_read(towns: Any, today: dt.date) -> Rows:
    """Councillors until their session."""
    coming = _sessions(session_on__gte=today)
    reports = InterimReport.objects.filter(_undecided(), Exists(coming), municipality__in=towns)
    return of_reports("report_read", reports, one_value(coming, Min("session_on")))


# --- towns and their people


def _vacancies(towns: Any, today: dt.date) -> Rows:
    """Of towns that take part; not where somebody is appointed for a day to come."""
    appointments = Appointment.objects.filter(municipality=OuterRef("pk"))
    vacant = Municipality.objects.taking_part_on(today).filter(
        ~Exists(appointments.filter(not_over_on(today))), pk__in=towns
    )
    agreed = CooperationAgreement.objects.in_force_on(today).filter(municipality=OuterRef("pk"))
    day_after = ExpressionWrapper(Max("ends_on") + Value(1), output_field=DateField())
    since = Coalesce(
        one_value(appointments, day_after), Subquery(agreed.order_by("starts_on").values("starts_on")[:1])
    )
    return as_rows(vacant, "vacancy", since)


def _people_not_reached(of: Towns, today: dt.date) -> Iterator[Rows]:
    """Invited and never here, or not reached by the newest e-mail. Where there are several in a town, their number."""
    invited_before = today - PATIENCE
    strangers = User.objects.filter(is_active=True, last_login=None, invited_at__date__lt=invited_before)
    in_town = strangers.filter(_has_role_in_town(today)).order_by()
    towns = Municipality.objects.filter(Exists(in_town), pk__in=of.staff)
    day = day_of(one_value(in_town, Min("invited_at")))
    yield as_rows(towns, "not_signed_in", day, label=_who(in_town))
    colleagues = CountyStaff.objects.filter(not_over_on(today), county=OuterRef(OuterRef("pk")))
    in_county = strangers.filter(pk__in=colleagues.values("user")).order_by()
    counties = County.objects.filter(Exists(in_county), pk__in=of.counties)
    yield as_rows(
        counties,
        "colleague_not_signed_in",
        day_of(one_value(in_county, Min("invited_at"))),
        key=Value(0),
        label=_who(in_county),
        town="",
    )
    unreached = User.objects.filter(_has_role_in_town(today), pk__in=_unreached(today)).order_by()
    towns = Municipality.objects.filter(Exists(unreached), pk__in=of.staff)
    last = Max("mails__ended_at", filter=Q(mails__state=MailState.FAILED))
    yield as_rows(towns, "mail_failed", day_of(one_value(unreached, last)), label=_who(unreached))


def _has_role_in_town(today: dt.date) -> Q:
    """Of users: they hold, or will hold, a role in the town (outer)."""
    terms = {"municipality": OuterRef(OuterRef("pk"))}
    return (
        Q(pk__in=MunicipalityContact.objects.filter(not_over_on(today), **terms).values("user"))
        | Q(pk__in=Councillor.objects.filter(not_over_on(today), **terms).values("user"))
        | Q(pk__in=Appointment.objects.filter(not_over_on(today), **terms).values("mediator__user"))
    )


def _unreached(today: dt.date) -> QuerySet[Any]:
    """Keys of people to whom an e-mail did not arrive lately, and none has since."""
    later = Mail.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk")).exclude(
        state=MailState.FAILED
    )
    failed = Mail.objects.failed().filter(
        ~Exists(later), person__isnull=False, ended_at__date__gte=today - WORTH_A_WORD
    )
    return failed.values("person")


def _who(people: QuerySet[User]) -> Subquery:
    """The name of one, or how many they are."""
    number = Count("*")
    several = Concat(Cast(number, CharField()), Value(" Personen"))
    return one_value(people, Case(When(GreaterThan(number, 1), then=several), default=Min("full_name")))


# --- what people report


def _concerns(towns: Any, today: dt.date) -> Iterator[Rows]:
    concerns = Concern.objects.filter(municipality__in=towns)
    parts = {
        "new": (Q(state=ConcernState.REPORTED), F("reported_on")),
        "promise": (is_overdue_on(today), F("promised_until")),
        "reply": (waits_for_reply_on(today), F("office_asked_on")),
    }
    for label, (which, day) in parts.items():
        yield in_one_row(concerns.filter(which), "concerns", day, label=label)


def _unreached_offices(towns: Any) -> Rows:
    later = OfficeReminder.objects.filter(concern=OuterRef("concern"), pk__gt=OuterRef("pk"))
    failed = OfficeReminder.objects.filter(
        Q(failed_at__isnull=False) | Q(mail__state=MailState.FAILED),
        ~Exists(later),
        concern__municipality__in=towns,
        concern__state__in=ConcernState.open,
    )
    return as_rows(
        failed,
        "office_not_reached",
        F("reminded_on"),
        key=F("concern"),
        town="concern__municipality",
        label=F("office__name"),
    )


# --- the own log


def _own_log(own: Any, today: dt.date) -> Iterator[Rows]:
    activities = Activity.objects.filter(mediator__in=own)
    yield in_one_row(
        activities.to_follow_up().filter(follow_up_on__lte=today), "follow_ups", F("follow_up_on")
    )
    photos = ActivityPhoto.objects.undescribed().filter(activity__mediator__in=own)
    yield in_one_row(photos, "photos", day_of(F("added_at")))
    stored = ImportRun.objects.filter(activity_import=OuterRef("pk"), kind=RunKind.STORE, state=JobState.DONE)
    imports = ActivityImport.objects.filter(~Exists(stored), mediator__in=own)
    yield as_rows(imports, "import_open", day_of(F("uploaded_at")), label=F("name"), town="")


def _newest_step() -> Any:
    steps = ReportStep.objects.filter(report=OuterRef("pk")).order_by("-pk")
    return day_of(Subquery(steps.values("taken_at")[:1]))
