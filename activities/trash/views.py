"""The Papierkorb: what one has deleted or may bring back, and the two ways out of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities.trash import services
from activities.trash.models import KEPT_DAYS, TrashItem, TrashItemQuerySet, in_reach_of
from activities.trash.queries import minutes_of, obstacles, words_of
from activities.trash.undo import said
from kiv_portal.accounts.requests import SignedInRequest

PAGE_SIZE = 25


def _items(request: SignedInRequest) -> TrashItemQuerySet:
    return TrashItem.objects.visible_to(request.user).kept_on(timezone.localdate())


@require_GET
def trash_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("activities.use_trash"):
        raise PermissionDenied
    items = _items(request).select_related("municipality", "mediator__user", "deleted_by")
    page = Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    against = obstacles(shown)
    context = {
        "page": page,
        "kept_days": KEPT_DAYS,
        "lines": [
            {
                "item": item,
                "words": words_of(item),
                "minutes": minutes_of(item),
                "obstacle": against.get(item.pk),
            }
            for item in shown
        ],
    }
    return render(request, "activities/trash/list.html", context)


@require_POST
def trash_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _items(request).filter(pk=pk).first()
    if item is None:
        return _too_late(request, pk)
    try:
        services.restore(item, as_late="nachtrag" in request.POST)
    except services.AlreadyGone:
        return _too_late(request, pk)
    except services.NotRestorable as refused:
        messages.error(request, str(refused))
        return redirect("trash_list")
    messages.success(request, f"Zurückgeholt: {said(item)}")
    return redirect(item)


def trash_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """The one deletion that asks first: what goes here is gone."""
    if request.method == "POST":
        return _delete(request, pk)
    item = get_object_or_404(_items(request), pk=pk)
    context = {"said": said(item), "is_attached": item.is_attached}
    return render(request, "activities/trash/delete.html", context)


def _delete(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _items(request).filter(pk=pk).first()
    if item is None:
        return _too_late(request, pk)
    try:
        services.delete_for_good(item)
    except services.AlreadyGone:
        return _too_late(request, pk)
    messages.success(request, f"Endgültig gelöscht: {said(item)}")
    return redirect("trash_list")


def _too_late(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second press, or another window: whoever could have done it before hears so, for all others it never was."""
    was_there: Any = TrashItem.pgh_event_model  # type: ignore[attr-defined]  # made by pghistory
    item = was_there.objects.filter(in_reach_of(request.user), pgh_obj_id=pk, pgh_label="delete").first()
    if item is None:
        raise Http404
    messages.info(
        request, "Das liegt nicht mehr im Papierkorb: Es ist schon zurückgeholt oder endgültig gelöscht."
    )
    return redirect("trash_list")
