from __future__ import annotations

from typing import Any

from django import forms

from activities.concerns.models import Concern
from activities.concerns.office_services import default_text
from activities.log.organisations import Organisation
from kiv_portal.accounts.models import User
from kiv_portal.privacy.forms import PrivacyMixin
from kiv_portal.ui.unchanged import UnchangedMixin

TO_AN_OFFICE = "Bitte nichts über die Person, die es gemeldet hat."


class OfficeForm(UnchangedMixin):
    """How long an office has for a reply, and where it is reached. Its name is part of what others have written."""

    class Meta:
        model = Organisation
        fields = ("reply_days", "email")
        widgets = {
            "reply_days": forms.NumberInput(attrs={"min": 1, "max": 365}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }


class ReminderForm(PrivacyMixin, forms.Form):
    """What the office will read. It is all looked through: the title is in the words of who reported it."""

    public_texts = ("text",)
    place_texts = ("text",)
    checks_unchanged = True
    may_get_public = False

    email = forms.EmailField(
        label="E-Mail-Adresse der Stelle",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Bitte geben Sie an, wohin die Erinnerung gehen soll."},
    )
    text = forms.CharField(
        label="Ihr Text",
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 11}),
        help_text=f"Sie können alles ändern. {TO_AN_OFFICE}",
        error_messages={"required": "Bitte schreiben Sie, was die Stelle lesen soll."},
    )

    def __init__(self, *args: Any, concern: Concern, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["email"] = concern.office.email if concern.office else ""
        self.initial["text"] = default_text(concern)
        self.signature = f"{by.full_name}, Inklusion in {concern.municipality}"
