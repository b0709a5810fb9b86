"""The county's own report (Kreisbericht): its frozen stands, and the file built from each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kiv_portal.jobs.models import Job, JobQuerySet, job_constraints
from municipalities.models import County
from reports.models.edition import BuildStep, EditionState

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class CountyReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the counties the user works for today."""
        return self.filter(county__in=County.objects.visible_to(user))


class CountyReport(models.Model):
    """All towns of a county over a period, as they were when somebody asked. Written once, never changed.

    `data` has the shape that `reports.county_figures.county_snapshot` describes; `number` counts the stands of the
    same period.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="county_reports")
    period_start = models.DateField("Zeitraum von")
    period_end = models.DateField("Zeitraum bis")
    number = models.PositiveSmallIntegerField("Ausgabe")
    data = models.JSONField()
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CountyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "Kreisbericht"
        verbose_name_plural = "Kreisberichte"
        ordering = ("-period_end", "-period_start", "-number")
        constraints = [
            models.CheckConstraint(
                name="county_report_period_in_order", condition=Q(period_end__gte=F("period_start"))
            ),
            models.UniqueConstraint(
                name="county_report_number_once", fields=["county", "period_start", "period_end", "number"]
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Kreisbericht {self.county}, Ausgabe {self.number}"


class CountyEditionQuerySet(JobQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(report__in=CountyReport.objects.visible_to(user))

    def finished(self) -> Self:
        return self.filter(state=EditionState.DONE)


def county_edition_path(edition: CountyEdition, filename: str) -> str:
    return f"editions/{edition.report.county_id}/{filename}"


@pghistory.track(exclude=["step", "lease_until"])
class CountyEdition(Job):
    """The PDF of a county's report; at the same time the job that builds it."""

    report = models.ForeignKey(CountyReport, models.PROTECT, related_name="editions")
    state = models.CharField(max_length=8, choices=EditionState.choices, default=EditionState.QUEUED)
    step = models.CharField(max_length=8, choices=BuildStep.choices, default=BuildStep.WAITING)
    file = models.FileField(upload_to=county_edition_path, blank=True, max_length=200)
    size = models.PositiveIntegerField("Größe in Bytes", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("Seiten", default=0)
    verdict = models.JSONField(default=dict, blank=True)

    objects = CountyEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Ausgabe des Kreisberichts"
        verbose_name_plural = "Ausgaben der Kreisberichte"
        ordering = ("-requested_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="county_edition_once", fields=["report"], condition=~Q(state="failed")
            ),
            *job_constraints("county_edition"),
            models.CheckConstraint(
                name="county_edition_done_with_file",
                condition=~Q(state="done") | (~Q(file="") & Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="done_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.get_state_display()})"

    @property
    def is_done(self) -> bool:
        return self.state == EditionState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == EditionState.FAILED
