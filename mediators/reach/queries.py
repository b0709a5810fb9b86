"""How to reach the mediators of a town today, as anybody may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from mediators.people.models import Appointment
from mediators.reach.access import WAY
from mediators.reach.dates import FAR, VisitingDate, dates_from, next_dates
from mediators.reach.models import MeetingRoom, VisitingHours
from mediators.reach.words import rule_in_words
from municipalities.models import Municipality

SHOWN = 3  # dates on the page of a town


@dataclass(frozen=True)
class Phone:
    """`name` is the person's whose telephone it is; "" for that of the post."""

    number: str
    name: str = ""


@dataclass(frozen=True)
class PartOfTheWay:
    """What is known of one part of the way into a room."""

    label: str
    answer: str
    is_good: bool


@dataclass(frozen=True)
class WayIn:
    """A room with the parts of the way that somebody has described, and the names of the others."""

    room: MeetingRoom
    known: list[PartOfTheWay]
    unknown: list[str]


@dataclass(frozen=True)
class Rule:
    """The rule of a consultation hour as people say it."""

    hours: VisitingHours
    words: str


@dataclass(frozen=True)
class Reach:
    """`mediators` are those of today; without any, nothing of theirs is told, and the town hall stands in."""

    town: Municipality
    mediators: list[str]
    phones: list[Phone]
    rules: list[Rule]
    dates: list[VisitingDate]
    ways_in: list[WayIn]

    @property
    def is_vacant(self) -> bool:
        return not self.mediators

    @property
    def email(self) -> str:
        return "" if self.is_vacant else self.town.post_email

    @property
    def has_own_way(self) -> bool:
        return bool(self.email or self.phones or self.rules)

    @property
    def shows_hall(self) -> bool:
        """Where nobody else is to be reached."""
        return bool(self.town.hall_email or self.town.hall_phone) and not self.has_own_way


def reach_of(town: Municipality, now: dt.datetime) -> Reach:
    """Three queries, whatever the number of rows."""
    today = timezone.localdate(now)
    appointments = appointed_on(town, today)
    hours = hours_of(town, today) if appointments else []
    dates = next_dates((date for date in coming_dates(hours, today) if not _is_over(date, now)), SHOWN)
    return Reach(
        town=town,
        mediators=[str(appointment.mediator) for appointment in appointments],
        phones=phones_of(town, appointments),
        rules=[Rule(row, rule_in_words(row)) for row in hours],
        dates=dates,
        ways_in=[way_into(room) for room in {row.room_id: row.room for row in hours}.values()],
    )


def appointed_on(town: Municipality, day: dt.date) -> list[Appointment]:
    """With their people. One query."""
    appointments = Appointment.objects.filter(municipality=town).in_force_on(day)
    return list(appointments.select_related("mediator__user"))


def hours_of(town: Municipality, today: dt.date) -> list[VisitingHours]:
    """Of everybody who is appointed today, with room, person and exceptions. Two queries."""
    held = VisitingHours.objects.held_on(today).filter(appointment__municipality=town)
    return list(held.select_related("room", "appointment__mediator__user").prefetch_related("changes"))


def coming_dates(hours: Iterable[VisitingHours], today: dt.date) -> list[VisitingDate]:
    """What takes place or falls out from `today` on, as long as the person is appointed."""
    horizon = today + dt.timedelta(days=FAR)
    return [
        date
        for row in hours
        for date in dates_from(
            row, row.changes.all(), today, until=min(horizon, row.appointment.ends_on or horizon)
        )
    ]


def way_into(room: MeetingRoom) -> WayIn:
    known, unknown = [], []
    for name, part in WAY.items():
        answer = getattr(room, name)
        if not answer:
            unknown.append(part.label)
            continue
        text = part.answers(answer).label
        if name == "stop" and room.stop_name:
            text = f"{room.stop_name}, {text}"
        known.append(PartOfTheWay(part.label, text, answer not in part.hinders))
    return WayIn(room, known, unknown)


def _is_over(date: VisitingDate, now: dt.datetime) -> bool:
    local = timezone.localtime(now)
    return date.day == local.date() and date.ends_at <= local.time()


def phones_of(town: Municipality, appointments: list[Appointment]) -> list[Phone]:
    """That of the post, while somebody holds it, and those that people have entered for themselves."""
    of_post = [Phone(town.post_phone)] if town.post_phone and appointments else []
    return of_post + [Phone(a.public_phone, str(a.mediator)) for a in appointments if a.public_phone]
