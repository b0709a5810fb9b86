"""How German pages write durations, terms and counted things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from kiv_portal.documents import german as german_text
from kiv_portal.documents import prose as plain_text
from kiv_portal.written.durations import hours_and_minutes

register = template.Library()
FEW_HOURS = 10 * 60  # minutes


@register.inclusion_tag("ui/prose.html")
def prose(text: str) -> dict[str, Any]:
    """Plain text as people type it, as paragraphs and lists: on the page as in the PDF."""
    return {"blocks": plain_text.blocks(text)}


@register.filter
def duration(minutes: int) -> str:
    """90 → "1 Stunde 30 Minuten"."""
    return hours_and_minutes(minutes)


@register.filter
def full_hours(minutes: int) -> int:
    """Minutes as whole hours, rounded: for sentences and large numbers."""
    return german_text.whole_hours(minutes)


@register.filter
def time_spent(minutes: int) -> str:
    """For a sentence: 25 → "25 Minuten", 7075 → "118 Stunden"; a sum below ten hours is not rounded."""
    return hours_and_minutes(minutes) if minutes < FEW_HOURS else german_text.hours_with_unit(minutes)


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours with one decimal, as in the report."""
    return german_text.hours(minutes)


@register.filter
def with_hours(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Each row beside its minutes as hours, so that they add up to the `hours` of their sum."""
    found = list(rows)
    return list(zip(found, german_text.hours_of_rows([row.minutes for row in found]), strict=True))


@register.filter
def day(date: dt.date) -> str:
    """As date:"d.m.Y", without asking for language and format: for lists."""
    return f"{date:%d.%m.%Y}"


@register.filter
def shortened(text: str, most: int) -> str:
    """As truncatechars, without asking for the translation of the dots: for lists."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@register.filter
def one_line(text: str) -> str:
    """A preview of typed text: its paragraphs and list items after each other, without their marks."""
    return " ".join(item for block in plain_text.blocks(text) for item in block.items)


@register.filter
def tel(number: str) -> str:
    """For a link: "07152 (0) 990-12" → "tel:0715299012"; a zero in brackets is only dialled at home."""
    dialled = number.replace("(0)", "")
    return f"tel:{'+' * dialled.startswith('+')}{''.join(sign for sign in dialled if sign.isdigit())}"


@register.filter
def counted(number: int, forms: str) -> str:
    """1|counted:"Aktivität,Aktivitäten" → "1 Aktivität"; numbers from 1,000 with a dot."""
    one, many = forms.split(",")
    return f"{german_text.number(number)} {one if number == 1 else many}"


@register.filter
def euros(cents: int) -> str:
    """1250 → "12,50 Euro"."""
    return f"{german_text.number(cents / 100, 2)} Euro"


@register.filter
def term(row: Any) -> str:
    """The term of a row with `starts_on` and `ends_on`."""
    if row.ends_on:
        return f"{row.starts_on:%d.%m.%Y} bis {row.ends_on:%d.%m.%Y}"
    return f"{'ab' if row.starts_on > timezone.localdate() else 'seit'} {row.starts_on:%d.%m.%Y}"
