from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.db import models

from reports.editions.models import BuiltFile, FileQuerySet, FileState, file_constraints
from reports.figures.snapshot import Snapshot, read_snapshot
from reports.steps.models import InterimReport

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

KEPT_FOR = dt.timedelta(days=1)


class DraftPreviewQuerySet(FileQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(report__in=InterimReport.objects.at_work_of(user))


def preview_path(preview: DraftPreview, filename: str) -> str:
    return f"editions/previews/{filename}"


class DraftPreview(BuiltFile):
    """What a report would look like if it were submitted now, and the job that builds it. `data` is the JSON of a
    `Snapshot` of that moment; no check address, no number: it is no edition.
    """

    TASK = "reports.build_preview"

    report = models.ForeignKey(InterimReport, models.CASCADE, related_name="previews")
    data = models.JSONField()
    file = models.FileField(upload_to=preview_path, blank=True, max_length=200)

    objects = DraftPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = "Vorschau"
        verbose_name_plural = "Vorschauen"
        ordering = ("-requested_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="preview_one_at_a_time",
                fields=["report"],
                condition=models.Q(state__in=FileState.unfinished),
            ),
            *file_constraints("preview"),
        ]

    def __str__(self) -> str:
        return f"Vorschau {self.report}"

    @cached_property
    def frozen(self) -> Snapshot:
        return read_snapshot(self.data)
