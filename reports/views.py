from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.rendering.tables import people_total
from mediators.models import towns_of
from municipalities.models import Municipality
from reports import services
from reports.forms import SECTION_HELP, PaperForm, SectionForm
from reports.models import (
    BuildStep,
    EditionState,
    InterimReport,
    ReportEdition,
    ReportSection,
    ReportState,
    SectionKey,
)
from reports.queries import frozen_figures, report_figures, texts_of, texts_written

PAGE_SIZE = 25
FROZEN = "Der Bericht ist abgeschlossen. Texte und Angaben lassen sich nicht mehr ändern."


def get_report(request: HttpRequest, pk: int, *, perm: str = "") -> InterimReport:
    """Not visible: 404. Visible, but not allowed: 403."""
    report = get_object_or_404(InterimReport.objects.visible_to(request.user).with_town(), pk=pk)
    if perm and not request.user.has_perm(perm, report):
        raise PermissionDenied
    return report


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    reports = (
        InterimReport.objects.visible_to(request.user)
        .with_town()
        .with_overdue(timezone.localdate())
        .annotate(written=texts_written())
    )
    context = {
        "page": Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page")),
        "number_of_texts": len(SectionKey),
        "works_on_reports": bool(towns_of(request.user)),
    }
    return render(request, "reports/report_list.html", context)


@require_GET
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk)
    if not request.user.has_perm("reports.change_interimreport", report):
        return _released(request, report)
    texts = texts_of(report)
    sections = [
        {"key": key, "label": key.label, "text": texts[key], "help": SECTION_HELP[key]} for key in SectionKey
    ]
    context = _edition_context(request, report) | {
        "figures": report_figures(report)
        if report.is_draft
        else frozen_figures(report.snapshots.latest("number").data),
        "sections": sections,
        "written": sum(bool(text.strip()) for text in texts.values()),
        "can_submit": report.is_draft and request.user.has_perm("reports.submit_interimreport", report),
        "can_delete": request.user.has_perm("reports.delete_interimreport", report) and _is_deletable(report),
    }
    return render(request, "reports/report_detail.html", context)


def _released(request: HttpRequest, report: InterimReport) -> HttpResponse:
    """What the council sees: the released edition and what it is about, from the frozen data."""
    edition = services.current_edition(report)
    data = edition.snapshot.data
    context = {"report": report, "edition": edition, "data": data, "people": people_total(data)}
    return render(request, "reports/report_released.html", context)


def _edition_context(request: HttpRequest, report: InterimReport) -> dict[str, Any]:
    edition = None if report.is_draft else services.current_edition(report)
    is_done = edition is not None and edition.state == EditionState.DONE
    has_failed = edition is not None and edition.state == EditionState.FAILED
    is_submitted = report.state == ReportState.SUBMITTED
    may_submit = request.user.has_perm("reports.submit_interimreport", report)
    return {
        "report": report,
        "edition": edition,
        "is_done": is_done,
        "has_failed": has_failed,
        "steps": build_steps(edition) if edition else [],
        "can_retry": has_failed and may_submit,
        "can_reopen": is_submitted and request.user.has_perm("reports.reopen_interimreport", report),
        "can_release": is_done
        and is_submitted
        and request.user.has_perm("reports.release_interimreport", report),
    }


def build_steps(edition: ReportEdition) -> list[dict[str, str]]:
    """The worker's steps for the stepper: done, current, todo or failed."""
    order = list(BuildStep)
    position = order.index(BuildStep(edition.step))
    states = {EditionState.DONE: "done", EditionState.FAILED: "failed"}
    current = states.get(EditionState(edition.state), "current")
    before = ["done"] * position
    after = ["done" if current == "done" else "todo"] * (len(order) - position - 1)
    return [
        {"label": step.label, "state": state}
        for step, state in zip(order, [*before, current, *after], strict=True)
    ]


@require_GET
def report_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the report page that changes while a worker builds."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    context = _edition_context(request, report)
    if (
        context["edition"] is None
    ):  # somebody took it back to work meanwhile: the whole page is another one now
        return (
            redirect("report_detail", pk=pk)
            if "HX-Request" not in request.headers
            else HttpResponse(headers={"HX-Refresh": "true"})
        )
    return render(request, "reports/edition_status.html", context)


