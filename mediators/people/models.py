"""Mediators (KIV) and their appointments: who works for which town, from when to when, in which form."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from kiv_portal.german_order import GermanOrder
from kiv_portal.terms import Term, TermQuerySet, no_overlap
from mediators.roles import mediator_roles
from municipalities.models import Municipality, MunicipalityQuerySet, departure_of
from municipalities.roles import town_roles

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
        ordering = (GermanOrder("user__full_name"),)

    def __str__(self) -> str:
        return self.user.full_name

    def towns(self) -> MunicipalityQuerySet:
        """Every town the person is or was appointed for."""
        return Municipality.objects.filter(appointments__mediator=self).distinct()


class EngagementForm(models.TextChoices):
    VOLUNTEER = "volunteer", "ehrenamtlich"
    MINIJOB = "minijob", "geringfügig beschäftigt"
    ADMINISTRATION = "administration", "innerhalb einer Stelle im Rathaus"


class AppointmentQuerySet(TermQuerySet):
    def of_user(self, user: User) -> Self:
        return self.filter(mediator__user_id=user.pk)

    def visible_to(self, user: User) -> Self:
        return self.filter(
            models.Q(municipality__in=town_roles(user).looks_after)
            | models.Q(mediator__in=mediator_roles(user).own)
        )


# the person's own telephone is deleted at the end, so it must not live on in the history
@pghistory.track(exclude=["public_phone"])
class Appointment(Term):
    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="appointments")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="appointments"
    )
    form = models.CharField(
        "Form", max_length=16, choices=EngagementForm.choices, default=EngagementForm.VOLUNTEER
    )
    # Only the person enters it, to be read by anybody as long as the appointment holds; deleted in the night after.
    public_phone = models.CharField("Ihr Telefon", max_length=40, blank=True, db_default="")

    objects: ClassVar = AppointmentQuerySet.as_manager()

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

    def clean(self) -> None:
        """A town that has left has nobody who may log: who takes part again, has a new agreement."""
        super().clean()
        departure = departure_of(self.municipality)
        if departure and (self.ends_on is None or self.ends_on > departure.last_day):
            raise ValidationError(
                {"ends_on": f"{self.municipality} nimmt nur bis zum {departure.last_day:%d.%m.%Y} teil."}
            )

    @property
    def task(self) -> str:
        """What the person does, in a full German sentence for the invitation."""
        return f"Sie vermitteln Inklusion in {self.municipality}."


class AssistanceQuerySet(TermQuerySet):
    def given_by(self, user: User) -> Self:
        return self.filter(helper=user.pk)

    def in_force_on(self, day: dt.date) -> Self:
        return super().in_force_on(day).filter(revoked_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Those one gives and those one gets."""
        return self.filter(models.Q(helper=user.pk) | models.Q(mediator__user_id=user.pk))


@pghistory.track()
class Assistance(Term):
    """A helper may enter activities for a mediator, until a day that is always set, or until it is taken back."""

    ends_on = models.DateField("Ende")
    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="assistances")
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Assistenz", related_name="assistances"
    )
    revoked_at = models.DateTimeField("widerrufen", null=True, blank=True, editable=False)

    objects: ClassVar = AssistanceQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = "Assistenz"
        verbose_name_plural = "Assistenzen"
        ordering = ("-starts_on", "-pk")
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                name="assistance_at_most_a_year",
                condition=models.Q(ends_on__lte=models.F("starts_on") + dt.timedelta(days=366)),
                violation_error_message="Assistenz gilt höchstens ein Jahr. Danach können Sie sie neu erlauben.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper} für {self.mediator}"

    def holds_on(self, day: dt.date) -> bool:
        return self.revoked_at is None and super().holds_on(day)


def towns_of(user: User) -> frozenset[int]:
    """Ids of the towns whose work a person sees: those one looks after, and those one is appointed for today."""
    return town_roles(user).looks_after | mediator_roles(user).appointed
