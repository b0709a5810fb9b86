from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.concerns.queries import concern_totals, done_within
from activities.figures.totals import breakdown
from activities.models import ActivityQuerySet, ActivityResult
from home.figures.queries import Figures
from home.figures.texts import figures_context
from home.year import queries
from home.year.texts import came_of_it, travel_in_words
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.documents import german
from mediators.roles import mediator_roles


@require_GET
def own_year(request: SignedInRequest, year: int | None = None) -> HttpResponse:
    """Nobody else's: a helper sees the single entries that the helper has made, and the county has pages of its own."""
    if not mediator_roles(request.user).own:
        raise PermissionDenied
    today = timezone.localdate()
    if year is not None and not queries.EARLIEST <= year <= today.year:
        raise Http404
    own = queries.own_activities(request.user)
    years = queries.years_with_entries(own)
    shown = year or next(iter(years), today.year)
    context: dict[str, Any] = {"year": shown, "years": list(years)}
    if worked_in := years.get(shown):
        context |= {"towns": german.enumeration(worked_in.towns)}
        context |= _year(request, own, shown, today, sorted(worked_in.counties))
    return render(request, "home/year/year.html", context)


def _year(
    request: SignedInRequest, own: ActivityQuerySet, year: int, today: dt.date, counties: list[str]
) -> dict[str, Any]:
    period = queries.calendar_year(year, today)
    activities = own.between(period.start, period.end)
    concerns = queries.own_concerns(request.user)
    parts = breakdown(activities, *counties)
    # not compared with the year before: this page thanks
    figures = Figures(
        period=period,
        parts=parts,
        concerns=concern_totals(concerns, period.start, period.end),
        before=None,
        towns_before={},
        before_is_a_year_ago=True,
        is_running=False,
    )
    numbers = figures_context(figures, is_inside=True, names_places=False)
    concerns_done = list(done_within(concerns, period.start, period.end))
    outcomes = queries.outcomes_of(parts, len(concerns_done))
    activities_done = queries.done_activities(activities)
    photos = queries.newest_photos(activities)
    return numbers | {
        "fields": [row for row in numbers["fields"] if row["row"].activities],
        "travel": travel_in_words(parts.totals().travel_minutes),
        "came_of_it": list(came_of_it(outcomes)),
        "concerns_done": concerns_done,
        "activities_done": activities_done,
        "more_done": outcomes.activities.get(ActivityResult.DONE, 0) - len(activities_done),
        "photos": photos[: queries.MOST_PHOTOS],
        "has_more_photos": len(photos) > queries.MOST_PHOTOS,
    }
