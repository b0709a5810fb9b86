"""What mediators do, day by day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.concerns.models import Concern
from activities.log import fields, refusals
from activities.log.closed_period import ClosedPeriod
from activities.log.organisations import Organisation
from activities.log.refusals import MINUTES_PER_DAY
from activities.log.results import ActivityResult as ActivityResult
from activities.log.search_words import Joined, Marked, SearchDocument, Unindexed, learn_words
from kiv_portal.german_order import GermanOrder
from kiv_portal.ui.fields import PeopleCount
from mediators.models import Appointment, Mediator, towns_of
from mediators.roles import mediator_roles
from municipalities.models import Municipality
from municipalities.programme.models import ActivityKind, FieldOfAction

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


TEXTS = [name for name in fields.SEARCHED if name != "title"]


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Own ones, those of the towns one is appointed for today, those of the towns one looks after, and those one
        has entered for a mediator, as long as one helps.
        """
        roles = mediator_roles(user)
        return self.filter(
            Q(mediator__in=roles.own)
            | Q(municipality__in=towns_of(user))
            | Q(entered_by=user.pk, mediator__in=roles.helped)
        )

    def in_the_hands_of(self, user: User) -> Self:
        """Those one may change: own ones, and those one has entered for a mediator, as long as one helps."""
        roles = mediator_roles(user)
        return self.filter(Q(mediator__in=roles.own) | Q(entered_by=user.pk, mediator__in=roles.helped))

    def in_period(self, start: dt.date, end: dt.date) -> Self:
        """What counts in a period: late entries came after its report and are told in the next one."""
        return self.between(start, end).filter(is_late=False)

    def between(self, start: dt.date, end: dt.date) -> Self:
        """What happened then, whenever it was written down."""
        return self.filter(day__gte=start, day__lte=end)

    def late_for(self, closed: ClosedPeriod | None, *, town: int, before: dt.date) -> Self:
        """Late entries of the town that the report of `closed` tells; None: that the next report would tell, whose
        period begins on `before`.
        """
        told = self.filter(municipality=town, is_late=True, reported_in=closed)
        return told if closed else told.filter(day__lt=before)

    def newest_first(self) -> Self:
        return self.order_by("-day", "-pk")

    def with_corrections(self) -> Self:
        """Each with `is_corrected`: whether a correction was added after its report."""
        return self.annotate(
            is_corrected=models.Exists(ActivityCorrection.objects.filter(activity=models.OuterRef("pk")))
        )

    def as_rows(self, *more: str) -> models.QuerySet[Any, Any]:
        """What a row of a list shows, as named tuples: `activities/search/_rows.html` knows the names.

        Town and person by subqueries: planning four joins takes the database longer than finding 25 rows.
        """
        towns = Municipality.objects.filter(pk=models.OuterRef("municipality")).order_by()
        people = Mediator.objects.filter(pk=models.OuterRef("mediator")).order_by()
        named = self.with_corrections().annotate(
            town=models.Subquery(towns.values("name")),
            person=models.Subquery(people.values("user__full_name")),
            title_order=GermanOrder("title"),
        )
        return named.values_list(
            *("pk", "title", "day", "minutes", "entered_by_id", "is_corrected", "is_late", "town", "person"),
            *("field__code", "field__short", "field__name", "kind__name", "title_order"),
            *more,
            named=True,
        )

    def as_hits(self, *, whole: SearchQuery, any_word: SearchQuery) -> models.QuerySet[Any, Any]:
        """As rows, with the texts and where in them the words stand (see `Marked`); `best` is the higher the better:
        what holds all the words as they are, then by day.
        """
        days = Func("day", template="(%(expressions)s - DATE '2000-01-01')", output_field=IntegerField())
        is_whole = Case(When(search_document=whole, then=Value(1_000_000)), default=Value(0))
        return self.annotate(
            texts=Joined(*TEXTS),
            marked_title=Marked("title", any_word),
            marked_texts=Marked(Joined(*TEXTS), any_word),
            best=is_whole + days,
        ).as_rows("texts", "marked_title", "marked_texts", "best")

    def to_follow_up(self) -> Self:
        """What one meant to look after again and has not yet, the earliest first."""
        return self.filter(follow_up_on__isnull=False, followed_up_at__isnull=True).order_by(
            "follow_up_on", "pk"
        )

    def touching(self, code: str, *, fields: list[int]) -> Self:
        """Those with the field as the leading one or among the further ones. `fields` are the ids of its rows."""
        return self.filter(Q(field__in=fields) | Q(further_fields__contains=[code]))

    def mentioning(self, query: SearchQuery, *, among_few: bool = False) -> Self:
        """Those whose public texts hold what is asked for; none for words that say nothing ("und").

        `among_few`: the other conditions leave so few rows that reading them is cheaper than the index, which goes
        through every row of the state for a common word. PostgreSQL takes the beginning of a word for a rare one.
        """
        document = Unindexed("search_document") if among_few else F("search_document")
        return self.alias(document=document).filter(document=query)

    def found_before_ordered(self, most: int) -> Self:
        """The same rows, at most so many: found first and put in order then. Asked for the first 25 in order, the
        database would walk along the order until it has them, and for a rare word that is the whole table.
        """
        return type(self)(self.model).filter(pk__in=self.order_by().values("pk")[:most])


