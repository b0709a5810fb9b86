"""What a helper sees: for whom, what to do, and what was entered so far. Nothing else."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.log.last_list import as_left
from activities.log.models import Activity
from kiv_portal.accounts.requests import SignedInRequest
from mediators.models import Assistance, AssistanceQuerySet, Mediator

PAGE_SIZE = 25
WANTED = "fuer"


def given_today(request: SignedInRequest) -> AssistanceQuerySet:
    """Newest first; with the mediators."""
    given = Assistance.objects.given_by(request.user).in_force_on(timezone.localdate())
    return given.select_related("mediator__user")


@require_GET
def assistance_given(request: SignedInRequest) -> HttpResponse:
    assistances = list(given_today(request))
    if not assistances:
        raise Http404
    entries = (
        Activity.objects.visible_to(request.user).filter(entered_by=request.user).newest_first().as_rows()
    )
    context = {
        "lines": [{"assistance": one, "create_url": create_url(one)} for one in assistances],
        "page": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "activities/log/assistance_given.html", context)


def create_url(assistance: Assistance) -> str:
    return f"{reverse('activity_create')}?{WANTED}={assistance.pk}"


def helped_mediator(request: SignedInRequest) -> Mediator | None:
    """For whom a helper enters, by the address of the page; None: the person does not ask for that."""
    wanted = request.GET.get(WANTED)
    if wanted is None:
        return None
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        raise Http404
    return get_object_or_404(given_today(request), pk=int(wanted)).mediator


def own_list(request: SignedInRequest, mediator: Mediator) -> dict[str, str]:
    """Where the entries for this mediator are that are in the person's hands."""
    if mediator.user_id == request.user.pk:
        return {"url": as_left(request, reverse("activity_list")), "label": "Meine Aktivitäten"}
    return {"url": reverse("assistance_given"), "label": "Im Auftrag erfassen"}
