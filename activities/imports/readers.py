"""Reads the cells of one row: each field in turn gives the columns of the activity that it fills.

Asks no database: what there is to know comes in as `Known`. What cannot be is `Refused`, what can be two things is
asked, what was made of a cell is pointed out (remarks.py).
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField

from activities.figures.totals import CROSS_CUTTING
from activities.imports.columns import TARGETS, folded
from activities.imports.numbers import Reading, duration_of, euros_of
from activities.imports.remarks import Answer, Ask, Question, Refused, Remark, not_clear, short
from activities.log import refusals
from activities.log.closed_period import ClosedPeriod
from activities.log.doubts import Alike
from activities.log.models import Activity
from kiv_portal.ui.fields import EurosField, PeopleField, one_visible_line, parse_people
from kiv_portal.uploads.spreadsheet import DAY_ZERO
from kiv_portal.written.days import When, read_day
from kiv_portal.written.reading import Unclear
from kiv_portal.written.times import read_time
from municipalities.programme.queries import Programme

TEXTS: dict[str, CharField | TextField] = {
    field.name: field for field in Activity._meta.fields if isinstance(field, CharField | TextField)
}
VERTICAL = re.compile(r"[\x0b\x0c]")  # Word's line break
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
USUAL_DAY_ZERO = dt.date.fromisoformat(DAY_ZERO)
COUNTED_DAY = re.compile(r"(\d{5})([.,]\d+)?")
DAYS_BETWEEN_SYSTEMS = 1_462  # Macintosh's Excel counted from 1904


@dataclass
class Known:
    """Names are folded. `meanings` are the words the person has explained: {field: {word: code}}.

    Fields and kinds are the county's of the row's town: `counties` is {town: county}, `names_of_county` is
    {county: {field: {name: code}}}; `names` holds those of all the counties. `day_zero` is where the table's program
    begins to count days.
    """

    today: dt.date
    mediator_id: int
    names: Mapping[str, Mapping[str, str]]
    meanings: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, str]
    counties: Mapping[str, str]
    names_of_county: Mapping[str, Mapping[str, Mapping[str, str]]]
    programme: Programme
    terms: Mapping[str, list[tuple[dt.date, dt.date | None]]]  # by town
    closed: Mapping[str, list[ClosedPeriod]]
    stored: set[Alike] = field(default_factory=set)
    stored_keys: set[uuid.UUID] = field(default_factory=set)  # of entries, and of what stands in them
    minutes_stored: dict[dt.date, int] = field(default_factory=dict)
    answers: Mapping[int, Answer] = field(default_factory=dict)  # by the number of the row
    header: Sequence[str] = ()
    guarded: Mapping[int, list[Question]] = field(default_factory=dict)  # what the guard said before, by row
    day_zero: dt.date = USUAL_DAY_ZERO


@dataclass
class Notes:
    """What reading a row has left to say."""

    hints: list[Remark] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def take(self, target: str, reading: Reading) -> None:
        if reading.hint:
            self.hints.append(Remark(reading.hint, target))
        if reading.question:
            self.questions.append(Question(reading.question, target, reading.choices, Ask.READING))


# --- one field after the other

Cells = Mapping[str, str]
Reader = Callable[[Cells, Known, Notes], dict[str, Any]]


def _day(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("day", "").strip()
    if not text:
        raise Refused("Es fehlt das Datum.")
    if match := COUNTED_DAY.fullmatch(text):
        return {"day": _counted(text, int(match[1]), known, notes)}
    day = read_day(text[:60], known.today, when=When.PAST)
    if isinstance(day, Unclear):
        raise Refused(not_clear(day, f"Das Datum „{short(text)}“"), choices=day.choices)
    if not re.search(r"\d{4}|\d{8}|\d\s*[.,/-]\s*\d{1,2}\s*[.,/-]\s*\d{2}|[^\W\d]\.?\s*\d{2}$", text):
        notes.hints.append(
            Remark(f"Im Datum „{short(text)}“ fehlt das Jahr. Wir lesen: {day:%d.%m.%Y}.", "day")
        )
    return {"day": day}


def _counted(text: str, number: int, known: Known, notes: Notes) -> dt.date:
    """A cell without the format of a date: the number by which its program counts days, or something else."""
    day = known.day_zero + dt.timedelta(days=number)
    is_usual = known.day_zero == USUAL_DAY_ZERO
    other = day + dt.timedelta(days=DAYS_BETWEEN_SYSTEMS if is_usual else -DAYS_BETWEEN_SYSTEMS)
    choices = tuple(f"{one:%d.%m.%Y}" for one in (day, other) if one <= known.today)
    notes.questions.append(
        Question(
            f"Als Datum steht hier nur die Zahl {short(text)}. So zählen Tabellen-Programme die Tage: Das wäre der "
            f"{day:%d.%m.%Y}. Stimmt das?",
            "day",
            choices if len(choices) > 1 else (),
            Ask.NUMBER_DAY,
        )
    )
    return day


def _minutes(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    """The duration, and when it began: "14–16 Uhr" says both, a column of its own may, too."""
    target = duration_column(cells)
    unit = "Stunden" if target == "hours" else known.defaults.get("minutes", "")
    read = duration_of(cells.get(target, ""), "Dauer", bare_is=unit, target=target)
    notes.take(target, read)
    written = cells.get("starts_at", "").strip()
    start = read_time(written) if written else read.starts_at
    if isinstance(start, Unclear):
        raise Refused(f"Der Beginn „{short(written)}“: {start.sentence}", "starts_at")
    if read.starts_at not in (None, start):
        raise Refused("Bei der Dauer steht ein anderer Beginn als in der Spalte „Beginn“.", "starts_at")
    return {"minutes": read.value, "starts_at": start}


def duration_column(cells: Cells) -> str:
    return "hours" if "hours" in cells else "minutes"


def _travel(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("travel_minutes", "").strip()
    if text in ("", "0", "0:00"):
        return {"travel_minutes": 0}
    read = duration_of(text, "Fahrzeit", bare_is="Minuten", target="travel_minutes")
    notes.take("travel_minutes", read)
    return {"travel_minutes": read.value}


def _title(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    if not cells.get("title", "").strip():
        raise Refused("Es fehlt der Titel.")
    return {"title": _text("title", cells, notes)}


def _text(name: str, cells: Cells, notes: Notes) -> str:
    """As the form takes it: not too long, and one visible line where the field is one."""
    text, field = cells.get(name, "").strip(), TEXTS[name]
    label = before_text(str(field.verbose_name))
    if STEERING.search(text):
        text = STEERING.sub("", VERTICAL.sub("\n", text))
        notes.hints.append(Remark(f"{label} Unsichtbare Steuerzeichen haben wir herausgenommen."))
    if not isinstance(field, TextField):
        text = " ".join(text.split())
        try:
            if text:
                one_visible_line(text)
        except ValidationError as unreadable:
            raise Refused(f"{label} {unreadable.message}", name) from None
    if field.max_length and len(text) > field.max_length:
        allowed = f"{field.max_length:,}".replace(",", ".")
        raise Refused(f"{label} Der Text ist zu lang. Es passen {allowed} Zeichen hinein.", name)
    return text


def _meant(name: str, text: str, known: Known, county: str = "") -> str | None:
    word = folded(text)
    names = known.names_of_county.get(county, known.names)
    return names[name].get(word) or known.meanings.get(name, {}).get(word)


def _named(name: str, text: str, label: str, known: Known) -> str:
    """The code of a town or result written by its name, or by a word the person has explained."""
    code = _meant(name, text, known)
    if code is None:
        raise Refused(f"{label} „{short(text)}“ kennen wir nicht.")
    return code


def _of_programme(name: str, text: str, label: str, known: Known, county: str, *, target: str = "") -> str:
    """The code of a field or kind, by its name in the county of the row's town; without a name the default."""
    code = _meant(name, text, known, county) if text else known.defaults[name]
    codes = known.programme.fields if name == "field" else known.programme.kinds
    if code == CROSS_CUTTING or (code and (not county or codes.find(county, code))):
        return code
    is_elsewhere = code or _meant(name, text, known)
    said = text or codes.names.get(code or "", code or "")
    raise Refused(
        f"{label} „{short(said)}“ gibt es im Landkreis dieser Kommune nicht."
        if is_elsewhere
        else f"{label} „{short(said)}“ kennen wir nicht.",
        target or name,
    )


