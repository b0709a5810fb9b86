"""The addresses that the frame of every page points to; nothing behind them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


NAMES = (
    "home",
    "start",
    "account_login",
    "account_logout",
    "account_overview",
    "help",
    "barrier_report",
    "easy_language",
    "sign_language",
    "accessibility_statement",
    "privacy",
    "imprint",
    "check",
    "take_part",
)
urlpatterns = [path(f"{name}/", nothing, name=name) for name in NAMES]
