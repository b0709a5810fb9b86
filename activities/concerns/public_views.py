"""A town for everybody: who is there, what became of what people reported, and the way to report more. No account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.attachments.models import ConcernPhoto, PhotoMoment
from activities.attachments.views import handed_out
from activities.concerns.models import Concern, ConcernState
from activities.concerns.public_forms import PublicConcernForm
from activities.concerns.queries import confirmed_by_many
from activities.concerns.services import report_concern
from kiv_portal.uploads.kept import UploadKeeper
from kiv_portal.uploads.photo import PhotoRefused
from mediators.models import towns_of
from mediators.reach.queries import reach_of
from municipalities.agreements.queries import last_day_of
from municipalities.models import Municipality

PAGE_SIZE = 10
LEADS = {ConcernState.DONE: "Was getan ist", ConcernState.REFUSED: "Der Grund"}
FLOOD_FROM_HERE = (
    "Von Ihrem Anschluss sind gerade schon viele Meldungen gekommen. "
    "Bitte versuchen Sie es in einer Stunde noch einmal."
)
FLOOD_IN_TOWN = (
    "In dieser Kommune kommen gerade sehr viele Meldungen an. "
    "Bitte versuchen Sie es in einer Stunde noch einmal."
)


def _known_town(slug: str, today: dt.date) -> Municipality:
    """A town that takes part or took part; others have no public page."""
    return get_object_or_404(Municipality.objects.known_on(today).select_related("county"), slug=slug)


@login_not_required
@require_GET
def town_page(request: HttpRequest, slug: str) -> HttpResponse:
    """For everybody; of a town that took part it says until when."""
    now = timezone.now()
    today = timezone.localdate(now)
    town = _known_town(slug, today)
    left_on = last_day_of(town, today)
    shown = Prefetch("photos", ConcernPhoto.objects.from_within().filter(is_public=True), to_attr="shown")
    published = Concern.objects.filter(municipality=town).published().prefetch_related(shown)
    page = Paginator(published, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "town": town,
        "left_on": left_on,
        "reach": None if left_on else reach_of(town, now),
        "can_change": request.user.is_authenticated and town.pk in towns_of(request.user),
        "confirmed": confirmed_by_many(town, today),
        "page": page,
        "cards": [_card(concern, today) for concern in page],
    }
    return render(request, f"activities/concerns/{'town_left' if left_on else 'town_page'}.html", context)


def _card(concern: Any, today: dt.date) -> dict[str, Any]:
    """A photo of before shows what was reported, one of after what was done about it."""
    before = [photo for photo in concern.shown if photo.moment == PhotoMoment.BEFORE]
    after = [photo for photo in concern.shown if photo.moment == PhotoMoment.AFTER]
    said = concern.public_sentence
    return {
        "concern": concern,
        "is_overdue": concern.is_overdue_on(today),
        "photos": [(photo, f"Vorher: {concern.title}") for photo in before]
        + [(photo, f"Nachher: {said}" if said else "Nachher") for photo in after],
        "sentence": "" if after else said,  # else it stands below the photo
        "lead": LEADS.get(concern.state, ""),
    }


@login_not_required
@require_GET
def public_concern_photo(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    town = _known_town(slug, timezone.localdate())
    photos = ConcernPhoto.objects.published().filter(concern__municipality=town)
    return handed_out(get_object_or_404(photos, pk=pk).preview)


@login_not_required
def concern_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a town that has left, its page says who helps now."""
    today = timezone.localdate()
    town = _known_town(slug, today)
    if last_day_of(town, today):
        return redirect("town_page", slug=slug)
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
