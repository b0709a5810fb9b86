"""The council's side of a report, for those who look after it: links without an account, templates of proposals."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from municipalities.models import County
from reports.council import services as council
from reports.council.forms import CouncilLinkForm, ProposalTemplateForm
from reports.council.models import CouncilLink, ProposalTemplate
from reports.steps.guards import NOT_AT_COUNCIL, get_report
from reports.steps.models import InterimReport

# --- links without an account


def council_link_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The links of a report, and a form for another one."""
    report = get_report(request, pk, perm="reports.deliver_interimreport")
    if not report.is_at_council:
        messages.error(request, NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    form = CouncilLinkForm(
        request.POST or restore_unsaved(request), instance=CouncilLink(report=report, created_by=request.user)
    )
    if request.method == "POST" and form.is_valid():
        link = form.save()
        messages.success(request, f"Der Link ist erstellt: {link.label}")
        return redirect("council_link_list", pk=pk)
    links = [
        {"link": link, "address": settings.BASE_URL + reverse("council_page", args=[council.signed(link)])}
        for link in report.council_links.all()
    ]
    return render(request, "reports/council/links.html", {"report": report, "form": form, "links": links})


def council_link_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(
        CouncilLink.objects.filter(report__in=InterimReport.objects.at_work_of(request.user)).select_related(
            "report__municipality__county"
        ),
        pk=pk,
    )
    if not request.user.has_perm("reports.deliver_interimreport", link.report):
        raise PermissionDenied
    if request.method == "POST":
        council.withdraw_link(link, by=request.user)
        messages.success(request, "Der Link öffnet jetzt nichts mehr.")
        return redirect("council_link_list", pk=link.report_id)
    return render(request, "reports/council/link_withdraw.html", {"report": link.report, "link": link})


# --- templates for proposals


def get_county(request: SignedInRequest, key: str) -> County:
    return get_object_or_404(County.objects.visible_to(request.user), pk=key)


def proposal_template_list(request: SignedInRequest, key: str) -> HttpResponse:
    """The county's templates, and a form for another one."""
    county = get_county(request, key)
    form = ProposalTemplateForm(
        request.POST or restore_unsaved(request), instance=ProposalTemplate(county=county)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Gespeichert: {form.instance.title}")
        return redirect("proposal_template_list", key=key)
    context = {"county": county, "form": form, "templates": county.proposal_templates.all()}
    return render(request, "reports/council/proposal_templates.html", context)


def _get_template(request: SignedInRequest, pk: int) -> ProposalTemplate:
    counties = County.objects.visible_to(request.user)
    return get_object_or_404(
        ProposalTemplate.objects.filter(county__in=counties).select_related("county"), pk=pk
    )


def proposal_template_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    template = _get_template(request, pk)
    form = ProposalTemplateForm(request.POST or restore_unsaved(request), instance=template)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Gespeichert: {template.title}")
        return redirect("proposal_template_list", key=template.county_id)
    return render(
        request, "reports/council/proposal_template_form.html", {"form": form, "template": template}
    )


def proposal_template_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    template = _get_template(request, pk)
    if request.method == "POST":
        template.delete()
        messages.success(request, f"Gelöscht: {template.title}")
        return redirect("proposal_template_list", key=template.county_id)
    return render(request, "reports/council/proposal_template_delete.html", {"template": template})
