"""Every page that a person of any role can reach, on a phone (as at 400 % zoom), on a tablet, and by keyboard."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import resolve, reverse
from django.utils import timezone
from lxml.html import document_fromstring
from PIL import Image
from playwright.sync_api import expect

from activities.attachments.services import add_activity_photo, add_concern_photo
from activities.models import Activity, ActivityDocument, Concern, SavedFilter
from activities.trash.services import discard
from reports.models import InterimReport, ReportFile
from reports.steps import services as states
from reports.writing import services as texts
from tests import factories
from tests.equal_access import assert_accessible_to_both
from tests.people import People
from tests.project.test_access import ACCOUNT, TABLE
from tests.sample import drawn

if TYPE_CHECKING:
    from playwright.sync_api import Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
LARGE_TEXT = {"width": 360, "height": 740}  # with letters twice as large
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenträgerverein"
# No page to look at: a file, a part of a page, actions without a page of their own.
NO_PAGE = {
    "edition_download",
    "edition_read",  # a file with a style of its own, looked at in tests/reports/content
    "council_edition",
    "report_case_file",
    "county_reports_file",
    "cockpit_file",
    "preview_download",
    "county_editions_build",
    "county_editions_zip",
    "county_report_build",
    "county_report_download",
    "certificate_download",
    "annual_account",
    "public_edition",
    "public_report_feed",
    "section_autosave",
    "easy_findings",
    "comment_settle",
    "report_progress",
    "report_build",
    "report_create",
    "invitation_repeat",
    "staff_invite_again",
    "kind_move",
    "account_export",
    "concern_take_over",
    "concern_unpublish",
    "concern_forget_address",
    "series_answer",
    "activity_follow_up_done",
    "activity_export",
    "import_template",
    "import_marked",
    "import_progress",
    "import_answer",
    "import_answer_all",
    "import_check",
    "import_store",
    "import_cancel",
    "activity_photo_image",
    "activity_photo_preview",
    "concern_photo_image",
    "concern_photo_preview",
    "activity_document",
    "offline_data",
    "activity_send",
    "activity_delete",
    "activity_document_remove",
    "activity_photo_remove",
    "concern_delete",
    "concern_photo_remove",
    "trash_restore",
    "visiting_feed",
    "public_concern_photo",
    "service_worker",
    "manifest",
    "calendar_feed",
    "api_openapi",
    "api_municipalities",
    "api_activities",
    "api_activity",
    "api_concerns",
    "api_concern",
    "api_totals",
    *(name for name in TABLE if name.startswith("oparl_")),
}
# Reached by nobody in this walk: the report is a draft or released, never in between (its story is in test_council.py),
# so no entry is locked (test_entry.py). The pages behind a private link have their story in test_concerns.py, the steps
# of an import in test_imports.py, keeping a filter in test_search.py.
NOT_ON_THE_WAY = {
    # test_county_reports.py
    *("county_report_detail", "county_report_delete", "county_report_release"),
    # test_council.py
    *("decision_correct", "new_edition_drop", "paper_renew", "withdrawal_confirm", "withdrawal_refuse"),
    "report_return",
    "report_approve",
    "report_deliver",
    "easy_check",
    "decision_follow_up",
    "activity_correct",
    "concern_status",
    "concern_thanks",
    "account_email_answer",  # behind a link in an e-mail: test_email_change.py
    *("concern_say_more", "concern_withdraw", "concern_answer"),  # test_reporter.py
    "import_columns",
    "import_words",
    "saved_filter_create",
    "check_code",  # test_authenticity.py
    # test_programme.py
    *("town_leaving_undo", "town_leaving_concerns", "person_unlock", "person_factor_reset"),
}
ROLES = ("visitor", "mediator", "assistant", "contact", "councillor", "coordinator")


@pytest.fixture
def everything(leonberg: People) -> People:
    """One of each thing, with texts as long as people write them."""
    earlier = factories.make_report(
        leonberg.town, period_start=dt.date(2021, 4, 1), period_end=dt.date(2021, 9, 30)
    )
    with transaction.atomic():  # finished before a worker that still runs can be woken for them
        states.submit_report(earlier, by=leonberg.coordinator)
        for file in ReportFile.objects.all():
            file.file.save("zwischenbericht.pdf", ContentFile(b"%PDF-1.7"), save=False)
            file.state, file.size, file.sha256, file.pages = "done", 8, "0" * 64, 12
            file.verdict = {"is_accessible": True}
            file.save()
    factories.deliver(earlier, by=leonberg.coordinator)
    earlier.refresh_from_db()
    InterimReport.objects.filter(pk=earlier.pk).update(public_from=timezone.now())
    earlier.council_links.create(
        created_by=leonberg.contact, label=LONG_WORD, expires_at=timezone.now() + dt.timedelta(days=1)
    )
    earlier.questions.create(text=f"Was heißt {LONG_WORD}?")
    leonberg.town.county.proposal_templates.create(title=LONG_WORD, text=LONG_WORD)
    report = factories.make_report(leonberg.town, author=LONG_WORD)
    texts.save_section(report, "outlook", f"{LONG_WORD}\n" * 3, version=0, by=leonberg.contact)
    report.comments.create(text=LONG_WORD, key="outlook", author=leonberg.contact)
    report.consultations.create(committee=LONG_WORD)
    factories.make_concern(
        leonberg.town, title=LONG_WORD, description=LONG_WORD * 3, place=LONG_WORD, since=LONG_WORD
    )
    factories.make_concern(leonberg.town, title=f"{LONG_WORD} geprüft", state="checking", is_public=True)
    factories.make_activity(
        leonberg.kiv,
        leonberg.town,
        day=factories.END,
        title=f"{LONG_WORD} besucht, {'x' * 90}",
        description=LONG_WORD * 3,
        further_fields=["arbeit", "wohnen", "verkehr", "gesundheit"],
        result="done",
        result_note=LONG_WORD,
    )
    factories.make_series(leonberg.kiv, leonberg.town, title=LONG_WORD * 2)
    _with_attachments_and_access(leonberg)
    _to_be_reached(leonberg)
    return leonberg


def _to_be_reached(leonberg: People) -> None:
    """With all that can be said, in the longest words."""
    town, appointment = leonberg.town, leonberg.kiv.appointments.get()
    town.post_email, town.post_phone = f"{LONG_WORD[:40]}@leonberg.example", "07152 990-12"
    town.hall_office = LONG_WORD
    town.save()
    parts = {"stop": "nearby", "entrance": "steps", "lift": "not_needed", "loop": "portable"}
    room = factories.make_room(
        town, LONG_WORD, address=LONG_WORD, stop_name=LONG_WORD, way_in=LONG_WORD, **parts
    )
    hours = factories.make_hours(appointment, room=room, note=LONG_WORD)
    day = timezone.localdate() + dt.timedelta(days=1)
    for number in range(7):
        hours.changes.create(day=day + dt.timedelta(days=number), note=LONG_WORD)
    concern = Concern.objects.get(state="checking", is_public=True)
    concern.photos.update(is_public=True)
    Concern.objects.filter(pk=concern.pk).update(public_sentence=LONG_WORD * 3)


def _with_attachments_and_access(leonberg: People) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#0b5563").save(picture, "JPEG")
    activity = Activity.objects.get(day=factories.END, title__contains="besucht")
    concern = Concern.objects.get(state="checking")
    concern.office, concern.office_asked_on = factories.make_organisation(LONG_WORD), factories.START
    concern.office.reply_days, concern.office.email = 14, f"{'x' * 60}@stadt.example"
    concern.office.save()
    concern.save()
    concern.messages.create(kind="more", text=LONG_WORD * 3)
    described = {"alt_text": LONG_WORD, "is_decorative": False, "by": leonberg.mediator}
    add_activity_photo(activity, picture.getvalue(), **described)
    add_concern_photo(concern, picture.getvalue(), moment="before", **described)
    ActivityDocument.objects.create(
        activity=activity, file="document/1.pdf", name=LONG_WORD, size=8, added_by=leonberg.mediator
    )
    thrown_away = factories.make_activity(leonberg.kiv, leonberg.town, title=LONG_WORD, day=factories.END)
    discard(thrown_away, by=leonberg.mediator)
    SavedFilter.objects.create(user=leonberg.mediator, name=LONG_WORD, query="q=rampe")
    factories.make_api_client(leonberg.coordinator, leonberg.town.county, name=LONG_WORD)
    factories.make_import(leonberg.kiv)


def links_in(html: bytes) -> list[str]:
    """What the page links to in this portal, without the part behind #."""
    hrefs = [link.get("href").partition("#")[0] for link in document_fromstring(html).iterfind(".//a[@href]")]
    own = (href.removeprefix(settings.BASE_URL) for href in hrefs)
    return [path for path in own if path.startswith("/")]


