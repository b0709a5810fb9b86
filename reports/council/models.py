"""The way of a report through the council: consultations, links without an account, questions, the decision."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from kiv_portal.german_order import GermanOrder
from municipalities.models import County
from reports.steps.models import InterimReport

# SQL: a decision after which the council owes none; the kinds stand once more in DecisionKind.open
IS_FINAL = "d.kind NOT IN ('adjourned', 'referred', 'off_agenda', 'withdrawn')"
_DAY = "ARRAY['session_on', 'updated_at']"
# What came out of a session was recorded for its day, for its report, and the session was not taken away.
SESSION_FITS = """
    IF EXISTS (SELECT 1 FROM reports_councildecision d JOIN reports_consultation c ON c.id = d.consultation_id
               WHERE {where} AND (c.report_id <> d.report_id OR c.deleted_at IS NOT NULL
                                  OR c.session_on IS DISTINCT FROM d.decided_on)) THEN
        RAISE EXCEPTION 'a decision belongs to the day of its session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_on_the_day_of_its_session';
    END IF;
    RETURN NULL;
"""


class ConsultationRole(models.TextChoices):
    PREPARE = "prepare", "Vorberatung"
    DECIDE = "decide", "Beschlussfassung"
    NOTE = "note", "Kenntnisnahme"


@pghistory.track(exclude=["updated_at"])
class Consultation(models.Model):
    """One step of the report's way through the council (Beratungsfolge): a committee that deals with the report.

    Agenda and item number come late, so they may change until the council has decided. A removed one is kept with
    `deleted_at`: programs that read the open data are told that it is gone.
    """

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="consultations")
    committee = models.CharField("Gremium", max_length=100, default="Gemeinderat")
    session_on = models.DateField("Sitzung am", null=True, blank=True)
    item_number = models.CharField(
        "Punkt der Tagesordnung", max_length=20, blank=True, help_text="Zum Beispiel 4 oder 4.1."
    )
    role = models.CharField(
        "Aufgabe des Gremiums",
        max_length=8,
        choices=ConsultationRole.choices,
        default=ConsultationRole.DECIDE,
    )
    is_public = models.BooleanField("Öffentliche Sitzung", default=True)
    created_at = models.DateTimeField(editable=False, default=timezone.now, db_default=Now())
    updated_at = models.DateTimeField(editable=False, auto_now=True, db_default=Now())
    deleted_at = models.DateTimeField(editable=False, null=True)

    class Meta:
        verbose_name = "Beratung"
        verbose_name_plural = "Beratungsfolge"
        ordering = (F("session_on").asc(nulls_last=True), "pk")
        triggers = [
            # Only the day may follow a decision whose date is corrected.
            pgtrigger.Trigger(
                name="not_after_the_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF EXISTS (SELECT 1 FROM reports_councildecision d
                               WHERE d.report_id = COALESCE(NEW.report_id, OLD.report_id) AND {IS_FINAL}
                               AND (TG_OP <> 'UPDATE' OR d.consultation_id IS DISTINCT FROM NEW.id
                                    OR d.decided_on IS DISTINCT FROM NEW.session_on
                                    OR to_jsonb(NEW) - {_DAY} <> to_jsonb(OLD) - {_DAY})) THEN
                        RAISE EXCEPTION 'the way of a decided report does not change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_not_after_the_decision';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,  # noqa: S608  names of ours, nothing that anybody typed
            ),
            pgtrigger.Trigger(
                name="session_of_its_result",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=SESSION_FITS.format(where="d.consultation_id = NEW.id"),
            ),
        ]

    def __str__(self) -> str:
        return self.committee


@pghistory.track()
class ProposalTemplate(models.Model):
    """A sentence the county keeps for proposals to a council (Beschlussvorschlag)."""

    county = models.ForeignKey(County, models.CASCADE, related_name="proposal_templates")
    title = models.CharField("Name", max_length=100)
    text = models.TextField("Text", max_length=5_000)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=10)

    class Meta:
        verbose_name = "Vorlage für Beschlussvorschläge"
        verbose_name_plural = "Vorlagen für Beschlussvorschläge"
        ordering = ("position", GermanOrder("title"))
        constraints = [
            models.UniqueConstraint(
                name="proposal_template_once",
                fields=["county", "title"],
                violation_error_message="Eine Vorlage mit diesem Namen gibt es schon.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CouncilLinkQuerySet(models.QuerySet):
    def valid_at(self, moment: dt.datetime) -> Self:
        return self.filter(withdrawn_at__isnull=True, expires_at__gt=moment)


@pghistory.track(exclude=["opened"])
class CouncilLink(models.Model):
    """A link for a council without accounts. It counts how often it was opened, and keeps nothing about whom."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="council_links")
    label = models.CharField(
        "Für wen",
        max_length=100,
        default="Gemeinderat",
        help_text="Zum Beispiel: Gemeinderat oder Geschäftsstelle. Bitte keine Namen.",
    )
    expires_at = models.DateTimeField("Gültig bis")
    opened = models.PositiveIntegerField("Geöffnet", default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CouncilLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Link für den Gemeinderat"
        verbose_name_plural = "Links für den Gemeinderat"
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="council_link_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def opens(self) -> bool:
        return self.is_valid and self.report.is_at_council


class CouncilQuestionQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Neither answered nor refused."""
        return self.filter(answer="", refused_at=None)

    def answered(self) -> Self:
        return self.exclude(answer="")


@pghistory.track()
class CouncilQuestion(models.Model):
    """A question of a councillor before the session. The answer goes to all of that council, so nobody is named."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="questions")
    text = models.TextField("Ihre Frage", max_length=2_000)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )  # null: by a link without an account
    answer = models.TextField("Antwort", max_length=5_000, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    # refused or shortened, both with the reason that the asker reads
    refusal = models.TextField("Warum nicht?", max_length=1_000, blank=True)
    refused_at = models.DateTimeField(null=True, editable=False)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    asked_as = models.TextField("Ungekürzt", max_length=2_000, blank=True, editable=False)
    shortened_why = models.TextField("Warum gekürzt?", max_length=1_000, blank=True)
    shortened_at = models.DateTimeField(null=True, editable=False)
    shortened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CouncilQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "Frage aus dem Gemeinderat"
        verbose_name_plural = "Fragen aus dem Gemeinderat"
        ordering = ("asked_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="question_answered_by_somebody",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="question_refused_with_reason",
                condition=Q(refusal="", refused_at__isnull=True, refused_by__isnull=True)
                | (~Q(refusal="") & Q(answer="", refused_at__isnull=False, refused_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="question_shortened_with_trace",
                condition=Q(
                    asked_as="", shortened_why="", shortened_at__isnull=True, shortened_by__isnull=True
                )
                | (
                    ~Q(asked_as="")
                    & ~Q(shortened_why="")
                    & Q(shortened_at__isnull=False, shortened_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
