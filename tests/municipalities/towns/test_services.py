"""Giving people a role: with its dates and an invitation in words that say what they do; and who is in a town."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from municipalities.towns.queries import people_of
from municipalities.towns.services import add_contact, add_councillor, add_county_staff
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db


def today() -> dt.date:
    """Asked anew each time: a run may pass midnight."""
    return timezone.localdate()


def test_each_role_is_stored_with_its_day_and_invited_with_its_words(
    people: People, django_capture_on_commit_callbacks
) -> None:
    town, county, by = people.town, people.town.county, people.coordinator
    with django_capture_on_commit_callbacks(execute=True):
        contact = add_contact(
            town, email="a@kiv.example", full_name="Ada", starts_on=today(), function="Hauptamt", by=by
        )
        councillor = add_councillor(town, email="b@kiv.example", full_name="Bea", starts_on=today(), by=by)
        staff = add_county_staff(county, email="c@kiv.example", full_name="Cleo", starts_on=today(), by=by)
    for role in (contact, councillor, staff):
        role.refresh_from_db()
        assert (role.starts_on, role.ends_on) == (today(), None)
        assert role.user.invited_by == by
    assert (contact.municipality, contact.function, str(contact.user)) == (town, "Hauptamt", "Ada")
    assert (councillor.municipality, str(councillor.user)) == (town, "Bea")
    assert (staff.county, str(staff.user)) == (county, "Cleo")
    letters = {letter.to[0]: letter.body for letter in outbox}
    for role in (contact, councillor, staff):
        assert role.task in letters[role.user.email]


def test_nobody_has_the_same_role_twice(people: People) -> None:
    values = {"full_name": "Anton Ansprech", "starts_on": today(), "by": None}
    for add, email in ((add_contact, people.contact.email), (add_councillor, people.councillor.email)):
        with pytest.raises(ValidationError):
            add(people.town, email=email, **values)
    with pytest.raises(ValidationError):
        add_county_staff(people.town.county, email=people.coordinator.email, **values)


def test_the_people_of_a_town_by_name_with_who_is_awaited(people: People) -> None:
    people.contact.last_login = timezone.now()
    people.contact.save()
    factories.make_contact(
        people.newcomer, people.town, function="Bauamt", starts_on=today(), ends_on=today()
    )
    gone = factories.make_user("Gerda Gegangen", is_active=False)
    factories.make_contact(gone, people.town)
    found = people_of(people.town, today())
    assert [(row.full_name, row.role, row.function, row.is_awaited) for row in found] == [
        ("Anton Ansprech", "contact", "", False),
        ("Emil Ehemals", "contact", "", False),
        ("Emil Ehemals", "councillor", "", False),
        ("Gerda Gegangen", "contact", "", False),
        ("Nora Neu", "contact", "Bauamt", True),
        ("Rita Rat", "councillor", "", True),
    ]
    assert [
        row.full_name for row in people_of(people.town, today() + dt.timedelta(days=1)) if row.is_awaited
    ] == ["Rita Rat"]
    newest = found[-2]
    role = people.newcomer.contact_roles.get()
    assert (newest.pk, newest.user_pk, newest.starts_on, newest.ends_on) == (
        role.pk, people.newcomer.pk, today(), today(),
    )  # fmt: skip
