"""Which page a problem of the website is about: named only where its address is no key to anything."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve, reverse

# What stands in addresses that open nothing by themselves. Everything else may be a private link.
PLAIN = {"slug", "pk", "name", "year", "period", "day"}
COUNTY_KEY = re.compile(r"\d{5}")
ADDRESS = re.compile(r"(?:https?://[^\s/]+)?/[^\s]*[^\s.,;:!?)\]\"'“”]")
PRIVATE = "(eine private Seite)"


def problem_url(path: str) -> str:
    """The form for problems of the website, with the page one comes from, if it may be named."""
    form, page = reverse("barrier_report"), nameable_path(path)
    return f"{form}?{urlencode({'seite': page})}" if page and page != form else form


def nameable_path(path: str) -> str:
    """The path of a page of this portal; "" for private links, other websites and pages that do not exist."""
    path = path.partition("?")[0]
    match = _match(path)
    return path if match and _is_plain(match) else ""


def without_private_links(text: str) -> str:
    """What a person typed, without addresses that open something to whoever has them."""
    return ADDRESS.sub(lambda found: PRIVATE if _is_private(found[0]) else found[0], text)


def _is_private(address: str) -> bool:
    try:
        path = urlsplit(address).path
    except ValueError:
        return False
    match = _match(path) or _match(f"{path}/")
    return match is not None and not _is_plain(match)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _is_plain(match: ResolverMatch) -> bool:
    parts = dict(match.captured_kwargs)  # type: ignore[attr-defined]  # which the stubs do not know
    if COUNTY_KEY.fullmatch(str(parts.get("key", ""))):
        del parts["key"]
    return not match.args and set(parts) <= PLAIN
