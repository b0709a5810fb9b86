"""Getting in with a real browser: a code by e-mail first, then a passkey, by keyboard and by role and label."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from kiv_portal.accounts.models import User
from tests.axe import assert_accessible
from tests.kiv_portal.accounts.test_second_factor import SECRET, app_code
from tests.live import LivePortal
from tests.post import outbox

ACCOUNT_PAGES = (
    "/konto/zweiter-schritt/",
    "/konto/zweiter-schritt/einrichten/",
    "/konto/zweiter-schritt/app/",
    "/konto/passkeys/",
    "/konto/passwort/",
    "/konto/geraete/",
    "/abmelden/",
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_code_then_passkey(live_portal: LivePortal, new_page: "Callable[..., Page]") -> None:
    from playwright.sync_api import expect

    User.objects.create_user("anna@leonberg.example", "Anna Arndt")
    page = new_page(live_portal)
    with_passkeys(page)
    portal = live_portal.url.replace("127.0.0.1", "localhost")  # passkeys belong to a name, not to a number

    page.goto(f"{portal}/konto/")
    expect(page).to_have_title("Anmelden – KIV-Portal")
    assert_accessible(page)
    page.get_by_label("E-Mail-Adresse").first.fill("anna@leonberg.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")
    page.get_by_label("Code aus der E-Mail").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Dieser Code stimmt nicht"))).to_be_visible()
    assert_accessible(page)
    code = re.search(r"^\d{3}-\d{3}$", str(outbox[-1].body), re.MULTILINE)
    assert code
    page.get_by_label("Code aus der E-Mail").fill(code[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Konto")
    assert_accessible(page)

    page.get_by_role("link", name="Passkey einrichten").click()
    assert_accessible(page)
    page.get_by_label("Name für diesen Passkey").fill("Laptop")
    page.get_by_role("button", name="Passkey einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    expect(page.get_by_role("status").first).to_contain_text("Ihr Passkey ist eingerichtet.")
    assert_accessible(page)
    page.goto(f"{portal}/konto/passkeys/")
    expect(page.get_by_role("row", name=re.compile("Laptop"))).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Abmelden").first.click()
    page.goto(f"{portal}/anmelden/?next=/konto/")
    page.get_by_text("Mit Passwort anmelden").first.click()
    assert_accessible(page)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Konto")


@pytest.mark.django_db(transaction=True)
def test_a_refused_passkey_says_so(live_portal: LivePortal, new_page: "Callable[..., Page]") -> None:
    from playwright.sync_api import expect

    page = new_page(live_portal)
    page.goto(f"{live_portal.url}/anmelden/")
    page.evaluate(
        "() => { navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError') } }"
    )
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Sie können es noch einmal versuchen.")
    assert_accessible(page)


@pytest.mark.django_db(transaction=True)
def test_password_and_app(live_portal: LivePortal, new_page: "Callable[..., Page]") -> None:
    from playwright.sync_api import expect

    anna = User.objects.create_user("anna@leonberg.example", "Anna Arndt")
    anna.password = PBKDF2PasswordHasher().encode("korrekt pferd batterie", "salz", 1000)
    anna.save()
    TOTP.activate(anna, SECRET)
    RecoveryCodes.activate(anna)
    page = new_page(live_portal, viewport={"width": 320, "height": 640})
    page.goto("/anmelden/?next=/konto/")
    page.get_by_text("Mit Passwort anmelden").first.click()
    page.get_by_label("E-Mail-Adresse").last.fill("anna@leonberg.example")
    page.get_by_label("Passwort", exact=True).fill("korrekt pferd batterie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweiter Schritt der Anmeldung")
    assert_accessible(page)
    page.get_by_label("Code aus der App oder Ersatzcode").fill(app_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Konto")

    page.goto("/konto/zweiter-schritt/app/entfernen/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte bestätigen Sie, dass Sie es sind")
    assert_accessible(page)
    page.get_by_label("Ihr Passwort").fill("korrekt pferd batterie")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="App-Code abschalten").click()
    expect(page.get_by_role("status").first).to_contain_text("Der Code aus der App ist abgeschaltet.")
    for address in ACCOUNT_PAGES:
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def with_passkeys(page: "Page") -> None:
    """A device with a fingerprint that always fits, as Chromium plays it for tests."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
