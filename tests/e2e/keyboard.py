"""Hands on the keyboard only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FAR = 80


def tab_to(page: Page, target: Locator) -> None:
    """Tab until the target has the focus; fails if the keyboard never gets there."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if has_focus(target):
            return
    raise AssertionError(f"The keyboard does not reach {target}.")


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate("(element) => element === document.activeElement"))


def type_into(page: Page, target: Locator, text: str) -> None:
    """Tab to the field and type over what stands there."""
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def press_on(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)
