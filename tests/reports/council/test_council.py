"""The report at the council: by link, questions, the decision, and the next term."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kiv_portal.mails.models import Mail
from reports.council import services as council
from reports.models import (
    CouncilDecision,
    CouncilLink,
    CouncilQuestion,
    InterimReport,
    ReportFile,
    ReportState,
)
from reports.steps.errors import ReportNotEditable
from tests import factories
from tests.people import People
from tests.post import outbox

pytestmark = pytest.mark.django_db
TODAY = "heute"


@pytest.fixture
def delivered(submitted: InterimReport, people: People) -> InterimReport:
    for file in ReportFile.objects.all():
        file.file.save("bericht.pdf", ContentFile(b"%PDF-1.7 Leonberg"), save=False)
        file.state, file.size, file.sha256, file.verdict = (
            "done",
            17,
            "0" * 64,
            {"is_accessible": True},
        )
        file.save()
    factories.deliver(submitted, by=people.coordinator)
    submitted.refresh_from_db()
    return submitted


@pytest.fixture
def link(delivered: InterimReport, people: People) -> CouncilLink:
    return CouncilLink.objects.create(
        report=delivered, created_by=people.contact, expires_at=timezone.now() + dt.timedelta(days=3)
    )


def address(link: CouncilLink, *more: str) -> str:
    return reverse("council_edition" if more else "council_page", args=[council.signed(link), *more])


def decide(report: InterimReport, people: People, **values: object) -> CouncilDecision:
    return council.record_decision(
        CouncilDecision(report=report, **{"kind": "continued", "decided_on": timezone.localdate(), **values}),
        by=people.contact,
    )


# --- the link


def test_link_is_created_opened_counted_and_withdrawn(delivered: InterimReport, people: People) -> None:
    contact, nobody = people.client("contact"), Client()
    page = reverse("council_link_list", args=[delivered.pk])
    contact.post(page, {"label": "Gemeinderat", "expires_on": "31.12.2026"})
    link = CouncilLink.objects.get()
    shown = contact.get(page).content.decode()
    assert address(link) in shown
    for _ in range(2):
        answer = nobody.get(address(link))
        assert answer.status_code == 200
        assert "Zwischenbericht Leonberg" in answer.content.decode()
    download = nobody.get(address(link, "pdf"))
    assert b"".join(download) == b"%PDF-1.7 Leonberg"
    link.refresh_from_db()
    assert link.opened == 2
    contact.post(reverse("council_link_withdraw", args=[link.pk]))
    for path in (address(link), address(link, "pdf")):
        gone = nobody.get(path)
        assert (gone.status_code, "Das Rathaus hat ihn zurückgezogen" in gone.content.decode()) == (410, True)
        assert "Auf einen Blick" not in gone.content.decode()


def test_link_that_is_over_or_forged_opens_nothing(link: CouncilLink) -> None:
    CouncilLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(address(link)).status_code == 410
    for forged in (f"{link.pk}:x", str(link.pk), "x", council.signed(link)[:-1]):
        assert Client().get(reverse("council_page", args=[forged])).status_code == 404


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("1.1.2020", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren."),
        ("1.1.2199", "Bitte wählen Sie einen Tag innerhalb eines Jahres."),
        ("bald", "Dieses Datum verstehen wir nicht."),
    ],
)
def test_dates_of_a_link(delivered: InterimReport, people: People, day: str, sentence: str) -> None:
    page = reverse("council_link_list", args=[delivered.pk])
    answer = people.client("contact").post(page, {"label": "Rat", "expires_on": day})
    assert sentence in answer.content.decode()
    assert not CouncilLink.objects.exists()


# --- questions


def test_question_by_link_is_answered_for_the_whole_council(link: CouncilLink, people: People) -> None:
    nobody = Client()
    Mail.objects.all().delete()  # of the steps before
    for _ in range(2):  # a double click
        nobody.post(address(link), {"text": "Was kostet die Rampe?"})
    question = CouncilQuestion.objects.get()
    assert question.asked_by is None
    assert sorted(m.to[0] for m in outbox) == sorted([people.contact.email, people.coordinator.email])
    outbox.clear()
    own, others = (browser.get(address(link)).content.decode() for browser in (nobody, Client()))
    assert ("Was kostet die Rampe?" in own, "Sie wartet auf die Antwort aus dem Rathaus." in own) == (
        True,
        True,
    )
    assert "Was kostet die Rampe?" not in others
    people.client("contact").post(reverse("question_answer", args=[question.pk]), {"answer": "Sehr wenig."})
    assert [m.to[0] for m in outbox] == [people.councillor.email]
    assert "Sehr wenig." in nobody.get(address(link)).content.decode()
    page = people.client("councillor").get(reverse("question_list", args=[link.report_id])).content.decode()
    assert "Sehr wenig." in page


def test_councillor_asks_in_the_portal(delivered: InterimReport, people: People) -> None:
    page = reverse("question_list", args=[delivered.pk])
    people.client("councillor").post(page, {"text": "Wer hilft im Urlaub?"})
    assert CouncilQuestion.objects.get().asked_by == people.councillor
    assert "Wer hilft im Urlaub?" in people.client("contact").get(page).content.decode()
    empty = people.client("councillor").post(page, {"text": " "})
    assert empty.context["form"].errors["text"]


def test_a_link_floods_nobody(link: CouncilLink) -> None:
    for number in range(council.MOST_OPEN_QUESTIONS):
        council.ask(link.report, f"Frage {number}", by=None)
    with pytest.raises(ReportNotEditable, match="viele Fragen"):
        council.ask(link.report, "Noch eine", by=None)


# --- the decision


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"kind": ""}, "kind", "Bitte"),
        ({"decided_on": "1.1.2020"}, "decided_on", "diesen oder einen späteren Tag"),
        ({"decided_on": "1.1.2199"}, "decided_on", "Zukunft"),
        ({"votes_yes": "12"}, "votes_no", "alle drei Zahlen"),
        ({"votes_yes": "999", "votes_no": "0", "votes_abstained": "0"}, "votes_yes", "höchstens 200"),
        ({"kind": "adjourned"}, "text", "noch nichts beschlossen"),
        ({"kind": "referred", "conditions": "Rampe"}, "conditions", "noch nichts beschlossen"),
        ({"kind": "off_agenda", "next_report_due": "1.1.2099"}, "next_report_due", "noch nichts"),
        ({"reason": "Weil."}, "reason", "Das gehört zum Beschluss"),
        ({"kind": "changed"}, "conditions", "was sich ändert"),
        ({"next_report_due": "1.1.2020"}, "next_report_due", "erst nach dieser Sitzung"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(
    delivered: InterimReport, people: People, values: dict[str, str], field: str, sentence: str
) -> None:
    page = reverse("decision_create", args=[delivered.pk])
    answer = people.client("contact").post(
        page, {"kind": "continued", "decided_on": TODAY, "text": "Es geht weiter."} | values
    )
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert "Es geht weiter." in answer.content.decode()
    assert not CouncilDecision.objects.exists()


def test_adjourned_report_still_waits_for_its_decision(delivered: InterimReport, people: People) -> None:
    decide(delivered, people, kind="adjourned")
    delivered.refresh_from_db()
    assert delivered.state == ReportState.DELIVERED
    decide(delivered, people, kind="continued", votes_yes=20, votes_no=3, votes_abstained=1)
    delivered.refresh_from_db()
    assert delivered.state == ReportState.DECIDED
    with pytest.raises(ReportNotEditable, match="steht der Beschluss schon fest"):
        decide(delivered, people, kind="ended")
    again = decide(delivered, people, kind="continued", votes_yes=20, votes_no=3, votes_abstained=1)
    assert again == CouncilDecision.objects.final().get()  # the second click


def test_second_adjournment_of_a_day_is_not_taken_for_a_double_click(
    delivered: InterimReport, people: People
) -> None:
    for text in ("Es fehlen Zahlen.", "Es fehlen Zahlen.", "Auch am Abend fehlten Zahlen."):
        decide(delivered, people, kind="adjourned", reason=text)
    assert CouncilDecision.objects.count() == 2


def test_database_refuses_a_decision_before_delivery(draft: InterimReport, people: People) -> None:
    decision = CouncilDecision(
        report=draft, kind="noted", decided_on=timezone.localdate(), recorded_by=people.contact
    )
    with pytest.raises(IntegrityError, match="decides only about what it has"), transaction.atomic():
        decision.save()


def test_town_hall_and_public_see_the_whole_decision(delivered: InterimReport, people: People) -> None:
    InterimReport.objects.filter(pk=delivered.pk).update(public_from=timezone.now())
    votes = {"votes_yes": 20, "votes_no": 3, "votes_abstained": 1}
    decision = decide(
        delivered, people, kind="changed", text="Es geht weiter.", conditions="Mit Rampe.", **votes
    )
    decision.votes_yes = 21
    council.correct_decision(decision, reason="Falsch gezählt.", by=people.contact)
    pages = {
        "contact": people.client("contact").get(reverse("report_detail", args=[delivered.pk])),
        "public": Client().get(reverse("public_report", args=["leonberg", delivered.pk])),
    }
    for name, answer in pages.items():
        html = " ".join(answer.content.decode().split())
        for words in ("21 Ja, 3 Nein, 1 Enthaltung", "Es geht weiter.", "Mit Rampe.", "Falsch gezählt."):
            assert words in html, (name, words)
        assert ("berichtigt von Anton Ansprech" in html) == (name == "contact")
    assert "<dt>Ja-Stimmen</dt><dd>20</dd>" in pages["contact"].content.decode()


@pytest.mark.parametrize(
    ("kind", "ends_on", "goes_on"),
    [
        ("continued", dt.date(2023, 9, 30), True),
        ("permanent", None, True),
        ("ended", dt.date(2022, 9, 30), False),
        ("noted", dt.date(2022, 9, 30), False),
    ],
)
def test_portal_proposes_what_follows(
    delivered: InterimReport, people: People, kind: str, ends_on: dt.date | None, goes_on: bool
) -> None:
    people.town.agreements.update(ends_on=dt.date(2022, 9, 30))
    proposal = council.proposal_for(decide(delivered, people, kind=kind))
    assert (proposal.ends_on, proposal.next_report_due) == (
        ends_on,
        dt.date(2023, 10, 31) if goes_on else None,
    )


def test_confirmed_decision_begins_the_next_term(delivered: InterimReport, people: People) -> None:
    people.town.agreements.update(ends_on=dt.date(2022, 9, 30))
    decision = decide(delivered, people)
    staff = people.client("coordinator")
    page = reverse("decision_follow_up", args=[decision.pk])
    assert "30.09.2023" in staff.get(page).content.decode()
    for _ in range(2):
        staff.post(page, {"ends_on": "30.9.2023", "next_report_due": "31.10.2023"})
    following = people.town.reports.get(state="planned")
    assert (following.period_start, following.period_end, following.due_on) == (
        dt.date(2022, 10, 1),
        dt.date(2023, 9, 30),
        dt.date(2023, 10, 31),
    )
    assert people.town.agreements.get().ends_on == dt.date(2023, 9, 30)
    decision.refresh_from_db()
    assert decision.followed_up_by == people.coordinator
    assert people.client("contact").get(page).status_code == 403


def test_agreement_does_not_end_before_what_was_reported(delivered: InterimReport, people: People) -> None:
    decision = decide(delivered, people, kind="ended")
    page = reverse("decision_follow_up", args=[decision.pk])
    answer = people.client("coordinator").post(page, {"ends_on": "1.1.2022", "next_report_due": ""})
    assert "kann nicht vor dem Ende des Berichtszeitraums enden" in answer.content.decode()
    decision.refresh_from_db()
    assert decision.followed_up_at is None


def test_agreement_that_would_meet_the_next_one_is_a_sentence(
    delivered: InterimReport, people: People
) -> None:
    people.town.agreements.update(ends_on=dt.date(2022, 9, 30))
    decision = decide(delivered, people)
    factories.make_agreement(people.town, starts_on=timezone.localdate() + dt.timedelta(days=30))
    page = reverse("decision_follow_up", args=[decision.pk])
    answer = people.client("coordinator").post(page, {"ends_on": "", "next_report_due": "31.10.2023"})
    assert "gibt es schon eine Kooperationsvereinbarung" in answer.content.decode()
    assert people.town.agreements.get(starts_on=factories.START).ends_on == dt.date(2022, 9, 30)
    decision.refresh_from_db()
    assert decision.followed_up_at is None


def test_way_through_the_committees_ends_with_the_decision(delivered: InterimReport, people: People) -> None:
    consultation = delivered.consultations.create(committee="Sozialausschuss")
    contact = people.client("contact")
    page = reverse("consultation_edit", args=[consultation.pk])
    contact.post(page, {"committee": "Sozialausschuss", "item_number": "4.1", "role": "prepare"})
    consultation.refresh_from_db()
    assert (consultation.item_number, consultation.role) == ("4.1", "prepare")
    council_itself = delivered.consultations.create()
    decide(delivered, people, consultation=council_itself)
    for name in ("consultation_edit", "consultation_delete"):
        late = contact.post(
            reverse(name, args=[consultation.pk]), {"committee": "Gemeinderat", "role": "decide"}, follow=True
        )
        assert "Die Beratungsfolge lässt sich nicht mehr ändern." in late.content.decode()
    consultation.refresh_from_db()
    assert (consultation.committee, consultation.deleted_at) == ("Sozialausschuss", None)
    with pytest.raises(IntegrityError, match="decided report does not change"), transaction.atomic():
        delivered.consultations.update(item_number="5")


# --- reading on the page


def test_the_report_opens_as_a_page_and_the_pdf_in_the_browser(
    delivered: InterimReport, link: CouncilLink, people: People
) -> None:
    page = ReportFile.objects.create(
        snapshot=delivered.snapshots.latest("number"),
        kind="html",
        requested_by=people.contact,
        state="done",
        file=ContentFile(b"<!doctype html><style>p{}</style><p>Bericht", name="bericht.html"),
        size=43,
        sha256="2" * 64,
        verdict={"is_accessible": True},
    )
    ReportFile.objects.filter(kind="pdf").exclude(state="done").delete()
    InterimReport.objects.filter(pk=delivered.pk).update(public_from=timezone.now())
    nobody = Client()
    public = reverse("public_edition", args=["leonberg", delivered.pk, "html"])
    for client, overview, address_of_page in (
        (nobody, address(link), address(link, "html")),
        (nobody, reverse("public_report", args=["leonberg", delivered.pk]), public),
        (people.client("councillor"), reverse("report_detail", args=[delivered.pk]), None),
    ):
        shown = client.get(overview).content.decode()
        readable = address_of_page or reverse("edition_download", args=[page.pk])
        assert f'href="{readable}">Bericht lesen</a>' in shown
        answer = client.get(readable)
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        assert answer["Content-Disposition"].startswith('inline; filename="')
        assert "style-src 'sha256-" in answer["Content-Security-Policy"]
        assert answer.content.endswith(b"<p>Bericht")


# --- a file for the council alone


def test_the_list_with_days_is_for_the_council_and_nobody_else(
    delivered: InterimReport, link: CouncilLink, people: People
) -> None:
    annex = ReportFile.objects.create(
        snapshot=delivered.snapshots.latest("number"),
        kind="annex",
        requested_by=people.contact,
        state="done",
        file=ContentFile(b"%PDF-1.7 Liste", name="liste.pdf"),
        size=14,
        sha256="1" * 64,
        verdict={"is_accessible": True},
    )
    InterimReport.objects.filter(pk=delivered.pk).update(public_from=timezone.now())
    nobody = Client()
    by_link, download = address(link, "annex"), reverse("edition_download", args=[annex.pk])
    assert by_link in nobody.get(address(link)).content.decode()
    assert b"".join(nobody.get(by_link)) == b"%PDF-1.7 Liste"
    answers = {name: people.client(name).get(download) for name in people.NAMES}
    for answer in answers.values():
        list(answer)  # a file that nobody reads stays open
    may = {name for name, answer in answers.items() if answer.status_code == 200}
    assert may == {"coordinator", "contact", "mediator", "councillor"}
    public = nobody.get(reverse("public_report", args=["leonberg", delivered.pk])).content.decode()
    assert "Bericht (PDF)" in public
    assert "nur für den Gemeinderat" not in public
    assert nobody.get(reverse("public_edition", args=["leonberg", delivered.pk, "annex"])).status_code == 404
    assert nobody.get(reverse("oparl_file", args=[annex.pk])).status_code == 404
    assert nobody.get(reverse("oparl_edition", args=[annex.pk])).status_code == 404


# --- everybody


def test_public_from_the_chosen_day_on(delivered: InterimReport, people: People) -> None:
    nobody = Client()
    page = reverse("public_report", args=["leonberg", delivered.pk])
    assert nobody.get(page).status_code == 404
    publish = reverse("report_publish", args=[delivered.pk])
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    people.client("contact").post(publish, {"public_from": f"{tomorrow:%d.%m.%Y}"})
    assert nobody.get(page).status_code == 404
    people.client("contact").post(publish, {"public_from": "heute"})
    decide(delivered, people)
    shown = nobody.get(page).content.decode()
    assert "Fortführung unverändert" in shown
    assert "Frage" not in shown
    assert b"".join(nobody.get(reverse("public_edition", args=["leonberg", delivered.pk, "pdf"])))
    assert nobody.get(reverse("public_report", args=["herrenberg", delivered.pk])).status_code == 404
    listed = nobody.get(reverse("public_report_list", args=["leonberg"])).content.decode()
    assert page in listed
    feed = nobody.get(reverse("public_report_feed", args=["leonberg"]))
    assert "atom+xml" in feed["Content-Type"]
    assert page in feed.content.decode()
    people.client("contact").post(publish, {"public_from": "", "save": "1"})
    assert nobody.get(page).status_code == 404


def test_templates_are_kept_by_the_county(people: People) -> None:
    staff = people.client("coordinator")
    page = reverse("proposal_template_list", args=["08115"])
    values = {"title": "Fortführung", "text": "1. Es geht weiter.", "position": 10}
    assert staff.post(page, values).status_code == 302
    again = staff.post(page, values)
    assert "Eine Vorlage mit diesem Namen gibt es schon." in again.content.decode()
