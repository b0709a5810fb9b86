"""What a check found: its rows as they are kept, and what they come to."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from activities.imports.columns import BY_KEY
from activities.imports.models import ActivityImport, ActivityImportRow, RowVerdict
from activities.imports.remarks import Ask
from activities.imports.rows import Judged
from kiv_portal.ui.fields import PeopleCount

REFUSED = "error"  # beside the kinds of questions: what cannot be taken as it is


def found_row(imported: ActivityImport, row: Judged) -> ActivityImportRow:
    read = row.values if row.verdict in (*RowVerdict.stored, RowVerdict.TWICE) else {}
    people = PeopleCount(
        read.get("people_reached"), read.get("people_reached_to"), bool(read.get("is_estimated"))
    )
    return ActivityImportRow(
        activity_import=imported,
        number=row.number,
        verdict=row.verdict,
        day=row.day,
        title=row.title,
        read_day=read.get("day"),
        starts_at=read.get("starts_at"),
        minutes=read.get("minutes"),
        people=str(people),
        people_reached=people.low,
        expenses_cents=read.get("expenses_cents"),
        sentences=row.sentences,
        questions=_questions(row),
        open_kinds=_open_kinds(row),
        cells=_cells(row),
    )


def _questions(row: Judged) -> list[dict[str, Any]]:
    if row.verdict in (RowVerdict.LEFT, RowVerdict.TWICE):
        return []
    return [
        {
            "kind": one.kind.value,
            "sentence": one.sentence,
            "target": one.target,
            "is_answered": one.sentence in row.answer.accepted,
        }
        for one in row.notes.questions
    ]


def _open_kinds(row: Judged) -> list[str]:
    if row.verdict == RowVerdict.ERROR:
        return [REFUSED]
    return sorted({one.kind.value for one in row.open_questions}) if row.verdict == RowVerdict.ASK else []


def _cells(row: Judged) -> list[dict[str, Any]]:
    """The cells that a person can put right: what is remarked on, and what was put right already."""
    remarks = [] if row.verdict in (RowVerdict.LEFT, RowVerdict.TWICE) else row.remarks
    choices: dict[str, tuple[str, ...]] = dict.fromkeys(row.answer.mended, ())
    for remark in remarks:
        if remark.target:
            choices[remark.target] = choices.get(remark.target) or remark.choices
    return [
        {
            "target": target,
            "text": row.cells.get(target, ""),
            "written": row.written.get(target, ""),
            "choices": list(choices[target]),
        }
        for target in BY_KEY
        if target in choices
    ]


def sums(imported: ActivityImport) -> dict[str, Any]:
    """What would be stored: number of activities, first and last day, minutes, people, cents."""
    return imported.rows.filter(verdict__in=RowVerdict.stored).aggregate(
        activities=Count("*"),
        first=Min("read_day"),
        last=Max("read_day"),
        minutes=Coalesce(Sum("minutes"), 0),
        people=Coalesce(Sum("people_reached"), 0),
        cents=Coalesce(Sum("expenses_cents"), 0),
    )


def summary(imported: ActivityImport) -> dict[str, int]:
    """{verdict: number of rows} of the last check."""
    counted = imported.rows.order_by().values_list("verdict").annotate(n=Count("*"))
    return {verdict.value: 0 for verdict in RowVerdict} | dict[str, Any](counted)


def open_kinds(imported: ActivityImport) -> dict[str, int]:
    """{kind of question, or REFUSED: number of rows where it is open}, without the empty ones."""
    counts = imported.rows.aggregate(
        **{kind: Count("pk", filter=Q(open_kinds__contains=[kind])) for kind in (REFUSED, *Ask.values)}
    )
    return {kind: number for kind, number in counts.items() if number}
