"""What people write in a report: its texts, and what they say to each other about them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reports.steps.models import InterimReport


class SectionKey(models.TextChoices):
    """The texts of the chapters; the chapters of figures write themselves."""

    AT_A_GLANCE = "at_a_glance", "Auf einen Blick"
    OCCASION = "occasion", "Anlass und Auftrag"
    PARTICIPATION = "participation", "Beteiligung und Rückmeldungen"
    COOPERATION = "cooperation", "Zusammenarbeit und Hindernisse"
    COSTS = "costs", "Aufwand und Kosten"
    ASSESSMENT = "assessment", "Bewertung"
    OUTLOOK = "outlook", "Ausblick und Bedarf"
    ALTERNATIVES = "alternatives", "Handlungsalternativen"
    PROPOSAL = "proposal", "Beschlussvorschlag"


EASY = "easy"  # the whole report once more, in easy language: a text of its own, not a chapter
EASY_LABEL = "Text in einfacher Sprache"
TEXT_LABELS = {**dict(SectionKey.choices), EASY: EASY_LABEL}

ONLY_WHILE_EDITABLE = """
    IF EXISTS (SELECT 1 FROM reports_interimreport r WHERE r.id = COALESCE(NEW.report_id, OLD.report_id)
               AND r.state NOT IN ('planned', 'draft', 'returned')) THEN
        RAISE EXCEPTION 'the texts of a submitted report do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'section_only_in_draft';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


@pghistory.track()
class ReportSection(models.Model):
    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=16, choices=list(TEXT_LABELS.items()))
    text = models.TextField("Text", max_length=150_000, blank=True)  # forty pages from a word processor
    version = models.PositiveIntegerField(default=0, editable=False)  # optimistic lock: counts the saves
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "Abschnitt"
        verbose_name_plural = "Abschnitte"
        constraints = [models.UniqueConstraint(name="section_once_a_report", fields=["report", "key"])]
        triggers = [
            pgtrigger.Trigger(
                name="only_in_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=ONLY_WHILE_EDITABLE,
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


@pghistory.track()
class EasyTextCheck(models.Model):
    """A test group has read the easy-language text and understood it. Persons are counted, never named."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="easy_checks")
    text_version = models.PositiveIntegerField(editable=False)  # another text needs another check
    checked_on = models.DateField("Geprüft am")
    group = models.CharField(
        "Prüfgruppe", max_length=150, help_text="Zum Beispiel: Prüfgruppe der Lebenshilfe Leonberg."
    )
    persons = models.PositiveSmallIntegerField("Anzahl der Personen")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Prüfung durch eine Prüfgruppe"
        verbose_name_plural = "Prüfungen durch Prüfgruppen"
        ordering = ("-recorded_at",)
        constraints = [
            models.CheckConstraint(
                name="easy_check_by_a_group",
                condition=Q(persons__range=(2, 50)),
                violation_error_message="Zu einer Prüfgruppe gehören 2 bis 50 Personen.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.checked_on:%d.%m.%Y}"


@pghistory.track()
class ReportComment(models.Model):
    """A remark or question of those who work on a report, about one text or (key "") about all of it."""

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="comments")
    key = models.CharField(max_length=16, choices=list(TEXT_LABELS.items()), blank=True)
    text = models.TextField("Ihre Bemerkung", max_length=2_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Bemerkung"
        verbose_name_plural = "Bemerkungen"
        ordering = ("written_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="comment_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
