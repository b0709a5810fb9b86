from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from mediators.people.models import Appointment, EngagementForm, Mediator
from municipalities.towns.forms import InvitationForm, TermForm


class AppointmentInvitationForm(InvitationForm):
    ends_on = DayField(label="Ende", required=False, help_text="Leer heißt: läuft weiter.")
    form = forms.ChoiceField(
        label="Form", choices=EngagementForm.choices, widget=forms.RadioSelect, initial="volunteer"
    )


MOST_DAYS = 366


class AssistanceForm(InvitationForm):
    """A helper, until a day that is always set."""

    starts_on = None  # type: ignore[assignment]  # so a form leaves out a field of its base
    ends_on = DayField(
        label="Bis wann?", help_text="Höchstens ein Jahr. Sie können die Assistenz jederzeit beenden."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ends_on", timezone.localdate() + dt.timedelta(days=182))

    def clean_ends_on(self) -> dt.date:
        ends_on, today = self.cleaned_data["ends_on"], timezone.localdate()
        if ends_on < today:
            raise ValidationError("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        if ends_on > today + dt.timedelta(days=MOST_DAYS):
            raise ValidationError("Assistenz gilt höchstens ein Jahr. Danach können Sie sie neu erlauben.")
        return ends_on


class AppointmentForm(TermForm):
    class Meta:
        model = Appointment
        fields = ("form", "starts_on", "ends_on")


class MediatorForm(UnchangedMixin):
    qualified_on = DayField(label="Basisqualifizierung abgeschlossen am", required=False)

    class Meta:
        model = Mediator
        fields = ("qualified_on", "is_in_working_group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "mediator"})
