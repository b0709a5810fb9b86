"""The council's side of a report, for those who look after it: links, questions, decision, what follows, templates."""

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
from reports.council.forms import (
    AnswerForm,
    CouncilLinkForm,
    DecisionForm,
    FollowUpForm,
    ProposalTemplateForm,
    QuestionForm,
)
from reports.council.models import CouncilDecision, CouncilLink, CouncilQuestion, ProposalTemplate
from reports.steps.errors import ReportNotEditable
from reports.steps.guards import get_report
from reports.steps.models import InterimReport, ReportState
from reports.writing.queries import texts_of

NOT_AT_COUNCIL = "Das geht erst, wenn der Bericht dem Gemeinderat zugestellt ist."


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


# --- questions


def question_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """For those who work on the report all questions; for a councillor the answered ones and the box for an own one."""
    report = get_report(request, pk)
    if not report.is_at_council:
        messages.error(request, NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    works_on_it = request.user.has_perm("reports.change_interimreport", report)
    form = QuestionForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and not works_on_it and form.is_valid():
        try:
            council.ask(report, form.cleaned_data["text"], by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Ihre Frage ist angekommen. Die Antwort finden Sie hier.")
            return redirect("question_list", pk=pk)
    questions = report.questions.all()
    context = {
        "report": report,
        "form": None if works_on_it or report.state != ReportState.DELIVERED else form,
        "open": questions.filter(answer="") if works_on_it else [],
        "answered": questions.exclude(answer=""),
        "may_answer": request.user.has_perm("reports.answer_interimreport", report),
    }
    return render(request, "reports/council/questions.html", context)


def question_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(
        CouncilQuestion.objects.filter(
            report__in=InterimReport.objects.at_work_of(request.user)
        ).select_related("report__municipality__county"),
        pk=pk,
    )
    if not request.user.has_perm("reports.answer_interimreport", question.report):
        raise PermissionDenied
    form = AnswerForm(request.POST or restore_unsaved(request), instance=question)
    if request.method == "POST" and form.is_valid():
        council.answer(question, form.cleaned_data["answer"], by=request.user)
        messages.success(
            request, "Die Antwort ist gespeichert. Alle Mitglieder des Gemeinderats können sie lesen."
        )
        return redirect("question_list", pk=question.report_id)
    context = {"report": question.report, "form": form, "question": question}
    return render(request, "reports/council/question_answer.html", context)


# --- the decision, and what follows


def decision_create(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.decide_interimreport")
    if report.state != ReportState.DELIVERED:
        decided = report.state == ReportState.DECIDED
        messages.error(request, "Der Beschluss steht schon fest." if decided else NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    form = DecisionForm(
        request.POST or restore_unsaved(request),
        report=report,
        instance=CouncilDecision(recorded_by=request.user),
        initial={"text": texts_of(report)["proposal"]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            decision = council.record_decision(form.instance, by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            if not decision.is_final:
                messages.success(request, "Eingetragen. Der Gemeinderat entscheidet noch.")
            elif request.user.has_perm("reports.follow_up_interimreport", report):
                messages.success(
                    request, "Der Beschluss ist eingetragen. Bitte bestätigen Sie, was daraus folgt."
                )
                return redirect("decision_follow_up", pk=decision.pk)
            else:
                messages.success(
                    request, "Der Beschluss ist eingetragen. Das Landratsamt bestätigt, was daraus folgt."
                )
            return redirect("report_detail", pk=pk)
    return render(request, "reports/council/decision_form.html", {"report": report, "form": form})


def decision_follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """The portal proposes, staff confirm: the agreement's end and the next report. Then the next term begins."""
    decision = get_object_or_404(
        CouncilDecision.objects.final()
        .visible_to(request.user)
        .select_related("report__municipality__county"),
        pk=pk,
    )
    report = decision.report
    if not request.user.has_perm("reports.follow_up_interimreport", report):
        raise PermissionDenied
    if decision.followed_up_at is not None:
        messages.info(request, "Was auf den Beschluss folgt, ist schon bestätigt.")
        return redirect("report_detail", pk=report.pk)
    proposal = council.proposal_for(decision)
    form = FollowUpForm(
        request.POST or restore_unsaved(request),
        initial={"ends_on": proposal.ends_on, "next_report_due": proposal.next_report_due},
    )
    if request.method == "POST" and form.is_valid():
        try:
            following = council.follow_up(decision, **form.cleaned_data, by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"Bestätigt. Der nächste Bericht ist am {following.due_on:%d.%m.%Y} fällig."
                if following
                else "Bestätigt. Es gibt keinen weiteren Bericht.",
            )
            return redirect("report_detail", pk=(following or report).pk)
    context = {"report": report, "decision": decision, "proposal": proposal, "form": form}
    return render(request, "reports/council/decision_follow_up.html", context)


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
