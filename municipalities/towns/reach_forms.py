"""How anybody reaches an office: addresses and telephones that belong to no person."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kiv_portal.accounts.models import User
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.towns.models import County

PHONE = re.compile(r"\+?[\d ()/.–-]{5,40}")
NO_PHONE = "Diese Telefonnummer verstehen wir nicht. Bitte schreiben Sie zum Beispiel 07152 990-0."
OF_A_PERSON = (
    "Mit dieser Adresse meldet sich jemand im Portal an. Bitte nehmen Sie eine Adresse der Stelle, "
    "die auch dann bleibt, wenn jemand wechselt."
)


def check_phone(number: str) -> None:
    if not PHONE.fullmatch(number) or sum(sign.isdigit() for sign in number) < 4:
        raise ValidationError(NO_PHONE)


class PhoneField(forms.CharField):
    default_validators = [check_phone]
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "size": 24})


def _not_of_a_person(address: str) -> None:
    """It stays when people change, so it must not be anybody's own."""
    if User.objects.filter(email__iexact=address).exists():
        raise ValidationError(OF_A_PERSON)


class OfficeEmailField(forms.EmailField):
    default_validators = [*forms.EmailField.default_validators, _not_of_a_person]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}), max_length=254, **kwargs
        )


class CountyReachForm(UnchangedMixin):
    email = OfficeEmailField(
        label="E-Mail-Adresse der Koordination",
        help_text="Eine Adresse der Aufgabe, keine einer Person.",
    )
    phone = PhoneField(label="Telefon der Koordination", required=False)

    class Meta:
        model = County
        fields = ("email", "phone")