def _county(cells: Cells, known: Known) -> str:
    """The key of the row's county; empty where the row names no town that we know, which is said elsewhere."""
    text = cells.get("municipality", "").strip()
    town = _meant("municipality", text, known) if text else known.defaults.get("municipality")
    return known.counties.get(town or "", "")


def _kind(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("kind", "").strip()
    if not text and not known.defaults.get("kind"):
        raise Refused("Es fehlt die Art.")
    return {"kind": _of_programme("kind", text, "Die Art", known, _county(cells, known))}


def _fields(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    county = _county(cells, known)
    leading = _of_programme("field", cells.get("field", "").strip(), "Das Handlungsfeld", known, county)
    further = [
        _of_programme("field", part, "Das Handlungsfeld", known, county, target="further_fields")
        for part in re.split(r"[;,\n]", cells.get("further_fields", ""))
        if part.strip()
    ]
    also = [code for code in dict.fromkeys(further) if code not in (leading, CROSS_CUTTING)]
    return {"field": leading, "further_fields": also}


def _town(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("municipality", "").strip()
    if not text and not known.defaults.get("municipality"):
        raise Refused("Es fehlt die Kommune.")
    town = _named("municipality", text, "Die Kommune", known) if text else known.defaults["municipality"]
    return {"municipality_id": int(town)}


def _people(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("people_reached", "")
    count = parse_people(text[:80])
    if count is None:
        raise Refused(
            f"Die Zahl der Personen „{short(text)}“ verstehen wir nicht. Zum Beispiel 12 oder 10-20."
        )
    low, high = count.low or 0, count.high
    if high is not None and high < low:
        raise Refused(refusals.WRONG_ORDER)
    if max(low, high or 0) > PeopleField.most:
        raise Refused(refusals.TOO_MANY_PEOPLE)
    return {"people_reached": count.low, "people_reached_to": high, "is_estimated": count.is_estimated}


def _expenses(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    read = euros_of(cells.get("expenses", "").strip() or "0")
    if read is None:
        raise Refused(f"Den Betrag „{short(cells['expenses'])}“ verstehen wir nicht. Zum Beispiel 4,50.")
    notes.take("expenses", read)
    if read.value > EurosField.most_cents:
        raise Refused(refusals.TOO_EXPENSIVE)
    return {"expenses_cents": read.value}


def _result(cells: Cells, known: Known, notes: Notes) -> dict[str, Any]:
    text = cells.get("result", "").strip()
    result = _named("result", text, "Das Ergebnis", known) if text else ""
    return {"result": result, "result_note": _text("result_note", cells, notes)}


def _plain(name: str) -> Reader:
    if name not in TEXTS:
        raise LookupError(f"{name} is no text: it needs a reader of its own in READERS")
    return lambda cells, known, notes: {name: _text(name, cells, notes)}


READERS: dict[str, Reader] = {
    "day": _day,
    "title": _title,
    "minutes": _minutes,
    "travel_minutes": _travel,
    "kind": _kind,
    "field": _fields,
    "municipality": _town,
    "people_reached": _people,
    "expenses": _expenses,
    "result": _result,
}
READ_WITH_ANOTHER = ("hours", "starts_at", "further_fields", "result_note")
READERS |= {
    target.key: _plain(target.key) for target in TARGETS if target.key not in (*READERS, *READ_WITH_ANOTHER)
}


def before_text(label: str) -> str:
    """ "Titel:", and "Was ist passiert?" as it is."""
    return label if label.endswith("?") else f"{label}:"
