"""Reminders of the office that is responsible for a concern: e-mails that people write and the portal sends."""

from __future__ import annotations

import datetime as dt
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

DAYS_BETWEEN = 7
TRIED_FOR = dt.timedelta(days=3)  # a mail server that is away


class OfficeReminderQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def not_failed(self) -> Self:
        return self.filter(failed_at__isnull=True)


@pghistory.track()
class OfficeReminder(models.Model):
    """One e-mail to an office, as somebody has read and sent it. The row is the job: a worker sends it.

    `failed_at`: it did not arrive and may be sent again at once; what has been sent holds for a week.
    """

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="reminders")
    office = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Stelle", related_name="reminders")
    email = models.EmailField("E-Mail-Adresse")
    text = models.TextField("Text", max_length=3_000)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    reminded_on = models.DateField("Erinnert am", default=timezone.localdate)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OfficeReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "Erinnerung an eine Stelle"
        verbose_name_plural = "Erinnerungen an Stellen"
        ordering = ("created_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="reminder_sent_or_failed", condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True)
            ),
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
        indexes = [
            models.Index(
                name="office_reminder_waiting",
                fields=["created_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.reminded_on:%d.%m.%Y}"
