"""Fields of action and kinds of activity: each county has its own."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from municipalities.towns.models import County


def _once_a_county(what: str, column: str) -> models.UniqueConstraint:
    """Checked at commit, so that two rows of a county can change places or names."""
    return models.UniqueConstraint(
        name=f"{what}_{column}_once_a_county",
        fields=["county", column],
        deferrable=models.Deferrable.DEFERRED,
    )


def _code_once_a_county(what: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(name=f"{what}_code_once_a_county", fields=["county", "code"])


def _code_stays() -> pgtrigger.ReadOnly:
    """Entries name further fields by their code, and frozen reports name fields and kinds by theirs."""
    return pgtrigger.ReadOnly(name="code_stays", fields=["county", "code"])


@pghistory.track()
class FieldOfAction(models.Model):
    """Handlungsfeld after the UN convention on the rights of persons with disabilities (UN-BRK).

    `code` is what addresses, files, interface and frozen reports know it by. Two counties may have the same code.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="fields", db_index=False)
    code = models.SlugField(max_length=12, db_index=False)
    name = models.CharField(max_length=60)
    short = models.CharField(max_length=2)
    articles = ArrayField(models.PositiveSmallIntegerField(), help_text="Articles of the UN-BRK", blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            _code_once_a_county("field"),
            *(_once_a_county("field", column) for column in ("name", "short", "position")),
        ]
        triggers = [_code_stays()]
        verbose_name = "Handlungsfeld"
        verbose_name_plural = "Handlungsfelder"
        ordering = ("county_id", "position")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ActivityKind(models.Model):
    county = models.ForeignKey(County, models.PROTECT, related_name="kinds", db_index=False)
    code = models.SlugField(max_length=24, db_index=False)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            _code_once_a_county("kind"),
            *(_once_a_county("kind", column) for column in ("name", "position")),
        ]
        triggers = [_code_stays()]
        verbose_name = "Art"
        verbose_name_plural = "Arten"
        ordering = ("county_id", "position")

    def __str__(self) -> str:
        return self.name
