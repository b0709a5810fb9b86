from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.towns.models import Councillor, CountyStaff, MunicipalityContact


class TermForm(UnchangedMixin):
    """Base of forms over a row with `starts_on` and `ends_on`."""

    starts_on = DayField(label="Beginn", help_text="Zum Beispiel 1.10.2021.")
    ends_on = DayField(label="Ende", required=False, help_text="Leer heißt: läuft weiter.")

    def _get_validation_exclusions(self) -> set[str]:
        # Town or county and person are no fields here, the row brings them; "no two at a time" needs them all the same.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, which the stubs do not know
        return exclusions - {"municipality", "county", "user", "mediator"}


class ContactForm(TermForm):
    class Meta:
        model = MunicipalityContact
        fields = ("function", "starts_on", "ends_on")


class CouncillorForm(TermForm):
    class Meta:
        model = Councillor
        fields = ("starts_on", "ends_on")


class StaffForm(TermForm):
    """A county is never without anybody who coordinates: nobody could let the next one in."""

    class Meta:
        model = CountyStaff
        fields = ("starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        today = timezone.localdate()
        others = CountyStaff.objects.in_force_on(today).filter(
            county=self.instance.county_id, ends_on=None, user__is_active=True
        )
        stays = not cleaned.get("ends_on") and cleaned.get("starts_on", today) <= today
        if not stays and not others.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "ends_on", "Das ist die letzte Person der Koordination. Bitte laden Sie zuerst jemanden ein."
            )
        return cleaned


class InvitationForm(forms.Form):
    """A person who gets a role: an account is made if the address has none yet."""

    full_name = forms.CharField(
        label="Name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=254,
        help_text="Dorthin geht die Einladung.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    starts_on = DayField(label="Beginn", initial=timezone.localdate)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class ContactInvitationForm(InvitationForm):
    function = forms.CharField(label="Aufgabe im Rathaus", max_length=100, required=False)
