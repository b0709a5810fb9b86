"""The files of a report: how far they are, asking for them again, downloading them."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.downloads import content_disposition
from reports.content.web_style import style_hash
from reports.editions.models import BuildStep, FileKind, FileState, ReportFile
from reports.editions.services import content_type_of, current_files, download_name, request_files
from reports.steps.guards import act, get_report
from reports.steps.models import InterimReport


def files_context(request: SignedInRequest, report: InterimReport) -> dict[str, Any]:
    files = [] if report.is_editable else current_files(report)
    unfinished = next((file for file in files if file.is_unfinished), None)
    failed = [file for file in files if file.has_failed]
    return {
        "report": report,
        "files": files,
        "unfinished": unfinished,
        "number_done": sum(file.is_done for file in files),
        "steps_of_build": build_steps(unfinished) if unfinished else [],
        "failed": failed,
        "shows_judge": True,
        "all_accessible": bool(files) and all(file.is_accessible for file in files),
        "can_retry": bool(failed)
        and unfinished is None
        and request.user.has_perm("reports.submit_interimreport", report),
    }


def build_steps(file: ReportFile) -> list[dict[str, str]]:
    """The worker's steps for the stepper: done, current, todo or failed."""
    order = list(BuildStep)
    position = order.index(BuildStep(file.step))
    states = {FileState.DONE: "done", FileState.FAILED: "failed"}
    current = states.get(FileState(file.state), "current")
    before = ["done"] * position
    after = ["done" if current == "done" else "todo"] * (len(order) - position - 1)
    return [
        {"label": step.label, "state": state}
        for step, state in zip(order, [*before, current, *after], strict=True)
    ]


@require_GET
def report_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the report page that changes while a worker builds."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    context = files_context(request, report)
    if not context["files"]:  # somebody gave it back to work meanwhile: the whole page is another one now
        return (
            redirect("report_detail", pk=pk)
            if "HX-Request" not in request.headers
            else HttpResponse(headers={"HX-Refresh": "true"})
        )
    return render(request, "reports/editions/status.html", context)


@require_POST
def report_build(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.submit_interimreport")
    return act(
        request,
        report,
        lambda: request_files(report, by=request.user),
        "Was fehlt, wird noch einmal erstellt.",
    )


@require_GET
def edition_download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    file = get_object_or_404(
        ReportFile.objects.visible_to(request.user)
        .finished()
        .select_related("snapshot__report__municipality"),
        pk=pk,
    )
    return handed_out(file)


@require_GET
def edition_read(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report as a page, exactly the file that is stored: its own style is the only one that it may bring along."""
    file = get_object_or_404(
        ReportFile.objects.visible_to(request.user)
        .finished()
        .filter(kind=FileKind.HTML)
        .select_related("snapshot__report__municipality"),
        pk=pk,
    )
    return as_page(file)


def handed_out(file: ReportFile, *, cache: str = "private, no-store") -> HttpResponseBase:
    """What a browser can show opens in it; a link that says `download` stores it all the same."""
    if file.kind == FileKind.HTML:
        return as_page(file, cache=cache)
    return as_file(file, cache=cache, is_shown=bool(file.pages))


def as_page(file: ReportFile, *, cache: str = "private, no-store") -> HttpResponse:
    with file.file.open("rb") as opened:
        data = opened.read()
    response = HttpResponse(data, content_type=content_type_of(file))
    response["Content-Disposition"] = content_disposition(download_name(file), is_shown=True)
    response["Cache-Control"] = cache
    response._csp_replace = {"style-src": [f"'{style_hash(data)}'"], "img-src": ["data:"]}  # type: ignore[attr-defined]
    return response


def as_file(file: ReportFile, *, cache: str = "private, no-store", is_shown: bool = False) -> FileResponse:
    response = FileResponse(file.file.open("rb"), content_type=content_type_of(file))
    response["Content-Disposition"] = content_disposition(download_name(file), is_shown=is_shown)
    response["Cache-Control"] = cache
    return response
