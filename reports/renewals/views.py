"""Pages for what was delivered and is wrong: a new edition, the sessions renewed, the delivery withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from reports.council.services import awaits_decision, is_decided
from reports.renewals import services as renewals
from reports.renewals.forms import NewEditionForm, RenewPaperForm, WithdrawalForm
from reports.renewals.models import Withdrawal
from reports.renewals.queries import is_droppable
from reports.steps.errors import ReportNotEditable
from reports.steps.freezing import paper_changes, paper_of
from reports.steps.guards import NOT_AT_COUNCIL, act, get_report
from reports.steps.models import InterimReport


def _with_reason(
    request: SignedInRequest,
    report: InterimReport,
    form: ModelForm,
    do: Callable[[str], object],
    success: str,
    *,
    template: str,
    **context: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data["reason"])
        except ReportNotEditable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, success)
            return redirect("report_detail", pk=report.pk)
    return render(request, f"reports/renewals/{template}.html", {"report": report, "form": form} | context)


def new_edition_create(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.renew_interimreport")
    if request.method != "POST" and (not report.is_at_council or report.is_renewed):
        messages.error(
            request, "Eine neue Ausgabe ist schon in Arbeit." if report.is_renewed else NOT_AT_COUNCIL
        )
        return redirect("report_detail", pk=pk)
    return _with_reason(
        request,
        report,
        NewEditionForm(request.POST or restore_unsaved(request)),
        lambda reason: renewals.begin_new_edition(report, reason=reason, by=request.user),
        "Der Bericht lässt sich wieder bearbeiten. Bis zur Zustellung gilt die bisherige Ausgabe.",
        template="new_edition",
    )


def new_edition_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.renew_interimreport")
    if request.method == "POST":
        return act(
            request,
            report,
            lambda: renewals.drop_new_edition(report, by=request.user),
            f"Es bleibt bei Ausgabe {report.delivered_number}.",
        )
    if not is_droppable(report):
        return redirect("report_detail", pk=pk)
    return render(request, "reports/renewals/drop.html", {"report": report})


def paper_renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sessions that were moved after the report was frozen come into it, without opening it again."""
    report = get_report(request, pk, perm="reports.reschedule_interimreport")
    moved = _moved(report)
    if not moved:
        messages.info(request, "Die Termine im Bericht sind die, die eingetragen sind.")
        return redirect("report_detail", pk=pk)
    reason = "Die Sitzung ist verlegt." if len(moved) == 1 else "Die Sitzungen sind verlegt."
    return _with_reason(
        request,
        report,
        RenewPaperForm(request.POST or restore_unsaved(request), initial={"reason": reason}),
        lambda reason: renewals.renew_paper(report, by=request.user, reason=reason),
        "Die Termine sind erneuert. Das Portal erstellt die Dateien, danach ist der Bericht wieder freizugeben.",
        template="renew_paper",
        moved=moved,
    )


def _moved(report: InterimReport) -> list[str]:
    """What of the sessions is another one than in the newest edition."""
    if report.is_editable or is_decided(report):
        return []
    return paper_changes(report.snapshots.latest("number").frozen.paper, paper_of(report))


# --- withdrawn by two people


def withdrawal_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.withdraw_interimreport")
    if open_one := report.withdrawals.open().first():
        return redirect("withdrawal_confirm", pk=open_one.pk)
    if request.method != "POST" and not awaits_decision(report):
        messages.error(request, "Der Beschluss steht schon fest." if report.is_at_council else NOT_AT_COUNCIL)
        return redirect("report_detail", pk=pk)
    return _with_reason(
        request,
        report,
        WithdrawalForm(request.POST or restore_unsaved(request)),
        lambda reason: renewals.ask_to_withdraw(report, reason=reason, by=request.user),
        "Angefragt. Zurückgezogen ist die Zustellung erst, wenn eine zweite Person sie bestätigt.",
        template="withdraw",
        links=sum(link.is_valid for link in report.council_links.all()),
    )


def withdrawal_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    withdrawal = _get_withdrawal(request, pk)
    report = withdrawal.report
    if request.method == "POST":
        return act(
            request,
            report,
            lambda: renewals.confirm_withdrawal(withdrawal, by=request.user),
            "Zurückgezogen. Der Gemeinderat sieht den Bericht nicht mehr, er ist wieder in Arbeit.",
        )
    if withdrawal.confirmed_at or withdrawal.refused_at:
        return redirect("report_detail", pk=report.pk)
    is_own = withdrawal.asked_by_id == request.user.pk
    context = {
        "report": report,
        "withdrawal": withdrawal,
        "needs_another": renewals.needs_another(report, by=request.user) if is_own else "",
    }
    return render(request, "reports/renewals/confirm.html", context)


@require_POST
def withdrawal_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    withdrawal = _get_withdrawal(request, pk)
    return act(
        request,
        withdrawal.report,
        lambda: renewals.refuse_withdrawal(withdrawal, by=request.user),
        "Die Zustellung bleibt, wie sie ist.",
    )


def _get_withdrawal(request: SignedInRequest, pk: int) -> Withdrawal:
    found = Withdrawal.objects.filter(report__in=InterimReport.objects.at_work_of(request.user))
    withdrawal = get_object_or_404(found.select_related("report__municipality__county", "asked_by"), pk=pk)
    if not request.user.has_perm("reports.withdraw_interimreport", withdrawal.report):
        raise PermissionDenied
    return withdrawal
