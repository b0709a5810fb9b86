"""Typed text outlives the session.

A form rendered for a signed-in person carries a signed field that names this person and the page. If the form
arrives after the session has ended (or with an outdated form token), its fields wait in the new session and
come back on the same page once the same person has signed in. Nothing is saved till then, and nobody else
sees the text.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, QueryDict

OWNER_FIELD = "_typed_by"
SESSION_KEY = "unsaved_input"
SALT = "kiv_portal.accounts.unsaved"
SIGNATURE_SECONDS = 14 * 24 * 3600
KEEP_SECONDS = 24 * 3600
MAX_CHARACTERS = 200_000
MAX_PAGES = 5
SECRET_WORDS = ("password", "passwort", "csrf", "credential", OWNER_FIELD)

TEXT_IS_BACK = "Ihr Text ist noch da. Bitte speichern Sie ihn jetzt."
FILES_ARE_GONE = "Dateien wählen Sie bitte noch einmal aus."


class Owner(NamedTuple):
    user_pk: int
    path: str


def sign_owner(request: HttpRequest, path: str = "") -> str:
    """The value of the hidden field; `path` is the page that shows the form, by default the current one."""
    return signing.dumps([request.user.pk, path or request.get_full_path()], salt=SALT, compress=True)


def owner_of(request: HttpRequest) -> Owner | None:
    """Who typed the posted form and where, or None if the form does not prove it."""
    try:
        user_pk, path = signing.loads(request.POST.get(OWNER_FIELD, ""), salt=SALT, max_age=SIGNATURE_SECONDS)
    except signing.BadSignature:
        return None
    return Owner(user_pk, path)


def keep_unsaved(request: HttpRequest) -> Owner | None:
    """Put the posted fields aside. None if it names no owner, another owner, or is too long to keep."""
    owner = owner_of(request)
    if owner is None or (request.user.is_authenticated and request.user.pk != owner.user_pk):
        return None
    fields = {
        name: values
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
    }
    if sum(len(value) for values in fields.values() for value in values) > MAX_CHARACTERS:
        return None
    pages = _fresh(request.session.get(SESSION_KEY, {}))
    pages.pop(owner.path, None)
    pages[owner.path] = {
        "user_pk": owner.user_pk,
        "fields": fields,
        "had_files": bool(request.FILES),
        "at": int(time.time()),
    }
    request.session[SESSION_KEY] = dict(list(pages.items())[-MAX_PAGES:])
    if not request.user.is_authenticated:
        request.session.set_expiry(KEEP_SECONDS)  # who never comes back leaves nothing behind
    return owner


def restore_unsaved(request: HttpRequest) -> QueryDict | None:
    """What the signed-in person typed on this page before the session ended, for a GET; otherwise None.

    The text stays until the form is posted again, so that reloading the page does not lose it.
    """
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    pages = request.session.get(SESSION_KEY, {})
    fresh = _fresh(pages)
    if len(fresh) < len(pages):
        request.session[SESSION_KEY] = fresh
    entry = fresh.get(request.get_full_path())
    if entry is None or entry["user_pk"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in entry["fields"].items():
        data.setlist(name, values)
    data._mutable = False
    request.restored_unsaved = data  # type: ignore[attr-defined]  # the tag that keeps drafts asks for it
    messages.info(request, f"{TEXT_IS_BACK} {FILES_ARE_GONE}" if entry["had_files"] else TEXT_IS_BACK)
    return data


def forget_unsaved(request: HttpRequest) -> None:
    """The form has arrived: its text is in the hands of the view now."""
    pages = request.session.get(SESSION_KEY)
    owner = owner_of(request) if pages else None
    if pages and owner and pages.pop(owner.path, None):
        request.session.modified = True


def keep_only_text_of(request: HttpRequest, user_pk: int) -> None:
    """Called at sign-in: what somebody else typed in this browser is dropped."""
    if SESSION_KEY in request.session:
        pages = _fresh(request.session[SESSION_KEY])
        request.session[SESSION_KEY] = {
            path: entry for path, entry in pages.items() if entry["user_pk"] == user_pk
        }
        request.session.set_expiry(None)  # from now on it lives as long as any other


def _fresh(pages: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    return {path: entry for path, entry in pages.items() if now - entry["at"] <= KEEP_SECONDS}
