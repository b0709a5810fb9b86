"""Whose account a coordinator looks after: that of everybody with a role in the own county, and in no other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet

from kiv_portal.accounts.models import User
from kiv_portal.terms import not_over_on
from mediators.models import Appointment, Assistance
from municipalities.models import Councillor, County, CountyStaff, MunicipalityContact


@dataclass(frozen=True)
class RolePlace:
    county: str
    is_current: bool


def role_places(person: User, today: dt.date) -> set[RolePlace]:
    """Where a person works or has worked. A helper works where the mediator does. One query."""
    of_mediators = Assistance.objects.filter(helper=person)
    parts = [
        _places(CountyStaff.objects.filter(user=person), "county_id", today),
        _places(MunicipalityContact.objects.filter(user=person), "municipality__county_id", today),
        _places(Councillor.objects.filter(user=person), "municipality__county_id", today),
        _places(Appointment.objects.filter(mediator__user=person), "municipality__county_id", today),
        _places(of_mediators, "mediator__appointments__municipality__county_id", today),
    ]
    rows = parts[0].union(*parts[1:])
    return {RolePlace(county, is_current) for county, is_current in rows if county}


def _places(rows: QuerySet, county: str, today: dt.date) -> QuerySet:
    is_current = ExpressionWrapper(not_over_on(today), output_field=BooleanField())
    return (
        rows.order_by()
        .annotate(of_county=F(county), is_current=is_current)
        .values_list("of_county", "is_current")
    )


def left_without_coordination(person: User, today: dt.date) -> County | None:
    """The county in which nobody else could let people in if this account were locked; None if there is none."""
    coordinating = CountyStaff.objects.in_force_on(today).filter(ends_on=None, user__is_active=True)
    for role in coordinating.filter(user=person).select_related("county"):
        if not coordinating.filter(county=role.county_id).exclude(user=person).exists():
            return role.county
    return None