def name_of(path: str) -> str:
    return str(resolve(urlsplit(path).path).url_name)


def pages_of(role: str, everything: People) -> dict[str, str]:
    """{name: path} of all pages that links lead this person to, one of each kind.

    Of the report there are two pages: it looks another one in work than at the council.
    """
    client = everything.client("anonymous" if role == "visitor" else role)
    found: dict[str, str] = {}
    origin: dict[str, str] = {}  # for the message of a failed test
    ahead = ["/"]
    if role != "visitor":
        ahead.insert(0, "/start/")
        links = links_in(client.get("/berichte/").content)
        for path in sorted({path for path in links if name_of(path) == "report_detail"}):
            found[f"report_detail {path}"] = path
            ahead += links_in(client.get(path).content)
    while ahead:
        path = ahead.pop(0)
        name = name_of(path)
        if name in found or name in NO_PAGE:
            continue
        response = client.get(path, follow=True)
        assert response.status_code == 200, f"{path}, linked on {origin.get(path)}"
        found[name] = path
        links = links_in(response.content)
        origin = dict.fromkeys(links, path) | origin
        ahead += links
    draft, delivered = (InterimReport.objects.get(state=state) for state in ("draft", "delivered"))
    if role == "contact":
        found["section_versions"] = reverse("section_versions", args=[draft.pk, "outlook"])
    if role == "visitor":
        found["public_report"] = reverse("public_report", args=["leonberg", delivered.pk])
        found["no page"] = "/gibt-es-nicht/"
    return found


