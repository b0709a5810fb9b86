"""Who is told what, when, and once: reminders and steps of a report by e-mail."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

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
    ReportNotice.objects.update(created_at=timezone.now() - notices.TRIED_FOR - dt.timedelta(minutes=1))
    assert notices.send_notices() == 0
    assert mail.outbox == []


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


def test_so_many_are_sent_at_once_the_next_time_the_rest(
    coming: InterimReport, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SENT_AT_ONCE", 2)
    for person in (people.contact, people.coordinator, people.mediator):
        ReportNotice.objects.create(report=coming, user=person, occasion=Occasion.OVERDUE)
    assert [notices.send_notices() for _ in range(3)] == [2, 1, 0]
