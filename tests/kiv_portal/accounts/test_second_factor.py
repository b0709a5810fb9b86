from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from kiv_portal.accounts.models import User
from tests.kiv_portal.accounts.pages import text_of
from tests.post import outbox

pytestmark = pytest.mark.urls("tests.kiv_portal.accounts.urls")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(secret: str = SECRET) -> str:
    counters = sorted(yield_hotp_counters_from_time())
    now = counters[len(counters) // 2]  # not the oldest that still counts: it may be too old a moment later
    return format_hotp_value(hotp_value(secret, now))


def test_staff_without_second_factor_reach_only_their_account(
    client: Client, coordinator: User, sign_in_by_code: Callable[[User], None]
) -> None:
    sign_in_by_code(coordinator)
    assert client.get("/notiz/").url == "/konto/zweiter-schritt/einrichten/"
    assert client.post("/notiz/", {"title": "x", "text": "y"}).url == "/konto/zweiter-schritt/einrichten/"
    page = client.get("/konto/zweiter-schritt/einrichten/")
    assert "Passkey einrichten" in text_of(page)
    assert client.get("/konto/").status_code == 200
    assert client.get("/").status_code == 200


def test_others_are_not_asked(client: Client, anna: User, coordinator: User) -> None:
    client.force_login(anna)
    assert client.get("/notiz/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_opens_the_door(
    client: Client,
    coordinator: User,
    sign_in_by_code: Callable[[User], None],
) -> None:
    sign_in_by_code(coordinator)
    page = client.get("/konto/zweiter-schritt/app/")
    secret = page.context["form"].secret
    assert secret in text_of(page)
    wrong = client.post("/konto/zweiter-schritt/app/", {"code": "000000x"})
    assert "Dieser Code stimmt nicht." in text_of(wrong)
    assert wrong.context["form"].secret == secret
    response = client.post("/konto/zweiter-schritt/app/", {"code": app_code(secret)}, follow=True)
    assert response.redirect_chain == [("/konto/ersatzcodes/", 302)]
    assert "10 von 10 Ersatzcodes" in text_of(response)
    assert client.get("/notiz/").status_code == 200
    proof = client.session["account_authentication_methods"][-1]
    assert (proof["method"], proof["type"], proof["reauthenticated"]) == ("mfa", "totp", True)
    assert "Code aus einer App verlangt" in outbox[-1].body


def test_at_the_next_sign_in_the_second_step_is_asked(
    client: Client, coordinator: User, code_from_mail: Callable[[], str]
) -> None:
    TOTP.activate(coordinator, SECRET)
    client.post("/anmelden/code-anfordern/", {"email": coordinator.email})
    response = client.post("/anmelden/code/", {"code": code_from_mail(), "next": "/notiz/"}, follow=True)
    assert "Zweiter Schritt der Anmeldung" in text_of(response)
    assert "Passkey benutzen" not in text_of(response), "there is none"
    assert "_auth_user_id" not in client.session
    assert "Dieser Code stimmt nicht." in text_of(
        client.post("/anmelden/zweiter-schritt/", {"code": "000000x"})
    )
    response = client.post("/anmelden/zweiter-schritt/", {"code": app_code()}, follow=True)
    assert response.redirect_chain == [("/notiz/", 302)]
    assert response.status_code == 200


def test_a_recovery_code_opens_once(
    client: Client, coordinator: User, code_from_mail: Callable[[], str]
) -> None:
    TOTP.activate(coordinator, SECRET)
    code = RecoveryCodes.activate(coordinator).get_unused_codes()[0]
    for expected in (302, 200):
        client.post("/anmelden/code-anfordern/", {"email": coordinator.email})
        client.post("/anmelden/code/", {"code": code_from_mail()})
        assert client.post("/anmelden/zweiter-schritt/", {"code": code}).status_code == expected
        client.logout()


def test_guessing_the_second_step_is_limited(
    client: Client, coordinator: User, code_from_mail: Callable[[], str]
) -> None:
    TOTP.activate(coordinator, SECRET)
    client.post("/anmelden/code-anfordern/", {"email": coordinator.email})
    client.post("/anmelden/code/", {"code": code_from_mail()})
    for _ in range(5):
        client.post("/anmelden/zweiter-schritt/", {"code": "000000x"})
    assert "zu viele Versuche" in text_of(client.post("/anmelden/zweiter-schritt/", {"code": app_code()}))
    assert "_auth_user_id" not in client.session


def test_a_session_from_before_does_not_profit(
    client: Client, coordinator: User, sign_in_by_code: Callable[[User], None]
) -> None:
    sign_in_by_code(coordinator)
    TOTP.activate(coordinator, SECRET)
    assert client.get("/notiz/").url == "/konto/zweiter-schritt/einrichten/"
    page = client.get("/konto/zweiter-schritt/einrichten/")
    assert "Abmelden und neu anmelden" in text_of(page)


def test_the_last_second_step_of_staff_stays(client: Client, coordinator: User) -> None:
    authenticator = TOTP.activate(coordinator, SECRET).instance
    client.force_login(coordinator)
    assert client.get("/konto/zweiter-schritt/app/entfernen/").url.startswith("/konto/bestaetigen/code/")
    page = client.post(
        "/konto/bestaetigen/code/?next=/konto/zweiter-schritt/app/entfernen/",
        {"code": app_code()},
        follow=True,
    )
    assert "Das ist Ihr letzter zweiter Schritt." in text_of(page)
    client.post("/konto/zweiter-schritt/app/entfernen/")
    assert Authenticator.objects.filter(pk=authenticator.pk).exists()


def test_others_may_switch_it_off(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    client.force_login(anna)
    client.post("/konto/bestaetigen/code/?next=/konto/zweiter-schritt/app/entfernen/", {"code": app_code()})
    response = client.post("/konto/zweiter-schritt/app/entfernen/", follow=True)
    assert "Der Code aus der App ist abgeschaltet." in text_of(response)
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_can_be_saved_and_renewed(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    client.force_login(anna)
    client.post("/konto/bestaetigen/code/?next=/konto/ersatzcodes/neu/", {"code": app_code()})
    response = client.post("/konto/ersatzcodes/neu/", follow=True)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert all(code in text_of(response) for code in codes)
    file = client.get("/konto/ersatzcodes/datei/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="ersatzcodes-kiv-portal.txt"'
    assert file.content.decode().split("\n\n")[1].split() == codes
    assert "neue Ersatzcodes" in outbox[-1].body


def test_the_overview_of_second_steps(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert "App einrichten" in text_of(client.get("/konto/zweiter-schritt/"))
    TOTP.activate(anna, SECRET)
    page = text_of(client.get("/konto/zweiter-schritt/"))
    assert "App-Code abschalten" in page
    assert "Ersatzcodes erzeugen" in page


def test_unknown_passkeys_are_404(client: Client, anna: User, bernd: User) -> None:
    foreign = Authenticator.objects.create(
        user=bernd, type="webauthn", data={"name": "Schlüssel", "credential": {}}
    )
    client.force_login(anna)
    for pk in (foreign.pk, 999_999):
        assert client.get(f"/konto/passkeys/{pk}/umbenennen/").status_code == 404
        assert client.get(f"/konto/passkeys/{pk}/entfernen/").status_code == 404


@pytest.mark.parametrize("credential", ["", "{}", "[]", "nonsense", '{"id": "x", "response": {}}'])
def test_a_broken_passkey_answer_is_no_crash(client: Client, credential: str) -> None:
    client.get("/anmelden/passkey/", headers={"Accept": "application/json"})
    response = client.post("/anmelden/passkey/", {"credential": credential})
    assert response.url == "/anmelden/"
