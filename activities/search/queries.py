"""What lists, filters and exports read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from activities.log.closed_period import ClosedPeriod
from activities.log.fields import INNER_EXPORTED
from activities.log.models import ActivityOrganisation, ActivityQuerySet
from kiv_portal.accounts.models import User
from kiv_portal.german_order import GermanOrder
from municipalities.models import Municipality

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class LastReport(TypedDict):
    """The newest period that a report has closed."""

    reported_from: dt.date | None
    reported_until: dt.date | None


ReportedTown: TypeAlias = "WithAnnotations[Municipality, LastReport]"


def with_last_report(towns: QuerySet[Municipality]) -> QuerySet[ReportedTown]:
    newest = ClosedPeriod.objects.filter(municipality=OuterRef("pk")).order_by("-ends_on")
    return towns.annotate(
        reported_from=Subquery(newest.values("starts_on")[:1]),
        reported_until=Subquery(newest.values("ends_on")[:1]),
    )


EXPORT_ROWS_AT_ONCE = 2_000


def readable(name: str) -> str:
    """An inner field as `export_rows` hands it out."""
    return f"readable_{name}"


def export_rows(
    activities: ActivityQuerySet, columns: Sequence[str], *, reader: User
) -> Iterator[tuple[Any, ...]]:
    """Plain tuples by a cursor on the server, so that a million rows need no memory.

    What `readable` names is for whom the entry is by, and for the county; else empty.
    """
    may_read = Q(municipality__in=Municipality.objects.of_staff(reader)) | Q(mediator__user_id=reader.pk)
    partners = ActivityOrganisation.objects.filter(activity=OuterRef("pk")).order_by(
        GermanOrder("organisation__name")
    )
    return (
        activities.annotate(
            **{readable(name): Case(When(may_read, then=F(name)), default=None) for name in INNER_EXPORTED},
            partners=ArraySubquery(partners.values("organisation__name")),
        )
        .values_list(*columns)
        .iterator(chunk_size=EXPORT_ROWS_AT_ONCE)
    )
