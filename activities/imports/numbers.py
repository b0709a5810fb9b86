"""Durations and amounts as they stand in tables: computed to many places, or with a dot that means two things."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import NamedTuple

from activities.imports.remarks import Refused, not_clear, short
from kiv_portal.ui.fields import EurosField, parse_euros
from kiv_portal.written.durations import read_duration
from kiv_portal.written.reading import Unclear

TIME_CELL = re.compile(r"(\d{1,2}:\d{2})(:\d{2})?")
DECIMAL = re.compile(r"(\d{1,4}[.,]\d{1,20}) ?(h|std|stunden?|min|minuten?)?\.?", re.IGNORECASE)
MINUTES_PER_HOUR = 60

EURO = r"\s*(?:€|euro|eur)?"
ONE_GROUP = re.compile(rf"(\d{{1,3}})\.(\d{{3}}){EURO}", re.IGNORECASE)
MANY_PLACES = re.compile(
    rf"(\d{{1,3}}(?:\.\d{{3}})+|\d{{1,9}})(?:,|\.(?!\d{{3}}(?!\d)))(\d{{3,20}}){EURO}", re.IGNORECASE
)


class Reading(NamedTuple):
    """Minutes or cents; what was made of the text, and what else it could mean."""

    value: int
    starts_at: dt.time | None = None
    hint: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()


def duration_of(text: str, label: str, *, bare_is: str, target: str) -> Reading:
    """`bare_is`: the unit of a number without one, or "". Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused(f"Es fehlt die {label}.", target)
    if match := TIME_CELL.fullmatch(
        text
    ):  # in a column of durations it is one, whatever it would be elsewhere
        text = f"{match[1]} h"
    decimal = DECIMAL.fullmatch(text)
    unit = _unit(decimal, bare_is)
    read = read_duration(text[:60], bare_is=bare_is)
    if isinstance(read, Unclear) and decimal and len(read.choices) == 2:
        return _either_way(text, decimal, read, label)
    if decimal and not decimal[2]:
        read = read_duration(text[:60], bare_is=unit)
    if isinstance(read, Unclear):
        raise Refused(not_clear(read, f"Die {label} „{short(text)}“"), target, read.choices)
    hint = _of_decimal(decimal, unit, read.minutes, f"Die {label} „{short(text)}“", is_said=bool(bare_is))
    return Reading(read.minutes, read.starts_at, hint)


def _unit(decimal: re.Match[str] | None, bare_is: str) -> str:
    """A decimal without a unit is one of hours, unless the person has said minutes."""
    if decimal is None:
        return bare_is
    if decimal[2]:
        return "Minuten" if decimal[2].lower().startswith("min") else "Stunden"
    return bare_is or "Stunden"


def _either_way(text: str, decimal: re.Match[str], unclear: Unclear, label: str) -> Reading:
    """ "1,30" may be an hour and a half or 78 minutes: read as the number it is, and asked about."""
    minutes = _whole(_exact(decimal, "Stunden"))
    return Reading(minutes, question=f"Die {label} „{text}“: {unclear.sentence}", choices=unclear.choices)


def _of_decimal(decimal: re.Match[str] | None, unit: str, minutes: int, what: str, *, is_said: bool) -> str:
    """What is worth a hint: the unit, where nobody has said it, and that minutes were rounded."""
    if decimal is None:
        return ""
    is_rounded = _exact(decimal, unit).denominator != 1
    read = f"{minutes} {'Minute' if minutes == 1 else 'Minuten'}"
    if not is_said and not decimal[2]:
        return f"{what} lesen wir als Stunden{', gerundet' if is_rounded else ''}: {read}."
    return f"{what} runden wir auf {read}." if is_rounded else ""


def _exact(decimal: re.Match[str], unit: str) -> Fraction:
    return Fraction(decimal[1].replace(",", ".")) * (1 if unit == "Minuten" else MINUTES_PER_HOUR)


def _whole(exact: Fraction) -> int:
    """Halves up, as people do it."""
    return int(exact + Fraction(1, 2))


def euros_of(text: str) -> Reading | None:
    """Cents; None for what is no amount."""
    text = " ".join(text.split())[:60]
    if match := ONE_GROUP.fullmatch(text):
        return _thousand_or_places(text, match)
    if match := MANY_PLACES.fullmatch(text):
        return _rounded(text, match)
    cents = parse_euros(text[:40])
    return None if cents is None else Reading(cents)


def _thousand_or_places(text: str, match: re.Match[str]) -> Reading:
    """In German the dot groups thousands, in tables of many programs it begins the decimal places."""
    thousands = int(match[1] + match[2]) * 100
    places = _whole(Fraction(f"{match[1]}.{match[2]}") * 100)
    both = (f"{_euros(thousands)} Euro", f"{_euros(places)} Euro")
    return Reading(
        thousands if thousands <= EurosField.most_cents else places,
        question=f"Der Betrag „{short(text)}“: Meinen Sie {both[0]} oder {both[1]}?",
        choices=both,
    )


def _rounded(text: str, match: re.Match[str]) -> Reading:
    exact = Fraction(f"{match[1].replace('.', '')}.{match[2]}") * 100
    cents = _whole(exact)
    hint = (
        "" if exact.denominator == 1 else f"Den Betrag „{short(text)}“ runden wir auf {_euros(cents)} Euro."
    )
    return Reading(cents, hint=hint)


def _euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", ".") + f",{rest:02d}"
