"""A job is a row. What every such row carries, and the questions one asks of it (docs/adr/0014)."""

from __future__ import annotations

import datetime as dt
from enum import nonmember
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class JobState(models.TextChoices):
    QUEUED = "queued", "Wartet"
    RUNNING = "running", "Läuft"
    DONE = "done", "Fertig"
    FAILED = "failed", "Nicht gelungen"

    unfinished = nonmember(("queued", "running"))


class JobQuerySet(models.QuerySet):
    def claimable_at(self, now: dt.datetime) -> Self:
        """Waiting, or left by a worker whose lease ran out."""
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now))


class Job(models.Model):
    """Written by a request, done by whichever worker claims it. A model that is a job names the TASK that does it,
    called with `pk`, may say its states in words of its own, and adds a text field `step` whose first value is
    FIRST_STEP; `job_constraints` belong into its Meta.
    """

    TASK: ClassVar[str]
    MAX_ATTEMPTS: ClassVar[int] = 3
    FIRST_STEP: ClassVar[str] = "waiting"

    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("Grund", max_length=500, blank=True)
    built_by = models.CharField(max_length=100, blank=True, help_text="Name of the worker that built it")

    class Meta:
        abstract = True

    @property
    def is_queued(self) -> bool:
        return self.state == JobState.QUEUED

    @property
    def is_unfinished(self) -> bool:
        return self.state in JobState.unfinished


def job_constraints(what: str) -> list[models.CheckConstraint]:
    """A running job has a lease and no other has one; a failed one says why."""
    return [
        models.CheckConstraint(
            name=f"{what}_running_with_lease",
            condition=Q(state="running", lease_until__isnull=False)
            | (~Q(state="running") & Q(lease_until__isnull=True)),
        ),
        models.CheckConstraint(
            name=f"{what}_failed_with_reason", condition=~Q(state="failed") | ~Q(reason="")
        ),
    ]
