"""The message after a deletion: what is gone, and the way back in one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from activities.trash.models import TrashItem, TrashKind
from kiv_portal.written.days import as_said

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from kiv_portal.accounts.requests import SignedInRequest


def tell_deleted(request: HttpRequest, item: TrashItem | None) -> None:
    """None: somebody was faster, in another window perhaps."""
    if item is None:
        messages.success(request, "Das ist schon gelöscht.")
        return
    undo = press("Rückgängig", reverse("trash_restore", args=[item.pk]))
    bin_link = format_html('<a href="{}">Papierkorb</a>', reverse("trash_list"))
    messages.success(request, format_html("Gelöscht: {}. {} · {}", said(item), undo, bin_link))


def told_already(
    request: SignedInRequest, kind: TrashKind, pk: int, back: Callable[[TrashItem], str]
) -> HttpResponse | None:
    """For who presses "Löschen" in a second window: it lies in the bin already. Nobody else hears of it."""
    items = TrashItem.objects.visible_to(request.user).kept_on(timezone.localdate())
    item = items.filter(kind=kind, object_pk=pk).first()
    if item is None:
        return None
    tell_deleted(request, item)
    return redirect(back(item))


def press(label: str, address: str) -> SafeString:
    """A button within a message: templates/base.html has the form that it sends."""
    return format_html(
        '<button class="link-button" type="submit" form="sofort" formaction="{}">{}</button>', address, label
    )


def said(item: TrashItem) -> str:
    if item.kind == TrashKind.ACTIVITY:
        return f"{item.title}, {as_said(item.day, timezone.localdate())}"
    if item.kind == TrashKind.CONCERN:
        return item.title
    word = "Dokument" if item.kind == TrashKind.ACTIVITY_DOCUMENT else "Foto"
    return word if item.title == word else f"{word} „{item.title}“"
