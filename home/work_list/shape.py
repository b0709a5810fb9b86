"""The columns that all duties have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, TruncDate

from reports.models import InterimReport

Rows = QuerySet[Any, tuple[Any, ...]]
COLUMNS = tuple(f"duty_{name}" for name in ("kind", "key", "slug", "town", "day", "number", "label"))


def of_reports(kind: str, reports: QuerySet[InterimReport], day: Any, *, number: Any = None) -> Rows:
    return as_rows(reports, kind, day, number=number, town="municipality")


def as_rows(
    rows: QuerySet[Any],
    kind: str,
    day: Any,
    *,
    key: Any = None,
    number: Any = None,
    label: Any = None,
    town: str | None = None,
) -> Rows:
    """`town` is the way from a row to its town: None for a town itself, "" where there is none."""
    has_town = town != ""
    way = f"{town}__" if town else ""
    return (
        rows.order_by()
        .annotate(
            duty_kind=Value(kind, CharField()),
            duty_key=Cast(key or F("pk"), BigIntegerField()),
            duty_slug=F(f"{way}slug") if has_town else Value("", CharField()),
            duty_town=F(f"{way}name") if has_town else Value("", CharField()),
            duty_day=Cast(day, DateField()),
            duty_number=Cast(number or Value(1), IntegerField()),
            duty_label=Cast(label or Value(""), CharField()),
        )
        .values_list(*COLUMNS)
    )


def in_one_row(rows: QuerySet[Any], kind: str, day: Any, *, label: str = "") -> Rows:
    """One row for all of them, with the number 0 for none."""
    return (
        rows.order_by()
        .annotate(
            duty_kind=Value(kind, CharField()),
            duty_key=Value(0, BigIntegerField()),
            duty_slug=Value("", CharField()),
            duty_town=Value("", CharField()),
        )
        .values("duty_kind", "duty_key", "duty_slug", "duty_town")
        .annotate(
            duty_day=Cast(Min(day), DateField()),
            duty_number=Cast(Count("*"), IntegerField()),
            duty_label=Value(label, CharField()),
        )
        .values_list(*COLUMNS)
    )


def one_value(rows: QuerySet[Any], value: Any) -> Subquery:
    """A number or day made of all these rows."""
    alike = rows.order_by().annotate(duty_all=Value(1)).values("duty_all")
    return Subquery(alike.annotate(duty_one=value).values("duty_one")[:1])


def day_of(moment: Any) -> TruncDate:
    return TruncDate(moment)
