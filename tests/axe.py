"""axe-core on a page, in light and in dark."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # what a second colour scheme can change
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: "Page", only: list[str] = TAGS) -> list[dict[str, Any]]:
    """What axe finds on the page as it stands; `only` names tags or rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())  # evaluate is not subject to the page's Content-Security-Policy
    result = page.evaluate(
        f"() => axe.run(document, {{runOnly: {json.dumps(only)}, resultTypes: ['violations']}})"
    )
    return list(result["violations"])


def assert_accessible(page: "Page") -> None:
    found = []
    for scheme, only in (("light", TAGS), ("dark", COLOUR_RULES)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # the other colours are there when they have changed, however short that takes
        page.evaluate("() => Promise.allSettled(document.getAnimations().map((move) => move.finished))")
        for violation in violations(page, only):
            for node in violation["nodes"]:
                found.append(
                    f"{scheme} · {violation['id']} · {node['html'][:200]} · {node['failureSummary']}"
                )
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)
