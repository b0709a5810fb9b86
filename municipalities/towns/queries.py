from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.utils.text import slugify

from kiv_portal.accounts.services import INVITATION
from kiv_portal.german_order import german_key
from kiv_portal.mails.models import Mail
from kiv_portal.terms import not_over_on
from municipalities.towns.models import Councillor, Municipality, MunicipalityContact

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(name: str, ags: str) -> str:
    """The address of a town in the portal, free for it. Altdorf lies in two counties."""
    slug = slugify(name.lower().translate(UMLAUTS))[:40] or ags
    is_taken = Municipality.objects.filter(slug=slug).exclude(ags=ags).exists()
    return f"{slug}-{ags}" if is_taken else slug


@dataclass(frozen=True)
class TownPerson:
    """Somebody with a role in a town: `role` is "contact" or "councillor", `pk` that of the role.

    `is_awaited` as in `awaited_on`, `trouble` as in `invitation_trouble`.
    """

    role: str
    pk: int
    user_pk: int
    full_name: str
    function: str
    starts_on: dt.date
    ends_on: dt.date | None
    is_awaited: bool
    trouble: str | None


def awaited_on(day: dt.date, *, user: str = "user") -> ExpressionWrapper:
    """For `annotate` on roles: whether the role is not over, and its person has never signed in."""
    never_here = Q((f"{user}__last_login", None), (f"{user}__is_active", True))
    return ExpressionWrapper(never_here & not_over_on(day), output_field=BooleanField())


def invitation_trouble(*, user: str = "user") -> Subquery:
    """For `annotate` on roles: why the newest invitation has not arrived; "" if it has, None if there is none."""
    newest = Mail.objects.filter(kind=INVITATION, person=OuterRef(user)).order_by("-pk")
    return Subquery(newest.values("reason")[:1])


def people_of(town: Municipality, today: dt.date) -> list[TownPerson]:
    """Contacts and councillors of a town, past and present, by name. One query."""
    columns = (
        "role",
        "pk",
        "user_id",
        "full_name",
        "function",
        "starts_on",
        "ends_on",
        "is_awaited",
        "trouble",
    )
    contacts = MunicipalityContact.objects.filter(municipality=town).annotate(role=Value("contact"))
    councillors = Councillor.objects.filter(municipality=town).annotate(
        role=Value("councillor"), function=Value("")
    )
    named = [
        rows.order_by()
        .annotate(full_name=F("user__full_name"), is_awaited=awaited_on(today), trouble=invitation_trouble())
        .values_list(*columns)
        for rows in (contacts, councillors)
    ]
    people = [TownPerson(*row) for row in named[0].union(named[1])]
    return sorted(people, key=lambda person: (german_key(person.full_name), person.starts_on))
