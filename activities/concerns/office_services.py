"""Reminding an office, and telling those in charge that it has let its period pass."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.concerns import mails as concern_mails
from activities.concerns.models import Concern, ConcernState
from activities.concerns.office_models import DAYS_BETWEEN, OfficeReminder
from activities.concerns.services import ConcernRefused
from activities.log.organisations import Organisation

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

REMINDABLE = (ConcernState.CHECKING, ConcernState.PROMISED)
NOTHING_TO_ASK = "Bei diesem Anliegen gibt es gerade keine Stelle, an die sich erinnern lässt."
TOO_SOON = "Diese Stelle wurde gerade erst erinnert. Das geht wieder ab dem {:%d.%m.%Y}."
WAITING = (
    "Wir haben noch nichts von Ihnen gehört. Wie steht es damit? Auch eine kurze Zwischenmeldung hilft uns weiter. "
    "Sie können einfach auf diese E-Mail antworten."
)


def default_text(concern: Concern) -> str:
    """What a person may change before it is sent: nothing in it about who reported the concern."""
    place = f"Ort: {concern.place}\n\n" if concern.place else ""
    what = f"„{concern.title}“ in {concern.municipality}."
    return f"Guten Tag,\n\n{_since(concern)}: {what}\n\n{place}{WAITING}"


def _since(concern: Concern) -> str:
    if concern.state == ConcernState.PROMISED and concern.promised_until:
        return f"bis zum {concern.promised_until:%d.%m.%Y} haben Sie uns etwas zugesagt"
    if concern.office_asked_on:
        return f"seit dem {concern.office_asked_on:%d.%m.%Y} liegt ein Anliegen bei Ihnen"
    return "bei Ihnen liegt ein Anliegen"


def why_not_to_remind(concern: Concern, today: dt.date) -> str:
    """A sentence, or "" where it can be done today."""
    if concern.state not in REMINDABLE or concern.office_id is None:
        return NOTHING_TO_ASK
    next_on = next_reminder_on(concern)
    return TOO_SOON.format(next_on) if next_on and next_on > today else ""


def next_reminder_on(concern: Concern) -> dt.date | None:
    """The first day on which the office may be reminded again; None where it was never reminded."""
    last = concern.reminders.not_failed().last()
    return last.reminded_on + dt.timedelta(days=DAYS_BETWEEN) if last else None


def remind_office(concern: Concern, *, email: str, text: str, by: User, today: dt.date) -> OfficeReminder:
    """Its e-mail is written down. The office keeps the address. Sent twice by the same person it is one.

    Raises ConcernRefused where there is no office to ask, or it was reminded within the last week.
    """
    try:
        with transaction.atomic():
            reminder = _written_down(concern, email=email, text=text, by=by, today=today)
    except IntegrityError:
        last = concern.reminders.not_failed().last()
        if last and (last.email, last.text, last.sent_by_id) == (email, text, by.pk):
            return last
        raise ConcernRefused(why_not_to_remind(concern, today) or NOTHING_TO_ASK) from None
    return reminder


def _written_down(concern: Concern, *, email: str, text: str, by: User, today: dt.date) -> OfficeReminder:
    locked = Concern.objects.select_for_update().get(pk=concern.pk)
    if locked.state not in REMINDABLE or locked.office_id is None:
        raise ConcernRefused(NOTHING_TO_ASK)
    Organisation.objects.filter(pk=locked.office_id, email="").update(email=email)
    locked.reminders.failed_unnoticed().update(failed_at=timezone.now())
    reminder = OfficeReminder(
        concern=locked, office_id=locked.office_id, email=email, text=text, sent_by=by, reminded_on=today
    )
    reminder.mail = concern_mails.reminder_mail(reminder)
    reminder.mail.save()
    reminder.save()
    return reminder


def set_reply_period(office: Organisation, today: dt.date) -> None:
    """Store what was changed. What lay there before anybody counted begins today."""
    office.save(update_fields=["email", "reply_days"])
    waiting = Concern.objects.filter(office=office, state=ConcernState.CHECKING, office_asked_on__isnull=True)
    waiting.update(office_asked_on=today)


@transaction.atomic
def tell_late_replies(now: dt.datetime) -> int:
    """Those in charge hear once that a period is over. How many concerns they were told of."""
    today = timezone.localdate(now)
    late = (
        Concern.objects.waiting_for_reply_on(today)
        .filter(late_reply_told_at__isnull=True)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("municipality__county", "office")
    )
    concerns = list(late.order_by("pk"))
    concern_mails.tell_late_replies(concerns, today)
    return Concern.objects.filter(pk__in=[concern.pk for concern in concerns]).update(late_reply_told_at=now)
