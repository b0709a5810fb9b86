import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.mails import writing
from kiv_portal.mails.models import Mail
from tests.kiv_portal.accounts.pages import text_of
from tests.post import outbox, refusing, server_away


def test_code_by_mail_is_the_first_way_in(
    client: Client, anna: User, code_from_mail: Callable[[], str]
) -> None:
    page = client.get("/anmelden/", {"next": "/konto/"})
    assert text_of(page).index("Code per E-Mail schicken") < text_of(page).index("Mit Passwort anmelden")
    response = client.post("/anmelden/code-anfordern/", {"email": "Anna@Leonberg.example", "next": "/konto/"})
    assert response.url == "/anmelden/code/?next=%2Fkonto%2F"
    assert outbox[-1].to == ["anna@leonberg.example"]
    assert "gilt 15 Minuten" in outbox[-1].body
    response = client.post("/anmelden/code/", {"code": code_from_mail().replace("-", " "), "next": "/konto/"})
    assert response.url == "/konto/"
    assert client.get("/konto/").context["user"] == anna


def test_a_stranger_sees_the_same_and_gets_a_mail_that_says_so(client: Client, anna: User) -> None:
    answers = []
    for address in (anna.email, "fremd@nirgendwo.example"):
        person = Client()
        response = person.post("/anmelden/code-anfordern/", {"email": address}, follow=True)
        answers.append(
            (response.status_code, response.redirect_chain, text_of(response).replace(address, "…"))
        )
    assert answers[0] == answers[1]
    assert "gibt es dort kein Konto" in outbox[-1].body
    assert not re.search(r"\d{3}-\d{3}", outbox[-1].body)


def test_wrong_password_and_unknown_address_sound_the_same(client: Client, anna: User) -> None:
    anna.set_password("korrekt pferd batterie")
    anna.save()
    answers = {
        text_of(client.post("/anmelden/", {"login": address, "password": "falsch falsch falsch"}))
        for address in (anna.email, "fremd@nirgendwo.example")
    }
    assert len(answers) == 1
    assert "E-Mail-Adresse oder Passwort stimmen nicht." in answers.pop()


def test_password_signs_in(client: Client, anna: User) -> None:
    anna.set_password("korrekt pferd batterie")
    anna.save()
    response = client.post(
        "/anmelden/", {"login": anna.email, "password": "korrekt pferd batterie", "next": "/konto/"}
    )
    assert response.url == "/konto/"
    assert client.get("/konto/").status_code == 200


def test_three_wrong_codes_end_the_try(client: Client, anna: User) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    for words in ("noch 2 Versuche", "noch einen Versuch"):
        assert words in text_of(client.post("/anmelden/code/", {"code": "000-000x"}))
    response = client.post("/anmelden/code/", {"code": "000-000x", "next": "/konto/"}, follow=True)
    assert response.redirect_chain[-1][0] == "/anmelden/?next=%2Fkonto%2F"
    assert "Dieser Code gilt nicht mehr" in text_of(response)
    assert "_auth_user_id" not in client.session


def test_an_old_code_is_refused_with_a_sentence(
    client: Client, anna: User, code_from_mail: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 16 * 60)
    response = client.post("/anmelden/code/", {"code": code_from_mail(), "next": "/konto/"}, follow=True)
    assert response.redirect_chain[-1][0] == "/anmelden/?next=%2Fkonto%2F"
    assert "Dieser Code gilt nicht mehr" in text_of(response)


def test_a_new_code_replaces_the_old(client: Client, anna: User, code_from_mail: Callable[[], str]) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    old = code_from_mail()
    response = client.post("/anmelden/code/", {"action": "resend", "next": "/konto/"}, follow=True)
    assert "neuen Code geschickt" in text_of(response)
    assert len(outbox) == 2
    client.post("/anmelden/code/", {"code": old})
    assert "_auth_user_id" not in client.session
    client.post("/anmelden/code/", {"code": code_from_mail()})
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_a_mistyped_address_can_be_corrected(
    client: Client, anna: User, code_from_mail: Callable[[], str]
) -> None:
    client.post("/anmelden/code-anfordern/", {"email": "ana@leonberg.example"})
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    assert anna.email in text_of(client.get("/anmelden/code/"))
    client.post("/anmelden/code/", {"code": code_from_mail()})
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_starting_again_leaves_the_code_page(client: Client, anna: User) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    assert client.get("/anmelden/").url == "/anmelden/code/"
    response = client.post("/abmelden/", {"next": "/anmelden/"}, follow=True)
    assert "Code per E-Mail schicken" in text_of(response)


