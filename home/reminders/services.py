"""Written every hour of the day by the timetable, each once: safe to be called as often as one likes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings

from activities.models import Activity
from home.reminders.queries import MOST, mediators_on, to_follow_up_on, week_of, workers_on
from kiv_portal.accounts.models import User
from kiv_portal.mails import writing as mails
from kiv_portal.mails.models import Mail
from reports.models import NoticeChoice, Occasion

if TYPE_CHECKING:
    from collections.abc import Iterable

LATE = 2  # days: a machine that was off is not years late in reminding
WORTH_READING = dt.timedelta(days=2)  # after that it may long be done

Due = tuple[User, dt.date]


def write_reminders(today: dt.date) -> None:
    """For those who work today, as far as they want it and there is something to say."""
    wanting = _wanting(Occasion.FOLLOW_UP, list(mediators_on(today)))
    mails.post_all(_about_follow_ups(*due) for due in _not_told(Occasion.FOLLOW_UP, _days(wanting, today)))
    monday = today - dt.timedelta(days=today.weekday())
    if today.weekday() <= LATE:
        weeks = ((person, monday) for person in _wanting(Occasion.WEEK, list(workers_on(today))))
        mails.post_all(_weeks(_not_told(Occasion.WEEK, weeks), today))


def _wanting(occasion: Occasion, people: list[User]) -> list[User]:
    declined = NoticeChoice.objects.filter(user__in=people, unwanted__contains=[occasion])
    unwanted = set(declined.values_list("user_id", flat=True))
    return [person for person in people if person.pk not in unwanted]


def _days(people: list[User], today: dt.date) -> Iterable[Due]:
    """The days of late on which each has something to look after."""
    first = today - dt.timedelta(days=LATE)
    due = Activity.objects.to_follow_up().filter(
        mediator__user__in=people, follow_up_on__range=(first, today)
    )
    by_key = {person.pk: person for person in people}
    found = due.order_by("mediator__user", "follow_up_on").values_list("mediator__user", "follow_up_on")
    return [(by_key[user], day) for user, day in found.distinct()]


def _not_told(occasion: Occasion, due: Iterable[Due]) -> list[Due]:
    words = {_once(occasion, *each): each for each in due}
    told = set(Mail.objects.filter(once__in=words).values_list("once", flat=True))
    return [each for word, each in words.items() if word not in told]


def _once(occasion: Occasion, person: User, day: dt.date) -> str:
    """A day, of a week its Monday, is told once."""
    return f"reminder/{person.pk}/{occasion}/{day}"


def _about_follow_ups(person: User, day: dt.date) -> Mail:
    found = list(to_follow_up_on(person, day).only("title", "day")[: MOST + 1])
    lines = [(activity, mails.address("activity_detail", activity.pk)) for activity in found[:MOST]]
    return _mail(Occasion.FOLLOW_UP, person, day, {"lines": lines, "has_more": len(found) > MOST})


def _weeks(due: list[Due], today: dt.date) -> Iterable[Mail]:
    for person, monday in due:
        week = week_of(person, monday, today)
        if not week.is_empty:
            more = {"week": week, "lines": [(d, f"{settings.BASE_URL}{d.url}") for d in week.first_duties]}
            yield _mail(Occasion.WEEK, person, monday, more)


def _mail(occasion: Occasion, person: User, day: dt.date, more: dict[str, Any]) -> Mail:
    choice_url = mails.address("notice_choice")
    context = more | {"day": day, "start_url": mails.address("start"), "choice_url": choice_url}
    return mails.to_person(
        person,
        f"home/reminders/email/{occasion}",
        context,
        once=_once(occasion, person, day),
        choice_url=choice_url,
        valid_for=WORTH_READING,
    )
