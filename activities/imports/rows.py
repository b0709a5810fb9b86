"""Judges the rows of a brought table one by one: what they say, what cannot be, what is there already.

Asks no database: what there is to know (kinds, fields, towns, terms, closed periods, what is stored) comes in as
`Known`.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from activities.figures.totals import CROSS_CUTTING
from activities.imports.columns import folded
from activities.imports.models import RowVerdict
from activities.log.models import MINUTES_PER_DAY, Activity, ActivityResult
from activities.privacy.guard import MOST_SHOWN, findings
from kiv_portal.ui.fields import (
    EurosField,
    PeopleField,
    one_visible_line,
    parse_day,
    parse_euros,
    parse_minutes,
    parse_people,
)
from kiv_portal.uploads.spreadsheet import Line
from municipalities.programme.queries import Programme

KEYS = uuid.UUID("5b0e3c1c-6f0f-4d0f-9d5e-2f6f1f3c8a11")  # namespace of entry keys made from rows
LIMITS = {
    field.name: field.max_length
    for field in Activity._meta.fields
    if isinstance(field, models.CharField | models.TextField) and field.max_length
}
PUBLIC_TEXTS = {
    "title": "Titel:",
    "description": "Was ist passiert?",
    "place": "Ort:",
    "result_note": "Erläuterung zum Ergebnis:",
}

TIME_OF_DAY = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2})?$")
BARE_HOURS = re.compile(r"\d{1,2}[.,]\d{1,2}")


class Refused(Exception):
    """A German sentence about one cell."""


@dataclass(frozen=True)
class Closed:
    starts_on: dt.date
    ends_on: dt.date
    sentence: str


@dataclass
class Known:
    """Names are folded. `meanings` are the words the person has explained: {field: {word: code}}.

    Fields and kinds are the county's of the row's town: `counties` is {town: county}, `names_of_county` is
    {county: {field: {name: code}}}; `names` holds those of all the counties.
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
    closed: Mapping[str, list[Closed]]
    stored: set[tuple[dt.date, str, int]] = field(default_factory=set)  # day, title, minutes
    stored_keys: set[uuid.UUID] = field(default_factory=set)
    minutes_stored: dict[dt.date, int] = field(default_factory=dict)


@dataclass
class Judged:
    """`values` are the columns of an Activity, complete unless there are errors; "field" and "kind" by their codes."""

    number: int
    day: str
    title: str
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    twice: str = ""

    @property
    def verdict(self) -> RowVerdict:
        if self.errors:
            return RowVerdict.ERROR
        if self.twice:
            return RowVerdict.TWICE
        if self.questions:
            return RowVerdict.ASK
        return RowVerdict.HINT if self.hints else RowVerdict.OK

    @property
    def sentences(self) -> list[str]:
        return [*self.errors, *([self.twice] if self.twice else []), *self.questions, *self.hints]

    @property
    def entry_key(self) -> uuid.UUID:
        return self.values["entry_key"]


def judge(lines: list[Line], targets: list[str], known: Known) -> Iterator[Judged]:
    """One verdict for every line, in their order. `targets` names the field of each column, empty: not taken."""
    seen: dict[tuple[dt.date, str, int], int] = {}
    used = dict(known.minutes_stored)
    for line in lines:
        cells = {target: line.cells[index] for index, target in enumerate(targets) if target}
        row = _read(line.number, cells, known)
        if not row.errors:
            _compare(row, known, seen)
        if row.verdict in RowVerdict.stored:
            _fit_into_day(row, used)
        if not row.twice:
            row.questions = _questions(row.values)
        yield row


def _read(number: int, cells: dict[str, str], known: Known) -> Judged:
    row = Judged(number, day=cells.get("day", "")[:40], title=" ".join(cells.get("title", "").split())[:120])
    for read in READERS.values():
        try:
            row.values |= read(cells, known, row.hints)
        except Refused as refused:
            row.errors.append(str(refused))
    if not row.errors:
        _check_together(row, known)
    if not row.errors:
        row.values["entry_key"] = _key(row.values, known.mediator_id)
    return row


def _key(values: dict[str, Any], mediator_id: int) -> uuid.UUID:
    """The same content gives the same key, whichever file it came in."""
    content = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    return uuid.uuid5(KEYS, f"{mediator_id}\x1f{content}")


def _compare(row: Judged, known: Known, seen: dict[tuple[dt.date, str, int], int]) -> None:
    same = (row.values["day"], row.values["title"].lower(), row.values["minutes"])
    if row.entry_key in known.stored_keys or same in known.stored:
        row.twice = "Diese Aktivität steht schon im Portal. Sie wird nicht noch einmal gespeichert."
    elif same in seen:
        row.twice = f"Diese Aktivität steht schon in Zeile {seen[same]}. Sie wird nur einmal gespeichert."
    else:
        seen[same] = row.number


