"""County, towns, their agreements, and the people of county and town hall, all with dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast

from kiv_portal.german_order import GermanOrder
from kiv_portal.terms import Term, no_overlap, not_over_on
from municipalities.roles import town_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


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
    # for anybody: of the coordination, never of a person
    email = models.EmailField("E-Mail-Adresse der Koordination", blank=True, db_default="")
    phone = models.CharField("Telefon der Koordination", max_length=40, blank=True, db_default="")

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = "Landkreis"
        verbose_name_plural = "Landkreise"
        ordering = (GermanOrder("name"),)
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
        """Towns with an agreement that holds on this day; two never hold at once."""
        in_force = Municipality.objects.filter(
            not_over_on(day, "agreements__ends_on"), agreements__starts_on__lte=day
        )
        return self.filter(pk__in=in_force.values("pk"))

    def known_on(self, day: dt.date) -> Self:
        """Towns that take part on this day or took part before: they have a public page."""
        begun = Municipality.objects.filter(agreements__starts_on__lte=day)
        return self.filter(pk__in=begun.values("pk"))


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
    # For anybody, never of a person. Those of the post are shown while somebody holds it, those of the town hall else.
    post_email = models.EmailField("E-Mail-Adresse der Stelle", blank=True, db_default="")
    post_phone = models.CharField("Telefon der Stelle", max_length=40, blank=True, db_default="")
    hall_office = models.CharField("Amt im Rathaus", max_length=100, blank=True, db_default="")
    hall_email = models.EmailField("E-Mail-Adresse des Amts", blank=True, db_default="")
    hall_phone = models.CharField("Telefon des Amts", max_length=40, blank=True, db_default="")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = (GermanOrder("name"),)
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
            models.CheckConstraint(
                name="municipality_point_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message="Breite und Länge gehören zusammen.",
            ),
        ]
        # its activities and concerns name fields and kinds of the county
        triggers = [pgtrigger.ReadOnly(name="county_stays", fields=["county"])]

    def __str__(self) -> str:
        return self.name


class Role(Term):
    """A person's business role, with dates. The abstract base of the three roles of this app.

    `task` says in a full German sentence what the person does; it stands in the invitation.
    """

    class Meta(Term.Meta):
        abstract = True
        ordering = (GermanOrder("user__full_name"),)


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
