"""What a signed-in person saw does not stay for the next one at a shared computer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse


class PrivatePagesMiddleware:
    """Pages of signed-in people are asked for anew each time, and signing out empties the browser's cache.

    Not `no-store`: with it browsers forget what was typed when somebody goes back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache"'
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
