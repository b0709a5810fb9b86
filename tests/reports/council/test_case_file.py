"""A delivered report for the office's records."""

from __future__ import annotations

import hashlib
import io
import zipfile

import lxml.html
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from municipalities.models import CooperationAgreement
from reports.council import services as council
from reports.editions.members import DamagedFile
from reports.models import CouncilDecision, InterimReport, ReportFile
from reports.steps import services as states
from tests import factories
from tests.people import People

PDF = b"%PDF-1.7 Leonberg"


@pytest.fixture
def delivered(draft: InterimReport, people: People, woken: list[int]) -> InterimReport:
    """With its PDF, its web page, a question without and one with an answer, and a decision."""
    CooperationAgreement.objects.filter(municipality=people.town).update(reference="SozA 41-2021")
    states.submit_report(draft, by=people.contact)
    snapshot = draft.snapshots.latest("number")
    pdf = ReportFile.objects.get(snapshot=snapshot, kind="pdf")
    for file in (pdf, ReportFile(snapshot=snapshot, kind="html", requested_by=people.contact)):
        file.file.save("bericht", ContentFile(PDF), save=False)
        file.state, file.size, file.sha256 = "done", len(PDF), _sha256(PDF)
        file.pages, file.verdict = (7 if file.kind == "pdf" else 0), {"is_accessible": True}
        file.save()
    factories.deliver(draft, by=people.coordinator)
    draft.refresh_from_db()
    question = council.ask(draft, "Was kostet ein Jahr?", by=people.councillor)
    council.ask(draft, "<b>Wer</b> trägt es?", by=None)
    council.answer(question, "1.540 Euro.", by=people.contact)
    return draft


def _sha256(data: bytes) -> str:

    return hashlib.sha256(data).hexdigest()


def address(report: InterimReport) -> str:
    return reverse("report_case_file", args=[report.pk])


def taken(report: InterimReport, people: People, who: str = "contact") -> tuple[dict[str, bytes], bytes]:
    answer = people.client(who).get(address(report))
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, data


def text_of(page: bytes) -> str:
    return " ".join(lxml.html.document_fromstring(page.decode()).body.text_content().split())


def test_county_and_town_hall_have_it_and_nobody_else(delivered: InterimReport, people: People) -> None:
    answers = {name: people.client(name).get(address(delivered)).status_code for name in people.NAMES}
    assert {name for name, status in answers.items() if status == 200} == {"coordinator", "contact"}
    assert {answers["mediator"], answers["councillor"]} == {403}
    assert answers["stranger"] == answers["other_county"] == 404


def test_it_holds_the_archive_files_and_what_was_asked(delivered: InterimReport, people: People) -> None:
    files, data = taken(delivered, people)
    name = "Zwischenbericht_Leonberg_2021-10_bis_2022-09.pdf"
    assert list(files) == ["Inhalt.html", "Fragen-und-Antworten.html", name]  # nothing is resolved yet
    assert files[name] == PDF
    questions = text_of(files["Fragen-und-Antworten.html"])
    assert "Frage 1" in questions
    assert "1.540\u00a0Euro." in questions.replace(" Euro", "\u00a0Euro")
    assert "<b>Wer</b> trägt es?" in questions
    assert "Noch ohne Antwort." in questions
    assert people.councillor.full_name not in questions
    assert taken(delivered, people)[1] == data


def test_the_index_names_reference_way_and_checksums(delivered: InterimReport, people: People) -> None:
    index = taken(delivered, people)[0]["Inhalt.html"]
    page, text = lxml.html.document_fromstring(index.decode()), text_of(index)
    facts = {term.text_content(): term.getnext().text_content() for term in page.xpath("//dt")}
    assert facts["Aktenzeichen"] == "SozA 41-2021"
    assert facts["Vorlagen-Nummer"] == "nicht eingetragen"
    assert _sha256(PDF) in text
    assert "PDF/A-3a, 7\u00a0Seiten" in text or "PDF/A-3a, 7 Seiten" in text
    assert "Zugestellt" in text
    links = page.xpath("//a/@href")
    assert links == ["Zwischenbericht_Leonberg_2021-10_bis_2022-09.pdf", "Fragen-und-Antworten.html"]


def test_a_decision_is_in_it_once_it_is_recorded(delivered: InterimReport, people: People) -> None:
    decision = CouncilDecision(
        report=delivered, kind="continued", decided_on=delivered.delivered_at.date(), votes_yes=20, votes_no=1,
        votes_abstained=2, text="1. Die Teilnahme wird fortgeführt.",
    )  # fmt: skip
    council.record_decision(decision, by=people.contact)
    files, _ = taken(delivered, people, "coordinator")
    text = text_of(files["Beschlüsse.html"])
    assert "20 Ja, 1 Nein" in text
    assert "Die Teilnahme wird fortgeführt." in text


def test_a_file_that_is_another_one_ends_it(delivered: InterimReport, people: People) -> None:
    file = ReportFile.objects.get(kind="pdf")
    file.file.storage.delete(file.file.name)
    file.file.storage.save(file.file.name, ContentFile(b"%PDF-1.7 Andernorts"[: len(PDF)]))
    answer = people.client("contact").get(address(delivered))
    with pytest.raises(DamagedFile):
        b"".join(answer.streaming_content)


def test_what_is_not_delivered_is_not_filed(submitted: InterimReport, people: People) -> None:
    answer = people.client("contact").get(address(submitted), follow=True)
    assert "sobald er dem Gemeinderat zugestellt ist" in answer.content.decode()
