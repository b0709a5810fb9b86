"""A duration as people write it: "1h30", "1½ Std.", "anderthalb Stunden", "14–16 Uhr"."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import NamedTuple

from kiv_portal.written.reading import NUMBER_WORDS, Unclear, one_of, spelled

MINUTES_PER_HOUR = 60
MOST_BARE_HOURS = 8  # a bare number up to here may be hours as well as minutes
FIRST_HOUR_OF_DAY = 7  # from here on "9:30" may be a time of day as well as a duration, and "9-12" is one

NOT_UNDERSTOOD = (
    "Diese Dauer verstehen wir nicht. Bitte schreiben Sie zum Beispiel 90, 1h30, 1,5 Stunden oder 14–16 Uhr."
)
HOW_MANY_HOURS = "Wie viele Stunden waren das? Bitte schreiben Sie zum Beispiel 4 Stunden."
WHEN_DID_IT_END = (
    "Das ist eine Uhrzeit. Bitte schreiben Sie auch das Ende, zum Beispiel „14:30–16 Uhr“, "
    "oder wie lange es gedauert hat."
)
END_BEFORE_START = "Das Ende liegt vor dem Beginn. Ging es über Mitternacht, schreiben Sie bitte die Dauer."
CLOCK_OR_LENGTH = "Sind das Uhrzeiten, oder ist es eine Spanne? Bitte wählen Sie."
ONE_DURATION = "Bitte geben Sie eine einzige Dauer an."

_HALVES = {
    "anderthalb": Fraction(3, 2),
    "eineinhalb": Fraction(3, 2),
    "einundeinhalb": Fraction(3, 2),
    **{f"{word}einhalb": Fraction(2 * n + 1, 2) for word, n in NUMBER_WORDS.items() if 2 <= n <= 9},
    "dreiviertel": Fraction(3, 4),
    "halbe": Fraction(1, 2),
    "halben": Fraction(1, 2),
}
_AMOUNTS = {**{word: Fraction(number) for word, number in NUMBER_WORDS.items()}, **_HALVES}
_SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_NOUNS = {"viertelstunde": 15, "dreiviertelstunde": 45, "halbstunde": 30}
_UNITS = {
    **dict.fromkeys(("stunden", "stunde", "stdn", "std", "h"), 60),
    **dict.fromkeys(("minuten", "minute", "min", "m", "'", "’", "′"), 1),
}

_AROUND = re.compile(
    r"^(?:(?:ca|circa|zirka|etwa|ungefähr|ungef|rund|gut|knapp|fast|insgesamt)\b\.? ?|[~≈] ?)+"
    r"|[ ,]*(?:lang|lange|insgesamt)$"
)
_AMOUNT = (
    r"\d+ (?:und )?\d/\d|\d/\d|\d+(?:[.,]\d+)?"
    rf"|(?:(?:ein|eine|einer) )?(?:{one_of(*_HALVES)})|{one_of(*NUMBER_WORDS)}"
)
_UNIT = rf"(?:{one_of(*_UNITS)})\.?"
_PART = re.compile(
    rf"(?P<amount>{_AMOUNT}) ?(?P<unit>{_UNIT})(?![^\W\d])|(?:eine?r? )?(?P<noun>{one_of(*_NOUNS)})"
)
_BETWEEN = re.compile(r" ?(?:,|und)? ?")
_MINUTES_BEHIND = re.compile(r"\d{1,2}")
_COLON = re.compile(r"(\d{1,2}):(\d{2})(?P<unit> ?(?:h|std|stunden?)\.?)?")
_BARE = re.compile(r"\d{1,4}")
_BARE_DECIMAL = re.compile(rf"\d{{1,2}}[.,]\d+|\d{{1,2}} \d/\d|\d/\d|{one_of(*_HALVES)}")
_UNCERTAIN_DECIMAL = re.compile(r"(\d{1,2})[.,]([0-5]\d)(?= ?(?:h|std|stunden?|$))")
_QUARTERS = ("00", "25", "50", "75")
_DAYS = re.compile(
    r"(?:(?:einen?|ein|den|der|ganzer?|ganzen|halber?|halben|\d+) )*"
    r"(?:arbeits)?(?:tage?|vormittag|nachmittag|abend|morgen)"
)

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?( ?uhr)?(?: ?(\d{2}))?"
_TO = r" ?(?:-|–|—|bis) ?(?:ca\.? )?"
_FROM_TO = re.compile(rf"(?P<said>von |ab )?{_TIME}{_TO}{_TIME}")
_TIME_ALONE = re.compile(r"(?:um |ab |gegen )?\d{1,2}(?:[:.]\d{2})? ?uhr(?: ?\d{2})?")
_TIME_AND_LENGTH = re.compile(
    r"(?:um |ab |gegen )?(\d{1,2})(?:[:.](\d{2}))? ?uhr[, ]+(?P<length>\D*\d.*|.*stunde.*)"
)
_LENGTHS = re.compile(
    rf"(?P<low>\d{{1,4}}(?:,\d)?) ?(?:{_UNIT})? ?(?:-|–|—|bis|oder) ?(?P<high>\d{{1,4}}(?:,\d)?) ?(?P<unit>{_UNIT})"
)


class Duration(NamedTuple):
    """Whole minutes, and when it began where the text says so."""

    minutes: int
    starts_at: dt.time | None = None


def read_duration(text: str, *, bare_is: str = "") -> Duration | Unclear:
    """The duration that the text means. `bare_is`: "Stunden" or "Minuten", where the person has said what a number
    without a unit is; a small one is asked about otherwise.
    """
    text = _AROUND.sub("", spelled(text)).strip()
    for sign, written in _SIGNS.items():
        text = re.sub(rf"(?<=\d) ?{sign}", f" {written}", text).replace(sign, written)
    if match := _FROM_TO.fullmatch(text):
        return _from_to(text, match)
    if match := _TIME_AND_LENGTH.fullmatch(text):
        return _time_and_length(match)
    if _TIME_ALONE.fullmatch(text):
        return Unclear(WHEN_DID_IT_END)
    if match := _LENGTHS.fullmatch(text):
        unit = _UNITS[match["unit"].rstrip(".")]
        both = (_round(Fraction(match[end].replace(",", ".")) * unit) for end in ("low", "high"))
        return Unclear(ONE_DURATION, tuple(hours_and_minutes(minutes) for minutes in both))
    if match := _COLON.fullmatch(text):
        return _of_colon(match)
    if bare_is != "Stunden" and (match := _UNCERTAIN_DECIMAL.match(text)) and match[2] not in _QUARTERS:
        return _of_uncertain_decimal(match)
    if _BARE.fullmatch(text):
        return _of_bare(int(text), bare_is)
    if _BARE_DECIMAL.fullmatch(text) and (amount := _amount(text)) is not None:
        return Duration(_round(amount * (1 if bare_is == "Minuten" else MINUTES_PER_HOUR)))
    if _DAYS.fullmatch(text):
        return Unclear(HOW_MANY_HOURS)
    minutes = _of_parts(text)
    return Unclear(NOT_UNDERSTOOD) if minutes is None else Duration(minutes)


def hours_and_minutes(minutes: int) -> str:
    """ "1 Stunde 30 Minuten": clear by itself, and read as this duration again."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    parts = (
        f"{hours} {'Stunde' if hours == 1 else 'Stunden'}" if hours else "",
        f"{rest} {'Minute' if rest == 1 else 'Minuten'}" if rest or not hours else "",
    )
    return " ".join(filter(None, parts))


