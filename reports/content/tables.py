"""The figures of a report as files: CSV for a spreadsheet, JSON for a program."""

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any

from kiv_portal.documents import german
from kiv_portal.documents.spreadsheets import to_csv
from reports.content.listed import has_days
from reports.figures.snapshot import ListedActivity, Snapshot, Sums


def to_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


Row = Sequence[Any]

FIGURES = ("Gliederung", "Bezeichnung", "Aktivitäten", "Minuten", "Erreichte Personen",
           "Minuten Fahrzeit", "Auslagen in Cent", "Anliegen")  # fmt: skip
ACTIVITIES = ("Datum", "Handlungsfeld", "Berührt auch", "Art", "Titel", "Minuten", "Ergebnis")
BY_MONTH = ("Monat", "Handlungsfeld", "Berührt auch", "Art", "Titel", "Ergebnis")
CONCERNS = (
    "Ort",
    "Anliegen",
    "Handlungsfeld",
    "Stand",
    "Seit",
    "Was geschehen ist",
    "Zugesagt bis",
    "Zuständig",
)


def figures_csv(snapshot: Snapshot) -> bytes:
    return to_csv(FIGURES, figures_rows(snapshot))


def activities_csv(snapshot: Snapshot) -> bytes:
    names = ACTIVITIES if has_days(snapshot.activities) else BY_MONTH
    return to_csv(names, activities_rows(snapshot))


def concerns_csv(snapshot: Snapshot) -> bytes:
    return to_csv(CONCERNS, concerns_rows(snapshot))


def figures_rows(snapshot: Snapshot) -> list[Row]:
    """All counted figures in one long table: what is counted, group, and its numbers. "" is an empty cell.

    Cells of what was not asked for when it was frozen stay empty, which is not 0.
    """
    rows: list[Row] = []
    totals = snapshot.totals
    total_people = people_total(snapshot) if is_total_telling(snapshot) else _countable(totals.people_reached)
    rows.append(_counted("Gesamt", "Alle Aktivitäten", totals, total_people))
    rows += [
        _counted("Handlungsfeld", field.name, field, _countable(field.people_reached))
        for field in snapshot.fields
    ]
    rows += [_counted("Monat", month.month, month) for month in snapshot.months]
    rows += [_counted("Art", kind.name, kind) for kind in snapshot.kinds]
    rows += [("Ergebnis", result.name, result.activities, "", "", "", "", "") for result in snapshot.results]
    rows += [("Anliegen", row.name, "", "", "", "", "", row.concerns) for row in snapshot.concerns.outcomes]
    return [[_plain(value) for value in row] for row in rows]


def _counted(group: str, name: str, row: Sums, people: int | str = "") -> Row:
    further = ("" if value is None else value for value in (row.travel_minutes, row.expenses_cents))
    return (group, name, row.activities, row.minutes, people, *further, "")


def concerns_rows(snapshot: Snapshot) -> list[Row]:
    """The public concerns; all others are only counted, in `figures_rows`. Days are dates."""
    names = {field.code: field.name for field in snapshot.fields}
    return [
        (
            row.place,
            row.title,
            names.get(row.field, "Querschnitt"),
            row.state,
            _day(row.since),
            row.sentence,
            _day(row.promised_until),
            row.office,
        )
        for row in snapshot.concerns.public
    ]


def activities_rows(snapshot: Snapshot) -> list[Row]:
    """Every activity, without its number of people. Days are dates; by month a month is a text, and without minutes."""
    return _listed_rows(snapshot, snapshot.activities)


def late_rows(snapshot: Snapshot) -> list[Row]:
    """The late entries, as the activities; no total counts them."""
    return _listed_rows(snapshot, snapshot.late)


def _listed_rows(snapshot: Snapshot, activities: Sequence[ListedActivity]) -> list[Row]:
    names = {field.code: field.name for field in snapshot.fields}
    return [
        (
            activity.day if activity.minutes is None else _day(activity.day),
            names.get(activity.field or "quer", "Querschnitt"),
            ", ".join(names.get(code, code) for code in activity.also),
            activity.kind,
            activity.title,
            *(() if activity.minutes is None else (activity.minutes,)),
            activity.result,
        )
        for activity in activities
    ]


def _day(value: str | None) -> datetime.date | str:
    return datetime.date.fromisoformat(value) if value else ""


def is_small(people: int) -> bool:
    return 0 < people < german.SMALLEST_GROUP


def shown_people(snapshot: Snapshot) -> int:
    """Sum of the groups that are printed as numbers."""
    return _shown([field.people_reached for field in snapshot.fields])


def people_total(snapshot: Snapshot) -> str:
    """The total in words; a lower bound where the exact one would give away a hidden group."""
    totals = snapshot.totals
    return people_in_words(
        totals.people_reached, totals.people_ranges, [field.people_reached for field in snapshot.fields]
    )


def people_figure(snapshot: Snapshot) -> tuple[str, str]:
    """The total as a large number and the words below it: "993", "Personen mindestens erreicht"."""
    at_least, total = f"mindestens{german.NBSP}", people_total(snapshot)
    if total.startswith(at_least):
        return total.removeprefix(at_least), "Personen mindestens erreicht"
    return total, "Person erreicht" if total == "1" else "Personen erreicht"


def people_in_words(total: int, ranges: int, groups: Sequence[int]) -> str:
    """The sum of `groups`; a lower bound where ranges were counted or the exact total gives away a small group."""
    if not any(map(is_small, groups)):
        has_ranges = ranges and total >= german.SMALLEST_GROUP
        return f"mindestens{german.NBSP}{german.number(total)}" if has_ranges else german.people(total)
    if total < german.SMALLEST_GROUP:
        return german.people(total)
    lower_bound = max(_shown(groups), german.SMALLEST_GROUP)
    return f"mindestens{german.NBSP}{german.number(lower_bound)}"


def _shown(groups: Iterable[int]) -> int:
    return sum(people for people in groups if not is_small(people))


def is_total_telling(snapshot: Snapshot) -> bool:
    """Whether somebody could work out a hidden group from the exact total."""
    return any(is_small(field.people_reached) for field in snapshot.fields)


def _countable(people: int) -> int | str:
    return german.people(people) if is_small(people) else people


def _plain(value: Any) -> Any:
    return value.replace(german.NBSP, " ") if isinstance(value, str) else value
