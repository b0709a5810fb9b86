"""Another address for one's account: asked for on a page, confirmed by both mailboxes."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kiv_portal.accounts.models import EmailChange, User
from kiv_portal.accounts.services import change_email
from kiv_portal.mails import writing as mails
from kiv_portal.mails.models import Mail, MailQuerySet

SALT = "accounts.email_change"
OLD, NEW = "old", "new"


class ChangeOver(Exception):
    """Too late, taken back, or done. The message is a German sentence."""


TOO_LATE = "Dieser Link gilt nicht mehr. Unter „Mein Konto“ können Sie die Änderung neu beginnen."
DONE = "Die Adresse ist schon geändert. Bitte wenden Sie sich an die Koordination im Landratsamt."
TAKEN = "Die Adresse lässt sich nicht ändern: Zu {} gibt es inzwischen ein anderes Konto."


def open_change(user: User) -> EmailChange | None:
    change = EmailChange.objects.filter(user=user, done_at=None, ended_at=None).first()
    return change if change and is_open(change) else None


@transaction.atomic
def request_change(user: User, new_email: str) -> EmailChange:
    """Replaces one that was asked for before. Both mailboxes are written to."""
    User.objects.select_for_update().get(pk=user.pk)
    end_change(user)
    change = EmailChange.objects.create(user=user, old_email=user.email, new_email=new_email)
    _ask_both(change)
    return change


def mails_of(change: EmailChange) -> MailQuerySet:
    return Mail.objects.about(change)


def is_open(change: EmailChange) -> bool:
    return change.is_open_at(timezone.now())


def end_change(user: User) -> None:
    """Taken back."""
    EmailChange.objects.filter(user=user, done_at=None, ended_at=None).update(ended_at=timezone.now())


def _ask_both(change: EmailChange) -> None:
    """To an address that has an account already goes the reason, not the question: the page says it to nobody else."""
    is_taken = User.objects.filter(email=change.new_email).exists()
    to_new = "email_change_taken" if is_taken else "email_change_new"
    mails.post(
        _mail("email_change_old", change, to=change.old_email, signed=signed_of(change, OLD)),
        _mail(to_new, change, to=change.new_email, signed=signed_of(change, NEW)),
    )


def signed_of(change: EmailChange, side: str) -> str:
    return signing.dumps([change.pk, side], salt=SALT)


def read_signed(signed: str) -> tuple[EmailChange, str] | None:
    """The change, and whose mailbox the word was sent to; None for a word that is none of ours."""
    try:
        pk, side = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    change = EmailChange.objects.select_related("user").filter(pk=pk).first()
    return (change, side) if change else None


def confirm(change: EmailChange, side: str) -> EmailChange:
    """Yes by one mailbox; the second yes changes the address. Said twice it is said. Raises ChangeOver."""
    with transaction.atomic():
        change = _locked(change)
        if change.done_at:
            return change
        now = timezone.now()
        if not change.is_open_at(now) or not change.user.is_active:
            raise ChangeOver(TOO_LATE)
        _say_yes(change, side, now)
        if change.old_confirmed_at and change.new_confirmed_at:
            _finish(change, now)
        change.save()
    return change


def _say_yes(change: EmailChange, side: str, now: dt.datetime) -> None:
    if side == OLD:
        change.old_confirmed_at = change.old_confirmed_at or now
    else:
        change.new_confirmed_at = change.new_confirmed_at or now


def _finish(change: EmailChange, now: dt.datetime) -> None:
    if change.user.email != change.old_email:  # operators have changed it meanwhile
        raise ChangeOver(TOO_LATE)
    try:
        change_email(change.user, change.new_email)
    except ValidationError as error:
        raise ChangeOver(TAKEN.format(change.new_email)) from error
    change.done_at = now
    mails.post(*(_mail("email_changed", change, to=to) for to in (change.old_email, change.new_email)))


def refuse(change: EmailChange) -> None:
    """No by one mailbox. Raises ChangeOver once it is done."""
    with transaction.atomic():
        change = _locked(change)
        if change.done_at:
            raise ChangeOver(DONE)
        change.ended_at = change.ended_at or timezone.now()
        change.save(update_fields=["ended_at"])


def _locked(change: EmailChange) -> EmailChange:
    return EmailChange.objects.select_for_update(of=("self",)).select_related("user").get(pk=change.pk)


def _mail(name: str, change: EmailChange, *, to: str, signed: str = "") -> Mail:
    context = {
        "change": change,
        "person": change.user,
        "url": mails.address("account_email_answer", signed) if signed else "",
        "valid_until": timezone.localtime(change.valid_until),
    }
    valid_for = change.valid_until - change.requested_at
    return mails.write(f"accounts/email/{name}", context, to=to, about=change, valid_for=valid_for)


def clear_old_changes(now: dt.datetime) -> None:
    EmailChange.objects.filter(requested_at__lt=now - dt.timedelta(days=EmailChange.RETENTION_DAYS)).delete()
