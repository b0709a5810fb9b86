from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower

from activities.models import Activity, Organisation


@transaction.atomic
def store_activity(
    activity: Activity, *, organisations: Iterable[Organisation], new_names: Iterable[str]
) -> Activity:
    """The entry and who took part. Names that the county's list does not know yet are added to it."""
    activity.save()
    named = named_organisations(activity.municipality.county_id, list(new_names))
    activity.organisations.set([*organisations, *named])
    return activity


def named_organisations(county_id: str, names: list[str]) -> QuerySet[Organisation]:
    """Those of the county with these names, whatever their case; what is missing is added, also if two people add
    the same name in one moment.
    """
    if not names:
        return Organisation.objects.none()
    Organisation.objects.bulk_create(
        [Organisation(county_id=county_id, name=name) for name in names], ignore_conflicts=True
    )
    wanted = Q()
    for name in names:
        wanted |= Q(lower_name=Lower(Value(name)))  # as the database folds it
    return Organisation.objects.annotate(lower_name=Lower(F("name"))).filter(wanted, county_id=county_id)
