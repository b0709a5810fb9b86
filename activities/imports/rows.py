"""Judges the rows of an imported table one by one: what they say, what cannot be, what is there already, what is asked.

Asks no database: what there is to know (kinds, fields, towns, terms, closed periods, what is stored, what the person
has answered) comes in as `Known`.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from activities.imports.columns import BY_KEY
from activities.imports.headings import NUMBERS, Above, no_entry
from activities.imports.models import RowVerdict
from activities.imports.readers import READERS, Known, Notes, before_text, duration_column
from activities.imports.remarks import NO_ANSWER, Answer, Ask, Question, Refused, Remark, short
from activities.log import refusals
from activities.log.closed_period import ClosedPeriod
from activities.log.doubts import Alike, doubt_about_length, likeness
from activities.log.fields import GUARDED
from activities.log.refusals import MINUTES_PER_DAY
from kiv_portal.privacy.guard import MOST_SHOWN, hits
from kiv_portal.uploads.spreadsheet import Line

KEYS = uuid.UUID("5b0e3c1c-6f0f-4d0f-9d5e-2f6f1f3c8a11")  # namespace of entry keys made from rows
ROWS_ABOVE = "Die Zeilen darüber zählen dabei mit."
ALIKE = (
    "Diese Aktivität sieht aus wie {}: gleicher Tag, gleicher Titel, gleiche Dauer. Waren es zwei, übernehmen Sie auch "
    "diese Zeile. War es dieselbe, lassen Sie sie weg."
)
LEFT_OUT = "Sie lassen diese Zeile weg."
BELOW = "Das Datum „{}“ steht unter der Überschrift „{}“. Wir lesen: {}."
IS_HIDDEN = "Diese Zeile ist in Ihrer Tabelle ausgeblendet. Soll sie mit?"
OPEN_QUOTE = (
    "„{}“ beginnt mit einem Anführungszeichen, das nicht geschlossen wird. Lesen wir die Zeile richtig?"
)
JOINED_TEXT = "Die Zelle für „{}“ ist mit der darüber verbunden. Wir lesen auch hier „{}“."
JOINED_NUMBER = (
    "Die Zelle für „{}“ ist mit der darüber verbunden. Gilt „{}“ für jede Zeile? Dann zählt es in jeder mit."
)
# of Excel and LibreOffice, in English and German; the last is our own word for no result
FORMULA_ERROR = re.compile(
    r"#(?:N/A|NV|DIV/0!|REF!|BEZUG!|NAME\?|NULL!|NUM!|ZAHL!|VALUE!|WERT!|SPILL!|ÜBERLAUF!|FORMEL)|(?:Err|Fehler):\d{3}"
)


@dataclass
class Judged:
    """`values` are the columns of an Activity, complete unless something is refused; "field" and "kind" by their codes.
    `cells` are {column's meaning: text} with what the person has put right, `written` is what stands in the file.
    """

    number: int
    day: str
    title: str
    cells: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    answer: Answer = NO_ANSWER
    values: dict[str, Any] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    twice: str = ""
    left: str = ""

    @property
    def verdict(self) -> RowVerdict:
        if self.left:
            return RowVerdict.LEFT
        if self.refused:
            return RowVerdict.ERROR
        if self.twice:
            return RowVerdict.TWICE
        if self.open_questions:
            return RowVerdict.ASK
        return RowVerdict.HINT if self.notes.hints else RowVerdict.OK

    @property
    def open_questions(self) -> list[Question]:
        return [one for one in self.notes.questions if one.sentence not in self.answer.accepted]

    @property
    def errors(self) -> list[str]:
        return [remark.sentence for remark in self.refused]

    @property
    def questions(self) -> list[str]:
        return [question.sentence for question in self.notes.questions]

    @property
    def hints(self) -> list[str]:
        return [remark.sentence for remark in self.notes.hints]

    @property
    def sentences(self) -> list[str]:
        if self.left:
            return [self.left]
        asked = [] if self.twice else [question.sentence for question in self.open_questions]
        return [*self.errors, *filter(None, [self.twice]), *asked, *self.hints]

    @property
    def entry_key(self) -> uuid.UUID:
        return self.values["entry_key"]

    @property
    def remarks(self) -> list[Remark]:
        return [*self.refused, *self.notes.questions, *self.notes.hints]


def judge(lines: list[Line], targets: list[str], known: Known) -> Iterator[Judged]:
    """One verdict for every line, in their order. `targets` names the field of each column, empty: not taken."""
    seen, repeated = dict[Alike, int](), Counter[uuid.UUID]()
    used, above = dict(known.minutes_stored), Above()
    for line in lines:
        row = _row_of(line, targets, known)
        if row.left:
            above.hear(line.cells)
        else:
            _read(row, known, above)
            _look_at(line, targets, row)
            _judge(row, known, seen, repeated, used)
        yield row


def _row_of(line: Line, targets: list[str], known: Known) -> Judged:
    written = {target: line.cells[index] for index, target in enumerate(targets) if target}
    answer = known.answers.get(line.number, NO_ANSWER)
    cells = written | dict(answer.mended)
    row = Judged(
        line.number,
        day=cells.get("day", "")[:40],
        title=" ".join(cells.get("title", "").split())[:120],
        cells=cells,
        written=written,
        answer=answer,
    )
    if answer.leaves_out:
        row.left = LEFT_OUT
    elif not answer.takes and not answer.mended:
        row.left = no_entry(line.cells, cells, known.header)
    return row


def _read(row: Judged, known: Known, above: Above) -> None:
    row.refused += _failed_formulas(row.cells)
    if row.refused:
        return
    written = row.cells.get("day", "")
    cells = {**row.cells, "day": above.complete(written)}
    for key, read in READERS.items():
        try:
            row.values |= read(cells, known, row.notes)
        except Refused as refused:
            row.refused.append(Remark(refused.sentence, refused.target or key, refused.choices))
    if cells["day"] != written and "day" in row.values:
        said = BELOW.format(short(written), above.said, f"{row.values['day']:%d.%m.%Y}")
        row.notes.hints.append(Remark(said, "day"))
    row.refused += _refusals(row, known)
    if not row.refused:
        row.values["entry_key"] = content_key(row.values, known.mediator_id)
        if _closed(row.values, known):  # the same content before and after its report: no part of the key
            row.values["is_late"] = True


def _look_at(line: Line, targets: list[str], row: Judged) -> None:
    """What the table itself says about the line."""
    if line.is_hidden:
        row.notes.questions.append(Question(IS_HIDDEN, kind=Ask.HIDDEN))
    for column in line.open_quotes:
        target = targets[column]
        if target and row.cells[target] == row.written[target]:
            asked = OPEN_QUOTE.format(short(row.cells[target]))
            row.notes.questions.append(Question(asked, target, kind=Ask.QUOTE))
    for column in line.joined:
        target = targets[column]
        if target and row.cells[target] == row.written[target]:
            _joined(target, row)


def _joined(target: str, row: Judged) -> None:
    """A text holds for every row that its cell reaches over; a number may be the sum of them."""
    sentence = JOINED_NUMBER if target in NUMBERS else JOINED_TEXT
    said = sentence.format(BY_KEY[target].label, short(row.cells[target]))
    if target in NUMBERS:
        row.notes.questions.append(Question(said, target, kind=Ask.JOINED))
    else:
        row.notes.hints.append(Remark(said, target))


def _judge(
    row: Judged,
    known: Known,
    seen: dict[Alike, int],
    repeated: Counter[uuid.UUID],
    used: dict[dt.date, int],
) -> None:
    if not row.refused:
        _compare(row, known, seen, repeated)
    if row.verdict in RowVerdict.stored:
        _fit_into_day(row, known, used)
    if row.verdict in RowVerdict.stored:
        row.notes.questions += _doubts(row, known)
    if not row.twice:
        known_by_guard = known.guarded.get(row.number)
        row.notes.questions += _guarded(row.values) if known_by_guard is None else known_by_guard


def _closed(values: Mapping[str, Any], known: Known) -> ClosedPeriod | None:
    of_town = known.closed.get(str(values["municipality_id"]), ())
    return next((one for one in of_town if one.starts_on <= values["day"] <= one.ends_on), None)


def _failed_formulas(cells: Mapping[str, str]) -> list[Remark]:
    """What a spreadsheet writes where a formula has no result."""
    return [
        Remark(
            f"In der Spalte für „{BY_KEY[target].label}“ steht der Fehler {text}. Bitte verbessern Sie dort die "
            "Formel.",
            target,
        )
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
        _ask_whether_twice(row, f"die in Zeile {above}")
    elif same in known.stored:
        _ask_whether_twice(row, "eine, die schon im Portal steht")


def _ask_whether_twice(row: Judged, other: str) -> None:
    row.notes.questions.append(Question(ALIKE.format(other), kind=Ask.ALIKE))


def _fit_into_day(row: Judged, known: Known, used: dict[dt.date, int]) -> None:
    """With what is stored, and with the rows above."""
    day, there = row.values["day"], used.get(row.values["day"], 0)
    total = there + row.values["minutes"] + row.values["travel_minutes"]
    if total <= MINUTES_PER_DAY:
        used[day] = total
        return
    row.refused += _refusals(row, known, minutes_there=there)
    if there > known.minutes_stored.get(day, 0):
        row.refused.append(Remark(ROWS_ABOVE))


def _refusals(row: Judged, known: Known, *, minutes_there: int = 0) -> list[Remark]:
    """What was not understood is not in the row's values."""
    values = row.values
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
    return [
        Remark(sentence, duration_column(row.cells) if name == "minutes" else name)
        for name, sentence in found
    ]


def _doubts(row: Judged, known: Known) -> Iterator[Question]:
    """What is unusual about an entry that can be stored."""
    if doubt := doubt_about_length(row.values["minutes"]):
        yield Question(f"Bitte kurz prüfen: {doubt}", duration_column(row.cells), kind=Ask.LENGTH)
    if closed := _closed(row.values, known):
        yield Question(closed.question, "day", kind=Ask.LATE)


def _guarded(values: dict[str, Any]) -> list[Question]:
    """What the privacy guard asks about the texts that may get public: the place, and why."""
    return [
        Question(sentence, name, kind=Ask.PRIVACY)
        for name, label in GUARDED.items()
        if (text := " ".join(str(values.get(name, "")).split()))
        for sentence in _asked(before_text(label), text)
    ]


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
