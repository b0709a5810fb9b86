"""Start pages and public pages: what each person finds first."""

import datetime as dt
from dataclasses import asdict

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ClosedPeriod
from home.models import PortalBarrier
from home.roles import request_roles
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from tests import factories
from tests.post import outbox

pytestmark = pytest.mark.django_db


def page(client, url):
    return client.get(url).content.decode()


def test_a_vacant_town_is_shown_as_such(people):
    Appointment.objects.filter(municipality=people.town).update(ends_on=dt.date(2022, 1, 31))
    response = people.client("coordinator").get("/start/")
    assert [duty.what for duty in response.context["duties"]] == ["Stelle in Leonberg besetzen"]
    assert "nicht besetzt seit dem 01.02.2022" in response.content.decode()
    assert "Stelle nicht besetzt" in page(people.client("anonymous"), reverse("county_page", args=["08115"]))


def test_the_mediator_finds_the_log_first(people):
    factories.make_report(people.town)
    text = page(people.client("mediator"), "/start/")
    assert text.index(reverse("activity_create")) < text.index("Was jetzt ansteht")
    assert "Sie vermitteln Inklusion in Leonberg." in text


def test_a_former_mediator_reads_and_adds_until_a_report_has_closed_the_last_day(people):
    kiv = factories.make_mediator(people.newcomer, people.town, ends_on=factories.END)
    factories.make_activity(kiv, people.town)
    client = people.client("newcomer")
    text = page(client, "/start/")
    assert "Ihre Bestellung in Leonberg ist am 30.09.2022 zu Ende gegangen." in text
    assert "weiter lesen und ergänzen." in text
    assert "Aktivität erfassen" in text
    assert (
        client.get(reverse("activity_create")).context["form"]["day"].value() is None
    )  # which day, is asked
    assert people.client("mediator").get(reverse("activity_create")).context["form"]["day"].value()

    half = dt.date(2022, 3, 31)
    ClosedPeriod.objects.create(municipality=people.town, starts_on=factories.START, ends_on=half)
    assert "Aktivität erfassen" in page(client, "/start/")
    ClosedPeriod.objects.create(municipality=people.town, starts_on=half, ends_on=factories.END)
    start, own = page(client, "/start/"), page(client, reverse("activity_list"))
    assert "können Sie hier weiter lesen." in start
    detail = page(client, reverse("activity_detail", args=[Activity.objects.get().pk]))
    for text in (start, own, detail):
        assert "Begehung der Grundschule" in text
        assert reverse("activity_create") not in text
    assert reverse("activity_create") in page(people.client("mediator"), "/start/")


def test_who_is_appointed_from_tomorrow_has_nothing_to_enter_yet(people):
    factories.make_mediator(
        people.newcomer, people.town, starts_on=timezone.localdate() + dt.timedelta(days=1)
    )
    client = people.client("newcomer")
    assert "Ihre Bestellung in Leonberg beginnt am" in page(client, "/start/")
    for path in ("/start/", reverse("activity_list")):
        assert reverse("activity_create") not in page(client, path), path


def test_contact_councillor_and_newcomer_find_their_own(people):
    report = factories.make_report(people.town)
    link = reverse("report_detail", args=[report.pk])
    assert link in page(people.client("contact"), "/start/")
    councillor = page(people.client("councillor"), "/start/")
    assert ("Noch kein Bericht für Sie" in councillor, link in councillor) == (True, False)
    assert "Ihr Konto hat zurzeit keine Aufgabe im Portal." in page(people.client("newcomer"), "/start/")


def test_every_public_page_leads_to_the_sign_in(people):
    client = people.client("anonymous")
    for name in (
        "home",
        "help",
        "easy_language",
        "sign_language",
        "accessibility_statement",
        "privacy",
        "imprint",
    ):
        assert f'href="{reverse("account_login")}">Anmelden' in page(client, reverse(name)), name


