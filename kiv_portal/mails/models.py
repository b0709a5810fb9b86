"""The row of an e-mail."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

CHANNEL = (
    "mails"  # PostgreSQL tells it to whoever listens as soon as a transaction with a new row is committed
)


class MailState(models.TextChoices):
    WAITING = "waiting", "Wird verschickt"
    SENT = "sent", "Verschickt"
    FAILED = "failed", "Nicht zugestellt"


class MailQuerySet(models.QuerySet):
    def due_at(self, now: dt.datetime) -> Self:
        """To be tried now, the most urgent first."""
        return self.filter(state=MailState.WAITING, due_at__lte=now).order_by("valid_until", "pk")

    def failed(self) -> Self:
        return self.filter(state=MailState.FAILED)

    def about(self, subject: models.Model) -> Self:
        return self.filter(about=name_of(subject))


def name_of(subject: models.Model) -> str:
    """What an e-mail tells of, as "app.model/key"."""
    return f"{subject._meta.label_lower}/{subject.pk}"


class Mail(models.Model):
    """One e-mail to one address. `kind` is the template it was written from, `person` whose account it went to.

    `due_at`: when it is tried next; while a process has it in hand, when it counts as forgotten. Once it is sent its
    text goes, and the address of who has no account; RETENTION clears the rest.
    """

    kind = models.CharField("Anlass", max_length=100)
    to = models.EmailField("An", blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="mails"
    )
    about = models.CharField(max_length=80, blank=True)
    once = models.CharField(
        max_length=150, blank=True, help_text="A second e-mail of the same word is not written."
    )
    sender = models.CharField("Absender", max_length=150, blank=True, help_text="The name that people see.")
    reply_to = models.EmailField("Antwort an", blank=True)
    choice_url = models.URLField(blank=True, help_text="Where the person may decline e-mails like this one.")
    subject = models.CharField("Betreff", max_length=300)
    text = models.TextField("Text", blank=True)
    message_id = models.CharField(max_length=200, help_text="The same at every attempt.")

    state = models.CharField(max_length=7, choices=MailState.choices, default=MailState.WAITING)
    created_at = models.DateTimeField("Geschrieben", default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(help_text="After that it is not tried again.")
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField("Grund", max_length=300, blank=True, help_text="Of the last failure.")
    ended_at = models.DateTimeField("Verschickt oder aufgegeben", null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        constraints = [
            models.UniqueConstraint(name="mail_once", fields=["once"], condition=~Q(once="")),
            models.CheckConstraint(
                name="mail_waits_or_has_ended",
                condition=Q(state="waiting", ended_at__isnull=True)
                | Q(state__in=("sent", "failed"), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_waiting_is_whole", condition=~Q(state="waiting") | (~Q(to="") & ~Q(text=""))
            ),
            models.CheckConstraint(
                name="mail_failed_with_reason", condition=~Q(state="failed") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(name="mail_due", fields=["valid_until"], condition=Q(state="waiting")),
            models.Index(name="mail_failed", fields=["ended_at"], condition=Q(state="failed")),
            models.Index(name="mail_about", fields=["about"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="wake_the_sender",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"NOTIFY {CHANNEL}; RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def trouble(self) -> str:
        """A sentence while it has not arrived; "" if all is well as far as the portal knows."""
        if self.state == MailState.FAILED:
            return f"Die E-Mail an {self.to or 'diese Adresse'} kam nicht an. {self.reason}"
        if self.reason:
            return f"Die E-Mail an {self.to} konnte noch nicht verschickt werden. Wir versuchen es weiter."
        return ""
