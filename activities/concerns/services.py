"""Concerns: from a report to what became of it. Every change of state is a dated step, written in one transaction."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
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
DAYS_OF_A_WITHDRAWN = 30  # kept where nobody has worked on it, as in the bin
REPORTED = "Das Anliegen ist gemeldet."
CLOCK_OF_OFFICE = ("office_asked_on", "late_reply_told_at")
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
    concern_mails.tell_people_in_charge(concern)
    if concern.contact_email:
        concern_mails.acknowledge(concern)
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
    by: User | None,
    seen: str = "",
    promised_until: dt.date | None = None,
    office_has_answered: bool = False,
) -> ConcernStep:
    """Move the concern to `state`, or answer while it stays where it is, with a sentence that the reporter reads, too.

    `by` is None where who reported it takes the step, and needs no e-mail about it. `seen` is the state in which the
    person saw it, by default that of `concern`: if somebody has moved it meanwhile, this raises ConcernRefused. The
    same step sent twice is taken once. `promised_until` is the day of a promise. If the office has answered, its period
    for a reply begins anew.
    """
    seen = seen or concern.state
    if state not in possible_states(seen) and not (by is None and state in STEPS.get(seen, ())):
        raise ConcernRefused(
            "Dieser Schritt ist jetzt nicht möglich. Bitte öffnen Sie das Anliegen noch einmal."
        )
    if state == ConcernState.PROMISED and seen != state and not promised_until:
        raise ConcernRefused("Zu einer Zusage gehört ein Datum.")
    changes = _changes(concern, seen, state, promised_until, office_has_answered=office_has_answered)
    moved = Concern.objects.filter(pk=concern.pk, state=seen).update(**changes)
    last = concern.steps.last()  # the UPDATE holds the row: nobody steps in between
    concern.refresh_from_db(
        fields=[*("state", "closed_at", "promised_until", "updated_at"), *CLOCK_OF_OFFICE]
    )
    if last and (last.state, last.sentence, last.taken_by_id) == (state, sentence, by and by.pk):
        return last
    if not moved:
        raise ConcernRefused(
            f"Jemand anderes war schneller. Der Stand ist jetzt: {concern.get_state_display()}."
        )
    step = concern.steps.create(state=state, sentence=sentence, taken_by=by)
    if concern.contact_email and by:
        concern_mails.tell_reporter(concern, step)
    return step


def possible_states(seen: str) -> tuple[str, ...]:
    """Where people of the portal may take it from `seen`; the state itself for an answer, once somebody has looked at
    the concern. Nobody answers who has withdrawn it.
    """
    following = tuple(state for state in STEPS.get(seen, ()) if state != ConcernState.WITHDRAWN)
    return following if seen in ConcernState.not_worked_on else (*following, seen)


def _changes(
    concern: Concern,
    seen: str,
    state: str,
    promised_until: dt.date | None,
    *,
    office_has_answered: bool,
) -> dict[str, object]:
    now = timezone.now()
    changes: dict[str, object] = {"updated_at": now}
    if state != seen or office_has_answered:
        changes |= clock_of_office(state, concern.office_id, timezone.localdate(now))
    if promised_until and state == ConcernState.PROMISED:
        changes["promised_until"] = promised_until
    if state != seen:
        changes["state"] = state
        changes["closed_at"] = now if state in ConcernState.closed else None
        if state == ConcernState.CHECKING:
            changes["promised_until"] = None
    return changes


def clock_of_office(state: str, office_id: int | None, today: dt.date) -> dict[str, dt.date | None]:
    """The columns of CLOCK_OF_OFFICE: from today on, if an office is to say something."""
    is_asked = state == ConcernState.CHECKING and office_id is not None
    return {"office_asked_on": today if is_asked else None, "late_reply_told_at": None}


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
    if concern.state == ConcernState.WITHDRAWN:
        raise ConcernRefused("Die Meldung ist zurückgezogen. Sie kann nicht öffentlich werden.")
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
    removable = Concern.objects.not_worked_on().select_for_update(of=("self",)).filter(pk=concern.pk).first()
    if removable is None and Concern.objects.filter(pk=concern.pk).exists():
        raise ConcernRefused("Das Anliegen ist schon in Arbeit. Es lässt sich nicht mehr löschen.")
    concern_mails.forget_reporter([concern.pk])
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
    if dry_run:
        return old.count()
    with transaction.atomic():
        concern_mails.forget_reporter(old.values_list("pk", flat=True))
        return old.update(contact_email="")


def delete_withdrawn(now: dt.datetime, *, dry_run: bool = False) -> int:
    """Delete for good what was withdrawn more than thirty days ago, before anybody had worked on it; how many."""
    before = now - dt.timedelta(days=DAYS_OF_A_WITHDRAWN)
    old = Concern.objects.not_worked_on().filter(state=ConcernState.WITHDRAWN, closed_at__lt=before)
    if dry_run:
        return old.count()
    return sum(_deleted_with_photos(concern) for concern in old)


@transaction.atomic
def _deleted_with_photos(concern: Concern) -> int:
    """Of the files the nightly sweep takes what no row names."""
    row = Concern.objects.not_worked_on().select_for_update(of=("self",)).filter(pk=concern.pk).first()
    return row.delete()[1].get("activities.Concern", 0) if row else 0


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    return months_after(moment, -months)


def months_after(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and hour that many months later; the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
