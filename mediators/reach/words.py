"""Rules and dates of consultation hours as people say them."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from kiv_portal.documents import german
from mediators.reach.models import Rhythm, VisitingHours

ORDINALS = {
    Rhythm.FIRST: "ersten",
    Rhythm.SECOND: "zweiten",
    Rhythm.THIRD: "dritten",
    Rhythm.FOURTH: "vierten",
    Rhythm.LAST: "letzten",
}
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


class Rule(Protocol):
    """On which days: of consultation hours, or of a mediator's series. `weekday` as date.isoweekday()."""

    rhythm: str
    weekday: int
    starts_on: dt.date
    ends_on: dt.date | None


def rule_in_words(hours: VisitingHours) -> str:
    """ "Jeden ersten Dienstag im Monat, 15 bis 17 Uhr" """
    return f"{rhythm_in_words(hours)}, {times_in_words(hours.starts_at, hours.ends_at)}"


def rhythm_in_words(hours: Rule) -> str:
    """ "Jeden ersten Dienstag im Monat" """
    weekday = WEEKDAYS[hours.weekday - 1]
    match hours.rhythm:
        case Rhythm.ONCE:
            return f"Nur am {day_in_words(hours.starts_on)}"
        case Rhythm.WEEKLY:
            return f"Jeden {weekday}"
        case Rhythm.FORTNIGHTLY:
            return f"Alle zwei Wochen am {weekday}"
        case rhythm:
            return f"Jeden {ORDINALS[Rhythm(rhythm)]} {weekday} im Monat"


def times_in_words(starts_at: dt.time, ends_at: dt.time) -> str:
    """ "15 bis 17:30 Uhr" """
    return f"{_clock(starts_at)} bis {_clock(ends_at)} Uhr"


def _clock(time: dt.time) -> str:
    return f"{time.hour}:{time.minute:02d}" if time.minute else str(time.hour)


def day_in_words(day: dt.date) -> str:
    """ "Dienstag, 1. Dezember 2026" """
    return f"{WEEKDAYS[day.weekday()]}, {german.long_date(day)}"
