"""What mediators do: fields of action, kinds, activities, and the periods that a report has closed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mediators.models import Appointment, Mediator, municipalities_of_mediator
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

MINUTES_PER_DAY = 24 * 60


def _one_at_a_position(what: str) -> models.UniqueConstraint:
    """Checked at commit, so that reference data can be put into another order."""
    return models.UniqueConstraint(
        name=f"{what}_position_once", fields=["position"], deferrable=models.Deferrable.DEFERRED
    )


@pghistory.track()
class FieldOfAction(models.Model):
    """Handlungsfeld after the UN convention on the rights of persons with disabilities (UN-BRK)."""

    code = models.SlugField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    short = models.CharField(max_length=2, unique=True)
    articles = ArrayField(models.PositiveSmallIntegerField(), help_text="Articles of the UN-BRK")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [_one_at_a_position("field")]
        verbose_name = "Handlungsfeld"
        verbose_name_plural = "Handlungsfelder"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ActivityKind(models.Model):
    code = models.SlugField(max_length=24, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [_one_at_a_position("kind")]
        verbose_name = "Art"
        verbose_name_plural = "Arten"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class ActivityResult(models.TextChoices):
    OPEN = "open", "offen"
    PROMISED = "promised", "zugesagt"
    DONE = "done", "umgesetzt"
    REFUSED = "refused", "abgelehnt"
    PASSED_ON = "passed_on", "weitergegeben"


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Own ones, those of the towns one is appointed for today, and those of the towns one looks after."""
        towns = Municipality.objects.visible_to(user) | municipalities_of_mediator(user)
        return self.filter(Q(mediator__user_id=user.pk) | Q(municipality__in=towns))

    def in_period(self, start: dt.date, end: dt.date) -> Self:
        return self.filter(day__gte=start, day__lte=end)

    def newest_first(self) -> Self:
        return self.order_by("-day", "-pk")


