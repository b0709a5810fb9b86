from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
HOW_LONG = "Mindestens 12 Zeichen. Ein Satz aus mehreren Wörtern ist gut zu merken und schwer zu erraten."


def _say(field: forms.Field, label: str, help_text: str = "", **errors: str) -> None:
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
    field.error_messages.update(errors)


class EmailCodeForm(RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], "E-Mail-Adresse", required="Bitte geben Sie Ihre E-Mail-Adresse ein.")
        self.fields["email"].widget.attrs["autocomplete"] = "username webauthn"


class PasswordSignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], "E-Mail-Adresse", required="Bitte geben Sie Ihre E-Mail-Adresse ein.")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        _say(self.fields["password"], "Passwort", required="Bitte geben Sie Ihr Passwort ein.")


class EmailCodeConfirmForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],
            "Code aus der E-Mail",
            "6 Ziffern, zum Beispiel 123-456. Sie können den Strich weglassen.",
            required="Bitte geben Sie den Code aus der E-Mail ein.",
        )
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES


class _AppCode:
    """A code from the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],  # type: ignore[attr-defined]
            "Code aus der App oder Ersatzcode",
            "Die App zeigt 6 Ziffern. Ein Ersatzcode hat 8 Ziffern.",
            required="Bitte geben Sie einen Code ein.",
        )
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES  # type: ignore[attr-defined]


class SecondStepForm(_AppCode, AuthenticateForm):
    pass


class ConfirmByCodeForm(_AppCode, ReauthenticateByCodeForm):
    pass


class ConfirmByPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], "Ihr Passwort", required="Bitte geben Sie Ihr Passwort ein.")


class AppSetupForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],
            "Code aus der App",
            "6 Ziffern. Die App zeigt alle 30 Sekunden einen neuen Code.",
            required="Bitte geben Sie den Code aus der App ein.",
        )
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES


class PasskeyAddForm(AddWebAuthnForm):
    """Every passkey of the portal opens the account by itself: it asks for fingerprint, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        _say(self.fields["name"], "Name für diesen Passkey", "Zum Beispiel „Laptop“ oder „Mein Telefon“.")


class PasskeyRenameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], "Name für diesen Passkey", required="Bitte geben Sie einen Namen ein.")
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = "100"


class _NewPassword:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        _say(
            fields["password1"],
            "Neues Passwort",
            HOW_LONG,
            required="Bitte geben Sie ein neues Passwort ein.",
        )
        _say(
            fields["password2"], "Neues Passwort noch einmal", required="Bitte geben Sie es noch einmal ein."
        )


class NewPasswordForm(_NewPassword, SetPasswordForm):
    pass


class ChangeOldPasswordForm(_NewPassword, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], "Ihr jetziges Passwort", required="Bitte geben Sie es ein.")
