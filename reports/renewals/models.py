"""A new edition of a delivered report, and the withdrawal of a delivery by two people."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from reports.steps.models import InterimReport

REASON_IS_READ = (
    "Diesen Satz lesen Rathaus, Landratsamt und Gemeinderat. Ist der Bericht öffentlich, lesen ihn alle."
)


class NewEditionQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(delivered_at=None, dropped_at=None)

    def delivered(self) -> Self:
        return self.filter(delivered_at__isnull=False)


@pghistory.track()
class NewEdition(models.Model):
    """Edition `old_number` is replaced by `number` once that is delivered; until then the council reads the old one."""

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="new_editions")
    old_number = models.PositiveSmallIntegerField("bisherige Ausgabe", editable=False)
    reason = models.TextField("Warum gibt es eine neue Ausgabe?", max_length=1_000, help_text=REASON_IS_READ)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    number = models.PositiveSmallIntegerField("neue Ausgabe", null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = NewEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "neue Ausgabe"
        verbose_name_plural = "neue Ausgaben"
        ordering = ("asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                name="new_edition_one_at_a_time",
                fields=["report"],
                condition=Q(delivered_at=None, dropped_at=None),
            ),
            models.CheckConstraint(name="new_edition_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="new_edition_ends_once",
                condition=Q(number__isnull=True, delivered_at__isnull=True)
                | Q(number__gt=F("old_number"), delivered_at__isnull=False, dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="new_edition_dropped_by_somebody",
                condition=Q(dropped_at__isnull=True, dropped_by__isnull=True)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Neue Ausgabe nach Ausgabe {self.old_number}"


def _signed(what: str) -> Q:
    return Q((f"{what}_at__isnull", False), (f"{what}_by__isnull", False))


def _unsigned(what: str) -> Q:
    return Q((f"{what}_at__isnull", True), (f"{what}_by__isnull", True))


class WithdrawalQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(confirmed_at=None, refused_at=None)

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)


@pghistory.track()
class Withdrawal(models.Model):
    """One person asks to take edition `number` back from the council, another one confirms or refuses it."""

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="withdrawals")
    number = models.PositiveSmallIntegerField("Ausgabe", editable=False)
    reason = models.TextField(
        "Warum wird die Zustellung zurückgezogen?", max_length=1_000, help_text=REASON_IS_READ
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    refused_at = models.DateTimeField(null=True, editable=False)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = "Rückzug einer Zustellung"
        verbose_name_plural = "Rückzüge von Zustellungen"
        ordering = ("asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                name="withdrawal_one_at_a_time",
                fields=["report"],
                condition=Q(confirmed_at=None, refused_at=None),
            ),
            models.CheckConstraint(name="withdrawal_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="withdrawal_by_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="withdrawal_answered_once_by_somebody",
                condition=_unsigned("confirmed") & _unsigned("refused")
                | _signed("confirmed") & _unsigned("refused")
                | _unsigned("confirmed") & _signed("refused"),
            ),
        ]
        # nobody signs for another person afterwards
        triggers = [
            pgtrigger.ReadOnly(
                name="asked_once", fields=["report", "number", "reason", "asked_by", "asked_at"]
            ),
            pgtrigger.Protect(
                name="answered_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_at__isnull=False)
                | pgtrigger.Q(old__refused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Rückzug der Ausgabe {self.number}"
