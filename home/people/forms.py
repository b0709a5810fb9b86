from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from kiv_portal.accounts.models import User
from kiv_portal.ui.fields import one_visible_line
from kiv_portal.ui.unchanged import UnchangedMixin


class PersonNameForm(UnchangedMixin):
    class Meta:
        model = User
        fields = ("full_name",)
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "off"})}
        help_texts = {"full_name": "Eingereichte Berichte behalten den alten Namen."}
        error_messages = {"full_name": {"required": "Bitte geben Sie den Namen an."}}


class PersonEmailForm(forms.Form):
    email = forms.EmailField(
        label="Neue E-Mail-Adresse",
        max_length=254,
        help_text="Wer dieses Postfach liest, kommt in das Konto. Fragen Sie vorher persönlich nach.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError("Zu dieser Adresse gibt es schon ein Konto.")
        return email


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Grund",
        required=False,
        max_length=300,
        validators=[one_visible_line],
        help_text="Das lesen die Koordination und die Person selbst.",
    )
