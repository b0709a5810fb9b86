"""Forgiving form fields: people write dates and durations as they speak."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.written import days, durations, times
from kiv_portal.written.days import When, read_day
from kiv_portal.written.durations import Duration, read_duration
from kiv_portal.written.reading import Unclear
from kiv_portal.written.times import read_time

Answer = TypeVar("Answer")
NOT_UNDERSTOOD = (days.NOT_UNDERSTOOD, durations.NOT_UNDERSTOOD, times.NOT_UNDERSTOOD)
LONGEST = 60  # of what is read; more says nothing
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNREADABLE = "Hier stehen unsichtbare Zeichen. Bitte schreiben Sie den Text noch einmal."
NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d{1,9})"
PEOPLE = re.compile(
    rf"(?:von\s+)?{NUMBER}(?:\s*(?:-|–|bis)\s*{NUMBER})?"
    r"\s*(?:personen|person|menschen|leute|teilnehmende|gäste)?"
)
ESTIMATED = re.compile(r"\b(?:ca\b\.?|circa|etwa|ungefähr|rund|geschätzt)|[()~≈]")
NOT_COUNTED = ("nicht gezählt", "-", "–")
EUROS = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?(?:,[-–])?\s*(?:€|euro|eur)?")


def one_visible_line(text: str) -> None:
    """Validator of every line of text (PortalBoundField adds it): something to see, and no sign that steers printers
    or mixes directions.
    """
    kinds = [unicodedata.category(character) for character in text]
    steering = any(kind == "Cc" for kind in kinds) or any(character in BIDI_CONTROLS for character in text)
    if steering or all(kind[0] in "ZC" for kind in kinds):
        raise ValidationError(UNREADABLE)


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


class AskingInput(forms.TextInput):
    """A line of text that may be asked about: the answers are offered below it (ui/field.html), and what was chosen
    counts as long as the text is the one that was asked about.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        written = super().value_from_datadict(data, files, name)
        is_asked = written is not None and data.get(f"{name}_asked") == written
        return data.get(f"{name}_meant") or written if is_asked else written


def _clear(answer: Answer | Unclear, invalid: Any) -> Answer:
    """What is not clear becomes a question at the field. Forms may say `invalid` in words of their own."""
    if not isinstance(answer, Unclear):
        return answer
    if answer.sentence in NOT_UNDERSTOOD:
        raise ValidationError(invalid, code="invalid")
    raise ValidationError(answer.sentence, code="unclear", params={"choices": answer.choices})


class DayField(forms.DateField):
    """A date in one text field; `when`: which of the days a text without a year may mean."""

    widget = AskingInput(attrs={"size": 12, "autocomplete": "off"})
    default_error_messages = {
        "required": "Bitte geben Sie ein Datum an.",
        "invalid": days.NOT_UNDERSTOOD,
    }

    def __init__(self, *, is_past: bool = False, is_coming: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.when = When.PAST if is_past else When.COMING if is_coming else When.ANY

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date) or value in self.empty_values:
            return super().to_python(value)
        answer = read_day(str(value)[:LONGEST], timezone.localdate(), when=self.when)
        return _clear(answer, self.error_messages["invalid"])


class DurationField(forms.CharField):
    """A duration in one text field; cleans to a Duration, which knows its beginning where the text says it."""

    widget = AskingInput(attrs={"size": 12, "autocomplete": "off", "inputmode": "text"})
    default_error_messages = {
        "required": "Bitte geben Sie an, wie lange es gedauert hat.",
        "invalid": durations.NOT_UNDERSTOOD,
    }
    bare_is = ""

    def prepare_value(self, value: Any) -> Any:
        """ "1:30 h": with its unit, for a bare 9:30 may be a time of day."""
        if not isinstance(value, int | Duration):
            return value
        hours, minutes = divmod(value.minutes if isinstance(value, Duration) else value, 60)
        return f"{hours}:{minutes:02d} h" if hours else f"{minutes} Minuten"

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, int | Duration):
            return value if isinstance(value, Duration) else Duration(value)
        answer = read_duration(str(value)[:LONGEST], bare_is=self.bare_is)
        return _clear(answer, self.error_messages["invalid"])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Who says no beginning changes none."""
        before = self.to_python(initial)
        try:
            now = self.to_python(data)
        except ValidationError:
            return True
        if isinstance(before, Duration) and isinstance(now, Duration) and now.starts_at is None:
            return before.minutes != now.minutes
        return bool(before != now)


class MinutesField(DurationField):
    """A short duration: what stands there without a unit is minutes. Cleans to whole minutes."""

    bare_is = "Minuten"

    def to_python(self, value: Any) -> Any:
        duration = super().to_python(value)
        return duration.minutes if isinstance(duration, Duration) else duration


class ClockField(forms.CharField):
    """A time of day in one text field."""

    widget = forms.TextInput(attrs={"size": 8, "autocomplete": "off"})
    default_error_messages = {"invalid": times.NOT_UNDERSTOOD}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        answer = value if isinstance(value, dt.time) else read_time(str(value)[:LONGEST])
        return _clear(answer, self.error_messages["invalid"])


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
