"""Two windows on the same row: the second one to save is told what the first has stored, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from kiv_portal.ui.unchanged import UnchangedMixin
from mediators.models import Appointment
from municipalities.models import CooperationAgreement, Councillor, CountyStaff, MunicipalityContact
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
SAID = "Inzwischen wurde hier in einem anderen Fenster gespeichert. Dort steht jetzt: "

Page = tuple[str, Model, dict[str, str], dict[str, str], str]  # name, row, first window, second, what is said


def agreement(people: People) -> Page:
    row = CooperationAgreement.objects.get(municipality=people.town)
    return "agreement_edit", row, {"reference": "LRA 2026"}, {"ends_on": "31.12.2199"}, "„LRA 2026“"


def contact(people: People) -> Page:
    row = MunicipalityContact.objects.get(user=people.contact)
    return "contact_edit", row, {"function": "Sozialamt"}, {"ends_on": "31.12.2199"}, "„Sozialamt“"


def councillor(people: People) -> Page:
    row = Councillor.objects.get(user=people.councillor)
    return "councillor_edit", row, {"ends_on": "31.12.2198"}, {"starts_on": "2.1.2021"}, "„31.12.2198“"


def staff(people: People) -> Page:
    row = CountyStaff.objects.get(user=people.coordinator)
    return "staff_edit", row, {"starts_on": "1.1.2020"}, {"starts_on": "2.1.2020"}, "„01.01.2020“"


def appointment(people: People) -> Page:
    row = Appointment.objects.get(mediator=people.kiv)
    return (
        "appointment_edit",
        row,
        {"form": "minijob"},
        {"ends_on": "31.12.2199"},
        "Form: „geringfügig beschäftigt“",
    )


def paper(people: People) -> Page:
    row = factories.make_report(people.town)
    return "report_paper", row, {"paper_number": "2026/12"}, {"author": "Hauptamt"}, "„2026/12“"


def consultation(people: People) -> Page:
    row = factories.make_report(people.town).consultations.create(committee="Gemeinderat")
    return "consultation_edit", row, {"item_number": "4"}, {"committee": "Ausschuss"}, "„4“"


def template(people: People) -> Page:
    row = people.town.county.proposal_templates.create(title="Weiter", text="1. Weiter.")
    return "proposal_template_edit", row, {"text": "1. Anders."}, {"title": "Weiter so"}, "„1. Anders.“"


def county(people: People) -> Page:
    row = people.town.county
    return "county_reach", row, {"phone": "07031 1111"}, {"email": "wir@kreis.example"}, "„07031 1111“"


def room(people: People) -> Page:
    row = factories.make_room(people.town)
    return "meeting_room_edit", row, {"entrance": "ramp"}, {"door": "heavy"}, "Eingang: „über eine Rampe“"


def hours(people: People) -> Page:
    row = factories.make_hours(people.kiv.appointments.get())
    return "visiting_hours_edit", row, {"note": "Ohne Anmeldung"}, {"weekday": "3"}, "„Ohne Anmeldung“"


def office(people: People) -> Page:
    row = factories.make_organisation("Bauamt", people.town.county)
    return "office_edit", row, {"reply_days": "14"}, {"email": "bauamt@stadt.example"}, "„14“"


PAGES: list[Callable[[People], Page]] = [
    *(agreement, contact, councillor, staff, appointment, paper, consultation, template),
    *(county, room, hours, office),
]


def sent_by(client: Client, address: str) -> dict[str, Any]:
    """What the page would send as it stands."""
    context = client.get(address).context
    sent: dict[str, Any] = {}
    for form in (context["form"], context.get("mediator_form")):
        if form is not None:
            assert isinstance(form, UnchangedMixin)
            values = {form.add_prefix(name): form[name].value() for name in form.fields}
            sent |= {name: value for name, value in values.items() if value not in (None, False, "")}
    assert any(name.endswith("seen") for name in sent), "the page shows no version"
    return sent


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__)
def test_the_second_window_is_told(people: People, make: Callable[[People], Page]) -> None:
    name, row, first, second, said = make(people)
    client, address = people.client("coordinator"), reverse(name, args=[row.pk])
    opened = sent_by(client, address)
    answer = client.post(address, opened | first)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.post(address, opened | second)
    assert page.status_code == 200
    content = page.content.decode()
    assert (SAID in content, said in content.replace("&quot;", '"')) == (True, True), page.context[
        "form"
    ].errors
    stored = type(row)._default_manager.values().get(pk=row.pk)
    assert not any(str(stored.get(key)) == value for key, value in second.items())

    again = {"seen": page.context["form"]["seen"].value()}
    assert client.post(address, opened | second | again).status_code == 302, "who has read it decides"
