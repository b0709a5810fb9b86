"""What who reported a concern says about it later, by the private link. Apart from the steps, whose sentences stand in
reports: a word of theirs is for those who work on it and never for the public (docs/adr/0028).
"""

from __future__ import annotations

import uuid
from enum import nonmember
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.concerns.models import Concern, ConcernStep

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class Said(models.TextChoices):
    """Something more, why it is withdrawn, or the answer to "Ist es gut so?"."""

    MORE = "more", "Ergänzung"
    WITHDRAWAL = "withdrawal", "Warum zurückgezogen"
    YES = "yes", "Ist es gut so? Ja"
    PARTLY = "partly", "Ist es gut so? Teilweise"
    NO = "no", "Ist es gut so? Nein"

    answers = nonmember(("yes", "partly", "no"))


class ReporterMessageQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(concern__in=Concern.objects.visible_to(user))


@pghistory.track(exclude=["text"])  # the text never changes; what is removed must not live on in the history
class ReporterMessage(models.Model):
    """`step` is the one to "umgesetzt" that an answer is about; each is answered once."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="messages")
    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("Art", max_length=10, choices=Said.choices)
    text = models.TextField("Text", max_length=2_000, blank=True)
    step = models.OneToOneField(
        ConcernStep, models.CASCADE, verbose_name="Schritt", null=True, blank=True, related_name="answer"
    )
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    text_removed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="It told something about a person, and is gone for good.",
    )

    objects = ReporterMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "Nachricht zu einer Meldung"
        verbose_name_plural = "Nachrichten zu Meldungen"
        ordering = ("said_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="message_answers_a_step",
                condition=Q(kind__in=Said.answers, step__isnull=False)
                | Q(kind__in=("more", "withdrawal"), step__isnull=True),
            ),
            models.CheckConstraint(
                name="message_says_something",
                condition=Q(text_removed_at__isnull=True) & (Q(kind__in=("yes", "partly")) | ~Q(text=""))
                | Q(text_removed_at__isnull=False, text=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="as_it_was_said",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    -- but for a text that is taken away for good
                    IF OLD.text_removed_at IS NOT NULL OR NEW.text_removed_at IS NULL
                       OR to_jsonb(NEW) - ARRAY['text', 'text_removed_at']
                          <> to_jsonb(OLD) - ARRAY['text', 'text_removed_at'] THEN
                        RAISE EXCEPTION 'what was said stays as it was'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_as_it_was_said';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="about_its_own_done_step",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__step_id__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM activities_concernstep s
                        WHERE s.id = NEW.step_id AND s.concern_id = NEW.concern_id AND s.state = 'done') THEN
                        RAISE EXCEPTION 'only a step to done of the same concern is answered'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_about_its_own_done_step';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}" if self.text else self.get_kind_display()
