from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from kiv_portal.jobs import work
from mediators.models import Mediator
from reports.certificates.models import Certificate
from reports.certificates.queries import certificate_content
from reports.editions.models import FileState
from reports.editions.services import TECHNICAL_REASON
from reports.figures.models import new_code

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class NothingToCertify(Exception):
    """No voluntary work in the twelve months."""


def request_certificate(mediator: Mediator, *, by: User, today: dt.date) -> Certificate:
    """Freeze the figures and ask for the page; the day's own one where there is one already.

    Raises NothingToCertify.
    """
    code = new_code()
    content = certificate_content(mediator, today=today, check_url=f"{settings.BASE_URL}/echt/{code}/")
    if content is None:
        raise NothingToCertify
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(
                mediator=mediator,
                code=code,
                starts_on=content.start,
                ends_on=content.end,
                issued_on=today,
                data=content.as_json(),
                requested_by=by,
            )
            transaction.on_commit(lambda: work.publish(certificate))
    except IntegrityError:  # certificate_once_a_day
        return Certificate.objects.exclude(state=FileState.FAILED).get(mediator=mediator, issued_on=today)
    return certificate


def sweep_certificates(now: dt.datetime) -> int:
    """Find what was forgotten. Returns how many were woken."""
    return work.sweep(Certificate, now, excuse=TECHNICAL_REASON)
