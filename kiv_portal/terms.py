"""Rows that hold from one day to another, and what the database promises of them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast


def no_overlap(name: str, *same: F | Cast, message: str) -> ExclusionConstraint:
    """No two rows that agree in the integers `same` may overlap in time.

    They are compared as one-element ranges because the embedded PostgreSQL has no btree_gist.
    """
    ids = [(Func(key, key, Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for key in same]
    term = (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*ids, term], violation_error_message=message)


def not_over_on(day: dt.date, ends_on: str = "ends_on") -> Q:
    """Terms that hold on this day or will hold later; `ends_on` names the column from where one asks."""
    return Q((f"{ends_on}__isnull", True)) | Q((f"{ends_on}__gte", day))


class TermQuerySet(models.QuerySet):
    def in_force_on(self, day: dt.date) -> Self:
        return self.overlapping(day, day)

    def overlapping(self, start: dt.date, end: dt.date) -> Self:
        """Rows whose term shares at least one day with start..end (both included)."""
        return self.filter(not_over_on(start), starts_on__lte=end)


class Term(models.Model):
    """A row that holds from `starts_on` to `ends_on`, both days included; without an end it goes on."""

    starts_on = models.DateField("Beginn")
    ends_on = models.DateField("Ende", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        # With the field key: a range constraint is then left out of validation, where it would raise a DataError.
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Das Ende liegt vor dem Beginn."})

    def holds_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
