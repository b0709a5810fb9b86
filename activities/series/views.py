"""A mediator's own series: made from an activity, answered on the start page with one tap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from activities.log.models import Activity
from activities.log.services import EntryRefused
from activities.log.views import NEW, get_activity, saved
from activities.series.forms import SeriesForm
from activities.series.models import ActivitySeries
from activities.series.queries import WaitingDay, waiting_day
from activities.series.services import settle, store_day
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.written.days import as_said
from mediators.people.views import get_own_mediator
from mediators.reach.dates import FAR, planned_days
from mediators.reach.words import day_in_words, rhythm_in_words


def series_list(request: SignedInRequest) -> HttpResponse:
    get_own_mediator(request)
    today = timezone.localdate()
    rows = [_line(series, today) for series in ActivitySeries.objects.visible_to(request.user)]
    rows.sort(key=lambda row: row["is_over"])
    return render(request, "activities/series/list.html", {"rows": rows})


def _line(series: ActivitySeries, today: dt.date) -> dict[str, Any]:
    following = next(planned_days(series, today, today + dt.timedelta(days=FAR)), None)
    return {
        "series": series,
        "rule": rhythm_in_words(series),
        "next": day_in_words(following) if following else "",
        "is_over": bool(series.ends_on and series.ends_on < today),
    }


def series_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """From an activity of one's own."""
    mediator = get_own_mediator(request)
    activity = get_activity(request, pk)
    if activity.mediator_id != mediator.pk:
        raise Http404
    series = ActivitySeries(
        mediator=mediator,
        municipality=activity.municipality,
        field_id=activity.field_id,
        kind=activity.kind,
        title=activity.title,
        place=activity.place,
        starts_at=activity.starts_at,
        minutes=activity.minutes,
        weekday=activity.day.isoweekday(),
    )
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return _form(request, series, {"starts_on": tomorrow}, activity)


def series_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    get_own_mediator(request)
    return _form(request, get_object_or_404(ActivitySeries.objects.visible_to(request.user), pk=pk), {}, None)


def _form(
    request: SignedInRequest, series: ActivitySeries, initial: dict[str, Any], activity: Activity | None
) -> HttpResponse:
    form = SeriesForm(request.POST or restore_unsaved(request), instance=series, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(
            request,
            f"Gespeichert: {series.title}, {rhythm_in_words(series)}. An jedem dieser Tage steht der Eintrag auf Ihrer "
            "Startseite bereit.",
        )
        return redirect("series_list")
    return render(request, "activities/series/form.html", {"form": form, "activity": activity})


@require_POST
def series_answer(request: SignedInRequest, pk: int, day: str) -> HttpResponse:
    """Ja or nein. A second press finds the day answered."""
    get_own_mediator(request)
    series = get_object_or_404(ActivitySeries.objects.visible_to(request.user), pk=pk)
    waiting = _waiting(request, series, day)
    if waiting is None:
        messages.info(request, f"Für diesen Tag ist nichts mehr offen: {series.title}.")
    elif request.POST.get("answer") == "no":
        settle(waiting, took_place=False)
        said = as_said(waiting.day, timezone.localdate())
        messages.success(request, f"Vermerkt: {series.title} fand {said} nicht statt.")
    else:
        return _stored(request, waiting)
    return redirect("start")


def _waiting(request: SignedInRequest, series: ActivitySeries, day: str) -> WaitingDay | None:
    try:
        return waiting_day(request.user, series.pk, dt.date.fromisoformat(day), timezone.localdate())
    except ValueError as error:
        raise Http404 from error


def _stored(request: SignedInRequest, waiting: WaitingDay) -> HttpResponse:
    try:
        entry = store_day(waiting)
    except EntryRefused as refused:
        messages.warning(request, str(refused))
        query = urlencode({"reihe": str(waiting.series.pk), "tag": waiting.day.isoformat()})
        return redirect(f"{reverse('activity_create')}?{query}")
    messages.success(request, saved(NEW, entry))
    return redirect("start")
