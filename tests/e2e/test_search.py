"""Somebody looks for an activity on a phone, keeps the filter, and takes the list along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.e2e.test_entry import Hands
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [320, 1280])
def test_search_keep_and_take_along(
    page_of: Callable[..., Page], look: Callable[[Page], None], leonberg: People, width: int
) -> None:
    page = page_of(leonberg.coordinator, viewport={"width": width, "height": 800})
    page.goto("/start/")
    if width < 768:
        page.get_by_text("Menü").click()
    page.get_by_role("navigation").get_by_role("link", name="Aktivitäten", exact=True).click()
    look(page)
    page.get_by_label("Suchen").fill("Zirkus")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("heading", name="Keine Aktivität passt zu dieser Auswahl")).to_be_visible()
    page.get_by_label("Suchen").fill("bauamt")
    page.get_by_text("Filter und Reihenfolge").click()
    page.get_by_label("Handlungsfeld").select_option("Gesundheit")
    look(page)
    page.get_by_role("button", name="Liste filtern").click()
    expect(page.get_by_text("Filter und Reihenfolge (2 aktiv)")).to_be_visible()
    expect(page.get_by_role("list", name="Aktive Filter")).to_contain_text("Handlungsfeld: Gesundheit")

    page.get_by_role("link", name="Filter speichern").click()
    look(page)
    page.get_by_label("Name").fill("Gesundheit mit dem Bauamt")
    page.get_by_role("button", name="Filter speichern").click()
    saved = page.get_by_role("navigation", name="Gespeicherte Filter")
    expect(saved.get_by_role("link", name="Gesundheit mit dem Bauamt")).to_be_visible()

    page.get_by_text("Drucken oder als Datei mitnehmen").click()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tabelle für Excel (XLSX)").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    saved.get_by_role("link", name="Filter verwalten").click()
    look(page)
    page.get_by_role("link", name="Gesundheit mit dem Bauamt: Löschen").click()
    page.get_by_role("button", name="Filter löschen").click()
    expect(page.get_by_role("heading", name="Noch kein Filter gespeichert")).to_be_visible()


def test_find_by_a_part_of_a_word_on_a_phone(
    page_of: Callable[..., Page], look: Callable[[Page], None], leonberg: People
) -> None:
    text = (
        "Wir haben den Plan des „Waldspielplatzes“ besprochen, auch den Weg vom Parkplatz bis zur Schaukel."
    )
    factories.make_activity(leonberg.kiv, leonberg.town, title="Termin im Bauamt", description=text)
    page = page_of(leonberg.mediator, viewport={"width": 360, "height": 640}, has_touch=True)
    page.goto("/aktivitaeten/")
    hands = Hands(page)
    hands.tap(page.get_by_label("Suchen"))
    page.keyboard.insert_text("Spielplatz")
    hands.press("Enter")
    row = page.get_by_role("row", name="Termin im Bauamt")
    expect(row).to_contain_text("Wir haben den Plan des „Waldspielplatzes“ besprochen")
    expect(row.get_by_role("mark")).to_have_text("Waldspielplatzes")
    look(page)
    hands.tap(row.get_by_role("link", name="Termin im Bauamt"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Termin im Bauamt")
    assert hands.count <= 3

    page.goto("/aktivitaeten/")
    hands = Hands(page)
    hands.tap(page.get_by_label("Suchen"))
    page.keyboard.insert_text("Waldspeilplatz")
    hands.press("Enter")
    expect(page.get_by_text("Meinten Sie")).to_be_visible()
    look(page)
    hands.tap(page.get_by_role("link", name="Waldspielplatzes"))
    expect(page.get_by_role("row", name="Termin im Bauamt")).to_be_visible()
    assert hands.count <= 3
