from __future__ import annotations

import datetime as dt

from municipalities.agreements.models import CooperationAgreement
from municipalities.towns.models import Municipality


def last_day_of(town: Municipality, today: dt.date) -> dt.date | None:
    """When a town's participation ended; None while it takes part, and where it never did. One query."""
    terms = list(CooperationAgreement.objects.filter(municipality=town, starts_on__lte=today))
    if any(term.holds_on(today) for term in terms):
        return None
    return max((term.ends_on for term in terms if term.ends_on), default=None)
