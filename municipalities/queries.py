from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Value

from municipalities.models import Councillor, Municipality, MunicipalityContact


@dataclass(frozen=True)
class TownPerson:
    """Somebody with a role in a town: `role` is "contact" or "councillor", `pk` that of the role."""

    role: str
    pk: int
    full_name: str
    function: str
    starts_on: dt.date
    ends_on: dt.date | None


def people_of(town: Municipality) -> list[TownPerson]:
    """Contacts and councillors of a town, past and present, by name. One query."""
    columns = ("role", "pk", "full_name", "function", "starts_on", "ends_on")
    contacts = MunicipalityContact.objects.filter(municipality=town).annotate(role=Value("contact"))
    councillors = Councillor.objects.filter(municipality=town).annotate(
        role=Value("councillor"), function=Value("")
    )
    named = [
        rows.order_by().annotate(full_name=F("user__full_name")).values_list(*columns)
        for rows in (contacts, councillors)
    ]
    return [TownPerson(*row) for row in named[0].union(named[1]).order_by("full_name", "starts_on")]
