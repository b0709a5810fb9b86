"""E-mails that tell of something already stored: what cannot be sent is logged, never an error for the person."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from email.utils import formataddr, parseaddr
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

log = logging.getLogger(__name__)


def address(name: str, *keys: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=keys)}"


def message(template: str, context: dict[str, Any], *, to: str, sender: str = "") -> EmailMessage:
    """From `<template>_subject.txt` and `<template>_message.txt`; `sender` is the name that people see."""
    context = context | {"base_url": settings.BASE_URL}
    subject = render_to_string(f"{template}_subject.txt", context)
    body = render_to_string(f"{template}_message.txt", context)
    return EmailMessage(" ".join(subject.split()), body, _named(sender), to=[to])


def _named(sender: str) -> str | None:
    """The portal's own address under this name."""
    return formataddr((sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])) if sender else None


def send(messages: Iterable[EmailMessage], *, about: str) -> list[bool]:
    """One connection for all; an address that the server refuses does not keep the others from their e-mail.

    Returns for each message whether it was sent; shorter than `messages` when the server went away.
    """
    sent: list[bool] = []
    try:
        with get_connection() as connection:
            for each in messages:
                each.connection = connection
                try:
                    each.send()
                except SMTPException as error:
                    log.warning("an e-mail about %s was not sent: %s", about, type(error).__name__)
                    sent.append(False)
                else:
                    sent.append(True)
    except (SMTPException, OSError) as error:
        log.warning("%s was kept, but nobody was told: %s", about, error)
    return sent
