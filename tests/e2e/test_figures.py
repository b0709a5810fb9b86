"""The figures of a town and of the county: choose a period, read, compare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_figures_of_town_and_county(
    page_of: Callable[..., Page], look: Callable[[Page], None], leonberg: People
) -> None:
    factories.make_report(leonberg.town)
    states = (("checking", "done"), ("checking", "promised"), ("refused",), ("passed_on",), ())
    for number, steps in enumerate(states):
        concern = factories.make_concern(leonberg.town, place=("Eltingen", "Bahnhofstraße")[number % 2])
        for step, state in enumerate(steps):
            factories.make_step(concern, state, dt.date(2022, 4 + step, 4))
    factories.make_activity(
        leonberg.kiv, leonberg.town, people_reached=20, people_reached_to=30, travel_minutes=45
    )

    page = page_of(leonberg.contact)
    page.goto("/start/")
    page.get_by_role("link", name="Zahlen aus Leonberg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zahlen aus Leonberg")
    expect(page.get_by_text("31 Aktivitäten")).to_be_visible()
    expect(page.get_by_text("Personen mindestens erreicht")).to_be_visible()
    fields = page.get_by_role("table", name="Nach Handlungsfeldern")
    expect(fields.get_by_role("row")).to_have_count(8)
    expect(page.get_by_role("table", name="Nach Monaten").get_by_role("row")).to_have_count(13)
    stand = page.get_by_role("table", name="Anliegen nach ihrem Stand")
    expect(stand.get_by_role("row", name="umgesetzt 1")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Eltingen")).to_be_visible()
    look(page)

    page.get_by_label("Bis").fill("30.9.2021")
    page.get_by_role("button", name="Zeitraum zeigen").click()
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    look(page)

    page.get_by_role("link", name="Jahr 2022").click()
    expect(page.get_by_text("mehr als im Jahr davor").first).to_be_visible()
    expect(page.get_by_role("link", name="Jahr 2022")).to_have_attribute("aria-current", "true")

    page = page_of(leonberg.contact, viewport={"width": 320, "height": 640})
    page.goto("/kommunen/leonberg/zahlen/")
    look(page)

    page = page_of(leonberg.coordinator)
    page.goto("/start/")
    page.get_by_role("navigation").get_by_role("link", name="Zahlen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zahlen aus dem Landkreis Böblingen")
    towns = page.get_by_role("table", name="Die Kommunen nebeneinander")
    expect(towns.get_by_role("rowheader")).to_have_text(["Herrenberg", "Leonberg"])
    look(page)
    towns.get_by_role("link", name="Leonberg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zahlen aus Leonberg")

    page = page_of(leonberg.stranger)
    page.goto("/kommunen/leonberg/zahlen/")
    expect(page.get_by_text("Sie sehen die Zahlen einer anderen Kommune.")).to_be_visible()
    expect(page.get_by_role("button", name="Zeitraum zeigen")).to_have_count(0)
    look(page)
