"""A county's own OpenID Connect login, against a small provider that really answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from kiv_portal.accounts.models import User
from tests.kiv_portal.accounts.pages import text_of


class Provider(BaseHTTPRequestHandler):
    person: ClassVar[dict[str, Any]] = {}

    def answer(self, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path.startswith("/.well-known/"):
            ends = ("authorization", "token", "userinfo")
            self.answer(
                {"issuer": base, "jwks_uri": f"{base}/keys"} | {f"{e}_endpoint": f"{base}/{e}" for e in ends}
            )
        else:
            self.answer(Provider.person)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "t", "token_type": "Bearer"})

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def provider(settings: Settings) -> Iterator[type[Provider]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.OIDC_NAME, settings.OIDC_SERVER_URL = (
        "Anmeldung des Landratsamts",
        f"http://127.0.0.1:{server.server_port}",
    )
    app = {"provider_id": "verwaltung", "name": settings.OIDC_NAME, "client_id": "kiv", "secret": "geheim"}
    app["settings"] = {"server_url": settings.OIDC_SERVER_URL}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield Provider
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in(client: Client, **person: Any) -> Any:
    Provider.person = {"sub": "4711", "name": "Anna Arndt"} | person
    leave = client.post("/anmelden/verwaltung/verwaltung/", {"next": "/konto/"})
    query = parse_qs(urlsplit(leave.url).query)
    assert query["redirect_uri"] == ["http://testserver/anmelden/verwaltung/verwaltung/zurueck/"]
    return client.get(
        "/anmelden/verwaltung/verwaltung/zurueck/", {"code": "c", "state": query["state"][0]}, follow=True
    )


def test_an_invited_person_comes_in(client: Client, anna: User, provider: type[Provider]) -> None:
    assert "Über Anmeldung des Landratsamts anmelden" in text_of(client.get("/anmelden/"))
    response = sign_in(client, email="Anna@Leonberg.example", email_verified=True)
    assert response.redirect_chain[-1][0] == "/konto/"
    assert "Anmeldung Ihrer Verwaltung verbunden" in text_of(response)
    client.logout()
    response = sign_in(client, email="anna.neu@leonberg.example", email_verified=True)
    assert client.session["_auth_user_id"] == str(anna.pk), "connected by its number, not by the address"


@pytest.mark.parametrize(
    "person",
    [
        {"email": "fremd@leonberg.example", "email_verified": True},
        {"email": "anna@leonberg.example", "email_verified": False},
        {"email": "anna@leonberg.example"},
        {},
    ],
)
def test_nobody_else_comes_in(
    client: Client, anna: User, provider: type[Provider], person: dict[str, Any]
) -> None:
    response = sign_in(client, **person)
    assert "gibt es hier noch kein Konto" in text_of(response)
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1


def test_a_blocked_account_stays_outside(client: Client, anna: User, provider: type[Provider]) -> None:
    anna.is_active = False
    anna.save()
    response = sign_in(client, email=anna.email, email_verified=True)
    assert "gesperrt" in text_of(response)
    assert "_auth_user_id" not in client.session


def test_a_refusal_and_a_dead_provider_give_a_sentence(
    client: Client, provider: type[Provider], settings: Settings
) -> None:
    leave = client.post("/anmelden/verwaltung/verwaltung/")
    state = parse_qs(urlsplit(leave.url).query)["state"][0]
    back = {"error": "access_denied", "state": state}
    response = client.get("/anmelden/verwaltung/verwaltung/zurueck/", back, follow=True)
    assert "hat nicht geklappt" in text_of(response)
    assert (
        client.get("/anmelden/verwaltung/verwaltung/zurueck/", {"code": "c", "state": "falsch"}).status_code
        == 302
    )
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:1"
    )
    response = client.post("/anmelden/verwaltung/verwaltung/", follow=True)
    assert "hat nicht geklappt" in text_of(response)


def test_without_a_provider_there_is_no_such_door(client: Client, db: None) -> None:
    assert client.post("/anmelden/verwaltung/verwaltung/").status_code == 404
    assert client.get("/anmelden/verwaltung/verwaltung/zurueck/").status_code == 404
