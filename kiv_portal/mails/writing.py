"""How an e-mail is written down: within the transaction of what it tells of, so that a page may promise it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from kiv_portal.mails.models import Mail, name_of

if TYPE_CHECKING:
    from django.db import models

TRIED_FOR = dt.timedelta(days=3)


def address(name: str, *keys: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=keys)}"


def to_person(person: Any, template: str, context: dict[str, Any], **more: Any) -> Mail:
    """As `write`, to the person of an account."""
    return write(template, context | {"person": person}, to=person.email, person=person, **more)


def write(template: str, context: dict[str, Any], *, to: str, **more: Any) -> Mail:
    """From `<template>_subject.txt` and `<template>_message.txt`. Not stored yet: `post` does it.

    `more`: see `mail`.
    """
    context = context | {"base_url": settings.BASE_URL}
    subject = render_to_string(f"{template}_subject.txt", context)
    text = render_to_string(f"{template}_message.txt", context)
    return mail(template, subject, text, to=to, **more)


def mail(
    kind: str,
    subject: str,
    text: str,
    *,
    to: str,
    person: Any = None,
    about: models.Model | None = None,
    sender: str = "",
    reply_to: str = "",
    choice_url: str = "",
    once: str = "",
    valid_for: dt.timedelta = TRIED_FOR,
) -> Mail:
    """`person` is the account the address belongs to; `sender` the name that people see; of two with the same word
    `once` the first is kept; `valid_for` is how long it is tried, and after that it has failed.
    """
    now = timezone.now()
    return Mail(
        kind=kind,
        to=to,
        person=person,
        about=name_of(about) if about else "",
        once=once,
        sender=sender,
        reply_to=reply_to,
        choice_url=choice_url,
        subject=" ".join(subject.split())[:300],
        text=text.strip() + "\n",
        message_id=make_msgid(domain=_own_domain()),
        created_at=now,
        due_at=now,
        valid_until=now + valid_for,
    )


def post(*mails: Mail) -> None:
    """Stored with the transaction; PostgreSQL wakes who sends them once it is committed."""
    post_all(mails)


def post_all(mails: Iterable[Mail]) -> None:
    Mail.objects.bulk_create(mails, ignore_conflicts=True)


def _own_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
