"""Giving people a role in a town: the role with its dates, and the invitation that lets them in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from kiv_portal.accounts.services import invite
from municipalities.towns.models import (
    Councillor,
    County,
    CountyStaff,
    Municipality,
    MunicipalityContact,
)

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

AnyRole = TypeVar("AnyRole", MunicipalityContact, Councillor, CountyStaff)


@transaction.atomic
def add_contact(
    town: Municipality, *, email: str, full_name: str, starts_on: dt.date, function: str = "", by: User | None
) -> MunicipalityContact:
    role = MunicipalityContact(municipality=town, starts_on=starts_on, function=function)
    return _given(role, email=email, full_name=full_name, by=by)


@transaction.atomic
def add_councillor(
    town: Municipality, *, email: str, full_name: str, starts_on: dt.date, by: User | None
) -> Councillor:
    role = Councillor(municipality=town, starts_on=starts_on)
    return _given(role, email=email, full_name=full_name, by=by)


@transaction.atomic
def add_county_staff(
    county: County, *, email: str, full_name: str, starts_on: dt.date, by: User | None
) -> CountyStaff:
    role = CountyStaff(county=county, starts_on=starts_on)
    return _given(role, email=email, full_name=full_name, by=by)


def _given(role: AnyRole, *, email: str, full_name: str, by: User | None) -> AnyRole:
    role.user = invite(email, full_name, by=by, role_sentence=role.task)
    role.full_clean()
    role.save()
    return role
