"""Somebody holds a report in their hands and asks whether it is real: on a phone, without an account or JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.people import People
from tests.reports.council.test_authenticity import PDF, UNKNOWN, freeze, publish

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def _not_looked_at(page: Page) -> None:
    pass


@pytest.mark.parametrize("has_script", [True, False])
def test_from_the_footer_to_the_answer(
    people: People, page_of: Callable[..., Page], look: Callable[[Page], None], has_script: bool
) -> None:
    if not has_script:
        look = _not_looked_at  # what looks is a script itself
    report = factories.make_report(people.town)
    snapshot = freeze(report, people, 1, {"pdf": PDF, "csv": b"Zahlen"})
    publish(report, people)
    page = page_of(viewport={"width": 320, "height": 640}, java_script_enabled=has_script)
    page.goto("/")
    page.get_by_role("link", name="Echtheit prüfen").click()
    look(page)
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_visible()
    look(page)
    page.get_by_label("Code oder Adresse vom Papier").fill("Leonberg 0")
    page.get_by_role("button", name="Code suchen").click()
    expect(page.get_by_text("Der Code hat zehn Zeichen").first).to_be_visible()
    look(page)
    page.get_by_label("Code oder Adresse vom Papier").fill(str(snapshot.code).upper())
    page.get_by_role("button", name="Code suchen").click()
    expect(page.get_by_role("heading", name="Dieser Bericht ist von uns")).to_be_visible()
    look(page)
    for data, answer in ((PDF, "Diese Datei ist unverändert"), (PDF + b" ", UNKNOWN)):
        page.get_by_label("Datei", exact=True).set_input_files(
            {"name": "bericht.pdf", "mimeType": "application/pdf", "buffer": data}
        )
        page.get_by_role("button", name="Datei prüfen").click()
        expect(page.get_by_role("status").get_by_text(answer)).to_be_visible()
        look(page)
    page.goto("/echt/abcdefghjk/")
    expect(page.get_by_text("Diesen Code kennen wir nicht.")).to_be_visible()
    look(page)
