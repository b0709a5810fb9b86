"""Days of a town whose activities are frozen in a report."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
import pgtrigger
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
        triggers = [
            pgtrigger.Trigger(
                name="opened_again",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func="""
                    -- the report comes back to work: what came late for it is in time now, unless another report
                    -- has told it meanwhile
                    UPDATE activities_activity a SET is_late = false
                    WHERE a.municipality_id = OLD.municipality_id AND a.is_late AND a.reported_in_id IS NULL
                      AND a.day BETWEEN OLD.starts_on AND OLD.ends_on
                      AND NOT EXISTS (
                          SELECT 1 FROM activities_closedperiod c
                          WHERE c.municipality_id = a.municipality_id AND a.day BETWEEN c.starts_on AND c.ends_on);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    @property
    def fact(self) -> str:
        return (
            f"Der Zeitraum vom {self.starts_on:%d.%m.%Y} bis {self.ends_on:%d.%m.%Y} ist abgeschlossen: "
            f"{self.reason}."
        )

    @property
    def sentence(self) -> str:
        return f"{self.fact} Bitte wenden Sie sich an die Ansprechperson im Rathaus."

    @property
    def question(self) -> str:
        return (
            f"{self.fact} Möglich ist ein Nachtrag: Er zählt nicht in diesem Zeitraum, "
            "sondern steht für sich im nächsten Bericht."
        )
