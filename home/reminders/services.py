"""Written every hour of the day by the timetable, sent after that: safe to be called as often as one likes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from activities.models import Activity
from home.reminders.models import Reminder, ReminderKind
from home.reminders.queries import MOST, mediators_on, to_follow_up_on, week_of
from kiv_portal.accounts.models import User
from kiv_portal.mails import sending as mails
from reports.models import NoticeChoice

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

SENT_AT_ONCE = 100
LATE = 2  # days: a machine that was off is not years late in reminding
TRIED_FOR = dt.timedelta(days=3)  # an address that a server refuses is not asked for ever


def write_reminders(today: dt.date) -> None:
    """For the mediators of today, as far as they want it and there is something to say."""
    people = list(mediators_on(today))
    _write(_wanting(ReminderKind.FOLLOW_UP, people), today)
    monday = today - dt.timedelta(days=today.weekday())
    if today.weekday() <= LATE:
        _write_week(_wanting(ReminderKind.WEEK, people), monday, today)


def _wanting(kind: ReminderKind, people: list[User]) -> list[User]:
    declined = NoticeChoice.objects.filter(user__in=people, unwanted__contains=[kind])
    unwanted = set(declined.values_list("user_id", flat=True))
    return [person for person in people if person.pk not in unwanted]


def _write(people: list[User], today: dt.date) -> None:
    first = today - dt.timedelta(days=LATE)
    due = Activity.objects.to_follow_up().filter(
        mediator__user__in=people, follow_up_on__range=(first, today)
    )
    days = set(due.order_by().values_list("mediator__user", "follow_up_on"))
    _store(Reminder(user_id=user, kind=ReminderKind.FOLLOW_UP, day=day) for user, day in days)


def _write_week(people: list[User], monday: dt.date, today: dt.date) -> None:
    told = set(Reminder.objects.filter(kind=ReminderKind.WEEK, day=monday).values_list("user_id", flat=True))
    left = (person for person in people if person.pk not in told)
    _store(
        Reminder(user=person, kind=ReminderKind.WEEK, day=monday)
        for person in left
        if not week_of(person, monday, today).is_empty
    )


def _store(reminders: Any) -> None:
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)


def send_reminders() -> int:
    """Send what waits; each is taken by one process alone. What is done meanwhile is told to nobody: its row is kept as
    sent. Returns how many rows were settled.
    """
    with transaction.atomic():
        waiting = Reminder.objects.filter(sent_at=None, created_at__gt=timezone.now() - TRIED_FOR)
        rows = list(
            waiting.select_for_update(skip_locked=True, of=("self",))
            .select_related("user")
            .order_by("pk")[:SENT_AT_ONCE]
        )
        written = [(row, _message(row)) for row in rows]
        to_send = [(row, message) for row, message in written if message]
        results = mails.send((message for _, message in to_send), about="own work")
        settled = [row.pk for row, message in written if message is None]
        settled += [row.pk for (row, _), was_sent in zip(to_send, results, strict=False) if was_sent]
        return Reminder.objects.filter(pk__in=settled).update(sent_at=timezone.now())


def _message(row: Reminder) -> EmailMessage | None:
    """None: there is nothing to say any more."""
    more = _about_follow_ups(row) if row.kind == ReminderKind.FOLLOW_UP else _about_week(row)
    if more is None:
        return None
    context = more | {
        "person": row.user,
        "day": row.day,
        "start_url": mails.address("start"),
        "choice_url": mails.address("notice_choice"),
    }
    return mails.message(f"home/reminders/email/{row.kind}", context, to=row.user.email)


def _about_follow_ups(row: Reminder) -> dict[str, Any] | None:
    found = list(to_follow_up_on(row.user, row.day).only("title", "day")[: MOST + 1])
    if not found:
        return None
    lines = [(activity, mails.address("activity_detail", activity.pk)) for activity in found[:MOST]]
    return {"lines": lines, "has_more": len(found) > MOST}


def _about_week(row: Reminder) -> dict[str, Any] | None:
    week = week_of(row.user, row.day, timezone.localdate())
    return None if week.is_empty else {"week": week}
