"""A town for everybody: a mediator enters on a phone when and where, and a visitor finds it and the way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from home.models import PortalBarrier
from mediators.models import VisitingHours
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}


def test_from_the_first_hours_to_a_visitor(page_of: OpenPage, look: Look, leonberg: People) -> None:
    mediator = page_of(leonberg.mediator, viewport=PHONE, has_touch=True)
    mediator.goto("/start/")
    mediator.get_by_role("link", name="Sprechstunde und Erreichbarkeit in Leonberg").tap()
    look(mediator)
    enter_hours(mediator, look)
    describe_the_way_in(mediator, look)
    call_one_off(mediator, look)

    visitor = page_of(viewport=PHONE)
    visitor.goto("/")
    visitor.get_by_role("link", name="Barriere in Ihrem Ort melden").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Um welchen Ort geht es?")
    look(visitor)
    visitor.get_by_role("link", name="Leonberg", exact=True).click()
    reach = visitor.get_by_role("region", name="So erreichen Sie uns")
    expect(reach).to_contain_text("Jeden Dienstag, 15 bis 17:30 Uhr")
    dates = reach.get_by_role("list", name="Die nächsten Termine").get_by_role("listitem")
    expect(dates).to_have_count(4)  # three that take place, and the one that does not
    expect(dates.first).to_contain_text("fällt aus")
    expect(dates.first).to_contain_text("Das Rathaus ist geschlossen.")
    expect(reach.get_by_role("term").filter(has_text="Eingang")).to_be_visible()
    expect(reach).to_contain_text("Tür, Aufzug, Toilette, Induktionsschleife")
    look(visitor)
    tell_of_the_website(visitor, look)


def enter_hours(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Sprechstunde eintragen").tap()
    page.get_by_role("button", name="Speichern").tap()
    expect(page.get_by_role("region", name="fehl")).to_be_focused()
    look(page)
    page.get_by_label("Wie oft?").select_option("jede Woche")
    page.get_by_label("Wochentag").select_option("Dienstag")
    page.get_by_label("Von").fill("15 Uhr")
    page.get_by_label("Bis", exact=True).fill("17.30")
    page.get_by_label("Ab wann?").fill("gestern")
    page.get_by_label("Wo?").fill("Rathaus, Zimmer 3")
    page.get_by_role("button", name="Speichern").tap()
    said = page.get_by_role("status").first
    expect(said).to_contain_text(
        "Gespeichert: Jeden Dienstag, 15 bis 17:30 Uhr. Der nächste Termin ist Dienstag,"
    )
    assert VisitingHours.objects.get().room.name == "Rathaus, Zimmer 3"


def describe_the_way_in(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Weg beschreiben").tap()
    look(page)
    page.get_by_label("Eingang").select_option("ohne Stufe")
    page.get_by_label("Haltestelle", exact=False).first.select_option("barrierefreie Haltestelle in der Nähe")
    page.get_by_role("button", name="Speichern").tap()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert: Rathaus, Zimmer 3")


def call_one_off(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Termine und Ausnahmen").tap()
    look(page)
    page.get_by_role("region", name="Die nächsten Termine").get_by_role("link", name="Ändern").first.tap()
    look(page)
    page.get_by_label("Sie fällt aus").check()
    page.get_by_label("Hinweis").fill("Das Rathaus ist geschlossen.")
    page.get_by_role("button", name="Speichern").tap()
    expect(page.get_by_role("status").first).to_contain_text("Die Sprechstunde fällt aus.")


def tell_of_the_website(page: Page, look: Look) -> None:
    footer = page.get_by_role("contentinfo")
    footer.get_by_role("link", name="Problem mit dieser Website melden").click()
    expect(page.get_by_label("Um welche Seite geht es?")).to_have_value("/orte/leonberg/")
    expect(page.get_by_role("region", name="Geht es um einen Ort?")).to_be_visible()
    look(page)
    page.get_by_label("Was klappt nicht?").fill("Der Kalender öffnet sich nicht.")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_role("status").first).to_contain_text("Danke. Ihre Meldung ist angekommen.")
    assert PortalBarrier.objects.get().page == "/orte/leonberg/"
    page.get_by_role("contentinfo").get_by_role("link", name="Mitmachen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitmachen")
    look(page)
