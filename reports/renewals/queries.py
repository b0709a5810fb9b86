"""What became of the editions that a council got."""

from __future__ import annotations

from typing import Any, NamedTuple

from reports.renewals.models import NewEdition, Withdrawal
from reports.steps.models import InterimReport, ReportState


def around_delivery(report: InterimReport) -> dict[str, Any]:
    """For the page of a report that was delivered once: what is in work, what two people decide, what holds no more."""
    new_editions = list(report.new_editions.all())
    withdrawals = list(report.withdrawals.select_related("asked_by", "confirmed_by"))
    in_work = next((one for one in new_editions if not (one.delivered_at or one.dropped_at)), None)
    return {
        "new_edition": in_work,
        "can_drop": in_work is not None and is_droppable(report),
        "withdrawal": next((one for one in withdrawals if not (one.confirmed_at or one.refused_at)), None),
        "editions": _earlier(report, new_editions, withdrawals),
    }


class Edition(NamedTuple):
    """One that a council got, and what became of it."""

    number: int
    code: str | None
    replaced: NewEdition | None
    withdrawn: Withdrawal | None


def _earlier(
    report: InterimReport, new_editions: list[NewEdition], withdrawals: list[Withdrawal]
) -> list[Edition]:
    replaced = {one.old_number: one for one in new_editions if one.delivered_at}
    withdrawn = {one.number: one for one in withdrawals if one.confirmed_at}
    numbers = sorted(replaced.keys() | withdrawn.keys())
    codes = dict(report.snapshots.values_list("number", "code")) if numbers else {}
    return [Edition(n, codes.get(n), replaced.get(n), withdrawn.get(n)) for n in numbers]


def is_droppable(report: InterimReport) -> bool:
    """In work again, and nothing of it was submitted yet."""
    newer = report.snapshots.filter(number__gt=report.delivered_number or 0)
    return report.is_renewed and report.state == ReportState.RETURNED and not newer.exists()
