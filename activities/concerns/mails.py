"""E-mails about concerns. They leave after the commit and may fail: the concern is kept, the log says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from activities.concerns.models import Concern, ConcernStep
from kiv_portal.accounts.models import User
from kiv_portal.mails import sending as mails

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.db.models import QuerySet


def tell_people_in_charge(concern: Concern) -> None:
    """A new concern, to the mediators of the town, else to its contacts, else to the county; never to its reporter."""
    people = people_in_charge(concern).exclude(pk=concern.reported_by_id or 0)
    context = {"concern": concern, "url": mails.address("concern_detail", concern.pk)}
    _send(concern, (_message("new_concern", context | {"person": p}, to=p.email) for p in people))


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


def acknowledge(concern: Concern) -> None:
    """Thanks, and the private link, to who reported it."""
    _send(concern, [_message("concern_received", _for_reporter(concern), to=concern.contact_email)])


def tell_reporter(concern: Concern, step: ConcernStep) -> None:
    context = _for_reporter(concern) | {"step": step}
    _send(concern, [_message("concern_step", context, to=concern.contact_email)])


def _for_reporter(concern: Concern) -> dict[str, object]:
    return {"concern": concern, "url": mails.address("concern_status", concern.status_key)}


def _message(name: str, context: dict[str, object], *, to: str) -> EmailMessage:
    return mails.message(f"activities/concerns/email/{name}", context, to=to)


def _send(concern: Concern, messages: Iterable[EmailMessage]) -> None:
    mails.send(messages, about=f"concern {concern.pk}")
