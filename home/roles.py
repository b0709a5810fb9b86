"""What a person is today, over all apps: for start pages and navigation."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from kiv_portal.accounts.demo import is_among_demo_people
from mediators.roles import mediator_roles
from municipalities.roles import town_roles


@dataclass(frozen=True)
class Roles:
    is_staff: bool = False
    is_contact: bool = False
    is_mediator: bool = False  # also one whose appointment has ended: the own log stays readable
    is_councillor: bool = False
    is_helper: bool = False
    is_among_demo_people: bool = False  # not a role: asked along, because every page shows the banner

    @property
    def works_on_reports(self) -> bool:
        return self.is_staff or self.is_contact or self.is_mediator


def request_roles(request: HttpRequest) -> Roles:
    """The roles of the signed-in person; what they are made of is asked once a request."""
    if not request.user.is_authenticated:
        return Roles()
    towns, log = town_roles(request.user), mediator_roles(request.user)
    return Roles(
        is_staff=bool(towns.counties),
        is_contact=bool(towns.contact),
        is_mediator=bool(log.own),
        is_councillor=bool(towns.councillor),
        is_helper=bool(log.helped),
        is_among_demo_people=is_among_demo_people(request.user),
    )
