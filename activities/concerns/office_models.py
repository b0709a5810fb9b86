"""Reminders of the office that is responsible for a concern: e-mails that people write and the portal sends."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from activities.concerns.models import Concern
from activities.log.organisations import Organisation
from kiv_portal.mails.models import MailState

DAYS_BETWEEN = 7


class OfficeReminderQuerySet(models.QuerySet):
    def not_failed(self) -> Self:
        return self.filter(failed_at__isnull=True).exclude(mail__state=MailState.FAILED)

    def failed_unnoticed(self) -> Self:
        """Whose e-mail was given up since anybody looked."""
        return self.filter(failed_at__isnull=True, mail__state=MailState.FAILED)


@pghistory.track()
class OfficeReminder(models.Model):
    """One e-mail to an office, as somebody has read and sent it. `mail` goes before the reminder does.

    `failed_at`: it did not arrive and may be sent again at once; any other holds for a week.
    """

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="reminders")
    office = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Stelle", related_name="reminders")
    email = models.EmailField("E-Mail-Adresse")
    text = models.TextField("Text", max_length=3_000)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    reminded_on = models.DateField("Erinnert am", default=timezone.localdate)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    mail = models.OneToOneField(
        "mails.Mail", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OfficeReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "Erinnerung an eine Stelle"
        verbose_name_plural = "Erinnerungen an Stellen"
        ordering = ("created_at", "pk")
        constraints = [
            ExclusionConstraint(  # ranges, as the embedded PostgreSQL has no btree_gist
                name="reminder_once_a_week",
                expressions=[
                    (
                        Func(F("concern"), F("concern"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("reminded_on"),
                            template=f"daterange(%(expressions)s, %(expressions)s + {DAYS_BETWEEN})",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(failed_at__isnull=True),
                violation_error_message="An dieses Anliegen wurde die Stelle gerade erst erinnert.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.reminded_on:%d.%m.%Y}"

    @property
    def has_failed(self) -> bool:
        return bool(self.failed_at or (self.mail and self.mail.state == MailState.FAILED))
