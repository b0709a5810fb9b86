"""Pages on which coordinators look after other people's accounts. One's own is under "Mein Konto"."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from home.people.forms import PersonEmailForm, PersonNameForm, ReasonForm
from home.people.queries import left_without_coordination, role_places
from kiv_portal.accounts import administration
from kiv_portal.accounts.administration import StepRefused
from kiv_portal.accounts.models import User
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.second_factor import SECOND_FACTORS
from municipalities.models import County
from municipalities.roles import town_roles
from municipalities.towns.views import get_counties


def get_person(request: SignedInRequest, pk: int) -> User:
    """Somebody with a role, now or before, in a county that one coordinates. An operator's account is not there."""
    get_counties(request)
    person = get_object_or_404(User, pk=pk, is_superuser=False)
    counties = {place.county for place in role_places(person, timezone.localdate())}
    if not counties & town_roles(request.user).counties:
        raise Http404
    return person


def may_change(request: SignedInRequest, person: User) -> bool:
    """Never one's own, and not where another county has a say, too."""
    places = role_places(person, timezone.localdate())
    elsewhere = {place.county for place in places if place.is_current} - town_roles(request.user).counties
    return person.pk != request.user.pk and not elsewhere


def get_person_to_change(request: SignedInRequest, pk: int) -> User:
    person = get_person(request, pk)
    if not may_change(request, person):
        raise PermissionDenied
    return person


@require_GET
@never_cache
def person_account(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    if person.pk == request.user.pk:
        return redirect("account_overview")
    factors = Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS)
    context = {
        "person": person,
        "may_change": may_change(request, person),
        "has_factor": factors.exists(),
        "steps": person.account_steps.select_related("taken_by"),
        "last_of": left_without_coordination(person, timezone.localdate()),
    }
    return render(request, "home/people/account.html", context)


def _form_page(request: SignedInRequest, person: User, form: BaseForm, **texts: Any) -> HttpResponse:
    context = {"person": person, "form": form, "notes": (), "is_bare": False} | texts
    return render(request, "home/people/form.html", context)


@never_cache
def person_name(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_change(request, pk)
    form = PersonNameForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        administration.rename(person, form.cleaned_data["full_name"], by=request.user)
        messages.success(request, f"Der Name ist jetzt: {person}. Eine E-Mail ist unterwegs.")
        return redirect("person_account", pk=pk)
    return _form_page(request, person, form, title="Namen ändern", button="Namen ändern")


@never_cache
def person_email(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_change(request, pk)
    form = PersonEmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            administration.readdress(person, form.cleaned_data["email"], by=request.user)
        except StepRefused as refused:
            form.add_error(None, str(refused))
        except ValidationError as error:
            form.add_error("email", error.messages)
        else:
            messages.success(request, f"{person} meldet sich jetzt mit {person.email} an.")
            return redirect("person_account", pk=pk)
    return _form_page(
        request,
        person,
        form,
        title="E-Mail-Adresse ändern",
        button="Adresse ändern",
        notes=(
            f"Bisher meldet sich {person} mit {person.email} an. Diese Adresse öffnet das Konto dann nicht mehr, "
            "und auf allen Geräten endet die Anmeldung.",
            "Beide Postfächer bekommen eine E-Mail.",
        ),
    )


@never_cache
@transaction.atomic
def person_lock(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_change(request, pk)
    if request.method == "POST":  # one after the other: two who lock each other must not both succeed
        list(County.objects.select_for_update().filter(staff__user=person).order_by("pk"))
    if county := left_without_coordination(person, timezone.localdate()):
        messages.error(
            request,
            f"{person} ist die letzte Person der Koordination im {county}. Bitte laden Sie zuerst jemanden ein.",
        )
        return redirect("person_account", pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        administration.lock(person, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"Das Konto von {person} ist gesperrt.")
        return redirect("person_account", pk=pk)
    notes = (
        f"{person} wird sofort überall abgemeldet und kann sich nicht mehr anmelden.",
        "Aufgaben, Einträge und Texte bleiben. Sie können das Konto jederzeit entsperren.",
    )
    return _form_page(request, person, form, title="Konto sperren", button="Konto sperren", notes=notes)


@never_cache
def person_unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_change(request, pk)
    if request.method == "POST":
        administration.unlock(person, by=request.user)
        messages.success(request, f"{person} kann sich wieder anmelden.")
        return redirect("person_account", pk=pk)
    notes = (f"{person} kann sich dann wieder anmelden und bekommt eine E-Mail.",)
    return _form_page(
        request,
        person,
        ReasonForm(),
        title="Konto entsperren",
        button="Konto entsperren",
        notes=notes,
        is_bare=True,
    )


@never_cache
def person_factor_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_change(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            administration.reset_second_factor(person, by=request.user, reason=form.cleaned_data["reason"])
        except StepRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Der zweite Schritt von {person} ist zurückgesetzt.")
            return redirect("person_account", pk=pk)
    notes = (
        "Prüfen Sie zuerst, wer Sie fragt: am besten im Gespräch, nicht per E-Mail.",
        f"App, Passkeys und Ersatzcodes von {person} gelten dann nicht mehr. Auf allen Geräten endet die Anmeldung.",
    )
    return _form_page(
        request, person, form, title="Zweiten Schritt zurücksetzen", button="Zurücksetzen", notes=notes
    )
