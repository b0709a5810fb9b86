"""Windows of real people on one live portal. Whatever they visit, their browser meets neither a foreign cookie, nor a
request to somebody else, nor a script error.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import Error

from kiv_portal.accounts.models import User
from municipalities.models import ActivityKind, FieldOfAction
from municipalities.programme.load import load_programme
from tests import factories
from tests.axe import assert_accessible
from tests.live import LivePortal
from tests.people import People, signed_in
from tests.sample import is_drawn

if TYPE_CHECKING:
    from playwright.sync_api import Page

ALLOWED_COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
PICTURES = os.environ.get(
    "KIV_PICTURES", ""
)  # a folder: every state that is looked at is kept there as a picture

OpenPage = Callable[..., "Page"]


@pytest.fixture
def page_of(demo_portal: LivePortal, new_page: OpenPage) -> Iterator[OpenPage]:
    """`page_of(person)`: a window in which this person is signed in; `page_of()`: nobody."""
    problems: list[str] = []

    def opened(person: User | None = None, **options: Any) -> Page:
        page = new_page(demo_portal, **options)
        page.context.on("request", lambda request: check_origin(request.url))
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceivedExtraInfo", lambda response: check_cookies(response["headers"]))
        if person is not None:
            key = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": demo_portal.url}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def check_origin(url: str) -> None:
        if not url.startswith((demo_portal.url, "data:")):
            problems.append(f"request to another origin: {url}")

    def check_cookies(headers: dict[str, str]) -> None:
        for line in headers.get("Set-Cookie", "").splitlines():
            if line.split("=")[0] not in ALLOWED_COOKIES:
                problems.append(f"cookie beside session and CSRF: {line}")

    yield opened
    assert not problems, "\n".join(problems)


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """`look(page)`: the state as it stands fits into its window and, of every second one in a run, breaks no
    accessibility rule in light and dark.
    """
    number = count()

    def look_at(page: Page) -> None:
        page.emulate_media(reduced_motion="reduce")
        if is_drawn(f"{request.node.nodeid} {next(number)}"):
            assert_accessible(page)
        fit_into_window(page)
        if PICTURES:
            _keep_pictures(page)

    return look_at


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """`fits(page)`: nothing of the page makes it scroll sideways."""
    return fit_into_window


# before its first sign a page that just comes has no element at all
FITS = "!document.documentElement || document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def fit_into_window(page: Page) -> None:
    page.wait_for_load_state()
    try:
        fits = page.evaluate(FITS)
    except Error as error:
        if "Execution context was destroyed" not in str(error):
            raise
        page.wait_for_load_state()  # the last press has just led on
        fits = page.evaluate(FITS)
    assert fits, f"{page.url} scrolls sideways at {page.viewport_size}: {too_wide(page)}"


def too_wide(page: Page) -> list[str]:
    """The innermost elements that stick out, for the message of a failed test."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            const out = [...document.body.querySelectorAll("*")].filter((e) =>
                e.getBoundingClientRect().right > width && !e.closest(".table-region, .sr-only, .skip-link"));
            return out.filter((e) => !out.some((inner) => inner !== e && e.contains(inner)))
                .slice(0, 5).map((e) => e.outerHTML.slice(0, 150));
        }"""
    )


def _keep_pictures(page: Page) -> None:
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    name = re.sub(r"[^a-z0-9]+", "-", page.url.split("/", 3)[3].lower()).strip("-") or "home"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(
            path=folder / f"{len(list(folder.iterdir())):03} {name} {width} {scheme}.png", full_page=True
        )


@pytest.fixture
def leonberg(people: People) -> People:
    """The programme's data, and in Leonberg a year with enough activities for two pages of a list."""
    load_programme()
    kinds = list(ActivityKind.objects.all())
    fields = [*FieldOfAction.objects.all(), None]
    for number in range(30):
        factories.make_activity(
            people.kiv,
            people.town,
            day=dt.date(2021, 10, 4) + dt.timedelta(days=12 * number),
            field=fields[number % len(fields)],
            kind=kinds[number % len(kinds)],
            title=f"Begehung mit dem Bauamt, Termin {number + 1}",
            description="Der Eingang bekommt eine Rampe.",
            minutes=30 + number,
            people_reached=number or None,
            result="done" if number % 2 else "",
        )
    return people
