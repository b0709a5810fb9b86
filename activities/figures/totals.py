"""Totals of activities: one definition, used by start page, report page, chart, PDF and attachments alike."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Q,
    Sum,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils.functional import cached_property

from activities.log.models import ActivityQuerySet, ActivityResult
from kiv_portal.periods import months_between
from municipalities.programme.queries import Codes, Programme, programme_of

CROSS_CUTTING = "quer"  # code of the activities without a leading field


@dataclass(frozen=True)
class Totals:
    """`people_reached` sums the counted activities, a range ("20 bis 30") with its lower end: at least so many.
    `people_not_counted` is the number of activities without a count. `minutes` are those of work, without travel.
    """

    activities: int = 0
    minutes: int = 0
    travel_minutes: int = 0
    people_reached: int = 0
    people_not_counted: int = 0


@dataclass(frozen=True)
class ListedTotals(Totals):
    """Of rows in a list, which shows late entries as well: in a period they count nowhere."""

    late: int = 0


@dataclass(frozen=True)
class WholeTotals(Totals):
    """With what the covering index does not hold. `people_ranges` is the number of activities with a range."""

    expenses_cents: int = 0
    people_ranges: int = 0


@dataclass(frozen=True)
class FieldTotals(WholeTotals):
    code: str = ""
    name: str = ""
    short: str = ""
    articles: tuple[int, ...] = ()
    also_touched: int = 0  # activities that have another leading field


@dataclass(frozen=True)
class MonthTotals(WholeTotals):
    month: dt.date = dt.date.min  # its first day


@dataclass(frozen=True)
class NamedTotals(WholeTotals):
    code: str = ""
    name: str = ""


# Count("*"), not Count("id"): only so does the covering index (town, day) answer alone.
SUMS = {
    "sum_activities": Count("*"),
    "sum_minutes": Coalesce(Sum("minutes"), 0),
    "sum_travel_minutes": Coalesce(Sum("travel_minutes"), 0),
    "sum_people_reached": Coalesce(Sum("people_reached"), 0),
    "sum_people_not_counted": Count("minutes", filter=Q(people_reached__isnull=True)),
}
WHOLE_SUMS = SUMS | {
    "sum_expenses_cents": Coalesce(Sum("expenses_cents"), 0),
    "sum_people_ranges": Count("minutes", filter=Q(people_reached_to__isnull=False)),
}


def totals_of_list(activities: ActivityQuerySet) -> ListedTotals:
    sums = SUMS | {"sum_late": Count("minutes", filter=Q(is_late=True))}
    return ListedTotals(**_sums(activities.order_by().aggregate(**sums)))


def totals(activities: ActivityQuerySet) -> Totals:
    return Totals(**_sums(activities.order_by().aggregate(**SUMS)))


def totals_by_field(activities: ActivityQuerySet, county: str) -> list[FieldTotals]:
    return breakdown(activities, county).by_field()


# {what activities are grouped by: its column}; months as dates from the database, Python would turn each into one
GROUPED_BY = {
    "town": F("municipality_id"),
    "field": F("field_id"),
    "further_fields": F("further_fields"),
    "month": Cast(TruncMonth("day"), DateField()),
    "kind": F("kind_id"),
    "result": F("result"),
}
_NAMES = list(GROUPED_BY)


class GroupingSets(Func):
    """Groups a query by each of the columns in turn, in one go through its rows; select the columns `AsGrouped`.

    Its own value is PostgreSQL's GROUPING(): one bit a column, the first column's the highest, 0 for the one that
    the row was grouped by. Source: PostgreSQL manual, "GROUPING SETS, CUBE, and ROLLUP".
    """

    function = "GROUPING"
    output_field = IntegerField()
    contains_aggregate = True  # like an aggregate it has no value before the rows are grouped

    def get_group_by_cols(self) -> list[Any]:
        columns = self.get_source_expressions()
        return [GroupingSets(*columns, template="GROUPING SETS ((%(expressions)s))", arg_joiner="), (")]


class AsGrouped(Func):
    """NULL in the rows that were grouped by another column."""

    template = "%(expressions)s"

    def get_group_by_cols(self) -> list[Any]:
        return []


def breakdown(activities: ActivityQuerySet, *counties: str) -> Breakdown:
    """One query for everything that a report asks for; it answers one row for each town, field, month, and so on.

    All activities are of these counties, named by their keys; their fields and kinds are one query more, once the
    names are asked for.
    """
    columns = {f"by_{name}": AsGrouped(column) for name, column in GROUPED_BY.items()}
    rows = (
        activities.order_by()
        .values(**columns)
        .annotate(
            grouping=GroupingSets(*GROUPED_BY.values()),
            **WHOLE_SUMS,
        )
    )
    groups: dict[str, list[tuple[Any, dict[str, Any]]]] = {name: [] for name in GROUPED_BY}
    all_bits = 2 ** len(_NAMES) - 1
    for row in rows:
        name = _NAMES[-(row["grouping"] ^ all_bits).bit_length()]
        groups[name].append((row[f"by_{name}"], row))
    return Breakdown(groups, *counties)


class Breakdown:
    """Totals by town, field, month, kind and result: {name as in GROUPED_BY: [(value, row with its sums)]}."""

    def __init__(self, groups: dict[str, list[tuple[Any, dict[str, Any]]]], *counties: str) -> None:
        self._groups = groups
        self._counties = counties

    @cached_property
    def programme(self) -> Programme:
        return programme_of(self._counties)

    def totals(self) -> WholeTotals:
        rows = [row for _, row in self._groups["town"]]
        return WholeTotals(
            **{name.removeprefix("sum_"): sum(row[name] for row in rows) for name in WHOLE_SUMS}
        )

    def by_town(self) -> dict[int, WholeTotals]:
        """{municipality id: its totals}, of towns with at least one activity"""
        return {town: WholeTotals(**_sums(row)) for town, row in self._groups["town"]}

    def by_field(self) -> list[FieldTotals]:
        """The fields of each county in their order, then "quer"; fields without an activity are there with zeros."""
        grouped = self._sums_by("field")
        also_touched: Counter[str] = Counter()
        for further_fields, row in self._groups["further_fields"]:
            for code in further_fields:
                also_touched[code] += row["sum_activities"]
        rows = [
            FieldTotals(
                code=field.code,
                name=field.name,
                short=field.short,
                articles=tuple(field.articles),
                also_touched=also_touched[field.code],
                **grouped.get(field.pk, {}),
            )
            for field in self.programme.fields.rows
        ]
        cross_cutting = FieldTotals(
            code=CROSS_CUTTING,
            name="Querschnitt",
            short="Qu",
            articles=(),
            also_touched=0,
            **grouped.get(None, {}),
        )
        return [*rows, cross_cutting]

    def by_month(self, start: dt.date, end: dt.date) -> list[MonthTotals]:
        """Every month from `start` to `end`, also those without an activity."""
        grouped = self._sums_by("month")
        return [MonthTotals(month=month, **grouped.get(month, {})) for month in months_between(start, end)]

    def by_kind(self) -> list[NamedTotals]:
        """Kinds that occur, the most frequent first."""
        grouped = self._sums_by("kind")
        rows = [
            NamedTotals(code=kind.code, name=kind.name, **grouped[kind.pk])
            for kind in self.programme.kinds.rows
            if kind.pk in grouped
        ]
        return sorted(rows, key=lambda row: -row.activities)

    def by_result(self) -> list[NamedTotals]:
        """The results in the order of their choices; activities without a result are left out."""
        grouped = self._sums_by("result")
        return [
            NamedTotals(code=result.value, name=result.label, **grouped[result.value])
            for result in ActivityResult
            if result.value in grouped
        ]

    def _sums_by(self, name: str) -> dict[Any, dict[str, int]]:
        return {value: _sums(row) for value, row in self._groups[name]}


def _sums(row: dict[str, Any]) -> dict[str, int]:
    """{name of a total: its value}"""
    return {name.removeprefix("sum_"): value for name, value in row.items() if name.startswith("sum_")}


def totals_by_town(activities: ActivityQuerySet) -> dict[int, Totals]:
    """{municipality id: its totals}, from the covering index alone"""
    rows = activities.order_by().values("municipality_id").annotate(**SUMS)
    return {row["municipality_id"]: Totals(**_sums(row)) for row in rows}


def counts_by_town_and_field(activities: ActivityQuerySet, fields: Codes) -> dict[int, dict[str, int]]:
    """{municipality id: {field code or "quer": number of activities}}; `fields` are those of all their counties."""
    table: dict[int, dict[str, int]] = {}
    rows = activities.order_by().values_list("municipality_id", "field_id").annotate(n=Count("*"))
    for municipality_id, field, number in rows:
        table.setdefault(municipality_id, {})[fields.code_of(field) or CROSS_CUTTING] = number
    return table
