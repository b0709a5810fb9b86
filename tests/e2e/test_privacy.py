"""The question of the privacy guard as a person meets it: on a phone and at a desk, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from activities.models import Activity, Concern
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
Look = Callable[["Page"], None]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 320, "height": 640}}
TITLE = "Peter Schmidt hat angerufen"
WORDS = "Er wohnt Hauptstr. 12 und hat MS."


@pytest.fixture(params=["phone", "desk"])
def window(request: pytest.FixtureRequest) -> dict[str, object]:
    return dict(PHONE) if request.param == "phone" else {}


def fill(page: Page) -> None:
    page.goto("/aktivitaeten/neu/")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Was ist passiert?").fill(WORDS)
    page.get_by_label("Dauer").fill("1:30")
    page.get_by_label("Handlungsfeld", exact=True).select_option(index=1)
    page.get_by_label("Art", exact=True).select_option(index=1)


def everything_is_there(page: Page) -> None:
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    expect(page.get_by_label("Was ist passiert?")).to_have_value(WORDS)
    expect(page.get_by_label("Dauer")).to_have_value("1:30")
    assert not Activity.objects.filter(title=TITLE).exists()


def test_it_asks_calmly_and_two_buttons_answer(
    page_of: OpenPage, look: Look, leonberg: People, window: dict[str, object]
) -> None:
    page = page_of(leonberg.mediator, **window)
    fill(page)
    page.get_by_role("button", name="Speichern").click()
    panel = page.get_by_role("region", name="Bitte kurz prüfen")
    expect(panel).to_be_focused()
    places = ["Peter Schmidt", "Hauptstr. 12", "MS"]
    expect(panel.get_by_role("listitem")).to_contain_text(places)
    expect(page.locator(".error-summary, .kern-error, [aria-invalid]")).to_have_count(0)
    everything_is_there(page)
    look(page)

    panel.get_by_role("link", name="Ich ändere es").click()
    expect(page.get_by_label("Titel")).to_be_focused()
    page.keyboard.press("Enter")  # saves, as ever, and is no answer
    expect(panel).to_be_focused()
    everything_is_there(page)
    panel.get_by_role("link", name="Was ist passiert?").first.click()
    expect(page.get_by_label("Was ist passiert?")).to_be_focused()
    page.get_by_label("Was ist passiert?").fill("Es geht um eine Wohnung.")
    page.get_by_role("button", name="Speichern").click()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    panel.get_by_role("button", name="Darf so bleiben").click()
    expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_visible()
    assert Activity.objects.get(title=TITLE).description == "Es geht um eine Wohnung."


def test_without_a_script(page_of: OpenPage, leonberg: People, window: dict[str, object]) -> None:
    page = page_of(leonberg.mediator, java_script_enabled=False, **window)
    fill(page)
    page.get_by_role("button", name="Speichern").click()
    panel = page.get_by_role("region", name="Bitte kurz prüfen")
    everything_is_there(page)
    panel.get_by_role("link", name="Ich ändere es").click()
    expect(page.get_by_label("Titel")).to_be_focused()
    panel.get_by_role("button", name="Darf so bleiben").click()
    expect(page.get_by_text(f"Gespeichert: {TITLE}")).to_be_visible()
    assert Activity.objects.get(title=TITLE).description == WORDS


def test_a_citizen_is_asked_in_the_same_way(
    page_of: OpenPage, look: Look, leonberg: People, window: dict[str, object]
) -> None:
    page = page_of(**window)
    page.goto("/orte/leonberg/barriere-melden/")
    page.get_by_label("Worum geht es?").fill("Hanna ist blind und findet die Tür nicht")
    page.get_by_label("Beschreibung").fill("Am Eingang fehlt ein Leitstreifen.")
    page.wait_for_timeout(3_100)  # what fills a form in less is asked once more
    page.get_by_role("button", name="Meldung senden").click()
    panel = page.get_by_role("region", name="Bitte kurz prüfen")
    expect(panel.get_by_role("listitem")).to_contain_text(["Hanna", "blind"])
    look(page)
    panel.get_by_role("button", name="Darf so bleiben").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Danke")
    assert Concern.objects.get(title__startswith="Hanna").state == "reported"
