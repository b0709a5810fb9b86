"""Deleted by mistake, on a phone: one press and it is back, or later from the bin; and what is final asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from activities.models import Activity, TrashItem
from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 640}


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_deleted_by_mistake(
    page_of: OpenPage, look: Look, fits: Look, leonberg: People, options: dict[str, bool]
) -> None:
    activity = factories.make_activity(
        leonberg.kiv, leonberg.town, title="Begehung Bahnhof", description="Der Aufzug steht."
    )
    page = page_of(leonberg.mediator, viewport=PHONE, has_touch=True, **options)
    page.goto(f"/aktivitaeten/{activity.pk}/")
    page.get_by_role("button", name="Löschen").tap()
    said = page.get_by_role("status").filter(has_text="Gelöscht: Begehung Bahnhof")
    expect(said).to_be_visible()
    fits(page)
    undo = said.get_by_role("button", name="Rückgängig")
    size = undo.bounding_box()
    assert size is not None
    assert size["height"] >= 44
    undo.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Begehung Bahnhof")
    assert Activity.objects.filter(pk=activity.pk).exists()

    page.get_by_role("button", name="Löschen").tap()
    page.get_by_role("status").get_by_role("link", name="Papierkorb").tap()
    expect(page.get_by_role("article", name="Begehung Bahnhof")).to_contain_text("von Vera Vermittlung")
    page.get_by_text("Text lesen").tap()
    expect(page.get_by_text("Der Aufzug steht.")).to_be_visible()
    fits(page)
    if not options:
        look(page)
    page.get_by_role("link", name="Endgültig löschen: Begehung Bahnhof").tap()
    expect(page.get_by_text("Das lässt sich nicht rückgängig machen.")).to_be_visible()
    page.get_by_role("link", name="Im Papierkorb lassen").tap()
    page.get_by_role("button", name="Zurückholen: Begehung Bahnhof").tap()
    expect(page.get_by_role("status").filter(has_text="Zurückgeholt: Begehung Bahnhof")).to_be_visible()

    page.get_by_role("button", name="Löschen").tap()
    expect(page.get_by_role("status").filter(has_text="Gelöscht: Begehung Bahnhof")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Papierkorb").last.tap()  # below the list
    page.get_by_role("link", name="Endgültig löschen: Begehung Bahnhof").tap()
    page.get_by_role("button", name="Endgültig löschen").tap()
    expect(page.get_by_role("heading", name="Der Papierkorb ist leer")).to_be_visible()
    assert not Activity.objects.filter(pk=activity.pk).exists()
    assert not TrashItem.objects.exists()
