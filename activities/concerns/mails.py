"""E-mails about concerns. They leave after the commit and may fail: the concern is kept, the log says so."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from activities.concerns.models import Concern, ConcernState, ConcernStep
from kiv_portal.accounts.models import User
from kiv_portal.mails import sending as mails
from mediators.models import Appointment

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.db.models import QuerySet

    from activities.concerns.office_models import OfficeReminder
    from activities.concerns.reporter_models import ReporterMessage
    from municipalities.models import Municipality


# --- to those who work on it


def tell_people_in_charge(concern: Concern) -> None:
    """A new concern, to the mediators of the town, else to its contacts, else to the county; never to its reporter."""
    people = people_in_charge(concern).exclude(pk=concern.reported_by_id or 0)
    _send(concern, _to_people(people, "new_concern", {"concern": concern}))


def tell_what_was_said(concern: Concern, message: ReporterMessage) -> None:
    context = {"concern": concern, "message": message}
    _send(concern, _to_people(people_caring(concern), "reporter_said", context))


def tell_late_replies(concerns: Iterable[Concern], today: dt.date) -> list[Concern]:
    """One e-mail a person about all of them; those of the concerns that somebody has been told of."""
    of_person: dict[User, list[Concern]] = defaultdict(list)
    for concern in concerns:
        for person in people_caring(concern, today):
            of_person[person].append(concern)
    messages = [
        _message(
            "late_replies", {"person": person, "concerns": found, "url": _page_of(found)}, to=person.email
        )
        for person, found in of_person.items()
    ]
    results = mails.send(messages, about="late replies")
    sent = zip(of_person.values(), results, strict=False)
    return [concern for found, was_sent in sent if was_sent for concern in found]


def _page_of(concerns: list[Concern]) -> str:
    if len(concerns) == 1:
        return mails.address("concern_detail", concerns[0].pk)
    return f"{mails.address('concern_list')}?state=due"


def people_caring(concern: Concern, today: dt.date | None = None) -> QuerySet[User]:
    """Whoever has taken it over and is still appointed; else those in charge."""
    appointed = Appointment.objects.in_force_on(today or timezone.localdate()).filter(
        mediator=concern.taken_over_by_id, municipality=concern.municipality_id
    )
    caring = User.objects.filter(is_active=True, mediator__appointments__in=appointed).distinct()
    return caring if caring.exists() else people_in_charge(concern)


def people_in_charge(concern: Concern) -> QuerySet[User]:
    """The mediators of the town today; if its post is vacant the contacts, if there is none the county."""
    today = timezone.localdate()
    town = concern.municipality
    appointments = town.appointments.in_force_on(today)
    reachable = User.objects.filter(is_active=True).distinct().order_by("pk")
    roles = (
        reachable.filter(mediator__appointments__in=appointments),
        reachable.filter(contact_roles__in=town.contacts.in_force_on(today)),
        reachable.filter(county_roles__in=town.county.staff.in_force_on(today)),
    )
    return next((people for people in roles if people.exists()), roles[-1])


def _to_people(people: QuerySet[User], name: str, context: dict[str, Any]) -> Iterable[EmailMessage]:
    url = mails.address("concern_detail", context["concern"].pk)
    return (_message(name, context | {"person": p, "url": url}, to=p.email) for p in people)


# --- to who reported it


def acknowledge(concern: Concern) -> None:
    """Thanks, and the private link, to who reported it."""
    _to_reporter(concern, "concern_received", {}, to=concern.contact_email)


def tell_reporter(concern: Concern, step: ConcernStep) -> None:
    before = concern.steps.exclude(pk=step.pk).last()
    asks = step.state == ConcernState.DONE and not (before and before.state == step.state)
    _to_reporter(concern, "concern_step", {"step": step, "asks": asks}, to=concern.contact_email)


def tell_withdrawn(concern: Concern, *, to: str) -> None:
    """The last e-mail to this address, which is deleted by now; and to those who have worked on it."""
    if to:
        _to_reporter(concern, "concern_withdrawn", {}, to=to)
    reason = concern.messages.last()
    _send(
        concern,
        _to_people(people_caring(concern), "reporter_withdrew", {"concern": concern, "reason": reason}),
    )


def _to_reporter(concern: Concern, name: str, context: dict[str, Any], *, to: str) -> None:
    context = context | {
        "concern": concern,
        "url": mails.address("concern_status", concern.status_key),
        "writer": (writer := writer_of(concern.municipality)),
    }
    message = _message(name, context, to=to, of=concern.municipality)
    message.reply_to = [writer.email] if writer.email else []
    _send(concern, [message])


class Writer(NamedTuple):
    """Who writes to people, and how they reach them; "" for what the town does not tell."""

    name: str
    email: str
    phone: str


def writer_of(town: Municipality) -> Writer:
    """The mediation of the town; its town hall, while nobody holds the post."""
    if town.appointments.in_force_on(timezone.localdate()).exists():
        return Writer(f"Ihre Inklusionsvermittlung {town}", town.post_email, town.post_phone)
    return Writer(f"Ihr Rathaus {town}", town.hall_email, town.hall_phone)


# --- to an office


def reminder_mail(reminder: OfficeReminder) -> EmailMessage:
    """As somebody has written it; the answer goes to that person."""
    town = reminder.concern.municipality
    message = _message("office_reminder", {"reminder": reminder, "town": town}, to=reminder.email, of=town)
    message.reply_to = [reminder.sent_by.email]
    return message


def _message(
    name: str, context: dict[str, object], *, to: str, of: Municipality | None = None
) -> EmailMessage:
    sender = f"Inklusion in {of}" if of else ""
    return mails.message(f"activities/concerns/email/{name}", context, to=to, sender=sender)


def _send(concern: Concern, messages: Iterable[EmailMessage]) -> None:
    mails.send(messages, about=f"concern {concern.pk}")
