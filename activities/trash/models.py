"""What was deleted within the last thirty days. It lies here as JSON, out of every table that anything counts."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mediators.models import Mediator, towns_of
from mediators.roles import mediator_roles
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

KEPT_DAYS = 30


class TrashKind(models.TextChoices):
    ACTIVITY = "activity", "Aktivität"
    ACTIVITY_PHOTO = "activityphoto", "Foto"
    ACTIVITY_DOCUMENT = "activitydocument", "Dokument"
    CONCERN = "concern", "Anliegen"
    CONCERN_PHOTO = "concernphoto", "Foto eines Anliegens"

    of_log = nonmember(("activity", "activityphoto", "activitydocument"))
    of_concerns = nonmember(("concern", "concernphoto"))
    attached = nonmember(("activityphoto", "activitydocument", "concernphoto"))


def in_reach_of(user: User) -> Q:
    """Who may delete may bring back: in the log whoever has the entry in hand, concerns whoever works in their town."""
    roles = mediator_roles(user)
    has_in_hand = Q(mediator__in=roles.own) | Q(entered_by=user.pk, mediator__in=roles.helped)
    return Q(has_in_hand, kind__in=TrashKind.of_log) | Q(
        kind__in=TrashKind.of_concerns, municipality__in=towns_of(user)
    )


class TrashItemQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach_of(user))

    def kept_on(self, day: dt.date) -> Self:
        return self.filter(kept_until__gte=day)

    def over_on(self, day: dt.date) -> Self:
        return self.filter(kept_until__lt=day)


def kept_until_of(moment: dt.datetime) -> dt.date:
    """The last day on which it can come back."""
    return timezone.localdate(moment) + dt.timedelta(days=KEPT_DAYS)


@pghistory.track(exclude=["rows"])  # what is finally deleted must not live on here
class TrashItem(models.Model):
    """One deleted thing with all that hung on it. `rows` are those of activities/trash/rows.py."""

    kind = models.CharField(max_length=20, choices=TrashKind.choices)
    object_pk = models.BigIntegerField(help_text="Its id, which it gets again.")
    entry_pk = models.BigIntegerField(help_text="The activity or concern it belongs to, or is.")
    title = models.CharField(max_length=500)
    entry_title = models.CharField(max_length=500)
    day = models.DateField(help_text="The day of the activity, or on which the concern was reported.")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    mediator = models.ForeignKey(Mediator, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(default=timezone.now)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_until = models.DateField(db_index=True)
    rows = models.JSONField()

    objects = TrashItemQuerySet.as_manager()

    class Meta:
        verbose_name = "Eintrag im Papierkorb"
        verbose_name_plural = "Papierkorb"
        ordering = ("-deleted_at", "-pk")
        indexes = [
            models.Index(name="trash_of_mediator", fields=["mediator", "-deleted_at"]),
            models.Index(name="trash_of_town", fields=["municipality", "-deleted_at"]),
        ]
        constraints = [
            models.UniqueConstraint(name="trash_once", fields=["kind", "object_pk"]),
            models.CheckConstraint(
                name="trash_of_the_log_is_of_somebody",
                condition=Q(kind__in=TrashKind.of_log, mediator__isnull=False)
                | Q(kind__in=TrashKind.of_concerns, mediator__isnull=True, entered_by__isnull=True),
            ),
            models.CheckConstraint(
                name="trash_entry_is_itself",
                condition=Q(kind__in=TrashKind.attached) | Q(entry_pk=F("object_pk")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_longer_living",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF (NEW.kind = 'activity'
                        AND EXISTS (SELECT 1 FROM activities_activity x WHERE x.id = NEW.object_pk))
                    OR (NEW.kind = 'activityphoto'
                        AND EXISTS (SELECT 1 FROM activities_activityphoto x WHERE x.id = NEW.object_pk))
                    OR (NEW.kind = 'activitydocument'
                        AND EXISTS (SELECT 1 FROM activities_activitydocument x WHERE x.id = NEW.object_pk))
                    OR (NEW.kind = 'concern'
                        AND EXISTS (SELECT 1 FROM activities_concern x WHERE x.id = NEW.object_pk))
                    OR (NEW.kind = 'concernphoto'
                        AND EXISTS (SELECT 1 FROM activities_concernphoto x WHERE x.id = NEW.object_pk)) THEN
                        RAISE EXCEPTION 'what is in the bin cannot be in its table'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'trash_no_longer_living';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="as_it_was", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Of the entry that it is or belongs to, once it is back."""
        return reverse("activity_detail" if self.is_of_log else "concern_detail", args=[self.entry_pk])

    @property
    def is_attached(self) -> bool:
        return self.kind in TrashKind.attached

    @property
    def is_of_log(self) -> bool:
        return self.kind in TrashKind.of_log


def trash_path(row: models.Model, filename: str) -> str:
    return f"trash/{uuid.uuid4().hex}"


class TrashFile(models.Model):
    """A file of a deleted thing. It lies under another name, so that whoever knows the old one finds nothing."""

    item = models.ForeignKey(TrashItem, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200, help_text="Its name in the storage, which it gets again.")
    file = models.FileField(upload_to=trash_path, max_length=200)

    class Meta:
        verbose_name = "Datei im Papierkorb"
        verbose_name_plural = "Dateien im Papierkorb"

    def __str__(self) -> str:
        return self.name
