from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from kiv_portal.accounts.requests import SignedInRequest
from reports.editions.views import build_steps
from reports.preview.models import DraftPreview
from reports.preview.services import request_preview
from reports.steps.errors import ReportNotEditable
from reports.steps.guards import FROZEN, get_report


def report_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a preview and see it come; asked by htmx it is only the part that changes."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    if request.method == "POST":
        try:
            request_preview(report, by=request.user)
        except ReportNotEditable as error:
            messages.error(request, str(error))
            return redirect("report_detail", pk=pk)
        return redirect("report_preview", pk=pk)
    if not report.is_editable:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    preview = report.previews.first()
    is_part = "HX-Request" in request.headers
    context = {
        "report": report,
        "preview": preview,
        "is_building": preview is not None and preview.is_unfinished,
        "steps": build_steps(preview) if preview else [],  # type: ignore[arg-type]  # the same steps
    }
    return render(request, f"reports/preview/{'_status' if is_part else 'preview'}.html", context)


@require_GET
def preview_download(request: SignedInRequest, pk: int) -> FileResponse:
    visible = DraftPreview.objects.visible_to(request.user).finished().select_related("report__municipality")
    preview = get_object_or_404(visible, pk=pk)
    response = FileResponse(
        preview.file.open("rb"),
        filename=f"Entwurf-Zwischenbericht-{preview.report.municipality.slug}.pdf",
        as_attachment=True,
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-store"
    return response
