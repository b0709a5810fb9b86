"""Photos and documents of activities and concerns. Files are private: pages hand them out after `visible_to`."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.concerns.models import Concern
from activities.log.models import Activity
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


BOTH = "Sie haben das Foto beschrieben. Bitte entfernen Sie den Haken oder die Beschreibung."
MOST = 20  # photos or documents of one entry
DESCRIBED = Q(is_decorative=True) | ~Q(alt_text="")


def attachment_path(row: models.Model, filename: str) -> str:
    """A random name: what a person called the file is in the row, not on the disk."""
    return f"{row._meta.model_name}/{uuid.uuid4().hex}{filename[filename.rfind('.') :].lower()}"


class Photo(models.Model):
    """A re-encoded JPEG without metadata, at most 2,400 pixels on its longer side, and a small one for lists.

    On the street there is no time for a sentence: the description may follow. Until then no report shows the photo.
    """

    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image = models.FileField(upload_to=attachment_path, max_length=200)
    preview = models.FileField(upload_to=attachment_path, max_length=200)
    width = models.PositiveSmallIntegerField("Breite in Pixeln")
    height = models.PositiveSmallIntegerField("Höhe in Pixeln")
    alt_text = models.CharField("Beschreibung", max_length=300, blank=True)
    is_decorative = models.BooleanField("nur Schmuck", default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    class Meta:
        abstract = True
        ordering = ("added_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="%(class)s_described_or_decorative",
                condition=Q(is_decorative=False) | Q(alt_text=""),
                violation_error_message=BOTH,
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_described",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("alt_text", "is_decorative"),
                condition=pgtrigger.Condition(
                    "((OLD.is_decorative OR OLD.alt_text <> '') AND NOT (NEW.is_decorative OR NEW.alt_text <> ''))"
                ),
                func="""
                    RAISE EXCEPTION 'a described photo stays described'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'photo_stays_described';
                """,
            )
        ]

    def __str__(self) -> str:
        return self.alt_text or "Foto"

    @property
    def is_described(self) -> bool:
        return self.is_decorative or bool(self.alt_text)

    @property
    def version(self) -> str:
        """For its addresses: another file (of a turned photo) has another one, so no browser shows the old file."""
        return PurePath(str(self.image.name)).stem[:8]


class PhotoQuerySet(models.QuerySet):
    def described(self) -> Self:
        return self.filter(DESCRIBED)

    def undescribed(self) -> Self:
        return self.exclude(DESCRIBED)


class OfActivityQuerySet(PhotoQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(activity__in=Activity.objects.visible_to(user))


class DocumentQuerySet(OfActivityQuerySet):
    def visible_to(self, user: User) -> Self:
        """Receipts are for who may change the activity, and for the county; never for the town hall."""
        in_their_hands = Q(activity__in=Activity.objects.in_the_hands_of(user))
        of_their_county = Q(activity__municipality__in=Municipality.objects.of_staff(user))
        return super().visible_to(user).filter(Q(is_receipt=False) | in_their_hands | of_their_county)


class OfConcernQuerySet(PhotoQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(concern__in=Concern.objects.visible_to(user))

    def from_within(self) -> Self:
        """Added by people of the portal. Only these may get public: those of reporters were promised to stay inside."""
        return self.filter(added_by__isnull=False)

    def published(self) -> Self:
        """Chosen by hand, of a concern that anybody may read."""
        return self.from_within().filter(is_public=True, concern__in=Concern.objects.published())


@pghistory.track()
class ActivityPhoto(Photo):
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos")

    objects = OfActivityQuerySet.as_manager()

    class Meta(Photo.Meta):
        verbose_name = "Foto einer Aktivität"
        verbose_name_plural = "Fotos von Aktivitäten"


class PhotoMoment(models.TextChoices):
    BEFORE = "before", "vorher"
    AFTER = "after", "nachher"


@pghistory.track()
class ConcernPhoto(Photo):
    concern = models.ForeignKey(Concern, models.CASCADE, related_name="photos")
    moment = models.CharField(
        "Zeitpunkt", max_length=8, choices=PhotoMoment.choices, default=PhotoMoment.BEFORE
    )
    added_by = models.ForeignKey(  # type: ignore[assignment]  # nobody: whoever reported it without an account
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Empty: it came with the report of somebody without an account.",
    )
    is_public = models.BooleanField("öffentlich", default=False, db_default=False)

    objects = OfConcernQuerySet.as_manager()

    class Meta(Photo.Meta):
        verbose_name = "Foto eines Anliegens"
        verbose_name_plural = "Fotos von Anliegen"
        constraints = [
            *Photo.Meta.constraints,
            # whoever sent it was promised that only those who care for it see it
            models.CheckConstraint(
                name="concern_photo_of_reporters_stays_inside",
                condition=Q(is_public=False) | Q(added_by__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_photo_public_is_described", condition=Q(is_public=False) | DESCRIBED
            ),
        ]


@pghistory.track()
class ActivityDocument(models.Model):
    """A PDF: a statement, an invitation, or a receipt, which is for the mediator and the county only."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="documents")
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField("Name", max_length=150)
    size = models.PositiveIntegerField("Größe in Bytes")
    is_receipt = models.BooleanField("Beleg für Auslagen", default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.name
