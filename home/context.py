from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from home.handbook.places import help_for
from home.roles import request_roles
from home.website_problem import problem_url
from home.work_list.requests import request_work
from kiv_portal.accounts.demo import demo_users
from municipalities.roles import town_roles


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page of the portal shows around its content."""
    return {
        "navigation": _navigation(request),
        "website_problem_url": problem_url(request.path),
        "has_demo_data": _has_demo_data(request),
        "help_url": help_for(match.url_name or "" if (match := request.resolver_match) else ""),
        "has_colleagues": hasattr(request, "user") and request_roles(request).is_staff,
        "can_work_offline": hasattr(request, "user") and request_roles(request).is_mediator,
    }


def _has_demo_data(request: HttpRequest) -> bool:
    if hasattr(request, "user") and request.user.is_authenticated:
        return request_roles(request).is_among_demo_people
    return demo_users().exists()


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return _marked(request, [("Orte", reverse("town_choice")), ("Mitmachen", reverse("take_part"))])
    roles = request_roles(request)
    entries = [("Start", reverse("start"))]
    if roles.is_mediator:
        entries.append(("Meine Aktivitäten", reverse("activity_list")))
    if roles.is_helper:
        entries.append(("Im Auftrag erfassen", reverse("assistance_given")))
    if roles.is_staff:
        entries.append(("Aktivitäten", reverse("all_activity_list")))
    if roles.works_on_reports:
        entries.append(("Anliegen", reverse("concern_list")))
    if roles.works_on_reports or roles.is_councillor:
        entries.append(("Berichte", reverse("report_list")))
    if roles.is_staff:
        key = min(town_roles(request.user).counties)
        entries.append(("Zahlen", reverse("county_figures", args=[key])))
    if roles.is_mediator:
        entries.append(("Assistenz", reverse("assistance_list")))
    marked = _marked(request, entries)
    marked[0]["number"] = lambda: len(request_work(request))  # asked by pages that show the navigation only
    return marked


def _marked(request: HttpRequest, entries: list[tuple[str, str]]) -> list[dict[str, Any]]:
    current = max((url for _, url in entries if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "is_current": url == current, "number": 0} for label, url in entries]
