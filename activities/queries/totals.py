"""Totals of activities: one definition, used by start page, report page, chart, PDF and attachments alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Q,
    Sum,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth

from activities.models import (
    ActivityQuerySet,
    ActivityResult,
    FieldOfAction,
)

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


def totals(activities: ActivityQuerySet) -> Totals:
    return Totals(**_sums(activities.order_by().aggregate(**SUMS)))


def totals_by_field(activities: ActivityQuerySet) -> list[FieldTotals]:
    parts = activities.order_by().values("field_id", "further_fields").annotate(**WHOLE_SUMS)
    return Breakdown(list(parts)).by_field()


def breakdown(activities: ActivityQuerySet) -> Breakdown:
    """One query for everything that a town's report asks for; meant for the activities of a year, not of a state."""
    columns = ("field_id", "further_fields", "kind_id", "kind__name", "kind__position", "month", "result")
    parts = (
        activities.order_by()
        # as a date from the database: Python would turn every row's moment into one
        .annotate(month=Cast(TruncMonth("day"), DateField()))
        .values("municipality_id", *columns)
        .annotate(**WHOLE_SUMS)
    )
    return Breakdown(list(parts))


class Breakdown:
    """Totals by town, field, month, kind and result, all added up from the same few parts."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        self._parts = parts

    def totals(self) -> WholeTotals:
        return WholeTotals(**_added(self._parts))

    def by_town(self) -> dict[int, WholeTotals]:
        """{municipality id: its totals}, of towns with at least one activity"""
        return {town: WholeTotals(**sums) for town, sums in self._grouped("municipality_id").items()}

    def by_field(self) -> list[FieldTotals]:
        """The five fields in their order, then "quer"; fields without an activity are there with zeros."""
        grouped = self._grouped("field_id")
        rows = [
            FieldTotals(
                code=field.code,
                name=field.name,
                short=field.short,
                articles=tuple(field.articles),
                also_touched=sum(
                    part["sum_activities"] for part in self._parts if field.code in part["further_fields"]
                ),
                **grouped.get(field.code, {}),
            )
            for field in FieldOfAction.objects.all()
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
        grouped = self._grouped("month")
        return [MonthTotals(month=month, **grouped.get(month, {})) for month in months_between(start, end)]

    def by_kind(self) -> list[NamedTotals]:
        """Kinds that occur, the most frequent first."""
        grouped = self._grouped("kind_id")
        kinds = {(part["kind__position"], part["kind_id"], part["kind__name"]) for part in self._parts}
        rows = [NamedTotals(code=code, name=name, **grouped[code]) for _, code, name in sorted(kinds)]
        return sorted(rows, key=lambda row: -row.activities)

    def by_result(self) -> list[NamedTotals]:
        """The results in the order of their choices; activities without a result are left out."""
        grouped = self._grouped("result")
        return [
            NamedTotals(code=result.value, name=result.label, **grouped[result.value])
            for result in ActivityResult
            if result.value in grouped
        ]

    def _grouped(self, column: str) -> dict[Any, dict[str, int]]:
        """{value of the column: its sums}"""
        groups: dict[Any, list[dict[str, Any]]] = {}
        for part in self._parts:
            groups.setdefault(part[column], []).append(part)
        return {value: _added(parts) for value, parts in groups.items()}


_NAMES_OF_SUMS = [name.removeprefix("sum_") for name in WHOLE_SUMS]


def _added(parts: list[dict[str, Any]]) -> dict[str, int]:
    columns = zip(*map(itemgetter(*WHOLE_SUMS), parts), strict=True)
    return dict(zip(_NAMES_OF_SUMS, map(sum, columns), strict=False))  # without parts there is nothing to add


def _sums(row: dict[str, Any]) -> dict[str, int]:
    return {name.removeprefix("sum_"): row[name] for name in SUMS}


def totals_by_town(activities: ActivityQuerySet) -> dict[int, Totals]:
    """{municipality id: its totals}, from the covering index alone"""
    rows = activities.order_by().values("municipality_id").annotate(**SUMS)
    return {row["municipality_id"]: Totals(**_sums(row)) for row in rows}


def counts_by_town_and_field(activities: ActivityQuerySet) -> dict[int, dict[str, int]]:
    """{municipality id: {field code or "quer": number of activities}}"""
    table: dict[int, dict[str, int]] = {}
    rows = activities.order_by().values_list("municipality_id", "field_id").annotate(n=Count("*"))
    for municipality_id, code, number in rows:
        table.setdefault(municipality_id, {})[code or CROSS_CUTTING] = number
    return table


def months_between(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + dt.timedelta(days=32)).replace(day=1)
