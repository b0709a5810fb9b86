from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.mails import writing as mails
from kiv_portal.mails.delivery import hurry
from kiv_portal.mails.models import Mail

INVITATION = "accounts/email/invitation"


def invite(email: str, full_name: str, *, by: User | None, role_sentence: str = "") -> User:
    """The account of this address, new if there is none, and an e-mail that explains the way in.

    `role_sentence` says in a full German sentence what the person will do in the portal.
    An account that is there keeps its name and who invited it first.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, full_name, invited_by=by
    )
    write_invitation(user, by=by, role_sentence=role_sentence)
    return user


@transaction.atomic
def write_invitation(user: User, *, by: User | None, role_sentence: str = "") -> None:
    context = {"by": by, "role_sentence": role_sentence, "sign_in_url": mails.address("account_login")}
    mails.post(mails.to_person(user, INVITATION, context))
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])


@transaction.atomic
def repeat_invitation(user: User, *, by: User, role_sentence: str = "") -> bool:
    """False: the one before has not left yet. It is tried at once, and no second one is written."""
    if hurry(user.mails.filter(kind=INVITATION)):
        return False
    write_invitation(user, by=by, role_sentence=role_sentence)
    return True


def clear_expired(now: dt.datetime) -> None:
    """Sessions, with the unsaved text in them, and rate limits whose time is over."""
    call_command("clearsessions")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_cache WHERE expires < %s", [now])


@transaction.atomic
def change_email(user: User, email: str) -> None:
    """The one way to change the address of an account: the old one must not open it any more.

    Raises ValidationError if it is no address, or that of another account.
    """
    user.email = email.strip().lower()
    user.clean_fields(exclude={"password"})
    user.validate_unique(exclude={"password"})
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()


def own_data(user: User) -> dict[str, Any]:
    """What the portal stores about the account itself, readable by people and machines."""
    return {
        "Konto": {
            "Name": user.full_name,
            "E-Mail-Adresse": user.email,
            "angelegt": user.date_joined,
            "eingeladen": user.invited_at,
            "zuletzt angemeldet": user.last_login,
            "Passwort vorhanden": user.has_usable_password(),
        },
        "Anmeldung in zwei Schritten": [
            {
                "Art": authenticator.get_type_display(),
                "eingerichtet": authenticator.created_at,
                "zuletzt benutzt": authenticator.last_used_at,
            }
            for authenticator in Authenticator.objects.filter(user=user).order_by("created_at")
        ],
        "Wechsel der E-Mail-Adresse": [
            {"gewünscht": change.requested_at, "neue Adresse": change.new_email, "geändert": change.done_at}
            for change in user.email_changes.order_by("requested_at")
        ],
        "E-Mails an Sie": [
            {"Betreff": mail.subject, "geschrieben": mail.created_at, "Stand": mail.get_state_display()}
            for mail in Mail.objects.filter(person=user).order_by("created_at", "pk")
        ],
        "Was andere am Konto geändert haben": [
            {"am": step.taken_at, "was": step.get_kind_display(), "Grund": step.reason}
            for step in user.account_steps.order_by("taken_at")
        ],
        "Angemeldete Geräte": [
            {"seit": session.created_at, "Internetadresse": session.ip, "Browser": session.user_agent}
            for session in UserSession.objects.filter(user=user).order_by("created_at")
        ],
    }
