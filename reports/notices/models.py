"""Of what each person wants to hear by e-mail."""

from __future__ import annotations

from enum import nonmember

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Occasion(models.TextChoices):
    DAYS_90 = "days_90", "90 Tage vor dem Termin eines Berichts"
    DAYS_30 = "days_30", "30 Tage vor dem Termin eines Berichts"
    DAYS_7 = "days_7", "7 Tage vor dem Termin eines Berichts"
    OVERDUE = "overdue", "Ein Bericht ist überfällig"
    SUBMITTED = "submitted", "Ein Bericht ist eingereicht"
    RETURNED = "returned", "Ein Bericht ist zurückgegeben"
    DELIVERED = "delivered", "Ein Bericht ist dem Gemeinderat zugestellt"
    REPLACED = "replaced", "Ein zugestellter Bericht hat eine neue Ausgabe"
    RECALL = "recall", "Jemand möchte eine Zustellung zurückziehen"
    RECALLED = "recalled", "Eine Zustellung ist zurückgezogen"
    QUESTION = "question", "Der Gemeinderat hat eine Frage"
    ANSWER = "answer", "Eine Frage des Gemeinderats ist beantwortet"
    REFUSED = "refused", "Eine eigene Frage wird nicht beantwortet"
    # of no report: what waits for a person (home/reminders), declined in the same place
    FOLLOW_UP = "follow_up", "Eine Wiedervorlage ist fällig"
    WEEK = "week", "Montags: was in der Woche ansteht"

    own_log = nonmember(("follow_up",))
    own_work = nonmember(("week",))
    days_before = nonmember({"days_90": 90, "days_30": 30, "days_7": 7, "overdue": -1})


@pghistory.track()
class NoticeChoice(models.Model):
    """What a person does not want to be told by e-mail. Who never chose is told everything."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choice")
    unwanted = ArrayField(models.CharField(max_length=10, choices=Occasion.choices), default=list, blank=True)

    class Meta:
        verbose_name = "Wahl der Nachrichten"
        verbose_name_plural = "Wahl der Nachrichten"

    def __str__(self) -> str:
        return f"Nachrichten für {self.user}"
