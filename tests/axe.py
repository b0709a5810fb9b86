"""axe-core on a page, in light and in dark."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # what a second colour scheme can change
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: "Page", only: list[str] = TAGS, *, reads_styles: bool = False) -> list[dict[str, Any]]:
    """What axe finds on the page as it stands; `only` names tags or rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())  # evaluate is not subject to the page's Content-Security-Policy
    # Only one rule reads style sheets by itself (css-orientation-lock), and they are the same everywhere:
    # tests/kiv_portal/ui/test_gallery.py lets it.
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": reads_styles}
    # Only what is broken leaves the browser: to carry all that was checked takes longer than to check it.
    found = page.evaluate(
        "(options) => axe.run(document, options).then((result) => result.violations)", options
    )
    return list(found)


def assert_accessible(page: "Page") -> None:
    """Every rule in the colours that the page shows, those about colours in the other ones too. There it stays: to
    paint a page anew takes as long as half of the rules, and its next state is looked at in both again.
    """
    try:
        _look(page)
    except Error as error:
        if "Execution context was destroyed" not in str(error):
            raise
        page.wait_for_load_state()  # a key has just led on: what counts is the page that comes
        _look(page)


def _look(page: "Page") -> None:
    is_dark, is_calm = page.evaluate(
        "() => ['color-scheme: dark', 'reduced-motion: reduce'].map((what) => matchMedia(`(prefers-${what})`).matches)"
    )
    if not is_calm:
        page.emulate_media(reduced_motion="reduce")
    found = _broken(page, "dark" if is_dark else "light", TAGS)
    other: Literal["light", "dark"] = "light" if is_dark else "dark"
    page.emulate_media(color_scheme=other)
    found += _broken(page, other, COLOUR_RULES)
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)


def _broken(page: "Page", scheme: str, only: list[str]) -> list[str]:
    # the other colours are there when they have changed, however short that takes
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((move) => move.finished))")
    return [
        f"{scheme} · {violation['id']} · {node['html'][:200]} · {node['failureSummary']}"
        for violation in violations(page, only)
        for node in violation["nodes"]
    ]
