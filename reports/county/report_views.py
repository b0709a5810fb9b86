"""The county's own report for Kreistag and Ministry, and the yearly account (Sachbericht) as a table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.documents import german
from kiv_portal.documents.spreadsheets import Cell, Heading
from kiv_portal.downloads import content_disposition, file_name, period_in_name
from municipalities.models import County
from reports.county.content.county_map import county_map
from reports.county.content.county_tables import PEOPLE, Table, report_tables
from reports.county.content.workbook import workbook
from reports.county.figures import county_snapshot, last_full_period, periods_of_county
from reports.county.forms import CountyPeriodForm
from reports.county.models import CountyReport, CountyReportFile
from reports.county.services import (
    county_file_name,
    delete_county_report,
    release_county_report,
    request_county_file,
    request_county_report,
)
from reports.county.views import attached, get_county
from reports.editions.views import build_steps


def county_report_list(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask for a new one, and all earlier ones."""
    county = get_county(request, key)
    form = CountyPeriodForm(request.POST or None, initial=_usual_period(county))
    if request.method == "POST" and form.is_valid():
        report = request_county_report(county, *form.period, by=request.user)
        messages.success(request, "Die Zahlen sind festgehalten. Der Entwurf wird jetzt erstellt.")
        return redirect("county_report_detail", pk=report.pk)
    reports = CountyReport.objects.filter(county=county).defer("data").select_related("taken_by")
    context = {"county": county, "form": form, "reports": reports[:100]}
    return render(request, "reports/county/report_list.html", context)


def _usual_period(county: County) -> dict[str, Any]:
    start, end = last_full_period(periods_of_county(county), timezone.localdate())
    return {"von": start, "bis": end}


def get_county_report(request: SignedInRequest, pk: int) -> CountyReport:
    visible = CountyReport.objects.visible_to(request.user).select_related("county", "taken_by")
    return get_object_or_404(visible, pk=pk)


@require_GET
def county_report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is in it, and how far its file is; asked by htmx it is only the part that changes."""
    report = get_county_report(request, pk)
    file = report.current_file()
    context: dict[str, Any] = {
        "report": report,
        "file": file,
        "is_building": file is not None and file.is_unfinished,
        "steps": build_steps(file) if file else [],  # type: ignore[arg-type]  # the same steps
    }
    if "HX-Request" in request.headers:
        return render(request, "reports/county/_report_status.html", context)
    drawn = county_map(report.frozen.towns, county=report.frozen.county.name)
    context |= {"map": drawn, "tables": [_on_page(table) for table in report_tables(report.frozen)]}
    return render(request, "reports/county/report_detail.html", context)


def _on_page(table: Table) -> dict[str, Any]:
    """Heads and cells as pairs of text and class: numbers stand at the right."""
    classes = [_class_of(heading) for heading in table.headings]
    return {
        "name": table.name,
        "heads": list(zip((heading.name for heading in table.headings), classes, strict=True)),
        "rows": [list(zip(map(_text, row), classes, strict=True)) for row in table.rows],
    }


def _class_of(heading: Heading) -> str:
    if heading.kind in ("integer", "number") or heading is PEOPLE:
        return "num"
    return "nowrap" if heading.kind == "date" else ""


def _text(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return german.date(cell)
    if isinstance(cell, float):
        return german.number(cell, 1)
    if isinstance(cell, int):
        return german.number(cell)
    return cell or "–"


@require_POST
def county_report_release(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_county_report(request, pk)
    release_county_report(report, by=request.user)
    messages.success(request, "Freigegeben. Das Portal erstellt das Dokument ohne „Entwurf“.")
    return redirect("county_report_detail", pk=pk)


def county_report_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_county_report(request, pk)
    if not report.is_draft:
        messages.error(request, "Dieser Kreisbericht ist freigegeben. Er bleibt.")
        return redirect("county_report_detail", pk=pk)
    if request.method == "POST" and delete_county_report(report):
        messages.success(request, f"Gelöscht: {report}")
        return redirect("county_report_list", key=report.county_id)
    return render(request, "reports/county/report_delete.html", {"report": report})


@require_POST
def county_report_build(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_county_report(request, pk)
    request_county_file(report, by=request.user)
    messages.success(request, "Der Kreisbericht wird noch einmal erstellt.")
    return redirect("county_report_detail", pk=pk)


@require_GET
def county_report_download(request: SignedInRequest, pk: int) -> FileResponse:
    visible = CountyReportFile.objects.visible_to(request.user).finished()
    file = get_object_or_404(visible.select_related("report__county"), pk=pk)
    response = FileResponse(file.file.open("rb"), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(county_file_name(file.report))
    response["Cache-Control"] = "private, no-store"
    return response


# --- the yearly account


@require_GET
def annual_account(request: SignedInRequest, key: str) -> HttpResponseBase:
    """Without a period the form; with one the file."""
    county = get_county(request, key)
    is_asked = bool(request.GET.keys() & {"von", "bis"})
    form = CountyPeriodForm(request.GET if is_asked else None, initial=_usual_period(county))
    if not (is_asked and form.is_valid()):
        return render(request, "reports/county/annual_account.html", {"county": county, "form": form})
    start, end = form.period
    snapshot = county_snapshot(county, start, end, dated=timezone.localdate())
    notes = [
        f"{county.name}, {start:%d.%m.%Y} bis {end:%d.%m.%Y}",
        f"Stand: {timezone.localtime():%d.%m.%Y, %H:%M} Uhr",
        "Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist.",
    ]
    sheets = [table for table in report_tables(snapshot) if table.name != "Berichte"]
    name = file_name("Sachbericht", county.name, period_in_name(start, end), extension="xlsx")
    return attached(FileResponse(workbook(sheets, notes=notes)), name, "xlsx")
