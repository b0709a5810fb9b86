"""Who is told what, when, and once: reminders and steps of a report by e-mail."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from kiv_portal.accounts.models import User
from municipalities.models import Municipality
from reports.models import InterimReport, NoticeChoice, Occasion, ReportNotice
from reports.notices import services as notices
from reports.steps import services as states
from reports.tasks import plan_and_remind_task, send_notices_task
from tests import factories
from tests.broker import on_call
from tests.people import People

pytestmark = pytest.mark.django_db
DUE = dt.date(2027, 10, 31)


@pytest.fixture
def coming(people: People) -> InterimReport:
    return factories.make_report(
        people.town, period_start=dt.date(2026, 10, 1), period_end=dt.date(2027, 9, 30), due_on=DUE
    )


@pytest.mark.parametrize(
    ("before", "occasion"),
    [
        (90, "days_90"),
        (60, "days_90"),
        (30, "days_30"),
        (8, "days_30"),
        (7, "days_7"),
        (0, "days_7"),
        (-1, "overdue"),
        (-200, "overdue"),
    ],
)
def test_reminded_by_the_narrowest_occasion(coming: InterimReport, before: int, occasion: str) -> None:
    today = DUE - dt.timedelta(days=before)
    assert notices.occasion_of(coming, today) == occasion
    notices.remind(today)
    assert {row.occasion for row in ReportNotice.objects.filter(report=coming)} == {occasion}


def test_not_reminded_before_ninety_days_nor_after_the_submission(coming: InterimReport) -> None:
    notices.remind(DUE - dt.timedelta(days=91))
    factories.take_to(coming, "submitted")
    notices.remind(DUE)
    assert not ReportNotice.objects.exists()


def test_told_once_each_time_and_overdue_also_to_the_county(coming: InterimReport, people: People) -> None:
    for before in (90, 90, 89, 30, 7, 7, -1, -2):
        notices.remind(DUE - dt.timedelta(days=before))
    told = {
        person: sorted(
            ReportNotice.objects.filter(user=getattr(people, person)).values_list("occasion", flat=True)
        )
        for person in ("mediator", "contact", "coordinator", "councillor", "stranger")
    }
    everything = ["days_30", "days_7", "days_90", "overdue"]
    assert told == {
        "mediator": everything,
        "contact": everything,
        "coordinator": ["overdue"],
        "councillor": [],
        "stranger": [],
    }


def test_each_person_chooses(coming: InterimReport, people: People) -> None:
    client = people.client("mediator")
    wanted = [code for code in Occasion.values if code != "days_90"]
    client.post(reverse("notice_choice"), {"wanted": wanted})
    assert NoticeChoice.objects.get().unwanted == ["days_90"]
    notices.remind(DUE - dt.timedelta(days=90))
    notices.remind(DUE - dt.timedelta(days=30))
    assert list(ReportNotice.objects.filter(user=people.mediator).values_list("occasion", flat=True)) == [
        "days_30"
    ]


def test_sent_once_and_kept_while_the_server_is_away(
    coming: InterimReport, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices.remind(DUE)

    def refused(*_: object) -> None:
        raise SMTPException("away")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refused)
        assert notices.send_notices() == 0
    assert ReportNotice.objects.filter(sent_at=None).count() == 2
    send_notices_task.apply()
    send_notices_task.apply()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [people.contact.email, people.mediator.email]
    )
    assert "fällig am 31.10.2027" in mail.outbox[0].subject
    assert reverse("notice_choice") in str(mail.outbox[0].body)


def test_an_address_that_is_always_refused_is_given_up(coming: InterimReport) -> None:
    notices.remind(DUE)
    minute = dt.timedelta(minutes=1)
    first, second = ReportNotice.objects.order_by("pk")
    for row, age in ((first, dt.timedelta(days=3) + minute), (second, dt.timedelta(days=3) - minute)):
        ReportNotice.objects.filter(pk=row.pk).update(created_at=timezone.now() - age)
    assert notices.send_notices() == 1
    assert [message.to for message in mail.outbox] == [[second.user.email]]


def test_steps_are_told_to_those_who_act_next(draft: InterimReport, people: People, woken: list[int]) -> None:
    states.submit_report(draft, by=people.mediator)
    notices.send_notices()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [people.contact.email, people.coordinator.email]
    )
    mail.outbox.clear()
    states.return_report(draft, by=people.contact, note="Kosten fehlen")
    notices.send_notices()
    assert [message.to[0] for message in mail.outbox] == [people.mediator.email]
    assert "zurückgegeben" in mail.outbox[0].subject


def test_a_worker_sends_after_the_commit_and_without_broker_the_timetable(
    draft: InterimReport,
    people: People,
    woken: list[int],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    calls: list[str] = []
    on_call(monkeypatch, "reports.send_notices", lambda **_: calls.append("sent"))
    with django_capture_on_commit_callbacks() as after:
        states.submit_report(draft, by=people.mediator)
    assert calls == mail.outbox == []
    for each in after:
        each()
    assert calls == ["sent"]

    def away(**_: object) -> None:
        raise OperationalError("the broker is away")

    on_call(monkeypatch, "reports.send_notices", away)
    with django_capture_on_commit_callbacks(execute=True):
        states.return_report(draft, by=people.contact, note="Kosten fehlen")
    assert ReportNotice.objects.filter(occasion="returned", sent_at=None).exists()


def test_timetable_plans_and_reminds(people: People) -> None:
    plan_and_remind_task.apply()
    assert people.town.reports.filter(state="planned").count() == 1


def test_a_hundred_are_sent_at_once_the_next_time_the_rest(coming: InterimReport, people: People) -> None:
    ReportNotice.objects.bulk_create(
        ReportNotice(report=coming, user=people.contact, occasion=Occasion.QUESTION, about=f"{number}")
        for number in range(101)
    )
    assert [notices.send_notices() for _ in range(3)] == [100, 1, 0]


# --- who is told


def names(people: QuerySet[User]) -> list[str]:
    return [person.full_name for person in people]


def test_who_writes_who_checks_and_who_decides(coming: InterimReport, people: People) -> None:
    """By today's roles in the town; each once, in the order of their accounts, none whose account is closed."""
    today = dt.date(2026, 11, 28)
    tomorrow = today + dt.timedelta(days=1)
    for make in (factories.make_contact, factories.make_mediator, factories.make_councillor):
        make(people.newcomer, people.town, starts_on=tomorrow)
    factories.make_staff(people.newcomer, people.town.county, starts_on=tomorrow)
    factories.make_contact(people.coordinator, people.town)
    factories.make_contact(people.mediator, people.town)
    factories.make_councillor(people.assistant, people.town)
    User.objects.filter(pk=people.councillor.pk).update(is_active=False)
    assert names(notices.writers_of(coming, today)) == [
        *("Karin Koordination", "Anton Ansprech", "Vera Vermittlung")
    ]
    assert names(notices.reviewers_of(coming, today)) == [
        *("Karin Koordination", "Anton Ansprech", "Vera Vermittlung")
    ]
    assert names(notices.councillors_of(coming, today)) == ["Alma Assistenz"]
    assert "Nora Neu" in names(notices.writers_of(coming, tomorrow))


