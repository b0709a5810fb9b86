"""What has left by e-mail by the time one looks: whoever sends them has just been here."""

from collections import UserList
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPRecipientsRefused
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from kiv_portal.mails.delivery import ServerAway, send_due
from kiv_portal.mails.models import Mail


class _Outbox(UserList[mail.EmailMessage]):
    def __init__(self) -> None:
        """Nothing of its own."""

    @property
    def data(self) -> list[mail.EmailMessage]:  # type: ignore[override]
        with suppress(ServerAway):
            send_due()
        sent: Any = mail.outbox
        return sent  # type: ignore[no-any-return]


outbox = _Outbox()


def written() -> list[str]:
    """The subjects of all e-mails that are rows, sent or not, oldest first."""
    return list(Mail.objects.order_by("pk").values_list("subject", flat=True))


def notices() -> list[tuple[str, str, str]]:
    """Of reports: whom, of which occasion, about what; in the order in which they were written."""
    mails = Mail.objects.filter(once__startswith="report/").select_related("person").order_by("pk")
    return [(str(mail.person), *mail.once.split("/")[3:]) for mail in mails]  # type: ignore[misc]


@contextmanager
def server_away() -> Iterator[None]:
    """Nobody answers where e-mails are taken."""
    with patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError):
        yield


@contextmanager
def refusing(address: str, code: int = 550) -> Iterator[None]:
    """The mail server takes every e-mail but those to this address."""
    take = EmailBackend.send_messages

    def judge(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [address]:
            raise SMTPRecipientsRefused({address: (code, b"5.1.1 unknown\nhere")})
        return int(take(self, messages))

    with patch.object(EmailBackend, "send_messages", judge):
        yield
