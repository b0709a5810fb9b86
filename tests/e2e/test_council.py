"""One unbroken story: written, given back, mended, approved, delivered, read on a phone, decided, begun anew."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import CouncilQuestion, InterimReport, ReportFile
from reports.writing import services as texts
from tests import factories
from tests.e2e.keyboard import press_on, type_into
from tests.live import LiveProcess
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320, "height": 640}


def follow(page: Page, name: str) -> None:
    """To another page, and until that is there."""
    with page.expect_navigation():
        press_on(page, page.get_by_role("link", name=name).first)


def press(page: Page, name: str) -> None:
    press_on(page, page.get_by_role("button", name=name, exact=True).first)


def write(page: Page, label: str, text: str) -> None:
    type_into(page, page.get_by_label(re.compile(rf"^{re.escape(label)}")).first, text)


def told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_focused()


def wait_for_files(number: int) -> None:
    deadline = time.monotonic() + 120
    while ReportFile.objects.filter(snapshot__number=number).exclude(state="done").exists():
        assert not ReportFile.objects.filter(state="failed").exists(), ReportFile.objects.values(
            "kind", "reason"
        )
        assert time.monotonic() < deadline, "the worker did not finish"
        time.sleep(0.2)


def test_from_the_first_text_to_the_next_term(
    page_of: OpenPage, look: Look, leonberg: People, celery_worker_process: LiveProcess
) -> None:
    leonberg.town.agreements.update(ends_on=factories.END)
    report = factories.make_report(leonberg.town)
    report.consultations.create(session_on=timezone.localdate())
    texts.save_section(report, "easy", "Das ist ein Bericht.", version=0, by=leonberg.mediator)

    mediator = page_of(leonberg.mediator)
    mediator.goto(f"/berichte/{report.pk}/")
    expect(mediator.get_by_role("heading", name="Was noch fehlt")).to_be_visible()
    look(mediator)
    follow(mediator, "Auf einen Blick")
    write(mediator, "Auf einen Blick", "- Wir waren bei {Aktivitäten} Terminen.")
    expect(mediator.get_by_text("Gespeichert um")).to_be_visible(timeout=10_000)
    look(mediator)
    press(mediator, "Text speichern")
    follow(mediator, "Bericht einreichen")
    expect(mediator.get_by_text("es gibt keinen Beschlussvorschlag")).to_be_visible()
    look(mediator)
    follow(mediator, "Noch nicht")
    follow(mediator, "Beschlussvorschlag")
    write(mediator, "Beschlussvorschlag", "1. Die Stadt macht weiter mit.")
    press(mediator, "Text speichern")
    follow(mediator, "Vorschau als PDF")
    press(mediator, "Vorschau erstellen")
    expect(mediator.get_by_role("link", name="Entwurf herunterladen")).to_be_visible(timeout=60_000)
    look(mediator)
    follow(mediator, "Zurück zum Bericht")
    follow(mediator, "Text in einfacher Sprache")
    look(mediator)
    follow(mediator, "Prüfung durch eine Prüfgruppe eintragen")
    write(mediator, "Geprüft am", "gestern")
    write(mediator, "Prüfgruppe", "Prüfgruppe Leonberg")
    write(mediator, "Anzahl der Personen", "5")
    look(mediator)
    press(mediator, "Prüfung eintragen")
    follow(mediator, "Bericht einreichen")
    look(mediator)
    press(mediator, "Bericht einreichen")
    told(mediator, "Der Bericht ist eingereicht.")
    wait_for_files(1)

    contact = page_of(leonberg.contact)
    contact.goto(f"/berichte/{report.pk}/")
    look(contact)
    follow(contact, "Zurückgeben")
    press(contact, "Bericht zurückgeben")
    expect(contact.get_by_text("Bitte schreiben Sie, was am Bericht zu ändern ist.").first).to_be_visible()
    look(contact)
    write(contact, "Was ist zu tun?", "Bitte die Kosten nennen.")
    press(contact, "Bericht zurückgeben")
    told(contact, "Der Bericht ist zurückgegeben")

    mediator.goto(f"/berichte/{report.pk}/")
    expect(mediator.get_by_text("Bitte die Kosten nennen.").first).to_be_visible()
    look(mediator)
    follow(mediator, "Aufwand und Kosten")
    write(mediator, "Aufwand und Kosten", "Es hat 1.540 Euro gekostet.")
    press(mediator, "Text speichern")
    follow(mediator, "Bericht einreichen")
    press(mediator, "Bericht einreichen")
    told(mediator, "Der Bericht ist eingereicht.")
    wait_for_files(2)

    county = page_of(leonberg.coordinator)
    county.goto(f"/berichte/{report.pk}/")
    follow(county, "Prüfen und freigeben")
    look(county)
    press(county, "Bericht freigeben")
    expect(county.get_by_text("Bitte bestätigen Sie das").first).to_be_visible()
    look(county)
    press_on(county, county.get_by_label("Ich gebe den Bericht trotzdem frei"), " ")
    press(county, "Bericht freigeben")
    told(county, "Freigegeben.")
    follow(county, "Dem Gemeinderat zustellen")
    write(county, "Öffentlich ab", "heute")
    look(county)
    press(county, "Bericht zustellen")
    told(county, "Der Gemeinderat kann den Bericht jetzt lesen.")
    look(county)

    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Links für den Gemeinderat")
    press(contact, "Link erstellen")
    told(contact, "Der Link ist erstellt")
    look(contact)
    private = contact.get_by_role("link", name="/rat/").get_attribute("href")
    assert private

    phone = page_of(viewport=PHONE)
    phone.goto(private)
    expect(phone.get_by_text("Wir waren bei 30 Terminen.")).to_be_visible()
    look(phone)
    with phone.expect_download() as download:
        press_on(phone, phone.get_by_role("link", name="PDF herunterladen"))
    assert download.value.suggested_filename == "Zwischenbericht_Leonberg_2021-10_bis_2022-09_Ausgabe-2.pdf"
    write(phone, "Ihre Frage", "Was kostet ein weiteres Jahr?")
    press(phone, "Frage senden")
    expect(phone.get_by_text("Ihre Frage ist angekommen.")).to_be_in_viewport()
    expect(phone.get_by_text("Sie wartet auf die Antwort aus dem Rathaus.")).to_be_visible()
    look(phone)

    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Fragen aus dem Gemeinderat")
    follow(contact, "Antworten")
    write(contact, "Antwort", "Etwa gleich viel.")
    look(contact)
    press(contact, "Antwort speichern")
    told(contact, "Die Antwort ist gespeichert.")
    look(contact)
    assert CouncilQuestion.objects.get().answered_by == leonberg.contact
    phone.goto(private)
    expect(phone.get_by_text("Etwa gleich viel.")).to_be_visible()

    county.goto(f"/berichte/{report.pk}/")
    follow(county, "Etwas ist falsch: neue Ausgabe beginnen")
    look(county)
    write(county, "Warum gibt es eine neue Ausgabe?", "Eine Zahl war falsch.")
    press(county, "Neue Ausgabe beginnen")
    told(county, "Bis zur Zustellung gilt die bisherige Ausgabe.")
    look(county)
    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Aufwand und Kosten")
    write(contact, "Aufwand und Kosten", "Es hat 1.450 Euro gekostet.")
    press(contact, "Text speichern")
    follow(contact, "Bericht einreichen")
    press(contact, "Bericht einreichen")
    told(contact, "Der Bericht ist eingereicht.")
    wait_for_files(3)
    county.goto(f"/berichte/{report.pk}/freigeben/")
    press_on(county, county.get_by_label("Ich gebe den Bericht trotzdem frei"), " ")
    press(county, "Bericht freigeben")
    follow(county, "Dem Gemeinderat zustellen")
    look(county)
    press(county, "Bericht zustellen")
    told(county, "Der Gemeinderat kann den Bericht jetzt lesen.")
    phone.goto(private)
    expect(phone.get_by_text("Eine Zahl war falsch.")).to_be_visible()
    look(phone)

    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Zustellung zurückziehen")
    look(contact)
    write(contact, "Warum wird die Zustellung zurückgezogen?", "Doch nicht.")
    press(contact, "Um Bestätigung bitten")
    told(contact, "Angefragt.")
    county.goto(f"/berichte/{report.pk}/")
    follow(county, "Ansehen und entscheiden")
    look(county)
    press(county, "Zugestellt lassen")
    told(county, "Die Zustellung bleibt, wie sie ist.")

    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Beschluss eintragen")
    contact.get_by_label("Ergebnis").select_option("Vertagung")
    write(contact, "Datum der Sitzung", "heute")
    write(contact, "Grund oder Auftrag", "Es fehlen Zahlen.")
    press(contact, "Beschluss eintragen")
    told(contact, "Bitte tragen Sie jetzt die nächste Sitzung ein.")
    write(contact, "Sitzung am", "heute")
    press(contact, "Beratung speichern")
    told(contact, "Gespeichert: Gemeinderat")

    contact.goto(f"/berichte/{report.pk}/")
    follow(contact, "Beschluss eintragen")
    contact.get_by_label("Ergebnis").select_option("Fortführung mit Änderungen")
    write(contact, "Datum der Sitzung", "heute")
    write(contact, "Ja-Stimmen", "20")
    press(contact, "Beschluss eintragen")
    expect(contact.get_by_text("Bitte schreiben Sie, was sich ändert.").first).to_be_visible()
    look(contact)
    write(contact, "Auflagen oder Änderungen", "Zwei Sprechstunden im Monat.")
    write(contact, "Ja-Stimmen", "20")
    write(contact, "Nein-Stimmen", "4")
    write(contact, "Enthaltungen", "1")
    press(contact, "Beschluss eintragen")
    expect(contact.get_by_text("An diesem Tag beraten Gemeinderat und Gemeinderat.").first).to_be_visible()
    look(contact)
    contact.get_by_label("Gremium").select_option(index=2)
    press(contact, "Beschluss eintragen")
    told(contact, "Das Landratsamt bestätigt, was daraus folgt.")
    with contact.expect_navigation():
        press_on(contact, contact.get_by_role("link", name="Berichtigen").last)
    look(contact)
    write(contact, "Ja-Stimmen", "21")
    write(contact, "Was war falsch?", "Falsch gezählt.")
    press(contact, "Berichtigung speichern")
    told(contact, "Berichtigt.")
    look(contact)

    county.goto(f"/berichte/{report.pk}/")
    follow(county, "Bestätigen, was daraus folgt")
    expect(county.get_by_role("heading", level=1)).to_have_text("Was folgt auf den Beschluss?")
    look(county)
    press(county, "Bestätigen")
    told(county, "Der nächste Bericht ist am 31.10.2023 fällig.")
    look(county)
    following = InterimReport.objects.get(state="planned")
    assert (following.period_start, following.period_end) == (dt.date(2022, 10, 1), dt.date(2023, 9, 30))

    everybody = page_of(viewport=PHONE)
    everybody.goto("/orte/leonberg/berichte/")
    look(everybody)
    follow(everybody, "01.10.2021 bis 30.09.2022")
    expect(everybody.get_by_text("Zwei Sprechstunden im Monat.")).to_be_visible()
    expect(everybody.get_by_text("Falsch gezählt.")).to_be_visible()
    look(everybody)