def test_reminders_say_about_what_and_only_of_reports_that_are_near(
    coming: InterimReport, people: People
) -> None:
    today = dt.date(2027, 11, 10)
    later = factories.make_report(people.other_town, due_on=today + dt.timedelta(days=90))
    factories.make_report(Municipality.objects.get(slug="calw"), due_on=today + dt.timedelta(days=91))
    assert notices.remind(today) == 2
    rows = ReportNotice.objects.order_by("report", "user").values_list("report", "user", "occasion", "about")
    late = [people.coordinator, people.contact, people.mediator]
    assert list(rows) == [
        *((coming.pk, person.pk, "overdue", "2027-10-31") for person in late),
        (later.pk, people.stranger.pk, "days_90", "2028-02-08"),
    ]
    assert notices.remind(today) == 2
    assert len(rows.all()) == 4


def test_whoever_did_it_and_whoever_does_not_want_it_is_not_told(
    coming: InterimReport, people: People, django_capture_on_commit_callbacks
) -> None:
    NoticeChoice.objects.create(user=people.councillor, unwanted=[Occasion.SUBMITTED, Occasion.OVERDUE])
    NoticeChoice.objects.create(user=people.stranger, unwanted=[Occasion.OVERDUE])
    told = [people.contact, people.mediator, people.councillor, people.stranger]
    with django_capture_on_commit_callbacks() as after:
        notices.tell(coming, told, Occasion.SUBMITTED, about=7, except_for=people.contact)
    assert len(after) == 1
    assert set(ReportNotice.objects.values_list("user", "occasion", "about")) == {
        (people.mediator.pk, "submitted", "7"),
        (people.stranger.pk, "submitted", "7"),
    }


# --- what is sent


def test_the_oldest_first_and_each_in_full(
    coming: InterimReport, people: People, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: DUE - dt.timedelta(days=7))
    for person in (people.mediator, people.contact):
        ReportNotice.objects.create(report=coming, user=person, occasion=Occasion.DAYS_7)
    assert notices.send_notices() == 2
    assert [message.to for message in mail.outbox] == [[people.mediator.email], [people.contact.email]]
    first = mail.outbox[0]
    assert first.subject == "Zwischenbericht Leonberg: fällig am 31.10.2027"
    assert first.body.rstrip().split("\n\n") == [
        "Guten Tag Vera Vermittlung,",
        "der Zwischenbericht Leonberg ist am 31.10.2027 fällig, in 7 Tagen.",
        f"{settings.BASE_URL}{reverse('report_detail', args=[coming.pk])}",
        "Sie möchten solche Nachrichten nicht bekommen? Hier können Sie das ändern:\n"
        f"{settings.BASE_URL}{reverse('notice_choice')}",
        f"Freundliche Grüße\nIhr KIV-Portal\n{settings.BASE_URL}",
    ]
    rows = ReportNotice.objects.all()
    assert all(row.sent_at and timezone.now() - row.sent_at < dt.timedelta(minutes=1) for row in rows)
    assert notices.send_notices() == 0
