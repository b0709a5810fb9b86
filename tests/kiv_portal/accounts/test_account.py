import datetime as dt
import json
import re
from collections.abc import Callable
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from kiv_portal.accounts.models import User
from kiv_portal.accounts.services import change_email, invite, own_data, repeat_invitation
from kiv_portal.accounts.templatetags.accounts import browser_name
from kiv_portal.mails import writing
from tests.kiv_portal.accounts.pages import text_of
from tests.live import ROOT
from tests.post import outbox, server_away

NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PASSWORD = "korrekt pferd batterie"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_overview_says_who_and_how(client: Client, anna: User) -> None:
    client.force_login(anna)
    page = text_of(client.get("/konto/"))
    for words in (
        "Anna Arndt",
        "anna@leonberg.example",
        "Passkey einrichten",
        "Passwort festlegen",
        "Geräte ansehen",
    ):
        assert words in page


def test_a_first_password(client: Client, anna: User, sign_in_by_code: Callable[[User], None]) -> None:
    sign_in_by_code(anna)
    assert "Ihr jetziges Passwort" not in text_of(client.get("/konto/passwort/"))
    response = client.post("/konto/passwort/", {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/konto/", 302)]
    assert "Ihr Passwort ist festgelegt." in text_of(response)
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)
    assert "Passwort festgelegt" in outbox[-1].body


def test_a_new_password_needs_the_old_one(client: Client, anna: User) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    client.force_login(anna)
    new = {"password1": "neues pferd am stall", "password2": "neues pferd am stall"}
    assert "Das ist nicht Ihr jetziges Passwort." in text_of(
        client.post("/konto/passwort/", new | {"oldpassword": "x"})
    )
    assert client.post("/konto/passwort/", new | {"oldpassword": PASSWORD}).url == "/konto/"
    assert client.get("/konto/").status_code == 200, "the own session goes on"


def test_a_forgotten_password_is_replaced_after_a_code(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None]
) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    sign_in_by_code(anna)
    client.post(
        "/konto/passwort/", {"password1": "neues pferd am stall", "password2": "neues pferd am stall"}
    )
    anna.refresh_from_db()
    assert anna.check_password("neues pferd am stall")


def test_weak_and_unequal_passwords_are_explained(client: Client, anna: User) -> None:
    client.force_login(anna)
    page = text_of(client.post("/konto/passwort/", {"password1": "kurz", "password2": "kurz"}))
    assert "mindestens 12 Zeichen" in page
    page = text_of(client.post("/konto/passwort/", {"password1": PASSWORD, "password2": PASSWORD + "!"}))
    assert "nicht gleich" in page


def test_other_devices_can_be_signed_out(anna: User, code_from_mail: Callable[[], str]) -> None:
    here, there = Client(headers={"User-Agent": FIREFOX}), Client(headers={"User-Agent": FIREFOX})
    for client in (here, there):
        client.post("/anmelden/code-anfordern/", {"email": anna.email})
        client.post("/anmelden/code/", {"code": code_from_mail()})
    page = text_of(here.get("/konto/geraete/"))
    assert "auf 2 Geräten" in page
    assert "Firefox auf Linux dieses Gerät" in page
    response = here.post("/konto/geraete/", follow=True)
    assert "Alle anderen Geräte sind abgemeldet." in text_of(response)
    assert there.get("/konto/").status_code == 302
    assert here.get("/konto/").status_code == 200


def test_own_data_as_a_file(client: Client, anna: User, sign_in_by_code: Callable[[User], None]) -> None:
    sign_in_by_code(anna)
    response = client.get("/konto/daten/")
    data = json.loads(response.content)
    assert data["Konto"]["E-Mail-Adresse"] == anna.email
    assert [device["Internetadresse"] for device in data["Angemeldete Geräte"]] == ["127.0.0.1"]
    assert anna.password not in response.content.decode()


