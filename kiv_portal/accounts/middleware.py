from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from kiv_portal.accounts.second_factor import is_proven_in_session
from kiv_portal.accounts.unsaved import forget_unsaved, keep_unsaved, owner_of

SESSION_ENDED_TEXT_KEPT = (
    "Ihre Anmeldung ist abgelaufen. Ihr Text ist nicht verloren: "
    "Melden Sie sich bitte an, dann ist er wieder da."
)
SESSION_ENDED = "Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich noch einmal an."


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says otherwise; what was typed meanwhile is kept."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        if request.method == "POST" and request.user.is_authenticated:
            forget_unsaved(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:  # type: ignore[override]
        login_url = self.get_login_url(view_func)
        if request.headers.get("HX-Request") == "true":
            # A part of a page: the whole page must go to the sign-in, not the part.
            page = _own_path(request, request.headers.get("HX-Current-URL", ""))
            return HttpResponse(headers={"HX-Redirect": redirect_to_login(page, login_url).url})
        if _is_asked_by_script(request):
            return JsonResponse({"error": "signed_out"}, status=401)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        owner = keep_unsaved(request)
        if owner:
            messages.info(request, SESSION_ENDED_TEXT_KEPT)
            return redirect_to_login(owner.path, login_url)
        if owner_of(request):
            return render(request, "accounts/text_not_kept.html", status=401)
        messages.info(request, SESSION_ENDED)
        return redirect_to_login(_own_path(request, request.headers.get("Referer", "")), login_url)


class SecondFactorMiddleware:
    """County staff see everything of a county: before any business page they prove a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or _is_open_before_second_factor(request, view_func):
            return None
        if is_proven_in_session(request) or not request.user.needs_second_factor:
            return None
        if _is_asked_by_script(request):
            return JsonResponse({"error": "signed_out"}, status=401)
        return redirect("account_second_factor")


def _is_asked_by_script(request: HttpRequest) -> bool:
    """A script wants data; a page that explains the sign-in would be no answer to it."""
    return request.headers.get("Accept") == "application/json"


def _is_open_before_second_factor(request: HttpRequest, view_func: Callable[..., Any]) -> bool:
    """Public pages, and the pages of one's own account (marked by their names)."""
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    return not getattr(view_func, "login_required", True) or name.startswith(
        ("account_", "mfa_", "usersessions_")
    )


def _own_path(request: HttpRequest, address: str) -> str:
    """The page of this portal behind an address from a header; the start page if it is somebody else's."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
