"""The log on paper: what a list shows, all of it on one page, by month where it is in the order of days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date as as_date
from django.utils import timezone
from django.views.decorators.http import require_GET

from activities.figures.totals import totals_of_list
from activities.log.models import ActivityResult
from activities.search.keyset import ordered
from activities.search.views import MOST_PRINTED, named_log, same_filter, with_query
from kiv_portal.accounts.requests import SignedInRequest

TOO_MANY = (
    f"Zum Drucken sind das zu viele Aktivitäten: höchstens {MOST_PRINTED}. Bitte wählen Sie weniger Tage."
)
RESULTS = dict(ActivityResult.choices)
TEXTS = ("place", "description", "starts_at", "result", "result_note")


@require_GET
def activity_print(request: SignedInRequest) -> HttpResponse:
    """What makes no sense, or is too much, leads back to the list, where it is said."""
    log = named_log(request)
    form = log.filter_form(request.GET)
    if not form.is_valid():
        return redirect(with_query(log.url, same_filter(request)))
    chosen = form.apply(log.activities)
    order = form.order_of_files
    rows = [_in_words(row) for row in ordered(chosen.as_rows(*TEXTS), order)[: MOST_PRINTED + 1]]
    if len(rows) > MOST_PRINTED:
        messages.error(request, TOO_MANY)
        return redirect(with_query(log.url, form.query()))
    context = {
        "log": log,
        "back_url": with_query(log.url, form.query()),
        "filters": form.in_full(),
        "totals": totals_of_list(chosen),
        "parts": _by_month(rows) if order.column == "day" else [("", rows)],
        "today": timezone.localdate(),
    }
    return render(request, "activities/search/print.html", context)


def _in_words(row: Any) -> Any:
    return SimpleNamespace(**row._asdict(), outcome=RESULTS[row.result] if row.result else "")


def _by_month(rows: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    months = groupby(rows, key=lambda row: row.day.replace(day=1))
    return [(as_date(month, "F Y"), list(found)) for month, found in months]
