"""The way of a report through the council: consultations, links without an account, questions, the decision."""

from __future__ import annotations

import datetime as dt
from enum import nonmember
from typing import TYPE_CHECKING, Self

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

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


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
            pgtrigger.Trigger(
                name="not_after_the_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM reports_interimreport r
                               WHERE r.id = COALESCE(NEW.report_id, OLD.report_id) AND r.state = 'decided') THEN
                        RAISE EXCEPTION 'the way of a decided report does not change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_not_after_the_decision';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
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

    class Meta:
        verbose_name = "Frage aus dem Gemeinderat"
        verbose_name_plural = "Fragen aus dem Gemeinderat"
        ordering = ("asked_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="question_answered_by_somebody",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DecisionKind(models.TextChoices):
    NOTED = "noted", "Kenntnisnahme"
    CONTINUED = "continued", "Fortführung unverändert"
    CHANGED = "changed", "Fortführung mit Änderungen"
    PERMANENT = "permanent", "Verstetigung"
    ENDED = "ended", "Beendigung"
    ADJOURNED = "adjourned", "Vertagung"
    REFERRED = "referred", "Verweisung in einen Ausschuss"
    OFF_AGENDA = "off_agenda", "Von der Tagesordnung abgesetzt"
    WITHDRAWN = "withdrawn", "Vorlage zurückgezogen"

    # after these the council still owes a decision
    open = nonmember(("adjourned", "referred", "off_agenda", "withdrawn"))
    goes_on = nonmember(("continued", "changed", "permanent"))


class CouncilDecisionQuerySet(models.QuerySet):
    def final(self) -> Self:
        return self.exclude(kind__in=DecisionKind.open)

    def visible_to(self, user: User) -> Self:
        return self.filter(report__in=InterimReport.objects.visible_to(user))


@pghistory.track()
class CouncilDecision(models.Model):
    """What a council resolved about a report. Adjournments are kept too; at most one decision is final."""

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="decisions")
    consultation = models.ForeignKey(
        Consultation, models.SET_NULL, null=True, blank=True, verbose_name="Beratung", related_name="+"
    )
    kind = models.CharField("Ergebnis", max_length=10, choices=DecisionKind.choices)
    decided_on = models.DateField("Datum der Sitzung")
    votes_yes = models.PositiveSmallIntegerField("Ja-Stimmen", null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField("Nein-Stimmen", null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField("Enthaltungen", null=True, blank=True)
    text = models.TextField("Wortlaut des Beschlusses", max_length=10_000, blank=True)
    conditions = models.TextField("Auflagen oder Änderungen", max_length=5_000, blank=True)
    next_report_due = models.DateField("Nächster Bericht fällig am", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    followed_up_at = models.DateTimeField(null=True, editable=False)  # staff confirmed what comes next
    followed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CouncilDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "Beschluss"
        verbose_name_plural = "Beschlüsse"
        ordering = ("decided_on", "pk")
        constraints = [
            models.UniqueConstraint(
                name="decision_final_once",
                fields=["report"],
                condition=~Q(kind__in=DecisionKind.open),
            ),
            models.CheckConstraint(
                name="decision_votes_all_or_none",
                condition=Q(votes_yes__isnull=True, votes_no__isnull=True, votes_abstained__isnull=True)
                | Q(votes_yes__isnull=False, votes_no__isnull=False, votes_abstained__isnull=False),
                violation_error_message="Bitte geben Sie alle drei Zahlen an oder keine.",
            ),
            models.CheckConstraint(
                name="decision_changed_says_how",
                condition=~Q(kind="changed") | ~Q(conditions=""),
                violation_error_message="Bitte schreiben Sie, was sich ändert.",
            ),
            models.CheckConstraint(
                name="decision_followed_up_by_somebody",
                condition=Q(followed_up_at__isnull=True, followed_up_by__isnull=True)
                | Q(followed_up_at__isnull=False, followed_up_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_before_delivery",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_on", "report_id"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM reports_interimreport r WHERE r.id = NEW.report_id
                                   AND r.state IN ('delivered', 'decided')
                                   AND NEW.decided_on >= (r.delivered_at AT TIME ZONE 'Europe/Berlin')::date) THEN
                        RAISE EXCEPTION 'a council decides only about what it has'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_not_before_delivery';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.decided_on:%d.%m.%Y}"

    @property
    def is_final(self) -> bool:
        return self.kind not in DecisionKind.open