def test_asking_for_codes_is_limited(client: Client, anna: User) -> None:
    statuses = [client.post("/anmelden/code-anfordern/", {"email": anna.email}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert "zu viele Versuche" in text_of(client.post("/anmelden/code-anfordern/", {"email": anna.email}))
    assert len(outbox) == 3


def test_asking_for_a_new_code_counts_as_asking(client: Client, anna: User) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    answers = [client.post("/anmelden/code/", {"action": "resend"}, follow=True) for _ in range(3)]
    assert ["neuen Code geschickt" in text_of(answer) for answer in answers] == [True, True, False]
    assert "zu viele Versuche" in text_of(answers[-1])
    assert len(outbox) == 3


def test_guessing_codes_is_limited_even_when_the_session_does_not_count(
    client: Client, anna: User, code_from_mail: Callable[[], str]
) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    waiting = dict(client.session.items())

    def guess(code: str) -> Any:
        """As if it had been sent at the same moment as all others: the session still counts no try."""
        session = client.session
        session.update(waiting)
        session.save()
        return client.post("/anmelden/code/", {"code": code})

    assert [guess("000-000x").status_code for _ in range(11)] == [200] * 10 + [429]
    right = guess(code_from_mail())
    assert right.status_code == 429
    assert "Bitte warten Sie einige Minuten" in text_of(right)
    assert "_auth_user_id" not in client.session


def test_guessing_codes_of_many_accounts_from_one_place_is_limited(client: Client) -> None:
    statuses = []
    for number in range(11):
        person = Client()
        person.post("/anmelden/code-anfordern/", {"email": f"p{number}@x.example"})
        statuses += [person.post("/anmelden/code/", {"code": "000-000x"}).status_code for _ in range(2)]
    assert statuses == [200] * 20 + [429] * 2


def test_limits_are_not_thrown_away_while_they_count(db: None) -> None:
    for number in range(400):
        cache.set(f"limit-{number}", [1], 3600)
    assert all(cache.get(f"limit-{number}") for number in range(400))


def test_guessing_passwords_is_limited(client: Client, anna: User) -> None:
    guess = {"login": anna.email, "password": "falsch falsch falsch"}
    statuses = [client.post("/anmelden/", guess).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert "zu viele Versuche" in text_of(client.post("/anmelden/", guess))


def test_many_sign_ins_from_one_place_get_the_429_page(client: Client) -> None:
    for number in range(30):
        client.post("/anmelden/", {"login": f"p{number}@x.example", "password": "x"})
    response = client.post("/anmelden/", {"login": "p@x.example", "password": "x"})
    assert response.status_code == 429
    assert '<html lang="de">' in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"email": ""}, {"email": "keine adresse"}])
def test_what_is_no_address_is_said_at_the_field(client: Client, data: dict[str, str]) -> None:
    response = client.post("/anmelden/code-anfordern/", data)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert outbox == []


def test_a_mail_server_that_is_away_is_said_on_the_page_of_the_code(client: Client, anna: User) -> None:
    with server_away():
        client.post("/anmelden/code-anfordern/", {"email": anna.email})
        assert "konnte noch nicht" not in text_of(client.get("/anmelden/code/"))
        assert outbox == []
    text = text_of(client.get("/anmelden/code/"))
    assert f"Die E-Mail an {anna.email} konnte noch nicht verschickt werden. Wir versuchen es weiter." in text
    Mail.objects.update(due_at=timezone.now())
    assert len(outbox) == 1
    assert "konnte noch nicht" not in text_of(client.get("/anmelden/code/"))


def test_the_page_of_the_code_tells_nobody_of_other_e_mails(client: Client, anna: User) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    assert len(outbox) == 1
    writing.post(writing.mail("reports/x", "Neues", "Text", to=anna.email, person=anna))
    with refusing(anna.email):
        assert len(outbox) == 1
    assert "kam nicht an" not in text_of(client.get("/anmelden/code/"))


def test_a_code_that_is_over_is_not_sent(client: Client, anna: User) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    Mail.objects.update(valid_until=F("created_at"))
    assert outbox == []
    assert Mail.objects.get().state == "failed"


@pytest.mark.parametrize(
    "data", [None, {"email": "neu@leonberg.example", "password1": "korrekt pferd batterie"}]
)
def test_nobody_signs_up(client: Client, data: dict[str, str] | None) -> None:
    response = client.get("/registrieren/") if data is None else client.post("/registrieren/", data)
    assert "nur mit Einladung" in text_of(response)
    assert not User.objects.exists()


def test_a_blocked_account_stays_outside(client: Client, anna: User) -> None:
    anna.is_active = False
    anna.set_password("korrekt pferd batterie")
    anna.save()
    client.post("/anmelden/code-anfordern/", {"email": anna.email})
    assert "gibt es dort kein Konto" in outbox[-1].body
    client.post("/abmelden/")
    client.post("/anmelden/", {"login": anna.email, "password": "korrekt pferd batterie"})
    assert "_auth_user_id" not in client.session
    assert "gesperrt" in text_of(client.get("/anmelden/gesperrt/"))


def test_no_foreign_address_after_sign_in(
    client: Client, anna: User, code_from_mail: Callable[[], str]
) -> None:
    client.post("/anmelden/code-anfordern/", {"email": anna.email, "next": "https://boese.example/"})
    response = client.post("/anmelden/code/", {"code": code_from_mail(), "next": "https://boese.example/"})
    assert response.url == "/start/"


def test_signing_out(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert "Möchten Sie sich abmelden?" in text_of(client.get("/abmelden/"))
    client.post("/abmelden/")
    assert "_auth_user_id" not in client.session


def test_only_session_and_csrf_cookies(
    client: Client, anna: User, sign_in_by_code: Callable[[User], None]
) -> None:
    client.get("/anmelden/")
    sign_in_by_code(anna)
    client.get("/konto/")
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["http://[::1", "//boese.example/", "https://boese.example/", "javascript:alert(1)"]
)
def test_a_hostile_or_broken_next_leads_nowhere_else(client, target):
    assert client.get("/anmelden/", {"next": target}).status_code == 200
    client.force_login(User.objects.create_user("ida@leonberg.example", "Ida Neumann"))
    assert client.get("/anmelden/", {"next": target}).url == "/start/"
