"""What is typed is there again: after a reload, a crash, an ended session, without a connection, in another window."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from activities.concerns.services import report_concern, take_over
from activities.models import Activity, Concern
from reports.models import InterimReport, ReportSection
from tests import factories
from tests.live import LivePortal
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320, "height": 640}
TITLE, TEXT = "Sprechstunde im Rathaus", "Zwei Familien fragten nach einer Wohnung ohne Stufen."
NEW = "/aktivitaeten/neu/"
KEYS = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
DRAFTS = f"{KEYS}.filter((key) => key.startsWith('kiv-draft:'))"


def owners(page: Page) -> list[str]:
    """Of the drafts in this browser."""
    return [key.split(":")[1] for key in page.evaluate(DRAFTS)]


def draft_is_kept(page: Page) -> None:
    page.wait_for_function(f"() => {DRAFTS}.length")


def no_draft_is_left(page: Page) -> None:
    page.wait_for_function(f"() => !{DRAFTS}.length")  # the page is there before its script


def notice(page: Page) -> Locator:
    return page.locator("main").get_by_text("Ihr Entwurf von")


def newly_opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def test_a_closed_tab_loses_nothing(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator)
    context = page.context
    page.goto(NEW)
    no_draft_is_left(page)
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("90 Minuten").check()
    page.get_by_text("Einzelheiten").click()
    page.get_by_label("Gesundheit").check()
    page.get_by_label("Interne Notiz").fill("Nur für mich")
    page.close()  # at once: what was typed in the last moment is kept, too

    page = newly_opened(context, NEW)
    expect(notice(page)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Ihr Entwurf von")).to_have_count(1)
    expect(page.get_by_label("Titel")).to_be_focused()  # as ever: the notice takes nothing
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    expect(page.get_by_label("Dauer")).to_have_value("90")
    expect(page.get_by_label("90 Minuten")).to_be_checked()
    expect(page.get_by_label("Gesundheit")).to_be_checked()
    expect(page.get_by_label("Interne Notiz")).to_have_value("Nur für mich")
    look(page)

    page.get_by_role("button", name="Verwerfen").click()
    expect(notice(page)).to_have_count(0)
    expect(page.get_by_label("Titel")).to_have_value("")
    expect(page.get_by_label("Titel")).to_be_focused()
    no_draft_is_left(page)

    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Was ist passiert?").fill(TEXT)
    page.get_by_role("button", name="Speichern").click()  # without a duration
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    expect(notice(page)).to_have_count(0)
    page.get_by_label("90 Minuten").check()
    page.get_by_label("Art", exact=True).select_option("Begehung")
    page.goto(NEW)
    expect(page.get_by_label("Art", exact=True)).to_have_value("begehung")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").filter(has_text=f"Gespeichert: {TITLE}")).to_be_visible()
    assert Activity.objects.get(title=TITLE).minutes == 90
    no_draft_is_left(page)
    assert "#" not in page.url
    page.goto(NEW)
    expect(page.get_by_label("Titel")).to_have_value("")
    expect(notice(page)).to_have_count(0)


def test_a_draft_belongs_to_one_account_until_it_signs_out(page_of: OpenPage, leonberg: People) -> None:
    factories.make_mediator(leonberg.stranger, leonberg.town)
    page = page_of(leonberg.mediator)
    page.goto(NEW)
    page.get_by_label("Titel").fill(TITLE)
    page.goto("/start/")
    kept = owners(page)
    assert kept == [str(leonberg.mediator.pk)]

    mine = page.context.cookies()
    theirs = page_of(leonberg.stranger).context.cookies()
    page.context.add_cookies(theirs)  # type: ignore[arg-type]
    page.goto(NEW)
    expect(page.get_by_label("Titel")).to_have_value("")
    expect(notice(page)).to_have_count(0)
    assert owners(page) == kept

    page.context.add_cookies(mine)  # type: ignore[arg-type]
    page.goto(NEW)
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    asleep = newly_opened(page.context, "/anliegen/neu/")
    asleep.get_by_label("Worum geht es?").fill("Noch im Tippen")
    page.get_by_label("Titel").fill("Noch im Tippen")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    no_draft_is_left(page)
    asleep.get_by_label("Worum geht es?").fill("Die andere Seite weiß von nichts")
    asleep.close()
    page.reload()
    no_draft_is_left(page)


def test_an_ended_session_loses_nothing(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(leonberg.mediator)
    page.goto(NEW)
    page.get_by_label("Titel").fill(TITLE)
    mine = [one for one in page.context.cookies() if one.get("name") == settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anmelden")
    page.context.add_cookies(mine)  # type: ignore[arg-type]
    page.goto(NEW)
    expect(page.get_by_label("Titel")).to_have_value(TITLE)


def test_two_windows_keep_apart(page_of: OpenPage, look: Look, leonberg: People) -> None:
    first = page_of(leonberg.mediator)
    first.goto(NEW)
    first.get_by_label("Titel").fill("Im ersten Fenster")
    draft_is_kept(first)
    second = newly_opened(first.context, NEW)
    expect(second.get_by_text("In einem anderen Fenster steht ein Entwurf von")).to_be_visible()
    expect(second.get_by_label("Titel")).to_have_value("")
    look(second)
    second.get_by_label("Titel").fill("Im zweiten Fenster")
    first.reload()
    expect(first.get_by_label("Titel")).to_have_value("Im ersten Fenster")
    second.close()
    first.close()

    third = newly_opened(second.context, NEW)
    expect(third.get_by_label("Titel")).to_have_value("Im zweiten Fenster")
    third.get_by_role("button", name="Übernehmen").click()
    expect(third.get_by_label("Titel")).to_have_value("Im ersten Fenster")
    third.get_by_role("button", name="Übernehmen").click()
    expect(third.get_by_label("Titel")).to_have_value("Im zweiten Fenster")


@pytest.fixture
def report(leonberg: People) -> InterimReport:
    return factories.make_report(leonberg.town)


def wait_for_text(text: str, *, seconds: float = 10) -> None:
    """What a window sends while it closes, no page can be asked for."""
    until = time.monotonic() + seconds
    while not ReportSection.objects.filter(text=text).exists():
        assert time.monotonic() < until, f"not stored: {text}"
        time.sleep(0.1)


def test_a_text_of_a_report_is_stored_when_its_window_is_left(
    page_of: OpenPage, look: Look, leonberg: People, report: InterimReport
) -> None:
    page = page_of(leonberg.mediator)
    address = f"/berichte/{report.pk}/texte/outlook/"
    page.goto(address)
    page.get_by_label("Ausblick").fill("Der Aufzug kommt.")
    page.get_by_role("link", name="Zurück zum Bericht").click()
    wait_for_text("Der Aufzug kommt.")
    page.goto(address)
    expect(page.get_by_label("Ausblick")).to_have_value("Der Aufzug kommt.")
    expect(notice(page)).to_have_count(0)

    # stored, but the answer is lost: what comes after is nobody else's change
    page.context.route("**/merken/", lambda route: (route.fetch(), route.abort()))
    page.get_by_label("Ausblick").fill("Der Aufzug kommt im Mai.")
    expect(page.get_by_text("Gerade ohne Verbindung.")).to_be_visible()
    page.context.unroute("**/merken/")
    page.get_by_label("Ausblick").fill("Der Aufzug kommt im Juni.")
    expect(page.get_by_text("Gespeichert um")).to_be_visible()
    assert ReportSection.objects.get().text == "Der Aufzug kommt im Juni."

    page.context.set_offline(True)
    page.get_by_label("Ausblick").fill("Der Aufzug kommt bald.")
    expect(page.get_by_text("Gerade ohne Verbindung.")).to_be_visible()
    look(page)
    page.context.set_offline(False)
    expect(page.get_by_text("Gespeichert um")).to_be_visible()
    assert ReportSection.objects.get().text == "Der Aufzug kommt bald."

    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()) }")  # no line any more
    page.get_by_label("Ausblick").fill("Der Aufzug kommt nie.")
    page.close()
    page = newly_opened(page.context, address)
    expect(notice(page)).to_be_visible()
    expect(page.get_by_label("Ausblick")).to_have_value("Der Aufzug kommt nie.")
    wait_for_text("Der Aufzug kommt nie.")

    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()) }")  # no line any more
    page.get_by_label("Ausblick").fill("Der Aufzug kommt doch.")
    page.close()
    ReportSection.objects.update(text="Von Anton.", version=9)
    page = newly_opened(page.context, address)
    expect(page.get_by_label("Ausblick")).to_have_value("Von Anton.")
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_label("Ausblick")).to_have_value("Der Aufzug kommt doch.")
    page.get_by_role("button", name="Text speichern").click()
    expect(page.get_by_role("heading", name="Das steht dort jetzt")).to_be_visible()


def test_every_long_form_comes_back(
    page_of: OpenPage, look: Look, leonberg: People, report: InterimReport, demo_portal: LivePortal
) -> None:
    concern = report_concern(
        Concern(municipality=leonberg.town, title="Ampel", description="Sie ist stumm."), by=None
    )
    take_over(concern, by=leonberg.kiv)
    page = page_of(leonberg.mediator)
    for address, label in (
        ("/anliegen/neu/", "Worum geht es?"),
        (f"/anliegen/{concern.pk}/schritt/", "Was ist geschehen?"),
        (f"/berichte/{report.pk}/bemerkungen/", "Bemerkung oder Frage"),
        (f"/berichte/{report.pk}/texte/outlook/", "Bemerkung oder Frage"),
    ):
        page.goto(address)
        box = page.locator("main").get_by_label(label)
        box.fill(f"Getippt auf {address}")
        page.goto(address)
        expect(box).to_have_value(f"Getippt auf {address}")
        expect(notice(page)).to_be_visible()
    page.get_by_role("button", name="Bemerkung schreiben").click()
    expect(page.get_by_role("status").filter(has_text="Ihre Bemerkung ist gespeichert.")).to_be_visible()
    page.goto(f"/berichte/{report.pk}/texte/outlook/")
    expect(page.locator("main").get_by_label("Bemerkung oder Frage")).to_have_value("")

    visitor = page_of(viewport=PHONE)
    visitor.goto("/orte/leonberg/barriere-melden/")
    visitor.get_by_label("Worum geht es?").fill("Die Ampel ist stumm")
    visitor.reload()
    expect(visitor.get_by_label("Worum geht es?")).to_have_value("Die Ampel ist stumm")
    look(visitor)
    assert owners(visitor) == [""]
    assert not visitor.evaluate("Object.keys(localStorage).some((key) => key.startsWith('kiv-draft:'))")
    # somebody else at the same computer: another window, and then an account
    other = newly_opened(visitor.context, visitor.url)
    expect(other.get_by_label("Worum geht es?")).to_have_value("")
    visitor.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    visitor.reload()
    expect(visitor.get_by_label("Worum geht es?")).to_have_value("")


def test_the_kept_page_comes_back(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator)
    page.goto("/start/")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/unterwegs/")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Dauer").fill("90")
    page.get_by_label("Art", exact=True).select_option("Begehung")
    page.reload()
    expect(notice(page)).to_be_visible()
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    expect(page.get_by_label("Art", exact=True)).to_have_value("begehung")
    look(page)
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.get_by_label("Titel")).to_have_value("")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Dauer").fill("90")
    page.get_by_label("Handlungsfeld", exact=True).select_option(index=1)
    page.get_by_label("Art", exact=True).select_option("Begehung")
    draft_is_kept(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_label("Titel")).to_have_value("")
    no_draft_is_left(page)
