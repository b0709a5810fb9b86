"""The list of the person who asks for a page: read at most once a request, by the page and by the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from activities.series.queries import WaitingDay, waiting_days
from home.work_list.kinds import Duty
from home.work_list.queries import work_of
from mediators.roles import mediator_roles

if TYPE_CHECKING:
    from django.http import HttpRequest


def request_work(request: HttpRequest) -> list[Duty]:
    """Nothing for who is not signed in."""
    if not request.user.is_authenticated:
        return []
    work: list[Duty] | None = getattr(request, "_work", None)
    if work is None:
        work = work_of(request.user, timezone.localdate(), request_waiting_days(request))
        request._work = work  # type: ignore[attr-defined]
    return work


def request_waiting_days(request: HttpRequest) -> list[WaitingDay]:
    """Of the own series."""
    days: list[WaitingDay] | None = getattr(request, "_waiting_days", None)
    if days is None:
        user = request.user
        has_log = user.is_authenticated and bool(mediator_roles(user).own)
        days = waiting_days(user, timezone.localdate()) if user.is_authenticated and has_log else []
        request._waiting_days = days  # type: ignore[attr-defined]
    return days
