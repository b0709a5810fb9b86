"""Mediators (KIV) and their appointments: who works for which town, from when to when, in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone

from municipalities.models import Municipality, Term, TermQuerySet, no_overlap

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@pghistory.track()
class Mediator(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Person", related_name="mediator"
    )
    qualified_on = models.DateField("Basisqualifizierung abgeschlossen am", null=True, blank=True)
    is_in_working_group = models.BooleanField("Mitglied im Arbeitskreis Inklusion", default=True)

    class Meta:
        verbose_name = "Inklusionsvermittlerin oder Inklusionsvermittler"
        verbose_name_plural = "Inklusionsvermittlerinnen und Inklusionsvermittler"
        ordering = ("user__full_name",)

    def __str__(self) -> str:
        return self.user.full_name


class EngagementForm(models.TextChoices):
    VOLUNTEER = "volunteer", "ehrenamtlich"
    MINIJOB = "minijob", "geringfügig beschäftigt"
    ADMINISTRATION = "administration", "innerhalb einer Stelle im Rathaus"


class AppointmentQuerySet(TermQuerySet):
    def of_user(self, user: User) -> Self:
        return self.filter(mediator__user_id=user.pk)

    def visible_to(self, user: User) -> Self:
        return self.filter(
            models.Q(municipality__in=Municipality.objects.visible_to(user))
            | models.Q(mediator__user_id=user.pk)
        )


@pghistory.track()
class Appointment(Term):
    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="appointments")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="appointments"
    )
    form = models.CharField(
        "Form", max_length=16, choices=EngagementForm.choices, default=EngagementForm.VOLUNTEER
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = "Bestellung"
        verbose_name_plural = "Bestellungen"
        ordering = ("starts_on", "pk")
        constraints = [
            *Term.Meta.constraints,
            no_overlap(
                "appointment_no_overlap",
                models.F("mediator"),
                models.F("municipality"),
                message="Diese Person ist in dieser Zeit schon für diese Kommune bestellt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mediator}, {self.municipality}"

    @property
    def task(self) -> str:
        """What the person does, in a full German sentence for the invitation."""
        return f"Sie vermitteln Inklusion in {self.municipality}."


def municipalities_of_mediator(user: User) -> models.QuerySet[Municipality]:
    """Towns for which the user is appointed today."""
    appointments = Appointment.objects.of_user(user).in_force_on(timezone.localdate())
    return Municipality.objects.filter(pk__in=appointments.values("municipality"))
