from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kiv_portal.accounts import services as accounts
from kiv_portal.accounts.models import User
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.terms import not_over_on
from kiv_portal.ui.unchanged import UnchangedMixin
from municipalities.towns import services
from municipalities.towns.fact_forms import TownForm
from municipalities.towns.forms import (
    ContactForm,
    ContactInvitationForm,
    CouncillorForm,
    InvitationForm,
    StaffForm,
    TermForm,
)
from municipalities.towns.models import (
    Councillor,
    County,
    CountyQuerySet,
    CountyStaff,
    Municipality,
    MunicipalityContact,
)
from municipalities.towns.queries import awaited_on, invitation_trouble
from municipalities.towns.reach_forms import CountyReachForm


def get_town(request: SignedInRequest, **lookup: Any) -> Municipality:
    """A town that the person may change. Not visible: 404. Visible, but not allowed: 403."""
    town = get_object_or_404(Municipality.objects.visible_to(request.user), **lookup)
    if not request.user.has_perm("municipalities.change_municipality", town):
        raise PermissionDenied
    return town


def town_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return edit_row(request, town, TownForm, town, "Angaben zur Kommune", template="town_form")


def contact_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return edit_town_row(request, pk, MunicipalityContact, ContactForm, "Ansprechperson ändern")


def councillor_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return edit_town_row(request, pk, Councillor, CouncillorForm, "Mitglied des Gemeinderats ändern")


def edit_town_row(
    request: SignedInRequest, pk: int, model: type[models.Model], form_class: type[TermForm], title: str
) -> HttpResponse:
    """The page of a row with dates that belongs to a town the person may change."""
    visible = model._default_manager.filter(municipality__in=Municipality.objects.visible_to(request.user))
    row: Any = get_object_or_404(visible.select_related("municipality"), pk=pk)
    return edit_row(request, get_town(request, pk=row.municipality_id), form_class, row, title)


def edit_row(
    request: SignedInRequest,
    owner: Municipality | County,
    form_class: type[UnchangedMixin],
    row: models.Model,
    title: str,
    *,
    template: str = "owned_form",
) -> HttpResponse:
    """The one page for rows that belong to a town or a county, or for the county itself."""
    form = form_class(request.POST or restore_unsaved(request), instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:  # somebody else was faster by a moment
            form.add_error(None, "Inzwischen wurde hier etwas geändert. Bitte speichern Sie noch einmal.")
        else:
            messages.success(request, "Gespeichert.")
            return redirect(_page_of(owner))
    person = getattr(row, "user", None)
    context = {"form": form, "title": title, "person": person, "button": "Speichern"}
    return render(request, f"municipalities/towns/{template}.html", context | _whose(owner))


def _page_of(owner: Municipality | County) -> str:
    if isinstance(owner, County):
        return reverse("staff_list")
    return reverse("municipality_detail", args=[owner.slug])


def _whose(owner: Municipality | County) -> dict[str, Any]:
    return {"owner": owner, "owner_url": _page_of(owner)}


def contact_invite(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return invite_person(
        request, town, ContactInvitationForm, services.add_contact, "Ansprechperson einladen"
    )


def councillor_invite(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return invite_person(
        request, town, InvitationForm, services.add_councillor, "Mitglied des Gemeinderats einladen"
    )


def invite_person(
    request: SignedInRequest,
    owner: Municipality | County,
    form_class: type[BaseForm],
    service: Callable[..., Any],
    title: str,
) -> HttpResponse:
    """The one page that gives a person a role in a town or a county. What the service refuses stands in the form."""
    form = form_class(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        try:
            service(owner, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except IntegrityError:  # the same invitation, sent twice in one moment
            form.add_error(
                None,
                "Diese Einladung ist gerade schon verschickt worden.",
            )
        else:
            messages.success(
                request, f"{form.cleaned_data['full_name']} bekommt jetzt eine Einladung per E-Mail."
            )
            return redirect(_page_of(owner))
    context = {"form": form, "title": title, "person": None, "button": "Einladen"}
    return render(request, "municipalities/towns/owned_form.html", context | _whose(owner))


def staff_list(request: SignedInRequest) -> HttpResponse:
    """Colleagues in the counties one works for."""
    staff = CountyStaff.objects.select_related("user").annotate(
        is_awaited=awaited_on(timezone.localdate()), trouble=invitation_trouble()
    )
    counties = get_counties(request).prefetch_related(Prefetch("staff", staff))
    return render(request, "municipalities/towns/staff_list.html", {"counties": counties})


def county_reach(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(get_counties(request), pk=key)
    return edit_row(request, county, CountyReachForm, county, "E-Mail und Telefon der Koordination")


def staff_invite(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(get_counties(request), pk=key)
    return invite_person(request, county, InvitationForm, services.add_county_staff, "Koordination einladen")


@transaction.atomic
def staff_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = CountyStaff.objects.filter(county__in=get_counties(request)).select_related("county", "user")
    row: Any = get_object_or_404(visible, pk=pk)
    if request.method == "POST":  # one after the other: two who end each other's term must not both succeed
        County.objects.select_for_update().get(pk=row.county_id)
    return edit_row(request, row.county, StaffForm, row, "Koordination ändern")


@require_POST
def staff_invite_again(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = CountyStaff.objects.filter(county__in=get_counties(request)).select_related("county", "user")
    row = get_object_or_404(rows, not_over_on(timezone.localdate()), pk=pk, user__is_active=True)
    return repeat_invitation(request, row.user, row.task, owner=row.county)


def repeat_invitation(
    request: SignedInRequest, person: User, task: str, *, owner: Municipality | County
) -> HttpResponse:
    """Write the invitation once more, and say on the owner's page what becomes of it."""
    if not person.is_invitation_pending:
        messages.info(request, f"{person} hat sich inzwischen angemeldet und braucht keine Einladung mehr.")
    elif not ratelimit.consume(request, action="repeat_invitation", key=str(person.pk)):
        messages.warning(
            request, f"{person} ist gerade erst eingeladen worden. Bitte warten Sie eine Minute."
        )
    elif accounts.repeat_invitation(person, by=request.user, role_sentence=task):
        messages.success(request, f"{person} bekommt die Einladung noch einmal per E-Mail.")
    else:
        messages.info(
            request,
            f"Die Einladung an {person} ist noch nicht hinausgegangen. Wir versuchen es jetzt wieder.",
        )
    return redirect(_page_of(owner))


def get_counties(request: SignedInRequest) -> CountyQuerySet:
    """Counties the person works for; 403 for everybody else."""
    counties = County.objects.visible_to(request.user)
    if not counties.exists():
        raise PermissionDenied
    return counties