@pytest.mark.slow
def test_links_lead_to_every_page(everything: People) -> None:
    reached: set[str] = set().union(*(pages_of(role, everything) for role in ROLES))
    missed = set(TABLE) - reached - NO_PAGE - NOT_ON_THE_WAY
    assert not missed, f"no link leads to {sorted(missed)}"
    assert not reached & NOT_ON_THE_WAY, "reached after all"


def is_looked_at_by_others(name: str, role: str) -> bool:
    """What everybody sees is the visitor's, and one's own account the mediator's."""
    if name in TABLE and TABLE[name].expected("get", "anonymous") == 200:
        return role != "visitor"
    return name in ACCOUNT and role not in ("visitor", "mediator")


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_a_second_engine_finds_nothing_either(page_of: OpenPage, everything: People, role: str) -> None:
    """On some pages of each role in a run, on all of them in `make test-all`."""
    page = page_of(None if role == "visitor" else getattr(everything, role), viewport=PHONE)
    pages = sorted(pages_of(role, everything).items())
    for _, path in drawn(f"a second engine, {role}", pages, 6):
        page.goto(path)
        assert_accessible_to_both(page)


@pytest.mark.heavy(each_run=2)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_on_a_phone(
    page_of: OpenPage, look: Look, fits: Look, everything: People, role: str
) -> None:
    person = None if role == "visitor" else getattr(everything, role)
    page = page_of(person, viewport=PHONE)
    for name, path in pages_of(role, everything).items():
        if not is_looked_at_by_others(name, role):
            page.set_viewport_size(PHONE)
            page.goto(path)
            look(page)
            page.set_viewport_size(
                TABLET
            )  # some tables are tables again, on the narrowest screen that has them
            fits(page)
            page.set_viewport_size(LARGE_TEXT)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            fits(page)


def test_a_form_with_a_mistake_on_a_phone(page_of: OpenPage, look: Look, everything: People) -> None:
    visitor = page_of(viewport=PHONE)
    visitor.goto("/barriere-melden/")
    visitor.get_by_role("button", name="Meldung").click()
    expect(visitor.get_by_role("region", name="Eine Angabe fehlt oder passt nicht")).to_be_focused()
    look(visitor)


# --- the focus can be seen

RING = """() => {
    const element = document.activeElement;
    element.getAnimations().forEach((move) => move.finish());
    const look = (e) => ["", "::before", "::after"].map((part) => {
        const style = getComputedStyle(e, part || null);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join(" ");
    }).join("|");
    const box = element.getBoundingClientRect();
    const focused = look(element);
    const ring = getComputedStyle(element);
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const label = element === document.body ? "" : element.outerHTML.slice(0, 120);
    const has = ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2;
    element.blur();
    const differs = look(element) !== focused;
    element.focus({ preventScroll: true });
    return { label, has, differs, inView };
}"""


@pytest.mark.parametrize("colours", ["none", "active"])
def test_the_focus_is_always_visible(page_of: OpenPage, everything: People, colours: str) -> None:
    """On three pages, also with the colours that a person forces on the system."""
    page = page_of(everything.coordinator, viewport={"width": 1280, "height": 600}, forced_colors=colours)
    mediator = page_of(everything.mediator, viewport=PHONE, forced_colors=colours)
    for window, path in ((page, "/start/"), (page, "/kommunen/leonberg/"), (mediator, "/aktivitaeten/neu/")):
        window.goto(path)
        stops = 0
        while True:
            window.keyboard.press("Tab")
            stop = window.evaluate(RING)
            if not stop["label"]:
                break
            stops += 1
            assert stop["has"], f"{path}: no ring of two pixels on {stop['label']}"
            assert stop["differs"], f"{path}: looks the same with and without focus: {stop['label']}"
            assert stop["inView"], f"{path}: focused out of sight: {stop['label']}"
            assert stops < 150
        assert stops > 15


def test_forced_colours_keep_the_edges(page_of: OpenPage, everything: People) -> None:
    """Backgrounds are gone then: fields, buttons, cards and the signs of the five fields need a line or a mark."""
    page = page_of(everything.mediator, forced_colors="active")
    page.goto("/aktivitaeten/neu/")
    page.get_by_text("Einzelheiten").click()
    edges = """(element) => {
        const box = element.closest(".kern-form-input__select-wrapper") ?? element;
        return parseFloat(getComputedStyle(box).borderBottomWidth);
    }"""
    for target in (
        page.get_by_label("Titel"),
        page.get_by_label("Art", exact=True),
        page.get_by_label("Gesundheit"),
        page.get_by_role("button", name="Speichern"),
    ):
        assert target.evaluate(edges) >= 1
    page.goto("/start/")
    assert page.locator(".field-sign__sign").first.evaluate(edges) >= 1
