from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower

from activities.log.models import OTHER_TOWNS_CONCERN, Activity
from activities.log.organisations import Organisation

# what only the database knows, because somebody else was faster: {constraint: sentence}
REFUSALS = {
    "activity_within_appointment": "An diesem Tag sind Sie nicht für diese Kommune bestellt.",
    "activity_not_in_future": "Das Datum liegt in der Zukunft. Bitte tragen Sie ein, was schon war.",
    "activity_not_in_closed_period": (
        "Der Zeitraum ist inzwischen abgeschlossen: Die Zahlen stehen im Zwischenbericht."
    ),
    "activity_day_within_24_hours": (
        "An diesem Tag sind inzwischen andere Aktivitäten erfasst. Zusammen wären es mehr als 24 Stunden."
    ),
    "activity_concern_of_its_town": OTHER_TOWNS_CONCERN,
    "activity_kind_of_its_county": "Diese Art gibt es im Landkreis der Kommune nicht. Bitte wählen Sie noch einmal.",
    "activity_field_of_its_county": (
        "Dieses Handlungsfeld gibt es im Landkreis der Kommune nicht. Bitte wählen Sie noch einmal."
    ),
    "activity_further_fields_without_leading": "Das führende Handlungsfeld steht schon oben.",
    "activity_further_fields_known": "Ein Handlungsfeld gibt es nicht mehr. Bitte wählen Sie noch einmal.",
}


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
