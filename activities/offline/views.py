"""What the portal needs to work without a connection: manifest, service worker, the page that is kept in the browser,
and the two addresses its scripts talk to.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from html import unescape
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.decorators.http import require_GET, require_POST

from activities.attachments.services import EntryLocked, add_activity_photo
from activities.log.forms import ActivityForm
from activities.log.models import Activity
from activities.log.queries import earlier_entries
from activities.offline.forms import OfflineEntryForm, SentPhotoForm
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.privacy.forms import CHECKED, DECIDE, DECIDE_ENTRY
from kiv_portal.ui.modules import imports_of
from kiv_portal.uploads.photo import PhotoRefused
from mediators.models import Mediator
from mediators.people.views import get_own_mediator
from municipalities.programme.queries import Codes, programme_of_towns

RECENT = 20
# The files that the kept page needs, and every other page has anyway; with them all that its scripts import.
KEPT_FILES = (
    "build/portal.css",
    "build/fonts/FiraSans-Regular.woff2",
    "build/fonts/FiraSans-SemiBold.woff2",
    "img/favicon.svg",
    "img/logo.svg",
)
KEPT_SCRIPTS = ("js/portal.js", "js/drafts/pages.js", "js/offline/page.js")
# The main navigation as every mediator has it (home/context.py, which stands above this app): the kept page cannot ask.
NAVIGATION = {
    "Start": "start",
    "Meine Aktivitäten": "activity_list",
    "Anliegen": "concern_list",
    "Berichte": "report_list",
    "Assistenz": "assistance_list",
}


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone or computer shows when the portal is installed."""
    icons = [("img/app-192.png", 192, "any"), ("img/app-512.png", 512, "any")]
    icons.append(("img/app-maskable-512.png", 512, "maskable"))
    content = {
        "id": "/start/",
        "name": "KIV-Portal: Kommunale Inklusionsvermittlung",
        "short_name": "KIV-Portal",
        "description": "Aktivitäten erfassen, auch ohne Verbindung.",
        "lang": "de",
        "dir": "ltr",
        "start_url": reverse("start"),
        "scope": "/",
        "display": "standalone",
        "theme_color": "#0b5563",
        "background_color": "#ffffff",
        "icons": [
            {"src": static(file), "type": "image/png", "sizes": f"{size}x{size}", "purpose": purpose}
            for file, size, purpose in icons
        ],
        "shortcuts": [{"name": "Aktivität erfassen", "url": reverse("activity_create")}],
    }
    response = JsonResponse(
        content, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json"
    )
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """A few lines that change with every file they name, so a new version of the portal is noticed; asked for anew
    each time. The work is in static/js/offline/worker.js.
    """
    shell = reverse("offline")
    revision = hashlib.sha256(_shell().encode()).hexdigest()[:16]
    kept: list[dict[str, str | None]] = [{"url": shell, "revision": revision}]
    kept += [{"url": static(file), "revision": None} for file in kept_files()]
    pages = [shell, *map(reverse, (*NAVIGATION.values(), "activity_create", "home"))]
    settings = json.dumps({"shell": shell, "pages": pages, "kept": kept}, indent=1)
    scripts = ", ".join(json.dumps(static(file)) for file in ("build/workbox.js", "js/offline/worker.js"))
    response = HttpResponse(
        f"self.PORTAL = {settings};\nimportScripts({scripts});\n", content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    return response


def kept_files() -> list[str]:
    modules = [name for script in KEPT_SCRIPTS for name in (script, *imports_of(script))]
    return [*KEPT_FILES, *dict.fromkeys(modules)]


@login_not_required
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody, because browsers keep them; scripts fill in what belongs to a person."""
    response = HttpResponse(_shell())
    response["Cache-Control"] = "no-cache"
    return response


def _shell() -> str:
    """Made without the request, so nothing of a person can get in."""
    navigation = [
        {"label": label, "url": reverse(name), "is_current": False, "number": 0}
        for label, name in NAVIGATION.items()
    ]
    return render_to_string(
        "activities/offline/page.html", {"form": OfflineEntryForm(), "navigation": navigation}
    )


@require_GET
def offline_data(request: SignedInRequest) -> JsonResponse:
    """What the browser keeps for this account, and a fresh token to send with."""
    mediator = get_own_mediator(request)
    own = Activity.objects.visible_to(request.user).filter(mediator=mediator)
    recent = own.newest_first().values("title", "day", "minutes")[:RECENT]
    earlier = earlier_entries(mediator)
    towns = list(mediator.towns())
    programme = programme_of_towns(towns)
    content = {
        "account": request.user.pk,
        "name": str(request.user),
        "csrf_token": get_token(request),
        "towns": [{"id": town.pk, "name": str(town), "county": town.county_id} for town in towns],
        "fields": _offered(programme.fields),
        "kinds": _offered(programme.kinds),
        "titles": earlier.titles,
        "last": {"field": earlier.field, "kind": earlier.kind},
        "recent": [row | {"day": f"{row['day']:%d.%m.%Y}"} for row in recent],
    }
    response = JsonResponse(content)
    response["Cache-Control"] = "no-store"
    return response


def _offered(codes: Codes) -> list[dict[str, str]]:
    return [{"county": row.county, "code": row.code, "name": row.name} for row in codes.rows]


@require_POST
def activity_send(request: SignedInRequest) -> JsonResponse:
    """One entry from the queue of a browser; sent twice it is stored once.

    200: stored (also: stored before). 409: it belongs to another account. 422: {"errors": {field: [sentences]}}; what
    the privacy guard asks stands in "questions", what to send as its answer in "seen".
    """
    mediator = get_own_mediator(request)
    if request.POST.get("account") != str(request.user.pk):
        return JsonResponse({"error": "other_account"}, status=409)
    try:
        with transaction.atomic():
            activity = _store(request, mediator)
    except ValidationError as refused:
        answer = {
            "errors": _as_text(refused),
            "questions": getattr(refused, "questions", []),
            "seen": getattr(refused, "seen", ""),
        }
        return JsonResponse(answer, status=422)
    return JsonResponse({"activity": activity.pk})


def _store(request: SignedInRequest, mediator: Mediator) -> Activity:
    """The entry with its photo. Raises ValidationError with the sentences of each field."""
    # two tries of one entry at one moment: the second one waits, and finds what the first has stored
    Mediator.objects.select_for_update(no_key=True).get(pk=mediator.pk)
    stored = _stored_before(mediator, request.POST.get("entry_key", ""))
    if stored and not request.POST.get("is_changed_since_sending"):
        return stored
    data = request.POST.copy()
    if stored:  # changed in the queue after a try that did arrive: the last word of the same person
        data["seen"] = stored.updated_at.isoformat()
    form = ActivityForm(data, instance=stored, mediator=mediator)
    if stored:
        form.ask_only(data)  # what was added on the website meanwhile is not the queue's to empty
    is_as_stored = stored and not form.changed_data  # opened in the queue and left as it was
    if not is_as_stored and not form.store():
        raise _refusal(form)
    _store_photo(request, form.instance)
    return form.instance


class Refused(ValidationError):
    """`seen` names the places that the privacy guard asks about: sent back as privacy_checked, it is the answer."""

    seen = ""
    questions: list[dict[str, Any]]


def _refusal(form: ActivityForm) -> Refused:
    errors: dict[str, Any] = dict(form.errors.as_data())
    if form.asks_privacy:
        errors[CHECKED] = [ValidationError(DECIDE if form.asks_about_texts else DECIDE_ENTRY)]
    refusal = Refused(errors)
    refusal.seen = form.privacy_seen
    refusal.questions = [question.as_json() for question in form.questions]
    return refusal


def _as_text(refusal: ValidationError) -> dict[str, list[str]]:
    return {
        name: [unescape(strip_tags(sentence)) for sentence in sentences]
        for name, sentences in refusal.message_dict.items()
    }


def _stored_before(mediator: Mediator, entry_key: str) -> Activity | None:
    """The activity of this key: its answer was lost on the way, so the browser sends it again."""
    try:
        key = uuid.UUID(entry_key)
    except ValueError:
        return None
    return Activity.objects.filter(mediator=mediator, entry_key=key).first()


def _store_photo(request: SignedInRequest, activity: Activity) -> None:
    if "photo" not in request.FILES:
        return
    form = SentPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    try:
        add_activity_photo(
            activity,
            form.cleaned_data["photo"].read(),
            alt_text=form.cleaned_data["photo_alt"],
            is_decorative=form.cleaned_data["photo_decorative"],
            by=request.user,
            entry_key=form.cleaned_data["photo_key"],
        )
    except (PhotoRefused, EntryLocked) as refused:
        raise ValidationError({"photo": str(refused)}) from refused
