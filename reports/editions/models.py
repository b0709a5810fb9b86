"""The files built from the snapshot of a report."""

from __future__ import annotations

from enum import nonmember
from typing import TYPE_CHECKING, Any, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from kiv_portal.jobs.models import Job, JobQuerySet, job_constraints
from reports.content.formats import COUNCIL_ONLY
from reports.figures.models import ReportSnapshot
from reports.renewals.models import NewEdition
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class FileState(models.TextChoices):
    QUEUED = "queued", "Wartet"
    RUNNING = "running", "Wird erstellt"
    DONE = "done", "Fertig"
    FAILED = "failed", "Nicht gelungen"

    unfinished = nonmember(("queued", "running"))


class FileKind(models.TextChoices):
    """In the order in which people are offered them; the first is the one a council decides about."""

    PDF = "pdf", "Bericht (PDF)"
    SUMMARY = "summary", "Kurzfassung auf einer Seite (PDF)"
    EASY = "easy", "Einfache Sprache (PDF)"
    ANNEX = "annex", "Liste der Aktivitäten, nur für den Gemeinderat (PDF)"
    HTML = "html", "Bericht als Internetseite"
    DOCX = "docx", "Bericht für Textprogramme (DOCX)"
    ODT = "odt", "Bericht für Textprogramme (ODT)"
    XLSX = "xlsx", "Zahlen als Tabelle (XLSX)"
    CSV = "csv", "Zahlen als Tabelle (CSV)"
    JSON = "json", "Zahlen für Programme (JSON)"


class BuildStep(models.TextChoices):
    """What the worker is doing, in the order in which it does it."""

    WAITING = "waiting", "Auftrag angenommen"
    CHARTS = "charts", "Diagramme zeichnen"
    TEXT = "text", "Bericht zusammenstellen"
    PAGES = "pages", "Seiten setzen"
    CHECK = "check", "Barrierefreiheit prüfen"
    STORE = "store", "Ablegen"


class FileQuerySet(JobQuerySet):
    def finished(self) -> Self:
        return self.filter(state=FileState.DONE)


class BuiltFile(Job):
    """A file that a worker builds, and the job that builds it. A model that is one adds `file` with its own folder;
    `file_constraints` and `done_stays` belong into its Meta.
    """

    file: Any
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.QUEUED)
    step = models.CharField(max_length=8, choices=BuildStep.choices, default=BuildStep.WAITING)
    size = models.PositiveIntegerField("Größe in Bytes", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("Seiten", default=0)
    verdict = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def is_done(self) -> bool:
        return self.state == FileState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == FileState.FAILED

    @property
    def is_accessible(self) -> bool:
        """Built, and its checks are passed: the only files that leave the house."""
        return self.is_done and bool(self.verdict.get("is_accessible"))

    @property
    def judge(self) -> str:
        """What veraPDF, the reference judge, said: for those who release a PDF. "" for what is no PDF."""
        if not self.is_done or not self.pages:
            return ""
        rules = self.verdict.get("verapdf")
        if rules is None:
            return "Nicht mit veraPDF geprüft; die Prüfung des Portals gilt."
        standards = sorted(rules, reverse=True)  # a database keeps no order
        if failed := [standard for standard in standards if rules[standard]]:
            return f"veraPDF: {' und '.join(failed)} nicht bestanden."
        return f"Mit veraPDF geprüft: {' und '.join(standards)} bestanden."


def file_constraints(what: str) -> list[models.CheckConstraint]:
    """What is finished has a file and its fingerprint."""
    done = Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
    condition = ~Q(state="done") | (~Q(file="") & done)
    return [
        *job_constraints(what),
        models.CheckConstraint(name=f"{what}_done_with_file", condition=condition),
    ]


def done_stays() -> pgtrigger.Protect:
    """What is finished may be in somebody's hands."""
    return pgtrigger.Protect(
        name="done_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="done"),
    )


class ReportFileQuerySet(FileQuerySet):
    def visible_to(self, user: User) -> Self:
        """All files for those who work on the report; for the council those delivered, also what was replaced since,
        none withdrawn.
        """
        return self.filter(snapshot__report__in=InterimReport.objects.at_work_of(user)) | self.ever_delivered(
            InterimReport.objects.delivered_to(user)
        )

    def for_everybody(self) -> Self:
        """Without what only the council may have."""
        return self.exclude(kind__in=COUNCIL_ONLY)

    def of_delivered(self, reports: models.QuerySet) -> Self:
        """The files of the edition that the council of each of these reports has."""
        return self.filter(
            snapshot__report__in=reports, snapshot__number=F("snapshot__report__delivered_number")
        )

    def ever_delivered(self, reports: models.QuerySet) -> Self:
        """Also those of editions that were replaced."""
        replaced = NewEdition.objects.delivered().filter(
            report=OuterRef("snapshot__report"), old_number=OuterRef("snapshot__number")
        )
        is_current = Q(snapshot__number=F("snapshot__report__delivered_number"))
        return self.filter(is_current | Q(Exists(replaced)), snapshot__report__in=reports)

    def of_newest(self, reports: models.QuerySet) -> Self:
        """The files of the newest snapshot of each of these reports."""
        newest = ReportSnapshot.objects.filter(report=OuterRef("snapshot__report")).order_by("-number")
        return self.filter(snapshot__report__in=reports, snapshot=Subquery(newest.values("pk")[:1]))


def file_path(file: ReportFile, filename: str) -> str:
    return f"editions/{file.snapshot.report.municipality.ags}/{filename}"


@pghistory.track(exclude=["step", "lease_until"])
class ReportFile(BuiltFile):
    """One file built from one snapshot; at the same time the job that builds it."""

    TASK = "reports.build_file"

    snapshot = models.ForeignKey(ReportSnapshot, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=8, choices=FileKind.choices, default=FileKind.PDF)
    file = models.FileField(upload_to=file_path, blank=True, max_length=200)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "Datei"
        verbose_name_plural = "Dateien"
        ordering = ("-requested_at", "-pk")
        constraints = [
            # Two clicks make one file: only a failed one makes room for the next.
            models.UniqueConstraint(
                name="edition_once_a_snapshot", fields=["snapshot", "kind"], condition=~Q(state="failed")
            ),
            *file_constraints("edition"),
        ]
        triggers = [done_stays()]

    def __str__(self) -> str:
        return f"{self.snapshot}, {self.get_kind_display()} ({self.get_state_display()})"
