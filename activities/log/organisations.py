"""What activities and concerns refer to: fields of action, kinds, and the organisations of a county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from kiv_portal.german_order import GermanOrder
from mediators.models import towns_of
from municipalities.models import County

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


WITHIN_A_YEAR = "Bitte geben Sie 1 bis 365 Tage an."


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the counties in which a person works today, in whatever role."""
        return self.filter(county__municipalities__in=towns_of(user)).distinct()


@pghistory.track()
class Organisation(models.Model):
    """An office, association or company one works with. Never a private person."""

    county = models.ForeignKey(County, models.PROTECT, related_name="organisations")
    name = models.CharField("Name", max_length=150)
    email = models.EmailField(
        "E-Mail-Adresse",
        blank=True,
        db_default="",
        help_text="Das Postfach der Stelle, nicht das eines Menschen.",
    )
    reply_days = models.PositiveSmallIntegerField(
        "Frist für eine Antwort, in Tagen",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, WITHIN_A_YEAR), MaxValueValidator(365, WITHIN_A_YEAR)],
        help_text="Zum Beispiel 14. Leer heißt: keine Frist.",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "Stelle oder Verein"
        verbose_name_plural = "Stellen und Vereine"
        ordering = (GermanOrder("name"),)
        constraints = [
            models.CheckConstraint(
                name="organisation_replies_within_a_year",
                condition=Q(reply_days__isnull=True) | Q(reply_days__gte=1, reply_days__lte=365),
                violation_error_message=WITHIN_A_YEAR,
            ),
            models.UniqueConstraint(
                "county",
                Lower("name"),
                name="organisation_once_a_county",
                violation_error_message="Diese Stelle gibt es schon in der Liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
