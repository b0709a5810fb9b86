"""Fields of action and kinds of activity."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models


def _one_at_a_position(what: str) -> models.UniqueConstraint:
    """Checked at commit, so that reference data can be put into another order."""
    return models.UniqueConstraint(
        name=f"{what}_position_once", fields=["position"], deferrable=models.Deferrable.DEFERRED
    )


@pghistory.track()
class FieldOfAction(models.Model):
    """Handlungsfeld after the UN convention on the rights of persons with disabilities (UN-BRK)."""

    code = models.SlugField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    short = models.CharField(max_length=2, unique=True)
    articles = ArrayField(models.PositiveSmallIntegerField(), help_text="Articles of the UN-BRK")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [_one_at_a_position("field")]
        verbose_name = "Handlungsfeld"
        verbose_name_plural = "Handlungsfelder"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ActivityKind(models.Model):
    code = models.SlugField(max_length=24, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [_one_at_a_position("kind")]
        verbose_name = "Art"
        verbose_name_plural = "Arten"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name
