from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone

from activities.interface.models import ApiScope
from kiv_portal.ui.fields import DayField


class ApiClientForm(forms.Form):
    name = forms.CharField(
        label="Name der Software", max_length=80, help_text="Zum Beispiel „Auswertung der Sozialplanung“."
    )
    scopes = forms.MultipleChoiceField(
        label="Was darf sie lesen?",
        choices=ApiScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Bitte wählen Sie mindestens eines aus."},
    )
    expires_on = DayField(
        is_coming=True,
        label="Gilt bis",
        required=False,
        help_text="Leer heißt: bis Sie den Zugang widerrufen.",
    )

    def clean_expires_on(self) -> dt.date | None:
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        return day

    @property
    def expires_at(self) -> dt.datetime | None:
        """The end of the last day."""
        day = self.cleaned_data["expires_on"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time.max)) if day else None
