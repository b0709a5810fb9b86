"""The texts of a report, written by several people at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from reports.steps.errors import ReportNotEditable, SectionChanged
from reports.steps.models import InterimReport, ReportState
from reports.steps.record import take_step
from reports.writing.models import EasyTextCheck, ReportComment, ReportSection

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


def save_section(report: InterimReport, key: str, text: str, *, version: int, by: User) -> ReportSection:
    """Store a text if it still has the `version` that was opened (0: nothing stood there).

    The first text takes a planned report to work. Raises SectionChanged or ReportNotEditable; nothing is overwritten
    then.
    """
    with transaction.atomic():
        report = locked_for_writing(report)
        section, _ = ReportSection.objects.get_or_create(report=report, key=key)
        if section.text == text:
            return section
        saved = ReportSection.objects.filter(pk=section.pk, version=version).update(
            text=text, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
        )
        if not saved:
            raise SectionChanged(section)
        if report.state == ReportState.PLANNED:
            take_step(report, ReportState.DRAFT, by=by)
        section.refresh_from_db()
        return section


def locked_for_writing(report: InterimReport) -> InterimReport:
    """The report, kept from being submitted until the transaction ends. Raises ReportNotEditable."""
    found = (
        InterimReport.objects.select_for_update().filter(pk=report.pk, state__in=ReportState.editable).first()
    )
    if found is None:
        raise ReportNotEditable("Der Bericht ist eingereicht. Die Texte lassen sich nicht mehr ändern.")
    return found


# --- remarks


def write_comment(report: InterimReport, key: str, text: str, *, by: User) -> ReportComment:
    """A double click writes it once."""
    with transaction.atomic():
        InterimReport.objects.select_for_update().get(pk=report.pk)
        same = {"report": report, "key": key, "text": text, "author": by, "settled_at": None}
        return ReportComment.objects.filter(**same).first() or ReportComment.objects.create(**same)


def settle_comment(comment: ReportComment, *, by: User) -> None:
    ReportComment.objects.filter(pk=comment.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by
    )


# --- easy language


def record_easy_check(check: EasyTextCheck, *, version: int, by: User) -> None:
    """Keep what a test group said about the text it has read; it holds for that `version` alone.

    Raises ReportNotEditable when another text stands there now, or none.
    """
    with transaction.atomic():
        report = locked_for_writing(check.report)
        section = ReportSection.objects.filter(report=report, key="easy").exclude(text="").first()
        if section is None or section.version != version:
            raise ReportNotEditable(
                "Der Text wurde nach dem Öffnen dieser Seite geändert. Die Prüfung gilt nur für den Text, "
                "den die Gruppe gelesen hat. Bitte sehen Sie ihn noch einmal an."
            )
        check.text_version, check.recorded_by = version, by
        check.save()
