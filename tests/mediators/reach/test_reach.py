"""How one reaches the mediators of a town: who enters it, what anybody reads, and what is gone with a person."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from kiv_portal.celery import app
from mediators.models import Appointment, MeetingRoom, VisitingChange, VisitingHours
from mediators.tasks import forget_phones_task
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
TOWN_PAGE = "/orte/leonberg/"
ADDRESSES = "/kommunen/leonberg/erreichbarkeit/adressen/"
NEW_HOURS = "/kommunen/leonberg/erreichbarkeit/sprechstunde/"


def page(client: Client, path: str = TOWN_PAGE) -> str:
    return client.get(path).content.decode().replace("\xa0", " ")


def today() -> dt.date:
    return timezone.localdate()


def next_tuesday() -> dt.date:
    """Never today, whose hour may be over."""
    return today() + dt.timedelta(days=(1 - today().weekday() - 1) % 7 + 1)


def german(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


@pytest.fixture
def hours(people: People) -> VisitingHours:
    return factories.make_hours(people.kiv.appointments.get())


# --- the page of a town


def test_anybody_reads_how_to_reach_the_mediators(people: People, hours: VisitingHours) -> None:
    people.town.post_email, people.town.post_phone = "inklusion@leonberg.example", "07152 (0) 990-12"
    people.town.hall_email = "rathaus@leonberg.example"
    people.town.save()
    text = page(Client())
    for part in (
        'href="mailto:inklusion@leonberg.example"',
        'href="tel:0715299012"',
        "Jeden Dienstag, 15 bis 17 Uhr",
        "Rathaus, Zimmer 3",
        f"{next_tuesday().day}. ",
    ):
        assert part in text, part
    assert "rathaus@leonberg.example" not in text  # somebody else is there


def test_the_next_three_dates_and_what_falls_out(people: People, hours: VisitingHours) -> None:
    week = dt.timedelta(days=7)
    hours.changes.create(day=next_tuesday() + week, note="Das Rathaus ist zu.")
    dates = Client().get(TOWN_PAGE).context["reach"].dates
    assert [(date.day - next_tuesday()) // week for date in dates if date.day != today()] == [0, 1, 2, 3][
        : len([date for date in dates if date.day != today()])
    ]
    text = page(Client())
    assert ("fällt aus" in text, "Das Rathaus ist zu." in text) == (True, True)


def test_what_nobody_has_said_is_no_no(people: People) -> None:
    room = factories.make_room(people.town, entrance="level", door="heavy")
    factories.make_hours(people.kiv.appointments.get(), room=room)
    text = page(Client())
    assert ("ohne Stufe" in text, "geht schwer auf" in text) == (True, True)
    assert "Haltestelle, Aufzug, Toilette, Induktionsschleife" in text
    assert "nicht vorhanden" not in text
    (way,) = Client().get(TOWN_PAGE).context["reach"].ways_in
    assert [(part.label, part.is_good) for part in way.known] == [("Eingang", True), ("Tür", False)]


def test_with_a_person_everything_of_hers_goes(people: People, hours: VisitingHours) -> None:
    people.town.post_email, people.town.post_phone = "inklusion@leonberg.example", "07152 99-1"
    people.town.hall_office, people.town.hall_phone = "Amt für Soziales", "07152 99-0"
    people.town.save()
    appointment = people.kiv.appointments.get()
    appointment.public_phone = "0151 2345"
    appointment.save()
    assert "0151 2345" in page(Client())
    Appointment.objects.filter(pk=appointment.pk).update(ends_on=today() - dt.timedelta(days=1))
    text = page(Client())
    gone = ("0151 2345", "inklusion@leonberg.example", "07152 99-1", "Jeden Dienstag", "Vera")
    assert [part for part in gone if part in text] == []
    assert ("Amt für Soziales" in text, "07152 99-0" in text) == (True, True)
    assert "BEGIN:VEVENT" not in page(Client(), "/orte/leonberg/sprechstunden.ics")

    factories.make_mediator(people.newcomer, people.town, starts_on=today())  # the next one begins anew
    text = page(Client())
    assert ("0151 2345" in text, "Jeden Dienstag" in text, "Nora Neu" in text) == (False, False, True)
    assert "inklusion@leonberg.example" in text  # that of the post


def test_a_town_without_anything_leads_to_its_form(people: People) -> None:
    assert "ist hier noch nicht angegeben" in page(Client())


def test_the_day_itself_stays_until_its_hour_is_over(people: People) -> None:
    day = today()
    factories.make_hours(
        people.kiv.appointments.get(), weekday=day.isoweekday(), starts_at=dt.time(0), ends_at=dt.time(23, 59)
    )
    assert Client().get(TOWN_PAGE).context["reach"].dates[0].day == day


def test_dates_as_a_calendar(people: People, hours: VisitingHours) -> None:
    first, second = next_tuesday(), next_tuesday() + dt.timedelta(days=7)
    hours.changes.create(day=first)
    moved = {"moved_to": second + dt.timedelta(days=1), "starts_at": dt.time(9), "ends_at": dt.time(10)}
    hours.changes.create(day=second, **moved)
    answer = Client().get("/orte/leonberg/sprechstunden.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = {str(e["uid"]).split("@")[0]: e for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    cancelled = events[f"sprechstunde-{hours.pk}-{first}"]
    assert (str(cancelled["status"]), str(cancelled["location"])) == ("CANCELLED", "Rathaus, Zimmer 3")
    later = events[f"sprechstunde-{hours.pk}-{second}"]
    assert later.decoded("dtstart").date() == second + dt.timedelta(days=1)
    assert later.decoded("dtstart").hour == 9
    assert len(events) > 50  # a year of them


# --- addresses


def test_town_hall_county_and_mediator_enter_addresses(people: People) -> None:
    for number, person in enumerate(("mediator", "contact", "coordinator")):
        sent = {"post_email": f"inklusion{number}@leonberg.example", "post_phone": "07152 990-0"}
        assert people.client(person).post(ADDRESSES, sent).status_code == 302
        people.town.refresh_from_db()
        assert people.town.post_email == sent["post_email"]


def test_an_address_of_a_person_is_refused(people: People) -> None:
    answer = people.client("mediator").post(ADDRESSES, {"post_email": people.mediator.email.upper()})
    assert "Mit dieser Adresse meldet sich jemand im Portal an." in answer.content.decode()
    people.town.refresh_from_db()
    assert people.town.post_email == ""


@pytest.mark.parametrize("number", ["123", "bitte anrufen", "07152<script>", "0" * 41])
def test_what_is_no_telephone_gets_a_sentence(people: People, number: str) -> None:
    answer = people.client("contact").post(ADDRESSES, {"post_phone": number, "hall_office": "Amt 3"})
    assert set(answer.context["form"].errors) == {"post_phone"}
    assert "Amt 3" in answer.content.decode()


def test_ones_own_telephone_is_nobody_elses_to_enter(people: People) -> None:
    people.client("mediator").post(ADDRESSES, {"own-public_phone": "0151 2345"})
    appointment = people.kiv.appointments.get()
    assert appointment.public_phone == "0151 2345"
    for person in ("contact", "coordinator"):
        assert people.client(person).get(ADDRESSES).context["more_form"] is None
        people.client(person).post(ADDRESSES, {"own-public_phone": "0151 6789"})
        appointment.refresh_from_db()
        assert appointment.public_phone == "0151 2345"


def test_two_windows_on_the_addresses(people: People) -> None:
    client = people.client("contact")
    seen = client.get(ADDRESSES).context["form"]["seen"].value()
    client.post(ADDRESSES, {"post_phone": "07152 1111", "seen": seen})
    answer = client.post(ADDRESSES, {"post_phone": "07152 2222", "seen": seen})
    assert "Telefon der Stelle: „07152 1111“" in answer.content.decode().replace("&quot;", '"')


def test_the_county_says_how_to_reach_it(people: People) -> None:
    sent = {"email": "koordination@kreis.example", "phone": "07031 990-0"}
    answer = people.client("coordinator").post(reverse("county_reach", args=["08115"]), sent)
    assert answer.url == reverse("staff_list")
    text = page(Client(), "/mitmachen/")
    assert ("koordination@kreis.example" in text, "tel:070319900" in text) == (True, True)


def test_a_telephone_is_deleted_after_the_end(people: People) -> None:
    """Also from the history: what is shown nowhere any more is kept nowhere."""
    appointment = people.kiv.appointments.get()
    assert "public_phone" not in {field.name for field in Appointment.pgh_event_model._meta.fields}
    for ends_on, left in ((None, "0151 2345"), (today(), "0151 2345"), (today() - dt.timedelta(days=1), "")):
        Appointment.objects.filter(pk=appointment.pk).update(public_phone="0151 2345", ends_on=ends_on)
        out = StringIO()
        call_command("forget_phones", "--dry-run", stdout=out)
        assert out.getvalue() == f"would be forgotten: {int(not left)}\n"
        forget_phones_task()
        appointment.refresh_from_db()
        assert appointment.public_phone == left
    assert forget_phones_task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


# --- consultation hours


def rule(**changes: str) -> dict[str, str]:
    usual = {
        "rhythm": "first",
        "weekday": "2",
        "starts_at": "15 Uhr",
        "ends_at": "17",
        "starts_on": "1.1.2026",
    }
    return usual | {"room_name": "Rathaus, Zimmer 3"} | changes


def test_the_first_hours_bring_their_room(people: People) -> None:
    answer = people.client("mediator").post(NEW_HOURS, rule(), follow=True)
    hours = VisitingHours.objects.get()
    assert (hours.appointment, str(hours.room)) == (people.kiv.appointments.get(), "Rathaus, Zimmer 3")
    said = answer.content.decode()
    assert (
        "Gespeichert: Jeden ersten Dienstag im Monat, 15 bis 17 Uhr. Der nächste Termin ist Dienstag," in said
    )
    # a second one chooses among the rooms
    people.client("contact").post(NEW_HOURS, rule(room=str(hours.room_id), rhythm="weekly"))
    assert (VisitingHours.objects.count(), MeetingRoom.objects.count()) == (2, 1)


def test_one_day_needs_no_weekday(people: People) -> None:
    day = today() + dt.timedelta(days=3)
    sent = rule(rhythm="once", weekday="", starts_on=german(day))
    assert people.client("mediator").post(NEW_HOURS, sent).status_code == 302
    hours = VisitingHours.objects.get()
    assert (hours.starts_on, hours.ends_on, hours.weekday) == (day, day, day.isoweekday())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekday": ""}, "weekday"),
        ({"weekday": "9"}, "weekday"),
        ({"ends_at": "14 Uhr"}, "ends_at"),
        ({"starts_at": "irgendwann"}, "starts_at"),
        ({"ends_on": "1.1.2025"}, "ends_on"),
        ({"rhythm": ""}, "rhythm"),
        ({"room_name": ""}, "room_name"),
        ({"note": "x" * 151}, "note"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(people: People, changes: dict[str, str], field: str) -> None:
    form = people.client("mediator").post(NEW_HOURS, rule(**changes)).context["form"]
    assert set(form.errors) == {field}
    assert not VisitingHours.objects.exists()


def test_in_a_team_somebody_is_chosen(people: People) -> None:
    second = factories.make_mediator(people.newcomer, people.town)
    client = people.client("contact")
    assert "appointment" in client.post(NEW_HOURS, rule()).context["form"].errors
    client.post(NEW_HOURS, rule(appointment=str(second.appointments.get().pk)))
    assert VisitingHours.objects.get().appointment.mediator == second
    elsewhere = people.stranger.mediator.appointments.get()
    assert "appointment" in client.post(NEW_HOURS, rule(appointment=str(elsewhere.pk))).context["form"].errors


def test_a_room_of_another_town_is_refused_by_all(people: People, hours: VisitingHours) -> None:
    elsewhere = factories.make_room(people.other_town)
    form = people.client("contact").post(NEW_HOURS, rule(room=str(elsewhere.pk))).context["form"]
    assert set(form.errors) == {"room"}
    with pytest.raises(IntegrityError, match="another town"), transaction.atomic():
        VisitingHours.objects.filter(pk=hours.pk).update(room=elsewhere)


def test_a_vacant_post_has_no_hours(people: People) -> None:
    people.town.appointments.update(ends_on=today() - dt.timedelta(days=1))
    answer = people.client("contact").get(NEW_HOURS, follow=True)
    assert "Die Stelle ist nicht besetzt." in answer.content.decode()


def test_a_room_in_use_stays(people: People, hours: VisitingHours) -> None:
    client, other = people.client("mediator"), factories.make_room(people.town, "Bücherei")
    answer = client.post(reverse("meeting_room_delete", args=[hours.room_id]), follow=True)
    assert "gibt es eine Sprechstunde" in answer.content.decode()
    client.post(reverse("meeting_room_delete", args=[other.pk]))
    assert list(MeetingRoom.objects.all()) == [hours.room]
    client.post(reverse("visiting_hours_delete", args=[hours.pk]))
    client.post(reverse("meeting_room_delete", args=[hours.room_id]))
    assert not MeetingRoom.objects.exists()


def test_a_room_keeps_what_is_not_said(people: People) -> None:
    room = factories.make_room(people.town)
    sent: dict[str, Any] = {"name": "Rathaus", "entrance": "ramp"}
    people.client("contact").post(reverse("meeting_room_edit", args=[room.pk]), sent)
    room.refresh_from_db()
    assert (room.entrance, room.door, room.loop) == ("ramp", "", "")


# --- exceptions


def dates(hours: VisitingHours) -> str:
    return reverse("visiting_dates", args=[hours.pk])


def one_date(hours: VisitingHours, day: dt.date) -> str:
    return reverse("visiting_date", args=[hours.pk, day.isoformat()])


def test_a_time_in_which_all_fall_out(people: People, hours: VisitingHours) -> None:
    client, first = people.client("mediator"), next_tuesday()
    hours.changes.create(
        day=first, moved_to=first + dt.timedelta(days=1), starts_at=dt.time(9), ends_at=dt.time(10)
    )
    sent = {"first": german(first), "last": german(first + dt.timedelta(days=13)), "note": "Urlaub"}
    answer = client.post(dates(hours), sent, follow=True)
    assert "Eingetragen: 2 Termine fallen aus." in answer.content.decode()
    assert list(hours.changes.values_list("day", "moved_to", "note")) == [
        (first, None, "Urlaub"),
        (first + dt.timedelta(days=7), None, "Urlaub"),
    ]


def test_a_time_without_dates_is_said(people: People, hours: VisitingHours) -> None:
    day = next_tuesday() + dt.timedelta(days=1)
    answer = people.client("mediator").post(dates(hours), {"first": german(day), "note": "Urlaub"})
    assert "In dieser Zeit ist keine Sprechstunde." in answer.content.decode()
    assert "Urlaub" in answer.content.decode()
    for first, last in ((day, day - dt.timedelta(days=3)), (day, day + dt.timedelta(days=900))):
        form = people.client("mediator").post(dates(hours), {"first": german(first), "last": german(last)})
        assert set(form.context["form"].errors) == {"last"}


def test_a_date_falls_out_is_moved_and_takes_place_again(people: People, hours: VisitingHours) -> None:
    client, day = people.client("contact"), next_tuesday()
    address = one_date(hours, day)
    client.post(address, {"what": "off", "note": "Das Rathaus ist zu."})
    assert hours.changes.get().note == "Das Rathaus ist zu."
    to = day + dt.timedelta(days=1)
    client.post(address, {"what": "moved", "moved_to": german(to), "starts_at": "14", "ends_at": ""})
    change = hours.changes.get()
    assert (change.moved_to, change.starts_at, change.ends_at) == (to, dt.time(14), dt.time(17))
    client.post(address, {"what": "planned"})
    assert not hours.changes.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"note": "Urlaub"}, "what"),
        ({"what": "moved"}, "moved_to"),
        ({"what": "moved", "moved_to": "1.1.2020"}, "moved_to"),
        ({"what": "moved", "moved_to": "1.1.2099", "starts_at": "18 Uhr"}, "ends_at"),
    ],
)
def test_a_date_that_cannot_be_so(people: People, hours: VisitingHours, sent: dict, field: str) -> None:
    answer = people.client("contact").post(one_date(hours, next_tuesday()), sent)
    assert set(answer.context["form"].errors) == {field}
    assert not hours.changes.exists()


def test_days_of_no_rule_are_not_there(people: People, hours: VisitingHours) -> None:
    client = people.client("mediator")
    for day in ((next_tuesday() + dt.timedelta(days=1)).isoformat(), "gestern", "2026-13-99"):
        assert client.get(reverse("visiting_date", args=[hours.pk, day])).status_code == 404, day


def test_two_windows_on_one_date(people: People, hours: VisitingHours) -> None:
    client, address = people.client("mediator"), one_date(hours, next_tuesday())
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"what": "off", "note": "Krank", "seen": seen})
    answer = client.post(address, {"what": "off", "note": "Urlaub", "seen": seen})
    assert "Hinweis: „Krank“" in answer.content.decode()
    again = answer.context["form"]["seen"].value()
    client.post(address, {"what": "planned", "seen": again})
    gone = client.post(address, {"what": "off", "note": "Urlaub", "seen": again})
    assert "Sie findet statt wie immer" in gone.content.decode()
    assert not VisitingChange.objects.exists()


def test_a_public_note_asks_before_it_names_somebody(people: People, hours: VisitingHours) -> None:
    client, address = people.client("mediator"), one_date(hours, next_tuesday())
    answer = client.post(address, {"what": "off", "note": "Frau Huber ist krank"})
    form = answer.context["form"]
    assert ([question.excerpt for question in form.questions], form.errors) == (["Frau Huber"], {})
    assert "Darf so bleiben" in answer.content.decode()
    assert not hours.changes.exists()
    said = {"what": "off", "note": "Frau Huber ist krank", "privacy_checked": form.privacy_seen}
    assert client.post(address, said).status_code == 302


@pytest.mark.parametrize(
    ("path", "sent", "excerpts"),
    [
        ("raum/", {"name": "Bei Familie Maier", "way_in": "Klingel: 0176 12345678"}, 2),
        ("raum/", {"name": "Rathaus, Zimmer 3", "address": "Marktplatz 1"}, 0),
        ("adressen/", {"hall_office": "Herr Peter Schmidt"}, 1),
    ],
)
def test_what_anybody_reads_of_rooms_and_offices(
    people: People, path: str, sent: dict, excerpts: int
) -> None:
    answer = people.client("contact").post(f"/kommunen/leonberg/erreichbarkeit/{path}", sent)
    assert answer.status_code == (200 if excerpts else 302)
    assert len(answer.context["form"].questions if excerpts else ()) == excerpts
