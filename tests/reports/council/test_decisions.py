"""A result belongs to its session and to its council, and what was wrong is put right where everybody sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.council import services as council
from reports.council.corrections import corrections_of
from reports.council.sessions import WrongSession, session_for
from reports.models import Consultation, CouncilDecision, InterimReport, ReportState
from reports.steps.errors import ReportNotEditable
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture
def delivered(people: People) -> InterimReport:
    report = factories.take_to(factories.make_report(people.town), "delivered", by=people.coordinator)
    type(people.town).objects.filter(pk=people.town.pk).update(council_seats=32)
    return report


def decide(report: InterimReport, people: People, **values: Any) -> CouncilDecision:
    usual = {"kind": "continued", "decided_on": TODAY}
    return council.record_decision(CouncilDecision(report=report, **(usual | values)), by=people.contact)


def sent(**values: object) -> dict[str, object]:
    return {"kind": "continued", "decided_on": f"{TODAY:%d.%m.%Y}"} | values


def errors(people: People, report: InterimReport, **values: object) -> dict[str, list[str]]:
    """What the form says, by field."""
    page = reverse("decision_create", args=[report.pk])
    answer = people.client("contact").post(page, sent(**values))
    return {} if answer.status_code == 302 else dict(answer.context["form"].errors)


# --- the session


def plan(day: dt.date | None, role: str = "decide", committee: str = "Gemeinderat") -> Consultation:
    return Consultation(session_on=day, role=role, committee=committee)


RAT, LATER, OPEN = plan(TODAY), plan(TODAY + DAY), plan(None)
AUSSCHUSS = plan(TODAY, "prepare", "Sozialausschuss")
BEIRAT = plan(TODAY - DAY, "note", "Beirat")


@pytest.mark.parametrize(
    ("kind", "chosen", "planned", "found"),
    [
        ("continued", None, [], None),
        ("continued", None, [BEIRAT, RAT, LATER], RAT),
        ("continued", None, [OPEN], OPEN),
        ("continued", OPEN, [RAT, OPEN], OPEN),
        ("referred", AUSSCHUSS, [AUSSCHUSS, RAT], AUSSCHUSS),
        ("noted", plan(TODAY, "note"), [], "chosen"),
    ],
)
def test_the_only_session_that_it_can_be(
    kind: str, chosen: Consultation | None, planned: list[Consultation], found: Consultation | str | None
) -> None:
    assert session_for(kind, TODAY, chosen, planned) is (chosen if found == "chosen" else found)


@pytest.mark.parametrize(
    ("kind", "chosen", "planned", "field", "words"),
    [
        ("continued", None, [RAT, AUSSCHUSS], "consultation", "Gemeinderat und Sozialausschuss"),
        ("continued", None, [LATER, BEIRAT], "consultation", "ist keine Sitzung eingetragen"),
        ("continued", None, [LATER, OPEN], "consultation", "ist keine Sitzung eingetragen"),
        ("continued", LATER, [LATER], "decided_on", f"{TODAY + DAY:%d.%m.%Y}"),
        ("continued", AUSSCHUSS, [], "consultation", "berät nur vor"),
        ("noted", AUSSCHUSS, [], "consultation", "berät nur vor"),
        ("ended", plan(TODAY, "note"), [], "consultation", "nur zur Kenntnis"),
    ],
)
def test_what_is_asked_or_refused(
    kind: str, chosen: Consultation | None, planned: list[Consultation], field: str, words: str
) -> None:
    with pytest.raises(WrongSession, match=words) as refused:
        session_for(kind, TODAY, chosen, planned)
    assert refused.value.field == field


def test_the_page_asks_and_the_session_gets_its_day(delivered: InterimReport, people: People) -> None:
    for committee in ("Gemeinderat", "Hauptausschuss"):
        delivered.consultations.create(committee=committee, session_on=TODAY)
    assert "Bitte wählen Sie" in errors(people, delivered)["consultation"][0]
    without_day = delivered.consultations.create(committee="Bauausschuss")
    assert not errors(people, delivered, kind="referred", consultation=without_day.pk)
    without_day.refresh_from_db()
    assert (without_day.session_on, delivered.decisions.get().consultation) == (TODAY, without_day)


def test_a_session_with_a_result_stays_where_it_was(delivered: InterimReport, people: People) -> None:
    session = delivered.consultations.create(session_on=TODAY)
    decide(delivered, people, kind="adjourned")
    session.session_on = TODAY + DAY
    for act in (council.save_consultation, council.remove_consultation):
        with pytest.raises(ReportNotEditable, match="schon ein Ergebnis"):
            act(session)
    with (
        pytest.raises(IntegrityError, match="the day of its session"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; UPDATE reports_consultation SET session_on = '2020-01-01'"
        )


def test_after_an_adjournment_the_next_session_is_asked_for(delivered: InterimReport, people: People) -> None:
    page, contact = reverse("decision_create", args=[delivered.pk]), people.client("contact")
    first = contact.post(page, sent(kind="adjourned", reason="Es fehlen Zahlen."))
    assert first.url == reverse("consultation_create", args=[delivered.pk])
    delivered.consultations.create(session_on=TODAY + DAY)
    again = contact.post(page, sent(kind="off_agenda", consultation=""))
    assert again.status_code == 200, "no session of today is planned: which one?"


# --- votes


@pytest.mark.parametrize(
    ("votes", "field"),
    [((90, 0, 0), "votes_yes"), ((10, 20, 4), "votes_no"), ((0, 0, 34), "votes_abstained")],
)
def test_no_more_votes_than_the_council_has(
    delivered: InterimReport, people: People, votes: tuple[int, int, int], field: str
) -> None:
    names = ("votes_yes", "votes_no", "votes_abstained")
    said = errors(people, delivered, **dict(zip(names, votes, strict=True)))
    assert list(said) == [field]
    assert "32 Sitze, mit der Stimme aus dem Bürgermeisteramt also höchstens 33" in said[field][0]
    with pytest.raises(IntegrityError, match="more votes than seats"), transaction.atomic():
        decide(delivered, people, **dict(zip(names, votes, strict=True)))


def test_all_of_a_council_and_the_mayor_vote(delivered: InterimReport, people: People) -> None:
    assert not errors(people, delivered, votes_yes=33, votes_no=0, votes_abstained=0)


# --- a deferral is no resolution


@pytest.mark.parametrize("kind", ["adjourned", "referred", "off_agenda", "withdrawn"])
def test_what_is_put_off_carries_no_words_of_a_resolution(
    delivered: InterimReport, people: People, kind: str
) -> None:
    InterimReport.objects.filter(pk=delivered.pk).update(public_from=timezone.now())
    for words in ({"text": "Es geht weiter."}, {"conditions": "Rampe"}):
        with pytest.raises(IntegrityError, match="decision_words_only_if_decided"), transaction.atomic():
            decide(delivered, people, kind=kind, **words)
    session = delivered.consultations.create(session_on=TODAY)
    decide(delivered, people, kind=kind, reason="Es fehlen Zahlen.")
    item = Client().get(reverse("oparl_agenda_item", args=[session.pk])).json()
    assert "resolutionText" not in item
    assert item["result"] == delivered.decisions.get().get_kind_display()


def test_the_proposal_comes_in_only_on_request(
    delivered: InterimReport, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.council.decision_views.proposal_of", lambda report: "1. Es geht weiter.")
    page, contact = reverse("decision_create", args=[delivered.pk]), people.client("contact")
    assert contact.get(page).context["form"]["text"].value() in (None, "")
    taken = contact.post(page, sent(take="proposal", kind="continued"))
    assert taken.context["form"]["text"].value() == "1. Es geht weiter."
    assert not CouncilDecision.objects.exists()


# --- put right


def correct(people: People, decision: CouncilDecision, **values: object) -> Any:
    page = reverse("decision_correct", args=[decision.pk])
    return people.client("contact").post(page, sent(why="Falsch abgeschrieben.") | values)


def test_a_correction_keeps_what_stood_there(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people, text="Es geht weiter.", votes_yes=20, votes_no=3, votes_abstained=1)
    answer = correct(people, decision, text="Es geht so weiter.", votes_yes=21, votes_no=2, votes_abstained=1)
    assert answer.status_code == 302, answer.context["form"].errors
    decision.refresh_from_db()
    assert (decision.votes, decision.text) == ((21, 2, 1), "Es geht so weiter.")
    correction = decision.corrections.get()
    assert (correction.reason, correction.corrected_by) == ("Falsch abgeschrieben.", people.contact)
    before = [
        *(("Ja-Stimmen", "20"), ("Nein-Stimmen", "3")),
        ("Wortlaut des Beschlusses", "Es geht weiter."),
    ]
    assert corrections_of(decision) == [(correction, before)]
    correct(
        people, decision, kind="noted", text="Es geht so weiter.", votes_yes=21, votes_no=2, votes_abstained=1
    )
    assert [changed for _, changed in corrections_of(delivered.decisions.get())] == [
        before,
        [("Ergebnis", "Fortführung unverändert")],
    ]


def test_the_database_refuses_a_change_without_a_trace(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people, text="Es geht weiter.")
    for sql in (
        "UPDATE reports_councildecision SET text = 'Es endet.'",
        "UPDATE reports_councildecision SET votes_yes = 1, votes_no = 1, votes_abstained = 1",
        "DELETE FROM reports_councildecision",
    ):
        with (
            pytest.raises(IntegrityError, match="corrected with a trace"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert correct(people, decision, text="Es geht so weiter.").status_code == 302
    with pytest.raises(IntegrityError, match="corrected with a trace"), transaction.atomic():
        CouncilDecision.objects.update(
            text="Noch einmal anders."
        )  # the trace of the change before is not its


def test_a_decision_that_was_none_waits_again(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people)
    CouncilDecision.objects.update(followed_up_at=timezone.now(), followed_up_by=people.coordinator)
    assert correct(people, decision, kind="adjourned", reason="Vertagt.").status_code == 302
    delivered.refresh_from_db()
    decision.refresh_from_db()
    assert (delivered.state, decision.followed_up_at) == (ReportState.DELIVERED, None)
    assert delivered.delivered_at is not None
    assert correct(people, decision, kind="ended").status_code == 302
    delivered.refresh_from_db()
    assert (delivered.state, delivered.decisions.get().corrections.count()) == (ReportState.DECIDED, 2)


def test_a_wrong_day_is_moved_with_its_session(delivered: InterimReport, people: People) -> None:
    InterimReport.objects.filter(pk=delivered.pk)
    session = delivered.consultations.create(session_on=TODAY + DAY)
    decision = decide(delivered, people, decided_on=TODAY + DAY)
    assert correct(people, decision, consultation=session.pk).status_code == 302
    session.refresh_from_db()
    assert session.session_on == TODAY


def test_until_the_next_session(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people)
    following = factories.make_report(
        people.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2023, 9, 30)
    )
    elsewhere = factories.make_report(people.other_town)
    elsewhere.consultations.create(session_on=TODAY + DAY)
    assert council.sessions_of(people.town.pk) == []
    following.consultations.create(session_on=TODAY + 7 * DAY)
    sessions = council.sessions_of(people.town.pk)
    assert council.is_correctable(decision, sessions, TODAY + 7 * DAY)
    assert not council.is_correctable(decision, sessions, TODAY + 8 * DAY)
    assert council.is_correctable(decision, [TODAY - DAY, TODAY], TODAY + 99 * DAY)


def test_everybody_reads_the_correction_and_programs_hear_of_it(
    delivered: InterimReport, people: People
) -> None:
    session = delivered.consultations.create(session_on=TODAY)
    InterimReport.objects.filter(pk=delivered.pk).update(public_from=timezone.now())
    decision = decide(delivered, people, text="Es geht weiter.")
    later = timezone.now() + dt.timedelta(hours=2)
    CouncilDecision.objects.update(corrected_at=later)
    item = Client().get(reverse("oparl_agenda_item", args=[session.pk])).json()
    assert dt.datetime.fromisoformat(item["modified"]) == later.replace(microsecond=0)
    correct(people, decision, text="Es geht so weiter.")
    item = Client().get(reverse("oparl_agenda_item", args=[session.pk])).json()
    assert item["resolutionText"] == "Es geht so weiter."