class ActivityManager(models.Manager.from_queryset(ActivityQuerySet)):  # type: ignore[misc]
    """Without the search's words, which only PostgreSQL reads."""

    def get_queryset(self) -> ActivityQuerySet:
        return super().get_queryset().defer("search_document")


@pghistory.track(exclude=["search_document"])
class Activity(models.Model):
    """One piece of work on one day in one town. Durations are whole minutes; no person is named in it."""

    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Town and person are indexed together with the day, see below.
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="activities", db_index=False
    )
    mediator = models.ForeignKey(
        Mediator, models.PROTECT, verbose_name="Person", related_name="activities", db_index=False
    )
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
    place = models.CharField("Ort", max_length=200, blank=True, db_default="")
    description = models.TextField("Was ist passiert?", max_length=10_000, blank=True)
    internal_note = models.TextField(
        "Interne Notiz",
        max_length=5_000,
        blank=True,
        db_default="",
        help_text="Read by the mediator and the county only; in no report, page or file for others.",
    )
    starts_at = models.TimeField(
        "Beginn", null=True, blank=True, help_text="The time of day; empty: not said."
    )
    minutes = models.PositiveSmallIntegerField("Dauer")
    travel_minutes = models.PositiveSmallIntegerField("Fahrzeit", default=0, db_default=0, blank=True)
    people_reached = models.PositiveIntegerField(
        "Erreichte Personen",
        null=True,
        blank=True,
        help_text="The number, or the lower end of a range; empty means not counted, which is not 0.",
    )
    people_reached_to = models.PositiveIntegerField(
        "Erreichte Personen bis", null=True, blank=True, help_text="The upper end of a range."
    )
    is_estimated = models.BooleanField("geschätzt", default=False, db_default=False)
    expenses_cents = models.PositiveIntegerField("Auslagen", default=0, db_default=0, blank=True)
    result = models.CharField("Ergebnis", max_length=12, choices=ActivityResult.choices, blank=True)
    result_note = models.CharField("Erläuterung zum Ergebnis", max_length=300, blank=True)
    follow_up_on = models.DateField("Wiedervorlage am", null=True, blank=True)
    followed_up_at = models.DateTimeField("Wiedervorlage erledigt", null=True, blank=True, editable=False)
    concern = models.ForeignKey(
        Concern, models.PROTECT, verbose_name="Anliegen", null=True, blank=True, related_name="activities"
    )
    organisations = models.ManyToManyField(
        Organisation, verbose_name="Beteiligt", through="ActivityOrganisation", related_name="activities"
    )
    is_late = models.BooleanField(
        "Nachtrag",
        default=False,
        db_default=False,
        editable=False,
        help_text="Written down when the report on its day had been submitted: counted in no period.",
    )
    reported_in = models.ForeignKey(
        ClosedPeriod,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="late_activities",
        help_text="The later period whose report tells this late entry, and closes it; empty: none yet.",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The helper who entered it for the mediator; empty: the mediator did it.",
    )
    created_at = models.DateTimeField("erfasst", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("geändert", auto_now=True)
    # Stored: to stem a text again costs PostgreSQL as much as a hundred rows, and totals ask for every row found.
    search_document = models.GeneratedField(
        expression=SearchDocument(*fields.SEARCHED), output_field=SearchVectorField(), db_persist=True
    )

    objects = ActivityManager()

    class Meta:
        verbose_name = "Aktivität"
        verbose_name_plural = "Aktivitäten"
        ordering = ("-day", "-pk")
        indexes = [
            models.Index(
                name="activity_totals",
                fields=["municipality", "day"],
                include=["field", "minutes", "people_reached", "travel_minutes", "is_late"],
            ),
            models.Index(name="activity_own_list", fields=["mediator", "-day", "-id"]),
            models.Index(name="activity_newest", fields=["-day", "-id"]),
            GinIndex(fields=["search_document"], name="activity_search"),
            models.Index(
                name="activity_follow_ups",
                fields=["mediator", "follow_up_on"],
                condition=Q(follow_up_on__isnull=False, followed_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_minutes_within_a_day",
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_PER_DAY),
                violation_error_message=refusals.LENGTH,
            ),
            models.CheckConstraint(
                name="activity_with_travel_within_a_day",
                condition=Q(minutes__lte=MINUTES_PER_DAY - F("travel_minutes")),
                violation_error_message=refusals.WITH_TRAVEL,
            ),
            models.CheckConstraint(
                name="activity_people_reached_sensible",
                condition=Q(people_reached__isnull=True) | Q(people_reached__lte=100_000),
                violation_error_message=refusals.TOO_MANY_PEOPLE,
            ),
            models.CheckConstraint(
                name="activity_people_range_in_order",
                condition=Q(people_reached_to__isnull=True)
                | Q(people_reached__isnull=False, people_reached_to__gt=F("people_reached"))
                & Q(people_reached_to__lte=100_000),
                violation_error_message=refusals.WRONG_ORDER,
            ),
            models.CheckConstraint(
                name="activity_estimated_is_a_number",
                condition=Q(is_estimated=False) | Q(people_reached__isnull=False),
                violation_error_message="Geschätzt ist nur eine Zahl. Bitte geben Sie sie an.",
            ),
            models.CheckConstraint(
                name="activity_expenses_sensible",
                condition=Q(expenses_cents__lte=1_000_000),
                violation_error_message=refusals.TOO_EXPENSIVE,
            ),
            models.CheckConstraint(
                name="activity_result_with_reason",
                condition=~Q(result__in=ActivityResult.needs_note) | ~Q(result_note=""),
                violation_error_message=refusals.NO_REASON,
            ),
            models.CheckConstraint(
                name="activity_told_later_is_late", condition=Q(reported_in__isnull=True) | Q(is_late=True)
            ),
            models.CheckConstraint(
                name="activity_followed_up_what_was_to",
                condition=Q(followed_up_at__isnull=True) | Q(follow_up_on__isnull=False),
            ),
        ]
        triggers = [
            learn_words(*fields.SEARCHED),
            pgtrigger.Trigger(
                name="within_appointment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("day", "mediator_id", "municipality_id", "concern_id"),
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
                    IF NEW.concern_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM activities_concern c
                        WHERE c.id = NEW.concern_id AND c.municipality_id = NEW.municipality_id) THEN
                        RAISE EXCEPTION 'the concern belongs to another town'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_concern_of_its_town';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="of_its_county",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("municipality_id", "field_id", "kind_id", "further_fields"),
                declare=[("its_county", "text"), ("leading_code", "text")],
                func="""
                    SELECT m.county_id INTO its_county FROM municipalities_municipality m
                        WHERE m.id = NEW.municipality_id;
                    IF NOT EXISTS (
                        SELECT 1 FROM municipalities_activitykind k
                        WHERE k.id = NEW.kind_id AND k.county_id = its_county) THEN
                        RAISE EXCEPTION 'the kind belongs to another county'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_kind_of_its_county';
                    END IF;
                    IF NEW.field_id IS NOT NULL THEN
                        SELECT f.code INTO leading_code FROM municipalities_fieldofaction f
                            WHERE f.id = NEW.field_id AND f.county_id = its_county;
                        IF leading_code IS NULL THEN
                            RAISE EXCEPTION 'the field of action belongs to another county'
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_field_of_its_county';
                        END IF;
                        IF leading_code = ANY (NEW.further_fields) THEN
                            RAISE EXCEPTION 'the leading field is among the further ones'
                                USING ERRCODE = 'check_violation',
                                      CONSTRAINT = 'activity_further_fields_without_leading';
                        END IF;
                    END IF;
                    IF EXISTS (
                        SELECT unnest(NEW.further_fields) EXCEPT
                        SELECT f.code FROM municipalities_fieldofaction f WHERE f.county_id = its_county
                    ) THEN
                        RAISE EXCEPTION 'unknown field of action'
                            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'activity_further_fields_known';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="within_24_hours",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("day", "mediator_id", "minutes", "travel_minutes"),
                func="""
                    -- one after the other: two entries sent in one moment see each other
                    PERFORM 1 FROM mediators_mediator m WHERE m.id = NEW.mediator_id FOR NO KEY UPDATE;
                    IF NEW.minutes + NEW.travel_minutes <= 1440  -- else a constraint says it
                       AND NEW.minutes + NEW.travel_minutes + COALESCE((
                        SELECT sum(x.minutes + x.travel_minutes) FROM activities_activity x
                        WHERE x.mediator_id = NEW.mediator_id AND x.day = NEW.day AND x.id <> NEW.id), 0)
                        > 1440 THEN
                        RAISE EXCEPTION 'more than 24 hours on one day'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_day_within_24_hours';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="not_in_closed_period",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("unsaid", "text[]")],
                func="""
                    -- what was to be looked after again can be done later: the report says nothing about it
                    -- (nor about which report tells a late entry, nor do the search's words, which are not there
                    -- yet before the row is written)
                    unsaid := ARRAY['followed_up_at', 'updated_at', 'reported_in_id', 'search_document'];
                    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - unsaid = to_jsonb(OLD) - unsaid THEN
                        RETURN NEW;
                    END IF;
                    -- waits for a submission of this town that is under way, then sees what it closed
                    PERFORM 1 FROM municipalities_municipality m
                        WHERE (TG_OP <> 'DELETE' AND m.id = NEW.municipality_id)
                           OR (TG_OP <> 'INSERT' AND m.id = OLD.municipality_id)
                        FOR KEY SHARE;
                    -- a late entry is open until a report has told it, any other one until its period is closed
                    IF (TG_OP <> 'INSERT' AND OLD.is_late AND OLD.reported_in_id IS NOT NULL)
                       OR EXISTS (
                        SELECT 1 FROM activities_closedperiod c
                        WHERE (TG_OP <> 'INSERT' AND NOT OLD.is_late AND c.municipality_id = OLD.municipality_id
                               AND OLD.day BETWEEN c.starts_on AND c.ends_on)
                           OR (TG_OP <> 'DELETE' AND NOT NEW.is_late AND c.municipality_id = NEW.municipality_id
                               AND NEW.day BETWEEN c.starts_on AND c.ends_on)
                    ) THEN
                        RAISE EXCEPTION 'the period is closed by a report'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_not_in_closed_period';
                    END IF;
                    IF TG_OP <> 'DELETE' AND NEW.is_late AND NOT EXISTS (
                        SELECT 1 FROM activities_closedperiod c
                        WHERE c.municipality_id = NEW.municipality_id AND NEW.day BETWEEN c.starts_on AND c.ends_on
                    ) THEN
                        RAISE EXCEPTION 'late for a period that is open'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_late_for_closed_period';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def field_code(self) -> str | None:
        """None: Querschnitt. Many rows at once need `select_related("field")`."""
        return self.field.code if self.field else None

    @property
    def people(self) -> PeopleCount:
        return PeopleCount(self.people_reached, self.people_reached_to, self.is_estimated)

    @people.setter
    def people(self, count: PeopleCount) -> None:
        self.people_reached, self.people_reached_to, self.is_estimated = count

    def clean(self) -> None:
        super().clean()
        errors = dict(self._problems())
        if errors:
            raise ValidationError(errors)

    def _problems(self) -> Iterator[tuple[str, str]]:
        """(field, sentence); what names a field here is not said a second time by its constraint."""
        yield from refusals.refusals_of(
            self._around(),
            day=self.day,
            minutes=self.minutes,
            travel_minutes=self.travel_minutes or 0,
            result=self.result,
            result_note=self.result_note,
        )
        if self.concern and self.municipality_id and self.concern.municipality_id != self.municipality_id:
            yield "concern", refusals.OTHER_TOWNS_CONCERN

    def _around(self) -> refusals.Around:
        today = timezone.localdate()
        if self.day is None or not self.mediator_id:
            return refusals.Around(today)
        there = self._minutes_of_others_that_day()
        if not self.municipality_id:
            return refusals.Around(today, minutes_there=there)
        appointments = Appointment.objects.filter(
            mediator=self.mediator_id, municipality=self.municipality_id
        )
        terms = list(appointments.values_list("starts_on", "ends_on"))
        return refusals.Around(today, terms, self.closed_by(), there)

    def closed_by(self) -> ClosedPeriod | None:
        """The period whose report holds this entry fast: that of its day, of a late one that which tells it."""
        if self.is_late:
            return self.reported_in
        return ClosedPeriod.objects.covering(self.municipality_id, self.day).first()

    def _minutes_of_others_that_day(self) -> int:
        """Not of this very entry, neither as it was before nor as it has just been stored by a double click."""
        others = Activity.objects.filter(mediator=self.mediator_id, day=self.day).exclude(
            entry_key=self.entry_key
        )
        return others.aggregate(there=Coalesce(Sum(F("minutes") + F("travel_minutes")), 0))["there"]


@pghistory.track()
class ActivityOrganisation(models.Model):
    """Who took part: offices and associations, never private persons."""

    activity = models.ForeignKey(Activity, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        verbose_name = "beteiligte Stelle"
        verbose_name_plural = "beteiligte Stellen"
        constraints = [
            models.UniqueConstraint(name="organisation_once_an_activity", fields=["activity", "organisation"])
        ]

    def __str__(self) -> str:
        return str(self.organisation)


@pghistory.track()
class ActivityCorrection(models.Model):
    """What turned out to be wrong in an entry that a submitted report has closed. The entry itself stays as it is."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="corrections")
    text = models.TextField("Was ist richtig?", max_length=2_000)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    class Meta:
        verbose_name = "Berichtigung"
        verbose_name_plural = "Berichtigungen"
        ordering = ("written_at", "pk")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text


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
