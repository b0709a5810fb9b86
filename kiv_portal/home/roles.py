"""What a person is today, over all apps: for start pages and navigation, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Value
from django.http import HttpRequest
from django.utils import timezone

from mediators.models import Mediator
from municipalities.models import Councillor, CountyStaff, MunicipalityContact

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@dataclass(frozen=True)
class Roles:
    is_staff: bool = False
    is_contact: bool = False
    is_mediator: bool = False  # also one whose appointment has ended: the own log stays readable
    is_councillor: bool = False

    @property
    def works_on_reports(self) -> bool:
        return self.is_staff or self.is_contact or self.is_mediator


def roles_of(user: User) -> Roles:
    today = timezone.localdate()
    rows = (
        _mark(CountyStaff.objects.in_force_on(today).filter(user=user), "staff"),
        _mark(MunicipalityContact.objects.in_force_on(today).filter(user=user), "contact"),
        _mark(Councillor.objects.in_force_on(today).filter(user=user), "councillor"),
        _mark(Mediator.objects.filter(user=user), "mediator"),
    )
    found = set(rows[0].union(*rows[1:]))
    return Roles(**{f"is_{role}": role in found for role in ("staff", "contact", "councillor", "mediator")})


def _mark(queryset, role: str):
    return queryset.order_by().annotate(role=Value(role)).values_list("role", flat=True)


def request_roles(request: HttpRequest) -> Roles:
    """The roles of the signed-in person, asked once a request."""
    if not request.user.is_authenticated:
        return Roles()
    if not hasattr(request, "_roles"):
        request._roles = roles_of(request.user)
    return request._roles
