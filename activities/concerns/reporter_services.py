"""What who reported a concern may do by the private link. Each is done once, however often it is sent."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from activities.attachments import services as attachments
from activities.concerns import mails as concern_mails
from activities.concerns.models import Concern, ConcernState
from activities.concerns.queries import asked_step
from activities.concerns.reporter_models import ReporterMessage, Said
from activities.concerns.services import ConcernRefused, take_step
from kiv_portal.uploads.photo import ReadPhoto, read_photo

WITHDRAWN = "Wer das Anliegen gemeldet hat, hat die Meldung zurückgezogen."
OPENED_AGAIN = "Wer das Anliegen gemeldet hat, sagt: Es ist noch nicht gut. Wir sehen noch einmal nach."
CLOSED = "Diese Meldung ist schon abgeschlossen. Sie lässt sich nicht mehr zurückziehen."
NOT_ASKED = "Diese Frage ist gerade nicht offen."
TAKEN_BACK = "Sie haben diese Meldung zurückgezogen. Deshalb lässt sich nichts mehr ergänzen."


def say_more(
    concern: Concern, *, text: str, entry_key: uuid.UUID, photo: bytes = b"", alt_text: str = ""
) -> ReporterMessage:
    """Raises PhotoRefused, or ConcernRefused for what was withdrawn; then nothing is stored."""
    if stored := _said(concern, text, entry_key):
        return stored
    if ReporterMessage.objects.filter(entry_key=entry_key).exists():  # the form came back by the Back button
        entry_key = uuid.uuid4()
    read = read_photo(photo) if photo else None
    try:
        return _store(concern, text, entry_key, read, alt_text)
    except IntegrityError:  # the twin was faster by a moment
        if stored := _said(concern, text, entry_key):
            return stored
        raise


def _said(concern: Concern, text: str, entry_key: uuid.UUID) -> ReporterMessage | None:
    return ReporterMessage.objects.filter(concern=concern, entry_key=entry_key, text=text).first()


@transaction.atomic
def _store(
    concern: Concern, text: str, entry_key: uuid.UUID, photo: ReadPhoto | None, alt_text: str
) -> ReporterMessage:
    locked = _locked(concern)
    if locked.state == ConcernState.WITHDRAWN:
        raise ConcernRefused(TAKEN_BACK)
    message = ReporterMessage.objects.create(concern=locked, entry_key=entry_key, kind=Said.MORE, text=text)
    concern_mails.tell_what_was_said(locked, message)
    if photo:  # last: a row that is refused leaves no file behind
        attachments.add_later_photo(locked, photo, alt_text=alt_text, entry_key=entry_key)
    return message


@transaction.atomic
def withdraw(concern: Concern, *, reason: str) -> Concern:
    """Nobody reads it on the town's page any more, and nobody writes to the reporter again. What people have done about
    it stays and is counted as withdrawn. Raises ConcernRefused if it has come to an end already.
    """
    locked = _locked(concern)
    if locked.state == ConcernState.WITHDRAWN:
        return locked
    if locked.is_closed:
        raise ConcernRefused(CLOSED)
    concern_mails.forget_reporter([locked.pk])
    Concern.objects.filter(pk=locked.pk).update(is_public=False, contact_email="")
    take_step(locked, state=ConcernState.WITHDRAWN, sentence=WITHDRAWN, by=None)
    if reason:
        ReporterMessage.objects.create(concern=locked, kind=Said.WITHDRAWAL, text=reason)
    concern_mails.tell_withdrawn(locked, to=locked.contact_email)
    return locked


@transaction.atomic
def answer(concern: Concern, *, kind: str, text: str) -> ReporterMessage:
    """ "Ist es gut so?", asked once each time it was done. "No" opens it again. Raises ConcernRefused where nothing is
    asked.
    """
    locked = _locked(concern)
    if step := asked_step(locked):
        message = ReporterMessage.objects.create(concern=locked, kind=kind, text=text, step=step)
        if kind == Said.NO:
            take_step(locked, state=ConcernState.CHECKING, sentence=OPENED_AGAIN, by=None)
        concern_mails.tell_what_was_said(locked, message)
        return message
    if given := locked.messages.filter(kind__in=Said.answers).last():
        return given
    raise ConcernRefused(NOT_ASKED)


@transaction.atomic
def forget_address(concern: Concern) -> None:
    concern_mails.forget_reporter([concern.pk])
    Concern.objects.filter(pk=concern.pk).update(contact_email="")


def remove_text(message: ReporterMessage, now: dt.datetime) -> None:
    """For good: it tells something about a person that must not be kept. That something was said stays."""
    there = ReporterMessage.objects.filter(pk=message.pk, text_removed_at__isnull=True).exclude(text="")
    there.update(text="", text_removed_at=now)


def _locked(concern: Concern) -> Concern:
    return Concern.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=concern.pk)
