"""The steps of a report, each with a page that says what will happen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.models import County
from reports.editions.services import current_files
from reports.notices.services import councillors_of
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.steps.forms import ApproveForm, PublishForm, ReturnForm, ReviewRuleForm
from reports.steps.four_eyes import refusal_of_one
from reports.steps.freezing import changed_since, paper_changes, paper_of
from reports.steps.guards import act, get_report, number
from reports.steps.models import InterimReport, ReportState
from reports.steps.paper_check import contradiction_of, gaps_in
from reports.steps.report_views import is_deletable
from reports.steps.review_models import coordinators_of, needs_two, rule_of
from reports.writing.models import SectionKey
from reports.writing.queries import texts_of


def report_submit(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.submit_interimreport")
    if request.method == "POST":
        return act(
            request,
            report,
            lambda: states.submit_report(report, by=request.user),
            "Der Bericht ist eingereicht. Das Portal erstellt jetzt die Dateien.",
        )
    if not report.is_editable:
        return redirect("report_detail", pk=pk)
    texts = texts_of(report)
    context = {
        "report": report,
        "missing": [SectionKey(key).label for key, text in texts.items() if not text.strip()],
        "refusal": states.contradiction_of_draft(report),
        "open_comments": report.comments.filter(settled_at=None).count(),
    }
    return render(request, "reports/steps/submit.html", context)


def report_return(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.return_interimreport")
    if request.method != "POST" and report.state not in (ReportState.SUBMITTED, ReportState.APPROVED):
        return redirect("report_detail", pk=pk)
    form = ReturnForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        try:
            states.return_report(report, by=request.user, note=form.cleaned_data["note"])
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Der Bericht ist zurückgegeben und lässt sich wieder bearbeiten.")
            return redirect("report_detail", pk=pk)
    return render(request, "reports/steps/return.html", {"report": report, "form": form})


def report_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.approve_interimreport")
    files = current_files(report)
    frozen = files[0].snapshot.frozen if files else None
    gaps = gaps_in(frozen) if frozen else []
    form = ApproveForm(request.POST or None) if gaps else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return act(
            request,
            report,
            lambda: states.approve_report(
                report,
                by=request.user,
                snapshot_id=number(request.POST.get("snapshot", "")),
                despite_gaps=form is not None,
            ),
            "Freigegeben. Der Bericht kann dem Gemeinderat jetzt zugestellt werden.",
        )
    if report.state != ReportState.SUBMITTED or not files or frozen is None:
        return redirect("report_detail", pk=pk)
    context = {
        "report": report,
        "files": files,
        "form": form,
        "gaps": gaps,
        "refusal": refusal_of_one(report, by=request.user) or contradiction_of(frozen),
        "moved": paper_changes(frozen.paper, paper_of(report)),
        "shows_judge": True,
        "snapshot": files[0].snapshot,
        "all_accessible": all(file.is_accessible for file in files),
        "changes": changed_since(files[0].snapshot),
    }
    return render(request, "reports/steps/approve.html", context)


def review_rule(request: SignedInRequest, key: str) -> HttpResponse:
    """Whether one person alone may submit and approve, in this county."""
    county = get_object_or_404(County.objects.visible_to(request.user), pk=key)
    rule = rule_of(county)
    form = ReviewRuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Ihre Wahl ist gespeichert.")
        return redirect("county_reports", key=key)
    today = timezone.localdate()
    context = {
        "county": county,
        "form": form,
        "needs_two": needs_two(county, today),
        "coordinators": coordinators_of(county, today),
    }
    return render(request, "reports/steps/review_rule.html", context)


def report_deliver(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.deliver_interimreport")
    if report.state != ReportState.APPROVED:
        return redirect("report_detail", pk=pk)
    form = PublishForm(request.POST or restore_unsaved(request), initial={"public_from": report.public_from})
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            report,
            lambda: states.deliver_report(
                report, by=request.user, public_from=form.cleaned_data["public_from"]
            ),
            "Zugestellt. Der Gemeinderat kann den Bericht jetzt lesen.",
        )
    context = {"report": report, "form": form, "councillors": _councillors(report)}
    return render(request, "reports/steps/deliver.html", context)


def _councillors(report: InterimReport) -> int:
    return councillors_of(report, timezone.localdate()).count()


def report_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """From when on anybody may read a delivered report."""
    report = get_report(request, pk, perm="reports.publish_interimreport")
    if not report.is_at_council:
        return redirect("report_detail", pk=pk)
    form = PublishForm(request.POST or restore_unsaved(request), initial={"public_from": report.public_from})
    if request.method == "POST" and form.is_valid():
        moment = form.cleaned_data["public_from"]
        InterimReport.objects.filter(pk=pk).at_council().update(public_from=moment)
        messages.success(
            request,
            f"Öffentlich ab {moment:%d.%m.%Y}." if moment else "Der Bericht ist jetzt nicht öffentlich.",
        )
        return redirect("report_detail", pk=pk)
    return render(request, "reports/steps/publish.html", {"report": report, "form": form})


def report_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.delete_interimreport")
    town = report.municipality
    if request.method == "POST":
        try:
            states.delete_report(report, by=request.user)
        except ReportNotEditable as error:
            messages.error(request, str(error))
            return redirect("report_detail", pk=pk)
        messages.success(request, f"Gelöscht: {report}")
        return redirect(reverse("municipality_detail", args=[town.slug]))
    if not is_deletable(report):
        return redirect("report_detail", pk=pk)
    written = sum(bool(text.strip()) for text in texts_of(report).values())
    return render(request, "reports/steps/delete.html", {"report": report, "written": written})
