"""Concerns: from a report to what became of it. Every change of state is a dated step, written in one transaction."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from functools import partial
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from activities.attachments import services as attachments
from activities.concerns import mails as concern_mails
from activities.concerns.models import STEPS, Concern, ConcernState, ConcernStep
from activities.log.organisations import Organisation
from activities.trash.models import TrashItem
from activities.trash.services import discard
from kiv_portal.uploads.photo import ReadPhoto, read_photo
from mediators.models import Appointment, Mediator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities.attachments.models import ConcernPhoto
    from kiv_portal.accounts.models import User
    from municipalities.models import Municipality

MONTHS_OF_AN_ADDRESS = 6  # kept after closing
REPORTED = "Das Anliegen ist gemeldet."
TAKEN_OVER = "Die Inklusionsvermittlung kümmert sich um das Anliegen."
# what somebody typed; two reports that agree in it and in their key are one
TYPED = ("municipality_id", "title", "place", "field_id", "description", "since", "contact_email")


class ConcernRefused(Exception):
    """What was asked for does not fit the concern as it stands now; the message is a sentence for people."""


def report_concern(concern: Concern, *, by: User | None, photo: bytes = b"", alt_text: str = "") -> Concern:
    """Store a new concern with its first step and tell the people in charge; the stored one.

    The same report sent twice is stored once. The same key with other content is a report of its own: the form came
    back by the browser's Back button. Raises PhotoRefused, and then nothing is stored.
    """
    concern.reported_by = by
    stored = _stored(concern)
    if stored and (not photo or stored.photos.exists()):
        return stored
    read = read_photo(photo) if photo else None
    if stored and read:  # sent again for the sake of its photo
        attachments.add_reporters_photo(stored, read, alt_text=alt_text)
        return stored
    try:
        return _store(concern, read, alt_text)
    except IntegrityError:  # the twin was faster by a moment
        if stored := _stored(concern):
            return stored
        raise


def _stored(concern: Concern) -> Concern | None:
    stored = Concern.objects.filter(entry_key=concern.entry_key).first()
    if stored and all(getattr(stored, name) == getattr(concern, name) for name in (*TYPED, "reported_by_id")):
        return stored
    if stored:
        concern.entry_key = uuid.uuid4()
    return None


@transaction.atomic
def _store(concern: Concern, photo: ReadPhoto | None, alt_text: str) -> Concern:
    concern.save(force_insert=True)
    concern.steps.create(state=ConcernState.REPORTED, sentence=REPORTED, taken_by=concern.reported_by)
    transaction.on_commit(partial(concern_mails.tell_people_in_charge, concern))
    if concern.contact_email:
        transaction.on_commit(partial(concern_mails.acknowledge, concern))
    if photo:  # last: a row that is refused leaves no file behind
        attachments.add_reporters_photo(concern, photo, alt_text=alt_text)
    return concern


@transaction.atomic
def take_over(concern: Concern, *, by: Mediator) -> Concern:
    """The mediator cares for it from now on; what was only reported is being checked by that.

    Of two who ask in one moment one gets it. Whoever is not appointed any more has let go of it.
    """
    now = timezone.now()
    appointed = Appointment.objects.filter(municipality=concern.municipality_id).in_force_on(
        timezone.localdate(now)
    )
    free = Q(taken_over_by__isnull=True) | ~Q(taken_over_by__in=appointed.values("mediator"))
    open_ones = Concern.objects.filter(pk=concern.pk).open()
    taken = open_ones.filter(free).update(taken_over_by=by, updated_at=now)
    concern.refresh_from_db(fields=["taken_over_by", "state", "closed_at"])
    if not taken:
        if concern.taken_over_by_id == by.pk:
            return concern
        raise ConcernRefused(
            "Dieses Anliegen ist schon abgeschlossen."
            if concern.is_closed
            else "Um dieses Anliegen kümmert sich schon jemand anderes."
        )
    state = ConcernState.CHECKING if concern.state == ConcernState.REPORTED else concern.state
    take_step(concern, state=state, sentence=TAKEN_OVER, by=by.user)
    return concern


@transaction.atomic
def take_step(
    concern: Concern,
    *,
    state: str,
    sentence: str,
    by: User,
    seen: str = "",
    promised_until: dt.date | None = None,
) -> ConcernStep:
    """Move the concern to `state`, or answer while it stays where it is, with a sentence that the reporter reads, too.

    `seen` is the state in which the person saw it, by default that of `concern`: if somebody has moved it meanwhile,
    this raises ConcernRefused. The same step sent twice is taken once. `promised_until` is the day of a promise.
    """
    seen = seen or concern.state
    if state not in possible_states(seen):
        raise ConcernRefused(
            "Dieser Schritt ist jetzt nicht möglich. Bitte öffnen Sie das Anliegen noch einmal."
        )
    if state == ConcernState.PROMISED and seen != state and not promised_until:
        raise ConcernRefused("Zu einer Zusage gehört ein Datum.")
    changes = _changes(seen, state, promised_until)
    moved = Concern.objects.filter(pk=concern.pk, state=seen).update(**changes)
    last = concern.steps.last()  # the UPDATE holds the row: nobody steps in between
    concern.refresh_from_db(fields=["state", "closed_at", "promised_until", "updated_at"])
    if last and (last.state, last.sentence, last.taken_by_id) == (state, sentence, by.pk):
        return last
    if not moved:
        raise ConcernRefused(
            f"Jemand anderes war schneller. Der Stand ist jetzt: {concern.get_state_display()}."
        )
    step = concern.steps.create(state=state, sentence=sentence, taken_by=by)
    if concern.contact_email:
        transaction.on_commit(partial(concern_mails.tell_reporter, concern, step))
    return step


def possible_states(seen: str) -> tuple[str, ...]:
    """Where a step may lead from `seen`; the state itself for an answer, once somebody has looked at the concern."""
    stays = () if seen == ConcernState.REPORTED else (seen,)
    return (*STEPS.get(seen, ()), *stays)


def _changes(seen: str, state: str, promised_until: dt.date | None) -> dict[str, object]:
    now = timezone.now()
    changes: dict[str, object] = {"updated_at": now}
    if promised_until and state == ConcernState.PROMISED:
        changes["promised_until"] = promised_until
    if state != seen:
        changes["state"] = state
        changes["closed_at"] = now if state in ConcernState.closed else None
        if state == ConcernState.CHECKING:
            changes["promised_until"] = None
    return changes


@transaction.atomic
def publish(
    concern: Concern,
    *,
    title: str,
    place: str,
    description: str,
    public_sentence: str = "",
    photos: Iterable[ConcernPhoto] = (),
) -> None:
    """Anybody may read these words from now on, on the town's page, and see these photos. Not before somebody has
    looked at the concern, and not while it moves: the sentence is about the state that `concern` has here.
    """
    texts = {"title": title, "place": place, "description": description, "public_sentence": public_sentence}
    if concern.state == ConcernState.REPORTED:
        raise ConcernRefused("Bitte prüfen Sie das Anliegen zuerst: Der Stand ist noch „gemeldet“.")
    here = Concern.objects.filter(pk=concern.pk, state=concern.state)
    if not here.update(is_public=True, updated_at=timezone.now(), **texts):
        raise ConcernRefused("Der Stand hat sich gerade geändert. Bitte öffnen Sie das Anliegen noch einmal.")
    shown = [photo.pk for photo in photos]
    from_within = concern.photos.from_within()
    from_within.filter(is_public=True).exclude(pk__in=shown).update(is_public=False)
    from_within.filter(is_public=False, pk__in=shown).update(is_public=True)


def tell_all(concern: Concern, step: ConcernStep) -> None:
    """Anybody may read the step's sentence on the town's page, as long as the concern stays in its state."""
    still_there = Concern.objects.filter(pk=concern.pk, is_public=True, state=step.state)
    still_there.update(public_sentence=step.sentence)


def unpublish(concern: Concern) -> None:
    Concern.objects.filter(pk=concern.pk).update(is_public=False, updated_at=timezone.now())


@transaction.atomic
def delete_spam(concern: Concern, *, by: User) -> TrashItem | None:
    """Only what nobody has taken up yet: everything later is somebody's work and stays."""
    removable = Concern.objects.removable().select_for_update(of=("self",)).filter(pk=concern.pk).first()
    if removable is None and Concern.objects.filter(pk=concern.pk).exists():
        raise ConcernRefused("Das Anliegen ist schon in Arbeit. Es lässt sich nicht mehr löschen.")
    return discard(concern, by=by)


def office_named(town: Municipality, name: str) -> Organisation | None:
    """The organisation of this name in the town's county, new if there is none."""
    if not name:
        return None
    known = Organisation.objects.filter(county=town.county_id, name__iexact=name)
    try:
        with transaction.atomic():
            return known.first() or Organisation.objects.create(county_id=town.county_id, name=name)
    except IntegrityError:
        return known.get()


def forget_reporters(now: dt.datetime, *, dry_run: bool = False) -> int:
    """Delete the e-mail addresses of concerns that were closed more than six months ago; how many."""
    old = Concern.objects.with_address_closed_before(months_before(now, MONTHS_OF_AN_ADDRESS))
    return old.count() if dry_run else old.update(contact_email="")


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    return months_after(moment, -months)


def months_after(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and hour that many months later; the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
