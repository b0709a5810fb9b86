from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_proven_in_session(request: HttpRequest) -> bool:
    """Whether this session was opened (or later confirmed) with an app code, a passkey or a recovery code."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def record_proof(request: HttpRequest, kind: str) -> None:
    """Setting up a second factor proves it, too: nobody should have to enter a second code at once."""
    record_authentication(request, request.user, method="mfa", type=kind, reauthenticated=True)


def is_last_needed(authenticator: Authenticator) -> bool:
    """Whether removing it would leave a person without the second factor that the role demands."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS).exclude(
        pk=authenticator.pk
    )
    return (
        authenticator.type in SECOND_FACTORS
        and authenticator.user.needs_second_factor
        and not others.exists()
    )
