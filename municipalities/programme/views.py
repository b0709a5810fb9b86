"""The kinds of activity of a county, in the order in which people choose them."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.programme.forms import KindForm
from municipalities.programme.load import delete_unused
from municipalities.programme.models import ActivityKind
from municipalities.programme.services import add_kind, move_kind
from municipalities.towns.views import get_counties

TAKEN = "Diese Art gibt es schon."


def _kind(request: SignedInRequest, pk: int) -> ActivityKind:
    kinds = ActivityKind.objects.filter(county__in=get_counties(request)).select_related("county")
    return get_object_or_404(kinds, pk=pk)


def kind_list(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(get_counties(request), pk=key)
    form = KindForm(request.POST or restore_unsaved(request), instance=ActivityKind(county=county))
    if request.method == "POST" and form.is_valid():
        try:
            kind = add_kind(county, form.cleaned_data["name"])
        except IntegrityError:
            form.add_error("name", TAKEN)
        else:
            messages.success(request, f"Neu: {kind}. Die Art steht jetzt in jedem Formular.")
            return redirect("kind_list", key=key)
    kinds = ActivityKind.objects.filter(county=county).order_by("position")
    return render(
        request, "municipalities/programme/kinds.html", {"county": county, "kinds": kinds, "form": form}
    )


def kind_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    form = KindForm(request.POST or restore_unsaved(request), instance=kind)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("name", TAKEN)
        else:
            messages.success(request, f"Gespeichert: {kind}")
            return redirect("kind_list", key=kind.county_id)
    return render(request, "municipalities/programme/kind.html", {"kind": kind, "form": form})


@require_POST
def kind_move(request: SignedInRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    move_kind(kind, up=request.POST.get("to") == "up")
    return redirect("kind_list", key=kind.county_id)


def kind_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    if request.method != "POST":
        return render(request, "municipalities/programme/kind_delete.html", {"kind": kind})
    name, county = kind.name, kind.county_id
    if delete_unused(kind):
        messages.success(request, f"Gelöscht: {name}")
    else:
        messages.error(
            request, f"Es gibt Aktivitäten der Art „{name}“. Sie bleibt deshalb. Umbenennen können Sie sie."
        )
    return redirect("kind_list", key=county)
