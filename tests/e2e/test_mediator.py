"""A mediator's day: log, correct, find and delete, by keyboard alone, and nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import expect

from activities.models import Activity
from tests import factories
from tests.e2e.keyboard import press_on, tab_to, type_into
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Rampe am Rathaus geprüft"


def yesterday() -> dt.date:
    """Of the machine, as the field takes it; a run may pass midnight."""
    return dt.date.today() - dt.timedelta(days=1)  # noqa: DTZ011


def test_the_log_by_keyboard_alone(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator)
    page.goto("/start/")
    look(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aktivität erfassen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aktivität erfassen")
    look(page)

    # Sent half empty: the summary has the focus, its links lead to the fields, what was typed stays.
    title = page.get_by_label("Titel")
    expect(title).to_be_focused()
    type_into(page, page.get_by_label("Was ist passiert?"), "Sie war zu steil.")
    press_on(page, page.get_by_role("button", name="Speichern"))
    summary = page.get_by_role("region", name="2 Angaben fehlen oder passen nicht")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Fehler: Aktivität erfassen – KIV-Portal")
    expect(summary.get_by_role("link")).to_have_count(2)  # field and kind are the last ones
    look(page)
    press_on(page, summary.get_by_role("link", name="Titel: Bitte geben Sie der Aktivität einen Titel."))
    expect(title).to_be_focused()
    expect(title).to_have_accessible_description(re.compile("Bitte geben Sie der Aktivität einen Titel."))
    expect(page.get_by_label("Was ist passiert?")).to_have_value("Sie war zu steil.")

    page.keyboard.type(TITLE)
    type_into(page, page.get_by_label("Datum"), "gestern")
    type_into(page, page.get_by_label("Dauer"), "1h30")
    tab_to(page, page.get_by_label("Handlungsfeld", exact=True))
    page.keyboard.type("Verkehr")
    tab_to(page, page.get_by_label("Art", exact=True))
    page.keyboard.type("Begehung")
    press_on(page, page.locator("summary", has_text="Einzelheiten"))
    type_into(page, page.get_by_label("Erreichte Personen"), "12")
    press_on(page, page.get_by_label("Gesundheit"), "Space")
    press_on(page, page.get_by_role("button", name="Speichern"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Meine Aktivitäten")
    confirmation = page.get_by_role("status").filter(has_text=TITLE)
    expect(confirmation).to_contain_text(f"Gespeichert: {TITLE}, gestern, 1 Stunde 30 Minuten.")
    expect(confirmation).to_be_focused()
    row = page.get_by_role("row", name=TITLE)
    expect(row).to_contain_text(f"{yesterday():%d.%m.%Y}")
    expect(row).to_contain_text("Verkehr und Infrastruktur")
    look(page)
    stored = Activity.objects.get(title=TITLE)
    assert (stored.day, stored.minutes, stored.people_reached) == (yesterday(), 90, 12)
    assert (stored.kind.name, stored.field_code, stored.further_fields) == (
        "Begehung",
        "verkehr",
        ["gesundheit"],
    )

    press_on(page, page.get_by_role("link", name=TITLE))
    look(page)
    press_on(page, page.get_by_role("link", name="Bearbeiten"))
    look(page)
    type_into(page, page.get_by_label("Dauer"), "2 Stunden")
    press_on(page, page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status").filter(has_text=f"Geändert: {TITLE}")).to_be_focused()
    expect(page.get_by_role("row", name=TITLE)).to_contain_text("2 Stunden")

    press_on(page, page.get_by_role("link", name=TITLE))
    press_on(page, page.get_by_role("button", name="Löschen"))
    expect(page.get_by_role("status").filter(has_text=f"Gelöscht: {TITLE}")).to_be_focused()
    look(page)
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    press_on(page, page.get_by_role("button", name="Rückgängig"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def test_search_for_what_was_done(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator)
    page.goto("/aktivitaeten/")
    expect(page.get_by_role("link", name="Neuere")).to_have_count(0)
    page.get_by_role("link", name="Ältere").click()
    expect(page.get_by_role("link", name="Neuere")).to_be_visible()
    look(page)

    page.get_by_text("Filter und Reihenfolge").click()
    page.get_by_label("Handlungsfeld").select_option("Querschnitt")
    page.get_by_label("Von").fill("1.11.2021")
    page.get_by_label("Bis").fill("31.3.2022")
    page.get_by_role("button", name="Liste filtern").click()
    expect(page.get_by_text("2 Aktivitäten", exact=True)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_text("Filter und Reihenfolge (3 aktiv)").click()
    expect(page.get_by_label("Von")).to_have_value("1.11.2021")
    look(page)

    page.get_by_label("Von").fill("irgendwann")
    page.get_by_role("button", name="Liste filtern").click()
    summary = page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Von")).to_be_focused()
    expect(page.get_by_label("Von")).to_have_value("irgendwann")
    look(page)

    page.get_by_role("link", name="Alle zeigen").click()
    page.get_by_text("Filter und Reihenfolge").click()
    page.get_by_label("Von").fill("1.1.1999")
    page.get_by_label("Bis").fill("31.12.1999")
    page.get_by_role("button", name="Liste filtern").click()
    expect(page.get_by_role("heading", name="Keine Aktivität passt zu dieser Auswahl")).to_be_visible()
    look(page)

    response = page.goto("/aktivitaeten/?field=quatsch&start=%00%ff&end=9999-99-99&page=-7&page=%27&x[]=1")
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("region", name="3 Angaben fehlen oder passen nicht")).to_be_focused()


def test_sent_twice_is_stored_once(page_of: OpenPage, leonberg: People) -> None:
    """Without a script only the server can notice."""
    for options in ({}, {"java_script_enabled": False}):
        Activity.objects.filter(title=TITLE).delete()
        page = page_of(leonberg.mediator, **options)
        page.goto("/aktivitaeten/neu/")
        page.get_by_label("Titel").fill(TITLE)
        page.get_by_label("Art", exact=True).select_option("Begehung")
        page.get_by_label("Dauer").fill("90")
        page.get_by_label("Handlungsfeld", exact=True).select_option("Querschnitt (alle Felder)")
        page.get_by_role("button", name="Speichern").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text("Meine Aktivitäten")
        expect(page.get_by_role("link", name=TITLE)).to_have_count(1)


def test_two_tabs_do_not_overwrite_each_other(page_of: OpenPage, look: Look, leonberg: People) -> None:
    activity = factories.make_activity(leonberg.kiv, leonberg.town, title=TITLE)
    first = page_of(leonberg.mediator)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"/aktivitaeten/{activity.pk}/bearbeiten/")
    first.get_by_label("Titel").fill("Rampe im ersten Fenster")
    first.get_by_role("button", name="Speichern").click()
    expect(first.get_by_role("status").first).to_contain_text("Geändert")

    second.get_by_label("Titel").fill("Rampe im zweiten Fenster")
    second.get_by_role("button", name="Speichern").click()
    summary = second.get_by_role("region", name="Noch nicht gespeichert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("inzwischen in einem anderen Fenster geändert")
    expect(second.get_by_label("Titel")).to_have_value("Rampe im zweiten Fenster")
    look(second)
    activity.refresh_from_db()
    assert activity.title == "Rampe im ersten Fenster"
    second.get_by_role("button", name="Speichern").click()
    expect(second.get_by_role("link", name="Rampe im zweiten Fenster")).to_be_visible()


def test_a_lost_session_loses_no_text(page_of: OpenPage, look: Look, leonberg: People) -> None:
    leonberg.mediator.password = PBKDF2PasswordHasher().encode("ein langes Kennwort", "salz", 1000)
    leonberg.mediator.save()
    page = page_of(leonberg.mediator)
    page.goto("/aktivitaeten/neu/")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Art", exact=True).select_option("Begehung")
    page.get_by_label("Dauer").fill("90")
    page.get_by_label("Handlungsfeld", exact=True).select_option("Arbeit und Freizeit")
    page.get_by_text("Einzelheiten").click()
    page.get_by_label("Gesundheit").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Speichern").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    expect(page.get_by_role("status").first).to_contain_text("Ihr Text ist nicht verloren")
    look(page)
    page.get_by_label("E-Mail-Adresse").last.fill(leonberg.mediator.email)
    page.get_by_label("Passwort", exact=True).fill("ein langes Kennwort")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Aktivität erfassen")
    expect(page.get_by_role("status").first).to_contain_text("Ihr Text ist noch da.")
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    expect(page.get_by_label("Gesundheit")).to_be_checked()
    look(page)
    assert not Activity.objects.filter(title=TITLE).exists()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
