"""County staff: the towns at a glance, one town, its report."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_from_all_towns_to_one_report(
    page_of: Callable[..., Page], look: Callable[[Page], None], leonberg: People
) -> None:
    factories.make_report(leonberg.town)
    vacant = factories.make_town("Weissach", "08115051")
    factories.make_agreement(vacant)
    page = page_of(leonberg.coordinator)
    page.goto("/")
    page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Die Kommunen auf einen Blick")
    rows = page.get_by_role("table", name="3 Kommunen").get_by_role("row")
    expect(rows).to_have_count(4)  # with the head; Calw belongs to another county
    line = rows.filter(has_text="Leonberg")
    expect(line.get_by_role("cell").first).to_have_text("Vera Vermittlung")
    expect(line.get_by_role("cell").nth(3)).to_contain_text("In Arbeit überfällig")
    expect(line.get_by_role("cell").last).to_have_text("seit 01.10.2021")
    expect(rows.filter(has_text="Weissach")).to_contain_text("nicht besetzt")
    expect(page.get_by_role("region", name="Was jetzt ansteht")).to_contain_text(
        "Nach dem Zwischenbericht Leonberg fragen"
    )
    expect(page.get_by_role("link", name="Calw")).to_have_count(0)
    look(page)
    page.get_by_label("Welche Kommunen?").select_option("Stelle nicht besetzt")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Weissach"])
    look(page)
    page.go_back()

    page.get_by_role("rowheader", name="Leonberg").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leonberg")
    expect(page.get_by_text("30 Aktivitäten")).to_be_visible()
    people = page.get_by_role("region", name="Menschen")
    for name in ("Vera Vermittlung", "Anton Ansprech", "Rita Rat"):
        expect(people.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    look(page)

    # a period that ends before it begins: refused in words, at the field
    people.get_by_role("link", name=re.compile("^Vera Vermittlung: Ändern")).click()
    page.get_by_label("Ende").fill(f"{factories.START - dt.timedelta(days=1):%d.%m.%Y}")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    look(page)

    page.get_by_role("navigation", name="Sie sind hier").get_by_role("link", name="Leonberg").click()
    page.get_by_role("link", name="01.10.2021 bis 30.09.2022").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zwischenbericht Leonberg")
    expect(page.get_by_text("0 von 9 Texten sind geschrieben")).to_be_visible()
    look(page)
