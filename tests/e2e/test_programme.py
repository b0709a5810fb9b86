"""The coordination runs the programme without anybody's shell: a town joins, another leaves, an account is locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kiv_portal.accounts.models import User
from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 740}


def german(days_from_now: int) -> str:
    return f"{timezone.localdate() + dt.timedelta(days=days_from_now):%d.%m.%Y}"


def press(page: Page, name: str) -> None:
    """By keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_town_joins(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.coordinator, viewport=PHONE)
    page.goto("/koordination/")
    page.get_by_role("link", name="Kommune aufnehmen").click()
    page.get_by_label("Name").fill("Weissach")
    page.get_by_label("Gemeinde", exact=True).check()
    page.get_by_label("Amtlicher Gemeindeschlüssel").fill("08235051")
    page.get_by_label("Koordinaten").fill("52.5, 13.4")
    page.get_by_label("Beginn").fill(german(0))
    press(page, "Kommune aufnehmen")
    mistakes = page.get_by_role("region", name="passen nicht")
    expect(mistakes).to_be_focused()
    expect(mistakes).to_contain_text("gehört nicht zum Landkreis Böblingen")
    expect(mistakes).to_contain_text("nicht in Baden-Württemberg")
    look(page)
    page.get_by_label("Amtlicher Gemeindeschlüssel").fill("08115051")
    page.get_by_label("Koordinaten").fill("48.84, 8.93")
    press(page, "Kommune aufnehmen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Weissach")
    look(page)


def test_a_town_leaves(page_of: OpenPage, look: Look, leonberg: People) -> None:
    factories.make_concern(leonberg.town)
    page = page_of(leonberg.coordinator, viewport=PHONE)
    page.goto("/kommunen/leonberg/")
    page.get_by_role("link", name="Teilnahme beenden").click()
    page.get_by_label("Letzter Tag").fill(german(30))
    page.get_by_label("Die Kommune hat es beschlossen").check()
    page.get_by_label("Zugang von Rathaus").fill(german(200))
    press(page, "Ansehen, was geschieht")
    expect(page.get_by_role("region", name="Das geschieht")).to_contain_text("Vera Vermittlung")
    look(page)
    press(page, "Teilnahme beenden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ende der Teilnahme")
    look(page)
    page.get_by_role("link", name="Ende zurücknehmen").click()
    look(page)
    press(page, "Ende zurücknehmen")
    expect(page.get_by_text("Leonberg nimmt weiter teil.")).to_be_visible()

    page.get_by_role("link", name="Teilnahme beenden").click()
    page.get_by_label("Letzter Tag").fill(german(-1))
    page.get_by_label("Die Vereinbarung läuft aus").check()
    page.get_by_label("Zugang von Rathaus").fill(german(200))
    press(page, "Ansehen, was geschieht")
    press(page, "Teilnahme beenden")
    page.get_by_role("link", name="Alle weitergeben").click()
    look(page)
    press(page, "1 Anliegen weitergeben")
    expect(page.get_by_text("Ein Anliegen ist weitergegeben.")).to_be_visible()
    visitor = page_of(viewport=PHONE)
    visitor.goto("/orte/leonberg/")
    expect(visitor.get_by_text("Leonberg nahm teil bis")).to_be_visible()
    look(visitor)


def test_an_account_is_locked_and_opened(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.coordinator, viewport=PHONE)
    page.goto("/kommunen/leonberg/")
    page.get_by_role("link", name="Anton Ansprech: Konto").click()
    look(page)
    page.get_by_role("link", name="Konto sperren").click()
    page.get_by_label("Grund").fill("Telefon verloren")
    look(page)
    press(page, "Konto sperren")
    expect(page.get_by_text("Konto gesperrt", exact=True)).to_be_visible()
    expect(page.get_by_text("Telefon verloren")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Konto entsperren").click()
    look(page)
    press(page, "Konto entsperren")
    expect(page.get_by_text("Konto offen")).to_be_visible()
    assert User.objects.get(pk=leonberg.contact.pk).is_active
