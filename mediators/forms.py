from __future__ import annotations

from typing import Any

from django import forms

from kiv_portal.ui.fields import DayField
from mediators.models import Appointment, EngagementForm, Mediator
from municipalities.forms import InvitationForm, TermForm


class AppointmentInvitationForm(InvitationForm):
    ends_on = DayField(label="Ende", required=False, help_text="Leer heißt: läuft weiter.")
    form = forms.ChoiceField(
        label="Form", choices=EngagementForm.choices, widget=forms.RadioSelect, initial="volunteer"
    )


class AppointmentForm(TermForm):
    class Meta:
        model = Appointment
        fields = ("form", "starts_on", "ends_on")


class MediatorForm(forms.ModelForm):
    qualified_on = DayField(label="Basisqualifizierung abgeschlossen am", required=False)

    class Meta:
        model = Mediator
        fields = ("qualified_on", "is_in_working_group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="mediator", **kwargs)
