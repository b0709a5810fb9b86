"""The browser may forget a draft once its form is stored, and not before."""

import re
from collections.abc import Callable

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from pytest_django import Settings

from kiv_portal.accounts.models import User
from tests.kiv_portal.accounts import urls as note_urls
from tests.kiv_portal.accounts.pages import hidden_value

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kiv_portal.accounts.test_stored_drafts")]
DRAFT = "0e2c1a52-6a3c-4d4c-9c39-0d8f5a3f1b11"
TYPED = {"title": "Begehung", "text": "Drei Stufen.", "_draft": DRAFT}


def refused(request: HttpRequest) -> HttpResponse:
    messages.error(request, "Jemand anderes war schneller.")
    return redirect("/start/#meldungen")


def needless(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Das ist nicht nötig.")
    return redirect("/start/")


def done(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Gespeichert.")
    return redirect("/start/?a=b#meldungen")


urlpatterns = [path("nein/", refused), path("unnoetig/", needless), path("ja/", done), *note_urls.urlpatterns]


def marks(page: HttpResponse) -> tuple[str, str | None]:
    """(page, id of the draft or None) as the tag says them."""
    found = re.search(r'data-draft="(\w{16})"(?: data-draft-id="([^"]*)")?', page.content.decode())
    assert found
    return found[1], found[2]


def test_what_is_stored_is_named_in_the_address(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert client.post("/notiz/", TYPED).url == f"/start/#gespeichert-{DRAFT}"
    assert client.post("/ja/", TYPED).url == f"/start/?a=b#gespeichert-{DRAFT},meldungen"
    assert client.post("/ja/", TYPED | {"_draft": ""}).url == "/start/?a=b#meldungen"


def test_what_was_refused_is_not(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert client.post("/nein/", TYPED).url == "/start/#meldungen"
    assert client.post("/unnoetig/", TYPED).url == "/start/"
    page = client.post("/notiz/", TYPED | {"text": ""})
    assert (page.status_code, marks(page)[1]) == (200, DRAFT)


@pytest.mark.parametrize("rubbish", ["x", '"><script>', f"{DRAFT}\r\nSet-Cookie: a=b", DRAFT.upper()])
def test_nothing_else_gets_into_address_or_page(client: Client, anna: User, rubbish: str) -> None:
    client.force_login(anna)
    assert client.post("/notiz/", TYPED | {"_draft": rubbish}).url == "/start/"
    assert marks(client.post("/notiz/", TYPED | {"text": "", "_draft": rubbish}))[1] == ""


def test_a_sign_in_that_is_asked_for_stores_nothing(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None], settings: Settings
) -> None:
    client.force_login(anna)
    page = client.get("/notiz/")
    typed = TYPED | {"_typed_by": hidden_value(page, "_typed_by")}
    client.session.flush()
    del client.cookies["sessionid"]
    assert "#" not in client.post("/notiz/", typed).url
    sign_in_by_code(anna)
    assert marks(client.get("/notiz/")) == (marks(page)[0], DRAFT)


def test_each_address_has_drafts_of_its_own_and_does_not_tell_itself(client: Client, anna: User) -> None:
    client.force_login(anna)
    one, other = (client.get(f"/notiz/?feld={field}") for field in ("wohnen", "arbeit"))
    assert marks(one)[0] != marks(other)[0]
    assert marks(one) == marks(client.get("/notiz/?feld=wohnen"))
    assert (marks(one)[1], "wohnen" in marks(one)[0]) == (None, False)
