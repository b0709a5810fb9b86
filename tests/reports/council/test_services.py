"""What follows from a decision, and who hears of questions and answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone

from kiv_portal.mails.models import Mail
from reports.council import services as council
from reports.models import (
    CouncilDecision,
    CouncilLink,
    InterimReport,
    NoticeChoice,
    Occasion,
    ReportFile,
)
from reports.steps.errors import ReportNotEditable
from tests import factories
from tests.people import People
from tests.post import notices, outbox

pytestmark = pytest.mark.django_db
PERIOD_END = factories.END  # 30 September 2022, twelve months
NEXT_END = dt.date(2023, 9, 30)


@pytest.fixture
def delivered(submitted: InterimReport, people: People) -> InterimReport:
    for file in ReportFile.objects.all():
        file.file.save("bericht.pdf", ContentFile(b"%PDF-1.7 Leonberg"), save=False)
        file.state, file.size, file.sha256 = "done", 17, "0" * 64
        file.verdict = {"is_accessible": True}
        file.save()
    factories.deliver(submitted, by=people.coordinator)
    submitted.refresh_from_db()
    Mail.objects.all().delete()  # of the steps before
    return submitted


def decide(report: InterimReport, people: People, kind: str, **values: object) -> CouncilDecision:
    decision = CouncilDecision(report=report, kind=kind, **{"decided_on": timezone.localdate(), **values})
    return council.record_decision(decision, by=people.contact)


def proposed(report: InterimReport, people: People, kind: str, **values: object) -> tuple[object, object]:
    proposal = council.proposal_for(decide(report, people, kind, **values))
    return proposal.ends_on, proposal.next_report_due


def told(occasion: Occasion) -> set[str]:
    return {person for person, told_as, _ in notices() if told_as == occasion}


# --- what follows from a decision


@pytest.mark.parametrize("kind", ["continued", "changed"])
@pytest.mark.parametrize(
    ("agreed", "ends_on"),
    [
        (dt.date(2022, 9, 30), NEXT_END),  # one more interval
        (dt.date(2023, 3, 31), NEXT_END),
        (dt.date(2024, 12, 31), dt.date(2024, 12, 31)),  # what is agreed for longer is not made shorter
        (None, None),
    ],
)
def test_going_on_never_shortens_an_agreement(
    delivered: InterimReport, people: People, kind: str, agreed: dt.date | None, ends_on: dt.date | None
) -> None:
    people.town.agreements.update(ends_on=agreed)
    said = {"conditions": "Mit mehr Stunden."} if kind == "changed" else {}
    assert proposed(delivered, people, kind, **said) == (ends_on, dt.date(2023, 10, 31))


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        (dt.date(2022, 9, 30), None),  # it ended with the period
        (dt.date(2022, 10, 1), dt.date(2023, 10, 31)),
        (None, dt.date(2023, 10, 31)),
    ],
)
def test_noted_changes_nothing_and_reports_while_it_runs(
    delivered: InterimReport, people: People, agreed: dt.date | None, due: dt.date | None
) -> None:
    people.town.agreements.update(ends_on=agreed)
    assert proposed(delivered, people, "noted") == (agreed, due)


def test_ended_without_an_end_means_half_a_year(delivered: InterimReport, people: People) -> None:
    today = timezone.localdate()
    ends_on, due = proposed(delivered, people, "ended")
    assert due is None
    assert isinstance(ends_on, dt.date)
    assert (ends_on.year * 12 + ends_on.month) - (today.year * 12 + today.month) == 6


def test_the_day_that_the_council_said_is_the_day(delivered: InterimReport, people: People) -> None:
    said = timezone.localdate() + dt.timedelta(days=200)
    assert proposed(delivered, people, "continued", next_report_due=said)[1] == said


def test_the_interval_of_the_agreement_counts(delivered: InterimReport, people: People) -> None:
    people.town.agreements.update(ends_on=PERIOD_END, report_interval_months=6)
    assert proposed(delivered, people, "continued") == (dt.date(2023, 3, 31), dt.date(2023, 4, 30))


def test_the_agreement_begun_last_is_the_one(delivered: InterimReport, people: People) -> None:
    today = timezone.localdate()
    people.town.agreements.update(ends_on=PERIOD_END)
    later = factories.make_agreement(people.town, starts_on=dt.date(2022, 10, 1), ends_on=today)
    factories.make_agreement(people.town, starts_on=today + dt.timedelta(days=1))  # not begun
    people.other_town.agreements.update(starts_on=today)
    decision = decide(delivered, people, "continued")
    assert council.proposal_for(decision).agreement == later


def test_without_an_agreement_nothing_follows(delivered: InterimReport, people: People) -> None:
    people.town.agreements.all().delete()
    decision = decide(delivered, people, "continued")
    assert council.proposal_for(decision) == council.Proposal(None, None, None)
    following = council.follow_up(
        decision, ends_on=None, next_report_due=dt.date(2099, 1, 1), by=people.coordinator
    )
    assert following is None
    decision.refresh_from_db()
    assert decision.followed_up_by == people.coordinator


def test_the_agreement_may_end_with_the_period_but_not_a_day_before(
    delivered: InterimReport, people: People
) -> None:
    decision = decide(delivered, people, "ended")
    early = PERIOD_END - dt.timedelta(days=1)
    with pytest.raises(ReportNotEditable, match="nicht vor dem Ende des Berichtszeitraums"):
        council.follow_up(decision, ends_on=early, next_report_due=None, by=people.coordinator)
    council.follow_up(decision, ends_on=PERIOD_END, next_report_due=None, by=people.coordinator)
    assert people.town.agreements.get().ends_on == PERIOD_END
    with pytest.raises(ReportNotEditable, match="schon bestätigt"):
        council.follow_up(decision, ends_on=PERIOD_END, next_report_due=None, by=people.coordinator)


# --- who is told


@pytest.fixture
def wide(people: People) -> People:
    """More than one of each: the contact sits in the council, too, and a second councillor was never told anything."""
    factories.make_councillor(people.contact, people.town)
    factories.make_councillor(people.newcomer, people.town)
    gone = factories.make_user("Gerda Gegangen", is_active=False)
    factories.make_councillor(gone, people.town)
    factories.make_contact(gone, people.town)
    return people


def test_an_answer_goes_to_that_council_but_not_to_who_wrote_it(
    delivered: InterimReport, wide: People
) -> None:
    question = council.ask(delivered, "Was kostet die Rampe?", by=wide.councillor)
    council.answer(question, "Sehr wenig.", by=wide.contact)
    assert told(Occasion.ANSWER) == {"Rita Rat", "Nora Neu"}
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Sehr wenig.", wide.contact)
    council.answer(
        question, "Gar nichts.", by=wide.coordinator
    )  # mended: not told of again to whom it was told
    assert wide.councillor.mails.filter(once__contains=f"/{Occasion.ANSWER}/").count() == 1


def test_a_question_goes_to_who_answers_it_but_not_to_who_asks(
    delivered: InterimReport, wide: People
) -> None:
    council.ask(delivered, "Wer hilft im Urlaub?", by=wide.contact)
    assert told(Occasion.QUESTION) == {"Karin Koordination"}
    council.ask(delivered, "Was kostet die Rampe?", by=None)
    assert told(Occasion.QUESTION) == {"Karin Koordination", "Anton Ansprech"}


def test_the_delivery_is_told_to_the_council_only(submitted: InterimReport, wide: People) -> None:
    soon = timezone.localdate() + dt.timedelta(days=9)
    submitted.consultations.create(committee="Ausschuss", session_on=soon, role="prepare")
    submitted.consultations.create(committee="Altes", session_on=dt.date(2022, 2, 1))
    Mail.objects.all().delete()
    ReportFile.objects.update(
        state="done", size=17, sha256="0" * 64, file="x.pdf", verdict={"is_accessible": True}
    )
    factories.deliver(submitted, by=wide.coordinator)
    assert told(Occasion.DELIVERED) == {"Rita Rat", "Nora Neu", "Anton Ansprech"}
    body = str(outbox[0].body)
    assert f"Ausschuss: Sitzung am {soon:%d.%m.%Y}, Vorberatung\n" in body
    assert "Fragen beantwortet das Rathaus bis zur Sitzung." in body
    assert "01.02.2022" not in body, "what is over is not announced"
    assert Mail.objects.count() == 3


def test_who_does_not_want_it_is_not_told(delivered: InterimReport, wide: People) -> None:
    NoticeChoice.objects.create(user=wide.newcomer, unwanted=[Occasion.ANSWER])
    NoticeChoice.objects.create(user=wide.councillor, unwanted=[Occasion.QUESTION])
    question = council.ask(delivered, "Was kostet die Rampe?", by=None)
    council.answer(question, "Sehr wenig.", by=wide.coordinator)
    assert told(Occasion.ANSWER) == {"Rita Rat", "Anton Ansprech"}


def test_a_question_asked_again_before_the_answer_is_the_same(
    delivered: InterimReport, people: People
) -> None:
    first = council.ask(delivered, "Was kostet die Rampe?", by=None)
    assert council.ask(delivered, "Was kostet die Rampe?", by=None) == first
    council.answer(first, "Sehr wenig.", by=people.contact)
    assert council.ask(delivered, "Was kostet die Rampe?", by=None) != first


# --- one thing at a time


def test_removed_withdrawn_or_opened_is_the_one_that_was_meant(people: People) -> None:
    report = factories.make_report(people.town)
    before, meant, _ = (report.consultations.create(committee=name) for name in "abc")
    council.remove_consultation(meant)
    gone = report.consultations.exclude(deleted_at=None).get()
    assert (gone, gone.deleted_at) == (meant, gone.updated_at)
    council.remove_consultation(meant)
    assert report.consultations.get(pk=meant.pk).deleted_at == gone.deleted_at
    before.committee = "Rat"
    council.save_consultation(before)
    assert set(report.consultations.values_list("committee", flat=True)) == {"Rat", "b", "c"}

    first, link, last = (
        CouncilLink.objects.create(
            report=report, label=name, created_by=people.contact, expires_at=timezone.now()
        )
        for name in "abc"
    )
    for _ in range(2):
        council.count_opening(link)
    council.withdraw_link(link, by=people.contact)
    found = {row.label: (row.opened, row.withdrawn_by) for row in CouncilLink.objects.all()}
    assert found == {"a": (0, None), "b": (2, people.contact), "c": (0, None)}
    at = CouncilLink.objects.get(pk=link.pk).withdrawn_at
    assert at is not None
    assert timezone.now() - at < dt.timedelta(minutes=1)
    council.withdraw_link(link, by=people.coordinator)
    link.refresh_from_db()
    assert (link.withdrawn_at, link.withdrawn_by) == (at, people.contact)
    assert [council.link_of(council.signed(one)) for one in (first, link, last)] == [first, link, last]
    assert council.link_of(council.signed(link) + "x") is None
    link.delete()
    assert council.link_of(signing.Signer(salt=council.SALT).sign(f"{last.pk + 1}")) is None


def test_the_way_of_a_decided_report_does_not_change(delivered: InterimReport, people: People) -> None:
    consultation = delivered.consultations.create(committee="Rat")
    decide(delivered, people, "noted")
    for act in (council.save_consultation, council.remove_consultation):
        with pytest.raises(ReportNotEditable) as refused:
            act(consultation)
        assert str(refused.value) == council.WAY_IS_OVER


def test_the_same_decision_is_kept_once_and_another_is_another(
    delivered: InterimReport, people: People
) -> None:
    votes = {"votes_yes": 7, "votes_no": 2, "votes_abstained": 1}
    first = decide(delivered, people, "adjourned", reason="Später.", **votes)
    assert (first.recorded_by, delivered.state) == (people.contact, "delivered")
    assert decide(delivered, people, "adjourned", reason="Später.", **votes) == first
    consultation = delivered.consultations.create(committee="Rat")
    day = timezone.localdate() + dt.timedelta(days=1)
    for other in (
        *({"reason": "Anders."}, {"votes_yes": 8}, {"votes_no": 3}, {"votes_abstained": 0}),
        *({"decided_on": day}, {"consultation": consultation}),
    ):
        if "consultation" not in other:
            consultation.deleted_at = (
                timezone.now()
            )  # else its session would be the only one that can be meant
            consultation.save()
        else:
            consultation.deleted_at = None
            consultation.save()
        assert decide(delivered, people, "adjourned", **{"reason": "Später.", **votes, **other}) != first
    assert decide(delivered, people, "referred", reason="Später.", **votes) != first
    now = timezone.now() + dt.timedelta(days=3)
    final = CouncilDecision(report=delivered, kind="noted", decided_on=timezone.localdate())
    council.record_decision(final, by=people.coordinator, now=now)
    delivered.refresh_from_db()
    step = delivered.steps.latest("pk")
    assert (delivered.state, step.state, step.taken_by, step.taken_at) == (
        *("decided", "decided", people.coordinator, now),
    )
    with pytest.raises(ReportNotEditable) as refused:
        decide(delivered, people, "ended")
    assert str(refused.value) == "Zu diesem Bericht steht der Beschluss schon fest."
    with pytest.raises(ReportNotEditable) as refused:
        decide(factories.make_report(people.other_town), people, "noted")
    assert str(refused.value) == "Der Bericht ist dem Gemeinderat noch nicht zugestellt."


def test_questions_come_to_an_end(
    delivered: InterimReport, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(council, "MOST_OPEN_QUESTIONS", 2)
    first, _ = (council.ask(delivered, f"Frage {number}?", by=people.councillor) for number in range(2))
    assert (first.text, first.asked_by, first.report) == ("Frage 0?", people.councillor, delivered)
    with pytest.raises(ReportNotEditable, match="warten schon viele Fragen"):
        council.ask(delivered, "Noch eine?", by=None)
    council.answer(first, "Ja.", by=people.contact)
    anonymous = council.ask(delivered, "Noch eine?", by=None)
    assert anonymous.asked_by is None
    question = type(first).objects.get(pk=first.pk)
    assert question.answered_at is not None
    assert timezone.now() - question.answered_at < dt.timedelta(minutes=1)
    with pytest.raises(ReportNotEditable, match="keine Fragen mehr stellen"):
        council.ask(factories.make_report(people.other_town), "Noch eine?", by=None)


def test_what_staff_confirm_is_the_end_and_the_next_report(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people, "continued")
    ends_on, due = dt.date(2024, 9, 30), dt.date(2023, 12, 15)
    following = council.follow_up(decision, ends_on=ends_on, next_report_due=due, by=people.coordinator)
    assert following is not None
    assert (following.municipality, following.period_end, following.due_on) == (people.town, NEXT_END, due)
    assert people.town.agreements.get().ends_on == ends_on
    assert people.other_town.agreements.get().ends_on is None
    decision.refresh_from_db()
    assert decision.followed_up_by == people.coordinator
    assert decision.followed_up_at is not None
    assert timezone.now() - decision.followed_up_at < dt.timedelta(minutes=1)


def test_an_agreement_that_has_begun_meanwhile_is_said(delivered: InterimReport, people: People) -> None:
    people.town.agreements.update(ends_on=PERIOD_END)
    decision = decide(delivered, people, "continued")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    factories.make_agreement(people.town, starts_on=tomorrow)
    with pytest.raises(ReportNotEditable):
        council.follow_up(decision, ends_on=None, next_report_due=None, by=people.coordinator)
    decision.refresh_from_db()
    assert (decision.followed_up_at, people.town.agreements.earliest("starts_on").ends_on) == (
        *(None, PERIOD_END),
    )
    assert (
        council.follow_up(decision, ends_on=PERIOD_END, next_report_due=None, by=people.coordinator) is None
    )
