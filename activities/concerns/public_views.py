"""A town for everybody: who is there, what became of what people reported, and the way to report more. No account."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.concerns.models import Concern
from activities.concerns.public_forms import PublicConcernForm
from activities.concerns.queries import confirmed_by_many
from activities.concerns.services import report_concern
from kiv_portal.uploads.kept import UploadKeeper
from kiv_portal.uploads.photo import PhotoRefused
from mediators.models import Appointment
from municipalities.models import Municipality

PAGE_SIZE = 10
FLOOD_FROM_HERE = (
    "Von Ihrem Anschluss sind gerade schon viele Meldungen gekommen. "
    "Bitte versuchen Sie es in einer Stunde noch einmal."
)
FLOOD_IN_TOWN = (
    "In dieser Kommune kommen gerade sehr viele Meldungen an. "
    "Bitte versuchen Sie es in einer Stunde noch einmal."
)


def get_town(slug: str) -> Municipality:
    """A town that takes part today; others have no public page."""
    towns = Municipality.objects.taking_part_on(timezone.localdate()).select_related("county")
    return get_object_or_404(towns, slug=slug)


@login_not_required
@require_GET
def town_page(request: HttpRequest, slug: str) -> HttpResponse:
    town = get_town(slug)
    appointments = Appointment.objects.filter(municipality=town).in_force_on(timezone.localdate())
    published = Concern.objects.filter(municipality=town).published().select_related("field")
    context = {
        "town": town,
        "mediators": [str(a.mediator) for a in appointments.select_related("mediator__user")],
        "confirmed": confirmed_by_many(town, timezone.localdate()),
        "page": Paginator(published, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "activities/concerns/town_page.html", context)


@login_not_required
def concern_report(request: HttpRequest, slug: str) -> HttpResponse:
    town = get_town(slug)
    form = PublicConcernForm(
        request.POST or None, request.FILES or None, town=town, keeper=UploadKeeper(request)
    )
    if request.method == "POST":
        if concern := _reported(request, form, town):
            return redirect("concern_thanks", status_key=concern.status_key)
        form.keep_files()
    return render(request, "activities/concerns/report.html", {"form": form, "town": town})


def _reported(request: HttpRequest, form: PublicConcernForm, town: Municipality) -> Concern | None:
    """The limits come first: reading a photo is work."""
    if not (form.is_valid() and _within_limits(request, form, town)):
        return None
    try:
        return report_concern(form.instance, by=None, **form.sent_photo)
    except PhotoRefused as refused:
        form.add_error("photo", str(refused))
        return None


def _within_limits(request: HttpRequest, form: PublicConcernForm, town: Municipality) -> bool:
    if not ratelimit.consume(request, action="report_concern"):
        form.add_error(None, FLOOD_FROM_HERE)
    elif not ratelimit.consume(request, action="report_concern_in_town", key=town.slug):
        form.add_error(None, FLOOD_IN_TOWN)
    return not form.errors
