"""That somebody is to be reminded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ReminderKind(models.TextChoices):
    """The codes are those of `reports.notices.models.Occasion`, by which a person declines them."""

    FOLLOW_UP = "follow_up", "Wiedervorlagen eines Tages"
    WEEK = "week", "Was in einer Woche ansteht"


class Reminder(models.Model):
    """One e-mail to one person about one day (of a week: its Monday). Written once, sent by whoever comes first. What
    it says is read when it is sent.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Erinnerung"
        verbose_name_plural = "Erinnerungen"
        constraints = [models.UniqueConstraint(name="reminder_once", fields=["user", "kind", "day"])]
        indexes = [
            models.Index(name="reminder_waiting", fields=["created_at"], condition=Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"
