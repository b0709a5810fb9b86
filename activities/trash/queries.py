"""What stands against bringing something back today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from activities.concerns.models import Concern
from activities.log.closed_period import ClosedPeriod
from activities.log.models import Activity
from activities.trash.models import TrashItem, TrashKind


@dataclass(frozen=True)
class _Around:
    """What living rows say: closed periods, {id: whether no period holds it, as it came late} of the entries that are
    there, ids of concerns that are there and of those that lie in the bin.
    """

    closed: list[ClosedPeriod]
    activities: dict[int, bool]
    concerns: set[int]
    deleted_concerns: set[int]


class Obstacle(NamedTuple):
    """A German sentence, and whether the activity can come back all the same, as a late entry."""

    sentence: str
    can_come_late: bool = False


def obstacles(items: Iterable[TrashItem]) -> dict[int, Obstacle]:
    """{id: what stands against it} of those that cannot come back now. Four queries, however many there are."""
    items = list(items)
    around = _around(items)
    return {item.pk: against for item in items for against in [*_against(item, around)][:1]}


def obstacle(item: TrashItem) -> Obstacle | None:
    return obstacles([item]).get(item.pk)


def concern_of(item: TrashItem) -> int | None:
    """The id of the concern that a deleted activity belongs to."""
    found: int | None = item.rows[0]["row"].get("concern_id") if item.kind == TrashKind.ACTIVITY else None
    return found


def words_of(item: TrashItem) -> str:
    """What was written there, so that one knows it again, and has it when it cannot come back."""
    words: str = item.rows[0]["row"].get("description", "")
    return words


def minutes_of(item: TrashItem) -> int | None:
    """Of an activity."""
    minutes: int | None = item.rows[0]["row"].get("minutes")
    return minutes


def _around(items: list[TrashItem]) -> _Around:
    of_log = {item.entry_pk for item in items if item.is_of_log}
    of_concerns = {item.entry_pk for item in items if not item.is_of_log}
    there = Activity.objects.filter(pk__in=of_log).order_by()
    wanted = {concern for item in items if (concern := concern_of(item)) is not None}
    deleted = TrashItem.objects.filter(kind=TrashKind.CONCERN, object_pk__in=wanted)
    return _Around(
        closed=list(ClosedPeriod.objects.filter(municipality__in={item.municipality_id for item in items})),
        activities={
            pk: is_late and told is None
            for pk, is_late, told in there.values_list("pk", "is_late", "reported_in")
        },
        concerns=set(Concern.objects.filter(pk__in=of_concerns).values_list("pk", flat=True)),
        deleted_concerns=set(deleted.values_list("object_pk", flat=True)),
    )


def _against(item: TrashItem, around: _Around) -> Iterator[Obstacle]:
    """What cannot be helped comes first."""
    if item.is_attached and item.entry_pk not in (around.activities if item.is_of_log else around.concerns):
        entry = "die Aktivität" if item.is_of_log else "das Anliegen"
        yield Obstacle(f"Bitte holen Sie zuerst {entry} „{item.entry_title}“ zurück.")
    if concern_of(item) in around.deleted_concerns:
        yield Obstacle(
            "Auch das Anliegen dazu liegt im Papierkorb. Bitte holen Sie zuerst das Anliegen zurück."
        )
    if item.is_of_log and not _is_late(item, around):
        yield from (_closed(period, item) for period in around.closed if _covers(period, item))


def _is_late(item: TrashItem, around: _Around) -> bool:
    """Told by no report yet, so no closed period holds it."""
    if item.is_attached:
        return around.activities.get(item.entry_pk, False)
    return bool(item.rows[0]["row"].get("is_late"))


def _covers(period: ClosedPeriod, item: TrashItem) -> bool:
    return period.municipality_id == item.municipality_id and period.starts_on <= item.day <= period.ends_on


def _closed(period: ClosedPeriod, item: TrashItem) -> Obstacle:
    if item.is_attached:
        return Obstacle(f"{period.fact} Zurückholen geht erst wieder, wenn der Bericht zurückgegeben ist.")
    return Obstacle(period.question, can_come_late=True)
