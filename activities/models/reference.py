"""What activities and concerns refer to: fields of action, kinds, and the organisations of a county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from mediators.models import towns_of
from municipalities.models import County

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


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


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the counties in which a person works today, in whatever role."""
        return self.filter(county__municipalities__in=towns_of(user)).distinct()


@pghistory.track()
class Organisation(models.Model):
    """An office, association or company one works with. Never a private person."""

    county = models.ForeignKey(County, models.PROTECT, related_name="organisations")
    name = models.CharField("Name", max_length=150)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "Stelle oder Verein"
        verbose_name_plural = "Stellen und Vereine"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "county",
                Lower("name"),
                name="organisation_once_a_county",
                violation_error_message="Diese Stelle gibt es schon in der Liste.",
            )
        ]

    def __str__(self) -> str:
        return self.name
