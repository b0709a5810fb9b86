"""Coordinators look after accounts: name, address, lock, second factor. Never their own, and never alone all of it."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.people.queries import RolePlace, left_without_coordination, role_places
from kiv_portal.accounts.models import AccountStep, EmailChange, User
from tests import factories
from tests.people import People, signed_in
from tests.post import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people: People) -> Client:
    return people.client("coordinator")


@pytest.fixture
def second(people: People) -> User:
    user = factories.make_user("Sabine Zweite")
    factories.make_staff(user, people.town.county)
    return user


def page(name: str, person: User) -> str:
    return reverse(name, args=[person.pk])


def steps(person: User) -> list[tuple[str, str]]:
    return [(step.kind, step.reason) for step in person.account_steps.all()]


def test_a_name_is_changed_and_told(client: Client, people: People) -> None:
    client.post(page("person_name", people.contact), {"full_name": "Anton Neumann"})
    people.contact.refresh_from_db()
    assert (people.contact.full_name, steps(people.contact)) == ("Anton Neumann", [("renamed", "")])
    (told,) = outbox
    assert (told.to, "Anton Neumann" in told.body, "Karin Koordination" in told.body) == (
        [people.contact.email],
        True,
        True,
    )


def test_an_address_is_changed_for_good(client: Client, people: People) -> None:
    EmailChange.objects.create(user=people.contact, old_email=people.contact.email, new_email="x@x.example")
    old = people.contact.email
    client.post(page("person_email", people.contact), {"email": "Anton@Rathaus.example "})
    people.contact.refresh_from_db()
    assert people.contact.email == "anton@rathaus.example"
    assert sorted(message.to[0] for message in outbox) == sorted([old, "anton@rathaus.example"])
    assert EmailChange.objects.get().ended_at is not None
    answer = client.post(page("person_email", people.contact), {"email": people.mediator.email.upper()})
    assert answer.context["form"].errors["email"] == ["Zu dieser Adresse gibt es schon ein Konto."]


def test_a_locked_account_is_out_at_once(client: Client, people: People) -> None:
    theirs = people.client("contact")
    assert theirs.get("/start/").status_code == 200
    client.post(page("person_lock", people.contact), {"reason": "Handy verloren"})
    assert theirs.get("/start/").status_code == 302
    assert steps(people.contact) == [("locked", "Handy verloren")]
    text = client.get(page("person_account", people.contact)).content.decode()
    assert ("Konto gesperrt" in text, "Handy verloren" in text) == (True, True)
    client.post(page("person_lock", people.contact))  # a double click is one step
    client.post(page("person_unlock", people.contact))
    people.contact.refresh_from_db()
    assert (people.contact.is_active, len(steps(people.contact)), len(outbox)) == (True, 2, 2)


def test_a_second_factor_is_reset_by_another(client: Client, people: People, second: User) -> None:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=second, type=kind, data={})
    client.post(page("person_factor_reset", second), {"reason": "Neues Telefon"})
    assert not Authenticator.objects.filter(user=second).exists()
    assert steps(second) == [("factor_reset", "Neues Telefon")]


def test_nobody_takes_an_account_over_alone(client: Client, people: People, second: User) -> None:
    Authenticator.objects.create(user=second, type=Authenticator.Type.TOTP, data={})
    client.post(page("person_email", second), {"email": "neu@lra.example"})
    answer = client.post(page("person_factor_reset", second))
    assert "niemand allein" in answer.content.decode()
    assert Authenticator.objects.filter(user=second).exists()
    third = factories.make_user("Dritte Person")
    factories.make_staff(third, people.town.county)
    assert signed_in(third).post(page("person_factor_reset", second)).status_code == 302
    assert (
        "niemand allein"
        in signed_in(third).post(page("person_email", second), {"email": "weg@lra.example"}).content.decode()
    )


def test_the_last_coordinator_stays(people: People, second: User) -> None:
    today = timezone.localdate()
    assert left_without_coordination(second, today) is None
    people.coordinator.county_roles.update(ends_on=today)
    client = people.client("coordinator")
    assert left_without_coordination(second, today) == people.town.county
    answer = client.post(page("person_lock", second), follow=True)
    second.refresh_from_db()
    assert ("die letzte Person der Koordination" in answer.content.decode(), second.is_active) == (True, True)
    assert "lässt sich deshalb nicht sperren" in client.get(page("person_account", second)).content.decode()


ACTIONS = ("person_name", "person_email", "person_lock", "person_unlock", "person_factor_reset")


def test_ones_own_account_is_elsewhere(client: Client, people: People) -> None:
    assert client.get(page("person_account", people.coordinator)).status_code == 302
    assert {client.post(page(name, people.coordinator)).status_code for name in ACTIONS} == {403}
    with pytest.raises(IntegrityError, match="account_step_by_another"), transaction.atomic():
        AccountStep.objects.create(user=people.contact, taken_by=people.contact, kind="locked")


def test_who_works_in_two_counties_is_changed_by_neither(client: Client, people: People) -> None:
    calw = people.other_county.county_roles.get().county.municipalities.get()
    role = factories.make_contact(people.contact, calw)
    assert "anderen Landkreis" in client.get(page("person_account", people.contact)).content.decode()
    assert {client.post(page(name, people.contact)).status_code for name in ACTIONS} == {403}
    role.ends_on = timezone.localdate() - dt.timedelta(days=1)
    role.save()
    assert client.get(page("person_name", people.contact)).status_code == 200


def test_where_a_person_works(people: People) -> None:
    today = timezone.localdate()
    for name in ("coordinator", "contact", "mediator", "councillor", "assistant"):
        assert role_places(getattr(people, name), today) == {RolePlace("08115", is_current=True)}, name
    assert role_places(people.former, today) == {RolePlace("08115", is_current=False)}
    assert role_places(people.newcomer, today) == set()


def test_operators_are_nobodys_to_change(client: Client, people: People) -> None:
    User.objects.filter(pk=people.contact.pk).update(is_superuser=True)
    assert client.get(page("person_account", people.contact)).status_code == 404


def test_the_person_reads_it_among_the_own_data(client: Client, people: People) -> None:
    client.post(page("person_name", people.contact), {"full_name": "Anton Neumann"})
    assert "Name geändert" in people.client("contact").get("/konto/daten/").json().__str__()