def _fit_into_day(row: Judged, used: dict[dt.date, int]) -> None:
    day = row.values["day"]
    total = used.get(day, 0) + row.values["minutes"] + row.values["travel_minutes"]
    if total > MINUTES_PER_DAY:
        row.errors.append(f"Mit dieser Zeile wären es am {day:%d.%m.%Y} mehr als 24 Stunden an einem Tag.")
    else:
        used[day] = total


def _questions(values: dict[str, Any]) -> list[str]:
    """What the privacy guard asks about the texts that may get public: the place, and why."""
    return [
        question
        for name, label in PUBLIC_TEXTS.items()
        if (text := " ".join(str(values.get(name, "")).split()))
        for question in _asked(label, text)
    ]


def _asked(label: str, text: str) -> Iterator[str]:
    found = findings(text)
    for finding in found[:MOST_SHOWN]:
        before, after = finding.surroundings(text)
        place = f"„{finding.excerpt}“"
        if before or after:
            place += f" in „{before}{finding.excerpt}{after}“"
        yield f"Darf das öffentlich werden? {label} {place}. {finding.why}"
    if (more := len(found) - MOST_SHOWN) > 0:
        yield f"{label} {more} weitere Stellen."


# --- one field after the other; each gives the columns of the activity that it fills

Cells = Mapping[str, str]


