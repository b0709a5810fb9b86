"""Forgiving form fields: people write dates and durations as they speak."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import unicodedata
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

DATE_FORMATS = [
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d. %m. %Y",
    "%d. %B %Y",
    "%d %m %Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y-%m-%d",
]
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
DAYS_AGO = {"heute": 0, "gestern": 1, "vorgestern": 2}
MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
)
DAY_AND_MONTH = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.?")

HOURS_AND_MINUTES = re.compile(
    r"(\d{1,2})\s*(?::|h|std\.?|stunden?)\s*(?:und\s*)?(\d{1,2})\s*(?:min\.?|minuten?|m|uhr)?"
)
HOURS = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|std\.?|stunden?)")
MINUTES = re.compile(r"(\d{1,4})\s*(?:min\.?|minuten?|m)?")

NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d{1,9})"
PEOPLE = re.compile(
    rf"(?:von\s+)?{NUMBER}(?:\s*(?:-|–|bis)\s*{NUMBER})?"
    r"\s*(?:personen|person|menschen|leute|teilnehmende|gäste)?"
)
ESTIMATED = re.compile(r"\b(?:ca\b\.?|circa|etwa|ungefähr|rund|geschätzt)|[()~≈]")
NOT_COUNTED = ("nicht gezählt", "-", "–")
EUROS = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?(?:,[-–])?\s*(?:€|euro|eur)?")


def one_visible_line(text: str) -> None:
    """Validator for names and titles: something to see, and no sign that steers printers or mixes directions."""
    kinds = [unicodedata.category(character) for character in text]
    steering = any(kind == "Cc" for kind in kinds) or any(character in BIDI_CONTROLS for character in text)
    if steering or all(kind[0] in "ZC" for kind in kinds):
        raise ValidationError("Hier stehen unsichtbare Zeichen. Bitte schreiben Sie den Text noch einmal.")


def parse_day(text: str, today: dt.date, *, is_past: bool = False) -> dt.date | None:
    """A day written as "1.3.22", "1. März 2022", "2022-03-01", "gestern" or without a year as "1.3.": then the
    nearest such day is meant, or, with `is_past`, the latest one gone by.
    """
    text = " ".join(text.lower().split())
    if text in DAYS_AGO:
        return today - dt.timedelta(days=DAYS_AGO[text])
    for number, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"(\d)\.?\s*{month}\s*", rf"\g<1>.{number}.", text)
    if match := DAY_AND_MONTH.fullmatch(text):
        return _without_year(int(match[1]), int(match[2]), today, is_past=is_past)
    for pattern in DATE_FORMATS:
        try:
            return dt.datetime.strptime(text.replace(". ", "."), pattern).date()  # noqa: DTZ007 – a day has no zone
        except ValueError:
            continue
    return None


def _without_year(day: int, month: int, today: dt.date, *, is_past: bool) -> dt.date | None:
    found = []
    for year in range(today.year - 4, today.year + 5):  # 29 February comes every four years
        with contextlib.suppress(ValueError):
            found.append(dt.date(year, month, day))
    allowed = [candidate for candidate in found if not is_past or candidate <= today]
    return min(allowed, key=lambda candidate: abs(candidate - today), default=None)


def parse_minutes(text: str) -> int | None:
    """Whole minutes from "90", "1h30", "1:30", "1,5 Std.", "45 Minuten", "2 Stunden"."""
    text = " ".join(text.lower().split())
    if match := HOURS_AND_MINUTES.fullmatch(text):
        return int(match[1]) * 60 + int(match[2]) if int(match[2]) < 60 else None
    if match := HOURS.fullmatch(text):
        return round(float(match[1].replace(",", ".")) * 60)
    if match := MINUTES.fullmatch(text):
        return int(match[1])
    return None


class PeopleCount(NamedTuple):
    """How many people: a number, or a range if `high` is set; None as `low` means not counted, which is not 0."""

    low: int | None = None
    high: int | None = None
    is_estimated: bool = False

    def __bool__(self) -> bool:
        """Whether somebody counted: 0 people is a count."""
        return self.low is not None

    def __str__(self) -> str:
        if self.low is None:
            return ""
        number = f"{self.low} bis {self.high}" if self.high else f"{self.low}"
        return f"ca. {number}" if self.is_estimated else number


def parse_people(text: str) -> PeopleCount | None:
    """From "12", "ca. 30", "10-20", "etwa 10 bis 20 Personen"; empty or "nicht gezählt" is not counted.

    A range in the wrong order comes back as it is written.
    """
    text = " ".join(text.lower().split())
    if not text or text in NOT_COUNTED:
        return PeopleCount()
    number = " ".join(ESTIMATED.sub(" ", text).split())
    match = PEOPLE.fullmatch(number)
    if match is None:
        return None
    low, high = (int(part.replace(".", "")) if part else None for part in match.groups())
    return PeopleCount(low, None if low == high else high, is_estimated=number != text)


def parse_euros(text: str) -> int | None:
    """Whole cents from "12,50", "12.50", "12", "12 €", "1.200,50"."""
    match = EUROS.fullmatch(" ".join(text.lower().split()))
    if match is None:
        return None
    return int(match[1].replace(".", "")) * 100 + int((match[2] or "0").ljust(2, "0"))


class DayField(forms.DateField):
    """A date in one text field; `is_past` where only days gone by make sense."""

    widget = forms.DateInput(format="%d.%m.%Y", attrs={"size": 12, "autocomplete": "off"})
    default_error_messages = {
        "required": "Bitte geben Sie ein Datum an.",
        "invalid": "Dieses Datum verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022 oder „gestern“.",
    }

    def __init__(self, *, is_past: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_past = is_past

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date) or value in self.empty_values:
            return super().to_python(value)
        day = parse_day(str(value)[:40], timezone.localdate(), is_past=self.is_past)
        if day is None or not 1900 <= day.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MinutesField(forms.CharField):
    """A duration in one text field; cleans to whole minutes."""

    widget = forms.TextInput(attrs={"size": 12, "autocomplete": "off", "inputmode": "text"})
    default_error_messages = {
        "required": "Bitte geben Sie an, wie lange es gedauert hat.",
        "invalid": "Diese Dauer verstehen wir nicht. Bitte schreiben Sie zum Beispiel 90, 1h30 oder 1,5 Stunden.",
    }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            hours, minutes = divmod(value, 60)
            return f"{hours}:{minutes:02d}" if hours else f"{minutes} Minuten"
        return value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        minutes = value if isinstance(value, int) else parse_minutes(str(value)[:40])
        if minutes is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return minutes


class PeopleField(forms.CharField):
    """How many people in one text field; cleans to a PeopleCount, also where nobody has counted."""

    widget = forms.TextInput(attrs={"size": 16, "autocomplete": "off"})
    most = 100_000
    default_error_messages = {
        "invalid": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12, „ca. 30“ oder „10 bis 20“. "
        "Oder lassen Sie das Feld leer.",
        "negative": "Bitte geben Sie mindestens 0 ein, oder lassen Sie das Feld leer.",
        "order": "Bei „von … bis …“ steht die größere Zahl hinten.",
        "many": "Bitte geben Sie höchstens 100.000 Personen an.",
    }

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PeopleCount) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, PeopleCount):
            return value
        count = parse_people(str(value or "")[:80])
        if problem := self._problem(str(value), count):
            raise ValidationError(self.error_messages[problem], code=problem)
        return count

    def _problem(self, text: str, count: PeopleCount | None) -> str:
        if count is None:
            return "negative" if re.fullmatch(r"\s*-\s*\d+\s*", text) else "invalid"
        if count.high is not None and count.low is not None and count.high < count.low:
            return "order"
        return "many" if max(count.low or 0, count.high or 0) > self.most else ""


class EurosField(forms.CharField):
    """An amount of money in one text field; cleans to whole cents, empty to 0."""

    widget = forms.TextInput(attrs={"size": 12, "autocomplete": "off", "inputmode": "decimal"})
    default_error_messages = {
        "invalid": "Diesen Betrag verstehen wir nicht. Bitte schreiben Sie zum Beispiel 12,50.",
        "many": "Bitte geben Sie höchstens 10.000 Euro an.",
    }
    most_cents = 1_000_000

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return f"{value // 100},{value % 100:02d}" if value else ""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return 0
        cents = value if isinstance(value, int) else parse_euros(str(value)[:40])
        if cents is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if cents > self.most_cents:
            raise ValidationError(self.error_messages["many"], code="many")
        return cents
