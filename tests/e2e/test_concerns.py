"""A barrier: reported on a phone without an account, taken over by keyboard, promised by the town hall, done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from activities.models import Concern, ConcernPhoto
from demo.pictures import drawn
from tests import factories
from tests.e2e.keyboard import press_on, type_into
from tests.live import LivePortal
from tests.people import People
from tests.post import outbox

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320, "height": 640}
TITLE = "Die Ampel am Marktplatz ist stumm"
ADDRESS = "melderin@post.example"


def in_a_month() -> dt.date:
    """Of the machine, as the field takes it; a run may pass midnight."""
    return dt.date.today() + dt.timedelta(days=30)  # noqa: DTZ011


def test_from_the_report_to_the_end(
    page_of: OpenPage, look: Look, leonberg: People, demo_portal: LivePortal
) -> None:
    visitor = page_of(viewport=PHONE)
    status_url = report(visitor, look)
    assert any(mail.to == [ADDRESS] and status_url in str(mail.body) for mail in outbox)

    mediator = page_of(leonberg.mediator)
    take_over_by_keyboard(mediator, look)
    publish(mediator, look)

    contact = page_of(leonberg.contact)
    contact.goto("/anliegen/tafel/")
    look(contact)
    contact.get_by_role("link", name=f"Zusagen: {TITLE}").click()
    take_step(contact, look, "Das Tiefbauamt rüstet die Ampel nach.", until=f"{in_a_month():%d.%m.%Y}")
    expect(contact.get_by_role("status").first).to_contain_text("Der Stand ist jetzt: zugesagt.")
    contact.get_by_role("link", name="Als umgesetzt eintragen").click()
    take_step(contact, look, "Die Ampel hat jetzt einen Ton.")

    visitor.goto(status_url)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Stand Ihrer Meldung: umgesetzt")
    steps = visitor.get_by_role("region", name="Was bisher geschah").get_by_role("listitem")
    expect(steps).to_have_count(4)
    expect(steps.last).to_contain_text("Die Ampel hat jetzt einen Ton.")
    expect(visitor.get_by_text("Vera Vermittlung")).to_have_count(0)
    look(visitor)
    visitor.goto("/orte/leonberg/")
    expect(visitor.get_by_role("article").filter(has_text=TITLE)).to_contain_text("umgesetzt")
    look(visitor)


def report(page: Page, look: Look) -> str:
    """The address of the private status page."""
    page.goto("/")
    page.get_by_role("link", name="Landkreis Böblingen").click()
    page.get_by_role("link", name="Leonberg", exact=True).click()
    look(page)
    page.get_by_role("link", name="Barriere in Leonberg melden").click()
    look(page)
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_role("region", name="2 Angaben fehlen oder passen nicht")).to_be_focused()
    look(page)
    expect(page.get_by_label("Bitte leer lassen")).to_be_hidden()
    page.get_by_label("Worum geht es?").fill(TITLE)
    page.get_by_label("Wo?").fill("Marktplatz")
    page.get_by_label("Beschreibung").fill("Blinde Menschen hören nicht, wann Grün ist.")
    page.get_by_label("Ihre E-Mail-Adresse").fill(ADDRESS)
    page.get_by_role("button", name="Meldung senden").dblclick()
    once_more = page.get_by_role("region", name="Noch nicht gespeichert")
    done = page.get_by_role("heading", name="Danke. Ihre Meldung ist angekommen.")
    expect(once_more.or_(done)).to_be_visible()
    if once_more.is_visible():  # a browser that a program drives is fast: asked once more, nothing is lost
        look(page)
        page.get_by_role("button", name="Meldung senden").click()
    expect(done).to_be_visible()
    assert Concern.objects.get().title == TITLE
    look(page)
    link = page.get_by_role("link", name="/anliegen/stand/")
    return str(link.text_content())


def take_over_by_keyboard(page: Page, look: Look) -> None:
    page.goto("/start/")
    look(page)
    press_on(page, page.get_by_role("link", name=TITLE))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    look(page)
    press_on(page, page.get_by_role("button", name="Ich kümmere mich darum"))
    expect(page.get_by_role("status").first).to_contain_text("Sie kümmern sich jetzt um dieses Anliegen.")
    look(page)
    press_on(page, page.get_by_role("link", name="Anliegen").first)
    look(page)
    press_on(page, page.get_by_role("link", name=TITLE))
    press_on(page, page.get_by_role("link", name="Angaben ändern"))
    look(page)
    type_into(page, page.get_by_label("Zuständige Stelle"), "Tiefbauamt")
    press_on(page, page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("term").filter(has_text="Zuständige Stelle")).to_be_visible()
    expect(page.get_by_text("Tiefbauamt")).to_be_visible()


def publish(page: Page, look: Look) -> None:
    press_on(page, page.get_by_role("link", name="Öffentlich zeigen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dieses Anliegen öffentlich zeigen?")
    look(page)
    press_on(page, page.get_by_role("button", name="Öffentlich zeigen"))
    expect(page.get_by_role("status").first).to_contain_text("Das Anliegen ist jetzt öffentlich.")


def take_step(page: Page, look: Look, sentence: str, *, until: str = "") -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Nächster Schritt")
    look(page)
    page.get_by_role("button", name="Schritt eintragen").click()
    expect(page.get_by_role("region", name="fehl")).to_be_focused()
    look(page)
    page.get_by_label("Was ist geschehen?").fill(sentence)
    if until:
        page.get_by_label("Zugesagt bis").fill(until)
    page.get_by_role("button", name="Schritt eintragen").click()
    expect(page.get_by_role("list").filter(has_text=sentence).first).to_be_visible()


def test_the_board_on_a_phone_and_what_others_send(page_of: OpenPage, look: Look, leonberg: People) -> None:
    for number in range(3):
        factories.make_concern(
            leonberg.town,
            title=f"Bordstein {number} " + "Donaudampfschifffahrtsgesellschaft" * 2,
            office=factories.make_organisation(),
            state="promised",
            promised_until=factories.END,
        )
    spam = factories.make_concern(leonberg.town, title="Billige Uhren")
    page = page_of(leonberg.mediator, viewport=PHONE)
    for path in ("/anliegen/tafel/", "/anliegen/", "/anliegen/neu/", "/anliegen/?state=done"):
        page.goto(path)
        look(page)
    page.goto(f"/anliegen/{spam.pk}/")
    look(page)
    page.get_by_role("button", name="Löschen").click()
    expect(page.get_by_role("status").first).to_contain_text("Gelöscht: Billige Uhren")
    look(page)
    page.goto("/anliegen/neu/")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("region", name="2 Angaben fehlen oder passen nicht")).to_be_focused()
    look(page)


def file_of(content: bytes, name: str = "bordstein.jpg") -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def send_with(page: Page, photo: dict[str, Any], look: Look) -> None:
    """A browser that a program drives is fast: it is asked once more. The photo is still there then."""
    page.get_by_label("Foto (freiwillig)").set_input_files(photo)
    page.get_by_role("button", name="Meldung senden").click()
    again = page.get_by_text("sehen Sie Ihre Meldung noch einmal durch")
    done = page.get_by_role("heading", name="Danke. Ihre Meldung ist angekommen.")
    expect(again.or_(done)).to_be_visible()
    if again.is_visible():
        look(page)
        expect(page.get_by_text(f"„{photo['name']}“ ist noch da.")).to_be_visible()
        page.get_by_role("button", name="Meldung senden").click()
    expect(done).to_be_visible()


def test_a_photo_comes_with_the_report_and_gets_its_words(
    page_of: OpenPage, look: Look, leonberg: People
) -> None:
    visitor = page_of(viewport=PHONE)
    visitor.goto("/orte/leonberg/barriere-melden/")
    look(visitor)
    visitor.get_by_label("Worum geht es?").fill(TITLE)
    visitor.get_by_label("Beschreibung").fill("Blinde Menschen hören nicht, wann Grün ist.")
    visitor.get_by_label("Foto (freiwillig)").set_input_files(
        file_of(b"%PDF-1.7", "Ein langer Name " * 9 + ".jpg")
    )
    look(visitor)
    visitor.get_by_role("button", name="Meldung senden").click()
    expect(visitor.get_by_role("region", name="Angabe")).to_be_focused()
    look(visitor)
    send_with(visitor, file_of(drawn("kerb")), look)
    expect(visitor.get_by_text("Ihr Foto ist auch da.")).to_be_visible()
    look(visitor)
    visitor.get_by_role("link", name="/anliegen/stand/").click()
    expect(visitor.get_by_text("Dazu haben Sie ein Foto geschickt.")).to_be_visible()
    look(visitor)

    mediator = page_of(leonberg.mediator)
    mediator.goto(f"/anliegen/{Concern.objects.get().pk}/")
    expect(mediator.get_by_role("img", name="Foto, noch nicht beschrieben")).to_be_visible()
    look(mediator)
    press_on(mediator, mediator.get_by_role("button", name="Ich kümmere mich darum"))
    expect(mediator.get_by_role("status").first).to_contain_text("Bitte beschreiben Sie noch das Foto")
    press_on(mediator, mediator.get_by_role("link", name="Beschreiben"))
    look(mediator)
    type_into(mediator, mediator.get_by_label("Was ist auf dem Foto zu sehen?"), "Ein hoher Bordstein")
    press_on(mediator, mediator.get_by_role("button", name="Speichern"))
    expect(mediator.get_by_role("img", name="Ein hoher Bordstein")).to_be_visible()
    expect(mediator.get_by_text("Beschreibung fehlt")).to_have_count(0)
    look(mediator)


def test_without_a_script(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(java_script_enabled=False)
    page.goto("/orte/leonberg/barriere-melden/")
    page.get_by_label("Worum geht es?").fill(TITLE)
    page.get_by_label("Beschreibung").fill("Blinde Menschen hören nicht, wann Grün ist.")
    send_with(page, file_of(drawn("kerb")), lambda _: None)
    assert (Concern.objects.count(), ConcernPhoto.objects.count()) == (1, 1)
