"""What a volunteer does in a year, each on a phone by touch, and how many actions it takes from the start page.

Without a connection: test_offline.py. A messy table: test_imports.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from activities.models import Activity, ActivityPhoto, ClosedPeriod
from tests import factories
from tests.e2e.hands import Hands
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
pytestmark = pytest.mark.django_db(transaction=True)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def page(page_of: Callable[..., Page], leonberg: People) -> Page:
    """On the start page, with what happens next counted by `Hands(page)`."""
    opened = page_of(leonberg.mediator, viewport=PHONE, has_touch=True)
    opened.goto("/start/")
    return opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "rampe.jpg"
    Image.effect_noise((400, 300), 60).convert("RGB").save(file, "JPEG")
    return file


def begin(page: Page, title: str) -> Hands:
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name="Aktivität erfassen"))
    hands.write(page.get_by_label("Titel"), title)
    return hands


def save(page: Page, hands: Hands) -> None:
    hands.tap(page.get_by_role("button", name="Speichern"))


def saved(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text="Gespeichert:")).to_contain_text(words)


def close_the_year(people: People) -> None:
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on="2021-10-01", ends_on="2022-09-30", reason="Eingereicht."
    )


def test_quick(page: Page, look: Look) -> None:
    hands = begin(page, "Gespräch mit dem Bauamt")
    hands.tap(page.get_by_label("30 Minuten"))
    look(page)
    save(page, hands)
    saved(page, "Gespräch mit dem Bauamt, heute, 30 Minuten")
    hands.report("quick entry", most=4)


def test_full(page: Page, look: Look, leonberg: People) -> None:
    factories.make_organisation("Bauamt")
    hands = begin(page, "Begehung am Bahnhof")
    hands.write(page.get_by_label("Was ist passiert?"), "Der Aufzug steht.")
    hands.write(page.get_by_label("Datum"), "letzten Freitag")
    hands.write(page.get_by_label("Dauer", exact=True), "14–16 Uhr")
    hands.choose(page.get_by_label("Handlungsfeld", exact=True), "Verkehr und Infrastruktur")
    hands.choose(page.get_by_label("Art", exact=True), "Begehung")
    hands.tap(page.get_by_text("Einzelheiten"))
    hands.write(page.get_by_label("Ort"), "Bahnhof")
    hands.tap(page.get_by_label("Bauamt"))
    hands.write(page.get_by_label("Erreichte Personen"), "ca. 30")
    hands.choose(page.get_by_label("Ergebnis (freiwillig)", exact=True), "zugesagt")
    hands.write(page.get_by_label("Wiedervorlage am"), "in zwei Wochen")
    hands.write(page.get_by_label("Auslagen in Euro"), "12,50")
    look(page)
    save(page, hands)
    saved(page, "ab 14:00 Uhr, 2 Stunden")
    stored = Activity.objects.get(title="Begehung am Bahnhof")
    assert (stored.place, stored.people_reached, stored.expenses_cents) == ("Bahnhof", 30, 1250)
    assert (stored.result, [o.name for o in stored.organisations.all()]) == ("promised", ["Bauamt"])
    hands.report("full entry", most=18)


def test_photo(page: Page, look: Look, photo: Path) -> None:
    hands = begin(page, "Rampe am Rathaus")
    hands.tap(page.get_by_label("15 Minuten"))
    expect(page.get_by_role("button", name="Foto aufnehmen")).to_be_visible()
    expect(page.get_by_label("Was ist auf dem Foto zu sehen?")).to_be_hidden()
    hands.attach(page.get_by_label("Foto (freiwillig)"), photo)
    expect(page.get_by_label("Was ist auf dem Foto zu sehen?")).to_be_visible()
    look(page)
    save(page, hands)
    saved(page, "mit Foto")
    hands.report("entry with a photo", most=6)
    hands.tap(page.get_by_role("link", name="Foto beschreiben"))
    hands.tap(page.get_by_role("button", name="Nach rechts drehen"))
    look(page)
    hands.write(page.get_by_label("Was ist auf dem Foto zu sehen?"), "Eine Rampe führt zur Tür.")
    save(page, hands)
    expect(page.get_by_role("status").filter(has_text="Die Beschreibung ist gespeichert.")).to_be_visible()
    stored = ActivityPhoto.objects.get()
    assert (stored.alt_text, stored.width, stored.height) == ("Eine Rampe führt zur Tür.", 300, 400)
    hands.report("with its description, turned", most=10)


def test_one_hour_thirty(page: Page) -> None:
    hands = begin(page, "Sprechstunde im Rathaus")
    hands.write(page.get_by_label("Dauer", exact=True), "1h30")
    save(page, hands)
    saved(page, "1 Stunde 30 Minuten")
    hands.report("1h30", most=4)


def test_private_data(page: Page, look: Look) -> None:
    hands = begin(page, "Beratung zu Hilfsmitteln")
    hands.write(page.get_by_label("Was ist passiert?"), "Frau Muster braucht einen Rollstuhl.")
    hands.tap(page.get_by_label("45 Minuten"))
    save(page, hands)
    panel = page.get_by_role("region", name="Bitte kurz prüfen")
    expect(panel).to_be_focused()
    look(page)
    hands.tap(panel.get_by_role("link", name="Ich ändere es"))
    hands.write(page.get_by_label("Was ist passiert?"), "Jemand braucht einen Rollstuhl.")
    save(page, hands)
    saved(page, "Beratung zu Hilfsmitteln")
    assert (
        Activity.objects.get(title="Beratung zu Hilfsmitteln").description
        == "Jemand braucht einen Rollstuhl."
    )
    hands.report("private data taken out", most=8)


def test_monthly(page: Page, look: Look, leonberg: People) -> None:
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name="Begehung mit dem Bauamt, Termin 30"))
    hands.tap(page.get_by_role("link", name="Als Reihe wiederholen"))
    today = dt.date.today()  # noqa: DTZ011  of the machine, as the page takes it
    hands.choose(page.get_by_label("Wie oft?"), "jede Woche")
    hands.choose(page.get_by_label("Wochentag"), WEEKDAYS[today.weekday()])
    hands.write(page.get_by_label("Dauer"), "2 Stunden")
    hands.write(page.get_by_label("Ab wann?"), "heute")
    look(page)
    save(page, hands)
    expect(page.get_by_role("heading", level=1)).to_have_text("Meine Reihen")
    look(page)
    hands.report("a series", most=11)
    page.goto("/start/")
    look(page)
    hands.count = 0
    hands.tap(page.get_by_role("button", name="Ja, 2 Stunden"))
    saved(page, "Begehung mit dem Bauamt, Termin 30, heute, 2 Stunden")
    hands.report("the monthly entry", most=1)
    expect(page.get_by_role("region", name="Hat das stattgefunden?")).to_have_count(0)


def test_correction(page: Page, look: Look) -> None:
    """At once, by the confirmation."""
    hands = begin(page, "Beratung am Telefon")
    hands.tap(page.get_by_label("15 Minuten"))
    save(page, hands)
    hands.count = 0
    hands.tap(page.get_by_role("link", name="Ändern"))
    hands.tap(page.get_by_label("45 Minuten"))
    save(page, hands)
    expect(page.get_by_role("status").filter(has_text="Geändert:")).to_contain_text("45 Minuten")
    hands.report("correction", most=3)


def test_correction_of_what_a_report_has_told(page: Page, look: Look, leonberg: People) -> None:
    close_the_year(leonberg)
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name="Begehung mit dem Bauamt, Termin 30"))
    hands.tap(page.get_by_role("link", name="Berichtigung hinzufügen"))
    hands.write(page.get_by_label("Was ist richtig?"), "Es waren 14 Personen.")
    look(page)
    hands.tap(page.get_by_role("button", name="Berichtigung hinzufügen"))
    expect(page.get_by_text("Die Berichtigung steht jetzt dabei.")).to_be_visible()
    hands.report("correction of a closed entry", most=4)


def test_late_entry(page: Page, look: Look, leonberg: People) -> None:
    close_the_year(leonberg)
    hands = begin(page, "Treffen mit dem Seniorenrat")
    hands.write(page.get_by_label("Datum"), "1.3.2022")
    hands.tap(page.get_by_label("60 Minuten"))
    save(page, hands)
    look(page)
    hands.tap(page.get_by_role("button", name="Als Nachtrag speichern"))
    saved(page, "Treffen mit dem Seniorenrat")
    assert Activity.objects.get(title="Treffen mit dem Seniorenrat").is_late
    hands.report("late entry", most=6)


def test_find_by_a_part_of_a_word(page: Page, look: Look, leonberg: People) -> None:
    factories.make_activity(leonberg.kiv, leonberg.town, title="Eröffnung des Sandspielplatzes")
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name="Alle meine Aktivitäten"))
    hands.write(page.get_by_label("Suchen"), "spielplatz")
    hands.tap(page.get_by_role("button", name="Suchen"))
    look(page)
    hands.tap(page.get_by_role("link", name="Eröffnung des Sandspielplatzes"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Eröffnung des Sandspielplatzes")
    hands.report("find by a part of a word", most=4)


def test_export(page: Page, look: Look) -> None:
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name="Alle meine Aktivitäten"))
    hands.tap(page.get_by_text("Drucken oder als Datei mitnehmen"))
    look(page)
    with page.expect_download() as download:
        hands.tap(page.get_by_role("link", name="Tabelle für Excel (XLSX)"))
    assert download.value.suggested_filename.endswith(".xlsx")
    hands.report("export", most=3)
    hands.tap(page.get_by_role("link", name="Liste zum Drucken"))
    look(page)
    page.evaluate("window.print = () => (window.printed = true)")
    hands.tap(page.get_by_role("button", name="Drucken"))
    page.wait_for_function("window.printed")
