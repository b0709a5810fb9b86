"""The interim report (Zwischenbericht): its texts, its frozen figures, and the files built from them."""

from __future__ import annotations

import datetime as dt
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value
from django.utils import timezone

from kiv_portal.jobs.models import Job, JobQuerySet, job_constraints
from mediators.models import towns_of
from municipalities.models import Municipality
from municipalities.roles import town_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class ReportState(models.TextChoices):
    DRAFT = "draft", "In Arbeit"
    SUBMITTED = "submitted", "Abgeschlossen"
    RELEASED = "released", "Freigegeben"

    frozen = nonmember(("submitted", "released"))


class InterimReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those who work on a town's report see it in every state; its council sees what is released."""
        return self.at_work_of(user) | self.released_to(user)

    def at_work_of(self, user: User) -> Self:
        return self.filter(municipality__in=towns_of(user))

    def released_to(self, user: User) -> Self:
        return self.filter(municipality__in=town_roles(user).councillor, state=ReportState.RELEASED)

    def with_overdue(self, today: dt.date) -> Self:
        """Adds `is_overdue`: still in work after the day it was due."""
        late = Q(state=ReportState.DRAFT, due_on__lt=today)
        return self.annotate(is_overdue=ExpressionWrapper(late, output_field=models.BooleanField()))

    def with_town(self) -> Self:
        return self.select_related("municipality__county")


