"""What a person is today, over all apps: for start pages and navigation, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Value
from django.http import HttpRequest
from django.utils import timezone

from kiv_portal.accounts.demo import demo_users
from kiv_portal.accounts.models import User
from mediators.models import Assistance, Mediator
from municipalities.models import Councillor, CountyStaff, MunicipalityContact


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


def roles_of(user: User) -> Roles:
    today = timezone.localdate()
    rows = (
        _mark(CountyStaff.objects.in_force_on(today).filter(user=user), "staff"),
        _mark(MunicipalityContact.objects.in_force_on(today).filter(user=user), "contact"),
        _mark(Councillor.objects.in_force_on(today).filter(user=user), "councillor"),
        _mark(Mediator.objects.filter(user=user), "mediator"),
        _mark(Assistance.objects.given_by(user).in_force_on(today), "helper"),
        _mark(User.objects.filter(Exists(demo_users()), pk=user.pk), "among_demo_people"),
    )
    found = set(rows[0].union(*rows[1:]))
    return Roles(**{f"is_{role}": True for role in found})


def _mark(queryset, role: str):
    return queryset.order_by().annotate(role=Value(role)).values_list("role", flat=True)


def request_roles(request: HttpRequest) -> Roles:
    """The roles of the signed-in person, asked once a request."""
    if not request.user.is_authenticated:
        return Roles()
    if not hasattr(request, "_roles"):
        request._roles = roles_of(request.user)
    return request._roles
