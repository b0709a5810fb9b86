"""What comes again, and what became of each of its days."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.figures.totals import CROSS_CUTTING
from activities.log import refusals
from kiv_portal.terms import Term, TermQuerySet
from mediators.models import Mediator, Rhythm, Weekday
from municipalities.models import ActivityKind, FieldOfAction, Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

AGAIN = [choice for choice in Rhythm.choices if choice[0] != Rhythm.ONCE]
MINUTES_PER_DAY = 24 * 60


class SeriesQuerySet(TermQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own only: it is a help for writing, not a record."""
        return self.filter(mediator__user=user)


@pghistory.track()
class ActivitySeries(Term):
    """The rule, and what the entry of each day starts with. Fortnightly ones count from `starts_on`."""

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="series")
    municipality = models.ForeignKey(Municipality, models.PROTECT, verbose_name="Kommune", related_name="+")
    title = models.CharField("Titel", max_length=500)
    place = models.CharField("Ort", max_length=200, blank=True)
    field = models.ForeignKey(FieldOfAction, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="+")
    starts_at = models.TimeField("Beginn", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("Dauer")
    rhythm = models.CharField("Wie oft?", max_length=12, choices=AGAIN)
    weekday = models.PositiveSmallIntegerField("Wochentag", choices=Weekday.choices)

    objects: ClassVar = SeriesQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = "Reihe"
        verbose_name_plural = "Reihen"
        ordering = ("title", "pk")
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(name="series_with_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="series_minutes_within_a_day",
                condition=Q(minutes__range=(1, MINUTES_PER_DAY)),
                violation_error_message=refusals.LENGTH,
            ),
            models.CheckConstraint(
                name="series_comes_again", condition=Q(rhythm__in=[code for code, _ in AGAIN])
            ),
            models.CheckConstraint(name="series_on_a_weekday", condition=Q(weekday__range=(1, 7))),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def field_code(self) -> str:
        """Needs `select_related("field")`."""
        return self.field.code if self.field else CROSS_CUTTING


@pghistory.track()
class SeriesDay(models.Model):
    """One day of a series has its answer: it took place and is in the log, or it did not."""

    series = models.ForeignKey(ActivitySeries, models.CASCADE, related_name="days")
    day = models.DateField()
    took_place = models.BooleanField()
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "Tag einer Reihe"
        verbose_name_plural = "Tage von Reihen"
        ordering = ("day", "pk")
        constraints = [models.UniqueConstraint(name="series_day_once", fields=["series", "day"])]

    def __str__(self) -> str:
        return f"{self.series}, {self.day:%d.%m.%Y}"