@pghistory.track()
class InterimReport(models.Model):
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="reports"
    )
    period_start = models.DateField("Zeitraum von")
    period_end = models.DateField("Zeitraum bis")
    due_on = models.DateField("Fällig am")
    state = models.CharField("Stand", max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    submitted_at = models.DateTimeField("abgeschlossen", null=True, blank=True, editable=False)
    released_at = models.DateTimeField("freigegeben", null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    paper_number = models.CharField(
        "Vorlagen-Nummer",
        max_length=40,
        blank=True,
        help_text="Die Nummer der Sitzungsvorlage, zum Beispiel 2022/184.",
    )
    author = models.CharField("Verfasst von", max_length=150, blank=True)
    committee = models.CharField("Gremium", max_length=100, default="Gemeinderat")
    session_on = models.DateField("Sitzung am", null=True, blank=True)
    is_public = models.BooleanField("Öffentliche Sitzung", default=True)
    dated_on = models.DateField("Datum der Vorlage", null=True, blank=True)

    objects = InterimReportQuerySet.as_manager()

    class Meta:
        verbose_name = "Zwischenbericht"
        verbose_name_plural = "Zwischenberichte"
        ordering = ("-period_end", "municipality__name")
        constraints = [
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            ExclusionConstraint(
                name="report_no_overlap",
                expressions=[
                    (
                        Func(F("municipality"), F("municipality"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("period_start"), F("period_end"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Für diesen Zeitraum gibt es schon einen Bericht.",
            ),
            models.CheckConstraint(
                name="report_submitted_with_date",
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(state__in=ReportState.frozen, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_released_with_date_and_person",
                condition=Q(state="released", released_at__isnull=False, released_by__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True, released_by__isnull=True)),
            ),
        ]
        triggers = [
            # The council has it: what was released stays as it was, also against raw SQL.
            pgtrigger.Protect(
                name="released_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="released"),
            ),
        ]

    def __str__(self) -> str:
        return f"Zwischenbericht {self.municipality}"

    def clean(self) -> None:
        super().clean()
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValidationError({"period_end": "Das Ende liegt vor dem Beginn."})

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT

    @property
    def is_released(self) -> bool:
        return self.state == ReportState.RELEASED


class SectionKey(models.TextChoices):
    """The texts people write; the chapters of figures write themselves."""

    AT_A_GLANCE = "at_a_glance", "Auf einen Blick"
    OCCASION = "occasion", "Anlass und Auftrag"
    PARTICIPATION = "participation", "Beteiligung und Rückmeldungen"
    COOPERATION = "cooperation", "Zusammenarbeit und Hindernisse"
    COSTS = "costs", "Aufwand und Kosten"
    ASSESSMENT = "assessment", "Bewertung"
    OUTLOOK = "outlook", "Ausblick und Bedarf"
    ALTERNATIVES = "alternatives", "Handlungsalternativen"
    PROPOSAL = "proposal", "Beschlussvorschlag"


@pghistory.track()
class ReportSection(models.Model):
    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=16, choices=SectionKey.choices)
    text = models.TextField("Text", max_length=20_000, blank=True)
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
                func="""
                    IF EXISTS (SELECT 1 FROM reports_interimreport r
                               WHERE r.id = COALESCE(NEW.report_id, OLD.report_id) AND r.state <> 'draft') THEN
                        RAISE EXCEPTION 'the texts of a submitted report do not change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'section_only_in_draft';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


class ReportSnapshot(models.Model):
    """Figures and texts of a report as they were at one submission. Written once, never changed.

    `data` has the shape that `reports.queries.snapshot_of` describes; `number` counts the submissions and is the
    edition number that people read.
    """

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "eingefrorener Stand"
        verbose_name_plural = "eingefrorene Stände"
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(name="snapshot_number_once", fields=["report", "number"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report}, Ausgabe {self.number}"


class EditionState(models.TextChoices):
    QUEUED = "queued", "Wartet"
    RUNNING = "running", "Wird erstellt"
    DONE = "done", "Fertig"
    FAILED = "failed", "Nicht gelungen"

    unfinished = nonmember(("queued", "running"))


class BuildStep(models.TextChoices):
    """What the worker is doing, in the order in which it does it."""

    WAITING = "waiting", "Auftrag angenommen"
    CHARTS = "charts", "Diagramme zeichnen"
    TEXT = "text", "Bericht zusammenstellen"
    PAGES = "pages", "Seiten setzen"
    CHECK = "check", "Barrierefreiheit prüfen"
    STORE = "store", "Ablegen"


class EditionQuerySet(JobQuerySet):
    def visible_to(self, user: User) -> Self:
        """All editions for those who work on the report; for the council the released one, no withdrawn one."""
        newest = ReportSnapshot.objects.filter(report=OuterRef("snapshot__report")).order_by("-number")
        return self.filter(
            Q(snapshot__report__in=InterimReport.objects.at_work_of(user))
            | Q(
                snapshot__report__in=InterimReport.objects.released_to(user),
                snapshot=Subquery(newest.values("pk")[:1]),
            )
        )


def edition_path(edition: ReportEdition, filename: str) -> str:
    return f"editions/{edition.snapshot.data['municipality']['ags']}/{filename}"


@pghistory.track(exclude=["step", "lease_until"])
class ReportEdition(Job):
    """One file built from one snapshot; at the same time the job that builds it."""

    snapshot = models.ForeignKey(ReportSnapshot, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=8, choices=[("pdf", "PDF")], default="pdf")
    state = models.CharField(max_length=8, choices=EditionState.choices, default=EditionState.QUEUED)
    step = models.CharField(max_length=8, choices=BuildStep.choices, default=BuildStep.WAITING)
    file = models.FileField(upload_to=edition_path, blank=True, max_length=200)
    size = models.PositiveIntegerField("Größe in Bytes", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("Seiten", default=0)
    verdict = models.JSONField(default=dict, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Ausgabe"
        verbose_name_plural = "Ausgaben"
        ordering = ("-requested_at", "-pk")
        constraints = [
            # Two clicks make one edition: only a failed one makes room for the next.
            models.UniqueConstraint(
                name="edition_once_a_snapshot", fields=["snapshot", "kind"], condition=~Q(state="failed")
            ),
            *job_constraints("edition"),
            models.CheckConstraint(
                name="edition_done_with_file",
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
        return f"{self.snapshot} ({self.get_state_display()})"
