"""What people see of it: double clicks, conflicts, failed builds, the file, and odd addresses."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from activities.models import Activity
from kiv_portal.documents.errors import RenderingError
from reports.editions import services as editions
from reports.models import FileKind, InterimReport, ReportFile, ReportSection, ReportSnapshot, ReportState
from reports.steps import services as states
from reports.writing import services as texts
from tests import factories
from tests.people import People
from tests.sample import examples

pytestmark = pytest.mark.django_db
DESPITE = {"despite": "on"}  # the report has neither number nor author nor proposal


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def url(name: str, report: InterimReport, *more: object) -> str:
    return reverse(name, args=[report.pk, *more])


# --- twice the same


def test_submitted_by_two_clicks(draft: InterimReport, people: People, woken: list[int]) -> None:
    client = people.client("contact")
    answers = [client.post(url("report_submit", draft)) for _ in range(2)]
    assert [(a.status_code, a.url) for a in answers] == [(302, url("report_detail", draft))] * 2
    assert (ReportSnapshot.objects.count(), ReportFile.objects.count()) == (1, 1)


def test_released_by_two_clicks(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    client = people.client("coordinator")
    for _ in range(2):
        for page in ("report_approve", "report_deliver"):
            answer = client.post(url(page, submitted), DESPITE | {"snapshot": file.snapshot_id})
            assert answer.status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == ReportState.DELIVERED
    assert submitted.steps.count() == 3


def test_opened_by_two_clicks(people: People) -> None:
    client = people.client("coordinator")
    answers = [client.post(reverse("report_create", args=["leonberg"])) for _ in range(2)]
    report = InterimReport.objects.get()
    assert {a.url for a in answers} == {url("report_detail", report)}


# --- a failed build


def test_failed_build_tells_why_and_starts_again(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    def refused() -> None:
        raise RenderingError("Ein Zeichen im Ausblick lässt sich nicht drucken.")

    build(file, refused)
    client = people.client("coordinator")
    for page in ("report_detail", "report_progress"):
        html = client.get(url(page, submitted)).content.decode()
        assert "Ein Zeichen im Ausblick lässt sich nicht drucken." in html
        assert url("report_build", submitted) in html
    answer = client.post(url("report_build", submitted), follow=True)
    assert "Was fehlt, wird noch einmal erstellt." in answer.content.decode()
    second = editions.current_pdf(submitted)
    assert second
    assert (second == file, second.state) == (False, "queued")
    client.post(url("report_build", submitted))
    assert ReportFile.objects.count() == 2


def test_waiting_file_is_shown_as_waiting(file: ReportFile, submitted: InterimReport, people: People) -> None:
    html = people.client("contact").get(url("report_detail", submitted)).content.decode()
    assert "Der Auftrag wartet. Er geht nicht verloren" in html
    assert reverse("edition_download", args=[file.pk]) not in html


# --- every refusal is a German sentence on the page


def test_refusals_are_said(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    staff = people.client("coordinator")
    early = staff.post(url("report_approve", submitted), DESPITE | {"snapshot": file.snapshot_id})
    assert said(early) == ["Der Bericht kann erst freigegeben werden, wenn alle Dateien fertig sind."]
    build(file)
    for odd in ("", "0", "x", "9" * 40, "²"):
        another = people.client("coordinator").post(
            url("report_approve", submitted), DESPITE | {"snapshot": odd}
        )
        assert said(another) == ["Inzwischen gibt es eine andere Ausgabe. Bitte sehen Sie sie zuerst an."]
    without_note = staff.post(url("report_return", submitted), {"note": ""})
    assert "Bitte schreiben Sie, was am Bericht zu ändern ist." in without_note.content.decode()
    assert staff.post(url("report_return", submitted), {"note": "Kosten fehlen"}).status_code == 302
    draft_again = people.client("coordinator")
    assert said(draft_again.post(url("report_build", submitted))) == [
        "Der Bericht ist noch in Arbeit. Bitte reichen Sie ihn zuerst ein."
    ]
    late = people.client("contact").post(url("report_return", submitted), {"note": "Kosten fehlen"})
    assert (late.status_code, late.url) == (302, url("report_detail", submitted))
    assert submitted.steps.filter(state="returned").count() == 1
    another = people.client("contact").post(url("report_return", submitted), {"note": "Bilder fehlen"})
    html = another.content.decode()  # somebody was faster: the words are still there
    assert ("lässt sich nicht zurückgeben" in html, "Bilder fehlen" in html) == (True, True)
    assert submitted.steps.filter(state="returned").count() == 1


# --- texts


def test_text_survives_a_conflict(draft: InterimReport, people: People) -> None:
    texts.save_section(draft, "outlook", "Von Anton", version=0, by=people.contact)
    client = people.client("coordinator")
    page = url("report_section", draft, "outlook")
    answer = client.post(page, {"text": "Von Karin, lange getippt", "version": 0})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Von Karin, lange getippt" in html
    assert "Von Anton" in html
    assert "Dieser Text wurde inzwischen geändert" in html
    assert ReportSection.objects.get().text == "Von Anton"
    version = answer.context["form"]["version"].value()
    assert client.post(page, {"text": "Von Karin und Anton", "version": version}).status_code == 302
    assert ReportSection.objects.get().text == "Von Karin und Anton"


def test_text_survives_a_submission_meanwhile(draft: InterimReport, people: People, woken: list[int]) -> None:
    states.submit_report(draft, by=people.contact)
    page = url("report_section", draft, "outlook")
    client = people.client("mediator")
    answer = client.post(page, {"text": "Lange getippt", "version": 0})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Lange getippt" in html
    assert "Der Bericht ist eingereicht." in html
    assert not ReportSection.objects.filter(text="Lange getippt").exists()
    opened = client.get(page)
    assert (opened.status_code, opened.url) == (302, url("report_detail", draft))


def test_paper_of_a_submitted_report_does_not_change(submitted: InterimReport, people: People) -> None:
    values = {"paper_number": "2022/184", "author": "Amt", "activity_list": "none"}
    answer = people.client("contact").post(url("report_paper", submitted), values)
    assert answer.status_code == 200
    assert "Der Bericht ist eingereicht." in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.author == ""


def test_the_list_of_activities_is_chosen_with_the_paper_and_frozen(
    draft: InterimReport, people: People, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "BUILT_KINDS", tuple(FileKind))
    assert draft.activity_list == "months"
    values = {"paper_number": "2022/184", "author": "Amt", "activity_list": "council"}
    people.client("mediator").post(url("report_paper", draft), values)
    shown = people.client("contact").get(url("report_detail", draft)).content.decode()
    assert "Nach Monaten; die ganze Liste nur für den Gemeinderat" in shown
    draft.refresh_from_db()
    states.submit_report(draft, by=people.contact)
    snapshot = draft.snapshots.get()
    assert snapshot.frozen.activity_list == "council"
    assert FileKind.ANNEX in editions.kinds_of(snapshot)


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "0\x00"])
def test_tampered_version_is_no_500(draft: InterimReport, people: People, version: str) -> None:
    page = url("report_section", draft, "outlook")
    answer = people.client("contact").post(page, {"text": "Mein Text", "version": version})
    assert answer.status_code == 200
    assert "Mein Text" in answer.content.decode()
    assert not ReportSection.objects.exclude(text="").exists()


# --- opened by mistake


def test_a_draft_is_deleted_after_saying_what_is_lost(draft: InterimReport, people: People) -> None:
    client = people.client("coordinator")
    page = client.get(url("report_delete", draft)).content.decode()
    assert "Es ist noch kein Text geschrieben." in page
    for key, text in (("outlook", "Weiter so"), ("costs", "500 Euro"), ("assessment", "  ")):
        texts.save_section(draft, key, text, version=0, by=people.contact)
    page = client.get(url("report_delete", draft)).content.decode()
    assert "2 geschriebene Texte gehen verloren" in page
    assert InterimReport.objects.count() == 1  # asking takes nothing away
    answer = client.post(url("report_delete", draft), follow=True)
    assert answer.redirect_chain == [(reverse("municipality_detail", args=["leonberg"]), 302)]
    assert "Gelöscht: Zwischenbericht Leonberg" in answer.content.decode()
    assert (InterimReport.objects.count(), ReportSection.objects.count()) == (0, 0)
    assert Activity.objects.count() == 3
    # the same period can be opened again
    client.post(reverse("report_create", args=["leonberg"]))
    assert InterimReport.objects.get().period_start == draft.period_start


def test_what_was_submitted_once_is_not_deleted(submitted: InterimReport, people: People) -> None:
    client = people.client("coordinator")
    delete, detail = url("report_delete", submitted), url("report_detail", submitted)
    for _ in ("submitted", "taken back to work"):
        assert delete not in client.get(detail).content.decode()
        assert client.get(delete).url == detail
        assert "schon einmal eingereicht" in client.post(delete, follow=True).content.decode()
        if not submitted.is_editable:
            states.return_report(submitted, by=people.coordinator, note="Bitte ändern")
            submitted.refresh_from_db()
    assert InterimReport.objects.get() == submitted


def test_only_the_county_is_offered_to_delete(draft: InterimReport, people: People) -> None:
    offered = {
        name: url("report_delete", draft)
        in people.client(name).get(url("report_detail", draft)).content.decode()
        for name in ("coordinator", "contact", "mediator")
    }
    assert offered == {"coordinator": True, "contact": False, "mediator": False}


# --- the file


def test_download(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    response = people.client("contact").get(reverse("edition_download", args=[file.pk]))
    data = b"".join(response)
    assert data[:5] == b"%PDF-"
    assert {
        name: response[name]
        for name in ("Content-Type", "Content-Disposition", "Cache-Control", "Content-Length")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'inline; filename="Zwischenbericht_Leonberg_2021-10_bis_2022-09.pdf"',
        "Cache-Control": "private, no-store",
        "Content-Length": str(len(data)),
    }
    assert response["X-Content-Type-Options"] == "nosniff"


def test_stored_files_have_no_address_of_their_own(
    file: ReportFile, people: People, build: Callable[..., None]
) -> None:
    build(file)
    assert default_storage.exists(file.file.name)
    for prefix in ("/", "/media/", "/static/"):
        assert people.client("coordinator").get(prefix + file.file.name).status_code == 404


# --- odd addresses

WORDS = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(
        [
            "",
            "last",
            "-1",
            "0",
            "1e9",
            "31.2.2022",
            "9" * 400,
            "2022-01-01_2022-12-31",
            "quer",
            "\x00",
            "%00",
            "²",
        ]
    ),
)
QUERY = st.dictionaries(
    st.sampled_from(["page", "start", "end", "field", "zeitraum", "seite", "next"]), WORDS, max_size=5
)


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("coordinator", "/start/"),
        ("mediator", "/start/"),
        ("mediator", "/aktivitaeten/"),
        ("coordinator", "/kommunen/leonberg/aktivitaeten/"),
        ("coordinator", "/kommunen/leonberg/"),
        ("coordinator", "/berichte/"),
        ("anonymous", "/barriere-melden/"),
        ("anonymous", "/"),
    ],
)
def test_no_query_string_breaks_a_page(draft: InterimReport, people: People, person: str, path: str) -> None:
    client: Client = people.client(person)

    @settings(deadline=None, max_examples=examples(25), suppress_health_check=list(HealthCheck))
    @example({"page": "9" * 400})
    @example({"start": "01.01.0001", "end": "31.12.9999"})
    @example({"start": "0000-00-00"})
    @example({"page": "\x00", "field": "\x00", "start": "\x00", "zeitraum": "\x00"})
    @given(QUERY)
    def opened(query: dict[str, str]) -> None:
        assert client.get(path, query).status_code == 200

    opened()


# --- what a page costs


@pytest.mark.parametrize("state", ["draft", "delivered"])
def test_report_page_asks_the_database_as_often_for_many_rows_as_for_few(
    draft: InterimReport, people: People, woken: list[int], build: Callable[..., None], state: str
) -> None:
    if state == "delivered":
        build(states.submit_report(draft, by=people.contact))
        factories.deliver(draft, by=people.coordinator)
    client, counts = people.client("contact"), []
    for number in (1, 3):
        for index in range(number):
            draft.consultations.create(committee=f"Ausschuss {index}")
            draft.comments.create(text=f"Frage {index}", author=people.contact)
        factories.make_concern(people.town)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("report_detail", draft)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= {"draft": 11, "delivered": 13}[state], "\n".join(
        query["sql"][:200] for query in captured
    )
