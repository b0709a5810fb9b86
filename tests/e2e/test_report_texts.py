# ruff: noqa: E501  what word processors write has long lines
"""Writing the report with what people bring along: forty pages from Word, and photos of the log."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.templatetags.static import static
from PIL import Image
from playwright.sync_api import expect

from activities.attachments.services import add_activity_photo, add_concern_photo
from activities.models import Activity
from demo.pictures import drawn
from kiv_portal.uploads.pasted_text import tidy
from reports.models import InterimReport, ReportSection
from tests import factories
from tests.e2e.keyboard import tab_to
from tests.kiv_portal.uploads.test_pasted_text import PASTED
from tests.live import LiveProcess
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 320, "height": 700}

# As Word for Windows puts it onto the clipboard, shortened.
WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style>p.MsoNormal { font-family: Calibri; } @page { size: 21cm }</style><title>Bericht</title></head><body lang=DE>
<!--StartFragment-->
<h1 style='color:red'>Was sich geändert hat<o:p></o:p></h1>
<p class=MsoNormal>Am <b>Markt&shy;platz</b>&nbsp;&nbsp; führt jetzt ein<br>Leit&#8203;system zum
Rathaus.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Erste Rampe</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span
style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span></span><![endif]>Zweite <i>Rampe</i></p>
<p class=MsoNormal>Beschluss:</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Weiter</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>so</p>
<table><tr><td>Ort</td><td>Zahl</td></tr><tr><td>Eltingen</td><td>3</td></tr></table>
<ol start=3><li>drei</li><li><p>vier</p></li></ol>
<p><del>Gestrichen</del> <span style='display:none'>Versteckt</span><img src="file:///C:/bild.png" onerror="window.ran = true"></p>
<script>window.ran = true</script>
<div style='mso-element:comment-list'><p>Kommentar von Frau Huber</p></div>
<!--EndFragment--></body></html>
"""
AS_TEXT = """Was sich geändert hat

Am Marktplatz führt jetzt ein
Leitsystem zum Rathaus.

- Erste Rampe
- Zweite Rampe

Beschluss:

1. Weiter
2. so

Ort Zahl

Eltingen 3

3. drei
4. vier"""


@pytest.fixture
def report(leonberg: People) -> InterimReport:
    return factories.make_report(leonberg.town)


