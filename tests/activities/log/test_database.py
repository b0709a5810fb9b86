"""What the database refuses about activities, against raw rows."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from activities.models import Activity, ClosedPeriod, Concern
from mediators.models import Appointment
from municipalities.models import ActivityKind, FieldOfAction, Municipality
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = {"starts_on": factories.START, "ends_on": factories.END}


def refused(constraint, action):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        action()
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_day_lies_within_an_appointment(people):
    before = factories.START - dt.timedelta(days=1)
    refused(
        "activity_within_appointment", lambda: factories.make_activity(people.kiv, people.town, day=before)
    )
    refused("activity_within_appointment", lambda: factories.make_activity(people.kiv, people.other_town))
    activity = factories.make_activity(people.kiv, people.town)
    refused("activity_within_appointment", lambda: Activity.objects.filter(pk=activity.pk).update(day=before))


def test_bulk_rows_are_held_to_it_too(people):
    rows = [Activity(**factories.activity_values(people.kiv, people.other_town))]
    refused("activity_within_appointment", lambda: Activity.objects.bulk_create(rows))


def test_day_is_not_in_the_future(people):
    tomorrow = timezone.localdate() + dt.timedelta(days=2)
    refused("activity_not_in_future", lambda: factories.make_activity(people.kiv, people.town, day=tomorrow))


@pytest.mark.parametrize("minutes", [0, 1441])
def test_duration_fits_a_day(people, minutes):
    refused(
        "activity_minutes_within_a_day",
        lambda: factories.make_activity(people.kiv, people.town, minutes=minutes),
    )


def test_negative_duration(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_activity(people.kiv, people.town, minutes=-5)


def test_leading_field_is_not_further_field(people):
    refused(
        "activity_further_fields_without_leading",
        lambda: factories.make_activity(people.kiv, people.town, further_fields=["bildung"]),
    )


def test_further_fields_exist(people):
    refused(
        "activity_further_fields_known",
        lambda: factories.make_activity(people.kiv, people.town, further_fields=["raumfahrt"]),
    )


@pytest.fixture
def calw(people):
    """A town of another county, where the mediator works, too."""
    town = Municipality.objects.get(slug="calw")
    factories.make_mediator(people.mediator, town)
    return town


def test_field_and_kind_are_of_the_towns_county(people, calw):
    field, kind = factories.make_field(county=calw.county), factories.make_kind(county=calw.county)
    there = {"field": field, "kind": kind}
    refused(
        "activity_field_of_its_county", lambda: factories.make_activity(people.kiv, people.town, field=field)
    )
    refused(
        "activity_kind_of_its_county", lambda: factories.make_activity(people.kiv, people.town, kind=kind)
    )
    activity = factories.make_activity(people.kiv, calw, **there)
    rows = Activity.objects.filter(pk=activity.pk)
    refused("activity_field_of_its_county", lambda: rows.update(field=factories.make_field()))
    refused("activity_kind_of_its_county", lambda: rows.update(kind=factories.make_kind()))
    refused("activity_kind_of_its_county", lambda: rows.update(municipality=people.town))


def test_further_fields_are_of_the_towns_county(people, calw):
    calw.county.fields.create(code="tourismus", name="Urlaub", short="Ur", articles=[], position=9)
    factories.make_activity(people.kiv, calw, further_fields=["tourismus"])
    activity = factories.make_activity(people.kiv, people.town)
    rows = Activity.objects.filter(pk=activity.pk)
    refused("activity_further_fields_known", lambda: rows.update(further_fields=["tourismus"]))


def test_a_concerns_field_is_of_its_county(people, calw):
    field = factories.make_field(county=calw.county)
    refused("concern_field_of_its_county", lambda: factories.make_concern(people.town, field=field))
    concern = factories.make_concern(calw, field=field)
    rows = Concern.objects.filter(pk=concern.pk)
    refused("concern_field_of_its_county", lambda: rows.update(field=factories.make_field()))
    refused("concern_field_of_its_county", lambda: rows.update(municipality=people.town))


def test_what_entries_rest_on_does_not_move(people, calw):
    field, kind = factories.make_field(), factories.make_kind()
    for rows, change in (
        (FieldOfAction.objects.filter(pk=field.pk), {"code": "lernen"}),
        (FieldOfAction.objects.filter(pk=field.pk), {"county": calw.county}),
        (ActivityKind.objects.filter(pk=kind.pk), {"code": "besuch"}),
        (ActivityKind.objects.filter(pk=kind.pk), {"county": calw.county}),
        (Municipality.objects.filter(pk=calw.pk), {"county": people.town.county, "ags": "08115999"}),
    ):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            rows.update(**change)


def test_appointment_cannot_leave_its_activities_behind(people):
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 1))
    appointments = Appointment.objects.filter(mediator=people.kiv)
    refused("appointment_keeps_its_activities", lambda: appointments.update(ends_on=dt.date(2022, 2, 28)))
    refused("appointment_keeps_its_activities", lambda: appointments.update(municipality=people.other_town))
    refused("appointment_keeps_its_activities", lambda: appointments.delete())
    appointments.update(ends_on=dt.date(2022, 3, 1))


def test_closed_period_refuses_new_changed_and_deleted(people):
    inside = factories.make_activity(people.kiv, people.town)
    outside = factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 1))
    ClosedPeriod.objects.create(municipality=people.town, reason="Bericht", **YEAR)
    name = "activity_not_in_closed_period"
    refused(name, lambda: factories.make_activity(people.kiv, people.town))
    refused(name, lambda: Activity.objects.filter(pk=inside.pk).update(title="anders"))
    refused(name, lambda: Activity.objects.filter(pk=inside.pk).update(day=outside.day))
    refused(name, lambda: Activity.objects.filter(pk=outside.pk).update(day=inside.day))
    refused(name, lambda: inside.delete())
    Activity.objects.filter(pk=outside.pk).update(title="frei")


def test_the_same_entry_is_stored_once(people):
    first = factories.make_activity(people.kiv, people.town)
    with pytest.raises(IntegrityError, match="entry_key"), transaction.atomic():
        factories.make_activity(people.kiv, people.town, entry_key=first.entry_key)
