"""Programs of the county that may read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kiv_portal.german_order import GermanOrder
from municipalities.models import County

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class ApiScope(models.TextChoices):
    ACTIVITIES = "activities", "Aktivitäten lesen"
    CONCERNS = "concerns", "Anliegen lesen"
    TOTALS = "totals", "Summen lesen"


def _is_valid_at(now: dt.datetime) -> Q:
    return (Q(expires_at__isnull=True) | Q(expires_at__gt=now)) & Q(revoked_at__isnull=True)


class ApiClientQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(county__in=County.objects.visible_to(user))

    def valid_at(self, now: dt.datetime) -> Self:
        return self.filter(_is_valid_at(now))

    def with_validity_at(self, now: dt.datetime) -> Self:
        """Each with `is_valid`: whether its token opens anything."""
        return self.annotate(is_valid=_is_valid_at(now))


@pghistory.track(exclude=["last_used_at", "token_hash"])
class ApiClient(models.Model):
    """A program of the county that may read. The token is shown once; only its SHA-256 is kept."""

    county = models.ForeignKey(County, models.PROTECT, related_name="api_clients")
    name = models.CharField("Name", max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=12, choices=ApiScope.choices), verbose_name="Darf")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    expires_at = models.DateTimeField("gilt bis", null=True, blank=True)
    last_used_at = models.DateTimeField("zuletzt benutzt", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("widerrufen", null=True, blank=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = "Zugang für Programme"
        verbose_name_plural = "Zugänge für Programme"
        ordering = (GermanOrder("name"), "pk")
        constraints = [
            models.CheckConstraint(
                name="api_token_is_a_hash",
                condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  a pattern, no password
            ),
            models.CheckConstraint(name="api_scopes_not_empty", condition=~Q(scopes=[])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [str(ApiScope(scope).label) for scope in self.scopes]