def report_section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    if key not in SectionKey.values:
        raise Http404
    section = ReportSection.objects.filter(report=report, key=key).select_related("updated_by").first()
    section = section or ReportSection(report=report, key=key)
    form = SectionForm(request.POST or restore_unsaved(request), instance=section)
    if not form.is_bound and not report.is_draft:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.save_section(
                report, key, form.cleaned_data["text"], version=form.cleaned_data["version"], by=request.user
            )
        except services.SectionChanged as change:
            theirs = change.current
            form.data = form.data.copy()
            form.data["version"] = theirs.version
            form.add_error(
                "text",
                "Dieser Text wurde inzwischen geändert. Ihre Fassung steht noch hier, die andere darunter. "
                "Wenn Sie noch einmal speichern, gilt Ihre Fassung.",
            )
        except services.ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Gespeichert: {SectionKey(key).label}")
            return redirect("report_detail", pk=pk)
    context = {
        "report": report,
        "form": form,
        "label": SectionKey(key).label,
        "theirs": theirs,
    }
    return render(request, "reports/section_form.html", context)


def report_paper(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    form = PaperForm(request.POST or restore_unsaved(request), instance=report)
    if not form.is_bound and not report.is_draft:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    if request.method == "POST" and form.is_valid():
        # one UPDATE that asks for the state: a report submitted in this moment keeps what was frozen
        if InterimReport.objects.filter(pk=pk, state=ReportState.DRAFT).update(**form.cleaned_data):
            messages.success(request, "Die Angaben zur Sitzung sind gespeichert.")
            return redirect("report_detail", pk=pk)
        form.add_error(None, FROZEN)
    return render(request, "reports/paper_form.html", {"report": report, "form": form})


def report_submit(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.submit_interimreport")
    if request.method == "POST":
        return _act(
            request,
            pk,
            services.submit_report,
            report,
            "Der Bericht ist abgeschlossen. Der Auftrag für das PDF ist angenommen.",
        )
    if not report.is_draft:
        return redirect("report_detail", pk=pk)
    missing = [SectionKey(key).label for key, text in texts_of(report).items() if not text.strip()]
    return render(request, "reports/report_submit.html", {"report": report, "missing": missing})


def report_delete(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.delete_interimreport")
    town = report.municipality
    if request.method == "POST":
        try:
            services.delete_report(report, by=request.user)
        except services.ReportNotEditable as error:
            messages.error(request, str(error))
            return redirect("report_detail", pk=pk)
        messages.success(request, f"Gelöscht: {report}")
        return redirect("municipality_detail", slug=town.slug)
    if not _is_deletable(report):
        return redirect("report_detail", pk=pk)
    written = sum(bool(text.strip()) for text in texts_of(report).values())
    return render(request, "reports/report_delete.html", {"report": report, "written": written})


def _is_deletable(report: InterimReport) -> bool:
    return report.is_draft and not report.snapshots.exists()


def report_release(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.release_interimreport")
    if request.method == "POST":
        return _act(
            request,
            pk,
            partial(services.release_report, edition_id=_number(request.POST.get("edition", ""))),
            report,
            "Freigegeben. Der Gemeinderat kann den Bericht jetzt lesen.",
        )
    edition = services.current_edition(report)
    if edition is None or report.state != ReportState.SUBMITTED:
        return redirect("report_detail", pk=pk)
    return render(request, "reports/report_release.html", {"report": report, "edition": edition})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_POST
def report_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.reopen_interimreport")
    return _act(request, pk, services.reopen_report, report, "Der Bericht ist wieder in Arbeit.")


@require_POST
def report_build(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.submit_interimreport")
    return _act(request, pk, services.request_edition, report, "Das PDF wird neu erstellt.")


def _act(request: HttpRequest, pk: int, service: Any, report: InterimReport, success: str) -> HttpResponse:
    try:
        service(report, by=request.user)
    except services.ReportNotEditable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success)
    return redirect("report_detail", pk=pk)


@require_POST
def report_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next report of a town, with the period that its agreement says."""
    town = get_object_or_404(Municipality.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("municipalities.change_municipality", town):
        raise PermissionDenied
    try:
        report = services.open_report(town)
    except services.ReportNotEditable as error:
        messages.error(request, str(error))
        return redirect("municipality_detail", slug=slug)
    return redirect("report_detail", pk=report.pk)


@require_GET
def edition_download(request: HttpRequest, pk: int) -> FileResponse:
    edition = get_object_or_404(
        ReportEdition.objects.visible_to(request.user).select_related("snapshot__report__municipality"),
        pk=pk,
        state=EditionState.DONE,
    )
    snapshot = edition.snapshot
    name = f"Zwischenbericht-{snapshot.report.municipality.slug}-Ausgabe-{snapshot.number}.pdf"
    response = FileResponse(
        edition.file.open("rb"), filename=name, as_attachment=True, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response
