"""A town leaves: what is shown first, what then happens, what is refused, and what stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Concern
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Councillor, Departure, MunicipalityContact
from reports.models import InterimReport
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
PAGE = "/kommunen/leonberg/teilnahme-beenden/"
MONTH = dt.timedelta(days=30)


def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def client(people: People) -> Client:
    return people.client("coordinator")


def said(last_day: dt.date, **changes: Any) -> dict[str, Any]:
    return {
        "last_day": f"{last_day:%d.%m.%Y}",
        "reason": "resolved",
        "resolved_on": "1.3.2022",
        "reference": "GR 2022/61",
        "roles_end_on": f"{last_day + 6 * MONTH:%d.%m.%Y}",
    } | changes


def leave(client: Client, last_day: dt.date, **changes: Any) -> HttpResponse:
    sent = said(last_day, **changes)
    shown = client.post(PAGE, sent)
    return client.post(PAGE, sent | {"shown": shown.context["plan"].stamp}, follow=True)


def last_days(people: People) -> list[dt.date | None]:
    town = people.town
    return [
        town.agreements.get().ends_on,
        Appointment.objects.get(municipality=town).ends_on,
        MunicipalityContact.objects.get(municipality=town, user=people.contact).ends_on,
        Councillor.objects.get(municipality=town, user=people.councillor).ends_on,
    ]


def test_first_it_is_shown_and_nothing_happens(client: Client, people: People) -> None:
    before, last_day = last_days(people), today() + MONTH
    factories.make_report(people.town, period_start=today(), period_end=today() + 12 * MONTH)
    factories.make_concern(people.town)
    answer = client.post(PAGE, said(last_day))
    text = answer.content.decode()
    for part in (
        f"Die Bestellung von Vera Vermittlung endet. Was nach dem {last_day:%d.%m.%Y} geschieht",
        f"Der letzte Zwischenbericht behandelt die Zeit vom {today():%d.%m.%Y} bis {last_day:%d.%m.%Y}.",
        "Rathaus und Gemeinderat (2\xa0Personen)",
        "1\xa0offenes Anliegen bleibt offen",
        f"Leonberg nahm teil bis {last_day:%d.%m.%Y}",
    ):
        assert part.replace("\xa0", " ") in text.replace("\xa0", " "), part
    assert (last_days(people), Departure.objects.exists()) == (before, False)


def test_then_everything_ends_with_its_day(client: Client, people: People) -> None:
    last_day, roles_end_on = today() + MONTH, today() + 7 * MONTH
    report = factories.make_report(people.town, period_start=today(), period_end=today() + 12 * MONTH)
    answer = leave(client, last_day)
    assert "Ende zurücknehmen" in answer.content.decode()
    assert last_days(people) == [last_day, last_day, roles_end_on, roles_end_on]
    report.refresh_from_db()
    assert (report.period_end, report.due_on > last_day) == (last_day, True)
    departure = Departure.objects.get()
    assert (departure.reference, departure.recorded_by) == ("GR 2022/61", people.coordinator)
    assert sorted(message.to[0] for message in outbox) == [people.contact.email, people.mediator.email]
    assert "Ihre Bestellung endet an diesem Tag." in outbox[0].body + outbox[1].body


def test_after_the_last_day_nobody_can_log(client: Client, people: People) -> None:
    leave(client, today() - MONTH)
    with pytest.raises(IntegrityError, match="appointment"), transaction.atomic():
        factories.make_activity(people.kiv, people.town, day=today())
    sent = {
        "full_name": "Ida Neu",
        "email": "ida@leonberg.example",
        "starts_on": "heute",
        "form": "volunteer",
    }
    answer = client.post(reverse("appointment_create", args=["leonberg"]), sent)
    assert "nimmt nur bis zum" in answer.content.decode()
    assert Appointment.objects.filter(municipality=people.town).count() == 1


def test_the_public_page_says_until_when(client: Client, people: People) -> None:
    people.town.hall_office = "Amt für Soziales"
    people.town.save()
    last_day = today() - MONTH
    leave(client, last_day)
    text = Client().get("/orte/leonberg/").content.decode()
    assert f"Leonberg nahm teil bis {last_day.day}. " in text
    assert ("Amt für Soziales" in text, "/barriere-melden/" in text.split("<main")[1].split("</main")[0]) == (
        True,
        False,
    )
    assert Client().get("/orte/leonberg/barriere-melden/").headers["Location"] == "/orte/leonberg/"
    assert "Früher dabei" in Client().get("/landkreise/08115/").content.decode()
    assert Client().get("/orte/calw/").status_code == 200


def test_a_period_that_nobody_has_written_about_gets_its_report(client: Client, people: People) -> None:
    last_day = factories.START + 6 * MONTH
    leave(client, last_day)
    report = InterimReport.objects.get(municipality=people.town)
    assert (report.period_start, report.period_end, report.state) == (factories.START, last_day, "draft")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"last_day": "1.1.2020"}, "last_day", "gilt keine Kooperationsvereinbarung"),
        ({"roles_end_on": "1.1.2020"}, "roles_end_on", "vor dem letzten Tag"),
        ({"reason": "other"}, "reason_note", "warum die Teilnahme endet"),
        ({"reason": ""}, "reason", "wählen Sie"),
        ({"last_day": "1.3.2022"}, "last_day", "schon eine Aktivität erfasst, die letzte am 01.04.2022"),
    ],
)
def test_what_cannot_be(client: Client, people: People, changes: dict, field: str, sentence: str) -> None:
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 4, 1))
    answer = client.post(PAGE, said(today() + MONTH) | changes)
    (error,) = answer.context["form"].errors[field]
    assert sentence.replace("eine Aktivität", "1\xa0Aktivität") in error or sentence in error
    assert "Das geschieht" not in answer.content.decode()


def test_what_changed_since_it_was_shown_is_shown_again(client: Client, people: People) -> None:
    sent = said(today() + MONTH)
    stamp = client.post(PAGE, sent).context["plan"].stamp
    factories.make_concern(people.town)
    answer = client.post(PAGE, sent | {"shown": stamp})
    assert ("Das geschieht" in answer.content.decode(), Departure.objects.exists()) == (True, False)


def test_what_would_only_have_begun_falls_away(client: Client, people: People) -> None:
    last_day = today() + MONTH
    people.town.agreements.update(ends_on=last_day + MONTH)
    factories.make_agreement(people.town, starts_on=last_day + 2 * MONTH)
    Appointment.objects.filter(municipality=people.town).update(ends_on=last_day)
    Appointment.objects.create(
        mediator=people.kiv, municipality=people.town, starts_on=last_day + dt.timedelta(days=1)
    )
    leave(client, last_day)
    assert last_days(people)[:2] == [last_day, last_day]


def test_it_can_be_taken_back_until_the_last_day(client: Client, people: People) -> None:
    report = factories.make_report(people.town, period_start=today(), period_end=today() + 12 * MONTH)
    before, due_on = last_days(people), report.due_on
    leave(client, today() + MONTH)
    client.post(f"{PAGE}zuruecknehmen/")
    report.refresh_from_db()
    assert (last_days(people), report.period_end, report.due_on) == (before, today() + 12 * MONTH, due_on)
    assert not Departure.objects.exists()
    leave(client, today() - MONTH)
    answer = client.post(f"{PAGE}zuruecknehmen/", follow=True)
    assert "für die neue Teilnahme eine Vereinbarung" in answer.content.decode()
    assert Departure.objects.exists()


def test_who_comes_back_has_a_new_agreement(client: Client, people: People) -> None:
    leave(client, today() - MONTH)
    sent = {"starts_on": f"{today():%d.%m.%Y}", "report_interval_months": "12"}
    assert client.post(reverse("agreement_create", args=["leonberg"]), sent).status_code == 302
    assert "nahm teil" not in Client().get("/orte/leonberg/").content.decode()
    assert client.get(PAGE).context["form"] is not None


def test_the_end_of_its_agreement_stays(client: Client, people: People) -> None:
    leave(client, today() + MONTH)
    agreement = people.town.agreements.get()
    sent = {"starts_on": "1.10.2021", "ends_on": "", "report_interval_months": "12"}
    answer = client.post(reverse("agreement_edit", args=[agreement.pk]), sent)
    assert "Teilnahme beenden" in answer.context["form"].errors["ends_on"][0]
    for change in (None, today() + 2 * MONTH):
        with pytest.raises(IntegrityError, match="the town has left by this agreement"), transaction.atomic():
            CooperationAgreement.objects.filter(pk=agreement.pk).update(ends_on=change)


def test_no_departure_of_an_agreement_without_an_end(people: People) -> None:
    agreement = people.town.agreements.get()
    with pytest.raises(IntegrityError, match="the agreement has no end"):
        Departure.objects.create(agreement=agreement, reason="expired", roles_end_on=today())


def test_open_concerns_are_handed_on_with_one_sentence(client: Client, people: People) -> None:
    concerns = [factories.make_concern(people.town), factories.make_concern(people.town, state="checking")]
    leave(client, today() + MONTH)
    page = f"{PAGE}anliegen/"
    assert client.get(page).status_code == 302  # not before the last day
    client.post(f"{PAGE}zuruecknehmen/")
    leave(client, today() - MONTH)
    asked = client.post(page, {"sentence": "Frau Huber kümmert sich."})
    assert [question.excerpt for question in asked.context["form"].questions] == ["Frau Huber"]
    answer = client.post(
        page, {"sentence": client.get(page).context["form"]["sentence"].value()}, follow=True
    )
    assert "2 Anliegen sind weitergegeben." in answer.content.decode()
    assert set(Concern.objects.values_list("state", flat=True)) == {"passed_on"}
    assert all("nicht mehr am Programm teil" in concern.steps.last().sentence for concern in concerns)
    assert Activity.objects.count() == 0


def test_nobody_is_asked_to_renew_what_ends_for_good(client: Client, people: People) -> None:
    people.town.agreements.update(ends_on=today() + MONTH)
    assert "Vereinbarung" in client.get("/aufgaben/").content.decode().split("<main")[1]
    leave(client, today() + MONTH)
    assert (
        "Vereinbarung" not in client.get("/aufgaben/").content.decode().split("<main")[1].split("</main")[0]
    )
