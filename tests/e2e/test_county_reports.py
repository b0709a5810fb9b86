"""County staff: what every town owes, all reports as one file, the county's own report."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from reports.steps import services as states
from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

NARROW = {"width": 320, "height": 700}


@pytest.mark.django_db(transaction=True)
def test_from_what_is_owed_to_the_county_report(
    page_of: Callable[..., Page],
    look: Callable[[Page], None],
    leonberg: People,
    celery_worker_process: object,
) -> None:
    for town, latitude, longitude in (
        (leonberg.town, 48.80139, 9.01306),
        (leonberg.other_town, 48.59667, 8.87083),
    ):
        town.latitude, town.longitude = latitude, longitude
        town.save()
    states.submit_report(factories.make_report(leonberg.town), by=leonberg.coordinator)
    factories.make_report(leonberg.other_town)
    page = page_of(leonberg.coordinator)
    page.goto("/start/")
    page.get_by_role("link", name="Alle Berichte eines Zeitraums, Kreisbericht und Sachbericht").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berichte im Landkreis Böblingen")
    expect(page.get_by_text("1 Bericht ist überfällig")).to_be_visible()
    look(page)
    page.get_by_role("columnheader", name="Stand").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Stand")).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("Nur").select_option("Nur überfällige")
    page.get_by_role("button", name="Liste zeigen").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Herrenberg"])
    _narrow(page, look)
    _sort_on_a_phone(page, look)

    page.get_by_role("link", name="Alle Berichte erstellen und herunterladen").click()
    expect(page.get_by_text("8 von 8 Dateien")).to_be_visible(timeout=90_000)
    look(page)
    expect(page.get_by_role("button", name="Fehlende Dateien erstellen")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Alle fertigen Dateien herunterladen").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 8 + 2  # every file, and the two indexes
    _narrow(page, look)

    page.get_by_role("link", name="Berichte im Landkreis").click()
    page.get_by_role("link", name="Kreisbericht").click()
    expect(page.get_by_label("Von")).to_have_value("01.10.2021")
    look(page)
    page.get_by_role("button", name="Entwurf erstellen").click()
    expect(page.get_by_role("link", name="Kreisbericht herunterladen")).to_be_visible(timeout=60_000)
    for summary in page.locator("main details > summary").all():
        summary.click()
    look(page)
    _narrow(page, look)

    page.get_by_role("link", name="Kreisbericht", exact=True).click()
    expect(page.get_by_role("link", name="01.10.2021 bis 30.09.2022, Ausgabe 1")).to_be_visible()
    page.goto("/kreis/08115/sachbericht/")
    look(page)
    with page.expect_download() as account:
        page.get_by_role("button", name="Sachbericht herunterladen").click()
    assert account.value.suggested_filename == "Sachbericht_Landkreis-Böblingen_2021-10_bis_2022-09.xlsx"


def _sort_on_a_phone(page: Page, look: Callable[[Page], Any]) -> None:
    """Its table has no heads: a field orders it. A keyboard that goes into the heads all the same brings them back."""
    wide = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.get_by_label("Nur").select_option("Alle")
    page.get_by_label("Ordnen nach", exact=True).select_option("Kommune, rückwärts")
    page.get_by_role("button", name="Liste zeigen").click()
    expect(page.get_by_role("rowheader")).to_have_text(["Leonberg", "Herrenberg"])
    expect(page.get_by_label("Ordnen nach", exact=True)).to_have_value("-kommune")
    head = page.locator("thead a", has_text="Fällig")
    head.focus()
    assert head.bounding_box()["width"] > 20  # type: ignore[index]
    look(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ordnen nach", exact=True)).to_have_value("faellig")
    page.set_viewport_size(wide)  # type: ignore[arg-type]


def _narrow(page: Page, look: Callable[[Page], Any]) -> None:
    wide = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    look(page)
    page.set_viewport_size(wide)  # type: ignore[arg-type]
