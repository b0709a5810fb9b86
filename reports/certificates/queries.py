from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from activities.figures.totals import CROSS_CUTTING, FieldTotals, breakdown
from activities.models import Activity, ActivityQuerySet
from kiv_portal.german_order import german_key
from kiv_portal.periods import ONE_DAY, Period, add_months
from mediators.models import Appointment, EngagementForm, Mediator
from municipalities.models import Municipality
from reports.figures.certificate import CertificateContent, TownLine


def certified_months(today: dt.date) -> Period:
    """The last twelve full months: nothing in them is still to come."""
    first = today.replace(day=1)
    return Period(add_months(first, -12), first - ONE_DAY)


def voluntary_work(mediator: Mediator, period: Period) -> ActivityQuerySet:
    """What was done as a volunteer; the same person may be employed for another town, or have been before.

    `between`, not `in_period`: a late entry was done on its day, too.
    """
    voluntary = Appointment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("day")),
        mediator=OuterRef("mediator"),
        municipality=OuterRef("municipality"),
        form=EngagementForm.VOLUNTEER,
        starts_on__lte=OuterRef("day"),
    )
    own = Activity.objects.filter(mediator=mediator).between(period.start, period.end)
    return own.filter(Exists(voluntary))


def certificate_content(mediator: Mediator, *, today: dt.date, check_url: str) -> CertificateContent | None:
    """None where there is no voluntary work to certify."""
    period = certified_months(today)
    work = voluntary_work(mediator, period)
    towns = Municipality.objects.filter(pk__in=work.order_by().values("municipality")).select_related(
        "county"
    )
    by_name = sorted(towns, key=lambda town: german_key(town.name))
    if not by_name:
        return None
    parts = breakdown(work, *{town.county_id for town in by_name})
    total, sums, since = parts.totals(), parts.by_town(), _appointed_since(mediator, period.end)
    return CertificateContent(
        name=mediator.user.full_name,
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        issued_on=today.isoformat(),
        check_url=check_url,
        offices=list(dict.fromkeys(town.county.administration for town in by_name)),
        fields=_named(parts.by_field()),
        towns=[
            TownLine(town.name, since[town.pk].isoformat(), sums[town.pk].activities, sums[town.pk].minutes)
            for town in by_name
        ],
        activities=total.activities,
        minutes=total.minutes,
        travel_minutes=total.travel_minutes,
    )


def _appointed_since(mediator: Mediator, until: dt.date) -> dict[int, dt.date]:
    """{municipality id: first day of the newest voluntary appointment that had begun by then}"""
    terms = Appointment.objects.filter(
        mediator=mediator, form=EngagementForm.VOLUNTEER, starts_on__lte=until
    ).order_by("starts_on")
    return dict(terms.values_list("municipality", "starts_on"))


def _named(fields: Iterable[FieldTotals]) -> list[str]:
    """Those with work in them, each name once; "Querschnitt" is none."""
    return list(dict.fromkeys(f.name for f in fields if f.activities and f.code != CROSS_CUTTING))
