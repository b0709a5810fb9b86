"""Entries made without a connection: none is lost, none is stored twice, nobody else sees them."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.templatetags.static import static
from PIL import Image
from playwright.sync_api import expect

from activities.models import Activity, ActivityPhoto, ClosedPeriod
from kiv_portal.accounts.models import User
from tests import factories
from tests.e2e.hands import Hands
from tests.e2e.keyboard import press_on, type_into
from tests.e2e.line import Line
from tests.live import LivePortal, start_portal
from tests.people import People, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Look = Callable[["Page"], None]
pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Rampe an der Haltestelle geprüft"
PASSWORD = "ein langes Kennwort"


def today() -> dt.date:
    """Of the machine, as the field takes it; a run may pass midnight."""
    return dt.date.today()  # noqa: DTZ011


class Phone:
    """A browser that keeps what it has when it is closed."""

    def __init__(self, browser: Browser, folder: Path, url: str) -> None:
        self._browser, self._folder, self.url = browser, folder, url
        self.problems: list[str] = []
        self.open()

    def open(self, **options: Any) -> Page:
        self.context: BrowserContext = self._browser.browser_type.launch_persistent_context(
            self._folder,
            executable_path=shutil.which("chromium-headless-shell"),
            args=["--no-sandbox"],
            base_url=self.url,
            locale="de-DE",
            reduced_motion="reduce",
            **({"viewport": {"width": 1280, "height": 900}} | options),
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("console", self._note)
        return self.page

    def _note(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def close(self) -> None:
        self.context.close()

    def sign_in(self, person: User) -> None:
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value,
            "url": self.url,
            "expires": time.time() + 86_400,
        }
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def prepare(self, person: User) -> Page:
        """Signed in, and once on the start page: from now on it works without a connection."""
        self.sign_in(person)
        self.page.goto("/start/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function(
            "async (store) => navigator.serviceWorker.controller"
            " && await (await import(store)).kept(document.body.dataset.account)",
            arg=static("js/offline/store.js"),
        )
        return self.page


@pytest.fixture
def line(live_portal: LivePortal) -> Iterator[Line]:
    with Line(live_portal) as opened:
        yield opened
        opened.shutdown()


@pytest.fixture
def phone(browser: Browser, line: Line, tmp_path: Path) -> Iterator[Phone]:
    opened = Phone(browser, tmp_path / "profile", line.url)
    yield opened
    opened.close()
    assert not opened.problems, "\n".join(opened.problems)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "rampe.jpg"
    Image.effect_noise((800, 600), 60).convert("RGB").save(file, "JPEG", quality=95)
    return file


def fill(page: Page, title: str = TITLE, **more: str) -> None:
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Datum").fill(more.get("day", "gestern"))
    page.get_by_label("Dauer").fill(more.get("minutes", "1h30"))
    page.get_by_label("Handlungsfeld").select_option("Gesundheit")
    page.get_by_label("Art", exact=True).select_option("Begehung")


def save(page: Page, title: str = TITLE, **more: str) -> None:
    fill(page, title, **more)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_label("Titel")).to_have_value("")


def add_photo(page: Page, photo: Path) -> None:
    page.get_by_label("Foto (freiwillig)").set_input_files(photo)
    page.get_by_label("Was ist auf dem Foto zu sehen?").fill("Eine Rampe mit Geländer")


def queue(page: Page, sentence: str) -> Any:
    return page.get_by_role("heading", name=sentence, exact=True)


def expect_nothing_waits(page: Page, **options: Any) -> None:
    expect(page.get_by_role("heading", name=re.compile("auf Verbindung$"))).to_have_count(0, **options)


def look_small_and_large(page: Page, look: Look) -> None:
    for width, height in ((320, 640), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
        )
        look(page)


def test_three_entries_without_a_connection(phone: Phone, look: Look, leonberg: People, photo: Path) -> None:
    before = Activity.objects.count()
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/")  # what people type when they look for the portal
    expect(page.get_by_role("heading", level=1)).to_have_text("Erfassen ohne Verbindung")
    expect(page.get_by_text("Zurzeit gibt es keine Verbindung.")).to_be_visible()
    expect(page.get_by_role("heading", name="Begehung mit dem Bauamt, Termin 30")).to_be_visible()
    look_small_and_large(page, look)

    page.goto("/aktivitaeten/neu/")
    # as in the entry before, and titles from before to choose from
    expect(page.get_by_label("Handlungsfeld")).not_to_have_value("")
    expect(page.get_by_label("Art", exact=True)).not_to_have_value("")
    expect(page.locator("#unterwegs-titel-vorschlaege option").first).to_have_attribute(
        "value", "Begehung mit dem Bauamt, Termin 30"
    )
    page.get_by_role("button", name="Speichern").click()
    summary = page.get_by_role("region", name="2 Angaben fehlen oder passen nicht")
    expect(summary).to_be_focused()
    look_small_and_large(page, look)
    summary.get_by_role("link", name="Dauer: Bitte geben Sie an, wie lange es gedauert hat.").click()
    expect(page.get_by_label("Dauer")).to_be_focused()
    expect(page.get_by_label("Dauer")).to_have_accessible_description(re.compile("wie lange es gedauert hat"))

    # the first one by keyboard alone
    page.get_by_label("Titel").focus()
    page.keyboard.type(TITLE)
    type_into(page, page.get_by_label("Datum"), "gestern")
    type_into(page, page.get_by_label("Dauer"), "90")
    for label, choice in (("Handlungsfeld", "Verkehr"), ("Art", "Begehung")):
        press_on(page, page.get_by_label(label, exact=True), choice[0])
        page.keyboard.type(choice[1:])
    type_into(page, page.get_by_label("Was ist passiert?"), "Sie ist zu steil.")
    press_on(page, page.get_by_role("button", name="Speichern"))
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    expect(page.locator("#ansage")).to_have_text(
        f"Gespeichert: {TITLE}. Der Eintrag wartet auf diesem Gerät."
    )

    page.goto("/aktivitaeten/")
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    expect(page.get_by_label("Handlungsfeld").locator("option:checked")).to_have_text(
        "Verkehr und Infrastruktur"
    )
    expect(page.locator("#unterwegs-titel-vorschlaege option").first).to_have_attribute("value", TITLE)
    fill(page, "Mit Foto")
    add_photo(page, photo)
    expect(page.get_by_text("Ein Foto ist dabei")).to_be_visible()
    look_small_and_large(page, look)
    page.get_by_role("button", name="Speichern").click()
    expect(queue(page, "2 Einträge warten auf Verbindung")).to_be_visible()
    save(page, "Sprechstunde", day="1.3.2022")
    expect(queue(page, "3 Einträge warten auf Verbindung")).to_be_visible()
    look_small_and_large(page, look)

    phone.close()
    page = phone.open(offline=True)
    page.goto("/start/")
    expect(queue(page, "3 Einträge warten auf Verbindung")).to_be_visible()
    page.get_by_role("button", name="Öffnen (Sprechstunde)").click()
    expect(page.get_by_role("heading", name="Wartenden Eintrag ändern")).to_be_focused()
    page.get_by_label("Titel").fill("Sprechstunde im Rathaus")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Sprechstunde im Rathaus")).to_be_visible()
    assert Activity.objects.count() == before

    phone.context.set_offline(False)
    expect_nothing_waits(page)
    expect(page.get_by_text("Die Verbindung zum Portal steht.")).to_be_visible()
    new = Activity.objects.order_by("-pk")[: Activity.objects.count() - before]
    assert {(a.title, a.day) for a in new} == {
        (TITLE, today() - dt.timedelta(days=1)),
        ("Mit Foto", today() - dt.timedelta(days=1)),
        ("Sprechstunde im Rathaus", dt.date(2022, 3, 1)),
    }
    assert len(new) == 3
    assert ActivityPhoto.objects.get().activity.title == "Mit Foto"
    with ActivityPhoto.objects.get().image.open() as stored:
        assert Image.open(io.BytesIO(stored.read())).size == (800, 600)
    expect(page.get_by_role("heading", name="Mit Foto")).to_be_visible()  # among the own recent entries now
    look_small_and_large(page, look)


def test_on_a_phone_with_a_photo_it_is_few_actions(
    phone: Phone, look: Look, leonberg: People, photo: Path
) -> None:
    phone.close()
    page = phone.open(viewport={"width": 360, "height": 640}, has_touch=True)
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/")
    hands = Hands(page)
    hands.write(page.get_by_label("Titel"), "Stufe am Bahnhof")
    hands.write(page.get_by_label("Dauer"), "20 min")
    hands.attach(page.get_by_label("Foto (freiwillig)"), photo)
    expect(page.get_by_text("Ein Foto ist dabei")).to_be_visible()
    look(page)
    hands.tap(page.get_by_role("button", name="Speichern"))
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    hands.report("offline, with a photo", most=5)
    phone.context.set_offline(False)
    expect_nothing_waits(page)
    stored = ActivityPhoto.objects.get()
    assert (stored.activity.title, stored.is_described) == ("Stufe am Bahnhof", False)


def test_the_server_dies_between_receipt_and_answer(
    phone: Phone, line: Line, leonberg: People, live_environment: dict[str, str], photo: Path
) -> None:
    """Power cut: the activity is stored, the browser never hears of it, and sends it again."""
    before = Activity.objects.count()
    page = phone.prepare(leonberg.mediator)
    page.clock.install()
    portals = [start_portal(live_environment | {"KIV_DEMO": "false"})]
    try:
        line.lead_to(portals[0])
        page.goto("/unterwegs/")
        expect(page.get_by_text("Die Verbindung zum Portal steht.")).to_be_visible()
        phone.context.set_offline(True)
        for title in ("Eins", "Zwei"):
            save(page, title)
        fill(page, "Drei")
        add_photo(page, photo)
        page.get_by_role("button", name="Speichern").click()
        expect(queue(page, "3 Einträge warten auf Verbindung")).to_be_visible()
        line.at_answer = portals[0].kill
        phone.context.set_offline(False)
        deadline = time.monotonic() + 30
        while not line.answers_lost and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        expect(page.get_by_text("Das Portal antwortet gerade nicht.")).to_be_visible()
        expect(queue(page, "3 Einträge warten auf Verbindung")).to_be_visible()
        assert Activity.objects.count() == before + 1  # stored, but the browser does not know

        # changed after the try that did arrive: the same entry, not a fourth one
        page.get_by_role("button", name="Öffnen (Eins)").click()
        page.get_by_label("Titel").fill("Eins, verbessert")
        page.get_by_role("button", name="Speichern").click()
        portals.append(start_portal(live_environment | {"KIV_DEMO": "false"}))
        line.lead_to(portals[1])
        page.clock.fast_forward("05:00")  # by itself, after the longest of the pauses
        expect_nothing_waits(page)
    finally:
        for portal in portals:
            portal.stop()
    assert line.answers_lost == 1
    assert Activity.objects.count() == before + 3
    titles = Activity.objects.order_by("-pk").values_list("title", flat=True)[:3]
    assert set(titles) == {"Eins, verbessert", "Zwei", "Drei"}
    assert ActivityPhoto.objects.get().activity.title == "Drei"


def test_an_answer_is_lost_while_two_tabs_are_open(phone: Phone, line: Line, leonberg: People) -> None:
    before = Activity.objects.count()
    page = phone.prepare(leonberg.mediator)
    page.goto("/unterwegs/")
    second = phone.context.new_page()
    second.goto("/unterwegs/")
    phone.context.set_offline(True)
    save(page, "Aus zwei Fenstern")
    line.at_answer = lambda: None
    phone.context.set_offline(False)
    for tab in (page, second):
        expect(queue(tab, "1 Eintrag wartet auf Verbindung")).to_be_hidden(timeout=60_000)
    assert line.answers_lost == 1
    assert Activity.objects.count() == before + 1


def test_the_session_ends_while_an_entry_waits(phone: Phone, look: Look, leonberg: People) -> None:
    leonberg.mediator.password = PBKDF2PasswordHasher().encode(PASSWORD, "salz", 1000)
    leonberg.mediator.save()
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page)
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    message = page.get_by_role("status").filter(has_text="Bitte melden Sie sich an, dann geht es weiter")
    expect(message).to_be_visible()
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE)).to_have_count(0)  # how many, not what
    look_small_and_large(page, look)
    assert not Activity.objects.filter(title=TITLE).exists()
    message.get_by_role("link", name="Anmelden").click()
    page.get_by_text("Mit Passwort anmelden").first.click()
    page.get_by_label("E-Mail-Adresse").last.fill(leonberg.mediator.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erfassen ohne Verbindung")
    expect(page.get_by_text("Die Verbindung zum Portal steht.")).to_be_visible()
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_hidden()
    assert Activity.objects.filter(title=TITLE).count() == 1


def test_the_period_is_closed_while_an_entry_waits(phone: Phone, look: Look, leonberg: People) -> None:
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page, day="1.3.2022")
    save(page, "Wird gelöscht", day="2.3.2022")
    ClosedPeriod.objects.create(
        municipality=leonberg.town,
        starts_on=dt.date(2022, 1, 1),
        ends_on=dt.date(2022, 12, 31),
        reason="Der Zwischenbericht ist eingereicht",
    )
    phone.context.set_offline(False)
    expect(queue(page, "2 Einträge brauchen Ihre Hilfe")).to_be_visible()
    reason = re.compile("ist abgeschlossen: Der Zwischenbericht ist eingereicht. Möglich ist ein Nachtrag")
    waiting = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=TITLE))
    expect(waiting).to_contain_text(reason)
    look_small_and_large(page, look)

    waiting.get_by_role("button", name="Als Nachtrag speichern").click()
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_visible()
    assert Activity.objects.get(title=TITLE).is_late
    page.get_by_role("button", name="Löschen (Wird gelöscht)").click()
    question = page.get_by_role("dialog", name="Diesen Eintrag löschen?")
    expect(question.get_by_role("button", name="Behalten")).to_be_focused()
    look_small_and_large(page, look)
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Löschen (Wird gelöscht)").click()
    question.get_by_role("button", name="Eintrag löschen").click()
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_hidden()
    assert not Activity.objects.filter(title="Wird gelöscht").exists()


def test_what_the_server_refuses_is_opened_and_mended(phone: Phone, look: Look, leonberg: People) -> None:
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page, day="1.3.2022")
    factories.make_activity(leonberg.kiv, leonberg.town, day=dt.date(2022, 3, 1), minutes=24 * 60)
    phone.context.set_offline(False)
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_visible()
    reason = re.compile("Ein Tag hat 24 Stunden.")
    page.get_by_role("button", name=f"Öffnen ({TITLE})").click()
    expect(page.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    expect(page.get_by_label("Dauer", exact=True)).to_have_accessible_description(reason)
    look_small_and_large(page, look)
    page.get_by_label("Datum").fill("gestern")
    page.get_by_role("button", name="Speichern").click()
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_hidden()
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_hidden()
    assert Activity.objects.get(title=TITLE).day == today() - dt.timedelta(days=1)


def test_the_privacy_guard_asks_in_the_queue(phone: Phone, look: Look, leonberg: People) -> None:
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page, "Peter Schmidt hat angerufen")
    save(page, "Gespräch mit Frau Yılmaz")
    phone.context.set_offline(False)
    expect(queue(page, "2 Einträge brauchen Ihre Hilfe")).to_be_visible()
    first = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Peter Schmidt"))
    second = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Frau Yılmaz"))
    expect(first.locator("mark")).to_have_text("Peter Schmidt")
    look_small_and_large(page, look)

    first.get_by_role("button", name="Darf so bleiben").click()
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_visible()
    assert Activity.objects.filter(title="Peter Schmidt hat angerufen").count() == 1
    second.get_by_role("button", name="Ich ändere es").click()
    expect(page.get_by_label("Titel")).to_be_focused()
    expect(page.get_by_label("Titel")).to_have_value("Gespräch mit Frau Yılmaz")
    expect(page.locator(".error-summary, .kern-error, [aria-invalid]")).to_have_count(0)
    look_small_and_large(page, look)
    page.get_by_label("Titel").fill("Gespräch über einen Parkplatz")
    page.get_by_role("button", name="Speichern").click()
    expect(queue(page, "1 Eintrag braucht Ihre Hilfe")).to_be_hidden()
    expect(page.get_by_role("heading", name="Gespräch über einen Parkplatz")).to_be_visible()
    assert Activity.objects.filter(title__startswith="Gespräch mit Frau").count() == 0


def test_signing_out_with_a_waiting_entry_asks_first(
    phone: Phone, line: Line, look: Look, leonberg: People
) -> None:
    page = phone.prepare(leonberg.mediator)
    page.goto("/aktivitaeten/")
    add_waiting(page, line)
    expect(page.get_by_role("link", name="1 Eintrag wartet auf Verbindung")).to_be_visible()
    look_small_and_large(page, look)
    sign_out = page.get_by_role("button", name="Abmelden")
    sign_out.focus()
    page.keyboard.press("Enter")
    question = page.get_by_role("dialog", name="Noch nicht abmelden?")
    expect(question).to_contain_text("1 Eintrag ist noch nicht im Portal.")
    expect(question.get_by_role("button", name="Angemeldet bleiben")).to_be_focused()
    look_small_and_large(page, look)
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(sign_out).to_be_focused()

    line.is_down = False
    sign_out.click()
    question.get_by_role("button", name="Einträge löschen und abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    assert left_in(page) == {"accounts": 0, "entries": 0, "account": None}
    assert not Activity.objects.filter(title=TITLE).exists()


def add_waiting(page: Page, line: Line) -> None:
    """In another tab, without a line to the portal; `page` stays as it is."""
    other = page.context.new_page()
    other.goto("/unterwegs/")
    expect(other.get_by_text("Die Verbindung zum Portal steht.")).to_be_visible()
    line.is_down = True
    save(other)
    expect(queue(other, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    other.close()
    page.evaluate("document.dispatchEvent(new CustomEvent('kiv-queue'))")


def left_in(page: Page) -> dict[str, Any]:
    return page.evaluate(
        """async () => {
            const db = await new Promise((done, failed) => {
                const asked = indexedDB.open("kiv-unterwegs");
                asked.onsuccess = () => done(asked.result);
                asked.onerror = failed;
            });
            const count = (store) => new Promise((done) => {
                const asked = db.transaction(store).objectStore(store).count();
                asked.onsuccess = () => done(asked.result);
            });
            return {
                accounts: await count("accounts"),
                entries: await count("entries"),
                account: localStorage.getItem("kiv-account"),
            };
        }"""
    )


@pytest.mark.expected_errors("^Traceback")  # a 403 for who is no mediator, in the log with its place
def test_another_account_on_the_same_device_sees_nothing(phone: Phone, leonberg: People) -> None:
    """The session of the first ended without signing out; her entry waits for her, and for nobody else."""
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page)
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    for other in (leonberg.stranger, leonberg.contact):
        phone.sign_in(other)
        for address in ("/start/", "/unterwegs/"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            expect(page.get_by_text(TITLE)).to_have_count(0)
            expect(page.get_by_text("Begehung mit dem Bauamt, Termin 30")).to_have_count(
                1 if (other, address) == (leonberg.contact, "/start/") else 0
            )
            expect(page.get_by_text("wartet auf Verbindung")).to_have_count(0)
        phone.context.set_offline(True)
        page.goto("/start/")
        expect(page.get_by_text(TITLE)).to_have_count(0)
        expect(page.get_by_text("Begehung mit dem Bauamt, Termin 30")).to_have_count(0)
        phone.context.set_offline(False)
        phone.context.clear_cookies(name="sessionid")
    assert not Activity.objects.filter(title=TITLE).exists()
    phone.sign_in(leonberg.mediator)
    page.goto("/start/")
    expect(page.get_by_role("link", name="1 Eintrag wartet auf Verbindung")).to_have_count(0)
    assert Activity.objects.get(title=TITLE).mediator == leonberg.kiv


def test_the_portal_is_renewed_while_an_entry_waits(
    phone: Phone, line: Line, leonberg: People, live_environment: dict[str, str], tmp_path: Path
) -> None:
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    save(page)
    phone.close()
    static = renewed_static(Path(live_environment["KIV_STATIC_ROOT"]), tmp_path / "static")
    portal = start_portal(live_environment | {"KIV_DEMO": "false", "KIV_STATIC_ROOT": str(static)})
    try:
        line.lead_to(portal)
        page = phone.open(offline=True)
        page.goto("/unterwegs/")
        expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
        phone.context.set_offline(False)
        expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_hidden()
        assert Activity.objects.filter(title=TITLE).count() == 1
        page.goto("/start/")
        page.wait_for_function(
            "async () => (await (await caches.match('/unterwegs/', {ignoreSearch: true})).text())"
            ".includes('.renewed.js')"
        )
        phone.context.set_offline(True)
        page.goto("/unterwegs/")
        save(page, "Mit der neuen Fassung")
        expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    finally:
        portal.stop()


def renewed_static(old: Path, new: Path) -> Path:
    """Our scripts under new names, also where they import each other; the old names are gone."""
    shutil.copytree(old, new)
    manifest = json.loads((new / "staticfiles.json").read_text())
    imported = re.compile(r'''("\.{1,2}/(?!\.\./build/)[^"]*)\.[0-9a-f]{12}\.js"''')
    for name, stored in manifest["paths"].items():
        if name.startswith("js/"):
            renewed = name.removesuffix(".js") + ".renewed.js"
            text = (new / stored).read_text(encoding="utf-8")
            (new / renewed).write_text(imported.sub(r'\1.renewed.js"', text), encoding="utf-8")
            for file in (new / stored).parent.glob(f"{Path(stored).name}*"):
                file.unlink()
            manifest["paths"][name] = renewed
    (new / "staticfiles.json").write_text(json.dumps(manifest))
    return new


def test_the_entry_page_is_light(phone: Phone, leonberg: People) -> None:
    """Bytes over the line, headers included: the first visit, and the next one."""
    phone.sign_in(leonberg.mediator)
    devtools = phone.context.new_cdp_session(phone.page)
    devtools.send("Network.enable")
    sizes: list[int] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    measured = []
    for _ in range(2):
        sizes.clear()
        phone.page.goto("/aktivitaeten/neu/")
        phone.page.wait_for_load_state("networkidle")
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        measured.append(sum(sizes))
    print(f"entry page: {measured[0] / 1000:.1f} kB cold, {measured[1] / 1000:.1f} kB warm")
    assert measured[0] < 150_000
    assert measured[1] < 20_000


def test_a_double_click_makes_one_entry(phone: Phone, leonberg: People, photo: Path) -> None:
    page = phone.prepare(leonberg.mediator)
    phone.context.set_offline(True)
    page.goto("/start/")
    fill(page, TITLE)
    add_photo(page, photo)
    expect(page.get_by_text("Ein Foto ist dabei")).to_be_visible()
    # storing takes its time on a full or an old device
    page.evaluate(
        """async () => {
            const opened = await new Promise((done) => {
                const asked = indexedDB.open("kiv-unterwegs");
                asked.onsuccess = () => done(asked.result);
            });
            const entries = opened.transaction("entries", "readwrite").objectStore("entries");
            const end = performance.now() + 1000;
            const hold = () => { if (performance.now() < end) entries.count().onsuccess = hold; else opened.close(); };
            hold();
        }"""
    )
    page.get_by_role("button", name="Speichern").dblclick()
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()
    page.wait_for_timeout(800)
    expect(queue(page, "1 Eintrag wartet auf Verbindung")).to_be_visible()


def test_without_scripts_there_is_no_dead_control(browser: Browser, line: Line, leonberg: People) -> None:
    context = browser.new_context(base_url=line.url, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/unterwegs/")
        assert page.get_by_role("button").all() == []
        expect(page.get_by_role("link", name="Aktivität erfassen")).to_be_visible()
    finally:
        context.close()


@pytest.mark.parametrize(
    "broken",
    [
        "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }",
        "IDBDatabase.prototype.transaction = () => { throw new DOMException('closing', 'InvalidStateError'); }",
    ],
    ids=["no storage", "storage is closing"],
)
def test_signing_out_works_at_the_first_press_where_nothing_can_be_kept(
    page_of: Callable[..., Page], leonberg: People, broken: str
) -> None:
    page = page_of(leonberg.mediator)
    page.add_init_script(broken)
    page.goto("/start/")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