def _day(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = TIME_OF_DAY.sub("", cells.get("day", "").strip())
    if not text:
        raise Refused("Es fehlt das Datum.")
    if text.isascii() and text.isdecimal() and len(text) == 5:  # the number by which Excel counts days
        day: dt.date | None = dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
    else:
        day = parse_day(text[:40], known.today, is_past=True)
    if day is None or not 1900 <= day.year <= 2200:
        raise Refused(
            f"Das Datum „{_short(text)}“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 1.3.2022."
        )
    if day > known.today:
        raise Refused(f"Der {day:%d.%m.%Y} liegt in der Zukunft. Bitte tragen Sie ein, was schon war.")
    if not re.search(r"\d{4}|\d{1,2}\.\s*\d{1,2}\.\s*\d{2}|^\d{5}$", text):
        hints.append(f"Im Datum „{_short(text)}“ fehlt das Jahr. Wir lesen: {day:%d.%m.%Y}.")
    return {"day": day}


def _minutes(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    if "hours" in cells:
        return {"minutes": _duration(cells["hours"], "Dauer", hints, bare_is_hours=True)}
    return {"minutes": _duration(cells.get("minutes", ""), "Dauer", hints)}


def _travel(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("travel_minutes", "").strip()
    return {"travel_minutes": 0 if text in ("", "0", "0:00") else _duration(text, "Fahrzeit", hints)}


def _duration(text: str, label: str, hints: list[str], *, bare_is_hours: bool = False) -> int:
    text = text.strip()
    if not text:
        raise Refused(f"Es fehlt die {label}.")
    bare = BARE_HOURS.fullmatch(text)
    if bare or (bare_is_hours and re.fullmatch(r"\d{1,2}", text)):
        minutes: int | None = round(float(text.replace(",", ".")) * 60)
        if bare and not bare_is_hours:
            hints.append(f"Die {label} „{text}“ lesen wir als Stunden: {minutes} Minuten.")
    else:
        minutes = parse_minutes(text[:40])
    if minutes is None:
        raise Refused(
            f"Die {label} „{_short(text)}“ verstehen wir nicht. Bitte schreiben Sie zum Beispiel 90 oder 1:30."
        )
    if not 1 <= minutes <= MINUTES_PER_DAY:
        raise Refused(f"Die {label} liegt zwischen einer Minute und 24 Stunden.")
    return minutes


def _title(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    title = " ".join(cells.get("title", "").split())
    if not title:
        raise Refused("Es fehlt der Titel.")
    try:
        one_visible_line(title)
    except ValidationError:
        raise Refused("Im Titel stehen unsichtbare Zeichen. Bitte schreiben Sie ihn noch einmal.") from None
    return {"title": _within("title", title, "Titel")}


def _within(name: str, text: str, label: str) -> str:
    if len(text) > LIMITS[name]:
        allowed = f"{LIMITS[name]:,}".replace(",", ".")
        raise Refused(f"{label}: Der Text ist zu lang. Es passen {allowed} Zeichen hinein.")
    return text


def _text(name: str, label: str) -> Callable[[Cells, Known, list[str]], dict[str, Any]]:
    def read(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
        return {name: _within(name, cells.get(name, "").strip(), label)}

    return read


def _meant(name: str, text: str, known: Known, county: str = "") -> str | None:
    word = folded(text)
    names = known.names_of_county.get(county, known.names)
    return names[name].get(word) or known.meanings.get(name, {}).get(word)


def _named(name: str, text: str, label: str, known: Known) -> str:
    """The code of a town or result written by its name, or by a word the person has explained."""
    code = _meant(name, text, known)
    if code is None:
        raise Refused(f"{label} „{_short(text)}“ kennen wir nicht.")
    return code


def _of_programme(name: str, text: str, label: str, known: Known, county: str) -> str:
    """The code of a field or kind, by its name in the county of the row's town; without a name the default."""
    code = _meant(name, text, known, county) if text else known.defaults[name]
    codes = known.programme.fields if name == "field" else known.programme.kinds
    if code == CROSS_CUTTING or (code and (not county or codes.find(county, code))):
        return code
    is_elsewhere = code or _meant(name, text, known)
    said = text or codes.names.get(code or "", code or "")
    raise Refused(
        f"{label} „{_short(said)}“ gibt es im Landkreis dieser Kommune nicht."
        if is_elsewhere
        else f"{label} „{_short(said)}“ kennen wir nicht."
    )


def _county(cells: Cells, known: Known) -> str:
    """The key of the row's county; empty where the row names no town that we know, which is said elsewhere."""
    text = cells.get("municipality", "").strip()
    town = _meant("municipality", text, known) if text else known.defaults.get("municipality")
    return known.counties.get(town or "", "")


def _kind(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("kind", "").strip()
    if not text and not known.defaults.get("kind"):
        raise Refused("Es fehlt die Art.")
    return {"kind": _of_programme("kind", text, "Die Art", known, _county(cells, known))}


def _fields(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    county = _county(cells, known)
    leading, *further = (
        _of_programme("field", text, "Das Handlungsfeld", known, county)
        for text in (
            cells.get("field", "").strip(),
            *(part for part in re.split(r"[;,\n]", cells.get("further_fields", "")) if part.strip()),
        )
    )
    also = [code for code in dict.fromkeys(further) if code not in (leading, CROSS_CUTTING)]
    return {"field": leading, "further_fields": also}


def _town(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("municipality", "").strip()
    if not text and not known.defaults.get("municipality"):
        raise Refused("Es fehlt die Kommune.")
    town = _named("municipality", text, "Die Kommune", known) if text else known.defaults["municipality"]
    return {"municipality_id": int(town)}


def _people(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("people_reached", "")
    count = parse_people(text[:80])
    if count is None:
        raise Refused(
            f"Die Zahl der Personen „{_short(text)}“ verstehen wir nicht. Zum Beispiel 12 oder 10-20."
        )
    low, high = count.low or 0, count.high
    if high is not None and high < low:
        raise Refused("Bei „von … bis …“ steht die größere Zahl hinten.")
    if max(low, high or 0) > PeopleField.most:
        raise Refused("Bitte geben Sie höchstens 100.000 Personen an.")
    return {"people_reached": count.low, "people_reached_to": high, "is_estimated": count.is_estimated}


def _expenses(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("expenses", "").strip()
    cents = parse_euros(text[:40] or "0")
    if cents is None:
        raise Refused(f"Den Betrag „{_short(text)}“ verstehen wir nicht. Zum Beispiel 4,50.")
    if cents > EurosField.most_cents:
        raise Refused("Bitte geben Sie höchstens 10.000 Euro an.")
    return {"expenses_cents": cents}


def _result(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("result", "").strip()
    result = _named("result", text, "Das Ergebnis", known) if text else ""
    note = _within("result_note", " ".join(cells.get("result_note", "").split()), "Erläuterung zum Ergebnis")
    if result in ActivityResult.needs_note and not note:
        raise Refused("Zum Ergebnis fehlt die Erläuterung: warum, oder an wen?")
    return {"result": result, "result_note": note}


READERS: dict[str, Callable[[Cells, Known, list[str]], dict[str, Any]]] = {
    "day": _day,
    "title": _title,
    "minutes": _minutes,
    "travel": _travel,
    "kind": _kind,
    "fields": _fields,
    "town": _town,
    "people": _people,
    "expenses": _expenses,
    "result": _result,
    "description": _text("description", "Was ist passiert?"),
    "place": _text("place", "Ort"),
    "internal_note": _text("internal_note", "Interne Notiz"),
}


def _check_together(row: Judged, known: Known) -> None:
    day, town = row.values["day"], str(row.values["municipality_id"])
    if not any(start <= day and (end is None or day <= end) for start, end in known.terms.get(town, [])):
        row.errors.append(f"Am {day:%d.%m.%Y} waren Sie für diese Kommune nicht bestellt.")
    if closed := next((c for c in known.closed.get(town, []) if c.starts_on <= day <= c.ends_on), None):
        row.errors.append(closed.sentence)
    if row.values["minutes"] + row.values["travel_minutes"] > MINUTES_PER_DAY:
        row.errors.append("Dauer und Fahrzeit zusammen sind mehr als 24 Stunden.")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
