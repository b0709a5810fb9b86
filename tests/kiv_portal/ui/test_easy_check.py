"""The check of easy language in a real browser: the real rules answer, nothing else of the server is there."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from kiv_portal.easy_language.check import check_text, findings_as_json, summary_of
from tests.axe import assert_accessible
from tests.kiv_portal.ui import gallery
from tests.kiv_portal.ui.test_gallery import _gallery_urls, visit  # noqa: F401  the same windows

Open = Callable[..., Page]


class Server:
    """Answers as the view does, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self.is_away = False

    def answer(self, route: Route) -> None:
        if self.is_away:
            route.abort()
            return
        body = parse_qs(route.request.post_data or "", keep_blank_values=True)
        (text,) = body["text"]
        self.asked.append(text)
        self.tokens.append(route.request.headers.get("x-csrftoken"))
        answer = json.dumps(findings_as_json(check_text(text)))
        route.fulfill(body=answer, content_type="application/json")


@pytest.fixture
def editor(visit: Open) -> tuple[Page, Server]:  # noqa: F811
    """The page after its first check; from then on the server of this test answers."""
    page = visit("easy")
    server = Server()
    page.route("**/pruefen/", server.answer)
    page.get_by_label("Text", exact=True).press_sequentially(" ")
    expect(page.get_by_role("button", name="Zur Stelle").first).to_be_visible()
    return page, server


def summary(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("[data-easy-summary]")


def test_findings_follow_the_typing(editor: tuple[Page, Server]) -> None:
    page, server = editor
    field = page.get_by_label("Text", exact=True)
    field.fill("Das ist ca. gut.\nDas ist nicht gut.")
    expect(summary(page)).to_have_text("1 Hinweis, 1 Fehler")
    assert page.locator(".easy-finding").count() == 2
    assert server.asked[-1] == "Das ist ca. gut.\nDas ist nicht gut."  # line ends as in the field
    assert set(server.tokens) == {"token"}
    assert summary(page).get_attribute("role") == "status"
    field.fill("Das ist gut.")
    expect(summary(page)).to_have_text(summary_of([]))
    assert page.locator(".easy-finding").count() == 0


def test_typing_asks_once_after_a_pause(editor: tuple[Page, Server]) -> None:
    page, server = editor
    before = len(server.asked)
    page.get_by_label("Text", exact=True).fill("")
    page.get_by_label("Text", exact=True).press_sequentially("Das ist nicht gut.", delay=10)
    expect(summary(page)).to_have_text("1 Hinweis")
    assert len(server.asked) - before <= 2


def test_a_proposal_is_taken_over_after_an_emoji(editor: tuple[Page, Server]) -> None:
    page, _ = editor
    field = page.get_by_label("Text", exact=True)
    field.fill("🎉 Das ist ca. gut.")
    page.get_by_role("button", name="Übernehmen: Abkürzung, Satz 1").click()
    expect(field).to_have_value("🎉 Das ist ungefähr gut.")
    expect(field).to_be_focused()
    expect(summary(page)).to_have_text(summary_of([]))


def test_a_new_line_is_taken_over(editor: tuple[Page, Server]) -> None:
    page, _ = editor
    field = page.get_by_label("Text", exact=True)
    field.fill("Das ist gut. Das auch.")
    expect(page.get_by_role("button", name="Übernehmen")).to_have_count(1)
    page.get_by_role("button", name="Übernehmen").click()
    expect(field).to_have_value("Das ist gut.\nDas auch.")


def test_the_way_to_the_place(editor: tuple[Page, Server]) -> None:
    page, _ = editor
    field = page.get_by_label("Text", exact=True)
    field.fill("Ein Satz.\n" * 80 + "🎉 Das ist nicht gut.")
    page.get_by_role("button", name="Zur Stelle: Verneinung, Satz 81").click()
    expect(field).to_be_focused()
    assert field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == "nicht"
    assert field.evaluate("f => f.scrollTop > f.clientHeight")


def test_the_button_checks_without_leaving(editor: tuple[Page, Server]) -> None:
    page, server = editor
    address, before = page.url, len(server.asked)
    page.get_by_role("button", name="Text prüfen").click()
    expect(page.get_by_role("heading", name="Prüfung")).to_be_focused()
    assert (page.url, len(server.asked)) == (address, before + 1)


def test_a_dead_line_is_said_and_costs_nothing(visit: Open) -> None:  # noqa: F811
    page = visit("easy")  # whatever is asked, a page comes back, as after an ended session
    expect(summary(page)).to_have_text(
        "Die Prüfung ist gerade nicht erreichbar. Ihr Text bleibt, wie er ist."
    )
    expect(page.get_by_label("Text", exact=True)).to_have_value(gallery.EASY)


def test_both_lists_break_no_rule(editor: tuple[Page, Server]) -> None:
    page, _ = editor
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_the_script_the_same_list_is_there(visit: Open) -> None:  # noqa: F811
    page = visit("easy", java_script_enabled=False)
    found = check_text(gallery.EASY)
    assert page.locator(".easy-finding").count() == len(found) > 3
    assert summary(page).inner_text() == summary_of(found)
    assert page.get_by_text("Vorschlag: Barriere-Freiheit").is_visible()
    assert page.get_by_role("button", name="Text prüfen").get_attribute("name") == "pruefen"
    assert page.get_by_role("button", name="Übernehmen").count() == 0
