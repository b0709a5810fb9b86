"""The log in a hurry: few keys and taps, details when wanted, and a browser that forgets nothing too early."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from activities.models import Activity, ClosedPeriod
from tests import factories
from tests.e2e.hands import Hands
from tests.e2e.keyboard import has_focus
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320, "height": 640}
TITLE, TEXT = "Sprechstunde im Rathaus", "Zwei Familien fragten nach einer Wohnung ohne Stufen."
MOST = 12  # key presses or taps beyond the text itself must stay below


def report(where: str, hands: Hands, started: float) -> None:
    sys.stdout.write(
        f"\nquick entry, {where}: {hands.count} presses, {time.monotonic() - started:.1f} seconds\n"
    )
    assert hands.count < MOST


def saved(page: Page, minutes: int) -> Activity:
    expect(page.get_by_role("status").filter(has_text=f"Gespeichert: {TITLE}")).to_be_visible()
    stored = Activity.objects.get(title=TITLE)
    assert (stored.minutes, stored.description) == (minutes, TEXT)
    return stored


def test_a_quick_entry_by_keyboard(page_of: OpenPage, look: Look, leonberg: People) -> None:
    last = Activity.objects.order_by("-pk")[0]
    page = page_of(leonberg.mediator)
    page.goto("/aktivitaeten/")
    link, hands = page.get_by_role("link", name="Aktivität erfassen"), Hands(page)
    link.focus()
    started = time.monotonic()
    hands.press("Enter")
    expect(page.get_by_label("Titel")).to_be_focused()
    page.keyboard.type(TITLE)
    hands.press("Tab")
    assert has_focus(page.get_by_label("Was ist passiert?"))
    page.keyboard.type(TEXT)
    hands.press("Tab", "Tab", "9", "0", "Enter")
    stored = saved(page, 90)
    report("desktop by keyboard", hands, started)
    assert (stored.kind, stored.field) == (last.kind, last.field)


def test_a_quick_entry_on_a_phone(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport=PHONE, has_touch=True)
    page.goto("/start/")
    hands, started = Hands(page), time.monotonic()
    hands.tap(page.get_by_role("link", name="Aktivität erfassen"))
    hands.tap(page.get_by_label("Titel"))
    page.keyboard.insert_text(TITLE)
    hands.tap(page.get_by_label("Was ist passiert?"))
    page.keyboard.insert_text(TEXT)
    hands.tap(page.get_by_label("45 Minuten"))
    expect(page.get_by_label("Dauer")).to_have_value("45")
    hands.tap(page.get_by_role("button", name="Speichern"))
    saved(page, 45)
    report("phone", hands, started)


def test_a_quick_entry_without_a_script(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(leonberg.mediator, java_script_enabled=False)
    page.goto("/aktivitaeten/neu/")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Was ist passiert?").fill(TEXT)
    page.get_by_label("30 Minuten").check()
    page.get_by_role("button", name="Speichern").click()
    saved(page, 30)


def test_the_whole_entry_again_and_its_follow_up(page_of: OpenPage, look: Look, leonberg: People) -> None:
    factories.make_organisation("Bauamt")
    factories.make_organisation("Seniorenrat")
    factories.make_concern(leonberg.town)
    page = page_of(leonberg.mediator, viewport=PHONE)
    page.goto("/aktivitaeten/neu/")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("60 Minuten").check()
    page.get_by_text("Einzelheiten").click()
    page.get_by_label("Ort").fill("Rathaus, Zimmer 3")
    page.get_by_label("Bauamt").check()
    page.get_by_label("Andere Stellen oder Vereine").fill("Lebenshilfe")
    page.get_by_label("Erreichte Personen").fill("ca. 30")
    page.get_by_label("Ergebnis (freiwillig)", exact=True).select_option("abgelehnt")
    page.get_by_label("Wiedervorlage am").fill("1.4.2022")
    page.get_by_label("Anliegen").select_option("Bordstein an der Kreuzung")
    page.get_by_label("Fahrzeit").fill("20")
    page.get_by_label("Auslagen in Euro").fill("12,50")
    page.get_by_label("Interne Notiz").fill("Beim nächsten Mal früher anrufen.")
    look(page)
    page.get_by_role("button", name="Speichern").click()
    summary = page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Erläuterung zum Ergebnis")).to_be_focused()
    look(page)
    page.get_by_label("Erläuterung zum Ergebnis").fill("Kein Geld im Haushalt")
    page.get_by_role("button", name="Und gleich die nächste erfassen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aktivität erfassen")
    expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_focused()
    expect(page.get_by_label("Titel")).to_have_value("")

    page.goto("/start/")
    follow_ups = page.get_by_role("region", name="Wiedervorlagen")
    expect(follow_ups.get_by_role("listitem")).to_contain_text(TITLE)
    look(page)
    follow_ups.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("ca. 30")).to_be_visible()
    expect(page.get_by_text("Bauamt, Lebenshilfe")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Ähnliche erfassen").click()
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    expect(page.get_by_label("Dauer")).to_have_value("1:00 h")
    expect(page.get_by_label("Lebenshilfe")).to_be_checked()
    look(page)
    page.goto("/start/")
    follow_ups.get_by_role("button", name="Erledigt").click()
    expect(page.get_by_role("status").filter(has_text=f"Wiedervorlage erledigt: {TITLE}")).to_be_focused()
    expect(follow_ups).to_have_count(0)


def test_a_locked_entry_gets_a_correction(page_of: OpenPage, look: Look, leonberg: People) -> None:
    activity = factories.make_activity(leonberg.kiv, leonberg.town, title=TITLE)
    ClosedPeriod.objects.create(
        municipality=leonberg.town,
        starts_on=factories.START,
        ends_on=factories.END,
        reason="Der Zwischenbericht ist abgeschlossen",
    )
    page = page_of(leonberg.mediator)
    page.goto(f"/aktivitaeten/{activity.pk}/")
    expect(page.get_by_text("ist abgeschlossen").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Berichtigung hinzufügen").click()
    page.get_by_role("button", name="Berichtigung hinzufügen").click()
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    look(page)
    page.get_by_label("Was ist richtig?").fill("Es waren weniger Menschen da.")
    page.get_by_role("button", name="Berichtigung hinzufügen").click()
    expect(page.get_by_role("region", name="Berichtigungen")).to_contain_text("Es waren weniger Menschen da.")
    look(page)
    page.goto("/aktivitaeten/")
    expect(page.get_by_role("row", name=TITLE)).to_contain_text("berichtigt")
    look(page)
