"""Which photos of the log a report shows."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models import ActivityPhoto, ConcernPhoto
from reports.steps.models import InterimReport


@pghistory.track()
class ReportPhoto(models.Model):
    """Somebody wants this photo of an activity or a concern in the report. It goes with the photo."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="photos")
    activity_photo = models.ForeignKey(ActivityPhoto, models.CASCADE, null=True, related_name="+")
    concern_photo = models.ForeignKey(ConcernPhoto, models.CASCADE, null=True, related_name="+")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "Foto im Bericht"
        verbose_name_plural = "Fotos im Bericht"
        ordering = ("chosen_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="report_photo_of_one_kind",
                condition=Q(activity_photo__isnull=False, concern_photo__isnull=True)
                | Q(activity_photo__isnull=True, concern_photo__isnull=False),
            ),
            models.UniqueConstraint(
                name="report_photo_of_activity_once", fields=["report", "activity_photo"]
            ),
            models.UniqueConstraint(name="report_photo_of_concern_once", fields=["report", "concern_photo"]),
        ]
        triggers = [
            # Not at DELETE: a photo may be taken from the portal at any time; what was frozen knows it by its checksum.
            pgtrigger.Trigger(
                name="only_in_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM reports_interimreport r WHERE r.id = NEW.report_id
                                   AND r.state IN ('planned', 'draft', 'returned')) THEN
                        RAISE EXCEPTION 'the photos of a submitted report do not change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_photo_only_in_draft';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="of_town_and_period",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM reports_interimreport r
                        LEFT JOIN activities_activityphoto ap ON ap.id = NEW.activity_photo_id
                        LEFT JOIN activities_activity a ON a.id = ap.activity_id
                        LEFT JOIN activities_concernphoto cp ON cp.id = NEW.concern_photo_id
                        LEFT JOIN activities_concern c ON c.id = cp.concern_id
                        WHERE r.id = NEW.report_id AND (
                            (a.municipality_id = r.municipality_id AND a.day BETWEEN r.period_start AND r.period_end
                                AND (ap.is_decorative OR ap.alt_text <> ''))
                            OR (c.municipality_id = r.municipality_id AND c.reported_on <= r.period_end
                                AND cp.added_by_id IS NOT NULL AND (cp.is_decorative OR cp.alt_text <> '')))) THEN
                        RAISE EXCEPTION 'this photo is of another town or another time, or nobody has described it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_photo_of_town_and_period';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.activity_photo or self.concern_photo}"
