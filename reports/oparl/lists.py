"""Lists of objects: pages, filters by time, links from page to page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Page, Paginator

from reports.oparl.objects import shown, without_embedded
from reports.oparl.published import is_deleted

PAGE_SIZE = 50
FILTERS = ("created_since", "created_until", "modified_since", "modified_until")


class WrongQuestion(Exception):
    """A parameter that cannot be read. The message is for the person who writes the program."""


def listed(
    rows: Iterable[Any], shape: Callable[[Any], dict[str, Any]], query: Mapping[str, str], address: str
) -> dict[str, Any]:
    """A page of the list at `address`. What is gone stands in it only if changes are asked for.

    `query` holds the parameters that were sent; raises WrongQuestion for one that cannot be read.
    """
    moments = {name: _moment(name, query[name]) for name in FILTERS if name in query}
    found = [row for row in rows if _is_asked_for(row, moments)]
    paginator = Paginator(found, PAGE_SIZE)
    try:
        page = paginator.page(query.get("page", "1"))
    except InvalidPage:
        raise WrongQuestion("page: Diese Seite gibt es nicht.") from None
    objects = [shown(row, shape) for row in page]
    if query.get("omit_internal") == "true":
        objects = [without_embedded(whole) for whole in objects]
    return {
        "data": objects,
        "pagination": {
            "totalElements": paginator.count,
            "elementsPerPage": PAGE_SIZE,
            "currentPage": page.number,
            "totalPages": paginator.num_pages,
        },
        "links": _links(page, query, address),
    }


def _links(page: Page, query: Mapping[str, str], address: str) -> dict[str, str]:
    kept = {name: query[name] for name in (*FILTERS, "omit_internal") if name in query}

    def link(number: int) -> str:
        parameters = kept | ({"page": str(number)} if number > 1 else {})
        return f"{address}?{urlencode(parameters)}" if parameters else address

    links = {"first": link(1), "self": link(page.number), "last": link(page.paginator.num_pages)}
    if page.has_previous():
        links["prev"] = link(page.previous_page_number())
    if page.has_next():
        links["next"] = link(page.next_page_number())
    return links


def _is_asked_for(row: Any, moments: Mapping[str, dt.datetime]) -> bool:
    if is_deleted(row) and "modified_since" not in moments:
        return False
    return all(
        getattr(row, name.removesuffix("_since")) >= moment
        if name.endswith("_since")
        # shown to the second, so the whole second counts
        else getattr(row, name.removesuffix("_until")) < moment + dt.timedelta(seconds=1)
        for name, moment in moments.items()
    )


def _moment(name: str, text: str) -> dt.datetime:
    """A moment with its offset, whose plus sign an address may have turned into a space."""
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError(text)
        moment = moment.astimezone(dt.UTC)
        moment + dt.timedelta(seconds=1)  # the last second of all cannot be counted on
    except (ValueError, OverflowError):
        raise WrongQuestion(
            f"{name}: Bitte einen Zeitpunkt mit Abstand zur Weltzeit angeben, "
            "zum Beispiel 2026-11-24T08:00:00+01:00."
        ) from None
    return moment
