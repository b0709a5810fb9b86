"""A second engine that judges accessibility (IBM Equal Access), by rules that are not axe's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parent.parent / "node_modules" / "accessibility-checker-engine" / "ace.js"
# {rule: why what it says is no fault here}
ACCEPTED = {
    "aria_form_label_unique": "a form without a name is no landmark (HTML-AAM), so it needs none",
    "input_autocomplete_valid": "HTML allows `username` (and `webauthn` after it) for type=email; axe checks the words",
}


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[dict[str, Any]]:
    """What it calls a violation of WCAG 2.2 A and AA for certain; what it only asks people to look at is left out."""
    if not page.evaluate("() => 'ace' in window"):
        page.evaluate(
            _script() + "\nwindow.ace = ace;"
        )  # evaluate is not subject to the Content-Security-Policy
    found = page.evaluate(
        """async () => {
            // what is folded away it would judge without its labels
            document.querySelectorAll("details").forEach((fold) => { fold.removeAttribute("name"); fold.open = true; });
            const report = await new ace.Checker().check(document, ["WCAG_2_2"]);
            return report.results
                .filter((result) => result.value[0] === "VIOLATION" && result.value[1] === "FAIL")
                .map(({ ruleId, message, snippet }) => ({ ruleId, message, snippet }));
        }"""
    )
    return [each for each in found if each["ruleId"] not in ACCEPTED]


def assert_accessible_to_both(page: Page) -> None:
    found = [f"{each['ruleId']} · {each['message']} · {each['snippet'][:200]}" for each in violations(page)]
    assert not found, f"Equal Access on {page.url}:\n" + "\n".join(found)
