"""Concerns for those who work on them: list, board, one concern, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Count, DateField, F, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities.attachments.sections import photo_section
from activities.concerns import mails as concern_mails
from activities.concerns import services
from activities.concerns.forms import (
    ConcernFilterForm,
    ConcernForm,
    ConcernPublishForm,
    ConcernStepForm,
    move_label,
)
from activities.concerns.models import Concern, ConcernQuerySet, ConcernState
from activities.concerns.office_services import next_reminder_on, why_not_to_remind
from activities.concerns.reporter_models import ReporterMessage, Said
from activities.concerns.reporter_services import remove_text
from activities.concerns.timeline import timeline_for_people
from activities.log.models import Activity
from activities.search.excerpts import excerpt, places
from activities.search.suggestions import suggestions
from activities.trash.models import TrashKind
from activities.trash.undo import tell_deleted, told_already
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from mediators.models import Appointment, Mediator, towns_of
from mediators.roles import mediator_roles
from municipalities.models import Municipality, MunicipalityQuerySet

PAGE_SIZE = 25
CARDS_A_COLUMN = 12
LINKED = 20


def get_towns(request: SignedInRequest) -> MunicipalityQuerySet:
    """Towns whose concerns the person works on today."""
    return Municipality.objects.filter(pk__in=towns_of(request.user))


def get_towns_or_deny(request: SignedInRequest) -> list[Municipality]:
    """None for a mediator whose appointment has ended; 403 for people who never had to do with concerns."""
    towns = list(get_towns(request))
    if not towns and not request.user.has_perm("activities.add_activity"):
        raise PermissionDenied
    return towns


def get_concern(request: SignedInRequest, pk: int, *, perm: str = "", lock: bool = False) -> Concern:
    """Not visible: 404. Visible, but not allowed: 403."""
    concerns = Concern.objects.visible_to(request.user).select_related(
        "municipality", "field", "office", "taken_over_by__user", "reported_by"
    )
    if lock:
        concerns = concerns.select_for_update(of=("self",))
    concern = get_object_or_404(concerns, pk=pk)
    if perm and not request.user.has_perm(f"activities.{perm}_concern", concern):
        raise PermissionDenied
    return concern


@require_GET
def concern_list(request: SignedInRequest) -> HttpResponse:
    towns = get_towns_or_deny(request)
    filter_form = ConcernFilterForm(request.GET, towns=towns)
    chosen = filter_form.apply(Concern.objects.filter(municipality__in=towns))
    if filter_form.search:
        chosen = chosen.best_first(whole=filter_form.search.whole, any_word=filter_form.search.any_word)
    rows = chosen.select_related("municipality", "field", "office").defer("description")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    _mark_overdue(page.object_list)
    if filter_form.search:
        _add_excerpts(page.object_list)
    context = {
        "suggestions": _suggestions(filter_form, towns, hits=page.paginator.count),
        "filter_form": filter_form,
        "is_filtering": filter_form.is_filtering,
        "page": page,
        "can_add": bool(towns),
        "shows_town": len(towns) > 1,
    }
    return render(request, "activities/concerns/list.html", context)


def _add_excerpts(concerns: Any) -> None:
    """Where the title alone does not show why it was found."""
    for concern in concerns:
        concern.excerpt = "" if places(concern.marked_title) else excerpt(concern.texts, concern.marked_texts)


def _suggestions(form: ConcernFilterForm, towns: list[Municipality], *, hits: int) -> list[dict[str, str]]:
    if not form.search:
        return []
    rows = form.apply_without_search(Concern.objects.filter(municipality__in=towns))
    found = suggestions(form.cleaned_data["q"], rows, ConcernQuerySet.mentioning, hits=hits)
    return [{"words": text, "url": f"?{form.query(q=text)}"} for text in found]


def _mark_overdue(concerns: Any) -> None:
    today = timezone.localdate()
    for concern in concerns:
        concern.is_overdue = concern.is_overdue_on(today)
        concern.is_reply_late = concern.waits_for_reply_on(today)


@require_GET
def concern_board(request: SignedInRequest) -> HttpResponse:
    towns = get_towns_or_deny(request)
    filter_form = ConcernFilterForm(request.GET, towns=towns, with_state=False)
    chosen = filter_form.apply(Concern.objects.filter(municipality__in=towns))
    counts = dict(chosen.order_by().values_list("state").annotate(n=Count("*")))
    cards = _first_of_each_state(chosen)
    _mark_overdue(cards)
    columns = [_column(request, state, cards, counts.get(state, 0)) for state in ConcernState]
    context = {
        "filter_form": filter_form,
        "is_filtering": filter_form.is_filtering,
        "groups": [
            {"title": "Offen", "key": "offen", "columns": columns[: len(ConcernState.open)]},
            {"title": "Abgeschlossen", "key": "abgeschlossen", "columns": columns[len(ConcernState.open) :]},
        ],
        "can_add": bool(towns),
        "shows_town": len(towns) > 1,
        "has_concerns": bool(counts),
        "suggestions": _suggestions(filter_form, towns, hits=sum(counts.values())),
    }
    return render(request, "activities/concerns/board.html", context)


def _first_of_each_state(concerns: Any) -> list[Concern]:
    """The newest of every column, of what is promised the most urgent, in one query."""
    due = Case(When(state=ConcernState.PROMISED, then="promised_until"), output_field=DateField())
    urgent_first = (due.asc(nulls_last=True), F("reported_on").desc(), F("pk").desc())
    place = Window(RowNumber(), partition_by=[F("state")], order_by=urgent_first)
    rows = concerns.annotate(place_in_column=place).filter(place_in_column__lte=CARDS_A_COLUMN)
    return list(rows.select_related("municipality", "office").defer("description").order_by(*urgent_first))


def _column(
    request: SignedInRequest, state: ConcernState, cards: list[Concern], number: int
) -> dict[str, Any]:
    query = {name: value for name, value in request.GET.items() if name in ("q", "field", "town")}
    own = [card for card in cards if card.state == state]
    return {
        "state": state,
        "label": state.label,
        "number": number,
        "cards": [{"concern": card, "moves": _moves(card)} for card in own],
        "more": number - len(own),
        "more_url": f"{reverse('concern_list')}?{urlencode({'state': state.value} | query)}",
    }


def _moves(concern: Concern) -> list[dict[str, str]]:
    """The button twins of moving a card: each leads to the form of that step."""
    return [
        {"label": move_label(concern.state, state), "url": _step_url(concern, state)}
        for state in concern.next_states
    ]


def _step_url(concern: Concern, state: str) -> str:
    return f"{reverse('concern_step', args=[concern.pk])}?stand={state}"


@require_GET
def concern_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk)
    today = timezone.localdate()
    can_act = request.user.has_perm("activities.take_step_concern", concern)
    cares_now = Appointment.objects.in_force_on(today).filter(
        mediator=concern.taken_over_by_id, municipality=concern.municipality_id
    )
    free = not concern.is_closed and not (concern.taken_over_by_id and cares_now.exists())
    activities = Activity.objects.visible_to(request.user).filter(concern=concern)
    is_worked_on = concern.state not in ConcernState.not_worked_on
    reminders = list(concern.reminders.select_related("office", "sent_by", "mail"))
    context = {
        "concern": concern,
        "events": timeline_for_people(concern, concern.steps.select_related("taken_by"), reminders),
        "reminders": reminders,
        "mails": concern_mails.to_reporter(concern),
        "can_remind": can_act and not why_not_to_remind(concern, today),
        "next_reminder_on": next_reminder_on(concern),
        "is_reply_late": concern.waits_for_reply_on(today),
        "answer": concern.messages.filter(kind__in=Said.answers).last(),
        "activities": activities.select_related("mediator__user").newest_first()[:LINKED],
        "photo_section": photo_section(concern, can_change=can_act),
        "is_overdue": concern.is_overdue_on(today),
        "forgets_on": _forgets_on(concern),
        "can_act": can_act,
        "may_add_activity": not concern.is_closed
        and concern.municipality_id in mediator_roles(request.user).appointed,
        "can_take_over": free and request.user.has_perm("activities.take_over_concern", concern),
        "moves": _moves(concern) if can_act else [],
        "answer_url": _step_url(concern, concern.state) if can_act and is_worked_on else "",
        "can_publish": can_act and is_worked_on,
        "lacks_sentence": can_act and concern.is_public and concern.is_closed and not concern.public_sentence,
        "can_unpublish": can_act and concern.is_public,
        "can_delete": can_act and Concern.objects.filter(pk=pk).not_worked_on().exists(),
    }
    return render(request, "activities/concerns/detail.html", context)


def _forgets_on(concern: Concern) -> dt.date | None:
    """The day after which the nightly task deletes the address of who reported it."""
    if not (concern.contact_email and concern.closed_at):
        return None
    return timezone.localdate(services.months_after(concern.closed_at, services.MONTHS_OF_AN_ADDRESS))


def concern_create(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("activities.add_concern"):
        raise PermissionDenied
    form = ConcernForm(
        request.POST or restore_unsaved(request),
        towns=get_towns(request),
        initial={"reported_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        concern = services.report_concern(form.concern(), by=request.user)
        messages.success(request, f"Gespeichert: {concern.title}")
        return redirect("concern_detail", pk=concern.pk)
    return render(request, "activities/concerns/form.html", {"form": form, "concern": None})


@transaction.atomic
def concern_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk, perm="change", lock=request.method == "POST")
    title = concern.title  # as it is stored: the form puts what is typed into the concern
    form = ConcernForm(
        request.POST or restore_unsaved(request), instance=concern, towns=[concern.municipality]
    )
    if request.method == "POST" and form.is_valid():
        form.save_changes()
        messages.success(request, f"Geändert: {concern.title}")
        return redirect("concern_detail", pk=pk)
    context = {"form": form, "concern": concern, "stored_title": title}
    return render(request, "activities/concerns/form.html", context)


@require_POST
def concern_take_over(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk, perm="take_over")
    try:
        services.take_over(concern, by=Mediator.objects.select_related("user").get(user=request.user))
    except services.ConcernRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"Sie kümmern sich jetzt um dieses Anliegen. {_wanted_description(concern)}".strip()
        )
    return redirect("concern_detail", pk=pk)


def _wanted_description(concern: Concern) -> str:
    has_undescribed = any(not photo.is_described for photo in concern.photos.all())
    return "Bitte beschreiben Sie noch das Foto, das dazugekommen ist." if has_undescribed else ""


def concern_step(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk, perm="take_step")
    form = ConcernStepForm(
        request.POST or restore_unsaved(request),
        concern=concern,
        initial={"state": request.GET.get("stand")},
    )
    if request.method == "POST" and form.is_valid() and _step_taken(form, concern, request):
        messages.success(request, f"Eingetragen. Der Stand ist jetzt: {concern.get_state_display()}.")
        return redirect("concern_detail", pk=pk)
    return render(request, "activities/concerns/step.html", {"form": form, "concern": concern})


def _step_taken(form: ConcernStepForm, concern: Concern, request: SignedInRequest) -> bool:
    taken = form.cleaned_data.copy()
    is_for_all = taken.pop("for_all", False)
    try:
        step = services.take_step(concern, by=request.user, **taken | {"seen": form.seen_state})
    except services.ConcernRefused as refusal:
        form.show_new_state(concern)
        form.add_error(None, str(refusal))
        return False
    if is_for_all:
        services.tell_all(concern, step)
    return True


def concern_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    concern = get_concern(request, pk, perm="publish")
    was_public = concern.is_public
    form = ConcernPublishForm(request.POST or restore_unsaved(request), instance=concern)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish(concern, **form.said)
        except services.ConcernRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "Das Anliegen ist jetzt öffentlich." if not was_public else "Gespeichert."
            )
        return redirect("concern_detail", pk=pk)
    context = {"concern": concern, "form": form, "was_public": was_public}
    return render(request, "activities/concerns/publish.html", context)


@require_POST
def concern_unpublish(request: SignedInRequest, pk: int) -> HttpResponse:
    services.unpublish(get_concern(request, pk, perm="publish"))
    messages.success(request, "Das Anliegen ist nicht mehr öffentlich.")
    return redirect("concern_detail", pk=pk)


def reporter_text_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked before: it does not come back."""
    message = get_object_or_404(ReporterMessage.objects.visible_to(request.user), pk=pk)
    concern = get_concern(request, message.concern_id, perm="change")
    if request.method == "POST":
        remove_text(message, timezone.now())
        messages.success(request, "Der Text ist entfernt.")
        return redirect("concern_detail", pk=concern.pk)
    context = {"concern": concern, "message": message}
    return render(request, "activities/concerns/remove_text.html", context)


@require_POST
def concern_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    if told := told_already(request, TrashKind.CONCERN, pk, lambda item: reverse("concern_list")):
        return told
    concern = get_concern(request, pk, perm="delete")
    try:
        item = services.delete_spam(concern, by=request.user)
    except services.ConcernRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("concern_detail", pk=pk)
    tell_deleted(request, item)
    return redirect("concern_list")
