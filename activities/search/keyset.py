"""Pages of a long list by the last row seen instead of a page number: as fast on page 1,000 as on page 1, and
nothing slips from one page to the next when somebody adds a row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound=QuerySet)
PRIMARY_KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Order:
    """`read` makes a value of the column from the text in an address, or raises ValueError."""

    column: str
    descending: bool
    read: Callable[[str], Any]
    label: str
    back: str  # what the link to the rows before says
    on: str

    @property
    def caption(self) -> str:
        return f"Aktivitäten, {self.label[0].lower()}{self.label[1:]}"


def _minutes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError(text)
    return int(text)


def _rank(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,7}", text):
        raise ValueError(text)
    return int(text)


def _title(text: str) -> str:
    if "\x00" in text or len(text) > 1_000:  # "ß" is ordered as "ss"
        raise ValueError(text)
    return text


ORDERS = {
    "best": Order("best", True, _rank, "Beste Treffer zuerst", "Bessere", "Weitere"),
    "newest": Order("day", True, dt.date.fromisoformat, "Neueste zuerst", "Neuere", "Ältere"),
    "oldest": Order("day", False, dt.date.fromisoformat, "Älteste zuerst", "Ältere", "Neuere"),
    "longest": Order("minutes", True, _minutes, "Längste zuerst", "Längere", "Kürzere"),
    "title": Order("title_order", False, _title, "Nach dem Titel", "Vorherige", "Nächste"),
}


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """`before` and `after` are keys for the neighbouring pages, empty where there is none."""

    rows: list[Row]
    before: str = ""
    after: str = ""


def ordered(rows: Rows, order: Order, *, backwards: bool = False) -> Rows:
    sign = "-" if order.descending != backwards else ""
    return rows.order_by(f"{sign}{order.column}", f"{sign}pk")


def page_of(
    rows: QuerySet[Any, Row], order: Order, *, after: str = "", before: str = "", size: int
) -> KeysetPage[Row]:
    """The rows behind the key `after`, or those in front of `before`; the first page for a key that says nothing."""
    if key := _read(order, before):
        found = list(
            ordered(rows.filter(_beyond(order, key, backwards=True)), order, backwards=True)[: size + 1]
        )
        if len(found) > size:
            page = found[:size][::-1]
            return KeysetPage(page, before=_key(order, page[0]), after=_key(order, page[-1]))
        # fewer than a page in front: that is the first page
    elif key := _read(order, after):
        found = list(ordered(rows.filter(_beyond(order, key)), order)[: size + 1])
        if found:
            return _forwards(found, order, size, before=_key(order, found[0]))
    return _forwards(list(ordered(rows, order)[: size + 1]), order, size)


def _forwards(found: list[Row], order: Order, size: int, before: str = "") -> KeysetPage[Row]:
    page = found[:size]
    return KeysetPage(page, before=before, after=_key(order, page[-1]) if len(found) > size else "")


def _beyond(order: Order, key: tuple[Any, int], *, backwards: bool = False) -> Q:
    """The first half alone lets an index answer; the usual OR of both halves does not."""
    value, pk = key
    lookup = "lt" if order.descending != backwards else "gt"
    strictly = Q(**{f"{order.column}__{lookup}": value}) | Q(**{f"pk__{lookup}": pk})
    return Q(**{f"{order.column}__{lookup}e": value}) & strictly


def _key(order: Order, row: Any) -> str:
    return f"{getattr(row, order.column)}_{row.pk}"


def _read(order: Order, text: str) -> tuple[Any, int] | None:
    value, _, pk = text.rpartition("_")
    if not PRIMARY_KEY.fullmatch(pk):
        return None
    try:
        return order.read(value), int(pk)
    except ValueError:
        return None
