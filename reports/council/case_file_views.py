from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.downloads import content_disposition
from reports.council.case_file import case_file, case_file_name
from reports.steps.guards import get_report

NOT_YET = "Für die Akte gibt es den Bericht, sobald er dem Gemeinderat zugestellt ist."


@require_GET
def report_case_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    report = get_report(request, pk, perm="reports.file_interimreport")
    if not report.is_at_council:
        messages.error(request, NOT_YET)
        answer: HttpResponse = redirect("report_detail", pk=pk)
        return answer
    response = StreamingHttpResponse(case_file(report), content_type="application/zip")
    response["Content-Disposition"] = content_disposition(case_file_name(report))
    response["Cache-Control"] = "private, no-store"
    return response
