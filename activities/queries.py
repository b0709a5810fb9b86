"""Totals of activities: one definition, used by start page, report page, chart, PDF and attachments alike.
At the end what the form offers to choose from, and what is to be looked after again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from activities.models import (
    Activity,
    ActivityKind,
    ActivityOrganisation,
    ActivityQuerySet,
    ActivityResult,
    FieldOfAction,
    Organisation,
)
from mediators.models import Mediator
from municipalities.models import Municipality

CROSS_CUTTING = "quer"  # code of the activities without a leading field


@dataclass(frozen=True)
class Totals:
    """`people_reached` sums the counted activities; `people_not_counted` is the number of those without a count."""

    activities: int = 0
    minutes: int = 0
    people_reached: int = 0
    people_not_counted: int = 0


@dataclass(frozen=True)
class FieldTotals(Totals):
    code: str = ""
    name: str = ""
    short: str = ""
    articles: tuple[int, ...] = ()
    also_touched: int = 0  # activities that have another leading field


@dataclass(frozen=True)
class MonthTotals(Totals):
    month: dt.date = dt.date.min  # its first day


@dataclass(frozen=True)
class NamedTotals(Totals):
    code: str = ""
    name: str = ""


# Count("*"), not Count("id"): only so does the covering index (town, day) answer alone.
SUMS = {
    "sum_activities": Count("*"),
    "sum_minutes": Coalesce(Sum("minutes"), 0),
    "sum_people_reached": Coalesce(Sum("people_reached"), 0),
    "sum_people_not_counted": Count("minutes", filter=Q(people_reached__isnull=True)),
}


def totals(activities: ActivityQuerySet) -> Totals:
    return Totals(**_sums(activities.order_by().aggregate(**SUMS)))


def totals_by_field(activities: ActivityQuerySet) -> list[FieldTotals]:
    return breakdown(activities).by_field()


def breakdown(activities: ActivityQuerySet) -> Breakdown:
    """One query for everything that a town's report asks for; meant for the activities of a year, not of a state."""
    parts = (
        activities.order_by()
        .annotate(month=TruncMonth("day"))
        .values("field_id", "further_fields", "kind_id", "kind__name", "kind__position", "month", "result")
        .annotate(**SUMS)
    )
    return Breakdown(list(parts))


class Breakdown:
    """Totals by field, month, kind and result, all added up from the same few parts."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        self._parts = parts

    def totals(self) -> Totals:
        return Totals(**_added(self._parts))

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
        """{value of the column: the four sums}"""
        groups: dict[Any, list[dict[str, Any]]] = {}
        for part in self._parts:
            groups.setdefault(part[column], []).append(part)
        return {value: _added(parts) for value, parts in groups.items()}


def _added(parts: list[dict[str, Any]]) -> dict[str, int]:
    return {name.removeprefix("sum_"): sum(part[name] for part in parts) for name in SUMS}


def _sums(row: dict[str, Any]) -> dict[str, int]:
    return {name.removeprefix("sum_"): row[name] for name in SUMS}


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


# --- what the form offers

Choices = list[tuple[str, str]]
RECENT_ENTRIES = 50  # of one mediator, for titles and the last choice
MOST_FOLLOW_UPS = 8
RECENT_PLACES = 300  # activities of the towns that are looked through for places


def reference_choices() -> tuple[Choices, Choices]:
    """Fields of action and kinds, each in their order, in one query."""
    columns = ("what", "position", "pk", "name")
    fields = FieldOfAction.objects.order_by().annotate(what=Value("field")).values_list(*columns)
    kinds = ActivityKind.objects.order_by().annotate(what=Value("kind")).values_list(*columns)
    rows = sorted(fields.union(kinds))
    return (
        [(code, name) for what, _, code, name in rows if what == "field"],
        [(code, name) for what, _, code, name in rows if what == "kind"],
    )


def towns_of(mediator: Mediator) -> list[Municipality]:
    """Every town the mediator is or was appointed for."""
    return list(Municipality.objects.filter(appointments__mediator=mediator).distinct())


def organisations_offered(towns: list[Municipality], activity: Activity) -> list[Organisation]:
    """The list of the towns' county. `is_chosen`: took part in this activity; `is_usual`: in any of these towns."""
    part = ActivityOrganisation.objects.filter(organisation=OuterRef("pk"))
    return list(
        Organisation.objects.filter(county__in={town.county_id for town in towns})
        .annotate(
            is_chosen=Exists(part.filter(activity=activity.pk)),
            is_usual=Exists(part.filter(activity__municipality__in=towns)),
        )
        .order_by("name")
    )


@dataclass(frozen=True)
class FollowUps:
    """What is to be looked after again, the earliest first; `has_more` if not all of it is here."""

    due: list[Activity]
    coming: list[Activity]
    has_more: bool


def follow_ups(activities: ActivityQuerySet, today: dt.date) -> FollowUps:
    """One query, however many there are."""
    first = list(activities.to_follow_up().select_related("municipality")[: MOST_FOLLOW_UPS + 1])
    shown = first[:MOST_FOLLOW_UPS]
    return FollowUps(
        due=[activity for activity in shown if activity.follow_up_on <= today],
        coming=[activity for activity in shown if activity.follow_up_on > today],
        has_more=len(first) > MOST_FOLLOW_UPS,
    )


@dataclass(frozen=True)
class EarlierEntries:
    """What a mediator wrote last: where a new entry starts, and titles to choose from, the newest first."""

    kind: str = ""
    field: str = ""
    titles: tuple[str, ...] = ()


def earlier_entries(mediator: Mediator) -> EarlierEntries:
    rows = Activity.objects.filter(mediator=mediator).order_by("-pk")
    latest = list(rows.values_list("kind_id", "field_id", "title")[:RECENT_ENTRIES])
    if not latest:
        return EarlierEntries()
    kind, field, _ = latest[0]
    titles = tuple(dict.fromkeys(title for _, _, title in latest))
    return EarlierEntries(kind, field or CROSS_CUTTING, titles)


def earlier_places(towns: list[Municipality]) -> list[str]:
    """Places that activities in these towns named lately, each once."""
    rows = Activity.objects.filter(municipality__in=towns).order_by("-day")
    return sorted({place for place in rows.values_list("place", flat=True)[:RECENT_PLACES] if place})
