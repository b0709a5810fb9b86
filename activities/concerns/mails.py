"""E-mails about concerns, written in the transaction of what they tell of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from activities.concerns.models import Concern, ConcernState, ConcernStep
from kiv_portal.accounts.models import User
from kiv_portal.mails import writing as mails
from kiv_portal.mails.models import Mail, MailQuerySet
from mediators.models import Appointment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from activities.concerns.office_models import OfficeReminder
    from activities.concerns.reporter_models import ReporterMessage
    from municipalities.models import Municipality


TEMPLATES = "activities/concerns/email"
TO_REPORTER = tuple(f"{TEMPLATES}/concern_{name}" for name in ("received", "step", "withdrawn"))

# --- to those who work on it


def tell_people_in_charge(concern: Concern) -> None:
    """A new concern, to the mediators of the town, else to its contacts, else to the county; never to its reporter."""
    people = people_in_charge(concern).exclude(pk=concern.reported_by_id or 0)
    _post_to(people, "new_concern", concern)


def tell_what_was_said(concern: Concern, message: ReporterMessage) -> None:
    _post_to(people_caring(concern), "reporter_said", concern, message=message)


def tell_late_replies(concerns: Iterable[Concern], today: dt.date) -> None:
    """One e-mail a person about all of them."""
    of_person: dict[User, list[Concern]] = defaultdict(list)
    for concern in concerns:
        for person in people_caring(concern, today):
            of_person[person].append(concern)
    mails.post_all(
        mails.to_person(person, f"{TEMPLATES}/late_replies", {"concerns": found, "url": _page_of(found)})
        for person, found in of_person.items()
    )


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


def _post_to(people: QuerySet[User], name: str, concern: Concern, **context: Any) -> None:
    context |= {"concern": concern, "url": mails.address("concern_detail", concern.pk)}
    mails.post_all(
        mails.to_person(person, f"{TEMPLATES}/{name}", context, about=concern) for person in people
    )


# --- to who reported it


def acknowledge(concern: Concern) -> None:
    """Thanks, and the private link, to who reported it."""
    _post_to_reporter(concern, "concern_received", to=concern.contact_email)


def tell_reporter(concern: Concern, step: ConcernStep) -> None:
    before = concern.steps.exclude(pk=step.pk).last()
    asks = step.state == ConcernState.DONE and not (before and before.state == step.state)
    _post_to_reporter(concern, "concern_step", to=concern.contact_email, step=step, asks=asks)


def tell_withdrawn(concern: Concern, *, to: str) -> None:
    """The last e-mail to this address, which is deleted by now; and to those who have worked on it."""
    if to:
        _post_to_reporter(concern, "concern_withdrawn", to=to)
    _post_to(people_caring(concern), "reporter_withdrew", concern, reason=concern.messages.last())


def to_reporter(concern: Concern) -> MailQuerySet:
    """What was written to who reported it."""
    return Mail.objects.about(concern).filter(kind__in=TO_REPORTER).order_by("pk")


def forget_reporter(concerns: Iterable[int]) -> None:
    """What waits is not sent any more, and no e-mail keeps an address."""
    names = [f"{Concern._meta.label_lower}/{pk}" for pk in concerns]
    Mail.objects.filter(about__in=names, kind__in=TO_REPORTER).delete()


def _post_to_reporter(concern: Concern, name: str, *, to: str, **context: Any) -> None:
    writer = writer_of(concern.municipality)
    context |= {
        "concern": concern,
        "url": mails.address("concern_status", concern.status_key),
        "writer": writer,
    }
    sender = f"Inklusion in {concern.municipality}"
    mails.post(
        mails.write(
            f"{TEMPLATES}/{name}", context, to=to, about=concern, sender=sender, reply_to=writer.email
        )
    )


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


def reminder_mail(reminder: OfficeReminder) -> Mail:
    """As somebody has written it; the answer goes to that person."""
    town = reminder.concern.municipality
    return mails.write(
        f"{TEMPLATES}/office_reminder",
        {"reminder": reminder, "town": town},
        to=reminder.email,
        about=reminder.concern,
        sender=f"Inklusion in {town}",
        reply_to=reminder.sent_by.email,
    )
