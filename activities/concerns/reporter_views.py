"""The own page of who reported a concern. No account: whoever knows the link may read it, and say something."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities.concerns import reporter_services as services
from activities.concerns.models import Concern, ConcernState
from activities.concerns.queries import asked_step
from activities.concerns.reporter_forms import AnswerForm, SayMoreForm, WithdrawForm
from activities.concerns.services import ConcernRefused
from activities.concerns.timeline import timeline_for_reporter
from kiv_portal.uploads.kept import UploadKeeper
from kiv_portal.uploads.photo import PhotoRefused

FLOOD = (
    "Von Ihrem Anschluss oder zu dieser Meldung ist gerade schon viel gekommen. "
    "Bitte versuchen Sie es in einer Stunde noch einmal. Ihre Eingaben stehen noch hier."
)
# what the page says after something was done: no message of the session, which would be a cookie for anybody
DONE = {
    "ergaenzt": "Danke. Ihre Ergänzung ist bei uns angekommen.",
    "zurueckgezogen": "Sie haben Ihre Meldung zurückgezogen.",
    "geantwortet": "Danke für Ihre Rückmeldung.",
    "adresse": "Ihre E-Mail-Adresse ist gelöscht. Sie bekommen keine E-Mails mehr.",
}


def get_concern(status_key: uuid.UUID) -> Concern:
    concerns = Concern.objects.select_related("municipality", "office")
    return get_object_or_404(concerns, status_key=status_key)


@login_not_required
@require_GET
def concern_thanks(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    concern = get_concern(status_key)
    return _page(request, concern, "thanks", has_sent_photo=_has_sent_photo(concern))


@login_not_required
@require_GET
def concern_status(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    concern, today = get_concern(status_key), timezone.localdate()
    return _page(
        request,
        concern,
        "status",
        has_sent_photo=_has_sent_photo(concern),
        events=timeline_for_reporter(concern),
        is_overdue=concern.is_overdue_on(today),
        reply_due_on=concern.reply_due_on,
        is_reply_late=concern.waits_for_reply_on(today),
        done=DONE.get(request.GET.get("getan", ""), ""),
        form=AnswerForm() if asked_step(concern) else None,
        can_say_more=concern.state != ConcernState.WITHDRAWN,
        can_withdraw=not concern.is_closed,
    )


@login_not_required
def concern_say_more(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    concern = get_concern(status_key)
    form = SayMoreForm(request.POST or None, request.FILES or None, keeper=UploadKeeper(request))
    if request.method == "POST":
        if _within_limits(request, concern, form) and _said(form, concern):
            return _back(concern, "ergaenzt")
        form.keep_files()
    return _page(request, concern, "say_more", form=form)


def _said(form: SayMoreForm, concern: Concern) -> bool:
    try:
        services.say_more(concern, **form.said)
    except PhotoRefused as refused:
        form.add_error("photo", str(refused))
    except ConcernRefused as refused:
        form.add_error(None, str(refused))
    return not form.errors


@login_not_required
def concern_withdraw(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    concern = get_concern(status_key)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if concern.state == ConcernState.WITHDRAWN:
        return _back(concern, "zurueckgezogen")
    if request.method == "POST" and _within_limits(request, concern, form):
        try:
            services.withdraw(concern, reason=form.cleaned_data["reason"])
        except ConcernRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _back(concern, "zurueckgezogen")
    return _page(request, concern, "withdraw", form=form)


@login_not_required
def concern_answer(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    concern = get_concern(status_key)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and _within_limits(request, concern, form):
        try:
            services.answer(concern, **form.cleaned_data)
        except ConcernRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _back(concern, "geantwortet")
    if not form.is_bound and not asked_step(concern):
        return _back(concern)
    return _page(request, concern, "answer", form=form)


@login_not_required
@require_POST
def concern_forget_address(request: HttpRequest, status_key: uuid.UUID) -> HttpResponse:
    """Without a limit: it may be asked for as often as anybody likes and changes nothing the second time."""
    concern = get_concern(status_key)
    services.forget_address(concern)
    return _back(concern, "adresse")


def _within_limits(request: HttpRequest, concern: Concern, form: Form) -> bool:
    """Only what is right is counted, as with the public form."""
    if form.is_valid() and not ratelimit.consume(
        request, action="concern_by_link", key=str(concern.status_key)
    ):
        form.add_error(None, FLOOD)
    return form.is_valid()


def _has_sent_photo(concern: Concern) -> bool:
    return concern.photos.filter(added_by=None).exists()


def _back(concern: Concern, done: str = "") -> HttpResponse:
    page = reverse("concern_status", args=[concern.status_key])
    return redirect(f"{page}?getan={done}" if done else page)


def _page(request: HttpRequest, concern: Concern, name: str, **context: Any) -> HttpResponse:
    """For whoever knows the link. No name of anybody and no search engine. The portal's referrer policy sees to it that
    the address goes to no other site. A stricter one would hide from the portal, too, where a form comes from.
    """
    response = render(request, f"activities/concerns/{name}.html", {"concern": concern} | context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
