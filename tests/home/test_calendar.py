"""The private calendar: what it holds, whom it opens to, and that a renewed address closes the old one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from activities.models import Activity
from home.calendar import feed_path
from tests import factories

pytestmark = pytest.mark.django_db


def entries(path, client):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(response.content).walk("VEVENT")
    return {str(event["summary"]): event.decoded("dtstart") for event in events}


def due_things(people):
    day = dt.date(2022, 6, 1)
    follow_up = {"title": "Rampe nachsehen", "follow_up_on": day}
    activity = factories.make_activity(people.kiv, people.town, **follow_up)
    concern = factories.make_concern(people.town)
    for state, until in (("checking", None), ("promised", day)):
        concern.state, concern.promised_until = state, until
        concern.save()
    factories.make_report(people.town)
    return activity


def test_everybody_sees_what_is_theirs(people):
    due_things(people)
    nobody = people.client("anonymous")
    follow_up, promise, report = (
        "Wiedervorlage: Rampe nachsehen",
        "Zugesagt für heute: Bordstein an der Kreuzung (Leonberg)",
        "Zwischenbericht Leonberg fällig",
    )
    assert entries(feed_path(people.mediator), nobody) == {
        follow_up: dt.date(2022, 6, 1),
        promise: dt.date(2022, 6, 1),
        report: dt.date(2022, 10, 31),
    }
    assert set(entries(feed_path(people.contact), nobody)) == {promise, report}
    assert set(entries(feed_path(people.coordinator), nobody)) == {promise, report}
    for name in ("councillor", "stranger", "other_county", "former", "newcomer"):
        assert entries(feed_path(getattr(people, name)), nobody) == {}, name


SITTING = "Sitzung Gemeinderat: Zwischenbericht Leonberg"


def test_a_session_of_the_council_is_for_all_who_prepare_it(people):
    report = factories.make_report(people.town)
    consultation = report.consultations.create(session_on=dt.date(2022, 11, 22))
    report.consultations.create(committee="Ältestenrat")  # no day yet
    report.consultations.create(
        committee="Sozialausschuss", session_on=dt.date(2022, 11, 8), deleted_at=timezone.now()
    )
    nobody = people.client("anonymous")
    due = {"Zwischenbericht Leonberg fällig": dt.date(2022, 10, 31), SITTING: dt.date(2022, 11, 22)}
    for name in ("mediator", "contact", "coordinator"):
        assert entries(feed_path(getattr(people, name)), nobody) == due, name
    for name in ("councillor", "stranger", "other_county", "former", "newcomer"):
        assert entries(feed_path(getattr(people, name)), nobody) == {}, name

    factories.take_to(report, "delivered", by=people.coordinator)
    assert entries(feed_path(people.councillor), nobody) == {SITTING: dt.date(2022, 11, 22)}
    assert entries(feed_path(people.stranger), nobody) == {}

    # put off: the same entry on another day
    def uid():
        [event] = Calendar.from_ical(nobody.get(feed_path(people.councillor)).content).walk("VEVENT")
        return str(event["uid"]), event.decoded("dtstart")

    before, _ = uid()
    consultation.session_on = dt.date(2022, 12, 20)
    consultation.save()
    assert uid() == (before, dt.date(2022, 12, 20))


def test_a_renewed_address_closes_the_old_one(people):
    client = people.client("mediator")
    old = feed_path(people.mediator)
    assert old in client.get(reverse("calendar")).content.decode()
    page = client.post(reverse("calendar"), follow=True).content.decode()
    new = feed_path(people.mediator)
    assert (old in page, new in page) == (False, True)
    assert [people.client("anonymous").get(path).status_code for path in (old, new)] == [404, 200]


def test_a_forged_or_blocked_address_opens_nothing(people):
    path = feed_path(people.mediator)
    nobody = people.client("anonymous")
    assert nobody.get(path.replace(":", ":x", 1)).status_code == 404
    people.mediator.is_active = False
    people.mediator.save()
    assert nobody.get(path).status_code == 404


def test_an_entry_keeps_its_name_when_the_day_moves(people):
    activity = due_things(people)
    nobody, path = people.client("anonymous"), feed_path(people.mediator)

    def uids():
        return sorted(str(e["uid"]) for e in Calendar.from_ical(nobody.get(path).content).walk("VEVENT"))

    before = uids()
    activity.follow_up_on = dt.date(2022, 7, 1)
    activity.save()
    assert uids() == before


def test_of_very_many_the_next_and_the_newest_stay(people, monkeypatch):
    """The earliest follow-up, promise and report, and the latest session."""
    monkeypatch.setattr("home.calendar.MOST", 1)
    for n in (2, 1, 3):
        day = dt.date(2022, 6, n)
        factories.make_activity(people.kiv, people.town, title=f"Nummer {n}", follow_up_on=day)
        concern = factories.make_concern(people.town, title=f"Anliegen {n}")
        for state, until in (("checking", None), ("promised", day)):
            concern.state, concern.promised_until = state, until
            concern.save()
    for year in (2023, 2022):
        start, end = dt.date(year - 1, 10, 1), dt.date(year, 9, 30)
        report = factories.make_report(
            people.town, period_start=start, period_end=end, due_on=dt.date(year, 10, 31)
        )
        for month in (11, 12):
            report.consultations.create(session_on=dt.date(year, month, 5))
        report.consultations.create(session_on=dt.date(year, 12, 24), deleted_at=timezone.now())
        report.consultations.create()
    assert entries(feed_path(people.mediator), people.client("anonymous")) == {
        "Wiedervorlage: Nummer 1": dt.date(2022, 6, 1),
        "Zugesagt für heute: Anliegen 1 (Leonberg)": dt.date(2022, 6, 1),
        "Zwischenbericht Leonberg fällig": dt.date(2022, 10, 31),
        "Sitzung Gemeinderat: Zwischenbericht Leonberg": dt.date(2023, 12, 5),
    }


def test_each_entry_is_a_whole_day_with_its_address_and_makes_nobody_busy(people, settings):
    activity = due_things(people)
    report = people.town.reports.get()
    session = report.consultations.create(session_on=dt.date(2022, 11, 22))
    concern = people.town.concerns.get()
    response = people.client("anonymous").get(feed_path(people.mediator))
    calendar = Calendar.from_ical(response.content)
    assert {name: str(calendar[name]) for name in ("prodid", "version", "x-wr-calname")} == {
        "prodid": "-//KIV-Portal//DE",
        "version": "2.0",
        "x-wr-calname": "KIV-Portal",
    }
    day, host = dt.date(2022, 6, 1), settings.BASE_URL.removeprefix("http://")
    events = calendar.walk("VEVENT")
    assert [
        (str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend"), str(e["url"]), str(e["transp"]))
        for e in events
    ] == [
        (f"{uid}@{host}", start, start + dt.timedelta(days=1), f"{settings.BASE_URL}{path}", "TRANSPARENT")
        for uid, start, path in (
            (f"activity-{activity.entry_key}", day, reverse("activity_detail", args=[activity.pk])),
            (f"concern-{concern.entry_key}", day, reverse("concern_detail", args=[concern.pk])),
            (f"report-{report.pk}", report.due_on, reverse("report_detail", args=[report.pk])),
            (f"session-{session.pk}", session.session_on, reverse("report_detail", args=[report.pk])),
        )
    ]
    assert all(abs(e.decoded("dtstamp") - timezone.now()) < dt.timedelta(minutes=1) for e in events)


def test_of_many_five_hundred_stand_there_the_earliest_first(people):
    values = factories.activity_values(people.kiv, people.town, minutes=1)
    Activity.objects.bulk_create(
        Activity(**values | {"title": f"Nummer {number}", "follow_up_on": dt.date(2022, 6, 1 + number // 20)})
        for number in range(501)
    )
    assert len(entries(feed_path(people.mediator), people.client("anonymous"))) == 500
