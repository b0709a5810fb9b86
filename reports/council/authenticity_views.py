"""Is this file ours, and is it unchanged? For anybody who holds a report in their hands. Nothing is stored."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from kiv_portal.documents import german
from reports.certificates.models import Certificate
from reports.council.authenticity_forms import CodeForm, FileCheckForm
from reports.editions.models import FileKind, ReportFile
from reports.figures.models import ReportSnapshot
from reports.steps.models import InterimReport

MOST_BYTES = 30 * 1024 * 1024
FLOOD = (
    "Von Ihrem Anschluss wurden gerade schon viele Dateien geprüft. "
    "Bitte versuchen Sie es in einer Stunde noch einmal."
)
KINDS = FileKind.values


class Fingerprint(UploadedFile):
    """Of a file that somebody sent: SHA-256 in hexadecimal digits, size in bytes, and nothing of its content."""

    def __init__(self, *, sha256: str, name: str, size: int) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)
        self.sha256 = sha256
        self.is_too_large = size > MOST_BYTES


class FingerprintHandler(FileUploadHandler):
    """Reads a file to its end, so that the page can say its sentence, and keeps no more of it than the running sum."""

    chunk_size = 64 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.sum = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MOST_BYTES:
            self.sum.update(raw_data)

    def file_complete(self, file_size: int) -> Fingerprint:
        return Fingerprint(sha256=self.sum.hexdigest(), name=self.file_name or "", size=file_size)


# The form token is read from the same stream as the file, so it may be looked at only once the handler is in place.


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    request.upload_handlers = [FingerprintHandler(request)]
    return _check(request)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    request.upload_handlers = [FingerprintHandler(request)]
    return _check_code(request, code=code)


@csrf_protect
def _check(request: HttpRequest) -> HttpResponse:
    code_form = CodeForm(request.GET if "code" in request.GET else None)
    if request.method == "GET" and code_form.is_valid():
        return redirect("check_code", code=code_form.cleaned_data["code"])
    return _page(request, {"code_form": code_form})


@csrf_protect
def _check_code(request: HttpRequest, code: str) -> HttpResponse:
    snapshot = ReportSnapshot.objects.select_related("report__municipality").filter(code=code.lower()).first()
    if snapshot is None:
        certificate = Certificate.objects.finished().filter(code=code.lower()).first()
        if certificate is not None:
            return _page(request, {"certificate": _of_certificate(certificate)})
        return _page(request, {"is_unknown": True}, status=404)
    files = sorted(snapshot.editions.finished(), key=lambda file: KINDS.index(file.kind))
    return _page(request, {"about": _about(snapshot), "snapshot": snapshot, "files": files})


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    form = FileCheckForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="check_file"):
            context |= {"is_checked": True, "match": _match(form.cleaned_data["file"].sha256, context)}
        else:
            form.add_error(None, FLOOD)
    response = render(
        request,
        "reports/council/check.html",
        {"form": form, "code_form": CodeForm()} | context,
        status=status,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _match(sha256: str, context: dict[str, Any]) -> dict[str, Any] | None:
    """The file of ours that is this very one, and what may be said about it; None for a file that nobody knows."""
    file = (
        ReportFile.objects.finished()
        .filter(sha256=sha256)
        .select_related("snapshot__report__municipality")
        .order_by("-snapshot__number", "pk")
        .first()
    )
    if file is None:
        return _certificate_match(sha256)
    here = context.get("snapshot")
    return _about(file.snapshot) | {
        "sentence": f"Diese Datei ist unverändert: {_name(file)}",
        "is_of_another": here is not None and here.pk != file.snapshot_id,
    }


def _certificate_match(sha256: str) -> dict[str, Any] | None:
    certificate = Certificate.objects.finished().filter(sha256=sha256).first()
    if certificate is None:
        return None
    return {"sentence": f"Diese Datei ist unverändert: {certificate}."}


def _of_certificate(certificate: Certificate) -> dict[str, Any]:
    """Never the name: whoever holds the paper reads it there, and nobody else shall find it here."""
    content = certificate.frozen
    return {
        "issued_on": certificate.issued_on,
        "starts_on": certificate.starts_on,
        "ends_on": certificate.ends_on,
        "towns": german.enumeration([town.name for town in content.towns]),
        "hours": german.hours_with_unit(content.minutes),
        "sha256": certificate.sha256,
    }


def _name(file: ReportFile) -> str:
    report = file.snapshot.report
    return (
        f"{file.get_kind_display()}, {report}, {report.period_start:%d.%m.%Y} bis {report.period_end:%d.%m.%Y}, "
        f"Ausgabe {file.snapshot.number}."
    )


def _about(snapshot: ReportSnapshot) -> dict[str, Any]:
    """Of a report that is not public only town, period and number may be said, and that this edition holds no more."""
    report, number = snapshot.report, snapshot.number
    about = {
        "report": report,
        "number": number,
        "is_public": False,
        "replaced": report.new_editions.delivered().filter(old_number=number).first(),
        "taken_back": report.withdrawals.confirmed().filter(number=number).first(),
    }
    if InterimReport.objects.public_at(timezone.now()).filter(pk=report.pk).exists():
        delivered = report.delivered_number or 0
        about |= {
            "is_public": True,
            "frozen_at": snapshot.taken_at,
            "is_newest": number == delivered,
            "is_older": number < delivered,
        }
    return about
