"""A delivered report gets a new edition while the council reads the old one, or two people take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import ClosedPeriod
from kiv_portal.mails.models import Mail
from reports.council import services as council
from reports.models import (
    CouncilDecision,
    CouncilLink,
    InterimReport,
    Occasion,
    ReportFile,
    ReportState,
    Withdrawal,
)
from reports.renewals import services as renewals
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.steps.record import take_step
from reports.writing import services as texts
from tests import factories
from tests.people import People
from tests.post import notices

pytestmark = pytest.mark.django_db
FIRST, SECOND = b"%PDF-1.7 erste", b"%PDF-1.7 zweite"


def finish(data: bytes) -> None:
    for file in ReportFile.objects.exclude(state="done"):
        file.file.save("bericht.pdf", ContentFile(data), save=False)
        file.state, file.size, file.sha256 = "done", len(data), "0" * 64
        file.verdict, file.finished_at = {"is_accessible": True}, timezone.now()
        file.save()


@pytest.fixture
def delivered(submitted: InterimReport, people: People) -> InterimReport:
    """Public, with a link."""
    finish(FIRST)
    factories.deliver(submitted, by=people.coordinator)
    yesterday = timezone.now() - dt.timedelta(days=1)
    InterimReport.objects.filter(pk=submitted.pk).update(public_from=yesterday)
    submitted.refresh_from_db()
    Mail.objects.all().delete()
    return submitted


@pytest.fixture
def link(delivered: InterimReport, people: People) -> str:
    row = CouncilLink.objects.create(
        report=delivered, created_by=people.contact, expires_at=timezone.now() + dt.timedelta(days=3)
    )
    return reverse("council_page", args=[council.signed(row)])


@pytest.fixture
def replaced(delivered: InterimReport, people: People) -> InterimReport:
    renewals.begin_new_edition(delivered, reason="Die Kosten waren falsch.", by=people.coordinator)
    states.submit_report(delivered, by=people.contact)
    finish(SECOND)
    factories.deliver(delivered, by=people.coordinator)
    delivered.refresh_from_db()
    return delivered


def told(occasion: Occasion) -> set[str]:
    return {person for person, told_as, _ in notices() if told_as == occasion}


def read(page: str) -> str:
    return " ".join(Client().get(page).content.decode().split())


def pdf_of(page: str) -> bytes:
    return b"".join(Client().get(page))


# --- a new edition


def test_the_council_reads_the_old_edition_while_the_new_one_is_written(
    delivered: InterimReport, people: People, link: str
) -> None:
    renewals.begin_new_edition(delivered, reason="Die Kosten waren falsch.", by=people.coordinator)
    renewals.begin_new_edition(delivered, reason="Noch ein Klick.", by=people.coordinator)
    delivered.refresh_from_db()
    assert (delivered.state, delivered.delivered_number, delivered.new_editions.count()) == ("returned", 1, 1)
    assert not ClosedPeriod.objects.exists()
    texts.save_section(delivered, "costs", "Es hat 1.540 Euro gekostet.", version=0, by=people.contact)
    states.submit_report(delivered, by=people.contact)
    finish(SECOND)
    public = reverse("public_edition", args=["leonberg", delivered.pk, "pdf"])
    page = reverse("public_report", args=["leonberg", delivered.pk])
    assert (pdf_of(public), pdf_of(f"{link}pdf/")) == (FIRST, FIRST)
    assert "1.540" not in read(page)
    seen = people.client("councillor").get(reverse("report_list")).content.decode()
    assert ("Zugestellt" in seen, "Neue Ausgabe" in seen) == (True, False)
    assert told(Occasion.REPLACED) == set()
    factories.deliver(delivered, by=people.coordinator)
    assert (pdf_of(public), pdf_of(f"{link}pdf/")) == (SECOND, SECOND)
    for address in (page, link):
        assert "Sie ersetzt Ausgabe 1." in read(address)
        assert "Die Kosten waren falsch." in read(address)
    assert told(Occasion.REPLACED) == {"Rita Rat"}


def test_the_old_edition_stays_and_is_marked(replaced: InterimReport, people: People) -> None:
    old, new = (replaced.snapshots.get(number=number) for number in (1, 2))
    first = read(reverse("check_code", args=[old.code]))
    assert "Diese Ausgabe gilt nicht mehr." in first
    assert "durch Ausgabe 2</dd>" in first
    assert "Die Kosten waren falsch." in first
    assert "gilt nicht mehr" not in read(reverse("check_code", args=[new.code]))
    InterimReport.objects.filter(pk=replaced.pk).update(public_from=None)
    hidden = read(reverse("check_code", args=[old.code]))
    assert ("gilt nicht mehr" in hidden, "Die Kosten waren falsch." in hidden) == (True, False)
    file = ReportFile.objects.get(snapshot=old)
    download = people.client("councillor").get(reverse("edition_download", args=[file.pk]))
    assert b"".join(download) == FIRST


def test_programs_are_told_which_file_is_replaced(replaced: InterimReport) -> None:
    paper = Client().get(reverse("oparl_paper", args=[replaced.pk])).json()
    assert paper["mainFile"]["name"] == "Bericht (PDF)"
    assert "keyword" not in paper["mainFile"]
    [old] = paper["auxiliaryFile"]
    assert old["name"] == "Bericht (PDF), Ausgabe 1, ersetzt durch Ausgabe 2"
    assert old["keyword"] == ["ersetzt"]
    assert old["modified"] >= paper["created"]
    file = ReportFile.objects.get(snapshot__number=1)
    assert pdf_of(reverse("oparl_file", args=[file.pk])) == FIRST


def test_what_was_replaced_before_it_was_public_stays_unknown(replaced: InterimReport) -> None:
    InterimReport.objects.filter(pk=replaced.pk).update(public_from=timezone.now())
    paper = Client().get(reverse("oparl_paper", args=[replaced.pk])).json()
    assert paper["auxiliaryFile"] == []


def test_a_new_edition_that_nobody_wants(delivered: InterimReport, people: People) -> None:
    renewals.begin_new_edition(delivered, reason="Versehen.", by=people.coordinator)
    renewals.drop_new_edition(delivered, by=people.coordinator)
    delivered.refresh_from_db()
    assert (delivered.state, delivered.delivered_number) == (ReportState.DELIVERED, 1)
    assert ClosedPeriod.objects.filter(municipality=people.town).exists()
    with pytest.raises(ReportNotEditable, match="nicht mehr verwerfen"):
        renewals.drop_new_edition(delivered, by=people.coordinator)
    other = factories.take_to(factories.make_report(people.other_town), "submitted")
    take_step(other, ReportState.RETURNED, by=people.coordinator)
    with pytest.raises(IntegrityError, match="does not go from"), transaction.atomic():
        take_step(other, ReportState.DELIVERED, by=people.coordinator)


def test_a_decided_report_stays_decided_with_its_new_edition(
    delivered: InterimReport, people: People
) -> None:
    decision = CouncilDecision(report=delivered, kind="continued", decided_on=timezone.localdate())
    council.record_decision(decision, by=people.contact)
    renewals.begin_new_edition(delivered, reason="Tippfehler.", by=people.coordinator)
    with pytest.raises(ReportNotEditable, match="Die Beratungsfolge lässt sich nicht mehr ändern"):
        council.save_consultation(delivered.consultations.model(report=delivered))
    states.submit_report(delivered, by=people.contact)
    finish(SECOND)
    factories.deliver(delivered, by=people.coordinator)
    delivered.refresh_from_db()
    assert (delivered.state, delivered.delivered_number) == (ReportState.DECIDED, 2)


def test_what_is_decided_while_a_new_edition_is_in_work_holds(
    delivered: InterimReport, people: People
) -> None:
    renewals.begin_new_edition(delivered, reason="Tippfehler.", by=people.coordinator)
    decision = CouncilDecision(report=delivered, kind="continued", decided_on=timezone.localdate())
    council.record_decision(decision, by=people.contact)
    delivered.refresh_from_db()
    assert (delivered.state, council.is_decided(delivered)) == (ReportState.RETURNED, True)


# --- sessions that were moved


def test_a_moved_session_is_shown_and_renewed(
    submitted: InterimReport, people: People, woken: list[int]
) -> None:
    session = submitted.consultations.create(session_on=dt.date(2022, 11, 22), role="note")
    page = reverse("report_detail", args=[submitted.pk])
    finish(FIRST)
    assert "Im Bericht stehen andere Termine" in people.client("contact").get(page).content.decode()
    answer = people.client("contact").post(
        reverse("paper_renew", args=[submitted.pk]), {"reason": "Die Sitzung ist verlegt."}
    )
    assert answer.status_code == 302
    submitted.refresh_from_db()
    first, second = (submitted.snapshots.get(number=number) for number in (1, 2))
    assert [row.session_on for row in second.frozen.paper.consultations] == ["2022-11-22"]
    assert (second.frozen.totals, second.frozen.texts) == (first.frozen.totals, first.frozen.texts)
    assert second.code in second.frozen.check_url
    assert submitted.state == ReportState.SUBMITTED
    assert ClosedPeriod.objects.filter(municipality=people.town).exists()
    assert "andere Termine" not in people.client("contact").get(page).content.decode()
    session.session_on = dt.date(2022, 11, 29)
    session.save()
    shown = people.client("contact").get(page).content.decode()
    assert "Sitzung am 29.11.2022, im Bericht am 22.11.2022." in shown


def test_after_an_adjournment_the_page_shows_the_next_session(
    delivered: InterimReport, people: People
) -> None:
    today = timezone.localdate()
    delivered.consultations.create(session_on=today)
    renewals.renew_paper(delivered, by=people.contact, reason="Die Sitzung steht fest.")
    decision = CouncilDecision(
        report=delivered, kind="adjourned", decided_on=today, reason="Es fehlen Zahlen."
    )
    council.record_decision(decision, by=people.contact)
    delivered.consultations.create(session_on=today + dt.timedelta(days=7))
    page = people.client("contact").get(reverse("report_detail", args=[delivered.pk])).content.decode()
    assert "Es fehlen Zahlen." in page
    assert "Gemeinderat (Beschlussfassung), 2. Sitzung: steht noch nicht im Bericht." in page


def test_after_delivery_renewed_sessions_are_a_new_edition(delivered: InterimReport, people: People) -> None:
    delivered.consultations.create(session_on=dt.date(2022, 11, 22), role="note")
    renewals.renew_paper(delivered, by=people.contact, reason="Die Sitzung ist verlegt.")
    delivered.refresh_from_db()
    assert (delivered.state, delivered.delivered_number) == (ReportState.SUBMITTED, 1)
    assert delivered.new_editions.get().reason == "Die Sitzung ist verlegt."


# --- withdrawn by two


def ask(report: InterimReport, people: People) -> Withdrawal:
    return renewals.ask_to_withdraw(report, reason="Falsche Anlage.", by=people.contact)


def test_two_people_take_a_delivery_back(delivered: InterimReport, people: People, link: str) -> None:
    old = delivered.snapshots.get()
    withdrawal = ask(delivered, people)
    assert told(Occasion.RECALL) == {"Karin Koordination"}
    with pytest.raises(ReportNotEditable, match="nur eine zweite Person: Karin Koordination"):
        renewals.confirm_withdrawal(withdrawal, by=people.contact)
    assert Client().get(link).status_code == 200
    renewals.confirm_withdrawal(withdrawal, by=people.coordinator)
    delivered.refresh_from_db()
    assert (delivered.state, delivered.is_at_council, delivered.public_from) == ("returned", False, None)
    gone = Client().get(link)
    assert (gone.status_code, "Falsche Anlage." in gone.content.decode()) == (410, True)
    assert people.client("councillor").get(reverse("report_detail", args=[delivered.pk])).status_code == 404
    assert told(Occasion.RECALLED) == {"Rita Rat"}
    assert "zurückgezogen" in read(reverse("check_code", args=[old.code]))
    assert Client().get(reverse("oparl_paper", args=[delivered.pk])).json()["deleted"] is True
    states.submit_report(delivered, by=people.contact)
    finish(SECOND)
    factories.deliver(delivered, by=people.coordinator)
    assert Client().get(link).status_code == 200
    assert told(Occasion.DELIVERED) == {"Rita Rat"}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r, w, p: Withdrawal.objects.update(confirmed_at=timezone.now(), confirmed_by=p.contact), "two_people"),
        (lambda r, w, p: Withdrawal.objects.update(asked_by=p.coordinator), "Cannot update"),
        (
            lambda r, w, p: InterimReport.objects.filter(pk=r.pk).update(
                state="returned", submitted_at=None, delivered_at=None, delivered_number=None, public_from=None
            ),
            "withdrawn by two people",
        ),
    ],
)  # fmt: skip
def test_the_database_refuses_one_alone(
    delivered: InterimReport, people: People, act: Callable[..., object], said: str
) -> None:
    withdrawal = ask(delivered, people)
    with pytest.raises(Exception, match=said), transaction.atomic():
        act(delivered, withdrawal, people)


def test_a_withdrawal_may_be_refused_and_asked_for_again(delivered: InterimReport, people: People) -> None:
    withdrawal = ask(delivered, people)
    assert ask(delivered, people) == withdrawal
    page = reverse("withdrawal_refuse", args=[withdrawal.pk])
    people.client("coordinator").post(page)
    with pytest.raises(ReportNotEditable, match="nicht mehr zurückgezogen"):
        renewals.confirm_withdrawal(withdrawal, by=people.coordinator)
    assert ask(delivered, people) != withdrawal


def test_what_is_decided_is_not_taken_back(delivered: InterimReport, people: People) -> None:
    withdrawal = ask(delivered, people)
    decision = CouncilDecision(report=delivered, kind="continued", decided_on=timezone.localdate())
    council.record_decision(decision, by=people.contact)
    withdrawal.refresh_from_db()
    assert withdrawal.refused_at is not None
    with pytest.raises(ReportNotEditable, match="hat schon beschlossen"):
        ask(delivered, people)
