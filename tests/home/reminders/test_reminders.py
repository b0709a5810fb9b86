"""A mediator is reminded once of what they wanted to look after, and on Mondays of what waits; nobody else is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from activities.attachments.services import add_activity_photo
from activities.models import Activity
from home.reminders import services
from home.reminders.services import write_reminders
from home.tasks import remind_task
from kiv_portal.accounts.models import User
from kiv_portal.mails.models import Mail
from municipalities.models import CooperationAgreement
from reports.models import NoticeChoice
from tests import factories
from tests.activities.attachments.test_attachments import jpeg
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
TUESDAY = dt.date(2022, 3, 8)
MONDAY = dt.date(2022, 3, 7)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch, people: People) -> None:
    """The people have signed in before; nothing else waits for them."""
    User.objects.update(last_login=timezone.now())
    CooperationAgreement.objects.filter(municipality__name="Calw").delete()  # its post is vacant
    monkeypatch.setattr(timezone, "localdate", lambda *args: TUESDAY)


@pytest.fixture
def wanted(people: People) -> Activity:
    return factories.make_activity(
        people.kiv, people.town, title="Rampe am Bahnhof", day=dt.date(2022, 3, 1), follow_up_on=TUESDAY
    )


def only_follow_ups() -> None:
    Mail.objects.filter(once__contains="week").delete()


def told() -> list[str]:
    return [message.subject for message in outbox]


def told_of(occasion: str, day: dt.date) -> int:
    return Mail.objects.filter(once__endswith=f"/{occasion}/{day}").count()


def test_on_the_day_once(people: People, wanted: Activity) -> None:
    factories.make_activity(
        people.kiv, people.town, title="Später", follow_up_on=TUESDAY + dt.timedelta(days=1)
    )
    for _ in range(2):
        write_reminders(TUESDAY)
        only_follow_ups()
        assert told() == ["Heute wollten Sie nachsehen: Rampe am Bahnhof"]
    message = outbox[0]
    assert message.to == [people.mediator.email]
    for words in (
        f"Guten Tag {people.mediator},",
        "für den 8. März",
        "- Rampe am Bahnhof (vom 01.03.2022)",
        reverse("activity_detail", args=[wanted.pk]),
        reverse("notice_choice"),
    ):
        assert words in message.body
    assert ("Später" in message.body, "Weitere stehen" in message.body) == (False, False)


@pytest.mark.parametrize(("days", "number"), [(0, 1), (2, 1), (3, 0), (-1, 0)])
def test_a_machine_that_was_off_catches_up(people: People, wanted: Activity, days: int, number: int) -> None:
    write_reminders(TUESDAY + dt.timedelta(days=days))
    assert told_of("follow_up", TUESDAY) == number


def test_many_of_one_day_are_one_message(people: People, wanted: Activity) -> None:
    for number in range(services.MOST):
        factories.make_activity(people.kiv, people.town, title=f"Termin {number}", follow_up_on=TUESDAY)
    write_reminders(TUESDAY)
    only_follow_ups()
    assert told() == [f"Heute wollten Sie nachsehen: {services.MOST} Einträge"]
    assert "Weitere stehen auf Ihrer Startseite" in outbox[0].body


@pytest.mark.parametrize("why", ["declined", "locked", "never signed in", "term over"])
def test_who_is_not_told(people: People, wanted: Activity, why: str) -> None:
    mediator = User.objects.filter(pk=people.mediator.pk)
    if why == "declined":
        NoticeChoice.objects.create(user=people.mediator, unwanted=["follow_up", "week"])
    elif why == "locked":
        mediator.update(is_active=False)
    elif why == "never signed in":
        mediator.update(last_login=None)
    else:
        people.kiv.appointments.update(ends_on=MONDAY)
    write_reminders(TUESDAY)
    assert not people.mediator.mails.exists()


# --- the week


def test_on_mondays_what_waits(people: People, wanted: Activity) -> None:
    factories.make_concern(people.town, title="Bordstein")
    late = factories.make_concern(people.town, title="Ampel")
    factories.make_step(late, "checking", dt.date(2022, 1, 5))
    factories.make_step(late, "promised", dt.date(2022, 1, 6))
    type(late).objects.filter(pk=late.pk).update(promised_until=dt.date(2022, 3, 6))
    office = factories.make_organisation()
    type(office).objects.update(reply_days=14)
    asked_on = dt.date(2022, 2, 1)
    factories.make_concern(people.town, state="checking", office=office, office_asked_on=asked_on)
    report = factories.make_report(people.town)
    type(report).objects.filter(pk=report.pk).update(state="draft", due_on=dt.date(2022, 3, 13))
    add_activity_photo(wanted, jpeg(), alt_text="", is_decorative=False, by=people.mediator)
    write_reminders(MONDAY)
    people.mediator.mails.filter(once__contains="follow_up").delete()
    (of_mediator,) = [message for message in outbox if message.to == [people.mediator.email]]
    assert of_mediator.subject == "Das steht in dieser Woche an"
    for line in (
        f"- Zwischenbericht {people.town} schreiben (fällig am 13.03.2022)",
        "- Anliegen ansehen (1 neue Meldung, 1 überfällige Zusage, 1 überfällige Antwort)",
        "- 08.03.2022: Rampe am Bahnhof",
        "- Fotos beschreiben (1 ohne Beschreibung)",
        reverse("report_detail", args=[report.pk]),
    ):
        assert line in of_mediator.body
    of_week = told_of("week", MONDAY)
    write_reminders(TUESDAY)
    assert told_of("week", MONDAY) == of_week


def test_town_hall_and_county_are_told_of_theirs(people: People) -> None:
    """`former` was not former yet at that time."""
    factories.make_report(people.town, due_on=dt.date(2022, 3, 6))
    write_reminders(MONDAY)
    told = {message.to[0]: str(message.body) for message in outbox}
    assert set(told) == {
        u.email for u in (people.mediator, people.contact, people.coordinator, people.former)
    }
    assert (
        "Zwischenbericht Leonberg schreiben (fällig am 06.03.2022, überfällig)" in told[people.contact.email]
    )
    assert "Nach dem Zwischenbericht Leonberg fragen" in told[people.coordinator.email]


def test_many_lines_are_cut(people: People) -> None:
    for number in range(services.MOST + 2):
        factories.make_report(
            people.town, due_on=MONDAY, period_start=dt.date(2000 + number, 1, 1),
            period_end=dt.date(2000 + number, 12, 31),
        )  # fmt: skip
    write_reminders(MONDAY)
    body = next(str(message.body) for message in outbox if message.to == [people.contact.email])
    assert body.count("schreiben (fällig") == services.MOST
    assert "Und 2 mehr: http" in body
    assert reverse("work_list") in body


def test_a_week_with_nothing_is_no_message(people: People) -> None:
    write_reminders(MONDAY)
    assert not Mail.objects.exists()


@pytest.mark.parametrize(("days", "number"), [(0, 1), (2, 1), (3, 0)])
def test_the_week_is_told_at_its_beginning(people: People, wanted: Activity, days: int, number: int) -> None:
    write_reminders(MONDAY + dt.timedelta(days=days))
    assert told_of("week", MONDAY) == number


def test_another_town_s_matters_are_nobody_s_business(people: People) -> None:
    factories.make_concern(people.town, title="Bordstein")
    write_reminders(MONDAY)
    told = {mail.to for mail in Mail.objects.all()}
    assert told == {u.email for u in (people.mediator, people.contact, people.coordinator, people.former)}


@pytest.mark.parametrize("start", [remind_task, lambda: call_command("remind", stdout=io.StringIO())])
def test_the_timetable_does_both(wanted: Activity, start: Callable[[], None]) -> None:
    start()
    assert {message.subject for message in outbox} == {
        "Heute wollten Sie nachsehen: Rampe am Bahnhof",
        "Das steht in dieser Woche an",
    }


# --- declining


def test_only_who_keeps_a_log_is_asked_about_it(people: People) -> None:
    page = people.client("mediator").get(reverse("notice_choice")).content.decode()
    assert ("Eine Wiedervorlage ist fällig" in page, "Montags:" in page) == (True, True)
    assert "Montags:" not in people.client("councillor").get(reverse("notice_choice")).content.decode()


def test_what_somebody_is_not_asked_stays_declined(people: People) -> None:
    NoticeChoice.objects.create(user=people.councillor, unwanted=["week", "answer"])
    people.client("councillor").post(reverse("notice_choice"), {"wanted": ["answer", "question"]})
    unwanted = NoticeChoice.objects.get().unwanted
    assert ("week" in unwanted, "follow_up" in unwanted, "answer" in unwanted) == (True, False, False)
