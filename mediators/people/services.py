from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kiv_portal.accounts.services import invite
from mediators.people.models import Appointment, Assistance, EngagementForm, Mediator
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@transaction.atomic
def appoint_mediator(
    town: Municipality,
    *,
    email: str,
    full_name: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    form: str = EngagementForm.VOLUNTEER,
    by: User | None,
) -> Appointment:
    """Bestellung. Raises ValidationError if the person is already appointed for the town in that time."""
    appointment = Appointment(municipality=town, starts_on=starts_on, ends_on=ends_on, form=form)
    user = invite(email, full_name, by=by, role_sentence=appointment.task)
    appointment.mediator, _ = Mediator.objects.get_or_create(user=user)
    appointment.full_clean()
    appointment.save()
    return appointment


@transaction.atomic
def allow_assistance(
    mediator: Mediator, *, email: str, full_name: str, ends_on: dt.date, by: User
) -> Assistance:
    """From today on. Raises ValidationError if the person is the mediator, or helps already."""
    Mediator.objects.select_for_update(no_key=True).get(pk=mediator.pk)  # a double click is one invitation
    today = timezone.localdate()
    sentence = f"Sie tragen Aktivitäten im Auftrag von {mediator} ein, bis zum {ends_on:%d.%m.%Y}."
    helper = invite(email, full_name, by=by, role_sentence=sentence)
    if helper.pk == mediator.user_id:
        raise ValidationError("Das ist Ihre eigene E-Mail-Adresse.")
    if Assistance.objects.given_by(helper).in_force_on(today).filter(mediator=mediator).exists():
        raise ValidationError(
            "Diese Person hilft Ihnen schon. Für ein anderes Ende beenden Sie zuerst die alte Erlaubnis."
        )
    assistance = Assistance(mediator=mediator, helper=helper, starts_on=today, ends_on=ends_on)
    assistance.full_clean()
    assistance.save()
    return assistance


def end_assistance(assistance: Assistance) -> None:
    """At once: the next click of the helper finds nothing any more. Ending it twice changes nothing."""
    Assistance.objects.filter(pk=assistance.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
