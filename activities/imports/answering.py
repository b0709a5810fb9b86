"""What a person answers to the rows of a check: kept beside the file, and then the table is checked again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from activities.imports.models import (
    ActivityImport,
    ActivityImportAnswer,
    ActivityImportRow,
    ImportRun,
    RowDecision,
    RowVerdict,
    RunKind,
)
from activities.imports.readers import STEERING
from activities.imports.services import (
    CALLED_OFF,
    EVERY,
    STORED_ALREADY,
    ImportRefused,
    is_stored,
    last_run,
    request_run,
)
from kiv_portal.jobs import work

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

NOTHING_NEW = "Sie haben noch nichts beantwortet oder geändert."
BEING_STORED = "Die Tabelle wird gerade übernommen. Bitte warten Sie oder brechen Sie es ab."
CHECKED_AGAIN = (
    "Inzwischen ist die Tabelle noch einmal geprüft worden, vielleicht in einem anderen Fenster. Bitte sehen Sie sich "
    "an, was noch offen ist."
)


@dataclass(frozen=True)
class RowAnswer:
    """What came back from the page about one row; `seen` is the row's print when the page was made."""

    number: int
    seen: str
    decision: str = ""
    mended: Mapping[str, str] = field(default_factory=dict)


def print_of(row: ActivityImportRow, answer: ActivityImportAnswer | None) -> str:
    """Another one as soon as the row says something else, or something else was answered."""
    said = [row.verdict, row.sentences, row.questions, row.cells, str(answer.answered_at) if answer else ""]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


class AnswersOutdated(Exception):
    """A row says something else by now than when it was answered. Nothing is kept."""


def answer_rows(imported: ActivityImport, given: Sequence[RowAnswer], *, by: User, now: dt.datetime) -> None:
    """Keep the answers that change something and check again. Raises AnswersOutdated and ImportRefused."""
    numbers = [one.number for one in given]
    with _answering(imported, by) as changed:
        rows = {row.number: row for row in imported.rows.filter(number__in=numbers)}
        answers = {one.number: one for one in imported.answers.filter(number__in=numbers)}
        meant = [
            (one, row, answers.get(one.number))
            for one in given
            if (row := rows.get(one.number)) and _says_something(one, row, answers.get(one.number))
        ]
        if not meant:
            raise ImportRefused(NOTHING_NEW)
        new: list[ActivityImportAnswer] = []
        for one, row, answer in meant:
            kept = answer or _empty(imported, one.number)
            before, seen = _content(kept), print_of(row, answer)
            _take_in(one, row, kept)
            if _content(kept) == before:  # a second click
                continue
            if one.seen != seen:
                raise AnswersOutdated
            new.append(_signed(kept, by, now))
        changed += _keep(imported, new)


def answer_all(
    imported: ActivityImport, kind: str, *, decision: str, check: str, by: User, now: dt.datetime
) -> None:
    """One answer to every row where a question of this kind is open. `check` is the check that the person has seen.
    Raises ImportRefused.
    """
    with _answering(imported, by) as changed:
        answers = {one.number: one for one in imported.answers.all()}
        new = []
        for row in imported.rows.filter(open_kinds__contains=[kind]):
            answer = answers.get(row.number) or _empty(imported, row.number)
            before = _content(answer)
            if decision == RowDecision.LEAVE:
                answer.decision = RowDecision.LEAVE
            else:
                answer.accepted = _accepted(answer, row, kind)
            if _content(answer) != before:
                new.append(_signed(answer, by, now))
        last = last_run(imported)
        if new and (last is None or str(last.pk) != check):
            raise ImportRefused(CHECKED_AGAIN)
        changed += _keep(imported, new)


@contextmanager
def _answering(imported: ActivityImport, by: User) -> Iterator[list[int]]:
    """The import, locked. Where an answer was kept, a check under way is called off, and a new one is asked for."""
    with transaction.atomic():
        ActivityImport.objects.select_for_update().get(pk=imported.pk)
        last = last_run(imported)
        if last and is_stored(last):
            raise ImportRefused(STORED_ALREADY)
        if last and last.is_unfinished and last.kind == RunKind.STORE:
            raise ImportRefused(BEING_STORED)
        changed: list[int] = []
        yield changed
        if changed:
            work.call_off(ImportRun.objects.filter(activity_import=imported, kind=RunKind.CHECK), CALLED_OFF)
            request_run(imported, RunKind.CHECK, by=by)


def _empty(imported: ActivityImport, number: int) -> ActivityImportAnswer:
    return ActivityImportAnswer(activity_import=imported, number=number)


def _says_something(one: RowAnswer, row: ActivityImportRow, answer: ActivityImportAnswer | None) -> bool:
    is_left = row.verdict == RowVerdict.LEFT or (answer is not None and answer.decision == RowDecision.LEAVE)
    if one.decision == RowDecision.LEAVE and not is_left:
        return True
    has_open = any(not question["is_answered"] for question in row.questions)
    if one.decision == RowDecision.TAKE and (is_left or has_open):
        return True
    return any(not is_same(one.mended.get(cell["target"], cell["text"]), cell["text"]) for cell in row.cells)


def is_same(text: str, other: str) -> bool:
    """A browser changes line ends and signs that steer; what nobody sees is no change."""
    return _seen(text) == _seen(other)


def _seen(text: str) -> str:
    return " ".join(STEERING.sub(" ", text).split())


def _take_in(one: RowAnswer, row: ActivityImportRow, answer: ActivityImportAnswer) -> None:
    if one.decision:
        answer.decision = one.decision
    if one.decision == RowDecision.TAKE:
        answer.accepted = _accepted(answer, row)
    mended = dict(answer.mended)
    for cell in row.cells:
        text = one.mended.get(cell["target"], cell["text"])
        if is_same(text, cell["written"]):
            mended.pop(cell["target"], None)
        elif not is_same(text, cell["text"]):
            mended[cell["target"]] = text
    answer.mended = mended


def _content(answer: ActivityImportAnswer) -> tuple[str, list[str], dict[str, str]]:
    return answer.decision, answer.accepted, answer.mended


def _signed(answer: ActivityImportAnswer, by: User, now: dt.datetime) -> ActivityImportAnswer:
    answer.answered_by, answer.answered_at = by, now
    return answer


def _accepted(answer: ActivityImportAnswer, row: ActivityImportRow, kind: str = "") -> list[str]:
    asked = [one["sentence"] for one in row.questions if not kind or one["kind"] == kind]
    return list(dict.fromkeys([*answer.accepted, *asked]))


def _keep(imported: ActivityImport, answers: list[ActivityImportAnswer]) -> list[int]:
    """Returns the numbers of the rows. An answer that says nothing any more goes."""
    empty = [one.number for one in answers if not (one.decision or one.accepted or one.mended)]
    imported.answers.filter(number__in=empty).delete()
    ActivityImportAnswer.objects.bulk_create(
        [one for one in answers if one.number not in empty],
        batch_size=EVERY,
        update_conflicts=True,
        unique_fields=["activity_import", "number"],
        update_fields=["decision", "accepted", "mended", "answered_by", "answered_at"],
    )
    return [one.number for one in answers]
