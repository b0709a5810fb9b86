"""A mediator brings along a spreadsheet: upload, columns, check, answers at the rows, storing. With a real worker."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import python_calamine
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, ActivityImport
from tests.activities.imports import table_files as files
from tests.e2e.hands import Hands
from tests.live import LiveProcess
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

HEADER = ["Datum", "Tätigkeit", "Dauer", "Art", "Bemerkung"]
GOOD = ["1.3.2022", "Begehung der Bücherei", "1:30", "Ortstermin", "Der Aufzug war zu eng."]
BAD = ["31.2.2022", "Beratung im Rathaus", "sehr lange", "Beratung", ""]


def test_from_the_spreadsheet_to_the_log(
    page_of: OpenPage, look: Look, leonberg: People, celery_worker_process: LiveProcess, tmp_path: Path
) -> None:
    first = tmp_path / "Meine Liste.xlsx"
    first.write_bytes(files.xlsx([HEADER, GOOD, BAD]))
    page = page_of(leonberg.mediator)
    page.goto("/aktivitaeten/")
    page.get_by_role("link", name="Tabelle einlesen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tabelle einlesen")
    look(page)
    page.get_by_role("button", name="Tabelle hochladen").click()
    summary = page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")
    expect(summary).to_be_focused()
    look(page)

    page.get_by_label("Ihre Tabelle").set_input_files(first)
    page.get_by_role("button", name="Tabelle hochladen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Was steht in welcher Spalte?")
    expect(page.get_by_label("Spalte „Tätigkeit“")).to_have_value("title")
    look(page)
    page.get_by_label("Spalte „Datum“").select_option("nicht übernehmen")
    page.get_by_role("button", name="Tabelle prüfen").click()
    expect(page.get_by_role("region", name="Noch nicht gespeichert")).to_contain_text("Datum")
    look(page)
    page.get_by_label("Spalte „Datum“").select_option("Datum")
    page.get_by_role("button", name="Tabelle prüfen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Was bedeuten diese Wörter?")
    look(page)
    page.get_by_label("Art „Ortstermin“").select_option("Begehung")
    page.get_by_role("button", name="Tabelle prüfen").click()

    expect(page.get_by_role("heading", name="Ergebnis der Prüfung")).to_be_visible(timeout=60_000)
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Zeile 3"))
    expect(row).to_contain_text("Fehler")
    expect(row).to_contain_text("Den 31.2.2022 gibt es nicht.")
    expect(page.get_by_role("button", name="übernehmen")).to_have_count(0)
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tabelle mit Ergebnis herunterladen").click()
    marked = python_calamine.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert [line[0][:6] for line in marked.get_sheet_by_index(0).to_python()] == [
        "Ergebn",
        "In Ord",
        "Fehler",
    ]

    answers = page.get_by_role("group", name="Ihre Antwort zu Zeile 3: Beratung im Rathaus")
    answers.get_by_label("Datum").fill("28.2.2022")
    answers.get_by_label("Dauer").fill("45 min")
    page.get_by_role("button", name="Antworten speichern und neu prüfen").click()
    expect(page.get_by_role("button", name="2 Aktivitäten übernehmen")).to_be_visible(timeout=60_000)
    look(page)
    page.get_by_role("link", name="von Ihnen beantwortet (1)").click()
    expect(row).to_contain_text("Datum haben Sie geändert. In der Tabelle steht „31.2.2022“.")
    look(page)
    page.get_by_role("button", name="2 Aktivitäten übernehmen").click()
    expect(page.get_by_text("2 Aktivitäten sind gespeichert.")).to_be_visible(timeout=60_000)
    look(page)
    page.get_by_role("link", name="Zu meinen Aktivitäten").click()
    assert Activity.objects.filter(description="Der Aufzug war zu eng.", kind__name="Begehung").count() == 1
    page.goto("/aktivitaeten/?start=28.2.2022&end=28.2.2022")
    expect(page.get_by_role("link", name="Beratung im Rathaus")).to_be_visible()

    page.goto("/aktivitaeten/einlesen/")
    page.get_by_role("link", name="Meine Liste.xlsx").click()
    page.get_by_role("link", name="Jetzt schon löschen").click()
    look(page)
    page.get_by_role("button", name="Tabelle löschen").click()
    expect(page.get_by_role("status").filter(has_text="Gelöscht: Meine Liste.xlsx")).to_be_focused()
    expect(page.get_by_role("link", name="Meine Liste.xlsx")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_private_words_are_asked_about_before_they_are_stored(
    page_of: OpenPage,
    look: Look,
    leonberg: People,
    celery_worker_process: LiveProcess,
    tmp_path: Path,
    phone: bool,
) -> None:
    liste = tmp_path / "Liste.xlsx"
    private = ["2.3.2022", "Beratung von Frau Huber", "1:00", "Beratung", "Rückruf: huber@post.example"]
    liste.write_bytes(files.xlsx([HEADER, [*GOOD[:3], "Begehung", GOOD[4]], private]))
    page = page_of(leonberg.mediator, **({"viewport": {"width": 320, "height": 640}} if phone else {}))
    page.goto("/aktivitaeten/einlesen/")
    page.get_by_label("Ihre Tabelle").set_input_files(liste)
    page.get_by_role("button", name="Tabelle hochladen").click()
    page.get_by_role("button", name="Tabelle prüfen").click()
    expect(page.get_by_role("heading", name="Bitte kurz prüfen")).to_be_visible(timeout=60_000)
    look(page)
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Zeile 3"))
    for place in ("Titel: „Frau Huber“", "Was ist passiert? „huber@post.example“"):
        expect(row).to_contain_text(place)
    expect(page.get_by_text("Begehung der Bücherei")).to_have_count(0)
    row.get_by_text("So übernehmen").click()
    page.get_by_role("button", name="Antworten speichern und neu prüfen").click()
    expect(page.get_by_role("button", name="2 Aktivitäten übernehmen")).to_be_visible(timeout=60_000)
    look(page)
    page.get_by_role("button", name="2 Aktivitäten übernehmen").click()
    expect(page.get_by_text("2 Aktivitäten sind gespeichert.")).to_be_visible(timeout=60_000)
    assert Activity.objects.get(title="Beratung von Frau Huber").description == "Rückruf: huber@post.example"


def test_on_a_phone_without_a_script(page_of: OpenPage, look: Look, leonberg: People, tmp_path: Path) -> None:
    """A worker has it and takes its time: a reload shows how far it is, and a button ends it."""
    liste = tmp_path / "Liste.csv"
    liste.write_bytes(files.csv([HEADER, GOOD, BAD], encoding="cp1252"))
    with_script = page_of(leonberg.mediator, viewport={"width": 320, "height": 640})
    with_script.goto("/aktivitaeten/einlesen/")
    look(with_script)
    page = page_of(leonberg.mediator, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto("/aktivitaeten/einlesen/")
    page.get_by_label("Ihre Tabelle").set_input_files(liste)
    page.get_by_role("button", name="Tabelle hochladen").click()
    expect(page.get_by_label("Schrift der Datei")).to_have_value("cp1252")
    with_script.goto(page.url)
    look(with_script)
    imported = ActivityImport.objects.get()
    imported.runs.create(
        kind="check",
        state="running",
        step="judge",
        rows_done=1,
        lease_until=timezone.now() + dt.timedelta(hours=1),
        requested_by=leonberg.mediator,
    )
    page.goto(f"/aktivitaeten/einlesen/{imported.pk}/")
    expect(page.get_by_text("1 von 2 Zeilen geprüft.")).to_be_visible()
    with_script.goto(page.url)
    look(with_script)
    page.get_by_role("link", name="Stand neu laden").click()
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_text("Sie haben abgebrochen. Es wurde nichts gespeichert.")).to_be_visible()
    with_script.goto(page.url)
    look(with_script)
    expect(page.get_by_role("button", name="Tabelle noch einmal prüfen")).to_be_visible()


MESSY = [
    ["Januar 2022", "", "", "", ""],
    ["Di 18.1.2022", "Beratung im Rathaus", "1,5", "Beratung", ""],
    ["20.1.", "Begehung am Bahnhof", "10-12 Uhr", "Begehung", ""],
    ["31.2.2022", "Treffen mit dem Bauamt", "45 min", "Beratung", ""],
    ["21.1.2022", "Telefonat", "30 min", "Beratung", ""],
    ["21.1.2022", "Telefonat", "30 min", "Beratung", ""],
    ["24.1.2022", "Telefonat", "20 min", "Beratung", ""],
    ["24.1.2022", "Telefonat", "20 min", "Beratung", ""],
    ["", "Summe", "5:10", "", ""],
]


def test_a_messy_table_on_a_phone(
    page_of: OpenPage, look: Look, leonberg: People, celery_worker_process: LiveProcess, tmp_path: Path
) -> None:
    """By touch at 360 px, from choosing the file to "stored": a month's heading, two pairs that look alike, a day that
    does not exist, a sum.
    """
    liste = tmp_path / "Liste.csv"
    liste.write_bytes(files.csv([HEADER, *MESSY]))
    page = page_of(leonberg.mediator, viewport={"width": 360, "height": 640}, has_touch=True)
    page.goto("/aktivitaeten/einlesen/")
    hands = Hands(page)
    hands.attach(page.get_by_label("Ihre Tabelle"), liste)
    hands.tap(page.get_by_role("button", name="Tabelle hochladen"))
    look(page)
    hands.tap(page.get_by_role("button", name="Tabelle prüfen"))
    expect(page.get_by_text("Bei 3 Zeilen weiter unten brauchen wir Ihre Antwort.")).to_be_visible(
        timeout=60_000
    )
    look(page)
    hands.tap(page.get_by_role("button", name="Alle 2 übernehmen"))
    expect(page.get_by_text("Bei 1 Zeile weiter unten brauchen wir Ihre Antwort.")).to_be_visible(
        timeout=60_000
    )
    hands.write(page.get_by_label("Datum"), "22.1.2022")
    hands.tap(page.get_by_role("button", name="Antworten speichern und neu prüfen"))
    expect(page.get_by_role("button", name="7 Aktivitäten übernehmen")).to_be_visible(timeout=60_000)
    look(page)
    hands.tap(page.get_by_role("button", name="7 Aktivitäten übernehmen"))
    expect(page.get_by_text("7 Aktivitäten sind gespeichert.")).to_be_visible(timeout=60_000)
    hands.report("A messy table", most=8)
    assert Activity.objects.filter(title="Telefonat").count() == 4
    assert Activity.objects.get(title="Begehung am Bahnhof").starts_at == dt.time(10)
