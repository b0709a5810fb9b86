from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from activities.series.models import AGAIN, ActivitySeries
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.fields import ClockField, DayField, DurationField
from kiv_portal.ui.typed_forms import choice_field
from kiv_portal.ui.unchanged import UnchangedMixin
from kiv_portal.written.durations import Duration
from mediators.models import Weekday


class SeriesForm(PrivacyMixin, UnchangedMixin):
    """Town, field and kind are those of the activity it was made from."""

    read_start: dt.time | None = None  # of "15–17 Uhr"
    public_texts = ("title", "place")
    place_texts = ("place",)

    starts_at = ClockField(label="Beginn", required=False, help_text="Zum Beispiel 15 Uhr.")
    minutes = DurationField(label="Dauer", help_text="Zum Beispiel 2 Stunden.")
    starts_on = DayField(label="Ab wann?", help_text="Gern auch „heute“.")
    ends_on = DayField(label="Bis wann?", required=False, help_text="Leer heißt: bis auf Weiteres.")

    class Meta:
        model = ActivitySeries
        fields = ("title", "rhythm", "weekday", "minutes", "starts_at", "place", "starts_on", "ends_on")
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "place": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        error_messages = {
            "title": {"required": "Bitte geben Sie der Reihe einen Titel."},
            "rhythm": {"required": "Bitte wählen Sie, wie oft."},
            "weekday": {"required": "Bitte wählen Sie den Wochentag."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "rhythm").choices = [("", "Bitte wählen"), *AGAIN]
        choice_field(self, "weekday").choices = [("", "Bitte wählen"), *Weekday.choices]
        if self.instance.minutes:
            self.initial["minutes"] = Duration(self.instance.minutes, self.instance.starts_at)

    def clean_minutes(self) -> int:
        """ "15–17 Uhr" says the beginning, too."""
        duration = self.cleaned_data["minutes"]
        self.read_start = duration.starts_at
        return int(duration.minutes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("starts_at"):
            cleaned["starts_at"] = self.read_start
        return cleaned
