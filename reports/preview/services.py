from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kiv_portal.jobs import work
from reports.editions.models import FileState
from reports.editions.services import TECHNICAL_REASON
from reports.figures.snapshot import to_json
from reports.preview.models import KEPT_FOR, DraftPreview, DraftPreviewQuerySet
from reports.steps.errors import ReportNotEditable
from reports.steps.freezing import snapshot_of
from reports.steps.models import InterimReport
from reports.writing.photo_services import frozen_photos

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


def request_preview(report: InterimReport, *, by: User) -> DraftPreview:
    """The report as it stands now; the one before goes. Two clicks make one. Raises ReportNotEditable."""
    with transaction.atomic():
        report = InterimReport.objects.select_for_update(of=("self",)).with_town().get(pk=report.pk)
        if not report.is_editable:
            raise ReportNotEditable("Der Bericht ist eingereicht. Lesen Sie bitte seine Dateien.")
        if waiting := report.previews.filter(state__in=FileState.unfinished).first():
            return waiting
        _remove(report.previews.all())
        dated = report.dated_on or timezone.localdate()
        frozen = snapshot_of(report, dated=dated, photos=frozen_photos(report))
        preview: DraftPreview = report.previews.create(data=to_json(frozen), requested_by=by)
        transaction.on_commit(lambda: work.publish(preview))
        return preview


def _remove(previews: DraftPreviewQuerySet) -> None:
    """With their files, once the rows are gone."""
    for preview in previews:
        storage, name = preview.file.storage, preview.file.name
        preview.delete()
        if name:
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]


def sweep_previews(now: dt.datetime) -> int:
    """Find what was forgotten, and let go of what is older than a day. Returns how many workers were woken."""
    with transaction.atomic():
        old = DraftPreview.objects.exclude(state__in=FileState.unfinished)
        _remove(old.filter(requested_at__lt=now - KEPT_FOR))
    return work.sweep(DraftPreview, now, excuse=TECHNICAL_REASON)