@pghistory.track()
class Activity(models.Model):
    """One piece of work on one day in one town. Durations are whole minutes; no person is named in it."""

    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="activities"
    )
    mediator = models.ForeignKey(Mediator, models.PROTECT, verbose_name="Person", related_name="activities")
    day = models.DateField("Datum")
    field = models.ForeignKey(
        FieldOfAction,
        models.PROTECT,
        verbose_name="Handlungsfeld",
        null=True,
        blank=True,
        related_name="activities",
        help_text="Leer heißt: Querschnitt, also Arbeit für alle Felder.",
    )
    further_fields = ArrayField(
        models.SlugField(max_length=12), verbose_name="Weitere Handlungsfelder", default=list, blank=True
    )
    kind = models.ForeignKey(ActivityKind, models.PROTECT, verbose_name="Art", related_name="activities")
    title = models.CharField("Titel", max_length=500)
    description = models.TextField("Was ist passiert?", max_length=10_000, blank=True)
    minutes = models.PositiveSmallIntegerField("Dauer")
    people_reached = models.PositiveIntegerField("Erreichte Personen", null=True, blank=True)
    result = models.CharField("Ergebnis", max_length=12, choices=ActivityResult.choices, blank=True)
    result_note = models.CharField("Erläuterung zum Ergebnis", max_length=300, blank=True)
    created_at = models.DateTimeField("erfasst", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("geändert", auto_now=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "Aktivität"
        verbose_name_plural = "Aktivitäten"
        ordering = ("-day", "-pk")
        indexes = [
            models.Index(
                name="activity_totals",
                fields=["municipality", "day"],
                include=["field", "minutes", "people_reached"],
            ),
            models.Index(name="activity_own_list", fields=["mediator", "-day", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_minutes_within_a_day",
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_PER_DAY),
                violation_error_message="Die Dauer liegt zwischen einer Minute und 24 Stunden.",
            ),
            models.CheckConstraint(
                name="activity_people_reached_sensible",
                condition=Q(people_reached__isnull=True) | Q(people_reached__lte=100_000),
                violation_error_message="Bitte geben Sie höchstens 100.000 Personen an.",
            ),
            models.CheckConstraint(
                name="activity_further_fields_without_leading",
                condition=Q(field__isnull=True) | ~Q(further_fields__contains=[F("field")]),
                violation_error_message="Das führende Handlungsfeld steht schon oben.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_appointment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("day", "mediator_id", "municipality_id", "further_fields"),
                func="""
                    IF NEW.day > (now() AT TIME ZONE 'Europe/Berlin')::date THEN
                        RAISE EXCEPTION 'activity lies in the future'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_not_in_future';
                    END IF;
                    -- FOR SHARE: the appointment cannot be shortened between this look and the commit
                    PERFORM 1 FROM mediators_appointment a
                        WHERE a.mediator_id = NEW.mediator_id AND a.municipality_id = NEW.municipality_id
                          AND a.starts_on <= NEW.day AND (a.ends_on IS NULL OR a.ends_on >= NEW.day)
                        FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'activity lies outside every appointment of its mediator'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_within_appointment';
                    END IF;
                    IF EXISTS (SELECT unnest(NEW.further_fields) EXCEPT SELECT code FROM activities_fieldofaction) THEN
                        RAISE EXCEPTION 'unknown field of action'
                            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'activity_further_fields_known';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="not_in_closed_period",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    -- waits for a submission of this town that is under way, then sees what it closed
                    PERFORM 1 FROM municipalities_municipality m
                        WHERE (TG_OP <> 'DELETE' AND m.id = NEW.municipality_id)
                           OR (TG_OP <> 'INSERT' AND m.id = OLD.municipality_id)
                        FOR KEY SHARE;
                    IF EXISTS (
                        SELECT 1 FROM activities_closedperiod c
                        WHERE (TG_OP <> 'INSERT' AND c.municipality_id = OLD.municipality_id
                               AND OLD.day BETWEEN c.starts_on AND c.ends_on)
                           OR (TG_OP <> 'DELETE' AND c.municipality_id = NEW.municipality_id
                               AND NEW.day BETWEEN c.starts_on AND c.ends_on)
                    ) THEN
                        RAISE EXCEPTION 'the period is closed by a report'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_not_in_closed_period';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.day and self.day > timezone.localdate():
            raise ValidationError(
                {"day": "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, was schon war."}
            )
        if self.day and self.municipality_id and self.mediator_id:
            self._clean_day()

    def _clean_day(self) -> None:
        appointments = Appointment.objects.filter(
            mediator=self.mediator_id, municipality=self.municipality_id
        )
        if not appointments.in_force_on(self.day).exists():
            raise ValidationError({"day": _outside_appointments(appointments)})
        if closed := ClosedPeriod.objects.covering(self.municipality_id, self.day).first():
            raise ValidationError({"day": closed.sentence})


def _outside_appointments(appointments: models.QuerySet[Appointment]) -> str:
    terms = " und ".join(
        f"vom {a.starts_on:%d.%m.%Y} bis {a.ends_on:%d.%m.%Y}"
        if a.ends_on
        else f"seit dem {a.starts_on:%d.%m.%Y}"
        for a in appointments
    )
    return (
        f"An diesem Tag sind Sie nicht bestellt. Ihre Bestellung gilt {terms}."
        if terms
        else ("Für diese Kommune sind Sie nicht bestellt.")
    )


class ClosedPeriodQuerySet(models.QuerySet):
    def covering(self, municipality_id: int, day: dt.date) -> Self:
        return self.filter(municipality=municipality_id, starts_on__lte=day, ends_on__gte=day)


@pghistory.track()
class ClosedPeriod(models.Model):
    """Days of a town whose activities are frozen in a report. Written by the reports above, read by the log here."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="closed_periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "abgeschlossener Zeitraum"
        verbose_name_plural = "abgeschlossene Zeiträume"
        ordering = ("-starts_on",)
        constraints = [
            models.CheckConstraint(
                name="closedperiod_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="closedperiod_once", fields=["municipality", "starts_on", "ends_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    @property
    def sentence(self) -> str:
        return (
            f"Der Zeitraum vom {self.starts_on:%d.%m.%Y} bis {self.ends_on:%d.%m.%Y} ist abgeschlossen: "
            f"{self.reason}. Bitte wenden Sie sich an die Ansprechperson im Rathaus."
        )


class AppointmentWithActivities(Appointment):
    """Carries the other half of `within_appointment`: a term cannot shrink away from under its activities."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="keeps_its_activities",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM activities_activity x
                        WHERE x.mediator_id = OLD.mediator_id AND x.municipality_id = OLD.municipality_id
                          AND x.day >= OLD.starts_on AND (OLD.ends_on IS NULL OR x.day <= OLD.ends_on)
                          AND NOT EXISTS (
                              SELECT 1 FROM mediators_appointment a
                              WHERE a.mediator_id = x.mediator_id AND a.municipality_id = x.municipality_id
                                AND a.starts_on <= x.day AND (a.ends_on IS NULL OR a.ends_on >= x.day))
                    ) THEN
                        RAISE EXCEPTION 'activities would lie outside every appointment'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_keeps_its_activities';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
