"""How written e-mails leave: one row, one attempt, one commit.

Whoever dies between the server's yes and the commit has sent one e-mail that is sent again after LEASE, under the same
Message-ID; nothing else is told twice, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kiv_portal.mails.models import Mail, MailState
from kiv_portal.mails.writing import TRIED_FOR

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
FIRST_PAUSE = dt.timedelta(seconds=10)
WHILE_AWAY = dt.timedelta(minutes=10)  # the longest pause of an e-mail that met no server
WHILE_REFUSED = dt.timedelta(hours=3)  # and of one that is asked to come again
KEPT_FAILED = dt.timedelta(days=30)
KEPT_SENT = dt.timedelta(days=30)  # else it would be a diary of who signed in
KEPT_ROWS = dt.timedelta(days=400)  # longer than anything that must not be told twice

TOO_LATE = "Der Mailserver hat sie nicht rechtzeitig angenommen."
NO_ANSWER = "Der Mailserver ist nicht erreichbar."
REFUSED = "Der Mailserver nimmt sie nicht an: {} {}"
LATER = "Der Mailserver bittet um einen späteren Versuch: {} {}"
UNREADABLE = "Aus Betreff, Text und Adresse lässt sich keine E-Mail machen."


class ServerAway(Exception):
    """Nothing can be sent at the moment."""


def send_due(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, the most urgent first; returns how many have left. Raises ServerAway: the rest waits."""
    give_up(timezone.now())
    transport = _transport()
    sent = 0
    try:
        while not is_stopping() and (mail := _take(timezone.now())):
            sent += _attempt(mail, transport)
    finally:
        transport.close()
    return sent


def _transport() -> Any:
    try:
        return get_connection()
    except (ImproperlyConfigured, OSError) as error:  # the folder of a backend that writes files is gone
        log.warning("e-mails cannot be handed on: %s", error)
        raise ServerAway from error


def give_up(now: dt.datetime) -> None:
    """What nobody took in time; one that a process has in hand is left to it."""
    late = Mail.objects.due_at(now).filter(valid_until__lt=now)
    late.filter(reason="").update(reason=TOO_LATE)
    late.update(state=MailState.FAILED, ended_at=now)


@transaction.atomic
def _take(now: dt.datetime) -> Mail | None:
    mail = Mail.objects.due_at(now).select_for_update(skip_locked=True, of=("self",)).first()
    if mail:
        mail.attempts += 1
        mail.due_at = now + LEASE
        mail.save(update_fields=["attempts", "due_at"])
    return mail


def _attempt(mail: Mail, transport: Any) -> bool:
    message = as_message(mail)
    message.connection = transport
    try:
        transport.open()
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        _refused(mail, *next(iter(error.recipients.values())))
    except smtplib.SMTPDataError as error:
        _refused(mail, error.smtp_code, error.smtp_error)
    except (
        smtplib.SMTPException,
        OSError,
    ) as error:  # also a sender or password the server does not want: ours
        log.warning("the mail server does not take e-mails: %s", type(error).__name__)
        _put_back(mail, NO_ANSWER, longest=WHILE_AWAY)
        raise ServerAway from error
    except Exception:
        log.warning("e-mail %s cannot be sent", mail.pk, exc_info=True)
        _fail(mail, UNREADABLE)
    else:
        _write(mail, **_sent(mail))
        return True
    return False


def as_message(mail: Mail) -> EmailMessage:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.choice_url:
        headers["List-Unsubscribe"] = f"<{mail.choice_url}>"
    return EmailMessage(
        mail.subject,
        mail.text,
        _named(mail.sender),
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )


def _named(sender: str) -> str | None:
    """The portal's own address under this name."""
    return formataddr((sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])) if sender else None


def _sent(mail: Mail) -> dict[str, object]:
    forgotten = {} if mail.person_id else {"to": "", "reply_to": ""}
    return {"state": MailState.SENT, "ended_at": timezone.now(), "reason": "", "text": ""} | forgotten


def _refused(mail: Mail, code: int, answer: bytes | str) -> None:
    """An answer of 5xx holds for good; 4xx asks to come again."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    log.warning("e-mail %s was refused: %s", mail.pk, code)
    if code >= 500:
        _fail(mail, REFUSED.format(code, words))
    else:
        _put_back(mail, LATER.format(code, words), longest=WHILE_REFUSED)


def _put_back(mail: Mail, reason: str, *, longest: dt.timedelta) -> None:
    """The pauses grow, so that one e-mail cannot keep the others from theirs."""
    pause = min(FIRST_PAUSE * 3 ** min(mail.attempts - 1, 10), longest)
    _write(mail, due_at=timezone.now() + pause, reason=_one_line(reason))


def _fail(mail: Mail, reason: str) -> None:
    _write(mail, state=MailState.FAILED, ended_at=timezone.now(), reason=_one_line(reason))


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:300]


def _write(mail: Mail, **values: object) -> None:
    """As long as this attempt has it in hand."""
    Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=MailState.WAITING).update(**values)


def hurry(mails: QuerySet[Mail]) -> int:
    """Waiting ones are due now; how many there are."""
    return mails.filter(state=MailState.WAITING).update(due_at=timezone.now())


def try_again(mails: QuerySet[Mail], now: dt.datetime) -> int:
    """Failed ones that still have their text are sent once more."""
    return (
        mails.filter(state=MailState.FAILED)
        .exclude(Q(text="") | Q(to=""))
        .update(state=MailState.WAITING, ended_at=None, reason="", due_at=now, valid_until=now + TRIED_FOR)
    )


def forget_old(now: dt.datetime) -> None:
    """Texts and addresses of what could not be delivered, then the rows."""
    old = Mail.objects.failed().filter(ended_at__lt=now - KEPT_FAILED)
    old.filter(person=None).update(to="", reply_to="")
    old.update(text="")
    Mail.objects.filter(state=MailState.SENT, once="", ended_at__lt=now - KEPT_SENT).delete()
    Mail.objects.filter(ended_at__lt=now - KEPT_ROWS).delete()
