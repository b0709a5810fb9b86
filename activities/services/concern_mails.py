"""E-mails about concerns. They leave after the commit and may fail: the concern is kept, the log says so."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from activities.models import Concern, ConcernStep
from kiv_portal.accounts.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)


def tell_people_in_charge(concern: Concern) -> None:
    """A new concern, to the mediators of the town, else to its contact, else to the county; never to who reported it."""
    people = people_in_charge(concern).exclude(pk=concern.reported_by_id or 0)
    context = {"concern": concern, "url": _address("concern_detail", concern.pk)}
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
    return {"concern": concern, "url": _address("concern_status", concern.status_key)}


def _address(name: str, key: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[key])}"


def _message(name: str, context: dict[str, object], *, to: str) -> EmailMessage:
    context |= {"base_url": settings.BASE_URL}
    subject = render_to_string(f"activities/email/{name}_subject.txt", context)
    body = render_to_string(f"activities/email/{name}_message.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[to])


def _send(concern: Concern, messages: Iterable[EmailMessage]) -> None:
    """One connection for all; an address that the server refuses does not keep the others from their e-mail."""
    try:
        with get_connection() as connection:
            for message in messages:
                _send_one(connection, concern, message)
    except (SMTPException, OSError) as error:
        log.warning("concern %s was kept, but nobody was told: %s", concern.pk, error)


def _send_one(connection: object, concern: Concern, message: EmailMessage) -> None:
    message.connection = connection
    try:
        message.send()
    except SMTPException as error:
        log.warning("an e-mail about concern %s was not sent: %s", concern.pk, type(error).__name__)
