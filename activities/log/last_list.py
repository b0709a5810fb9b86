"""The way back to a list as one left it: its search, order and page."""

from __future__ import annotations

from kiv_portal.accounts.requests import SignedInRequest

KEY = "lists_as_left"  # of the session: {path: path with its query}
MOST = 10
LONGEST = 2_000


def leave(request: SignedInRequest) -> None:
    """Remember the list that is shown. Writes only when it is another view of it than before."""
    kept = request.session.get(KEY, {})
    now = request.get_full_path() if request.GET else ""
    if kept.get(request.path, "") != now and len(now) <= LONGEST:
        others = [(path, url) for path, url in kept.items() if path != request.path]
        request.session[KEY] = dict([*others, *([(request.path, now)] if now else [])][-MOST:])


def as_left(request: SignedInRequest, url: str) -> str:
    return str(request.session.get(KEY, {}).get(url, url))
