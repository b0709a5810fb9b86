"""What people and programs use to come back to the log: saved filters, the calendar's address, keys of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models

from kiv_portal.german_order import GermanOrder

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user.pk)


@pghistory.track()
class SavedFilter(models.Model):
    """A list's filter under a name of one's own: the query string of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField("Name", max_length=80)
    query = models.CharField(max_length=2_000)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "gespeicherter Filter"
        verbose_name_plural = "gespeicherte Filter"
        ordering = (GermanOrder("name"),)
        constraints = [
            models.UniqueConstraint(
                name="filter_once_a_person",
                fields=["user", "name"],
                violation_error_message="Diesen Namen haben Sie schon vergeben.",
            )
        ]

    def __str__(self) -> str:
        return self.name
