"""Barriers and wishes of people in a town, and what became of them."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.utils import timezone

from activities.log.organisations import Organisation
from activities.log.search_words import Joined, Marked, SearchDocument, learn_words
from mediators.models import Mediator, towns_of
from municipalities.models import Municipality
from municipalities.programme.models import FieldOfAction

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


SEARCHED = ("title", "place", "description", "since")
TEXTS = SEARCHED[1:]


class ConcernState(models.TextChoices):
    REPORTED = "reported", "gemeldet"
    CHECKING = "checking", "in Prüfung"
    PROMISED = "promised", "zugesagt"
    DONE = "done", "umgesetzt"
    REFUSED = "refused", "abgelehnt"
    PASSED_ON = "passed_on", "weitergegeben"
    WITHDRAWN = "withdrawn", "zurückgezogen"

    open = nonmember(("reported", "checking", "promised"))
    closed = nonmember(("done", "refused", "passed_on", "withdrawn"))
    not_worked_on = nonmember(("reported", "withdrawn"))


# From each state to which others. What is closed can be taken up again; nothing goes back to "reported". Only who
# reported it withdraws it, by the private link.
STEPS: dict[str, tuple[str, ...]] = {
    "reported": ("checking", "refused", "passed_on", "withdrawn"),
    "checking": ("promised", "done", "refused", "passed_on", "withdrawn"),
    "promised": ("done", "checking", "refused", "passed_on", "withdrawn"),
    "done": ("checking",),
    "refused": ("checking",),
    "passed_on": ("checking", "done"),
    "withdrawn": ("checking",),
}


def is_overdue_on(day: dt.date, path: str = "") -> Q:
    """Promised until a day that is over; `path` leads to the concern, as "concerns__"."""
    return Q((f"{path}state", ConcernState.PROMISED), (f"{path}promised_until__lt", day))


def waits_for_reply_on(day: dt.date, path: str = "") -> Q:
    """The period in which the office was to answer is over."""
    last = ExpressionWrapper(
        Value(day, DateField()) - F(f"{path}office__reply_days"), output_field=DateField()
    )
    return Q((f"{path}state", ConcernState.CHECKING), (f"{path}office_asked_on__lt", last))


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the towns one looks after, and of those one is appointed for today."""
        return self.filter(municipality__in=towns_of(user))

    def published(self) -> Self:
        """What anybody may read: marked public by hand, and taken over by somebody first."""
        return self.filter(is_public=True).exclude(state=ConcernState.REPORTED)

    def open(self) -> Self:
        return self.filter(state__in=ConcernState.open)

    def closed(self) -> Self:
        return self.filter(state__in=ConcernState.closed)

    def overdue_on(self, day: dt.date) -> Self:
        """Promised until a day that is over."""
        return self.filter(is_overdue_on(day))

    def waiting_for_reply_on(self, day: dt.date) -> Self:
        return self.filter(waits_for_reply_on(day))

    def needing_attention_on(self, day: dt.date) -> Self:
        """Nobody has looked at it yet, or what was promised has not come, or no answer of the office."""
        return self.filter(Q(state=ConcernState.REPORTED) | is_overdue_on(day) | waits_for_reply_on(day))

    def not_worked_on(self) -> Self:
        """Nobody has looked at it, or it was withdrawn before anybody did."""
        work = ConcernStep.objects.filter(concern=OuterRef("pk")).exclude(
            state__in=ConcernState.not_worked_on
        )
        return self.filter(
            ~Exists(work),
            state__in=ConcernState.not_worked_on,
            taken_over_by__isnull=True,
            activities__isnull=True,
        )

    def with_address_closed_before(self, moment: dt.datetime) -> Self:
        return self.closed().filter(closed_at__lt=moment).exclude(contact_email="")

    def reported_in(self, start: dt.date, end: dt.date) -> Self:
        return self.filter(reported_on__gte=start, reported_on__lte=end)

    def mentioning(self, query: SearchQuery) -> Self:
        return self.filter(search_document=query)

    def best_first(self, *, whole: SearchQuery, any_word: SearchQuery) -> Self:
        """Those that hold all the words as they are come first. Each with its texts and where in them the words stand
        (see `Marked`).
        """
        return self.annotate(
            texts=Joined(*TEXTS),
            marked_title=Marked("title", any_word),
            marked_texts=Marked(Joined(*TEXTS), any_word),
            is_part=Case(When(search_document=whole, then=Value(0)), default=Value(1)),
        ).order_by("is_part", "-reported_on", "-pk")


class ConcernManager(models.Manager.from_queryset(ConcernQuerySet)):  # type: ignore[misc]
    """Without the search's words, which only PostgreSQL reads."""

    def get_queryset(self) -> ConcernQuerySet:
        return super().get_queryset().defer("search_document")


