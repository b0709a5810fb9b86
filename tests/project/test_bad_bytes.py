"""What no browser sends: unreadable signs, broken cookies, other encodings, bottomless JSON. Never a 500."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from home.models import PortalBarrier
from kiv_portal.accounts.adapter import AccountAdapter
from kiv_portal.accounts.forms import PASSKEY_FAILED
from kiv_portal.broken_requests import composed, with_known_encoding
from kiv_portal.ui.fields import UNREADABLE
from reports.models import ReportSection
from tests import factories
from tests.live import LivePortal
from tests.people import People

STEERING = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\n", "\t", "\u202e"]
# (page, person): the lines of text that it asks for
LINES = {
    ("agreement_create", "coordinator"): {"reference"},
    ("agreement_edit", "coordinator"): {"reference"},
    ("contact_invite", "coordinator"): {"full_name", "function"},
    ("contact_edit", "coordinator"): {"function"},
    ("councillor_invite", "coordinator"): {"full_name"},
    ("appointment_create", "coordinator"): {"full_name"},
    ("staff_invite", "coordinator"): {"full_name"},
    ("activity_create", "mediator"): {"title", "place", "result_note", "photo_alt"},
    ("activity_edit", "mediator"): {"title", "place", "result_note"},
    ("report_paper", "contact"): {"paper_number", "author"},
    ("consultation_create", "contact"): {"committee", "item_number"},
    ("barrier_report", "anonymous"): {"page"},
    ("mfa_add_webauthn", "contact"): {"name"},
}


@pytest.fixture
def addresses(people: People) -> dict[str, str]:
    town = {"slug": people.town.slug}
    report = factories.make_report(people.town)
    kwargs: dict[str, dict[str, object]] = {
        "agreement_create": town,
        "agreement_edit": {"pk": people.town.agreements.get().pk},
        "contact_invite": town,
        "contact_edit": {"pk": people.contact.contact_roles.get().pk},
        "councillor_invite": town,
        "appointment_create": town,
        "staff_invite": {"key": "08115"},
        "activity_edit": {"pk": factories.make_activity(people.kiv, people.town).pk},
        "report_paper": {"pk": report.pk},
        "consultation_create": {"pk": report.pk},
    }
    return {name: reverse(name, kwargs=kwargs.get(name)) for name, _ in LINES}


def lines_of(form: forms.BaseForm) -> Iterator[str]:
    for field in form:
        if type(field.field) is forms.CharField and field.kind == "input":
            yield field.name


@pytest.mark.parametrize(("page", "person"), list(LINES), ids=lambda value: value)
def test_unreadable_signs_get_a_sentence_at_their_line(
    people: People, addresses: dict[str, str], page: str, person: str
) -> None:
    client = people.client(person)
    form = client.get(addresses[page]).context["form"]
    assert set(lines_of(form)) == LINES[page, person]
    for sign in STEERING:
        entry = {form.add_prefix(name): f"Müller{sign}Maier" for name in LINES[page, person]}
        answer = client.post(addresses[page], entry)
        assert answer.status_code == 200
        wrong = answer.context["form"].errors
        expected = {name: [UNREADABLE] for name in LINES[page, person]}
        assert {name: wrong.get(name) for name in expected} == expected, repr(sign)
        assert UNREADABLE in answer.content.decode()


def test_null_is_refused_in_long_texts_too(people: People, addresses: dict[str, str]) -> None:
    pages = {
        "activity_create": ("mediator", "description"),
        "barrier_report": ("anonymous", "description"),
    }
    for page, (person, name) in pages.items():
        entry = {name: "Ein Text\x00 mit Null", "version": "0"}
        assert people.client(person).post(addresses[page], entry).context["form"].errors[name] == [UNREADABLE]


def test_the_texts_of_a_report_leave_out_what_is_no_text(people: People, addresses: dict[str, str]) -> None:
    address = addresses["report_paper"].replace("vorlage", "texte/outlook")
    for number, sign in enumerate(STEERING):
        typed = f"Müller{sign}Maier {number}"
        answer = people.client("contact").post(address, {"text": typed, "version": str(number)})
        between = {"\x85": "\n", "\n": "\n", "\t": " "}.get(sign, "")
        stored = ReportSection.objects.get().text
        assert (answer.status_code, stored) == (302, f"Müller{between}Maier {number}"), repr(sign)


def test_null_in_every_other_field_is_a_sentence(people: People, addresses: dict[str, str]) -> None:
    for page, person in LINES:
        client = people.client(person)
        form = client.get(addresses[page]).context["form"]
        entry = {form.add_prefix(name): "1\x00" for name in form.fields}
        answer = client.post(addresses[page], entry)
        assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True), page
    assert Activity.objects.count() == 1
    for name, field in (
        ("account_login", "login"),
        ("account_request_login_code", "email"),
        ("account_change_password", "password1"),
    ):
        person = "contact" if name == "account_change_password" else "anonymous"
        assert people.client(person).post(reverse(name), {field: "a\x00@b.example"}).status_code == 200


# --- the session cookie


@pytest.mark.parametrize(
    "value", ["\x00", "abc\x00defghijkl", "\udcff" * 9, "Ä" * 32, "' OR 1=1 --", "x" * 4000]
)
def test_a_broken_session_cookie_is_no_session(people: People, value: str) -> None:
    for name, status in (("home", 200), ("start", 302), ("account_login", 200)):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = value.encode("utf-8", "surrogatepass").decode(
            "latin-1"
        )
        assert client.get(reverse(name)).status_code == status


def test_a_good_session_cookie_stays(people: People) -> None:
    assert people.client("mediator").get(reverse("start")).status_code == 200


# --- the encoding of a form


def server() -> Client:
    """Django's own client begins behind the guard of the web server's interface; this one goes through it."""
    client = Client()
    answer = client.handler
    guarded = with_known_encoding(lambda environ, _: answer(environ))
    client.handler = lambda environ: guarded(environ, None)
    return client


ENCODINGS = ["utf-16", "latin-1", "hex", "zlib", "undefined", "idna", "unicode_escape", "no-such", '"']


@pytest.mark.parametrize("parameter", [*(f"charset={name}" for name in ENCODINGS), "charset*=no-such''utf-8"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_in_another_encoding_is_refused(people: People, kind: str, parameter: str) -> None:
    body = ("description=Der+Knopf" if "url" in kind else MULTIPART).encode("utf-16")
    for answer in (
        server().generic("POST", reverse("barrier_report"), body, f"{kind}; {parameter}"),
        server().generic("GET", "/?page=%FF", body, f"{kind}; {parameter}"),
    ):
        assert answer.status_code == 400
        assert "Diese Anfrage haben wir nicht verstanden" in answer.content.decode()
    assert PortalBarrier.objects.count() == 0


MULTIPART = (
    '--x\r\nContent-Disposition: form-data; name="description"\r\n\r\nDer Knopf ist stumm.\r\n--x--\r\n'
)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_a_form_in_utf8_arrives(people: People, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert server().generic("POST", reverse("barrier_report"), MULTIPART.encode(), kind).status_code == 302
    assert PortalBarrier.objects.get().description == "Der Knopf ist stumm."


def test_the_web_server_refuses_it_too(live_portal: LivePortal) -> None:
    request = Request(f"{live_portal.url}/?page=1", headers={"Content-Type": "text/plain; charset=hex"})
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    refused.value.close()
    assert refused.value.code == 400


def test_bytes_that_are_no_utf8_are_no_crash(people: People) -> None:
    kind = "application/x-www-form-urlencoded"
    for body in (b"description=\xff\xfe", b"\xff=1", b"description=%ED%A0%80", b"description=%C3%28"):
        assert Client().post(reverse("barrier_report"), body, content_type=kind).status_code in (200, 302)


# --- the answer of a passkey


def bombs() -> dict[str, str]:
    text = base64.urlsafe_b64encode(b"\x00" * 40).decode().rstrip("=")
    answer = {
        "id": text,
        "rawId": text,
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": text,
            "authenticatorData": text,
            "signature": text,
            "userHandle": text,
            "attestationObject": text,
        },
    }
    return {
        "deep list": "[" * 200_000,
        "deep object": '{"a":' * 100_000 + "1" + "}" * 100_000,
        "closed": "[" * 50_000 + "]" * 50_000,
        "just below the limit": "[" * 900 + "]" * 900,
        "endless number": "9" * 10_000,
        "half a sign": '"\\ud800"',
        "null": '{"id": "\\u0000", "response": {"userHandle": "\\u0000"}}',
        "zeros": json.dumps(answer),
        "deep inside": json.dumps(answer).replace('"public-key"', "[" * 900 + "]" * 900),
        "not a number": '{"id": NaN, "response": Infinity}',
    }


@pytest.mark.parametrize("bomb", bombs().values(), ids=list(bombs()))
def test_a_bomb_in_place_of_a_passkey_is_only_wrong(people: People, bomb: str) -> None:
    cache.clear()
    anonymous = people.client("anonymous")
    anonymous.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = anonymous.post(reverse("mfa_login_webauthn"), {"credential": bomb}, follow=True)
    assert answer.redirect_chain == [(reverse("account_login"), 302)]

    client = people.client("contact")
    client.get(reverse("mfa_add_webauthn"))
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "Laptop", "credential": bomb})
    assert answer.status_code == 200
    [sentence] = answer.context["form"].errors.values()
    assert sentence in ([PASSKEY_FAILED], [AccountAdapter.error_messages["incorrect_code"]])
    assert sentence[0] in answer.content.decode()
    assert not Authenticator.objects.exists()


# --- letters come composed


@pytest.mark.django_db
def test_what_is_typed_is_stored_and_searched_composed(people: People) -> None:
    """A phone may send "u" and two dots: what is stored, and what is looked for, has "ü"."""
    factories.make_field("bildung")
    factories.make_kind()
    client, decomposed = people.client("mediator"), unicodedata.normalize("NFD", "Bürgerhäuser")
    sent = {"title": decomposed, "day": "heute", "minutes": "90", "field": "bildung", "kind": "begehung"}
    assert client.post("/aktivitaeten/neu/", sent).status_code == 302
    assert Activity.objects.get().title == "Bürgerhäuser"
    for query in (decomposed, "Bürgerhäuser"):
        assert "Bürgerhäuser" in client.get("/aktivitaeten/", {"q": query}).content.decode()


def test_a_password_is_nobodys_to_change() -> None:
    secret = unicodedata.normalize("NFD", "Schlüssel")
    sent = QueryDict(mutable=True)
    sent.setlist("password", [secret])
    sent.setlist("title", [secret, "ä"])
    found = composed(sent)
    assert (found.getlist("password"), found.getlist("title")) == ([secret], ["Schlüssel", "ä"])
    with pytest.raises(AttributeError):
        found["title"] = "x"
