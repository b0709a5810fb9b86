"""The county's work on a town: agreements, people and their invitations."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from kiv_portal.accounts.models import User
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Councillor, MunicipalityContact
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return people.client("coordinator")


def invitation(**changes):
    return {"full_name": "Ida Neumann", "email": "Ida@Leonberg.example", "starts_on": "1.10.2022"} | changes


@pytest.mark.parametrize(
    ("name", "model", "extra"),
    [
        ("contact_invite", MunicipalityContact, {"function": "Sozialamt"}),
        ("councillor_invite", Councillor, {}),
        ("appointment_create", Appointment, {"form": "minijob", "ends_on": "30.9.2023"}),
    ],
)
def test_a_person_gets_a_role_an_account_and_a_mail(
    client, people, django_capture_on_commit_callbacks, name, model, extra
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse(name, args=["leonberg"]), invitation(**extra), follow=True)
    assert "Ida Neumann bekommt jetzt eine Einladung per E-Mail." in response.content.decode()
    user = User.objects.get(email="ida@leonberg.example")
    role = model.objects.latest("pk")
    assert (role.municipality, role.starts_on) == (people.town, dt.date(2022, 10, 1))
    assert (role.mediator.user if model is Appointment else role.user) == user
    assert (user.invited_by, user.has_usable_password()) == (people.coordinator, False)
    assert [message.to for message in mail.outbox] == [["ida@leonberg.example"]]
    assert "Leonberg" in mail.outbox[0].body


def test_a_known_address_keeps_its_account(client, people):
    client.post(reverse("councillor_invite", args=["leonberg"]), invitation(email=people.stranger.email))
    assert Councillor.objects.filter(user=people.stranger, municipality=people.town).count() == 1
    people.stranger.refresh_from_db()
    assert people.stranger.full_name == "Fritz Fremd"


def test_a_role_twice_is_explained_and_keeps_what_was_typed(client, people):
    entry = invitation(email=people.contact.email, full_name="Anton, noch einmal")
    response = client.post(reverse("contact_invite", args=["leonberg"]), entry)
    page = response.content.decode()
    assert ("schon Ansprechperson" in page, "Anton, noch einmal" in page) == (True, True)
    assert mail.outbox == []


def test_an_overlapping_agreement_is_explained(client, people):
    url = reverse("agreement_create", args=["leonberg"])
    entry = {"starts_on": "1.1.2022", "report_interval_months": "12", "reference": "AZ 5"}
    page = client.post(url, entry).content.decode()
    assert ("schon eine Kooperationsvereinbarung" in page, "AZ 5" in page) == (True, True)


def test_a_reversed_agreement_is_explained_at_its_end(client, people):
    agreement = people.town.agreements.get()
    url = reverse("agreement_edit", args=[agreement.pk])
    entry = {"starts_on": "1.1.2022", "ends_on": "31.12.2021", "report_interval_months": "12"}
    form = client.post(url, entry).context["form"]
    assert form.errors == {"ends_on": ["Das Ende liegt vor dem Beginn."]}


def test_an_agreement_ends_and_the_next_one_begins(client, people):
    agreement = people.town.agreements.get()
    entry = {"starts_on": "1.10.2021", "ends_on": "30.9.2022", "report_interval_months": "12"}
    assert client.post(reverse("agreement_edit", args=[agreement.pk]), entry).status_code == 302
    following = {"starts_on": "1.10.2022", "report_interval_months": "6"}
    assert client.post(reverse("agreement_create", args=["leonberg"]), following).status_code == 302
    assert CooperationAgreement.objects.filter(municipality=people.town).count() == 2


def test_an_appointment_cannot_leave_activities_behind(client, people):
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 3, 1))
    appointment = people.kiv.appointments.get()
    entry = {
        "form": "volunteer",
        "starts_on": "1.10.2021",
        "ends_on": "31.1.2022",
        "mediator-qualified_on": "25.9.2021",
    }
    page = client.post(reverse("appointment_edit", args=[appointment.pk]), entry).content.decode()
    assert "Außerhalb dieser Zeit sind schon Aktivitäten erfasst." in page
    appointment.refresh_from_db()
    assert appointment.ends_on is None
    assert (
        client.post(reverse("appointment_edit", args=[appointment.pk]), entry | {"ends_on": ""}).status_code
        == 302
    )
    people.kiv.refresh_from_db()
    assert people.kiv.qualified_on == dt.date(2021, 9, 25)


def test_the_county_invites_a_colleague_and_lets_one_go(client, people):
    assert client.post(reverse("staff_invite", args=["08115"]), invitation()).status_code == 302
    page = client.get(reverse("staff_list")).content.decode()
    assert ("Ida Neumann" in page, "Carla Calw" in page) == (True, False)
    own = people.coordinator.county_roles.get()
    entry = {"starts_on": "1.10.2021", "ends_on": "30.9.2022"}
    assert client.post(reverse("staff_edit", args=[own.pk]), entry).status_code == 302
    assert people.client("coordinator").get(reverse("staff_list")).status_code == 403


def test_the_last_coordinator_cannot_lock_the_county_out(client, people):
    own = people.coordinator.county_roles.get()
    entry = {"starts_on": "1.10.2021", "ends_on": "30.9.2022"}
    page = client.post(reverse("staff_edit", args=[own.pk]), entry).content.decode()
    assert "Das ist die letzte Person der Koordination." in page
    own.refresh_from_db()
    assert own.ends_on is None


@pytest.mark.parametrize("term", [{"ends_on": "30.9.2022"}, {"starts_on": "1.1.2199"}])
def test_nobody_in_force_is_no_successor(client, people, term):
    factories.make_staff(
        factories.make_user("Zoe Zukunft"), people.town.county, starts_on=dt.date(2199, 1, 1)
    )
    own = people.coordinator.county_roles.get()
    page = client.post(
        reverse("staff_edit", args=[own.pk]), {"starts_on": "1.10.2021"} | term
    ).content.decode()
    assert "Das ist die letzte Person der Koordination." in page


def test_a_coordinator_twice_is_explained(client, people):
    entry = invitation(email=people.coordinator.email)
    page = client.post(reverse("staff_invite", args=["08115"]), entry).content.decode()
    assert "gehört in dieser Zeit schon zur Koordination" in page


def test_a_role_that_ended_yesterday_opens_nothing(people):
    yesterday = dt.date.today() - dt.timedelta(days=1)  # noqa: DTZ011
    assert people.client("contact").get("/kommunen/leonberg/").status_code == 200
    MunicipalityContact.objects.filter(user=people.contact).update(ends_on=yesterday)
    assert people.client("contact").get("/kommunen/leonberg/").status_code == 404
