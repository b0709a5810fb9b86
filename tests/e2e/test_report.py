"""From the first written line to the council: the report, built by a real worker that the page watches."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import expect

from kiv_portal.accounts.models import User
from reports.models import BuildStep, InterimReport, ReportFile
from tests import factories
from tests.live import LivePortal, LiveProcess
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "- Die Rampe am Rathaus ist gebaut.\n- Zwei Schulen sind stufenlos."
# Everything that the polite voice says, kept in the window.
LISTEN = """document.addEventListener("DOMContentLoaded", () => {
    window.said = [];
    const voice = document.getElementById("ansage");
    new MutationObserver(() => window.said.push(voice.textContent)).observe(voice, { childList: true });
})"""


@contextmanager
def asleep(worker: LiveProcess) -> Iterator[None]:
    """The worker and its children stand still, as on a machine that is busy with something else."""
    os.killpg(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGCONT)


def wait_for_step(*steps: BuildStep) -> None:
    deadline = time.monotonic() + 60
    while the_pdf().step not in steps:
        assert time.monotonic() < deadline, f"The worker never came to {steps}."
        time.sleep(0.005)


def the_pdf() -> ReportFile:
    return ReportFile.objects.get(kind="pdf")


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(link)).click()
    return Path(download.value.path()).read_bytes()


@pytest.fixture
def report(leonberg: People) -> InterimReport:
    return factories.make_report(leonberg.town)


def test_from_text_to_council(
    page_of: OpenPage,
    look: Look,
    leonberg: People,
    report: InterimReport,
    demo_portal: LivePortal,
    celery_worker_process: LiveProcess,
) -> None:
    factories.make_report(
        leonberg.town,
        period_start=dt.date(2022, 10, 1),
        period_end=dt.date(2023, 9, 30),
        due_on=dt.date(2023, 10, 31),
    )
    hall = page_of(leonberg.contact)
    hall.add_init_script(LISTEN)
    hall.goto("/start/")
    look(hall)
    hall.get_by_role("link", name="Leonberg, 01.10.2021 bis 30.09.2022").click()
    hall.get_by_role("link", name="Auf einen Blick").click()
    look(hall)
    hall.get_by_label("Auf einen Blick").fill(TEXT)
    hall.get_by_role("button", name="Text speichern").click()
    expect(hall.get_by_role("status").filter(has_text="Gespeichert: Auf einen Blick")).to_be_focused()
    expect(hall.get_by_text("1 von 9 Texten ist geschrieben")).to_be_visible()
    hall.get_by_role("link", name="Bericht einreichen").click()
    expect(hall.get_by_text("Diese Texte sind noch leer")).to_be_visible()
    look(hall)

    with asleep(celery_worker_process):
        hall.get_by_role("button", name="Bericht einreichen").click()
        expect(hall.get_by_role("status").filter(has_text="Der Bericht ist eingereicht.")).to_be_focused()
        steps = hall.get_by_role("list", name="Stand der Datei")
        expect(steps.get_by_role("listitem").filter(has_text="läuft gerade")).to_contain_text(
            "Auftrag angenommen"
        )
        look(hall)
    wait_for_step(BuildStep.TEXT, BuildStep.PAGES, BuildStep.CHECK)
    with asleep(celery_worker_process):
        step = the_pdf().get_step_display()
        expect(steps.locator("[aria-current=step]")).to_contain_text(step)
        expect(hall.locator("#ansage")).to_have_text(step)
        look(hall)
    expect(hall.locator("#ansage")).to_have_text("Alle Dateien sind fertig.", timeout=90_000)
    said = hall.evaluate("window.said")
    assert step in said
    assert len(said) == len(set(said)), "the voice repeats itself"
    look(hall)
    file = the_pdf()
    pdf = downloaded(hall, r"^Bericht \(PDF\)")
    assert hashlib.sha256(pdf).hexdigest() == file.sha256
    expect(hall.get_by_role("link", name="Prüfen und freigeben")).to_have_count(0)

    county = page_of(leonberg.coordinator)
    county.goto("/start/")
    county.get_by_role("region", name="Was jetzt ansteht").get_by_role(
        "link", name="Zwischenbericht Leonberg prüfen"
    ).click()
    county.get_by_role("link", name="Prüfen und freigeben").click()
    look(county)
    county.get_by_label("Ich gebe den Bericht trotzdem frei").check()
    county.get_by_role("button", name="Bericht freigeben").click()
    county.get_by_role("link", name="Dem Gemeinderat zustellen").click()
    look(county)
    county.get_by_role("button", name="Bericht zustellen").click()
    expect(
        county.get_by_role("status").filter(has_text="Der Gemeinderat kann den Bericht jetzt lesen.")
    ).to_be_focused()
    look(county)

    council = sign_in_as_councillor(page_of(), look, leonberg)
    expect(council.get_by_role("article")).to_have_count(1)
    look(council)
    council.get_by_role("link", name="Leonberg, 01.10.2021 bis 30.09.2022").click()
    expect(council.get_by_text("Die Rampe am Rathaus ist gebaut.")).to_be_visible()
    look(council)
    assert downloaded(council, "PDF herunterladen") == pdf
    council.get_by_role("link", name="Berichte", exact=True).click()
    expect(council.get_by_role("row")).to_have_count(2)

    stranger = page_of(leonberg.stranger)
    for address in (f"/berichte/{report.pk}/", f"/berichte/ausgaben/{file.pk}/"):
        response = stranger.goto(address)
        assert response is not None
        assert response.status == 404
        expect(stranger.get_by_role("heading", level=1)).to_be_visible()
        look(stranger)


def sign_in_as_councillor(page: Page, look: Look, leonberg: People) -> Page:
    """As somebody does who was handed the demo's address, an e-mail name and the password."""
    councillor = User.objects.create_user("gemeinderat.leonberg@demo.kiv.example", "Gerda Gemeinderat")
    councillor.password = PBKDF2PasswordHasher().encode(LivePortal.demo_password, "salz", 1000)
    councillor.save()
    factories.make_councillor(councillor, leonberg.town)
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Anmelden").click()
    look(page)
    page.get_by_label("E-Mail-Adresse").last.fill(councillor.email)
    page.get_by_label("Passwort", exact=True).fill(LivePortal.demo_password)
    page.get_by_role("button", name="Mit Passwort anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Gerda Gemeinderat")
    return page


