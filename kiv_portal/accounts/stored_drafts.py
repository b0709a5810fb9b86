"""Drafts lie in the browser (static/js/drafts). The portal tells it two things: which form of which page this is, and
which draft has been stored, so that it may go. Nothing of a draft comes here before its form is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.utils.html import format_html
from django.utils.safestring import SafeString

FIELD = "_draft"
STORED = "#gespeichert-"  # in the address, because it goes nowhere from there: no cookie, no session, no log
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def draft_marks(request: HttpRequest, form: BaseForm | None, path: str) -> SafeString:
    """Attributes for the browser: the form by its page (an address may be a secret, its checksum is none); and where
    the form gives back what was typed, which is the newest there is, the id of that draft, "" if it had none.
    """
    page = hashlib.sha256(f"{request.get_full_path()} {path}".encode()).hexdigest()[:16]
    sent = request.POST if request.method == "POST" else getattr(request, "restored_unsaved", None)
    if sent is None or not (form is None or form.is_bound):
        return format_html(' data-draft="{}"', page)
    return format_html(' data-draft="{}" data-draft-id="{}"', page, _id_in(sent))


def _id_in(sent: Any) -> str:
    found = sent.get(FIELD, "")
    return found if AN_ID.fullmatch(found) else ""


class StoredDraftMiddleware:
    """A view that has stored a form leads on to another page. Whoever says no does so with the form, or in words that
    tell of no success; a sign-in that is asked for is not the view's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "has_reached_view", False) and isinstance(response, HttpResponseRedirectBase):
            draft = _id_in(request.POST)
            if draft and not _is_refused(request):
                address, _, place = response.url.partition("#")
                response["Location"] = f"{address}{STORED}{draft}{place and f',{place}'}"
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        request.has_reached_view = request.method == "POST"  # type: ignore[attr-defined]


def _is_refused(request: HttpRequest) -> bool:
    new = getattr(get_messages(request), "_queued_messages", ())  # looking at them otherwise takes them away
    return any(message.level != messages.SUCCESS for message in new)
