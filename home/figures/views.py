from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from home.figures.forms import PeriodForm
from home.figures.queries import agreements_of, figures_of, offered_periods, towns_with_figures_for
from home.figures.texts import figures_context, town_rows
from home.queries import current_period, report_periods
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.periods import Period
from municipalities.models import CooperationAgreement, County, Municipality


@require_GET
def town_figures(request: SignedInRequest, slug: str) -> HttpResponse:
    """Neighbours see periods of finished reports only, without small numbers: two periods that differ by a day would
    tell one person.
    """
    town = get_object_or_404(towns_with_figures_for(request.user), slug=slug)
    this_town = Municipality.objects.filter(pk=town.pk)
    agreements, reported = agreements_of(this_town), report_periods(this_town)
    if town.is_inside:
        context = _period_context(request, reported, agreements)
    else:
        context = _neighbours_period(request, reported)
    if context["period"]:
        figures = figures_of(
            this_town, context["period"], agreements, county=town.county_id, today=timezone.localdate()
        )
        context |= figures_context(figures, is_inside=town.is_inside, names_places=town.is_inside)
    context |= {"town": town, "is_inside": town.is_inside, "can_open_town": town.can_open}
    return render(request, "home/figures/town_figures.html", context)


@require_GET
def county_figures(request: SignedInRequest, key: str) -> HttpResponse:
    county = get_object_or_404(County.objects.visible_to(request.user), key=key)
    towns = Municipality.objects.filter(county=county)
    agreements = agreements_of(towns)
    context = _period_context(request, report_periods(towns), agreements)
    figures = figures_of(towns, context["period"], agreements, county=county.key, today=timezone.localdate())
    context |= figures_context(figures, is_inside=True, names_places=False)
    names = {agreement.municipality_id: agreement.municipality for agreement in agreements}
    context |= {
        "county": county,
        "towns": town_rows(figures, names.values()),
        "query": _query(context["period"]),
    }
    return render(request, "home/figures/county_figures.html", context)


# --- which period


def _period_context(
    request: SignedInRequest, reported: Mapping[Period, int], agreements: list[CooperationAgreement]
) -> dict[str, Any]:
    today = timezone.localdate()
    is_asked = bool(request.GET.keys() & {"von", "bis"})
    form = PeriodForm(request.GET if is_asked else None)
    period = current_period(reported, today)
    if is_asked and form.is_valid():
        period = Period(form.cleaned_data["von"], form.cleaned_data["bis"])
    if not is_asked:
        form = PeriodForm(initial={"von": period.start, "bis": period.end})
    return {"form": form, "period": period} | _links(offered_periods(reported, agreements, today), period)


def _neighbours_period(request: SignedInRequest, reported: Iterable[Period]) -> dict[str, Any]:
    today = timezone.localdate()
    over = [(f"{p.start:%d.%m.%Y} bis {p.end:%d.%m.%Y}", p) for p in reported if p.end < today]
    wanted = (request.GET.get("von"), request.GET.get("bis"))
    newest = over[0][1] if over else None
    period = next((p for _, p in over if (p.start.isoformat(), p.end.isoformat()) == wanted), newest)
    return {"form": None, "period": period} | _links(over, period)


def _links(offered: Iterable[tuple[str, Period]], shown: Period | None) -> dict[str, Any]:
    links = [
        {
            "label": label,
            "query": f"?{_query(period)}",
            "is_current": period == shown,
        }
        for label, period in offered
    ]
    return {"periods": links}


def _query(period: Period) -> str:
    return f"von={period.start.isoformat()}&bis={period.end.isoformat()}"
