"""Days of a town whose activities are frozen in a report."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q

from municipalities.models import Municipality


class ClosedPeriodQuerySet(models.QuerySet):
    def covering(self, municipality_id: int, day: dt.date) -> Self:
        return self.filter(municipality=municipality_id, starts_on__lte=day, ends_on__gte=day)


@pghistory.track()
class ClosedPeriod(models.Model):
    """Days of a town whose activities are frozen in a report. Written by the reports above, read by the log here."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="closed_periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "abgeschlossener Zeitraum"
        verbose_name_plural = "abgeschlossene Zeiträume"
        ordering = ("-starts_on",)
        constraints = [
            models.CheckConstraint(
                name="closedperiod_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="closedperiod_once", fields=["municipality", "starts_on", "ends_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    @property
    def sentence(self) -> str:
        return (
            f"Der Zeitraum vom {self.starts_on:%d.%m.%Y} bis {self.ends_on:%d.%m.%Y} ist abgeschlossen: "
            f"{self.reason}. Bitte wenden Sie sich an die Ansprechperson im Rathaus."
        )
