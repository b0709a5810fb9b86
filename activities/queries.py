"""Totals of activities: one definition, used by start page, report page, chart, PDF and attachments alike.
At the end what the form offers to choose from, and what is to be looked after again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from activities.models import (
    Activity,
    ActivityKind,
    ActivityOrganisation,
    ActivityQuerySet,
    ActivityResult,
    ClosedPeriod,
    ConcernQuerySet,
    ConcernState,
    ConcernStep,
    FieldOfAction,
    Organisation,
)
from kiv_portal.accounts.models import User
from mediators.models import Mediator
from municipalities.models import Municipality, MunicipalityQuerySet

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
    return breakdown(activities).by_field()


def breakdown(activities: ActivityQuerySet) -> Breakdown:
    """One query for everything that a town's report asks for; meant for the activities of a year, not of a state."""
    columns = ("field_id", "further_fields", "kind_id", "kind__name", "kind__position", "month", "result")
    parts = (
        activities.order_by()
        .annotate(month=TruncMonth("day"))
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


def _added(parts: list[dict[str, Any]]) -> dict[str, int]:
    return {name.removeprefix("sum_"): sum(part[name] for part in parts) for name in WHOLE_SUMS}


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


# --- lists and exports


@dataclass(frozen=True)
class ReferenceNames:
    """{code: name} in the order of their positions."""

    fields: dict[str, str]
    kinds: dict[str, str]


def reference_names() -> ReferenceNames:
    """Fields of action and kinds in one query."""
    columns = ("what", "position", "code", "name")
    fields = FieldOfAction.objects.order_by().annotate(what=Value("field")).values_list(*columns)
    kinds = ActivityKind.objects.order_by().annotate(what=Value("kind")).values_list(*columns)
    names: dict[str, dict[str, str]] = {"field": {}, "kind": {}}
    for what, _, code, name in sorted(fields.union(kinds)):
        names[what][code] = name
    return ReferenceNames(fields=names["field"], kinds=names["kind"])


def with_last_report(towns: MunicipalityQuerySet) -> MunicipalityQuerySet:
    """`reported_from` and `reported_until`: the newest period that a report has closed."""
    newest = ClosedPeriod.objects.filter(municipality=OuterRef("pk")).order_by("-ends_on")
    return towns.annotate(
        reported_from=Subquery(newest.values("starts_on")[:1]),
        reported_until=Subquery(newest.values("ends_on")[:1]),
    )


EXPORT_ROWS_AT_ONCE = 2_000


def export_rows(
    activities: ActivityQuerySet, columns: Sequence[str], *, reader: User
) -> Iterator[tuple[Any, ...]]:
    """Plain tuples by a cursor on the server, so that a million rows need no memory.

    `readable_note` and `readable_expenses` are for whom the entry is by, and for the county; else empty.
    """
    may_read = Q(municipality__in=Municipality.objects.of_staff(reader)) | Q(mediator__user_id=reader.pk)
    partners = ActivityOrganisation.objects.filter(activity=OuterRef("pk")).order_by("organisation__name")
    return (
        activities.annotate(
            readable_note=Case(
                When(may_read, then=F("internal_note")), default=Value(""), output_field=TextField()
            ),
            readable_expenses=Case(
                When(may_read, then=F("expenses_cents")), default=None, output_field=IntegerField()
            ),
            partners=ArraySubquery(partners.values("organisation__name")),
        )
        .values_list(*columns)
        .iterator(chunk_size=EXPORT_ROWS_AT_ONCE)
    )


# --- concerns


CONCERN_OUTCOMES = {  # as councils ask: what is done, what is promised, what is still open; in this order everywhere
    "done": "umgesetzt",
    "promised": "zugesagt",
    "open": "offen",
    "passed_on": "weitergegeben",
    "refused": "abgelehnt",
}
STILL_OPEN = (ConcernState.REPORTED.value, ConcernState.CHECKING.value)


def outcome_of(state: str) -> str:
    """The code of CONCERN_OUTCOMES for a state: reported or being checked is "open"."""
    return "open" if state in STILL_OPEN else state


@dataclass(frozen=True)
class ConcernPart:
    """Concerns that agree in everything a page or a report tells them apart by."""

    municipality_id: int
    outcome: str
    field: str  # code, or "quer"
    place: str
    is_new: bool  # reported within the period
    number: int


class ConcernTotals:
    """Concerns of a period by outcome, field, place and town, all added up from the same few parts.

    The outcomes add up to `total`: every concern stands once, where its dated steps had brought it at the period's
    end, whatever became of it later.
    """

    def __init__(self, parts: list[ConcernPart]) -> None:
        self.parts = parts

    @property
    def total(self) -> int:
        return sum(part.number for part in self.parts)

    @property
    def reported(self) -> int:
        return sum(part.number for part in self.parts if part.is_new)

    def outcomes(self) -> dict[str, int]:
        """{code: number}, every outcome of CONCERN_OUTCOMES in its order"""
        return _tally(self.parts, "outcome", dict.fromkeys(CONCERN_OUTCOMES, 0))

    def by_field(self) -> dict[str, int]:
        return _tally(self.parts, "field", {})

    def by_place(self) -> dict[str, dict[str, int]]:
        """{place: {outcome: number}}, places in alphabetical order; concerns without a place under "" """
        places = sorted({part.place for part in self.parts}, key=lambda place: (not place, place.lower()))
        return {
            place: ConcernTotals([part for part in self.parts if part.place == place]).outcomes()
            for place in places
        }

    def of_town(self, municipality_id: int) -> ConcernTotals:
        return ConcernTotals([part for part in self.parts if part.municipality_id == municipality_id])


def _tally(parts: list[ConcernPart], attribute: str, numbers: dict[str, int]) -> dict[str, int]:
    for part in parts:
        value = getattr(part, attribute)
        numbers[value] = numbers.get(value, 0) + part.number
    return numbers


def concern_totals(concerns: ConcernQuerySet, start: dt.date, end: dt.date) -> ConcernTotals:
    """The concerns at work in start..end: reported in it, open at its start, or with a step in it. One query."""
    rows = (
        concerns_at_work(concerns, start, end)
        .annotate(is_new=Q(reported_on__gte=start))
        .values_list("municipality_id", "state_then", "field_id", "place", "is_new")
        .annotate(number=Count("*"))
    )
    return ConcernTotals(
        [
            ConcernPart(town, outcome_of(state), field or CROSS_CUTTING, place.strip(), is_new, number)
            for town, state, field, place, is_new, number in rows
        ]
    )


def concerns_at_work(concerns: ConcernQuerySet, start: dt.date, end: dt.date) -> ConcernQuerySet:
    """Adds `state_then`, the state at the end of `end` by the dated steps. Without order."""
    steps_in_period = ConcernStep.objects.filter(
        concern=OuterRef("pk"), taken_at__gte=_midnight(start), taken_at__lt=_midnight_after(end)
    )
    before = start - dt.timedelta(days=1)
    return (
        concerns.order_by()
        .filter(reported_on__lte=end)
        .annotate(state_then=_state_on(end), state_before=_state_on(before))
        .filter(
            Q(reported_on__gte=start) | Q(state_before__in=ConcernState.open) | Exists(steps_in_period),
        )
    )


def _state_on(day: dt.date) -> Coalesce:
    """The state that the last step until the end of `day` left; reported, where there was none yet."""
    steps = ConcernStep.objects.filter(concern=OuterRef("pk"), taken_at__lt=_midnight_after(day))
    last = steps.order_by("-taken_at", "-pk").values("state")[:1]
    return Coalesce(Subquery(last), Value(ConcernState.REPORTED.value))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _midnight_after(day: dt.date) -> dt.datetime:
    return _midnight(day + dt.timedelta(days=1))


# --- what the form offers

RECENT_ENTRIES = 50  # of one mediator, for titles and the last choice
MOST_FOLLOW_UPS = 8
RECENT_PLACES = 300  # activities of the towns that are looked through for places


def towns_of_mediator(mediator: Mediator) -> list[Municipality]:
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