def test_own_data_is_all_of_the_account_the_oldest_first(anna: User, bernd: User) -> None:
    anna.invited_at = NOON - HOUR
    anna.set_password(PASSWORD)
    anna.save()
    for user, kind, created in (
        (anna, Authenticator.Type.RECOVERY_CODES, NOON),
        (anna, Authenticator.Type.TOTP, NOON - HOUR),
        (bernd, Authenticator.Type.TOTP, NOON),
    ):
        Authenticator.objects.create(user=user, type=kind, data={}, created_at=created, last_used_at=NOON)
    for user, ip, created in (
        (anna, "10.0.0.2", NOON),
        (anna, "10.0.0.1", NOON - HOUR),
        (bernd, "::1", NOON),
    ):
        UserSession.objects.create(
            user=user, session_key=ip, ip=ip, user_agent=FIREFOX, created_at=created, last_seen_at=NOON
        )
    for user, subject, created in (
        (anna, "Noch eine", NOON),
        (anna, "Einladung", NOON - HOUR),
        (bernd, "Für Bernd", NOON),
    ):
        mail = writing.mail("x", subject, "y", to=user.email, person=user)
        mail.created_at = created
        writing.post(mail)
    assert own_data(anna) == {
        "Konto": {
            "Name": "Anna Arndt",
            "E-Mail-Adresse": "anna@leonberg.example",
            "angelegt": anna.date_joined,
            "eingeladen": NOON - HOUR,
            "zuletzt angemeldet": None,
            "Passwort vorhanden": True,
        },
        "Anmeldung in zwei Schritten": [
            {"Art": "TOTP Authenticator", "eingerichtet": NOON - HOUR, "zuletzt benutzt": NOON},
            {"Art": "Wiederherstellungs-Codes", "eingerichtet": NOON, "zuletzt benutzt": NOON},
        ],
        "Wechsel der E-Mail-Adresse": [],
        "E-Mails an Sie": [
            {"Betreff": "Einladung", "geschrieben": NOON - HOUR, "Stand": "Wird verschickt"},
            {"Betreff": "Noch eine", "geschrieben": NOON, "Stand": "Wird verschickt"},
        ],
        "Was andere am Konto geändert haben": [],
        "Angemeldete Geräte": [
            {"seit": NOON - HOUR, "Internetadresse": "10.0.0.1", "Browser": FIREFOX},
            {"seit": NOON, "Internetadresse": "10.0.0.2", "Browser": FIREFOX},
        ],
    }


