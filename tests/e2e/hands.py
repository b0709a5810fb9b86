"""What hands do on the way to something, counted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Hands:
    """Counts keys that are pressed and places that are tapped. Text is typed or dictated uncounted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def tap(self, *targets: Locator) -> None:
        for target in targets:
            target.tap()
            self.count += 1

    def write(self, target: Locator, text: str) -> None:
        """Into a field, in place of what stands there: a tap that takes the keyboard there."""
        self.tap(target)
        target.select_text()
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, label: str) -> None:
        """From a list: open it, take one."""
        target.select_option(label)
        self.count += 2

    def attach(self, target: Locator, file: Path) -> None:
        """Open the camera or the gallery, take one."""
        target.set_input_files(file)
        self.count += 2

    def report(self, task: str, *, most: int) -> None:
        sys.stdout.write(f"\n{task}: {self.count} actions\n")
        assert self.count <= most, f"{task}: {self.count} actions, not more than {most}"
