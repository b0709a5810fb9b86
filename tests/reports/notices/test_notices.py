"""Who is told what, when, and once: reminders and steps of a report by e-mail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from kiv_portal.accounts.models import User
from kiv_portal.mails.models import Mail
from municipalities.models import Municipality
from reports.models import InterimReport, NoticeChoice, Occasion
from reports.notices import services as notices
from reports.steps import services as states
from reports.tasks import plan_and_remind_task
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
DUE = dt.date(2027, 10, 31)


@pytest.fixture
def coming(people: People) -> InterimReport:
    return factories.make_report(
        people.town, period_start=dt.date(2026, 10, 1), period_end=dt.date(2027, 9, 30), due_on=DUE
    )


def told(report: InterimReport) -> list[tuple[int, str, str]]:
    """Whom, of which occasion and about what, in the order of their accounts."""
    words = [mail.once.split("/")[2:] for mail in Mail.objects.about(report)]
    return sorted((int(person), occasion, about) for person, occasion, about in words)


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
    assert {told_as for _, told_as, _ in told(coming)} == {occasion}


def test_not_reminded_before_ninety_days_nor_after_the_submission(coming: InterimReport) -> None:
    notices.remind(DUE - dt.timedelta(days=91))
    factories.take_to(coming, "submitted")
    notices.remind(DUE)
    assert not Mail.objects.exists()


def test_told_once_each_time_and_overdue_also_to_the_county(coming: InterimReport, people: People) -> None:
    for before in (90, 90, 89, 30, 7, 7, -1, -2):
        notices.remind(DUE - dt.timedelta(days=before))
    of_person = {
        name: sorted(occasion for pk, occasion, _ in told(coming) if pk == getattr(people, name).pk)
        for name in ("mediator", "contact", "coordinator", "councillor", "stranger")
    }
    everything = ["days_30", "days_7", "days_90", "overdue"]
    assert of_person == {
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
    assert [occasion for pk, occasion, _ in told(coming) if pk == people.mediator.pk] == ["days_30"]


def test_each_is_written_to_alone_and_may_decline(coming: InterimReport, people: People) -> None:
    notices.remind(DUE)
    assert sorted(message.to[0] for message in outbox) == sorted(
        [people.contact.email, people.mediator.email]
    )
    assert "fällig am 31.10.2027" in outbox[0].subject
    choice = f"{settings.BASE_URL}{reverse('notice_choice')}"
    assert outbox[0].extra_headers["List-Unsubscribe"] == f"<{choice}>"
    assert choice in str(outbox[0].body)


def test_steps_are_told_to_those_who_act_next(draft: InterimReport, people: People, woken: list[int]) -> None:
    states.submit_report(draft, by=people.mediator)
    assert sorted(message.to[0] for message in outbox) == sorted(
        [people.contact.email, people.coordinator.email]
    )
    outbox.clear()
    states.return_report(draft, by=people.contact, note="Kosten fehlen")
    assert [message.to[0] for message in outbox] == [people.mediator.email]
    assert "zurückgegeben" in outbox[0].subject


def test_what_is_taken_back_is_told_to_nobody(draft: InterimReport, people: People, woken: list[int]) -> None:
    with transaction.atomic():
        states.submit_report(draft, by=people.mediator)
        transaction.set_rollback(True)
    assert outbox == []


def test_timetable_plans_and_reminds(people: People) -> None:
    plan_and_remind_task.apply()
    assert people.town.reports.filter(state="planned").count() == 1


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
    late = [people.coordinator, people.contact, people.mediator]
    for _ in range(2):
        assert told(coming) == [(person.pk, "overdue", "2027-10-31") for person in late]
        assert told(later) == [(people.stranger.pk, "days_90", "2028-02-08")]
        assert notices.remind(today) == 2


def test_whoever_did_it_and_whoever_does_not_want_it_is_not_told(
    coming: InterimReport, people: People
) -> None:
    NoticeChoice.objects.create(user=people.councillor, unwanted=[Occasion.SUBMITTED, Occasion.OVERDUE])
    NoticeChoice.objects.create(user=people.stranger, unwanted=[Occasion.OVERDUE])
    everybody = [people.contact, people.mediator, people.councillor, people.stranger]
    notices.tell(coming, everybody, Occasion.SUBMITTED, about=7, except_for=people.contact)
    assert told(coming) == [(person.pk, "submitted", "7") for person in (people.mediator, people.stranger)]


# --- what is sent


def test_the_oldest_first_and_each_in_full(
    coming: InterimReport, people: People, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: DUE - dt.timedelta(days=7))
    notices.tell(coming, [people.mediator, people.contact], Occasion.DAYS_7, about="x")
    assert [message.to for message in outbox] == [[people.mediator.email], [people.contact.email]]
    first = outbox[0]
    assert first.subject == "Zwischenbericht Leonberg: fällig am 31.10.2027"
    assert first.body.rstrip().split("\n\n") == [
        "Guten Tag Vera Vermittlung,",
        "der Zwischenbericht Leonberg ist am 31.10.2027 fällig, in 7 Tagen.",
        f"{settings.BASE_URL}{reverse('report_detail', args=[coming.pk])}",
        "Sie möchten solche Nachrichten nicht bekommen? Hier können Sie das ändern:\n"
        f"{settings.BASE_URL}{reverse('notice_choice')}",
        f"Freundliche Grüße\nIhr KIV-Portal\n{settings.BASE_URL}",
    ]
