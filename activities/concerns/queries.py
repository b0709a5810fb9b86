"""Concerns of a period, counted where their dated steps had brought them at its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.concerns.models import Concern, ConcernQuerySet, ConcernState, ConcernStep
from activities.concerns.reporter_models import ReporterMessage, Said
from activities.figures.totals import CROSS_CUTTING
from kiv_portal.documents import german
from kiv_portal.german_order import german_key
from municipalities.models import Municipality

CONCERN_OUTCOMES = {  # as councils ask: what is done, what is promised, what is still open; in this order everywhere
    "done": "umgesetzt",
    "promised": "zugesagt",
    "open": "offen",
    "passed_on": "weitergegeben",
    "refused": "abgelehnt",
    "withdrawn": "zurückgezogen",
}
ONLY_WHERE_THERE_IS_ONE = "withdrawn"  # else no report has a line about it
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
    is_confirmed: bool  # done, and who reported it has said: it is good
    number: int


class ConcernTotals:
    """Concerns of a period by outcome, field, place and town, all added up from the same few parts.

    The outcomes add up to `total`: every concern stands once, where its dated steps had brought it at the period's
    end, whatever became of it later. `codes` are the outcomes that are told: parts of a whole tell those of the whole.
    """

    def __init__(self, parts: list[ConcernPart], codes: list[str] | None = None) -> None:
        self.parts = parts
        self.codes = _codes_told(parts) if codes is None else codes

    @property
    def total(self) -> int:
        return sum(part.number for part in self.parts)

    @property
    def reported(self) -> int:
        return sum(part.number for part in self.parts if part.is_new)

    @property
    def confirmed(self) -> int:
        return sum(part.number for part in self.parts if part.is_confirmed)

    def outcomes(self) -> dict[str, int]:
        """{code: number} of all `codes`"""
        return _tally(self.parts, "outcome", dict.fromkeys(self.codes, 0))

    def by_field(self) -> dict[str, int]:
        return _tally(self.parts, "field", {})

    def by_place(self) -> dict[str, dict[str, int]]:
        """{place: {outcome: number}}, places in alphabetical order; concerns without a place under "" """
        places = sorted({part.place for part in self.parts}, key=lambda place: (not place, german_key(place)))
        return {
            place: ConcernTotals([part for part in self.parts if part.place == place], self.codes).outcomes()
            for place in places
        }

    def of_town(self, municipality_id: int) -> ConcernTotals:
        return ConcernTotals(
            [part for part in self.parts if part.municipality_id == municipality_id], self.codes
        )


def _codes_told(parts: list[ConcernPart]) -> list[str]:
    """The outcomes that have a line, in the order of CONCERN_OUTCOMES."""
    occurring = {part.outcome for part in parts}
    return [code for code in CONCERN_OUTCOMES if code != ONLY_WHERE_THERE_IS_ONE or code in occurring]


def _tally(parts: list[ConcernPart], attribute: str, numbers: dict[str, int]) -> dict[str, int]:
    for part in parts:
        value = getattr(part, attribute)
        numbers[value] = numbers.get(value, 0) + part.number
    return numbers


def concern_totals(concerns: ConcernQuerySet, start: dt.date, end: dt.date) -> ConcernTotals:
    """The concerns at work in start..end: reported in it, open at its start, or with a step in it. One query."""
    rows = (
        concerns_at_work(concerns, start, end)
        .annotate(is_new=Q(reported_on__gte=start), is_confirmed=_is_confirmed(end))
        .values_list("municipality_id", "state_then", "field__code", "place", "is_new", "is_confirmed")
        .annotate(number=Count("*"))
    )
    return ConcernTotals(
        [
            ConcernPart(
                town, outcome_of(state), field or CROSS_CUTTING, place.strip(), is_new, confirmed, number
            )
            for town, state, field, place, is_new, confirmed, number in rows
        ]
    )


def concerns_at_work(concerns: ConcernQuerySet, start: dt.date, end: dt.date) -> ConcernQuerySet:
    """Adds `state_then`, the state at the end of `end` by the dated steps. Without order.

    What was withdrawn before anybody had looked at it was nobody's work.
    """
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
        .exclude(Q(state_then=ConcernState.WITHDRAWN) & ~Exists(_work_until(end)))
    )


def _work_until(end: dt.date) -> QuerySet[ConcernStep]:
    steps = ConcernStep.objects.filter(concern=OuterRef("pk"), taken_at__lt=_midnight_after(end))
    return steps.exclude(state__in=ConcernState.not_worked_on)


def _is_confirmed(end: dt.date) -> Exists:
    """Who reported it has said "yes" about the step after which it is done, until the end of `end`."""
    later = ConcernStep.objects.filter(
        concern=OuterRef("concern"),
        taken_at__gt=OuterRef("step__taken_at"),
        taken_at__lt=_midnight_after(end),
    ).exclude(state=ConcernState.DONE)
    said_yes = ReporterMessage.objects.filter(
        ~Exists(later), concern=OuterRef("pk"), kind=Said.YES, said_at__lt=_midnight_after(end)
    )
    return Exists(said_yes)


def confirmed_by_many(town: Municipality, today: dt.date) -> int:
    """How many are done and good today, says who reported them; 0 where so few said so that they could be known."""
    done = Concern.objects.filter(municipality=town, state=ConcernState.DONE)
    number = done.filter(_is_confirmed(today)).count()
    return number if number >= german.SMALLEST_GROUP else 0


def asked_step(concern: Concern) -> ConcernStep | None:
    """The step about which who reported it is asked whether it is good so; None where it is not done, or answered.

    Later words while it stays done are no second step.
    """
    if concern.state != ConcernState.DONE:
        return None
    before = concern.steps.exclude(state=ConcernState.DONE).last()
    steps = concern.steps.filter(state=ConcernState.DONE)
    step = steps.filter(taken_at__gte=before.taken_at).first() if before else steps.first()
    return step if step and not ReporterMessage.objects.filter(step=step).exists() else None


def done_within(concerns: ConcernQuerySet, start: dt.date, end: dt.date) -> ConcernQuerySet:
    """Those that came to "umgesetzt" in start..end and were still so at its end, the newest first.

    Each with `done_at` and `what_was_done`, moment and sentence of that step.
    """
    steps = ConcernStep.objects.filter(
        concern=OuterRef("pk"), state=ConcernState.DONE, taken_at__lt=_midnight_after(end)
    ).order_by("-taken_at", "-pk")
    done = concerns_at_work(concerns, start, end).filter(state_then=ConcernState.DONE)
    return done.annotate(
        done_at=Subquery(steps.values("taken_at")[:1]), what_was_done=Subquery(steps.values("sentence")[:1])
    ).order_by("-done_at", "-pk")


def _state_on(day: dt.date) -> Coalesce:
    """The state that the last step until the end of `day` left; reported, where there was none yet."""
    steps = ConcernStep.objects.filter(concern=OuterRef("pk"), taken_at__lt=_midnight_after(day))
    last = steps.order_by("-taken_at", "-pk").values("state")[:1]
    return Coalesce(Subquery(last), Value(ConcernState.REPORTED.value))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _midnight_after(day: dt.date) -> dt.datetime:
    return _midnight(day + dt.timedelta(days=1))