def paste(page: Page, label: str, **formats: str) -> None:
    """As the browser tells a page of it; what the page leaves to the browser is not done here."""
    page.get_by_label(label).evaluate(
        """(field, formats) => {
            field.focus();
            const clipboardData = new DataTransfer();
            for (const [kind, text] of Object.entries(formats)) clipboardData.setData(`text/${kind}`, text);
            return field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        formats,
    )


def test_text_from_word(page_of: OpenPage, look: Look, leonberg: People, report: InterimReport) -> None:
    page = page_of(leonberg.mediator)
    page.goto(f"/berichte/{report.pk}/texte/assessment/")
    text = page.get_by_label("Bewertung")
    text.fill("Vorher. ")
    text.press("End")
    paste(page, "Bewertung", html=WORD, plain="anders")
    expect(text).to_have_value(f"Vorher. {AS_TEXT}")
    expect(page.get_by_text("Eingefügt. Absätze und Listen sind geblieben")).to_be_visible()
    assert page.evaluate("window.ran") is None
    expect(page.get_by_text("Dieser Text ist lang.")).to_be_hidden()
    look(page)
    page.keyboard.press("Control+z")
    expect(text).to_have_value("Vorher. ")

    # a picture alone is nothing for a text
    paste(page, "Bewertung", html="<img src='x'>")
    expect(text).to_have_value("Vorher. ")

    forty = f"<p>{'Wir haben über Stufen, Kanten und Wege gesprochen. ' * 60}</p>" * 40
    text.fill("")
    paste(page, "Bewertung", html=forty)
    expect(page.get_by_text("Dieser Text ist lang.")).to_be_visible()
    expect(page.get_by_text("19200 Wörter, etwa 107 Minuten zu lesen")).to_be_visible()
    look(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(page)
    page.get_by_role("button", name="Text speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert: Bewertung")).to_be_focused()
    expect(page.get_by_text("Die Texte sind lang: 19.200 Wörter, etwa 107 Minuten zu lesen.")).to_be_visible()
    look(page)
    stored = ReportSection.objects.get().text
    assert stored == tidy(stored)
    page.get_by_role("link", name="Am längsten ist „Bewertung“").click()
    expect(page.get_by_text("Dieser Text ist lang.")).to_be_visible()


def test_browser_and_server_tidy_alike(page_of: OpenPage, leonberg: People, report: InterimReport) -> None:
    page = page_of(leonberg.mediator)
    page.goto(f"/berichte/{report.pk}/texte/assessment/")
    tidied = page.evaluate(
        """async ([script, texts]) => {
            const { tidy } = await import(script);
            return texts.map(tidy);
        }""",
        [static("js/pasted-text.js"), [pasted for pasted, _ in PASTED]],
    )
    assert tidied == [stored for _, stored in PASTED]


def jpeg_of(motif: str) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(drawn(motif))).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def photos(leonberg: People) -> None:
    by = {"is_decorative": False, "by": leonberg.mediator}
    first, second = Activity.objects.order_by("day")[:2]
    add_activity_photo(first, jpeg_of("ramp"), alt_text="Eine Rampe führt zur Tür.", **by)
    add_activity_photo(second, jpeg_of("strip"), alt_text="Ein Leitstreifen führt zum Bus.", **by)
    concern = factories.make_concern(leonberg.town, is_public=True, place="Eltingen", field="verkehr")
    factories.make_step(concern, "checking", dt.date(2022, 3, 5))
    factories.make_step(concern, "done", dt.date(2022, 4, 5), "Der Bordstein ist abgesenkt.")
    add_concern_photo(concern, jpeg_of("kerb"), moment="before", alt_text="Ein hoher Bordstein.", **by)
    add_concern_photo(concern, jpeg_of("low_kerb"), moment="after", alt_text="Ein flacher Bordstein.", **by)


def test_photos_by_keyboard_into_the_report(
    page_of: OpenPage,
    look: Look,
    leonberg: People,
    report: InterimReport,
    photos: None,
    celery_worker_process: LiveProcess,
) -> None:
    page = page_of(leonberg.mediator)
    page.goto(f"/berichte/{report.pk}/")
    expect(page.get_by_text("Noch steht kein Foto im Bericht.")).to_be_visible()
    page.get_by_role("link", name="Fotos auswählen").click()
    expect(page.get_by_role("checkbox")).to_have_count(4)
    look(page)
    for name in (
        "Vorher: Bordstein an der Kreuzung",
        "Nachher: Der Bordstein ist abgesenkt",
        "Termin 1, 04.10.2021",
    ):
        tab_to(page, page.get_by_role("checkbox", name=name))
        page.keyboard.press("Space")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(page)
    tab_to(page, page.get_by_role("button", name="Auswahl speichern"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="3 Fotos stehen im Bericht.")).to_be_focused()
    look(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Bericht einreichen").click()
    page.get_by_role("button", name="Bericht einreichen").click()
    expect(page.locator("#ansage")).to_have_text("Alle Dateien sind fertig.", timeout=120_000)
    expect(page.get_by_role("link", name="Fotos auswählen")).to_have_count(0)
    expect(page.get_by_text("3 Fotos stehen im Bericht.")).to_be_visible()
    look(page)

    page.get_by_role("link", name="Im Portal lesen").click()
    pair = page.locator(".photos").first.get_by_role("img")
    expect(pair).to_have_count(2)
    left, right = (image.bounding_box() for image in pair.all())
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    pair.first.scroll_into_view_if_needed()
    look(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(page)


def test_photos_without_script(
    page_of: OpenPage, leonberg: People, report: InterimReport, photos: None
) -> None:
    page = page_of(leonberg.contact, java_script_enabled=False)
    page.goto(f"/berichte/{report.pk}/fotos/")
    page.get_by_role("checkbox", name="Termin 1, 04.10.2021").check()
    page.get_by_role("button", name="Auswahl speichern").click()
    expect(page.get_by_text("1 Foto steht im Bericht.").first).to_be_visible()
