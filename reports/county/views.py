"""Pages of county staff about the reports of all their towns: the cockpit, and all files at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.documents.spreadsheets import csv_stream, xlsx_file
from kiv_portal.downloads import content_disposition, file_name, period_in_name
from kiv_portal.periods import Period
from municipalities.models import County
from reports.county.cockpit import (
    COLUMNS,
    SORTS,
    ReportRow,
    cockpit_cells,
    cockpit_headings,
    cockpit_rows,
    in_order,
)
from reports.county.figures import last_full_period, periods_of_county
from reports.county.forms import CockpitForm
from reports.county.services import request_all_files
from reports.county.zip import zip_stream
from reports.editions.services import missing_from
from reports.figures.periods import LAST_YEAR

FIRST_YEAR = 1900
FILE_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def get_county(request: SignedInRequest, key: str) -> County:
    return get_object_or_404(County.objects.visible_to(request.user), key=key)


def period_of(text: str) -> Period:
    """From an address: "2021-10-01_2022-09-30". 404 for anything else."""
    try:
        period = Period.from_value(text)
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= period.start.year <= period.end.year <= LAST_YEAR:
        raise Http404
    return period


# --- the cockpit


@require_GET
def county_reports(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_county(request, key)
    form, rows, period = _cockpit(request, county)
    sort = _sort(request)
    shown = in_order(form.apply(rows), sort)
    file_url = reverse("county_reports_file", args=[county.key])
    context = {
        "county": county,
        "period": period,
        "period_value": period.value,
        "filter_form": form,
        "is_filtering": form.is_filtering,
        "columns": [_column(request, name, sort) for name in COLUMNS],
        "rows": shown,
        "has_rows": bool(rows),
        "overdue": sum(row.is_overdue for row in rows),
        "owing": sum(row.owes_decision for row in rows),
        "files": {kind: f"{file_url}?{_with(request, format=kind)}" for kind in FILE_KINDS},
    }
    return render(request, "reports/county/cockpit.html", context)


def _cockpit(request: SignedInRequest, county: County) -> tuple[CockpitForm, list[ReportRow], Period]:
    """The filter, all rows of its period, and that period: without one the last that is over."""
    today = timezone.localdate()
    periods = periods_of_county(county)
    shown = last_full_period(periods, today)
    wanted = request.GET.get("zeitraum")
    shown = next((period for period in periods if period.value == wanted), shown)
    data = request.GET.copy()
    data.setdefault("zeitraum", shown.value)
    data["sort"] = _sort(request)
    form = CockpitForm(data, periods=periods, shown=shown)
    return form, cockpit_rows(county, shown, today), shown


def _sort(request: SignedInRequest) -> str:
    sort = request.GET.get("sort", "kommune")
    return sort if sort.removeprefix("-") in SORTS else "kommune"


def _column(request: SignedInRequest, name: str, sort: str) -> dict[str, str]:
    """A head of the table: a second click turns the order around."""
    is_current = sort.removeprefix("-") == name
    direction = ("descending" if sort.startswith("-") else "ascending") if is_current else ""
    return {
        "label": COLUMNS[name],
        "aria_sort": direction,
        "url": f"?{_with(request, sort=f'-{name}' if sort == name else name)}",
    }


def _with(request: SignedInRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


@require_GET
def county_reports_file(request: SignedInRequest, key: str) -> HttpResponseBase:
    """What the table shows, in its order, as CSV or XLSX."""
    county = get_county(request, key)
    form, rows, _ = _cockpit(request, county)
    kind = request.GET.get("format", "csv")
    if kind not in FILE_KINDS:
        messages.error(request, "Diese Art von Datei gibt es nicht. Bitte wählen Sie CSV oder XLSX.")
        return redirect("county_reports", key=county.key)
    cells = (cockpit_cells(row) for row in in_order(form.apply(rows), _sort(request)))
    headings = cockpit_headings()
    response: StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(csv_stream(headings, cells))
    else:
        notes = [f"Stand: {timezone.localtime():%d.%m.%Y, %H:%M} Uhr"]
        response = FileResponse(xlsx_file(headings, cells, sheet="Berichte", notes=notes))
    name = file_name("Berichte", county.name, f"{timezone.localdate():%Y-%m-%d}", extension=kind)
    return attached(response, name, kind)


def attached(response: StreamingHttpResponse, name: str, kind: str) -> StreamingHttpResponse:
    response["Content-Type"] = FILE_KINDS[kind]
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response


# --- all files of a period


@require_GET
def county_editions(request: SignedInRequest, key: str, period: str) -> HttpResponse:
    """How far all towns' files are; asked by htmx it is only the part that changes."""
    county = get_county(request, key)
    context = _files_context(county, period_of(period))
    is_part = "HX-Request" in request.headers
    template = "reports/county/_files_status.html" if is_part else "reports/county/files.html"
    return render(request, template, context)


def _files_context(county: County, period: Period) -> dict[str, Any]:
    rows = cockpit_rows(county, period, timezone.localdate())
    frozen = [row for row in rows if row.is_frozen]
    files = [file for row in frozen for file in row.files]
    return {
        "county": county,
        "period": period,
        "period_value": period.value,
        "rows": frozen,
        "in_work": [row for row in rows if not row.is_frozen],
        "total": len(files),
        "done": sum(file.is_done for file in files),
        "failed": sum(file.has_failed for file in files),
        "missing": sum(missing_from(row.files) for row in frozen),
        "is_building": any(file.is_unfinished for file in files),
    }


@require_POST
def county_editions_build(request: SignedInRequest, key: str, period: str) -> HttpResponse:
    county = get_county(request, key)
    start, end = period_of(period)
    waiting = request_all_files(county, start, end, by=request.user)
    if waiting:
        messages.success(request, "Was fehlt, wird jetzt erstellt. Sie können diese Seite schließen.")
    else:
        messages.success(request, "Es fehlt nichts. Alle Dateien sind da oder werden gerade erstellt.")
    return redirect("county_editions", key=county.key, period=period)


@require_GET
def county_editions_zip(request: SignedInRequest, key: str, period: str) -> HttpResponseBase:
    """All that is finished, with an index. What is still missing stands in the index."""
    county = get_county(request, key)
    span = period_of(period)
    rows = cockpit_rows(county, span, timezone.localdate())
    response = StreamingHttpResponse(zip_stream(county, span, rows), content_type="application/zip")
    name = file_name("Zwischenberichte", county.name, period_in_name(*span), extension="zip")
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response