def test_a_further_county_takes_over_no_imprint(people):
    factories.make_county("07131", "Landkreis Ahrweiler")  # before Böblingen, in the alphabet and by its key
    text = page(people.client("anonymous"), reverse("imprint"))
    assert ("Landratsamt Böblingen" in text, "Ahrweiler" in text) == (True, False)


def test_the_start_page_lists_counties_once_there_are_several(people):
    client = people.client("anonymous")
    several = page(client, "/")
    assert "2 Landkreise nehmen zurzeit teil." in several
    assert (
        f'<a href="{reverse("county_page", args=["08115"])}">Landkreis Böblingen</a>: 2 Kommunen'
    ) in several
    assert "Herrenberg" not in several
    factories.make_agreement(factories.make_town("Ahrweiler", "07131007"))  # the last one in comes first
    first, *others = page(client, "/").split("Landkreis 07131")
    assert others
    assert "Landkreis Böblingen" not in first
    county = page(client, reverse("county_page", args=["08115"]))
    assert [name in county for name in ("Leonberg", "Herrenberg", "Calw")] == [True, True, False]
    assert client.get(reverse("county_page", args=["99999"])).status_code == 404


def test_the_start_page_of_a_single_county_lists_its_towns(people):
    CooperationAgreement.objects.filter(municipality__name="Calw").update(ends_on=factories.END)
    text = page(people.client("anonymous"), "/")
    assert [name in text for name in ("Leonberg", "Herrenberg", "Calw")] == [True, True, False]
    assert "2 Kommunen nehmen zurzeit teil." in text


def test_the_demo_banner_shows_only_while_demo_people_exist(people):
    client = people.client("anonymous")
    assert "alles erfunden" not in page(client, "/")
    factories.User.objects.create_user("koordination@demo.kiv.example", "Erfunden")
    assert "alles erfunden" in page(client, "/")


def test_a_barrier_is_kept_and_mailed(people):
    client = people.client("anonymous")
    entry = {"description": "Der Knopf ist stumm.", "page": "/hilfe/", "contact": "ida@leonberg.example"}
    response = client.post(reverse("barrier_report"), entry, follow=True)
    assert "Danke. Ihre Meldung ist angekommen." in response.content.decode()
    assert PortalBarrier.objects.get().description == "Der Knopf ist stumm."
    (message,) = outbox
    assert (message.subject, message.to, message.reply_to) == (
        "KIV-Portal: Ein Problem mit der Website wurde gemeldet",
        [settings.FEEDBACK_EMAIL],
        ["ida@leonberg.example"],
    )
    assert message.body == "Der Knopf ist stumm.\n\nSeite: /hilfe/\nAntwort an: ida@leonberg.example\n"
    client.post(reverse("barrier_report"), {"description": "Noch einer."})
    assert outbox[1].body == "Noch einer.\n\nSeite: nicht genannt\nAntwort an: nicht gewünscht\n"
    assert outbox[1].reply_to == []


def test_a_barrier_survives_a_dead_mail_server(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    people.client("anonymous").post(reverse("barrier_report"), {"description": "Der Knopf ist stumm."})
    assert PortalBarrier.objects.count() == 1


def test_a_flood_of_barriers_is_stopped_and_the_text_stays(people):
    PortalBarrier.objects.bulk_create(PortalBarrier(description="x") for _ in range(30))
    text = (
        people.client("anonymous")
        .post(reverse("barrier_report"), {"description": "Der 31."})
        .content.decode()
    )
    assert ("Gerade kommen sehr viele Meldungen an." in text, "Der 31." in text) == (True, True)
    assert PortalBarrier.objects.count() == 30


def test_a_barrier_without_words_gets_a_sentence(people):
    form = (
        people.client("anonymous")
        .post(reverse("barrier_report"), {"contact": "keine-adresse"})
        .context["form"]
    )
    assert form.errors["description"] == ["Bitte beschreiben Sie, was nicht klappt."]
    assert set(form.errors) == {"description", "contact"}


def test_who_has_not_signed_in_has_no_role(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert not any(asdict(request_roles(request)).values())
