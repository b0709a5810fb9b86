"""Rooms of a town where one meets a mediator, and the hours in which somebody is there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from kiv_portal.german_order import GermanOrder
from kiv_portal.terms import Term, TermQuerySet, not_over_on
from mediators.people.models import Appointment, towns_of
from mediators.reach.access import part_field
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class MeetingRoomQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality__in=towns_of(user))


@pghistory.track()
class MeetingRoom(models.Model):
    """Where one meets a mediator. It belongs to the town, so it stays when people change."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="meeting_rooms"
    )
    name = models.CharField("Wo ist das?", max_length=100)
    address = models.CharField("Adresse", max_length=150, blank=True)
    stop = part_field("stop")
    stop_name = models.CharField("Name der Haltestelle", max_length=100, blank=True)
    entrance = part_field("entrance")
    door = part_field("door")
    lift = part_field("lift")
    toilet = part_field("toilet")
    loop = part_field("loop")
    way_in = models.CharField("Sonst noch wichtig", max_length=300, blank=True)

    objects: ClassVar = MeetingRoomQuerySet.as_manager()

    class Meta:
        verbose_name = "Raum"
        verbose_name_plural = "Räume"
        ordering = (GermanOrder("name"), "pk")
        constraints = [models.CheckConstraint(name="meeting_room_named", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", "jede Woche"
    FORTNIGHTLY = "fortnightly", "alle zwei Wochen"
    FIRST = "first", "jeden ersten im Monat"
    SECOND = "second", "jeden zweiten im Monat"
    THIRD = "third", "jeden dritten im Monat"
    FOURTH = "fourth", "jeden vierten im Monat"
    LAST = "last", "jeden letzten im Monat"
    ONCE = "once", "nur an einem Tag"


class Weekday(models.IntegerChoices):
    """As date.isoweekday()."""

    MONDAY = 1, "Montag"
    TUESDAY = 2, "Dienstag"
    WEDNESDAY = 3, "Mittwoch"
    THURSDAY = 4, "Donnerstag"
    FRIDAY = 5, "Freitag"
    SATURDAY = 6, "Samstag"
    SUNDAY = 7, "Sonntag"


class VisitingHoursQuerySet(TermQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(appointment__municipality__in=towns_of(user))

    def held_on(self, day: dt.date) -> Self:
        """Those of people who are appointed that day; with whoever leaves their hours go."""
        in_force = Appointment.objects.in_force_on(day)
        return self.filter(not_over_on(day), appointment__in=in_force)


@pghistory.track()
class VisitingHours(Term):
    """Sprechstunde: the rule by which somebody is there. Fortnightly ones count from `starts_on`."""

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, verbose_name="Wer ist da?", related_name="visiting_hours"
    )
    room = models.ForeignKey(MeetingRoom, models.PROTECT, verbose_name="Wo?", related_name="visiting_hours")
    rhythm = models.CharField("Wie oft?", max_length=12, choices=Rhythm.choices)
    weekday = models.PositiveSmallIntegerField("Wochentag", choices=Weekday.choices)
    starts_at = models.TimeField("Von")
    ends_at = models.TimeField("Bis")
    note = models.CharField("Hinweis", max_length=150, blank=True)

    objects: ClassVar = VisitingHoursQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = "Sprechstunde"
        verbose_name_plural = "Sprechstunden"
        ordering = ("weekday", "starts_at", "pk")
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                name="visiting_hours_end_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            models.CheckConstraint(name="visiting_hours_on_a_weekday", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(
                name="visiting_hours_once_is_one_day",
                condition=~Q(rhythm=Rhythm.ONCE) | Q(ends_on=F("starts_on")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="in_its_town",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("appointment_id", "room_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM mediators_appointment a JOIN mediators_meetingroom r
                            ON r.municipality_id = a.municipality_id
                        WHERE a.id = NEW.appointment_id AND r.id = NEW.room_id) THEN
                        RAISE EXCEPTION 'the room belongs to another town'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'visiting_hours_in_its_town';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.get_rhythm_display()}"


@pghistory.track()
class VisitingChange(models.Model):
    """One date of a rule falls out, or is moved to another day or time (`moved_to`, always with both times)."""

    hours = models.ForeignKey(VisitingHours, models.CASCADE, related_name="changes")
    day = models.DateField("Termin")
    moved_to = models.DateField("Neuer Tag", null=True, blank=True)
    starts_at = models.TimeField("Von", null=True, blank=True)
    ends_at = models.TimeField("Bis", null=True, blank=True)
    note = models.CharField("Hinweis", max_length=150, blank=True)

    class Meta:
        verbose_name = "Ausnahme einer Sprechstunde"
        verbose_name_plural = "Ausnahmen von Sprechstunden"
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(name="visiting_change_one_a_day", fields=["hours", "day"]),
            models.CheckConstraint(
                name="visiting_change_moved_whole",
                condition=Q(moved_to__isnull=True, starts_at__isnull=True, ends_at__isnull=True)
                | Q(moved_to__isnull=False, starts_at__isnull=False, ends_at__gt=F("starts_at")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours}, {self.day:%d.%m.%Y}: {'verlegt' if self.moved_to else 'fällt aus'}"