def test_progress_without_script(
    page_of: OpenPage, leonberg: People, report: InterimReport, celery_worker_process: LiveProcess
) -> None:
    page = page_of(leonberg.contact, java_script_enabled=False)
    page.goto(f"/berichte/{report.pk}/einreichen/")
    steps = page.get_by_role("list", name="Stand der Datei")
    again = page.get_by_role("link", name="Stand neu laden")
    with asleep(celery_worker_process):
        page.get_by_role("button", name="Bericht einreichen").click()
        expect(steps.locator("[aria-current=step]")).to_contain_text("Auftrag angenommen")
        again.click()
        expect(page.get_by_text("Der Auftrag wartet.")).to_be_visible()
    wait_for_step(BuildStep.TEXT, BuildStep.PAGES, BuildStep.CHECK)
    with asleep(celery_worker_process):
        again.click()
        expect(steps.locator("[aria-current=step]")).to_contain_text(the_pdf().get_step_display())
    wait_for_step(BuildStep.STORE)
    done = page.get_by_role("link", name=re.compile(r"^Bericht \(PDF\)"))
    deadline = time.monotonic() + 60
    while not done.is_visible():
        assert time.monotonic() < deadline
        again.click()
    assert hashlib.sha256(downloaded(page, r"^Bericht \(PDF\)")).hexdigest() == the_pdf().sha256
