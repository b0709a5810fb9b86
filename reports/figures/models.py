"""The frozen figures and texts of a report."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from functools import cached_property

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Func, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from reports.figures.snapshot import Snapshot, read_snapshot
from reports.steps.models import InterimReport

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that one takes for another


def new_code() -> str:
    """Ten letters that nobody guesses: the short address under which an edition is checked."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(10))


class SnapshotQuerySet(models.QuerySet):
    def photos_among(self, files: Collection[str]) -> set[str]:
        """Which of these stored files a snapshot names as a photo."""
        named = self.annotate(
            file=Func(
                "data",
                Value("$.photos[*].pictures[*].file"),
                template="jsonb_path_query(%(expressions)s::jsonpath) #>> '{}'",
                output_field=models.TextField(),
            )
        )
        return set(named.order_by().values_list("file", flat=True)) & set(files)


class ReportSnapshot(models.Model):
    """Figures and texts of a report as they were at one submission. Written once, never changed.

    `data` is the JSON of a `reports.figures.snapshot.Snapshot`, read through `frozen`; `schema` is known
    without it. `number` counts the submissions and is the edition number that people read; `code` is the end of the
    address where anybody checks a file.
    """

    report = models.ForeignKey(InterimReport, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    # null: taken before files could be checked
    code = models.CharField(max_length=12, unique=True, null=True, editable=False)  # noqa: DJ001
    data = models.JSONField()
    schema = models.GeneratedField(
        expression=Cast(KT("data__schema"), models.PositiveSmallIntegerField()),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "festgehaltener Stand"
        verbose_name_plural = "festgehaltene Stände"
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(name="snapshot_number_once", fields=["report", "number"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report}, Ausgabe {self.number}"

    @cached_property
    def frozen(self) -> Snapshot:
        """Read once. Raises UnreadableJson."""
        return read_snapshot(self.data)
