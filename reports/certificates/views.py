from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.downloads import content_disposition, file_name
from mediators.people.views import get_own_mediator
from reports.certificates.models import Certificate
from reports.certificates.queries import certified_months
from reports.certificates.services import NothingToCertify, request_certificate

NOTHING = (
    "In diesen zwölf Monaten steht keine ehrenamtliche Aktivität in Ihrem Tagebuch. "
    "Einen Nachweis gibt es, sobald welche da sind."
)


def certificate_list(request: SignedInRequest) -> HttpResponse:
    """The person's own ones, and a button for a new one."""
    mediator = get_own_mediator(request)
    today = timezone.localdate()
    if request.method == "POST":
        try:
            request_certificate(mediator, by=request.user, today=today)
            messages.success(request, "Ihr Nachweis wird erstellt. Das dauert meist nur wenige Sekunden.")
        except NothingToCertify:
            messages.error(request, NOTHING)
        return redirect("certificate_list")
    certificates = list(Certificate.objects.visible_to(request.user))
    context = {
        "certificates": certificates,
        "period": certified_months(today),
        "is_building": any(certificate.is_unfinished for certificate in certificates),
    }
    return render(request, "reports/certificates/list.html", context)


@require_GET
def certificate_download(request: SignedInRequest, pk: int) -> FileResponse:
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user).finished(), pk=pk)
    name = ("Ehrenamtsnachweis", certificate.frozen.name, f"{certificate.issued_on:%Y-%m-%d}")
    response = FileResponse(certificate.file.open("rb"), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(file_name(*name, extension="pdf"))
    response["Cache-Control"] = "private, no-store"
    return response
