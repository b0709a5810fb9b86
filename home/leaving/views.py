from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from activities.concerns.services import ConcernRefused
from activities.models import Concern
from home.leaving import services
from home.leaving.forms import HandOnForm, LeavingForm
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.models import Departure, Municipality, departure_of
from municipalities.towns.views import get_town
from reports.models import InterimReport


@transaction.atomic
def town_leaving(request: SignedInRequest, slug: str) -> HttpResponse:
    """First what would happen, then it happens; afterwards what is still to do. Nothing happens that was not shown."""
    town = get_town(request, slug=slug)
    if departure := departure_of(town):
        return _left(request, town, departure)
    if request.method == "POST":  # nobody opens a report or ends a term between looking and doing
        Municipality.objects.select_for_update().get(pk=town.pk)
    form = LeavingForm(request.POST or restore_unsaved(request), town=town)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and form.plan and request.POST.get("shown") == form.plan.stamp:
        services.leave(form.plan, form.save(commit=False), by=request.user)
        messages.success(request, f"Die Teilnahme von {town} endet am {form.plan.last_day:%d.%m.%Y}.")
        return redirect("town_leaving", slug=slug)
    context = {"town": town, "form": form, "plan": form.plan if is_valid else None}
    return render(request, "home/leaving/form.html", context)


def _left(request: SignedInRequest, town: Municipality, departure: Departure) -> HttpResponse:
    return render(request, "home/leaving/left.html", _still_to_do(town, departure))


def _still_to_do(town: Municipality, departure: Departure) -> dict[str, Any]:
    today = timezone.localdate()
    reports = [row for row in InterimReport.objects.filter(municipality=town) if row.state != "decided"]
    return {
        "town": town,
        "departure": departure,
        "is_over": departure.last_day < today,
        "reports": reports,
        "open_concerns": Concern.objects.filter(municipality=town).open().count(),
    }


def _departure(request: SignedInRequest, slug: str) -> Departure:
    """Of a town that the person may change; 404 while it takes part without one."""
    departure = departure_of(get_town(request, slug=slug))
    if departure is None:
        raise Http404
    return departure


def town_leaving_undo(request: SignedInRequest, slug: str) -> HttpResponse:
    departure = _departure(request, slug)
    town = departure.agreement.municipality
    if departure.last_day < timezone.localdate():
        messages.info(
            request, f"{town} nimmt nicht mehr teil. Tragen Sie für die neue Teilnahme eine Vereinbarung ein."
        )
        return redirect("town_leaving", slug=slug)
    if request.method == "POST":
        try:
            services.take_back(departure)
        except IntegrityError:
            messages.error(request, "Inzwischen wurde hier etwas geändert. Bitte sehen Sie noch einmal nach.")
            return redirect("town_leaving", slug=slug)
        messages.success(request, f"{town} nimmt weiter teil.")
        return redirect("municipality_detail", slug=slug)
    return render(request, "home/leaving/undo.html", {"town": town, "departure": departure})


def town_leaving_concerns(request: SignedInRequest, slug: str) -> HttpResponse:
    """All open concerns of a town that has left, with one sentence."""
    departure = _departure(request, slug)
    town = departure.agreement.municipality
    concerns = Concern.objects.filter(municipality=town).open().order_by("reported_on", "pk")
    if departure.last_day >= timezone.localdate() or not concerns.exists():
        messages.info(request, "Weitergeben können Sie offene Anliegen nach dem letzten Tag der Teilnahme.")
        return redirect("town_leaving", slug=slug)
    form = HandOnForm(request.POST or restore_unsaved(request), town=town)
    if request.method == "POST" and form.is_valid():
        try:
            number = services.hand_on_concerns(town, sentence=form.cleaned_data["sentence"], by=request.user)
        except ConcernRefused as refused:
            form.add_error(None, str(refused))
        else:
            told = "Ein Anliegen ist" if number == 1 else f"{number} Anliegen sind"
            messages.success(request, f"{told} weitergegeben.")
            return redirect("town_leaving", slug=slug)
    return render(request, "home/leaving/concerns.html", {"town": town, "concerns": concerns, "form": form})
