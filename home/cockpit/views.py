"""What the coordination sees first, and the same as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.models import Activity
from home.cockpit.files import HEADINGS, cells
from home.cockpit.forms import CockpitForm
from home.cockpit.queries import TownRow, towns_today, without_agreement
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.documents.spreadsheets import csv_stream, xlsx_file
from kiv_portal.periods import last_twelve_months
from municipalities.models import Municipality
from municipalities.roles import town_roles
from reports.county.views import FILE_KINDS, attached


def cockpit(request: SignedInRequest) -> dict[str, Any]:
    """The context of the page."""
    form, rows = _form_and_rows(request)
    shown = form.apply(rows)
    towns = Municipality.objects.of_staff(request.user)
    year = last_twelve_months(timezone.localdate())
    file_url = reverse("cockpit_file")
    return {
        "form": form,
        "rows": shown,
        "has_rows": bool(rows),
        "taking_part": sum(row.takes_part for row in rows),
        "vacant": sum(row.is_vacant for row in rows),
        "activities": Activity.objects.filter(
            municipality__in=towns, day__range=(year.start, year.end)
        ).count(),
        "counties": sorted(town_roles(request.user).counties),
        "other_towns": without_agreement(towns),
        "files": {
            kind: f"{file_url}?{urlencode({'format': kind, 'auswahl': form.chosen})}" for kind in FILE_KINDS
        },
    }


def _form_and_rows(request: SignedInRequest) -> tuple[CockpitForm, list[TownRow]]:
    towns = Municipality.objects.of_staff(request.user)
    return CockpitForm(request.GET), towns_today(towns, timezone.localdate())


@require_GET
def cockpit_file(request: SignedInRequest) -> HttpResponseBase:
    """What the table shows, as CSV or XLSX."""
    if not town_roles(request.user).counties:
        raise PermissionDenied
    form, rows = _form_and_rows(request)
    kind = request.GET.get("format", "csv")
    if kind not in FILE_KINDS:
        messages.error(request, "Diese Art von Datei gibt es nicht. Bitte wählen Sie CSV oder XLSX.")
        return redirect("start")
    table = (cells(row) for row in form.apply(rows))
    response: StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(csv_stream(HEADINGS, table))
    else:
        notes = [f"Stand: {timezone.localtime():%d.%m.%Y, %H:%M} Uhr"]
        response = FileResponse(xlsx_file(HEADINGS, table, sheet="Kommunen", notes=notes))
    return attached(response, f"kommunen-{timezone.localdate():%Y-%m-%d}.{kind}", kind)
