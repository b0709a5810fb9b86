"""What somebody who may does to the account of somebody else: never to one's own. Who may is asked by the floors above.

Each is written down with who did it, and the person gets an e-mail, at the old address too if it has changed.
"""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from kiv_portal.accounts.email_change import end_change
from kiv_portal.accounts.models import AccountStep, AccountStepKind, User
from kiv_portal.accounts.services import change_email
from kiv_portal.mails import writing as mails

TOLD = "accounts/email/account_step"
APART = dt.timedelta(days=7)
NOT_BOTH = (
    "Sie haben gerade die E-Mail-Adresse dieses Kontos geändert. Den zweiten Schritt setzt deshalb jemand anderes "
    "aus der Koordination zurück, oder Sie warten eine Woche. So kann niemand allein ein Konto übernehmen."
)
NOT_BOTH_EITHER = (
    "Sie haben gerade den zweiten Schritt dieses Kontos zurückgesetzt. Die E-Mail-Adresse ändert deshalb jemand "
    "anderes aus der Koordination, oder Sie warten eine Woche. So kann niemand allein ein Konto übernehmen."
)


class StepRefused(Exception):
    """The message is a sentence for who asks."""


@transaction.atomic
def rename(user: User, full_name: str, *, by: User) -> None:
    user.full_name = full_name
    user.save(update_fields=["full_name"])
    _write_down(user, AccountStepKind.RENAMED, by=by)


@transaction.atomic
def readdress(user: User, email: str, *, by: User) -> None:
    """From now on the account opens with the new address only, also on devices that were signed in.

    Raises ValidationError as `change_email`, StepRefused where the same person has reset the second factor.
    """
    _refuse_both(user, AccountStepKind.FACTOR_RESET, NOT_BOTH_EITHER, by=by)
    old = user.email
    end_change(user)
    change_email(user, email)
    _sign_out(user)
    _write_down(user, AccountStepKind.READDRESSED, by=by, also_to=old)


@transaction.atomic
def lock(user: User, *, by: User, reason: str = "") -> None:
    """At once, on every device. Roles, entries and history stay."""
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        _sign_out(user)
        _write_down(user, AccountStepKind.LOCKED, by=by, reason=reason)


@transaction.atomic
def unlock(user: User, *, by: User) -> None:
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _write_down(user, AccountStepKind.UNLOCKED, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User, reason: str = "") -> None:
    """App, passkeys and spare codes are gone; the next sign-in sets up a new one, where the role asks for it.

    Raises StepRefused where the same person has changed the address.
    """
    _refuse_both(user, AccountStepKind.READDRESSED, NOT_BOTH, by=by)
    Authenticator.objects.filter(user=user).delete()
    _sign_out(user)
    _write_down(user, AccountStepKind.FACTOR_RESET, by=by, reason=reason)


def _refuse_both(user: User, other: str, sentence: str, *, by: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    recent = AccountStep.objects.filter(user=user, kind=other, taken_by=by)
    if recent.filter(taken_at__gt=timezone.now() - APART).exists():
        raise StepRefused(sentence)


def _sign_out(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def _write_down(user: User, kind: str, *, by: User, reason: str = "", also_to: str = "") -> None:
    step = AccountStep.objects.create(user=user, kind=kind, taken_by=by, reason=reason)
    context = {"step": step, "person": user, "sign_in_url": mails.address("account_login")}
    mails.post(mails.to_person(user, TOLD, context, about=step))
    if also_to:
        mails.post(mails.write(TOLD, context, to=also_to, about=step))
