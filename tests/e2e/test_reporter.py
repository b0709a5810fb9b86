"""Who reported something comes back by the private link: on a phone, with a finger; and without any script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from activities.concerns import services
from activities.models import Concern, ConcernPhoto, Organisation
from demo.pictures import drawn
from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 640}
ADDRESS = "melderin@post.example"
MORE = "Frau Huber ist blind und hat es auch gemerkt."


@pytest.fixture
def concern(leonberg: People) -> Concern:
    office = factories.make_organisation("Tiefbauamt", leonberg.town.county)
    Organisation.objects.update(reply_days=14)
    concern = services.report_concern(
        Concern(
            municipality=leonberg.town,
            title="Die Ampel ist stumm",
            description="Man hört nicht, wann Grün ist.",
            contact_email=ADDRESS,
            office=office,
        ),
        by=None,
    )
    services.take_over(concern, by=leonberg.kiv)
    return concern


def to_status(page: Page, concern: Concern) -> None:
    page.goto(f"/anliegen/stand/{concern.status_key}/")


def finish(concern: Concern, leonberg: People) -> None:
    concern.refresh_from_db()
    services.take_step(concern, state="done", sentence="Die Ampel hat einen Ton.", by=leonberg.contact)


def test_a_citizen_comes_back(page_of: OpenPage, look: Look, leonberg: People, concern: Concern) -> None:
    citizen = page_of(viewport=PHONE, has_touch=True)
    to_status(citizen, concern)
    expect(citizen.get_by_text("Die Stelle soll uns bis zum")).to_be_visible()
    look(citizen)
    add(citizen, look)
    finish(concern, leonberg)
    say_no(citizen, concern, look)
    mediator = page_of(leonberg.mediator, viewport=PHONE, has_touch=True)
    read_and_remind(mediator, concern, look)

    to_status(citizen, concern)
    citizen.get_by_role("button", name="Ihre E-Mail-Adresse löschen").tap()
    expect(citizen.get_by_text("Sie bekommen keine E-Mails mehr.")).to_be_visible()
    look(citizen)
    citizen.get_by_role("link", name="Meldung zurückziehen").tap()
    look(citizen)
    citizen.get_by_role("button", name="Ja, zurückziehen").tap()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Stand Ihrer Meldung: zurückgezogen")
    look(citizen)
    concern.refresh_from_db()
    assert (concern.state, concern.contact_email) == ("withdrawn", "")


def add(page: Page, look: Look) -> None:
    """With a photo that survives the question, and with a text that survives the window."""
    page.get_by_role("link", name="Etwas ergänzen").tap()
    page.get_by_label("Was möchten Sie ergänzen?").fill(MORE)
    page.reload()
    expect(page.get_by_label("Was möchten Sie ergänzen?")).to_have_value(MORE)
    look(page)
    page.get_by_label(re.compile("^Foto")).set_input_files(
        {"name": "ampel.jpg", "mimeType": "image/jpeg", "buffer": drawn("kerb")}
    )
    page.get_by_role("button", name="Ergänzung senden").tap()
    expect(page.get_by_role("heading", name="Bitte kurz prüfen")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Darf so bleiben").dblclick()
    expect(page.get_by_text("Ihre Ergänzung ist bei uns angekommen.")).to_be_visible()
    look(page)
    assert (ConcernPhoto.objects.count(), Concern.objects.get().messages.get().text) == (1, MORE)


def say_no(page: Page, concern: Concern, look: Look) -> None:
    to_status(page, concern)
    page.get_by_label("Nein, bitte sehen Sie noch einmal nach").check()
    look(page)
    page.get_by_role("button", name="Rückmeldung senden").tap()
    expect(page.get_by_role("region", name="Angabe")).to_be_focused()
    look(page)
    page.get_by_label("Was fehlt noch").fill("Sie ist wieder stumm.")
    page.get_by_role("button", name="Rückmeldung senden").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stand Ihrer Meldung: in Prüfung")
    expect(page.get_by_text("Danke für Ihre Rückmeldung.")).to_be_visible()
    expect(page.get_by_role("button", name="Rückmeldung senden")).to_have_count(0)


def read_and_remind(page: Page, concern: Concern, look: Look) -> None:
    page.goto(f"/anliegen/{concern.pk}/")
    expect(page.get_by_text("Sie ist wieder stumm.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Frist und Adresse").tap()
    look(page)
    page.get_by_label("E-Mail-Adresse").fill("tiefbau@stadt.example")
    page.get_by_role("button", name="Speichern").tap()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert: Tiefbauamt")
    look(page)
    page.goto(f"/anliegen/{concern.pk}/")
    page.get_by_role("link", name="Stelle erinnern").tap()
    expect(page.get_by_label("E-Mail-Adresse der Stelle")).to_have_value("tiefbau@stadt.example")
    look(page)
    page.get_by_role("button", name="Erinnerung senden").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("ist unterwegs")
    look(page)
    assert concern.reminders.count() == 1


def test_without_a_script(page_of: OpenPage, leonberg: People, concern: Concern) -> None:
    page = page_of(java_script_enabled=False)
    to_status(page, concern)
    page.get_by_role("link", name="Etwas ergänzen").click()
    page.get_by_label("Was möchten Sie ergänzen?").fill("Auch abends nicht.")
    page.get_by_role("button", name="Ergänzung senden").click()
    expect(page.get_by_text("Auch abends nicht.")).to_be_visible()
    finish(concern, leonberg)
    to_status(page, concern)
    page.get_by_label("Ja, es ist gut so").check()
    page.get_by_role("button", name="Rückmeldung senden").click()
    expect(page.get_by_text("Ist es gut so? Ja")).to_be_visible()
    page.get_by_role("button", name="Ihre E-Mail-Adresse löschen").click()
    expect(page.get_by_text("Sie bekommen keine E-Mails mehr.")).to_be_visible()
    assert [message.kind for message in concern.messages.all()] == ["more", "yes"]
