from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kiv_portal.accounts.unsaved import restore_unsaved
from mediators.forms import AppointmentForm, AppointmentInvitationForm, MediatorForm
from mediators.models import Appointment
from mediators.services import appoint_mediator
from municipalities.views import get_town, invite_person


def appointment_create(request: HttpRequest, slug: str) -> HttpResponse:
    town = get_town(request, slug=slug)
    return invite_person(
        request, town, AppointmentInvitationForm, appoint_mediator, "Inklusionsvermittlung besetzen"
    )


def appointment_edit(request: HttpRequest, pk: int) -> HttpResponse:
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
    return render(request, "mediators/appointment_form.html", context)
