"""Each Ehrenamtsnachweis that was issued."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from mediators.models import Mediator
from mediators.roles import mediator_roles
from reports.editions.models import BuiltFile, FileQuerySet, done_stays, file_constraints
from reports.figures.certificate import CertificateContent
from reports.figures.models import new_code

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class CertificateQuerySet(FileQuerySet):
    def visible_to(self, user: User) -> Self:
        """For the person alone, also after the last appointment; who is handed the paper checks it by its code."""
        return self.filter(mediator__in=mediator_roles(user).own)


def certificate_path(certificate: Certificate, filename: str) -> str:
    return f"editions/certificates/{filename}"


@pghistory.track(exclude=["step", "lease_until"])
class Certificate(BuiltFile):
    """One issued Ehrenamtsnachweis, and the job that builds its PDF. `data` is the JSON of a `CertificateContent`,
    taken when it was asked for; `code` is the end of the address where anybody checks it.

    It stays as long as the account does: a code that a paper bears must not turn unknown.
    """

    TASK = "reports.build_certificate"

    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="certificates")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    starts_on = models.DateField("Beginn")
    ends_on = models.DateField("Ende")
    issued_on = models.DateField("ausgestellt am")
    data = models.JSONField()
    file = models.FileField(upload_to=certificate_path, blank=True, max_length=200)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "Ehrenamtsnachweis"
        verbose_name_plural = "Ehrenamtsnachweise"
        ordering = ("-issued_on", "-pk")
        constraints = [
            # Two clicks make one; a day later there may be new entries, so it may be asked for again.
            models.UniqueConstraint(
                name="certificate_once_a_day", fields=["mediator", "issued_on"], condition=~Q(state="failed")
            ),
            models.CheckConstraint(
                name="certificate_of_a_closed_span",
                condition=Q(starts_on__lt=F("ends_on"), ends_on__lt=F("issued_on")),
            ),
            *file_constraints("certificate"),
        ]
        triggers = [done_stays()]

    def __str__(self) -> str:
        return f"Ehrenamtsnachweis vom {self.issued_on:%d.%m.%Y}"

    @cached_property
    def frozen(self) -> CertificateContent:
        return CertificateContent.from_json(self.data)
