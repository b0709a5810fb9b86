"""The easy-language text of a report: written with a checker, checked by a test group."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.easy_language.check import check_text, findings_as_json, summary_of
from kiv_portal.ui.typed_forms import show_unchecked, write_into
from reports.content.easy_draft import easy_draft
from reports.steps.errors import ReportNotEditable
from reports.steps.freezing import snapshot_of
from reports.steps.guards import FROZEN, get_report
from reports.steps.models import InterimReport
from reports.writing.forms import EASY_LONGEST, AskingSectionForm, EasyCheckForm
from reports.writing.models import EASY, EASY_LABEL, EasyTextCheck, ReportSection
from reports.writing.queries import easy_check_of
from reports.writing.services import record_easy_check
from reports.writing.views import save_or_explain


def _easy_section(report: InterimReport) -> ReportSection:
    section = ReportSection.objects.filter(report=report, key=EASY).select_related("updated_by").first()
    return section or ReportSection(report=report, key=EASY)


def easy_text(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    section = _easy_section(report)
    form = AskingSectionForm(request.POST or restore_unsaved(request), instance=section)
    form.fields["text"].widget.attrs["data-easy-check-url"] = "pruefen/"
    if not form.is_bound and not report.is_editable:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    theirs = None
    context: dict[str, Any] = {"findings": [], "summary": ""}
    if request.method == "POST" and "draft" in request.POST:
        write_into(form, "text", easy_draft(snapshot_of(report, dated=timezone.localdate())))
        show_unchecked(form)
    elif request.method == "POST" and "pruefen" in request.POST:
        findings = check_text(form.data.get("text", "")[:EASY_LONGEST])
        context = {"findings": findings, "summary": summary_of(findings)}
        show_unchecked(form)
    elif request.method == "POST" and form.is_valid():
        theirs = save_or_explain(form, report, EASY, by=request.user)
        if not form.errors:
            messages.success(request, f"Gespeichert: {EASY_LABEL}")
            return redirect("report_detail", pk=pk)
    context |= {
        "report": report,
        "form": form,
        "label": EASY_LABEL,
        "theirs": theirs,
        "section": section,
        "check": easy_check_of(section) if section.pk else None,
        "is_empty": not (form["text"].value() or "").strip(),
    }
    return render(request, "reports/writing/easy_form.html", context)


@require_POST
def easy_findings(request: SignedInRequest, pk: int) -> JsonResponse:
    """The findings of a text that is being typed; nothing is stored."""
    get_report(request, pk, perm="reports.change_interimreport")
    return JsonResponse(findings_as_json(check_text(request.POST.get("text", "")[:EASY_LONGEST])))


def easy_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record that a test group has checked the text as it stands."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    section = _easy_section(report)
    if not report.is_editable or not section.text:
        messages.error(request, FROZEN if not report.is_editable else "Bitte schreiben Sie zuerst den Text.")
        return redirect("report_detail", pk=pk)
    form = EasyCheckForm(
        request.POST or restore_unsaved(request),
        instance=EasyTextCheck(report=report),
        initial={"version": section.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_easy_check(form.instance, version=form.cleaned_data["version"], by=request.user)
        except ReportNotEditable as error:
            write_into(form, "version", str(section.version))
            form.add_error(None, str(error))
        else:
            messages.success(request, "Die Prüfung ist eingetragen. Der Text heißt jetzt „Leichte Sprache“.")
            return redirect("report_detail", pk=pk)
    return render(
        request, "reports/writing/easy_check.html", {"report": report, "form": form, "section": section}
    )
