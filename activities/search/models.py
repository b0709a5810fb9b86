"""What people come back to the log with: saved filters; and the words that the search knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func

from kiv_portal.german_order import GermanOrder

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user.pk)


@pghistory.track()
class SavedFilter(models.Model):
    """A list's filter under a name of one's own: the query string of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField("Name", max_length=80)
    query = models.CharField(max_length=2_000)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "gespeicherter Filter"
        verbose_name_plural = "gespeicherte Filter"
        ordering = (GermanOrder("name"),)
        constraints = [
            models.UniqueConstraint(
                name="filter_once_a_person",
                fields=["user", "name"],
                violation_error_message="Diesen Namen haben Sie schon vergeben.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SearchWord(models.Model):
    """A word that stands in some entry or concern of the portal, so that a part of it finds the whole.

    A trigger adds the words of what is written (`kiv_search_learn`), the night takes out what nobody has any more. The
    table knows no town: a page may show a word of it only after a look into what its reader may see.
    """

    word = models.CharField(max_length=80)  # as somebody wrote it
    key = models.CharField(max_length=80)  # small, without umlauts and accents
    grams = models.GeneratedField(  # every three letters in a row, its beginning and end marked
        expression=Func(
            "key", function="kiv_search_grams", template="%(function)s('^' || %(expressions)s || '$')"
        ),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        verbose_name = "Wort der Suche"
        verbose_name_plural = "Wörter der Suche"
        indexes = [
            models.Index(fields=["key"], name="search_word_key"),
            GinIndex(fields=["grams"], name="search_word_grams"),
        ]

    def __str__(self) -> str:
        return self.word
