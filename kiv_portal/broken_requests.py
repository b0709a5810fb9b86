"""What no browser sends is refused or left out before anything reads it."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.http import parse_header_parameters
from django.views.defaults import bad_request

Sent = TypeVar("Sent", bound=QueryDict)
REFUSED = "text/plain; charset=x-refused"


def with_known_encoding(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Django decodes with whatever encoding a header names, and that may be none for text ("hex"). It does so while it
    builds the request, too early for a middleware.
    """

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            known = _is_utf8(parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1])
        except (LookupError, ValueError):  # a parameter in an encoding of its own
            known = False
        if not known:
            environ["CONTENT_TYPE"] = REFUSED
        return application(environ, start_response)

    return guarded


class BrokenRequestsMiddleware:
    """Forms come in UTF-8, and the key of a session is letters and digits; PostgreSQL takes no null."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_utf8(request.content_params or {}):
            return bad_request(request, BadRequest("The request is not in UTF-8."))
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if session and not (session.isascii() and session.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """What is typed arrives composed: a search would not find "u" and two dots where "ü" is stored.

        A view that reads uploads in its own way has its token checked later, and nothing is read for it before.
        """
        request.GET = composed(request.GET)
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = composed(request.POST)


def composed(sent: Sent) -> Sent:
    """Unicode NFC of all names and values but passwords, which are nobody's to change."""
    if all(
        unicodedata.is_normalized("NFC", text) for name, values in sent.lists() for text in (name, *values)
    ):
        return sent
    found = QueryDict(mutable=True)
    for name, values in sent.lists():
        is_secret = "password" in name
        found.setlist(
            unicodedata.normalize("NFC", name),
            [value if is_secret else unicodedata.normalize("NFC", value) for value in values],
        )
    found._mutable = False
    return cast("Sent", found)


def _is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")