def _from_to(text: str, match: re.Match[str]) -> Duration | Unclear:
    said, hour, minute, word, behind, to_hour, to_minute, to_word, to_behind = match.groups()
    start = _time(hour, minute or (behind if word else None))
    end = _time(to_hour, to_minute or (to_behind if to_word else None))
    if start is None or end is None or (behind and not word) or (to_behind and not to_word):
        return Unclear(NOT_UNDERSTOOD)
    is_clock = bool(said or word or to_word or minute or to_minute)
    if not is_clock and start < FIRST_HOUR_OF_DAY * MINUTES_PER_HOUR:
        return Unclear(CLOCK_OR_LENGTH, (f"{hour}–{to_hour} Uhr", *_lengths(int(hour), int(to_hour))))
    if end <= start:
        return Unclear(END_BEFORE_START)
    return Duration(end - start, dt.time(start // MINUTES_PER_HOUR, start % MINUTES_PER_HOUR))


def _lengths(low: int, high: int) -> tuple[str, str]:
    return hours_and_minutes(low * MINUTES_PER_HOUR), hours_and_minutes(high * MINUTES_PER_HOUR)


def _time(hour: str, minute: str | None) -> int | None:
    """Minutes since midnight; an end at 24 o'clock is one."""
    minutes = int(hour) * MINUTES_PER_HOUR + int(minute or 0)
    return minutes if int(minute or 0) < MINUTES_PER_HOUR and minutes <= 24 * MINUTES_PER_HOUR else None


def _time_and_length(match: re.Match[str]) -> Duration | Unclear:
    start, length = _time(match[1], match[2]), read_duration(match["length"])
    if start is None or start == 24 * MINUTES_PER_HOUR:
        return Unclear(NOT_UNDERSTOOD)
    if isinstance(length, Unclear) or length.starts_at:
        return length if isinstance(length, Unclear) else Unclear(NOT_UNDERSTOOD)
    return Duration(length.minutes, dt.time(start // MINUTES_PER_HOUR, start % MINUTES_PER_HOUR))


def _of_colon(match: re.Match[str]) -> Duration | Unclear:
    hours, minutes = int(match[1]), int(match[2])
    if minutes >= MINUTES_PER_HOUR:
        return Unclear(NOT_UNDERSTOOD)
    total = hours * MINUTES_PER_HOUR + minutes
    if hours >= FIRST_HOUR_OF_DAY and not match["unit"]:
        written = hours_and_minutes(total)
        return Unclear(
            f"Ist {match[1]}:{match[2]} eine Uhrzeit? Dann schreiben Sie bitte auch das Ende, zum Beispiel "
            f"„{match[1]}:{match[2]}–{min(hours + 1, 24)}:{match[2]} Uhr“. Oder dauerte es {written}?",
            (written,),
        )
    return Duration(total)


def _of_uncertain_decimal(match: re.Match[str]) -> Unclear:
    """Who writes 1.30 means 1:30 as often as 1,3."""
    whole, part = int(match[1]), int(match[2])
    as_minutes = hours_and_minutes(whole * MINUTES_PER_HOUR + part)
    as_decimal = hours_and_minutes(_round(Fraction(whole * 100 + part, 100) * MINUTES_PER_HOUR))
    return Unclear(f"Meinen Sie {as_minutes} oder {whole},{match[2]} Stunden?", (as_minutes, as_decimal))


def _of_bare(number: int, bare_is: str) -> Duration | Unclear:
    if bare_is == "Stunden":
        return Duration(number * MINUTES_PER_HOUR)
    if bare_is == "Minuten" or not 1 <= number <= MOST_BARE_HOURS:
        return Duration(number)
    hours, minutes = hours_and_minutes(number * MINUTES_PER_HOUR), hours_and_minutes(number)
    return Unclear(f"Meinen Sie {hours} oder {minutes}?", (hours, minutes))


def _of_parts(text: str) -> int | None:
    """One amount with its unit behind the other; minutes behind hours need none."""
    if not text:
        return None
    total, at, has_hours = Fraction(0), 0, False
    while at < len(text):
        if has_hours and _MINUTES_BEHIND.fullmatch(text, at):
            minutes = int(text[at:])
            return _round(total + minutes) if minutes < MINUTES_PER_HOUR else None
        match = _PART.match(text, at)
        if match is None:
            return None
        if match["noun"]:
            total += _NOUNS[match["noun"]]
        else:
            unit = _UNITS[match["unit"].rstrip(".")]
            amount = _amount(match["amount"])
            if amount is None:
                return None
            total += amount * unit
            has_hours = unit == MINUTES_PER_HOUR
        between = _BETWEEN.match(text, match.end())
        at = between.end() if between else match.end()
    return _round(total)


def _amount(text: str) -> Fraction | None:
    """ "1,5", "1 1/2", "eine halbe", "anderthalb"; None for a fraction of nothing."""
    if "/" in text:
        *whole, part = text.replace(" und ", " ").split()
        above, below = part.split("/")
        return sum(map(int, whole)) + Fraction(int(above), int(below)) if int(below) else None
    if text[0].isdecimal():
        return Fraction(text.replace(",", "."))
    return _AMOUNTS[text] if text in _AMOUNTS else _AMOUNTS[text.split()[-1]]


def _round(minutes: Fraction) -> int:
    """Halves up, as people do it."""
    return int(minutes + Fraction(1, 2))
