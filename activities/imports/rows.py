"""Judges the rows of an imported table one by one: what they say, what cannot be, what is there already.

Asks no database: what there is to know (kinds, fields, towns, terms, closed periods, what is stored) comes in as
`Known`.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField

from activities.figures.totals import CROSS_CUTTING
from activities.imports.columns import BY_KEY, TARGETS, folded
from activities.imports.models import RowVerdict
from activities.log import refusals
from activities.log.closed_period import ClosedPeriod
from activities.log.doubts import Alike, doubt_about_length, likeness
from activities.log.fields import GUARDED
from activities.log.models import Activity
from activities.log.refusals import MINUTES_PER_DAY
from activities.privacy.guard import MOST_SHOWN, hits
from kiv_portal.ui.fields import (
    EurosField,
    PeopleField,
    one_visible_line,
    parse_euros,
    parse_people,
)
from kiv_portal.uploads.spreadsheet import Line
from kiv_portal.written import days, durations
from kiv_portal.written.days import When, read_day
from kiv_portal.written.durations import Duration, read_duration
from kiv_portal.written.reading import Unclear
from kiv_portal.written.times import read_time
from municipalities.programme.queries import Programme

KEYS = uuid.UUID("5b0e3c1c-6f0f-4d0f-9d5e-2f6f1f3c8a11")  # namespace of entry keys made from rows
TEXTS: dict[str, CharField | TextField] = {
    field.name: field for field in Activity._meta.fields if isinstance(field, CharField | TextField)
}
ROWS_ABOVE = "Die Zeilen darüber zählen dabei mit."
ALIKE = (
    "Diese Aktivität sieht aus wie {}: gleicher Tag, gleicher Titel, gleiche Dauer. Waren es zwei, wird auch diese "
    "gespeichert. War es dieselbe, löschen Sie die Zeile bitte in Ihrer Tabelle."
)
VERTICAL = re.compile(r"[\x0b\x0c]")  # Word's line break
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# of Excel and LibreOffice, in English and German; the last is our own word for no result
FORMULA_ERROR = re.compile(
    r"#(?:N/A|NV|DIV/0!|REF!|BEZUG!|NAME\?|NULL!|NUM!|ZAHL!|VALUE!|WERT!|SPILL!|ÜBERLAUF!|FORMEL)|(?:Err|Fehler):\d{3}"
)
TIME_CELL = re.compile(r"(\d{1,2}:\d{2})(:\d{2})?")
BARE_HOURS = re.compile(r"\d{1,2}[.,]\d+")


class Refused(Exception):
    """A German sentence about one cell."""


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
    closed: Mapping[str, list[ClosedPeriod]]
    stored: set[Alike] = field(default_factory=set)
    stored_keys: set[uuid.UUID] = field(default_factory=set)  # of entries, and of what stands in them
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
    alike: str = ""
    questions: list[str] = field(default_factory=list)
    twice: str = ""

    @property
    def verdict(self) -> RowVerdict:
        if self.errors:
            return RowVerdict.ERROR
        if self.twice:
            return RowVerdict.TWICE
        if self.questions or self.alike:
            return RowVerdict.ASK
        return RowVerdict.HINT if self.hints else RowVerdict.OK

    @property
    def sentences(self) -> list[str]:
        return [*self.errors, *filter(None, (self.twice, self.alike)), *self.questions, *self.hints]

    @property
    def entry_key(self) -> uuid.UUID:
        return self.values["entry_key"]


def judge(lines: list[Line], targets: list[str], known: Known) -> Iterator[Judged]:
    """One verdict for every line, in their order. `targets` names the field of each column, empty: not taken."""
    seen, repeated = dict[Alike, int](), Counter[uuid.UUID]()
    used = dict(known.minutes_stored)
    for line in lines:
        cells = {target: line.cells[index] for index, target in enumerate(targets) if target}
        row = _read(line.number, cells, known)
        if not row.errors:
            _compare(row, known, seen, repeated)
        if row.verdict in RowVerdict.stored:
            _fit_into_day(row, known, used)
        if not row.twice:
            row.questions = _questions(row.values)
        if row.verdict in RowVerdict.stored:
            row.questions = [*_doubts(row.values, known), *row.questions]
        yield row


def _read(number: int, cells: dict[str, str], known: Known) -> Judged:
    row = Judged(number, day=cells.get("day", "")[:40], title=" ".join(cells.get("title", "").split())[:120])
    row.errors += _failed_formulas(cells)
    if row.errors:
        return row
    for read in READERS.values():
        try:
            row.values |= read(cells, known, row.hints)
        except Refused as refused:
            row.errors.append(str(refused))
    row.errors += _refusals(row.values, known)
    if not row.errors:
        row.values["entry_key"] = content_key(row.values, known.mediator_id)
        if _closed(row.values, known):  # the same content before and after its report: no part of the key
            row.values["is_late"] = True
    return row


def _closed(values: Mapping[str, Any], known: Known) -> ClosedPeriod | None:
    of_town = known.closed.get(str(values["municipality_id"]), ())
    return next((one for one in of_town if one.starts_on <= values["day"] <= one.ends_on), None)


def _failed_formulas(cells: dict[str, str]) -> list[str]:
    """What a spreadsheet writes where a formula has no result."""
    return [
        f"In der Spalte für „{BY_KEY[target].label}“ steht der Fehler {text}. Bitte verbessern Sie dort die Formel."
        for target, text in cells.items()
        if FORMULA_ERROR.fullmatch(text.strip())
    ]


def content_key(values: Mapping[str, Any], mediator_id: int) -> uuid.UUID:
    """The same content gives the same key, whichever file it came in. What says nothing is left out, so that a field
    that the portal learns later does not make everything new.
    """
    content = "\x1f".join(f"{name}={values[name]}" for name in sorted(values) if values[name])
    return uuid.uuid5(KEYS, f"{mediator_id}\x1f{content}")


def _compare(row: Judged, known: Known, seen: dict[Alike, int], repeated: Counter[uuid.UUID]) -> None:
    """What is there already is not stored again. What only looks like it is asked about: two calls of half an hour on
    one day happen.
    """
    same = likeness(row.values["day"], row.values["title"], row.values["minutes"])
    above = seen.setdefault(same, row.number)
    content = row.entry_key
    if times := repeated[content]:
        row.values["entry_key"] = uuid.uuid5(content, str(times))  # the second of two equal rows
    repeated[content] += 1
    if row.entry_key in known.stored_keys:
        row.twice = "Diese Aktivität steht schon im Portal. Sie wird nicht noch einmal gespeichert."
    elif above != row.number:
        row.alike = ALIKE.format(f"die in Zeile {above}")
    elif same in known.stored:
        row.alike = ALIKE.format("eine, die schon im Portal steht")


def _fit_into_day(row: Judged, known: Known, used: dict[dt.date, int]) -> None:
    """With what is stored, and with the rows above."""
    day, there = row.values["day"], used.get(row.values["day"], 0)
    total = there + row.values["minutes"] + row.values["travel_minutes"]
    if total <= MINUTES_PER_DAY:
        used[day] = total
        return
    row.errors += _refusals(row.values, known, minutes_there=there)
    if there > known.minutes_stored.get(day, 0):
        row.errors.append(ROWS_ABOVE)


def _refusals(values: Mapping[str, Any], known: Known, *, minutes_there: int = 0) -> list[str]:
    """What was not understood is not in `values`."""
    town = str(values.get("municipality_id", ""))
    around = refusals.Around(
        known.today,
        known.terms.get(town, []) if town else None,
        minutes_there=minutes_there,
    )
    found = refusals.refusals_of(
        around,
        day=values.get("day"),
        minutes=values.get("minutes"),
        travel_minutes=values.get("travel_minutes", 0),
        result=values.get("result", ""),
        result_note=values.get("result_note", ""),
    )
    return [sentence for _, sentence in found]


def _doubts(values: Mapping[str, Any], known: Known) -> Iterator[str]:
    """What is unusual about an entry that can be stored."""
    if doubt := doubt_about_length(values["minutes"]):
        yield f"Bitte kurz prüfen: {doubt}"
    if closed := _closed(values, known):
        yield closed.question


def _questions(values: dict[str, Any]) -> list[str]:
    """What is unusual, and what the privacy guard asks about the texts that may get public: the place, and why."""
    return [
        question
        for name, label in GUARDED.items()
        if (text := " ".join(str(values.get(name, "")).split()))
        for question in _asked(_before_text(label), text)
    ]


def _before_text(label: str) -> str:
    """ "Titel:", and "Was ist passiert?" as it is."""
    return label if label.endswith("?") else f"{label}:"


def _asked(label: str, text: str) -> Iterator[str]:
    found = hits(text)
    for hit in found[:MOST_SHOWN]:
        before, after = hit.surroundings(text)
        place = f"„{hit.excerpt}“"
        if before or after:
            place += f" in „{before}{hit.excerpt}{after}“"
        yield f"Bitte kurz prüfen: {label} {place}. {hit.why}"
    if (more := len(found) - MOST_SHOWN) > 0:
        yield f"{label} {more} weitere Stellen."


# --- one field after the other; each gives the columns of the activity that it fills

Cells = Mapping[str, str]
Reader = Callable[[Cells, "Known", list[str]], dict[str, Any]]


def _day(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("day", "").strip()
    if not text:
        raise Refused("Es fehlt das Datum.")
    if text.isascii() and text.isdecimal() and len(text) == 5:  # the number by which Excel counts days
        return {"day": dt.date(1899, 12, 30) + dt.timedelta(days=int(text))}
    day = read_day(text[:60], known.today, when=When.PAST)
    if isinstance(day, Unclear):
        raise Refused(_said(day, days.NOT_UNDERSTOOD, f"Das Datum „{_short(text)}“"))
    if not re.search(r"\d{4}|\d{8}|\d\s*[.,/-]\s*\d{1,2}\s*[.,/-]\s*\d{2}|[^\W\d]\.?\s*\d{2}$", text):
        hints.append(f"Im Datum „{_short(text)}“ fehlt das Jahr. Wir lesen: {day:%d.%m.%Y}.")
    return {"day": day}


def _said(unclear: Unclear, not_understood: str, what: str) -> str:
    if unclear.sentence == not_understood:
        return f"{what} verstehen wir nicht. {not_understood.partition('. ')[2]}"
    return unclear.sentence if unclear.sentence.startswith("Den ") else f"{what}: {unclear.sentence}"


def _minutes(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    """The duration, and when it began: "14–16 Uhr" says both, a column of its own may, too."""
    unit = "Stunden" if "hours" in cells else known.defaults.get("minutes", "")
    read = _duration(cells.get("hours", cells.get("minutes", "")), "Dauer", hints, bare_is=unit)
    written = cells.get("starts_at", "").strip()
    start = read_time(written) if written else read.starts_at
    if isinstance(start, Unclear):
        raise Refused(f"Der Beginn „{_short(written)}“: {start.sentence}")
    if read.starts_at not in (None, start):
        raise Refused("Bei der Dauer steht ein anderer Beginn als in der Spalte „Beginn“.")
    return {"minutes": read.minutes, "starts_at": start}


def _travel(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("travel_minutes", "").strip()
    if text in ("", "0", "0:00"):
        return {"travel_minutes": 0}
    return {"travel_minutes": _duration(text, "Fahrzeit", hints, bare_is="Minuten").minutes}


def _duration(text: str, label: str, hints: list[str], *, bare_is: str) -> Duration:
    text = text.strip()
    if not text:
        raise Refused(f"Es fehlt die {label}.")
    if match := TIME_CELL.fullmatch(
        text
    ):  # in a column of durations it is one, whatever it would be elsewhere
        text = f"{match[1]} h"
    is_decimal = BARE_HOURS.fullmatch(text) is not None
    read = read_duration(text[:60], bare_is=bare_is or ("Stunden" if is_decimal else ""))
    if isinstance(read, Unclear):
        raise Refused(_said(read, durations.NOT_UNDERSTOOD, f"Die {label} „{_short(text)}“"))
    if is_decimal and (
        not bare_is or (bare_is == "Stunden" and len(text) > 5)
    ):  # a computed cell has more places than anybody means
        hints.append(f"Die {label} „{text}“ lesen wir als Stunden: {read.minutes} Minuten.")
    return read


def _title(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    if not cells.get("title", "").strip():
        raise Refused("Es fehlt der Titel.")
    return {"title": _text("title", cells, hints)}


def _text(name: str, cells: Cells, hints: list[str]) -> str:
    """As the form takes it: not too long, and one visible line where the field is one."""
    text, field = cells.get(name, "").strip(), TEXTS[name]
    label = _before_text(str(field.verbose_name))
    if STEERING.search(text):
        text = STEERING.sub("", VERTICAL.sub("\n", text))
        hints.append(f"{label} Unsichtbare Steuerzeichen haben wir herausgenommen.")
    if not isinstance(field, TextField):
        text = " ".join(text.split())
        try:
            if text:
                one_visible_line(text)
        except ValidationError as unreadable:
            raise Refused(f"{label} {unreadable.message}") from None
    if field.max_length and len(text) > field.max_length:
        allowed = f"{field.max_length:,}".replace(",", ".")
        raise Refused(f"{label} Der Text ist zu lang. Es passen {allowed} Zeichen hinein.")
    return text


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
        raise Refused(refusals.WRONG_ORDER)
    if max(low, high or 0) > PeopleField.most:
        raise Refused(refusals.TOO_MANY_PEOPLE)
    return {"people_reached": count.low, "people_reached_to": high, "is_estimated": count.is_estimated}


def _expenses(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("expenses", "").strip()
    cents = parse_euros(text[:40] or "0")
    if cents is None:
        raise Refused(f"Den Betrag „{_short(text)}“ verstehen wir nicht. Zum Beispiel 4,50.")
    if cents > EurosField.most_cents:
        raise Refused(refusals.TOO_EXPENSIVE)
    return {"expenses_cents": cents}


def _result(cells: Cells, known: Known, hints: list[str]) -> dict[str, Any]:
    text = cells.get("result", "").strip()
    result = _named("result", text, "Das Ergebnis", known) if text else ""
    return {"result": result, "result_note": _text("result_note", cells, hints)}


def _plain(name: str) -> Reader:
    if name not in TEXTS:
        raise LookupError(f"{name} is no text: it needs a reader of its own in READERS")
    return lambda cells, known, hints: {name: _text(name, cells, hints)}


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


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
