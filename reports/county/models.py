"""The county's own report (Kreisbericht): its snapshots, and the file built from each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from municipalities.models import County
from reports.county.snapshot import CountySnapshot, read_county_snapshot
from reports.editions.models import BuiltFile, FileQuerySet, file_constraints

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class CountyReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the counties the user works for today."""
        return self.filter(county__in=County.objects.visible_to(user))


@pghistory.track(exclude=["data"])
class CountyReport(models.Model):
    """All towns of a county over a period, as they were when somebody asked. A draft until it is released: then it
    stays. What is frozen is never changed.

    `data` is the JSON of a `reports.county.snapshot.CountySnapshot`, read through `frozen`; `number` counts the reports
    of the same period.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="county_reports")
    period_start = models.DateField("Zeitraum von")
    period_end = models.DateField("Zeitraum bis")
    number = models.PositiveSmallIntegerField("Ausgabe")
    data = models.JSONField()
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_at = models.DateTimeField("freigegeben", null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

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
            models.CheckConstraint(
                name="county_report_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="frozen_stays",
                fields=["county", "period_start", "period_end", "number", "data", "taken_at", "taken_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"Kreisbericht {self.county}, Ausgabe {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.released_at is None

    def current_file(self) -> CountyReportFile | None:
        """The newest one of its state: a draft's is marked as one, and goes with the release."""
        return self.editions.filter(is_draft=self.is_draft).first()

    @cached_property
    def frozen(self) -> CountySnapshot:
        """Read once. Raises UnreadableJson."""
        return read_county_snapshot(self.data)


class CountyReportFileQuerySet(FileQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(report__in=CountyReport.objects.visible_to(user))


def county_file_path(file: CountyReportFile, filename: str) -> str:
    return f"editions/{file.report.county_id}/{filename}"


@pghistory.track(exclude=["step", "lease_until"])
class CountyReportFile(BuiltFile):
    """The PDF of a county's report; at the same time the job that builds it."""

    TASK = "reports.build_county_file"

    report = models.ForeignKey(CountyReport, models.PROTECT, related_name="editions")
    is_draft = models.BooleanField(default=False)
    file = models.FileField(upload_to=county_file_path, blank=True, max_length=200)

    objects = CountyReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "Datei des Kreisberichts"
        verbose_name_plural = "Dateien der Kreisberichte"
        ordering = ("-requested_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="county_edition_once", fields=["report", "is_draft"], condition=~Q(state="failed")
            ),
            *file_constraints("county_edition"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="done_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="done", old__is_draft=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.get_state_display()})"
