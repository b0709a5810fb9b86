"""Spreadsheets that mediators import: the file, the meaning of its columns, and what was found in its rows.

Files and rows are for the way only: thirty days after the upload they are deleted (ActivityImport.KEPT_DAYS).
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kiv_portal.jobs.models import Job, JobQuerySet, JobState, job_constraints
from mediators.models import Mediator

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class ActivityImportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own only: what stands in an imported file is nobody else's until it is in the log."""
        return self.filter(mediator__user_id=user.pk)

    def outdated_at(self, now: dt.datetime) -> Self:
        return self.filter(uploaded_at__lt=now - dt.timedelta(days=ActivityImport.KEPT_DAYS))


def import_path(row: ActivityImport, filename: str) -> str:
    """A random name: what a person called the file is in the row, not on the disk."""
    return f"imports/{uuid.uuid4().hex}"


@pghistory.track(exclude=["columns", "meanings", "name", "other_sheets", "sheet"])
class ActivityImport(models.Model):
    KEPT_DAYS = 30

    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="imports")
    uploaded_at = models.DateTimeField("hochgeladen", default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    name = models.CharField("Name der Datei", max_length=150)
    file = models.FileField("Datei", upload_to=import_path, max_length=200)
    kind = models.CharField(max_length=4, choices=[("xlsx", "XLSX"), ("ods", "ODS"), ("csv", "CSV")])
    sheet = models.CharField("Blatt", max_length=100, blank=True)
    other_sheets = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    encoding = models.CharField("Schrift", max_length=12, blank=True)
    is_encoding_sure = models.BooleanField(default=True)
    separator = models.CharField("Trennzeichen", max_length=1, blank=True)
    row_count = models.PositiveIntegerField("Zeilen")
    columns = models.JSONField(help_text="Header, first values and words of each column")
    targets = ArrayField(
        models.CharField(max_length=20, blank=True),
        help_text="The field that each column fills; empty: not taken",
    )
    meanings = models.JSONField(
        default=dict, blank=True, help_text="{field: {word: code}}: words the person has explained"
    )
    defaults = models.JSONField(default=dict, blank=True, help_text="{field: code} for rows that say nothing")

    objects = ActivityImportQuerySet.as_manager()

    class Meta:
        verbose_name = "eingelesene Tabelle"
        verbose_name_plural = "eingelesene Tabellen"
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def deleted_on(self) -> dt.date:
        return timezone.localdate(self.uploaded_at) + dt.timedelta(days=self.KEPT_DAYS + 1)


class RowVerdict(models.TextChoices):
    OK = "ok", "in Ordnung"
    ASK = "ask", "Frage"
    HINT = "hint", "Hinweis"
    TWICE = "twice", "schon vorhanden"
    ERROR = "error", "Fehler"
    LEFT = "left", "bleibt weg"

    open = nonmember(("error", "ask"))
    stored = nonmember(("ok", "hint", "ask"))


class ActivityImportRow(models.Model):
    """What the last check found in one row of the file."""

    activity_import = models.ForeignKey(ActivityImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("Zeile")
    verdict = models.CharField(max_length=5, choices=RowVerdict.choices)
    day = models.CharField("Datum", max_length=40, blank=True)
    title = models.CharField("Titel", max_length=120, blank=True)
    # what would be stored; empty where that could not be read
    read_day = models.DateField("gelesenes Datum", null=True)
    starts_at = models.TimeField("gelesener Beginn", null=True)
    minutes = models.PositiveIntegerField("Dauer", null=True)
    people = models.CharField("Erreichte Personen", max_length=40, blank=True)
    people_reached = models.PositiveIntegerField("davon gezählt in Summen", null=True)
    expenses_cents = models.PositiveIntegerField("Auslagen in Cent", null=True)
    sentences = ArrayField(models.TextField(), default=list, blank=True)
    questions = models.JSONField(
        default=list,
        blank=True,
        help_text="[{kind, sentence, target, is_answered}]: what may be taken as it is",
    )
    open_kinds = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="What is not answered yet"
    )
    cells = models.JSONField(
        default=list,
        blank=True,
        help_text="[{target, text, written, choices}]: what can be put right in place",
    )

    class Meta:
        verbose_name = "geprüfte Zeile"
        verbose_name_plural = "geprüfte Zeilen"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(name="importrow_once", fields=["activity_import", "number"]),
            models.CheckConstraint(name="importrow_says_why", condition=Q(verdict="ok") | ~Q(sentences=[])),
        ]
        indexes = [models.Index(name="importrow_by_verdict", fields=["activity_import", "verdict", "number"])]

    def __str__(self) -> str:
        return f"Zeile {self.number}"


class RowDecision(models.TextChoices):
    TAKE = "take", "übernehmen"
    LEAVE = "leave", "weglassen"


class ActivityImportAnswer(models.Model):
    """What the person has said about one row of the file; the next check and the storing go by it."""

    activity_import = models.ForeignKey(ActivityImport, models.CASCADE, related_name="answers")
    number = models.PositiveIntegerField("Zeile")
    decision = models.CharField("Antwort", max_length=5, choices=RowDecision.choices, blank=True)
    accepted = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="The questions answered with yes, as they were asked",
    )
    mended = models.JSONField(default=dict, blank=True, help_text="{field: text in the place of the cell's}")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField("beantwortet", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Antwort zu einer Zeile"
        verbose_name_plural = "Antworten zu Zeilen"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(name="importanswer_once", fields=["activity_import", "number"]),
            models.CheckConstraint(
                name="importanswer_says_something",
                condition=~Q(decision="") | ~Q(accepted=[]) | ~Q(mended={}),
            ),
        ]

    def __str__(self) -> str:
        return f"Zeile {self.number}: {self.get_decision_display()}"


class RunKind(models.TextChoices):
    CHECK = "check", "Prüfen"
    STORE = "store", "Übernehmen"


class RunStep(models.TextChoices):
    WAITING = "waiting", "Auftrag angenommen"
    READ = "read", "Datei lesen"
    JUDGE = "judge", "Zeilen prüfen"
    STORE = "store", "Ablegen"


class ImportRunQuerySet(JobQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(activity_import__in=ActivityImport.objects.visible_to(user))


@pghistory.track(exclude=["step", "lease_until", "rows_done"])
class ImportRun(Job):
    """One look through an imported file: the check that stores nothing in the log, or the storing itself."""

    TASK = "activities.import_run"

    activity_import = models.ForeignKey(ActivityImport, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=5, choices=RunKind.choices)
    step = models.CharField(max_length=8, choices=RunStep.choices, default=RunStep.WAITING)
    rows_done = models.PositiveIntegerField(default=0, help_text="How many rows this attempt has looked at")
    stored = models.PositiveIntegerField("gespeichert", default=0)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "Durchgang"
        verbose_name_plural = "Durchgänge"
        ordering = ("-requested_at", "-pk")
        constraints = [
            *job_constraints("importrun"),
            # Two clicks make one run, and what is stored is stored once.
            models.UniqueConstraint(
                name="importrun_one_at_a_time",
                fields=["activity_import"],
                condition=Q(state__in=JobState.unfinished),
            ),
            models.UniqueConstraint(
                name="importrun_stored_once",
                fields=["activity_import"],
                condition=Q(kind="store", state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_import}: {self.get_kind_display()} ({self.get_state_display()})"

    @property
    def stored_sentence(self) -> str:
        if self.stored == 1:
            return "Eine Aktivität ist gespeichert."
        return f"{self.stored:,} Aktivitäten sind gespeichert.".replace(",", ".")
