"""What happened to a concern, as people read it: its steps, and what who reported it said in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from activities.concerns.models import Concern, ConcernState, ConcernStep
from activities.concerns.office_models import OfficeReminder
from activities.concerns.reporter_models import ReporterMessage
from activities.concerns.reporter_services import OPENED_AGAIN, WITHDRAWN

BY_FORM = "über das öffentliche Formular"
BY_REPORTER = "die Person, die es gemeldet hat"
TEXT_REMOVED = "Dieser Text ist entfernt."
TO_THE_REPORTER = {
    WITHDRAWN: "Sie haben die Meldung zurückgezogen.",
    OPENED_AGAIN: "Wir sehen noch einmal nach.",
}


@dataclass(frozen=True)
class Event:
    """`who` in words, "" where the page does not say it."""

    head: str
    at: dt.datetime
    text: str
    who: str = ""
    is_of_reporter: bool = False
    removable: int | None = None  # the key of a message whose text may be taken away


def timeline_for_people(
    concern: Concern, steps: Iterable[ConcernStep], reminders: Iterable[OfficeReminder]
) -> list[Event]:
    """For those who work on it, the oldest first."""
    events = [Event(step.get_state_display(), step.taken_at, step.sentence, _who(step)) for step in steps]
    events += [_said(message, BY_REPORTER) for message in concern.messages.all()]
    events += [_reminded(reminder) for reminder in reminders if not reminder.has_failed]
    return _in_order(events)


def timeline_for_reporter(concern: Concern) -> list[Event]:
    """Without a name of anybody."""
    steps = concern.steps.only("state", "sentence", "taken_at", "concern")
    events = [
        Event(step.get_state_display(), step.taken_at, TO_THE_REPORTER.get(step.sentence, step.sentence))
        for step in steps
    ]
    return _in_order([*events, *(_said(message, "von Ihnen") for message in concern.messages.all())])


def _who(step: ConcernStep) -> str:
    if step.taken_by:
        return str(step.taken_by)
    return BY_FORM if step.state == ConcernState.REPORTED else BY_REPORTER


def _said(message: ReporterMessage, who: str) -> Event:
    return Event(
        message.get_kind_display(),
        message.said_at,
        TEXT_REMOVED if message.text_removed_at else message.text,
        who,
        is_of_reporter=True,
        removable=message.pk if message.text else None,
    )


def _reminded(reminder: OfficeReminder) -> Event:
    return Event(f"{reminder.office} erinnert", reminder.created_at, reminder.text, str(reminder.sent_by))


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.at)
