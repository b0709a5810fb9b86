"""Moments of invented days, in the time of the portal."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))
