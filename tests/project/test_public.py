"""Which pages need no sign-in, and what every answer carries."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from reports.models import InterimReport
from tests import factories
from tests.people import People

# Everything else leads to the sign-in. A new name here is a decision.
PUBLIC = {
    # for everybody
    "home",
    "county_page",
    "api_openapi",
    # the key is in the address or in the request itself
    "calendar_feed",
    "api_municipalities",
    "api_activities",
    "api_activity",
    "api_concerns",
    "api_concern",
    "api_totals",
    "help",
    "help_chapter",
    "easy_language",
    "sign_language",
    "accessibility_statement",
    "accessibility_statement_of",
    "privacy",
    "privacy_of",
    "imprint",
    "imprint_of",
    "barrier_report",
    "town_page",
    "concern_report",
    "concern_status",
    "concern_thanks",
    # a town for everybody: which there are, its dates, chosen photos, how to take part
    "town_choice",
    "take_part",
    "visiting_feed",
    "public_concern_photo",
    "concern_say_more",
    "concern_withdraw",
    "concern_answer",
    "concern_forget_address",
    # signed: for a council without accounts
    "account_email_answer",
    "council_page",
    "council_edition",
    # what is public because somebody said from when on
    "public_report_list",
    "public_report",
    "public_edition",
    "public_report_feed",
    # whoever holds a report in their hands
    "check",
    "check_code",
    # for everybody's programs: only what is public
    "oparl_system",
    "oparl_bodies",
    "oparl_body",
    "oparl_list",
    "oparl_organization",
    "oparl_meeting",
    "oparl_paper",
    "oparl_agenda_item",
    "oparl_consultation",
    "oparl_edition",
    "oparl_file",
    # no word about a person in them: browsers keep them for the time without a connection
    "offline",
    "service_worker",
    "manifest",
    # the way in and out
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_inactive",
    "account_signup",
    "account_logout",
    "account_demo_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
}


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def address(route: URLPattern) -> str:
    """Some address that leads to the view; nothing needs to be there."""
    samples = {
        "pk": 1,
        "slug": "leonberg",
        "key": "outlook",
        "provider_id": "verwaltung",
        "status_key": uuid.UUID(int=1),
        "code": "abcdefghjk",
        "year": 2022,
        "name": "fotos",
        "day": "2026-12-01",
    }
    samples |= {"signed": "x", "kind": "pdf", "period": "2021-10-01_2022-09-30"}
    if str(route.name).startswith("api_"):
        samples["key"] = "00000000-0000-4000-8000-000000000000"
    return reverse(str(route.name), kwargs={name: samples[name] for name in route.pattern.converters})


def test_every_view_says_whether_it_is_public() -> None:
    public = {route.name for route in routes() if not getattr(route.callback, "login_required", True)}
    assert public == PUBLIC


def test_every_route_has_a_name_of_its_own() -> None:
    names = [route.name for route in routes()]
    assert None not in names
    assert len(names) == len(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_everything_else_leads_to_the_sign_in(method: str) -> None:
    """Asked, not read: whatever the decorators say."""
    client = Client()
    for route in routes():
        if route.name in PUBLIC:
            continue
        answer = getattr(client, method)(address(route))
        assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (
            302,
            reverse("account_login"),
        ), route.name


# --- what every answer carries


def assert_guarded(answer: HttpResponse, where: str) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";") if part
    )
    assert policy["default-src"] == "'none'", where
    assert {policy[name] for name in ("script-src", "style-src", "font-src", "connect-src")} == {"'self'"}, (
        where
    )
    assert {policy[name] for name in ("base-uri", "frame-ancestors")} == {"'none'"}, where
    assert policy["form-action"] == "'self'", where
    assert not [value for value in policy.values() if "unsafe" in value or "*" in value or "http" in value], (
        where
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["Referrer-Policy"] == "same-origin", where
    assert answer.headers["X-Frame-Options"] == "DENY", where
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert set(answer.cookies) <= {"sessionid", "csrftoken"}, where
    for cookie in answer.cookies.values():
        assert cookie["httponly"], where
        assert cookie["samesite"] == "Lax", where


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("person", ["anonymous", "coordinator", "mediator"])
def test_every_answer_is_guarded(people: People, person: str) -> None:
    factories.make_activity(people.kiv, people.town)
    report: InterimReport = factories.make_report(people.town)
    statuses = set()
    client = people.client(person)
    for route in routes():
        if person != "anonymous" and "sessionid" not in client.cookies:
            client = people.client(person)  # the page before has ended the session
        if "pk" in route.pattern.converters:  # one that is there and one that is not
            addresses = {reverse(str(route.name), kwargs=_with(route, pk)) for pk in (report.pk, 999_999)}
        else:
            addresses = {address(route)}
        for one in sorted(addresses):
            for method in (client.get, client.post):
                answer = method(one)
                statuses.add(answer.status_code)
                assert_guarded(answer, f"{method.__name__} {one}")
    assert {200, 302, 405} <= statuses


def _with(route: URLPattern, pk: int) -> dict[str, object]:
    samples = {
        "slug": "leonberg",
        "key": "outlook",
        "provider_id": "verwaltung",
        "kind": "pdf",
        "pk": pk,
        "day": "x",
    }
    samples |= {"period": "2021-10-01_2022-09-30", "code": "abcdefghjk"}
    return {name: samples[name] for name in route.pattern.converters}


@login_not_required
def fails(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [*get_resolver("kiv_portal.urls").url_patterns, path("kaputt/", fails, name="fails")]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.expected_errors("Internal Server Error")
def test_error_pages_are_guarded(people: People) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    answers = {
        500: client.get("/kaputt/"),
        404: client.get("/gibt-es-nicht/"),
        403: client.post("/barriere-melden/", {"description": "ohne Formularzeichen"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert_guarded(answer, str(status))
