from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from mediators.people.forms import (
    AppointmentForm,
    AppointmentInvitationForm,
    AssistanceForm,
    MediatorForm,
)
from mediators.people.models import Appointment, Assistance, Mediator
from mediators.people.services import allow_assistance, appoint_mediator, end_assistance
from municipalities.towns.views import get_town, invite_person


def appointment_create(request: SignedInRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return invite_person(
        request, town, AppointmentInvitationForm, appoint_mediator, "Inklusionsvermittlung besetzen"
    )


def appointment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    appointments = Appointment.objects.visible_to(request.user).select_related(
        "municipality", "mediator__user"
    )
    appointment = get_object_or_404(appointments, pk=pk)
    town = get_town(request, pk=appointment.municipality_id)
    data = request.POST or restore_unsaved(request)
    form = AppointmentForm(data, instance=appointment)
    mediator_form = MediatorForm(data, instance=appointment.mediator)
    # both are asked, so that all errors show at once
    if request.method == "POST" and all([form.is_valid(), mediator_form.is_valid()]):
        try:
            with transaction.atomic():
                form.save()
                mediator_form.save()
        except IntegrityError:  # trigger `keeps_its_activities`
            form.add_error(
                None,
                "Außerhalb dieser Zeit sind schon Aktivitäten erfasst. Bitte wählen Sie eine längere Zeit.",
            )
        else:
            messages.success(request, "Gespeichert.")
            return redirect("municipality_detail", slug=town.slug)
    context = {
        "town": town,
        "form": form,
        "mediator_form": mediator_form,
        "person": appointment.mediator.user,
    }
    return render(request, "mediators/people/appointment_form.html", context)


# --- assistance


def get_own_mediator(request: SignedInRequest) -> Mediator:
    mediator = Mediator.objects.filter(user=request.user).select_related("user").first()
    if mediator is None:
        raise PermissionDenied
    return mediator


def assistance_list(request: SignedInRequest) -> HttpResponse:
    mediator = get_own_mediator(request)
    today = timezone.localdate()
    assistances = list(Assistance.objects.filter(mediator=mediator).select_related("helper"))
    context = {
        "current": [assistance for assistance in assistances if assistance.holds_on(today)],
        "over": [assistance for assistance in assistances if not assistance.holds_on(today)],
    }
    return render(request, "mediators/people/assistance_list.html", context)


def assistance_create(request: SignedInRequest) -> HttpResponse:
    mediator = get_own_mediator(request)
    form = AssistanceForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        try:
            assistance = allow_assistance(mediator, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error.messages)
        else:
            messages.success(request, f"{assistance.helper} bekommt jetzt eine Einladung per E-Mail.")
            return redirect("assistance_list")
    return render(request, "mediators/people/assistance_form.html", {"form": form})


def assistance_end(request: SignedInRequest, pk: int) -> HttpResponse:
    assistances = Assistance.objects.visible_to(request.user).select_related("helper", "mediator")
    assistance = get_object_or_404(assistances, pk=pk)
    if assistance.mediator.user_id != request.user.pk:
        raise PermissionDenied
    if request.method == "POST":
        end_assistance(assistance)
        messages.success(request, f"Beendet: {assistance.helper} kann nichts mehr für Sie eintragen.")
        return redirect("assistance_list")
    return render(request, "mediators/people/assistance_end.html", {"assistance": assistance})
