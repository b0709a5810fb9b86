"""What the council resolved: recorded, put right, and what follows from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.ui.typed_forms import show_unchecked, write_into
from reports.council import services as council
from reports.council.decision_forms import CorrectionForm, DecisionForm
from reports.council.decision_models import CouncilDecision
from reports.council.forms import FollowUpForm
from reports.editions.services import delivered_snapshot
from reports.steps.errors import ReportNotEditable
from reports.steps.guards import NOT_AT_COUNCIL, get_report
from reports.steps.models import InterimReport


def decision_create(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.decide_interimreport")
    if not council.awaits_decision(report):
        messages.error(request, "Der Beschluss steht schon fest." if report.is_at_council else NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    form = DecisionForm(
        request.POST or restore_unsaved(request),
        report=report,
        instance=CouncilDecision(recorded_by=request.user),
    )
    if _takes_proposal(request, form, report):
        pass  # shown once more, nothing is stored yet
    elif request.method == "POST" and form.is_valid():
        try:
            decision = council.record_decision(form.instance, by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            return _recorded(request, decision)
    context = {"report": report, "form": form, "proposal": proposal_of(report)}
    return render(request, "reports/council/decision_form.html", context)


def _recorded(request: SignedInRequest, decision: CouncilDecision) -> HttpResponse:
    """What happens next."""
    report = decision.report
    if not decision.is_final:
        if council.next_session_is_known(decision):
            messages.success(request, "Eingetragen. Der Gemeinderat entscheidet noch.")
            return redirect("report_detail", pk=report.pk)
        messages.success(request, "Eingetragen. Bitte tragen Sie jetzt die nächste Sitzung ein.")
        return redirect("consultation_create", pk=report.pk)
    if request.user.has_perm("reports.follow_up_interimreport", report):
        messages.success(request, "Der Beschluss ist eingetragen. Bitte bestätigen Sie, was daraus folgt.")
        return redirect("decision_follow_up", pk=decision.pk)
    messages.success(request, "Der Beschluss ist eingetragen. Das Landratsamt bestätigt, was daraus folgt.")
    return redirect("report_detail", pk=report.pk)


def proposal_of(report: InterimReport) -> str:
    """What the council was asked to resolve, as it stands in the edition that it has."""
    snapshot = delivered_snapshot(report)
    return snapshot.frozen.texts.proposal if snapshot else ""


def _takes_proposal(request: SignedInRequest, form: DecisionForm, report: InterimReport) -> bool:
    """Only on request: a result is not the proposal until somebody says so."""
    if request.method != "POST" or request.POST.get("take") != "proposal":
        return False
    write_into(form, "text", proposal_of(report))
    show_unchecked(form)
    return True


def decision_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same form once more, with what was wrong."""
    decision = get_object_or_404(_visible(request), pk=pk)
    report = decision.report
    if not request.user.has_perm("reports.decide_interimreport", report):
        raise PermissionDenied
    sessions = council.sessions_of(report.municipality_id)
    if not council.is_correctable(decision, sessions, timezone.localdate()):
        messages.error(request, council.TOO_LATE)
        return redirect("report_detail", pk=report.pk)
    form = CorrectionForm(request.POST or restore_unsaved(request), report=report, instance=decision)
    if _takes_proposal(request, form, report):
        pass  # shown once more, nothing is stored yet
    elif request.method == "POST" and form.is_valid():
        try:
            council.correct_decision(form.instance, reason=form.cleaned_data["why"], by=request.user)
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Berichtigt. Was vorher dastand, steht weiter auf dieser Seite.")
            return redirect("report_detail", pk=report.pk)
    context = {
        "report": report,
        "form": form,
        "decision": _visible(request).get(pk=pk),
        "proposal": proposal_of(report),
        "until": council.correctable_until(decision, sessions),
    }
    return render(request, "reports/council/decision_form.html", context)


def _visible(request: SignedInRequest):  # type: ignore[no-untyped-def]  # a queryset of ours
    return CouncilDecision.objects.visible_to(request.user).select_related("report__municipality__county")


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
