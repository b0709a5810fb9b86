"""Numbers, dates and units as they are printed in German; no locale setting can change them."""

import datetime
import math
from collections.abc import Sequence

NBSP = "\u00a0"
SMALLEST_GROUP = 5
MINUTES_A_TENTH = 6  # of an hour

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
NUMERALS = (
    "keine", "eine", "zwei", "drei", "vier", "fünf", "sechs",
    "sieben", "acht", "neun", "zehn", "elf", "zwölf",
)  # fmt: skip


def number(value: int | float, decimals: int = 0) -> str:
    """1234.5 → "1.234,5"; halves are rounded away from zero, as people do it."""
    scaled = math.floor(abs(value) * 10**decimals + 0.5)
    whole, fraction = divmod(scaled, 10**decimals)
    text = f"{whole:,}".replace(",", ".")
    if decimals:
        text += f",{fraction:0{decimals}d}"
    return f"−{text}" if value < 0 and scaled else text


def count(value: int, one: str, many: str) -> str:
    """Number and noun, held together: "1 Aktivität", "87 Aktivitäten"."""
    return f"{number(value)}{NBSP}{one if value == 1 else many}"


def in_words(value: int) -> str:
    return NUMERALS[value] if 0 <= value < len(NUMERALS) else number(value)


def whole_hours(minutes: int) -> int:
    """Minutes as whole hours, halves rounded up as in `number`: 150 → 3."""
    return (minutes + 30) // 60


def hours(minutes: int) -> str:
    """Minutes as hours with one decimal: 1234 → "20,6"."""
    return number(minutes / 60, 1)


def hours_of_rows(minutes: Sequence[int]) -> list[str]:
    """`hours` of the rows of a table, which add up to `hours` of their sum: largest remainders go up.

    No minutes are negative.
    """
    parts = [divmod(value, MINUTES_A_TENTH) for value in minutes]
    missing = math.floor(sum(minutes) / MINUTES_A_TENTH + 0.5) - sum(tenths for tenths, _ in parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    rounded_up = set(by_remainder[:missing])
    return [number((tenths + (place in rounded_up)) / 10, 1) for place, (tenths, _) in enumerate(parts)]


def hours_with_unit(minutes: int) -> str:
    """Whole hours in sentences (from ten on), one decimal below."""
    text = number(whole_hours(minutes)) if minutes >= 600 else hours(minutes).removesuffix(",0")
    return f"{text}{NBSP}{'Stunde' if text == '1' else 'Stunden'}"


def euros(cents: int) -> str:
    """Whole euros without a comma: 14050 → "140,50 Euro", 14000 → "140 Euro"."""
    return f"{number(cents / 100, 2 if cents % 100 else 0)}{NBSP}Euro"


def percent(part: int, whole: int) -> str:
    return f"{number(100 * part / whole)}{NBSP}%"


def date(value: datetime.date | str) -> str:
    """ "2021-10-01" → "01.10.2021"."""
    return _date(value).strftime("%d.%m.%Y")


def long_date(value: datetime.date | str) -> str:
    """ "2021-10-01" → "1. Oktober 2021"."""
    day = _date(value)
    return f"{day.day}.{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def month(value: str) -> str:
    """ "2021-10" → "Oktober 2021"."""
    year, number_of_month = value.split("-")
    return f"{MONTHS[int(number_of_month) - 1]}{NBSP}{year}"


def short_month(value: str) -> str:
    """ "2021-10" → "Okt 2021", with a space that may break."""
    year, number_of_month = value.split("-")
    return f"{MONTHS[int(number_of_month) - 1][:3]} {year}"


def people(value: int | None) -> str:
    """Groups of one to four people are never shown as a number."""
    if value is None:
        return "nicht gezählt"
    if 0 < value < SMALLEST_GROUP:
        return f"unter{NBSP}{SMALLEST_GROUP}"
    return number(value)


def enumeration(parts: list[str], *, last: str = "und") -> str:
    """["a", "b", "c"] → "a, b und c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _date(value: datetime.date | str) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
