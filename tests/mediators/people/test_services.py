"""Appointments and assistance: who is invited with which words, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.accounts.models import User
from mediators.models import Appointment, Assistance, Mediator
from mediators.people.models import towns_of
from mediators.people.services import allow_assistance, appoint_mediator, end_assistance
from mediators.roles import mediator_roles
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
NEXT_YEAR = dt.date(2023, 9, 30)


def appoint(people: People, **values: object) -> Appointment:
    chosen = {"email": "neu@kiv.example", "full_name": "Nele Neumann", "starts_on": factories.START}
    return appoint_mediator(people.town, by=people.contact, **(chosen | values))


def allow(people: People, **values: object) -> Assistance:
    until = timezone.localdate() + dt.timedelta(days=30)
    chosen = {"email": "hilfe@kiv.example", "full_name": "Hanna Hilfe", "ends_on": until}
    return allow_assistance(people.kiv, by=people.mediator, **(chosen | values))


def test_who_is_appointed_is_invited_for_the_town(people: People, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = appoint(people, ends_on=NEXT_YEAR, form="minijob")
    made.refresh_from_db()
    assert made.mediator.user.invited_by == people.contact
    assert (made.municipality, made.starts_on, made.ends_on, made.form) == (
        people.town,
        factories.START,
        NEXT_YEAR,
        "minijob",
    )
    assert (made.mediator.user.email, str(made.mediator)) == ("neu@kiv.example", "Nele Neumann")
    assert [letter.to for letter in outbox] == [["neu@kiv.example"]]
    assert "Sie vermitteln Inklusion in Leonberg." in outbox[0].body


def test_who_is_a_mediator_already_stays_one_person(people: People) -> None:
    made = appoint(people, email=people.stranger.email, full_name="Fritz Fremd")
    assert (made.mediator, made.ends_on, made.form) == (people.stranger.mediator, None, "volunteer")
    assert Mediator.objects.filter(user=people.stranger).count() == 1


def test_nobody_is_appointed_twice_for_the_same_time(people: People) -> None:
    with pytest.raises(ValidationError, match="schon für diese Kommune bestellt"):
        appoint(people, email=people.mediator.email)
    with pytest.raises(ValidationError, match="Ende"):
        appoint(people, ends_on=dt.date(2021, 9, 30))


def test_help_is_allowed_from_today_to_the_day_that_was_said(
    people: People, django_capture_on_commit_callbacks
) -> None:
    until = timezone.localdate() + dt.timedelta(days=30)
    with django_capture_on_commit_callbacks(execute=True):
        made = allow(people)
    assert made.helper.invited_by == people.mediator
    assert [letter.to for letter in outbox] == [["hilfe@kiv.example"]]
    sentence = f"Sie tragen Aktivitäten im Auftrag von Vera Vermittlung ein, bis zum {until:%d.%m.%Y}."
    assert sentence in outbox[0].body
    assert (made.mediator, made.helper.full_name) == (people.kiv, "Hanna Hilfe")
    assert (made.starts_on, made.ends_on, made.revoked_at) == (timezone.localdate(), until, None)


def test_a_mediator_does_not_help_themselves_nor_get_the_same_help_twice(people: People) -> None:
    with pytest.raises(ValidationError, match="Ihre eigene E-Mail-Adresse"):
        allow(people, email=people.mediator.email)
    with pytest.raises(ValidationError, match="hilft Ihnen schon"):
        allow(people, email=people.assistant.email)
    with pytest.raises(ValidationError, match="höchstens ein Jahr"):
        allow(people, ends_on=timezone.localdate() + dt.timedelta(days=367))
    assert Assistance.objects.count() == 1
    allow(people, email=people.stranger.email)  # a mediator of another town may
    allow_assistance(
        people.stranger.mediator,
        email=people.assistant.email,
        full_name="Alma Assistenz",
        ends_on=timezone.localdate(),
        by=people.stranger,
    )  # and one person may help two
    assert Assistance.objects.count() == 3


def test_help_that_was_ended_may_be_allowed_anew_and_keeps_its_end(people: People) -> None:
    old = people.assistant.assistances.get()
    end_assistance(old)
    old.refresh_from_db()
    ended_at = old.revoked_at
    assert ended_at is not None
    end_assistance(old)
    old.refresh_from_db()
    assert old.revoked_at == ended_at
    assert allow(people, email=people.assistant.email).helper == people.assistant


def test_whose_work_a_person_sees(people: People) -> None:
    seen = {
        name: {
            str(people.town): people.town.pk in towns_of(user),
            "other": people.other_town.pk in towns_of(user),
        }
        for name in ("coordinator", "contact", "mediator", "councillor", "stranger", "other_county", "former")
        if isinstance(user := getattr(people, name), User)
    }
    assert {name for name, towns in seen.items() if towns["Leonberg"]} == {
        "coordinator",
        "contact",
        "mediator",
    }
    assert {name for name, towns in seen.items() if towns["other"]} == {"coordinator", "stranger"}


def test_an_appointment_counts_from_its_first_to_its_last_day(people: People) -> None:
    today = timezone.localdate()
    cases = {
        "yesterday": (today - dt.timedelta(days=9), today - dt.timedelta(days=1), False),
        "until today": (today - dt.timedelta(days=9), today, True),
        "from today": (today, None, True),
        "tomorrow": (today + dt.timedelta(days=1), None, False),
    }
    for name, (starts_on, ends_on, counts) in cases.items():
        user = factories.make_user(name)
        factories.make_mediator(user, people.town, starts_on=starts_on, ends_on=ends_on)
        assert (people.town.pk in mediator_roles(user).appointed) is counts, name
