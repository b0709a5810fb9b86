"""Where allauth asks the portal: closed sign-up, plain German, e-mails that may fail without a traceback."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from kiv_portal.accounts.models import User
from kiv_portal.accounts.second_factor import is_last_needed
from kiv_portal.accounts.unsaved import keep_only_text_of
from kiv_portal.mails import writing as mails

SIGN_IN_MAILS = "account/email/"  # the code, or that there is no account
LOGIN_CODE = f"{SIGN_IN_MAILS}login_code"
CODE_IS_VALID = dt.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
TOO_MANY_TRIES = "too_many_login_attempts"
TOO_MANY = "Das waren zu viele Versuche. Bitte warten Sie einige Minuten, bevor Sie es noch einmal versuchen."
UNKNOWN_AT_COUNTY_LOGIN = (
    "Für Ihre Anmeldung gibt es hier noch kein Konto. Das Portal ist nur für eingeladene Personen. "
    "Bitte wenden Sie sich an die Koordination im Landratsamt."
)
COUNTY_LOGIN_FAILED = (
    "Die Anmeldung über Ihre Verwaltung hat nicht geklappt. "
    "Bitte versuchen Sie es noch einmal oder lassen Sie sich einen Code per E-Mail schicken."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": (
            "Dieses Konto ist zurzeit gesperrt. Bitte wenden Sie sich an die Koordination im Landratsamt."
        ),
        "email_password_mismatch": "E-Mail-Adresse oder Passwort stimmen nicht.",
        "enter_current_password": "Das ist nicht Ihr jetziges Passwort.",
        "incorrect_code": "Dieser Code stimmt nicht. Bitte prüfen Sie ihn und geben Sie ihn noch einmal ein.",
        "incorrect_password": "Dieses Passwort stimmt nicht.",
        "invalid_login": "Bitte geben Sie Ihre E-Mail-Adresse ein.",
        TOO_MANY_TRIES: TOO_MANY,
        "rate_limited": TOO_MANY,
        "same_as_current": "Der neue Wert ist derselbe wie der alte.",
    }
    reauthentication_words: ClassVar[dict[str, str]] = {
        "reauthenticate": "Mit Ihrem Passwort bestätigen",
        "mfa_reauthenticate": "Mit einem Code aus der App bestätigen",
        "mfa_reauthenticate:webauthn": "Mit einem Passkey bestätigen",
    }

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # "http://[::1": no address at all
            return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code is worth nothing once it is over, so it is not sent any more then."""
        context = {"request": None, "email": email, "base_url": settings.BASE_URL} | context
        message = self.render_mail(template_prefix, email, context)
        is_code = template_prefix == LOGIN_CODE
        person = context.get("user")
        mail = mails.mail(
            template_prefix,
            str(message.subject),
            str(message.body),
            to=email,
            person=person if person and person.is_authenticated else None,
            valid_for=CODE_IS_VALID if is_code else mails.TRIED_FOR,
        )
        mails.post(mail)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        keep_only_text_of(request, user.pk)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": self.reauthentication_words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": (
            "Das ist Ihr letzter zweiter Schritt. Für Ihre Aufgabe muss immer einer eingerichtet sein. "
            "Richten Sie zuerst einen anderen ein."
        ),
        "cannot_generate_recovery_codes": "Ersatzcodes gibt es erst mit einem zweiten Schritt.",
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_needed(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Mein Passkey" if number == 1 else f"Mein Passkey {number}"

    def _get_site_name(self) -> str:
        return "KIV-Portal"


class CountyLoginAdapter(DefaultSocialAccountAdapter):
    """A county's own OpenID Connect login opens accounts of invited people only, it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return True  # asked for addresses only that the provider calls verified

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            messages.error(request, UNKNOWN_AT_COUNTY_LOGIN)
            raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        messages.error(request, COUNTY_LOGIN_FAILED)
        raise ImmediateHttpResponse(redirect("account_login"))
