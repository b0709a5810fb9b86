"""What lists, filters and exports read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)

from activities.log.closed_period import ClosedPeriod
from activities.log.models import ActivityOrganisation, ActivityQuerySet
from kiv_portal.accounts.models import User
from municipalities.models import ActivityKind, FieldOfAction, Municipality, MunicipalityQuerySet


@dataclass(frozen=True)
class ReferenceNames:
    """{code: name} in the order of their positions."""

    fields: dict[str, str]
    kinds: dict[str, str]


def reference_names() -> ReferenceNames:
    """Fields of action and kinds in one query."""
    columns = ("what", "position", "code", "name")
    fields = FieldOfAction.objects.order_by().annotate(what=Value("field")).values_list(*columns)
    kinds = ActivityKind.objects.order_by().annotate(what=Value("kind")).values_list(*columns)
    names: dict[str, dict[str, str]] = {"field": {}, "kind": {}}
    for what, _, code, name in sorted(fields.union(kinds)):
        names[what][code] = name
    return ReferenceNames(fields=names["field"], kinds=names["kind"])


def with_last_report(towns: MunicipalityQuerySet) -> MunicipalityQuerySet:
    """`reported_from` and `reported_until`: the newest period that a report has closed."""
    newest = ClosedPeriod.objects.filter(municipality=OuterRef("pk")).order_by("-ends_on")
    return towns.annotate(
        reported_from=Subquery(newest.values("starts_on")[:1]),
        reported_until=Subquery(newest.values("ends_on")[:1]),
    )


EXPORT_ROWS_AT_ONCE = 2_000


def export_rows(
    activities: ActivityQuerySet, columns: Sequence[str], *, reader: User
) -> Iterator[tuple[Any, ...]]:
    """Plain tuples by a cursor on the server, so that a million rows need no memory.

    `readable_note` and `readable_expenses` are for whom the entry is by, and for the county; else empty.
    """
    may_read = Q(municipality__in=Municipality.objects.of_staff(reader)) | Q(mediator__user_id=reader.pk)
    partners = ActivityOrganisation.objects.filter(activity=OuterRef("pk")).order_by("organisation__name")
    return (
        activities.annotate(
            readable_note=Case(
                When(may_read, then=F("internal_note")), default=Value(""), output_field=TextField()
            ),
            readable_expenses=Case(
                When(may_read, then=F("expenses_cents")), default=None, output_field=IntegerField()
            ),
            partners=ArraySubquery(partners.values("organisation__name")),
        )
        .values_list(*columns)
        .iterator(chunk_size=EXPORT_ROWS_AT_ONCE)
    )
