from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from kiv_portal.accounts.services import invite
from mediators.models import Appointment, EngagementForm, Mediator
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
