"""Giving people a role in a town: the role with its dates, and the invitation that lets them in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from kiv_portal.accounts.services import invite
from municipalities.models import Councillor, County, CountyStaff, Municipality, MunicipalityContact

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@transaction.atomic
def add_contact(
    town: Municipality, *, email: str, full_name: str, starts_on: dt.date, function: str = "", by: User | None
) -> MunicipalityContact:
    user = invite(email, full_name, by=by, role_sentence=f"Sie sind Ansprechperson für {town}.")
    role = MunicipalityContact(user=user, municipality=town, starts_on=starts_on, function=function)
    role.full_clean()
    role.save()
    return role


@transaction.atomic
def add_councillor(
    town: Municipality, *, email: str, full_name: str, starts_on: dt.date, by: User | None
) -> Councillor:
    user = invite(
        email,
        full_name,
        by=by,
        role_sentence=f"Sie lesen die Zwischenberichte für den Gemeinderat von {town}.",
    )
    role = Councillor(user=user, municipality=town, starts_on=starts_on)
    role.full_clean()
    role.save()
    return role


@transaction.atomic
def add_county_staff(
    county: County, *, email: str, full_name: str, starts_on: dt.date, by: User | None
) -> CountyStaff:
    user = invite(email, full_name, by=by, role_sentence=f"Sie koordinieren das Programm für den {county}.")
    role = CountyStaff(user=user, county=county, starts_on=starts_on)
    role.full_clean()
    role.save()
    return role
