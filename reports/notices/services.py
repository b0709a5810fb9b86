"""E-mails about reports: written as rows with the action they tell of, sent by whoever comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.jobs import work
from kiv_portal.mails import sending as mails
from reports.notices.models import NoticeChoice, Occasion, ReportNotice
from reports.steps.models import InterimReport, ReportState

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.db.models import QuerySet

SENT_AT_ONCE = 100
TRIED_FOR = dt.timedelta(days=3)  # an address that a server refuses is not asked for ever


# --- who is told


def writers_of(report: InterimReport, today: dt.date) -> QuerySet[User]:
    """Those who write it: the mediators and contacts of the town."""
    town = report.municipality
    return _reachable(
        Q(mediator__appointments__in=town.appointments.in_force_on(today))
        | Q(contact_roles__in=town.contacts.in_force_on(today))
    )


def reviewers_of(report: InterimReport, today: dt.date) -> QuerySet[User]:
    """Those who check it: the county and the contacts of the town."""
    town = report.municipality
    return _reachable(
        Q(county_roles__in=town.county.staff.in_force_on(today))
        | Q(contact_roles__in=town.contacts.in_force_on(today))
    )


def councillors_of(report: InterimReport, today: dt.date) -> QuerySet[User]:
    return _reachable(Q(council_roles__in=report.municipality.councillors.in_force_on(today)))


def _reachable(who: Q) -> QuerySet[User]:
    return User.objects.filter(who, is_active=True).distinct().order_by("pk")


# --- what they are told


def tell(
    report: InterimReport,
    people: Iterable[User],
    occasion: Occasion,
    *,
    about: object,
    except_for: User | None = None,
) -> None:
    """Write down who is to be told, within the transaction of the action; a worker sends it after the commit."""
    _write_down(report, people, occasion, about=about, except_for=except_for)
    transaction.on_commit(wake_sender)


def _write_down(
    report: InterimReport,
    people: Iterable[User],
    occasion: Occasion,
    *,
    about: object,
    except_for: User | None = None,
) -> None:
    people = [person for person in people if person != except_for]
    unwanted = set(
        NoticeChoice.objects.filter(user__in=people, unwanted__contains=[occasion]).values_list(
            "user_id", flat=True
        )
    )
    ReportNotice.objects.bulk_create(
        [
            ReportNotice(report=report, user=person, occasion=occasion, about=str(about))
            for person in people
            if person.pk not in unwanted
        ],
        ignore_conflicts=True,
    )


def remind(today: dt.date) -> int:
    """Write the reminders of this day; the timetable sends them. Safe to call every hour: each is written once.

    Returns how many reports are due within 90 days or overdue.
    """
    reports = InterimReport.objects.filter(
        state__in=ReportState.editable, due_on__lte=today + dt.timedelta(days=90)
    )
    for report in reports.with_town():
        occasion = occasion_of(report, today)
        people = writers_of(report, today)
        if occasion == Occasion.OVERDUE:
            people = people | reviewers_of(report, today)
        _write_down(report, people, occasion, about=report.due_on.isoformat())
    return len(reports)


def occasion_of(report: InterimReport, today: dt.date) -> Occasion:
    """The narrowest of the reminders whose time has come: a report planned late is not reminded of three times."""
    left = (report.due_on - today).days
    passed = [code for code, days in Occasion.days_before.items() if left <= days]
    return Occasion(passed[-1])


# --- sending


def wake_sender() -> bool:
    """No mail server keeps the person waiting. If the broker is away, the timetable sends within a minute."""
    return work.call("reports.send_notices", about="reports' notices")


def send_notices() -> int:
    """Send what waits; each is taken by one process alone. Returns how many were sent."""
    with transaction.atomic():
        waiting = ReportNotice.objects.filter(
            sent_at=None, created_at__gt=timezone.now() - TRIED_FOR
        ).select_for_update(skip_locked=True, of=("self",))
        rows = list(waiting.select_related("report__municipality", "user").order_by("pk")[:SENT_AT_ONCE])
        results = mails.send((_message(row) for row in rows), about="reports")
        done = [row.pk for row, was_sent in zip(rows, results, strict=False) if was_sent]
        return ReportNotice.objects.filter(pk__in=done).update(sent_at=timezone.now())


def _message(row: ReportNotice) -> EmailMessage:
    context = {
        "notice": row,
        "report": row.report,
        "person": row.user,
        "left": (row.report.due_on - timezone.localdate()).days,
        "url": mails.address("report_detail", row.report_id),
        "choice_url": mails.address("notice_choice"),
    }
    return mails.message("reports/notices/email/notice", context, to=row.user.email)
