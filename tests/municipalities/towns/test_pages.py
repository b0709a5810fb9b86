"""The county's work on a town: agreements, people and their invitations."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from kiv_portal.accounts.models import User
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Councillor, MunicipalityContact
from tests import factories
from tests.post import outbox, refusing

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
    assert [message.to for message in outbox] == [["ida@leonberg.example"]]
    assert "Leonberg" in outbox[0].body


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
    assert outbox == []


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


AGAIN = "Einladung noch einmal schicken"


def again_url(town, user):
    return reverse("invitation_repeat", args=[town.slug, user.pk])


def seen(*users):
    """These people have signed in once."""
    User.objects.filter(pk__in=[user.pk for user in users]).update(last_login=timezone.now())


def test_a_town_shows_who_was_never_here(people):
    town_page = reverse("municipality_detail", args=["leonberg"])
    coordinator, contact = people.client("coordinator"), people.client("contact")
    seen(people.contact, people.mediator)
    page = coordinator.get(town_page).content.decode()
    # only the councillor is left; the former colleague's roles are over
    assert page.count("Noch nicht angemeldet") == 1
    assert f'action="{again_url(people.town, people.councillor)}"' in page
    assert f'aria-label="Rita Rat: {AGAIN}"' in page
    page = contact.get(town_page).content.decode()
    assert ("Noch nicht angemeldet" in page, AGAIN in page) == (True, False)
    User.objects.update(last_login=None)
    page = coordinator.get(town_page).content.decode()
    assert {user.full_name for user in (people.contact, people.mediator, people.councillor)} == set(
        re.findall(rf'aria-label="([^"]+): {AGAIN}"', page)
    )


def test_the_invitation_goes_out_again_with_everything_the_person_does(client, people):
    newcomer = people.newcomer
    factories.make_contact(newcomer, people.town)
    factories.make_mediator(newcomer, people.town, starts_on=dt.date(2199, 1, 1))
    factories.make_councillor(newcomer, people.town, ends_on=factories.END)  # over
    factories.make_councillor(newcomer, people.other_town)  # not this town's business
    response = client.post(again_url(people.town, newcomer), follow=True)
    assert response.redirect_chain == [("/kommunen/leonberg/", 302)]
    assert "Nora Neu bekommt die Einladung noch einmal per E-Mail." in response.content.decode()
    assert [message.to for message in outbox] == [[newcomer.email]]
    assert "Karin Koordination lädt Sie" in outbox[0].body
    tasks = "Sie vermitteln Inklusion in Leonberg. Sie sind Ansprechperson für Leonberg.\n"
    assert tasks in outbox[0].body
    newcomer.refresh_from_db()
    assert newcomer.invited_at is not None


def test_a_colleague_is_invited_again(client, people):
    seen(people.coordinator)
    role = factories.make_staff(people.newcomer, people.town.county)
    url = reverse("staff_invite_again", args=[role.pk])
    page = client.get(reverse("staff_list")).content.decode()
    assert (page.count("Noch nicht angemeldet"), f'action="{url}"' in page) == (1, True)
    response = client.post(url, follow=True)
    assert response.redirect_chain == [("/koordination/", 302)]
    assert "Nora Neu bekommt die Einladung noch einmal per E-Mail." in response.content.decode()
    assert "Sie koordinieren das Programm für den Landkreis Böblingen." in outbox[0].body


def test_one_invitation_a_minute_for_each_person(client, people):
    for _ in range(2):
        text = client.post(again_url(people.town, people.councillor), follow=True).content.decode()
    assert "Rita Rat ist gerade erst eingeladen worden. Bitte warten Sie eine Minute." in text
    client.post(again_url(people.town, people.contact))
    assert [message.to for message in outbox] == [[people.councillor.email], [people.contact.email]]


def test_an_invitation_that_did_not_arrive_is_told_and_may_be_repeated(client, people):
    url = again_url(people.town, people.councillor)
    client.post(url)
    with refusing(people.councillor.email):
        assert outbox == []
    town = reverse("municipality_detail", args=[people.town.slug])
    assert "Die Einladung ist noch nicht angekommen. Der Mailserver nimmt sie nicht an: 550" in text_at(
        client, town
    )
    cache.clear()
    client.post(url)
    assert [message.to for message in outbox] == [[people.councillor.email]]
    assert "noch nicht angekommen" not in text_at(client, town)


def test_an_invitation_that_waits_is_not_written_twice(client, people):
    url = again_url(people.town, people.councillor)
    client.post(url)
    cache.clear()
    assert "ist noch nicht hinausgegangen" in client.post(url, follow=True).content.decode()
    assert len(outbox) == 1


def text_at(client, url):
    return client.get(url).content.decode()


def test_who_has_signed_in_meanwhile_gets_no_mail(client, people):
    seen(people.councillor)
    text = client.post(again_url(people.town, people.councillor), follow=True).content.decode()
    assert "Rita Rat hat sich inzwischen angemeldet" in text
    assert outbox == []


@pytest.mark.parametrize("name", ["stranger", "former", "newcomer"])
def test_nobody_outside_the_town_is_invited_into_it(client, people, name):
    assert client.post(again_url(people.town, getattr(people, name))).status_code == 404
    User.objects.filter(pk=people.councillor.pk).update(is_active=False)
    assert client.post(again_url(people.town, people.councillor)).status_code == 404
    assert outbox == []