def test_invitation(
    client: Client,
    bernd: User,
    code_from_mail: Callable[[], str],
    django_capture_on_commit_callbacks: Callable,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        user = invite(
            " Neu@Leonberg.example",
            "Nele Neumann",
            by=bernd,
            role_sentence="Sie erfassen hier Ihre Aktivitäten.",
        )
    user.refresh_from_db()
    assert (user.email, user.invited_by, user.has_usable_password()) == ("neu@leonberg.example", bernd, False)
    assert user.invited_at
    message = outbox[-1]
    assert message.to == ["neu@leonberg.example"]
    assert message.subject == "Einladung in das KIV-Portal"
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    greeting, who = message.body.split("\n")[0:3:2]
    assert greeting == "Guten Tag Nele Neumann,"
    assert who.startswith("Bernd Braun lädt Sie in das KIV-Portal ein.")
    assert who.endswith("Sie erfassen hier Ihre Aktivitäten.")
    assert f"1. Öffnen Sie diese Seite: {settings.BASE_URL}/anmelden/\n" in message.body
    assert "Ihre E-Mail-Adresse ein: neu@leonberg.example\n" in message.body
    assert message.body.rstrip().endswith(f"Ihr KIV-Portal\n{settings.BASE_URL}")
    client.post("/anmelden/code-anfordern/", {"email": user.email})
    client.post("/anmelden/code/", {"code": code_from_mail()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_inviting_twice_keeps_one_account(
    anna: User, bernd: User, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert invite("ANNA@leonberg.example", "Anders", by=bernd) == anna
    anna.refresh_from_db()
    assert anna.full_name == "Anna Arndt"
    assert len(outbox) == 1


def test_inviting_again_sends_again_and_changes_nothing_else(
    client: Client,
    anna: User,
    bernd: User,
    sign_in_by_code: Callable[[User], None],
    django_capture_on_commit_callbacks: Callable,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        user = invite("neu@leonberg.example", "Nele Neumann", by=bernd)
    first = user.invited_at
    with django_capture_on_commit_callbacks(execute=True):
        invite("neu@leonberg.example", "Nora Neu", by=anna)
    user.refresh_from_db()
    assert [message.to for message in outbox] == [["neu@leonberg.example"]] * 2
    assert (user.full_name, user.invited_by) == ("Nele Neumann", bernd)
    assert first is not None
    assert user.invited_at > first
    assert user.is_invitation_pending
    sign_in_by_code(user)
    user.refresh_from_db()
    assert not user.is_invitation_pending


def test_an_invitation_waits_for_the_mail_server(bernd: User) -> None:
    user = invite("neu@leonberg.example", "Nele Neumann", by=bernd)
    with server_away():
        assert outbox == []
    assert not repeat_invitation(user, by=bernd), "the first one has not left, a second would be one too many"
    assert [message.to for message in outbox] == [[user.email]]
    assert repeat_invitation(user, by=bernd)
    assert len(outbox) == 2


def test_an_invitation_is_stored_with_the_person_or_not_at_all(bernd: User) -> None:
    with transaction.atomic():
        invite("neu@leonberg.example", "Nele Neumann", by=bernd)
        transaction.set_rollback(True)
    assert (User.objects.count(), outbox) == (1, [])


def test_the_old_address_opens_nothing(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None]
) -> None:
    sign_in_by_code(anna)
    change_email(anna, "Anna.Arndt@leonberg.example")
    client.logout()
    client.post("/anmelden/code-anfordern/", {"email": "anna@leonberg.example"})
    assert "gibt es dort kein Konto" in outbox[-1].body


def test_the_operator_changes_an_address(anna: User) -> None:
    output = StringIO()
    call_command(
        "change_email", "--old", "Anna@leonberg.example", "--new", "Arndt@Leonberg.example", stdout=output
    )
    anna.refresh_from_db()
    assert anna.email == "arndt@leonberg.example"
    assert output.getvalue() == "The account Anna@leonberg.example is now arndt@leonberg.example.\n"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("fremd@leonberg.example", "neu@leonberg.example", "There is no account 'fremd@leonberg.example'."),
        (
            "anna@leonberg.example",
            "Bernd@leonberg.example",
            "'Bernd@leonberg.example' cannot be the address: ",
        ),
        ("anna@leonberg.example", "keine adresse", "'keine adresse' cannot be the address: "),
        ("anna@leonberg.example", "", "'' cannot be the address: "),
    ],
)
def test_a_wrong_change_of_address_is_a_sentence(
    anna: User, bernd: User, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match="^" + re.escape(sentence)):
        call_command("change_email", "--old", old, "--new", new)
    anna.refresh_from_db()
    assert anna.email == "anna@leonberg.example"


def test_the_account_page_promises_only_what_somebody_can_do(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert "Die Koordination im Landratsamt ändert" not in text_of(client.get("/konto/"))
    assert "change_email --old" in (ROOT / "docs" / "operations.md").read_text()


def test_browsers_have_readable_names() -> None:
    assert browser_name(FIREFOX) == "Firefox auf Linux"
    assert (
        browser_name("Mozilla/5.0 (iPhone; …) AppleWebKit/605 Version/18 Mobile Safari/604")
        == "Safari auf iPhone"
    )
    assert browser_name("") == "Unbekannter Browser"
