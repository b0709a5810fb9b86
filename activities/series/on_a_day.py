"""The entry form of one day of a series, for who has more to say than "Ja"."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from activities.series.queries import WaitingDay, waiting_day
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.written.durations import Duration


def day_asked_for(request: SignedInRequest) -> WaitingDay | None:
    """Of the address (?reihe=7&tag=2022-03-01); one that leads nowhere gives an empty form."""
    pk, day = request.GET.get("reihe", ""), request.GET.get("tag", "")
    if not (pk.isdecimal() and len(pk) < 19):
        return None
    try:
        return waiting_day(request.user, int(pk), dt.date.fromisoformat(day), timezone.localdate())
    except ValueError:
        return None


def initial_of(waiting: WaitingDay) -> dict[str, Any]:
    series = waiting.series
    return {
        "title": series.title,
        "place": series.place,
        "municipality": series.municipality_id,
        "day": waiting.day,
        "minutes": Duration(series.minutes, series.starts_at),
        "starts_at": series.starts_at,
        "field": series.field_code,
        "kind": series.kind.code,
        "entry_key": waiting.entry_key,
    }