# The address is deleted after closing, so it must not live on in the history; the search's words are no text.
@pghistory.track(exclude=["contact_email", "search_document"])
class Concern(models.Model):
    """Anliegen: `state` and `closed_at` change by `services.take_step` only, each time with a `ConcernStep`."""

    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status_key = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )  # the private link of who reported
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name="Kommune", related_name="concerns"
    )
    title = models.CharField("Worum geht es?", max_length=200)
    place = models.CharField("Wo?", max_length=200, blank=True)
    field = models.ForeignKey(
        FieldOfAction,
        models.PROTECT,
        verbose_name="Handlungsfeld",
        null=True,
        blank=True,
        related_name="concerns",
        help_text="Leer heißt: betrifft alle Felder.",
    )
    description = models.TextField("Beschreibung", max_length=5_000)
    since = models.CharField("Seit wann?", max_length=100, blank=True)
    office = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name="Zuständige Stelle",
        null=True,
        blank=True,
        related_name="concerns",
    )
    state = models.CharField(
        "Stand", max_length=12, choices=ConcernState.choices, default=ConcernState.REPORTED, editable=False
    )
    office_asked_on = models.DateField(
        "Die Stelle ist gefragt seit",
        null=True,
        blank=True,
        editable=False,
        help_text="Its period for a reply begins with this day; only while the concern is being checked.",
    )
    late_reply_told_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Those in charge know that the period is over.",
    )
    promised_until = models.DateField("Zugesagt bis", null=True, blank=True)
    is_public = models.BooleanField("Öffentlich zeigen", default=False)
    # what anybody reads about the state of now: goes with it (trigger `said_about_its_state`)
    public_sentence = models.CharField(
        "Was alle zum Stand lesen", max_length=1_000, blank=True, db_default=""
    )
    reported_on = models.DateField("Gemeldet am", default=timezone.localdate)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Empty: somebody without an account, by the public form.",
    )
    contact_email = models.EmailField("E-Mail-Adresse", blank=True)
    taken_over_by = models.ForeignKey(
        Mediator,
        models.PROTECT,
        verbose_name="Kümmert sich",
        null=True,
        blank=True,
        editable=False,
        related_name="concerns",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField("abgeschlossen", null=True, blank=True, editable=False)
    search_document = models.GeneratedField(
        expression=SearchDocument(*SEARCHED), output_field=SearchVectorField(), db_persist=True
    )

    objects = ConcernManager()

    class Meta:
        verbose_name = "Anliegen"
        verbose_name_plural = "Anliegen"
        ordering = ("-reported_on", "-pk")
        indexes = [
            models.Index(name="concern_of_town", fields=["municipality", "-reported_on", "-id"]),
            models.Index(
                name="concern_open", fields=["municipality"], condition=Q(state__in=ConcernState.open)
            ),
            GinIndex(fields=["search_document"], name="concern_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="concern_closed_with_date",
                condition=Q(state__in=ConcernState.closed, closed_at__isnull=False)
                | Q(state__in=ConcernState.open, closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="concern_office_asked_while_checking",
                condition=Q(office_asked_on__isnull=True, late_reply_told_at__isnull=True)
                | Q(office_asked_on__isnull=False, state=ConcernState.CHECKING, office__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_withdrawn_is_not_public",
                condition=~Q(state=ConcernState.WITHDRAWN) | Q(is_public=False),
            ),
        ]
        triggers = [
            learn_words(*SEARCHED),
            pgtrigger.Trigger(
                name="of_its_county",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("municipality_id", "field_id"),
                func="""
                    IF NEW.field_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM municipalities_fieldofaction f
                        JOIN municipalities_municipality m ON m.county_id = f.county_id
                        WHERE f.id = NEW.field_id AND m.id = NEW.municipality_id) THEN
                        RAISE EXCEPTION 'the field of action belongs to another county'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_field_of_its_county';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="no_jumps",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=f"""
                    IF NOT (OLD.state || ' ' || NEW.state) = ANY (ARRAY[{
                    ", ".join(f"'{old} {new}'" for old, following in STEPS.items() for new in following)
                }]) THEN
                        RAISE EXCEPTION 'a concern cannot go from % to %', OLD.state, NEW.state
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_no_jumps';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="said_about_its_state",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func="NEW.public_sentence = ''; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def field_code(self) -> str | None:
        """None: Querschnitt. Many rows at once need `select_related("field")`."""
        return self.field.code if self.field else None

    @property
    def is_closed(self) -> bool:
        return self.state in ConcernState.closed

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.state == ConcernState.PROMISED and bool(self.promised_until and self.promised_until < day)

    @property
    def reply_due_on(self) -> dt.date | None:
        """The last day on which the office is to answer. Many rows at once need `select_related("office")`."""
        days = self.office.reply_days if self.office and self.office_asked_on else None
        return self.office_asked_on + dt.timedelta(days=days) if days and self.office_asked_on else None

    def waits_for_reply_on(self, day: dt.date) -> bool:
        return bool(self.reply_due_on and self.reply_due_on < day)

    @property
    def next_states(self) -> list[ConcernState]:
        """Where people of the portal may take it."""
        return [ConcernState(state) for state in STEPS[self.state] if state != ConcernState.WITHDRAWN]


@pghistory.track()
class ConcernStep(models.Model):
    """One dated step: from then on the concern was in `state`, and why. Who reported it reads the sentence, too.

    `taken_by` is empty where somebody without an account took it: who reported it.
    """

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="steps")
    state = models.CharField("Stand", max_length=12, choices=ConcernState.choices)
    sentence = models.CharField("Was ist geschehen?", max_length=1_000)
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        ordering = ("taken_at", "pk")
        constraints = [
            models.CheckConstraint(name="concern_step_with_sentence", condition=~Q(sentence="")),
            models.CheckConstraint(
                name="concern_withdrawn_by_who_reported_it",
                condition=~Q(state=ConcernState.WITHDRAWN) | Q(taken_by__isnull=True),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.sentence}"
