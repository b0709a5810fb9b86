"""County, towns, their agreements, and the people of county and town hall, all with dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from municipalities.roles import town_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


def no_overlap(name: str, *same: F | Cast, message: str) -> ExclusionConstraint:
    """No two rows that agree in the integers `same` may overlap in time.

    They are compared as one-element ranges because the embedded PostgreSQL has no btree_gist.
    """
    ids = [(Func(key, key, Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for key in same]
    term = (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*ids, term], violation_error_message=message)


def not_over_on(day: dt.date) -> Q:
    """Terms that hold on this day or will hold later."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=day)


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


class CountyQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Counties the user works for today."""
        return self.filter(pk__in=town_roles(user).counties)


@pghistory.track()
class County(models.Model):
    key = models.CharField(
        "Kreisschlüssel",
        max_length=5,
        primary_key=True,
        validators=[RegexValidator(r"^\d{5}$", "Fünf Ziffern.")],
    )
    name = models.CharField("Name", max_length=100)
    administration = models.CharField("Behörde", max_length=100)
    population = models.PositiveIntegerField("Einwohner", null=True, blank=True)
    population_on = models.DateField("Stand der Einwohnerzahl", null=True, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = "Landkreis"
        verbose_name_plural = "Landkreise"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(name="county_key_five_digits", condition=Q(key__regex=r"^\d{5}$"))
        ]

    def __str__(self) -> str:
        return self.name


class MunicipalityKind(models.TextChoices):
    LARGE_TOWN = "large_town", "Große Kreisstadt"
    TOWN = "town", "Stadt"
    VILLAGE = "village", "Gemeinde"


class MunicipalityQuerySet(models.QuerySet):
    def of_staff(self, user: User) -> Self:
        """All towns of the counties the user works for today."""
        return self.filter(pk__in=town_roles(user).staff)

    def of_contact(self, user: User) -> Self:
        return self.filter(pk__in=town_roles(user).contact)

    def of_councillor(self, user: User) -> Self:
        return self.filter(pk__in=town_roles(user).councillor)

    def visible_to(self, user: User) -> Self:
        """Towns whose inner page a person may see: county staff and the town's own contact."""
        return self.filter(pk__in=town_roles(user).looks_after)

    def taking_part_on(self, day: dt.date) -> Self:
        return self.filter(pk__in=CooperationAgreement.objects.in_force_on(day).values("municipality"))


@pghistory.track()
class Municipality(models.Model):
    ags = models.CharField(
        "Amtlicher Gemeindeschlüssel",
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^\d{8}$", "Der Gemeindeschlüssel hat acht Ziffern.")],
    )
    county = models.ForeignKey(
        County, models.PROTECT, verbose_name="Landkreis", related_name="municipalities"
    )
    name = models.CharField("Name", max_length=100)
    slug = models.SlugField("Adresse", unique=True)
    kind = models.CharField("Art", max_length=12, choices=MunicipalityKind.choices)
    population = models.PositiveIntegerField("Einwohner", null=True, blank=True)
    population_on = models.DateField("Stand der Einwohnerzahl", null=True, blank=True)
    latitude = models.DecimalField("Breite", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("Länge", max_digits=8, decimal_places=5, null=True, blank=True)
    council_seats = models.PositiveSmallIntegerField("Sitze im Gemeinderat", null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="municipality_ags_eight_digits",
                condition=Q(ags__regex=r"^\d{8}$"),
                violation_error_message="Der Gemeindeschlüssel hat acht Ziffern.",
            ),
            models.CheckConstraint(
                name="municipality_ags_of_its_county",
                condition=Q(ags__startswith=F("county")),
                violation_error_message="Der Gemeindeschlüssel gehört nicht zu diesem Landkreis.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class CooperationAgreement(Term):
    """Kooperationsvereinbarung between a town and the county; its term is the town's participation."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="agreements"
    )
    signed_on = models.DateField("Unterschrieben am", null=True, blank=True)
    reference = models.CharField("Aktenzeichen", max_length=60, blank=True)
    report_interval_months = models.PositiveSmallIntegerField(
        "Zwischenbericht nach Monaten", default=12, help_text="Der erste Bericht behandelt so viele Monate."
    )

    class Meta(Term.Meta):
        verbose_name = "Kooperationsvereinbarung"
        verbose_name_plural = "Kooperationsvereinbarungen"
        ordering = ("-starts_on",)
        constraints = [
            *Term.Meta.constraints,
            no_overlap(
                "agreement_no_overlap",
                F("municipality"),
                message="Für diese Zeit gibt es schon eine Kooperationsvereinbarung.",
            ),
            models.CheckConstraint(
                name="agreement_interval_sensible",
                condition=Q(report_interval_months__range=(1, 60)),
                violation_error_message="Bitte geben Sie 1 bis 60 Monate an.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kooperationsvereinbarung {self.municipality}"


class Role(Term):
    """A person's business role, with dates. The abstract base of the three roles of this app.

    `task` says in a full German sentence what the person does; it stands in the invitation.
    """

    class Meta(Term.Meta):
        abstract = True
        ordering = ("user__full_name",)


@pghistory.track()
class CountyStaff(Role):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Person", related_name="county_roles"
    )
    county = models.ForeignKey(County, models.PROTECT, verbose_name="Landkreis", related_name="staff")

    class Meta(Role.Meta):
        verbose_name = "Koordination"
        verbose_name_plural = "Koordination"
        constraints = [
            *Role.Meta.constraints,
            no_overlap(
                "staff_no_overlap",
                F("user"),
                Cast(F("county"), models.BigIntegerField()),  # the key is five digits
                message="Diese Person gehört in dieser Zeit schon zur Koordination.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.county}"

    @property
    def task(self) -> str:
        return f"Sie koordinieren das Programm für den {self.county}."


@pghistory.track()
class MunicipalityContact(Role):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Person", related_name="contact_roles"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="contacts"
    )
    function = models.CharField("Aufgabe im Rathaus", max_length=100, blank=True)

    class Meta(Role.Meta):
        verbose_name = "Ansprechperson"
        verbose_name_plural = "Ansprechpersonen"
        constraints = [
            *Role.Meta.constraints,
            no_overlap(
                "contact_no_overlap",
                F("user"),
                F("municipality"),
                message="Diese Person ist in dieser Zeit schon Ansprechperson.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.municipality}"

    @property
    def task(self) -> str:
        return f"Sie sind Ansprechperson für {self.municipality}."


@pghistory.track()
class Councillor(Role):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Person", related_name="council_roles"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="councillors"
    )

    class Meta(Role.Meta):
        verbose_name = "Mitglied des Gemeinderats"
        verbose_name_plural = "Mitglieder des Gemeinderats"
        constraints = [
            *Role.Meta.constraints,
            no_overlap(
                "councillor_no_overlap",
                F("user"),
                F("municipality"),
                message="Diese Person ist in dieser Zeit schon im Gemeinderat eingetragen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.municipality}"

    @property
    def task(self) -> str:
        return f"Sie lesen die Zwischenberichte für den Gemeinderat von {self.municipality}."
