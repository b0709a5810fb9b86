"""Barriers of the portal itself that people report (feedback duty of L-BGG and BITV 2.0), without an account, and the
address of a calendar.
"""

import datetime as dt
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone


class PortalBarrierQuerySet(models.QuerySet):
    def reported_since(self, moment: dt.datetime) -> Self:
        return self.filter(reported_at__gte=moment)


@pghistory.track()
class PortalBarrier(models.Model):
    page = models.CharField("Auf welcher Seite?", max_length=300, blank=True)
    description = models.TextField("Was klappt nicht?", max_length=5000)
    contact = models.EmailField("Ihre E-Mail-Adresse", blank=True)
    reported_at = models.DateTimeField(default=timezone.now)

    objects = PortalBarrierQuerySet.as_manager()

    class Meta:
        verbose_name = "Barriere im Portal"
        verbose_name_plural = "Barrieren im Portal"
        ordering = ("-reported_at",)

    def __str__(self) -> str:
        return self.description[:60]


@pghistory.track()
class CalendarFeed(models.Model):
    """The private address is signed from person and version, never stored; a new version makes the old one void."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Kalenderadresse"
        verbose_name_plural = "Kalenderadressen"

    def __str__(self) -> str:
        return f"{self.user} {self.version}"
