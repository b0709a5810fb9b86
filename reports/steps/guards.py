"""What all pages of a report do first and last."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from kiv_portal.accounts.requests import SignedInRequest
from reports.steps.errors import ReportNotEditable
from reports.steps.models import InterimReport
from reports.writing.queries import with_open_matters

NOT_AT_COUNCIL = "Das geht erst, wenn der Bericht dem Gemeinderat zugestellt ist."
FROZEN = "Der Bericht ist eingereicht. Texte und Angaben lassen sich nicht mehr ändern."


def get_report(
    request: SignedInRequest, pk: int, *, perm: str = "", has_open_matters: bool = False
) -> InterimReport:
    """Not visible: 404. Visible, but not allowed: 403."""
    reports = InterimReport.objects.visible_to(request.user).with_town()
    report = get_object_or_404(with_open_matters(reports) if has_open_matters else reports, pk=pk)
    if perm and not request.user.has_perm(perm, report):
        raise PermissionDenied
    return report


def act(
    request: SignedInRequest, report: InterimReport, action: Callable[[], object], success: str
) -> HttpResponse:
    """Do it and lead back to the report, with what became of it."""
    try:
        action()
    except ReportNotEditable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, success)
    return redirect("report_detail", pk=report.pk)


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
