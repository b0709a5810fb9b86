"""E-mails about reports, written in the transaction of the action they tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.mails import writing as mails
from kiv_portal.mails.models import Mail
from reports.notices.models import NoticeChoice, Occasion
from reports.steps.models import InterimReport, ReportState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reports.council.models import Consultation


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
    """An e-mail to each who has not declined it. `about` is what makes it another one: the day on which a report is
    due, a step, a question.
    """
    people = [person for person in people if person != except_for]
    declined = set(
        NoticeChoice.objects.filter(user__in=people, unwanted__contains=[occasion]).values_list(
            "user_id", flat=True
        )
    )
    wanting = [person for person in people if person.pk not in declined]
    sessions = _sessions_to_come(report) if occasion == Occasion.DELIVERED else []
    mails.post_all(
        notice_of(report, person, occasion, about, sessions)
        for person in _not_told(wanting, report, occasion, about)
    )


def _not_told(people: list[User], report: InterimReport, occasion: Occasion, about: object) -> list[User]:
    """Reminders are asked for every hour: nobody is written to who was."""
    words = {_once(report, person, occasion, about): person for person in people}
    told = set(Mail.objects.filter(once__in=words).values_list("once", flat=True))
    return [person for word, person in words.items() if word not in told]


def _once(report: InterimReport, person: User, occasion: Occasion, about: object) -> str:
    return f"report/{report.pk}/{person.pk}/{occasion}/{about}"


def notice_of(
    report: InterimReport,
    person: User,
    occasion: Occasion,
    about: object,
    sessions: Sequence[Consultation] = (),
) -> Mail:
    choice_url = mails.address("notice_choice")
    context = {
        "occasion": occasion,
        "report": report,
        "sessions": sessions,
        "left": (report.due_on - timezone.localdate()).days,
        "url": mails.address("report_detail", report.pk),
        "choice_url": choice_url,
    }
    once = _once(report, person, occasion, about)
    return mails.to_person(
        person, "reports/notices/email/notice", context, about=report, once=once, choice_url=choice_url
    )


def _sessions_to_come(report: InterimReport) -> list[Consultation]:
    """Which committee deals with it when."""
    dated = report.consultations.filter(deleted_at=None, session_on__gte=timezone.localdate())
    return list(dated.order_by("session_on", "pk"))


def remind(today: dt.date) -> int:
    """Write the reminders of this day. Safe to call every hour: each is written once.

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
        tell(report, people, occasion, about=report.due_on.isoformat())
    return len(reports)


def occasion_of(report: InterimReport, today: dt.date) -> Occasion:
    """The narrowest of the reminders whose time has come: a report planned late is not reminded of three times."""
    left = (report.due_on - today).days
    passed = [code for code, days in Occasion.days_before.items() if left <= days]
    return Occasion(passed[-1])
