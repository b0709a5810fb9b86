from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
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
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.validators import MaxLengthValidator

from kiv_portal.accounts.models import User
from kiv_portal.ui.fields import one_visible_line

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
ANSWER_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
PASSKEY_FAILED = "Das hat mit dem Passkey nicht geklappt. Bitte versuchen Sie es noch einmal."
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


class OwnNameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name",)
        labels = {"full_name": "Vorname und Nachname"}
        help_texts = {"full_name": "So stehen Sie in Listen, Berichten und auf Ihrem Ehrenamtsnachweis."}
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}
        error_messages = {"full_name": {"required": "Bitte geben Sie Ihren Namen ein."}}

    def clean_full_name(self) -> str:
        name = " ".join(self.cleaned_data["full_name"].split())
        one_visible_line(name)
        return name


class NewEmailForm(forms.Form):
    email = forms.EmailField(
        label="Neue E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Bitte geben Sie die neue E-Mail-Adresse ein."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise forms.ValidationError("Das ist schon Ihre Adresse.")
        return email


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


@contextmanager
def _wrong_answer_is_no_crash() -> Iterator[None]:
    """The library that reads the browser's answer trusts its shape; what does not fit is simply wrong."""
    try:
        yield
    except forms.ValidationError:
        raise
    except (*ANSWER_ERRORS, struct.error) as error:
        raise forms.ValidationError(PASSKEY_FAILED) from error


class _AnswerField(forms.JSONField):
    """JSON of any depth and with numbers of any length: Python gives up on both in its own ways."""

    widget = forms.HiddenInput
    default_error_messages = {"required": PASSKEY_FAILED, "invalid": PASSKEY_FAILED}

    def to_python(self, value: Any) -> Any:
        with _wrong_answer_is_no_crash():
            return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return None  # a wrong answer is of no use in the next try


class _PasskeyAnswer:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _AnswerField()  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        with _wrong_answer_is_no_crash():
            return super().clean_credential()  # type: ignore[misc]


class PasskeySignInForm(_PasskeyAnswer, LoginWebAuthnForm):
    pass


class PasskeySecondStepForm(_PasskeyAnswer, AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskeyForm(_PasskeyAnswer, ReauthenticateWebAuthnForm):
    pass


class PasskeyAddForm(AddWebAuthnForm):
    """Every passkey of the portal opens the account by itself: it asks for fingerprint, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["credential"] = _AnswerField()
        _say(self.fields["name"], "Name für diesen Passkey", "Zum Beispiel „Laptop“ oder „Mein Telefon“.")
        self.fields["name"].validators.append(MaxLengthValidator(100))
        self.fields["name"].widget.attrs["maxlength"] = "100"

    def clean(self) -> dict[str, Any]:
        with _wrong_answer_is_no_crash():
            return super().clean()


class PasskeyRenameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], "Name für diesen Passkey", required="Bitte geben Sie einen Namen ein.")
        self.fields["name"].validators.append(MaxLengthValidator(100))
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

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined]
        first, second = entered.get("password1"), entered.get("password2")
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        if first and second and first != second:
            # allauth says it, too, but not in our words
            self.errors["password2"] = self.error_class(["Die beiden Passwörter sind nicht gleich."])  # type: ignore[attr-defined]
        return data


class NewPasswordForm(_NewPassword, SetPasswordForm):
    pass


class ChangeOldPasswordForm(_NewPassword, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], "Ihr jetziges Passwort", required="Bitte geben Sie es ein.")
