"""The frame of every page on a phone, and its lists: one line above, rows of two, and nothing wider than the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from activities.models import Activity
from tests import factories
from tests.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Look = Callable[["Page"], None]
OpenPage = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 640}
NARROW = {"width": 320, "height": 640}
MENU = ["Start", "Meine Aktivitäten", "Anliegen", "Berichte", "Assistenz"]


def header(page: Page) -> Locator:
    return page.get_by_role("banner")


def button(page: Page, name: str) -> Locator:
    return header(page).locator("summary", has_text=name)


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    return {**found, "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_the_header_is_one_line_and_its_menu_opens(
    page_of: OpenPage, leonberg: People, options: dict[str, bool]
) -> None:
    page = page_of(leonberg.mediator, viewport=NARROW, has_touch=True, **options)
    page.goto("/aktivitaeten/neu/", wait_until="networkidle")
    parts = [box(header(page).get_by_role("link", name="KIV-Portal"))]
    parts += [box(button(page, name)) for name in ("Konto", "Menü")]
    assert len({round(part["y"] + part["height"] / 2) for part in parts}) == 1, "not in one line"
    assert all(part["height"] >= 44 and part["width"] >= 44 for part in parts[1:])
    assert box(header(page))["bottom"] < 90

    menu = header(page).get_by_role("navigation", name="Hauptnavigation")
    expect(menu.get_by_role("link")).to_have_count(0)
    button(page, "Menü").tap()
    expect(menu.get_by_role("link")).to_have_text(MENU)
    assert all(box(link)["height"] >= 44 for link in menu.get_by_role("link").all())
    expect(menu.get_by_role("link", name="Meine Aktivitäten")).to_have_attribute("aria-current", "page")
    button(page, "Konto").tap()
    expect(menu.get_by_role("link")).to_have_count(0)  # one at a time
    expect(header(page).get_by_role("button", name="Abmelden")).to_be_visible()
    button(page, "Menü").tap()
    menu.get_by_role("link", name="Anliegen").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anliegen")


def test_the_menu_by_keyboard(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport=PHONE)
    page.goto("/start/", wait_until="networkidle")
    menu = header(page).get_by_role("navigation", name="Hauptnavigation")
    button(page, "Menü").press("Enter")
    expect(menu.get_by_role("link")).to_have_text(MENU)
    look(page)
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Start")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link")).to_have_count(0)
    expect(button(page, "Menü")).to_be_focused()

    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Assistenz").focus()
    page.keyboard.press("Tab")  # on into the page, which would lie below the menu
    expect(menu.get_by_role("link")).to_have_count(0)
    button(page, "Konto").press("Enter")
    look(page)
    page.mouse.click(180, 600)
    expect(header(page).get_by_role("button", name="Abmelden")).to_be_hidden()


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_in_a_wide_window_all_of_it_is_there_once(
    page_of: OpenPage, leonberg: People, options: dict[str, bool]
) -> None:
    page = page_of(leonberg.mediator, viewport={"width": 768, "height": 600}, **options)
    page.goto("/start/", wait_until="networkidle")
    expect(header(page).get_by_role("navigation").get_by_role("link")).to_have_text(MENU)
    expect(header(page).get_by_role("button", name="Abmelden")).to_be_visible()
    expect(button(page, "Menü")).to_be_hidden()
    expect(button(page, "Konto")).to_be_hidden()


def test_the_kept_page_has_the_same_header(page_of: OpenPage, look: Look, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport=PHONE)
    page.goto("/unterwegs/", wait_until="networkidle")
    button(page, "Menü").click()
    expect(header(page).get_by_role("navigation").get_by_role("link")).to_have_text(MENU)
    look(page)


def test_the_first_field_is_on_the_first_screen(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport=PHONE)
    page.goto("/start/", wait_until="networkidle")
    page.get_by_role("link", name="Aktivität erfassen").click()
    title = page.get_by_label("Titel")
    expect(title).to_be_focused()
    label = box(page.get_by_text("Titel", exact=True))
    assert label["y"] >= 0
    assert box(title)["bottom"] < PHONE["height"]
    assert page.evaluate("scrollY") == 0


def test_durations_to_tap_stand_side_by_side(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport=PHONE, has_touch=True)
    page.goto("/aktivitaeten/neu/", wait_until="networkidle")
    chips = page.get_by_role("group", name="Oder Dauer auswählen").get_by_role("radio")
    expect(chips).to_have_count(6)
    boxes = [box(chip) for chip in chips.all()]
    assert len({place["y"] for place in boxes}) <= 2
    assert min(min(place["height"], place["width"]) for place in boxes) >= 44
    assert 0 < boxes[0]["y"] - box(page.get_by_label("Dauer", exact=True))["bottom"] < 70


def test_rows_of_a_list_are_short_and_stay_a_table(page_of: OpenPage, look: Look, leonberg: People) -> None:
    last = Activity.objects.latest("day")
    last.entered_by = leonberg.assistant
    last.save()
    page = page_of(leonberg.mediator, viewport=NARROW)
    page.goto("/aktivitaeten/", wait_until="networkidle")
    table = page.get_by_role("table", name="Aktivitäten, neueste zuerst")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(26)
    assert box(table)["height"] < 3_500
    assert page.evaluate("document.documentElement.scrollHeight") < 4_200

    names = table.get_by_role("columnheader").all_inner_texts()
    assert names == ["Titel", "Datum", "Handlungsfeld", "Art", "Dauer"]
    row = rows.nth(1)
    expect(row.get_by_role("rowheader")).to_contain_text(last.title)
    expect(row.get_by_role("rowheader")).to_contain_text("im Auftrag erfasst")
    assert len(row.get_by_role("cell").all()) == len(names) - 1  # each cell below its header
    expect(row.get_by_role("cell").nth(2)).to_have_text(
        last.kind.name
    )  # heard, and seen on the page of the entry

    row.click(position={"x": 280, "y": box(row)["height"] - 4})  # anywhere in it
    expect(page.get_by_role("heading", level=1)).to_have_text(last.title)


@pytest.mark.parametrize("path", ["/aktivitaeten/", "/anliegen/"])
def test_on_a_tablet_no_column_is_cut_off(page_of: OpenPage, leonberg: People, path: str) -> None:
    factories.make_concern(leonberg.town)
    page = page_of(leonberg.mediator, viewport={"width": 768, "height": 1024})
    page.goto(path, wait_until="networkidle")
    region = page.locator(".table-region")
    assert region.evaluate("(region) => region.scrollWidth <= region.clientWidth")
    last = {"/aktivitaeten/": "Ähnliche erfassen", "/anliegen/": "noch offen"}[path]
    expect(region.get_by_text(last, exact=True).last).to_be_visible()


def test_on_paper_the_list_is_a_table(page_of: OpenPage, leonberg: People) -> None:
    page = page_of(leonberg.mediator, viewport={"width": 680, "height": 900})
    page.goto("/aktivitaeten/", wait_until="networkidle")
    page.emulate_media(media="print")
    cell = page.get_by_role("cell", name=Activity.objects.latest("day").kind.name).first
    assert cell.evaluate("(cell) => getComputedStyle(cell).display") == "table-cell"
    assert box(cell)["width"] > 20


def test_a_county_of_ten_towns_fits_into_three_screens(page_of: OpenPage, leonberg: People) -> None:
    county = leonberg.town.county
    for town in county.municipalities.exclude(pk__in=[leonberg.town.pk, leonberg.other_town.pk])[:8]:
        factories.make_agreement(town)
        factories.make_report(town)
    page = page_of(leonberg.coordinator, viewport={"width": 360, "height": 740})
    for path, name in (("/start/", "Kommunen"), (f"/kreis/{county.key}/berichte/", "Zeile")):
        page.goto(path, wait_until="networkidle")
        table = page.get_by_role("region", name=name).get_by_role("table")
        expect(table.get_by_role("row")).to_have_count(11)
        assert box(table)["height"] < 3 * 740, path


@pytest.mark.parametrize(("width", "zoom"), [(360, 200), (320, 100)])
def test_long_words_break_where_a_syllable_ends(
    page_of: OpenPage, leonberg: People, width: int, zoom: int
) -> None:
    """Where the browser itself knows no German: the words of our own that do not fit say where."""
    page = page_of(leonberg.mediator, viewport={"width": width, "height": 740})
    for path, place, ends in (
        ("/berichte/", "h1", ("Zwischen", "berichte")),
        ("/barrierefreiheit/", "main p", ("Landes-", "Behinderten", "gleichstellungs", "gesetzes")),
    ):
        page.goto(path, wait_until="networkidle")
        page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
        word = "".join(ends)
        pieces = page.locator(place).filter(has_text=word).first.evaluate(LINES, word)
        assert "".join(pieces) == word
        allowed = {sum(map(len, ends[:count])) for count in range(len(ends) + 1)}
        assert {sum(map(len, pieces[:count])) for count in range(len(pieces) + 1)} <= allowed, pieces


# The letters of a word, line by line.
LINES = """(element, word) => {
    const range = document.createRange();
    const lines = new Map();
    const node = [...element.childNodes].find((child) => child.textContent.replaceAll("\u00ad", "").includes(word));
    const places = [...node.textContent].map((letter, place) => ({ letter, place }));
    const letters = places.filter(({ letter }) => letter !== "\u00ad");
    const start = letters.map(({ letter }) => letter).join("").indexOf(word);
    for (const { letter, place } of letters.slice(start, start + word.length)) {
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        const top = Math.round([...range.getClientRects()].pop().top); // the first may be that of the hyphen before it
        lines.set(top, (lines.get(top) ?? "") + letter);
    }
    return [...lines.values()];
}"""
