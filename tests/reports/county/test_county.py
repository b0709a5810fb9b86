"""The county's view of all its towns: who gets in, what the table says, all files at once, its own report."""

import csv
import datetime as dt
import hashlib
import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.pdf_gate import PdfVerdict
from kiv_portal.jobs import work
from kiv_portal.periods import Period
from municipalities.models import Municipality
from reports.content.report import BuildStep, BuiltReport
from reports.county import building as county_building
from reports.county import services as county_services
from reports.county.figures import last_full_period
from reports.county.services import release_county_report
from reports.editions import building
from reports.editions import services as editions
from reports.editions.members import DamagedFile
from reports.figures.snapshot import Snapshot
from reports.models import (
    CouncilDecision,
    CountyReport,
    CountyReportFile,
    FileState,
    InterimReport,
    ReportFile,
)
from reports.steps import services as states
from tests import factories
from tests.broker import woken_by
from tests.people import People
from tests.threads import at_once

PERIOD = "2021-10-01_2022-09-30"
SPAN = (factories.START, factories.END)
COUNTY = {"key": "08115"}
ALL = COUNTY | {"period": PERIOD}
Make = Callable[..., Municipality]


@pytest.fixture
def county_woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody is woken; the ids of the county's files for which it was tried."""
    return woken_by(monkeypatch, "reports.build_county_file")


@pytest.fixture
def submitted_towns(people: People, woken: list[int]) -> list[InterimReport]:
    """Leonberg and Herrenberg have submitted; their files wait."""
    reports = [factories.make_report(town) for town in (people.town, people.other_town)]
    for report in reports:
        states.submit_report(report, by=people.coordinator)
        report.refresh_from_db()
    return reports


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """`build_file` sets nothing; the names of towns in the set fail."""
    failing: set[str] = set()

    def drawn(snapshot: Snapshot, *, progress: Callable[[BuildStep], None], **_: Any) -> BuiltReport:
        progress(BuildStep.TEXT)
        if snapshot.municipality.name in failing:
            raise RenderingError("Auf Wunsch nicht gelungen.")
        pdf = f"%PDF-1.7 {snapshot.municipality.name}".encode()
        return BuiltReport(pdf, PdfVerdict(True, [], 7, 3, 9, 2, []))

    monkeypatch.setattr("reports.content.editions.build_report_pdf", drawn)
    return failing


def build_all_waiting() -> None:
    for pk in ReportFile.objects.filter(state="queued").values_list("pk", flat=True):
        building.build_file(pk, worker="worker@test")


def body(response: Any) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    assert response.status_code == 200
    return b"".join(response)  # type: ignore[arg-type]


# --- who gets in


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("county_reports", COUNTY),
        ("county_reports_file", COUNTY),
        ("county_editions", ALL),
        ("county_editions_zip", ALL),
        ("county_report_list", COUNTY),
        ("annual_account", COUNTY),
    ],
)
def test_only_staff_of_the_county_get_in(people: People, name: str, kwargs: dict[str, str]) -> None:
    got = {}
    for person in People.NAMES:
        response = people.client(person).get(reverse(name, kwargs=kwargs))
        got[person] = response.status_code
        if response.streaming:
            b"".join(response)  # type: ignore[arg-type]
    assert {person for person, status in got.items() if status == 200} == {"coordinator"}
    assert {got[person] for person in People.NAMES if person not in ("coordinator", "anonymous")} == {404}


def test_another_county_sees_no_report_and_no_file(people: People, county_woken: list[int]) -> None:
    report = county_services.request_county_report(people.town.county, *SPAN, by=people.coordinator)
    file = report.editions.get()
    finish(file)
    addresses = [
        reverse("county_report_detail", args=[report.pk]),
        reverse("county_report_download", args=[file.pk]),
    ]
    for address in addresses:
        assert people.client("other_county").get(address).status_code == 404
        assert people.client("contact").get(address).status_code == 404
    assert body(people.client("coordinator").get(addresses[1])) == b"%PDF-1.7 Kreis"
    for name, kwargs in (("county_editions_build", ALL), ("county_report_list", COUNTY)):
        url = reverse(name, kwargs=kwargs)
        assert (
            people.client("other_county").post(url, {"von": "1.10.2021", "bis": "30.9.2022"}).status_code
            == 404
        )
    assert CountyReport.objects.count() == 1


def finish(file: CountyReportFile) -> None:
    from django.core.files.base import ContentFile

    file.file.save("kreis.pdf", ContentFile(b"%PDF-1.7 Kreis"), save=False)
    file.state, file.size, file.sha256 = FileState.DONE, 14, "0" * 64
    file.save()


@pytest.mark.parametrize(
    "period", ["x", "2021-10-01", "2022-10-01_2021-10-01", "2021-10-01_2022-09-31", "2021-10-01_9999-12-31"]
)
def test_an_address_without_a_period_is_not_found(people: People, period: str) -> None:
    assert people.client("coordinator").get(f"/kreis/08115/berichte/{period}/").status_code == 404


# --- the cockpit


def cells(page: str) -> list[list[str]]:
    import html
    import re

    table = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [
            html.unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split()))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def cockpit(people: People, query: str = "") -> str:
    response = people.client("coordinator").get(reverse("county_reports", kwargs=COUNTY) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_cockpit_shows_every_town_and_what_it_owes(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    typeset.add("Herrenberg")
    build_all_waiting()
    factories.deliver(submitted_towns[0], by=people.coordinator)
    third = factories.make_town("Aidlingen", "08115001")
    factories.make_agreement(third, ends_on=dt.date(2024, 9, 30))
    factories.make_report(third)
    fourth = factories.make_town("Nufringen", "08115037")
    factories.make_agreement(fourth)
    submitted_towns[0].consultations.create(
        committee="Sozialausschuss", session_on=dt.date(2023, 1, 9), role="prepare"
    )
    submitted_towns[0].consultations.create(committee="Gemeinderat", session_on=dt.date(2023, 1, 16))
    page = cockpit(people)
    assert cells(page) == [
        ["Aidlingen", "01.10.2021 bis 30.09.2024", "01.10.2021 bis 30.09.2022", "31.10.2022 überfällig", "In Arbeit",
         "–", "noch offen", "–"],
        ["Herrenberg", "seit 01.10.2021", "01.10.2021 bis 30.09.2022", "31.10.2022", "Eingereicht",
         "0 fertig, 1 nicht gelungen", "noch offen", "–"],
        ["Leonberg", "seit 01.10.2021", "01.10.2021 bis 30.09.2022", "31.10.2022", "Zugestellt", "1 fertig",
         "16.01.2023", "Beschluss fehlt Gemeinderat"],
        ["Nufringen", "seit 01.10.2021", "–", "–", "noch keiner", "–", "–", "–"],
    ]  # fmt: skip
    assert "1 Bericht ist überfällig" in " ".join(page.split())
    assert "1 Beschluss fehlt" in " ".join(page.split())


def test_cockpit_filters_sorts_and_keeps_the_filter_in_its_links(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    build_all_waiting()
    factories.deliver(submitted_towns[0], by=people.coordinator)
    third = factories.make_town("Aidlingen", "08115001")
    factories.make_agreement(third)
    factories.make_report(third)

    def shown(query: str) -> list[str]:
        return [row[0] for row in cells(cockpit(people, query))]

    assert shown("?nur=ueberfaellig") == ["Aidlingen"]
    assert shown("?nur=beschluss-fehlt") == ["Leonberg"]
    assert shown("?stand=submitted") == ["Herrenberg"]
    assert shown("?sort=-kommune") == ["Leonberg", "Herrenberg", "Aidlingen"]
    assert shown("?sort=stand") == ["Aidlingen", "Herrenberg", "Leonberg"]
    assert shown("?sort=beschluss")[0] == "Leonberg"
    assert shown("?sort=-beschluss")[0] == "Leonberg"  # who has nothing to order by stays behind
    assert shown("?sort=nonsense&stand=nonsense") == ["Aidlingen", "Herrenberg", "Leonberg"]
    page = cockpit(people, "?stand=draft&sort=stand")
    assert 'aria-sort="ascending"><a href="?stand=draft&amp;sort=-stand">' in page


def test_the_file_says_who_decides_and_what_is_owed(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    build_all_waiting()
    report = submitted_towns[0]
    report.consultations.create(committee="Sozialausschuss", session_on=report.due_on)
    factories.deliver(report, by=people.coordinator)
    url = reverse("county_reports_file", kwargs=COUNTY)
    data = body(people.client("coordinator").get(f"{url}?format=csv")).decode("utf-8-sig")
    found = {
        row["Kommune"]: (row["Gremium"], row["Beschluss fehlt"])
        for row in csv.DictReader(io.StringIO(data), delimiter=";")
    }
    assert found == {"Leonberg": ("Sozialausschuss", "ja"), "Herrenberg": ("Gemeinderat", "")}


def test_a_decision_is_no_longer_owed(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    build_all_waiting()
    report = submitted_towns[0]
    factories.deliver(report, by=people.coordinator)
    report.refresh_from_db()
    day = report.delivered_at.date() + dt.timedelta(days=1)  # type: ignore[union-attr]
    CouncilDecision.objects.create(
        report=report, kind="adjourned", decided_on=day, recorded_by=people.coordinator
    )
    assert f"Beschluss fehlt Gemeinderat, zuletzt: Vertagung, {day:%d.%m.%Y}" in cells(cockpit(people))[1][7]


def test_cockpit_as_a_file_is_what_the_page_shows(
    people: People, submitted_towns: list[InterimReport]
) -> None:
    Municipality.objects.filter(pk=people.town.pk).update(name="=1+1 Leonberg")
    url = reverse("county_reports_file", kwargs=COUNTY)
    data = body(people.client("coordinator").get(f"{url}?format=csv&sort=-kommune"))
    assert data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows] == ["Kommune", "Herrenberg", "'=1+1 Leonberg"]
    assert rows[1][5:9] == ["31.10.2022", "", "Eingereicht", "0"]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(body(people.client("coordinator").get(f"{url}?format=xlsx")))
    )
    assert book.sheet_names == ["Berichte", "Erklärung"]
    assert book.get_sheet_by_name("Berichte").to_python()[1][5] == dt.date(2022, 10, 31)
    assert people.client("coordinator").get(f"{url}?format=exe").status_code == 302


@pytest.mark.parametrize("name", ["county_reports", "county_editions", "county_report_list"])
def test_queries_do_not_grow_with_the_towns(
    people: People, woken: list[int], county_woken: list[int], name: str
) -> None:
    def queries() -> int:
        url = reverse(name, kwargs=ALL if name == "county_editions" else COUNTY)
        client = people.client("coordinator")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    states.submit_report(factories.make_report(people.town), by=people.coordinator)
    county_services.request_county_report(people.town.county, *SPAN, by=people.coordinator)
    before = queries()
    for n in range(3):
        town = factories.make_town(f"Ort{n}", f"0811590{n}")
        factories.make_agreement(town)
        states.submit_report(factories.make_report(town), by=people.coordinator)
        county_services.request_county_report(
            people.town.county,
            factories.START,
            factories.END - dt.timedelta(days=n + 1),
            by=people.coordinator,
        )
    assert queries() == before <= 11


def test_the_last_full_period_comes_first() -> None:
    periods = [Period(dt.date(year, 10, 1), dt.date(year + 1, 9, 30)) for year in (2023, 2022, 2021)]
    assert last_full_period(periods, dt.date(2024, 9, 30)) == periods[1]
    assert last_full_period(periods, dt.date(2024, 10, 1)) == periods[0]
    assert last_full_period(periods, dt.date(2021, 12, 1)) == periods[2]
    assert last_full_period([], dt.date(2024, 5, 1)) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))


# --- all files

MISSING = "Fehlende Dateien erstellen"


def test_one_failing_does_not_stop_the_others_and_is_built_again(
    people: People,
    submitted_towns: list[InterimReport],
    typeset: set[str],
    django_capture_on_commit_callbacks: Any,
    woken: list[int],
) -> None:
    typeset.add("Leonberg")
    build_all_waiting()
    assert sorted(ReportFile.objects.values_list("state", flat=True)) == ["done", "failed"]
    page = people.client("coordinator").get(reverse("county_editions", kwargs=ALL)).content.decode()
    assert "Auf Wunsch nicht gelungen." in page
    assert MISSING in page
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = people.client("coordinator").post(reverse("county_editions_build", kwargs=ALL))
    assert response.status_code == 302
    new = ReportFile.objects.get(state="queued")
    assert new.snapshot.report == submitted_towns[0]
    assert woken == [new.pk]
    typeset.clear()
    build_all_waiting()
    assert ReportFile.objects.filter(state="done").count() == 2
    page = people.client("coordinator").get(reverse("county_editions", kwargs=ALL)).content.decode()
    assert MISSING not in page  # nothing is


@pytest.mark.parametrize("failed", ["", "easy", "csv"])
def test_the_button_for_what_is_missing_knows_every_kind(
    people: People, submitted_towns: list[InterimReport], monkeypatch: pytest.MonkeyPatch, failed: str
) -> None:
    """A kind of a later version of the portal was never asked for; easy language only where it was written."""
    monkeypatch.setattr(editions, "BUILT_KINDS", ("pdf", "csv", "easy"))
    ReportFile.objects.update(state="done", file="x", sha256="0" * 64, size=1)
    address = reverse("county_editions", kwargs=ALL)
    assert MISSING in people.client("coordinator").get(address).content.decode()
    for report in submitted_towns:
        done = {
            "state": "done",
            "file": "x",
            "sha256": "0" * 64,
            "size": 1,
            "requested_by": people.coordinator,
        }
        report.snapshots.get().editions.create(kind="csv", **done)
    if failed:
        submitted_towns[0].snapshots.get().editions.create(
            kind=failed, state="failed", reason="Test", requested_by=people.coordinator
        )
    page = people.client("coordinator").get(address).content.decode()
    assert (MISSING in page) == bool(failed)


def test_asking_twice_builds_nothing_twice(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    before = set(ReportFile.objects.values_list("pk", flat=True))
    for _ in range(2):
        county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator)
    assert set(ReportFile.objects.values_list("pk", flat=True)) == before
    ReportFile.objects.filter(snapshot__report=submitted_towns[0]).update(published_at=timezone.now())
    assert county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator) == 1
    build_all_waiting()
    assert county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator) == 0
    assert set(ReportFile.objects.values_list("pk", flat=True)) == before


def test_what_a_dead_worker_left_is_found_again(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    first, second = ReportFile.objects.order_by("pk")
    assert work.claim(ReportFile, first.pk, worker="dead@test")
    building.build_file(second.pk, worker="worker@test")
    assert county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator) == 0
    ReportFile.objects.filter(pk=first.pk).update(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    build_all_waiting()
    building.build_file(first.pk, worker="worker@test")
    assert ReportFile.objects.filter(state="done").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_every_file_once(
    people: People, submitted_towns: list[InterimReport]
) -> None:
    ReportFile.objects.update(state="failed", reason="Auf Wunsch")

    def ask_for_all() -> int:
        return county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator)

    results = at_once(*[ask_for_all] * 4)
    assert max(results) == 2
    assert ReportFile.objects.filter(state="queued").count() == 2


def test_drafts_and_other_counties_are_left_alone(people: People, woken: list[int]) -> None:
    factories.make_report(people.town)
    far = factories.make_report(Municipality.objects.get(ags="08235085"))
    states.submit_report(far, by=people.other_county)
    ReportFile.objects.update(state="failed", reason="Auf Wunsch")
    assert county_services.request_all_files(people.town.county, *SPAN, by=people.coordinator) == 0
    assert ReportFile.objects.count() == 1


def test_progress_is_polled_while_something_is_built(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    url = reverse("county_editions", kwargs=ALL)
    page = people.client("coordinator").get(url).content.decode()
    assert f'data-hx-get="{url}"' in page
    assert "Stand neu laden" in page
    assert "build/htmx" in page
    build_all_waiting()
    part = people.client("coordinator").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "data-hx-get" not in part
    assert "<strong>2 von 2 Dateien</strong>" in part


def test_zip_holds_exactly_what_was_built(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    typeset.add("Herrenberg")
    build_all_waiting()
    url = reverse("county_editions_zip", kwargs=ALL)
    response = people.client("coordinator").get(url)
    assert response["Content-Disposition"] == (
        'attachment; filename="Zwischenberichte_Landkreis-Boeblingen_2021-10_bis_2022-09.zip"; '
        "filename*=UTF-8''Zwischenberichte_Landkreis-B%C3%B6blingen_2021-10_bis_2022-09.zip"
    )
    data = body(response)
    file = ReportFile.objects.get(state="done")
    path = "leonberg/2022-09-30/Zwischenbericht_Leonberg_2021-10_bis_2022-09.pdf"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.html", "index.csv", path]
        assert hashlib.sha256(archive.read(path)).hexdigest() == file.sha256
        index = list(csv.reader(io.StringIO(archive.read("index.csv").decode("utf-8-sig")), delimiter=";"))
        page = archive.read("index.html").decode()
    assert index[1] == [
        path,
        "Leonberg",
        "01.10.2021",
        "30.09.2022",
        "1",
        "Bericht (PDF)",
        str(file.size),
        file.sha256,
    ]
    assert f'<a href="{path}">' in page
    assert "<li>Herrenberg: Eingereicht</li>" in page
    assert body(people.client("coordinator").get(url)) == data


def test_a_file_that_changed_on_the_disk_is_never_handed_out_as_the_report(
    people: People, submitted_towns: list[InterimReport], typeset: set[str]
) -> None:
    build_all_waiting()
    from pathlib import Path

    file = Path(ReportFile.objects.filter(state="done")[0].file.path)
    file.write_bytes(file.read_bytes().replace(b"1.7", b"1.6"))
    with pytest.raises(DamagedFile):
        body(people.client("coordinator").get(reverse("county_editions_zip", kwargs=ALL)))


def test_zip_needs_memory_for_one_piece_only(
    people: People, submitted_towns: list[InterimReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 12_000_000

    def large(snapshot: Snapshot, **_: Any) -> BuiltReport:
        return BuiltReport(random.Random(1).randbytes(size), PdfVerdict(True, [], 7, 3, 9, 2, []))

    monkeypatch.setattr("reports.content.editions.build_report_pdf", large)
    build_all_waiting()
    response = people.client("coordinator").get(reverse("county_editions_zip", kwargs=ALL))
    tracemalloc.start()
    sent = sum(len(piece) for piece in response)  # type: ignore[attr-defined]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > 2 * size * 0.99
    assert peak < 3_000_000


# --- the county's own report


@pytest.fixture
def counted(people: People) -> None:
    """Leonberg reached 12 people in schools and 3 in traffic, Herrenberg 20 in schools."""
    stranger = people.stranger.mediator
    for mediator, town, code, reached in (
        (people.kiv, people.town, "bildung", 12),
        (people.kiv, people.town, "verkehr", 3),
        (stranger, people.other_town, "bildung", 20),
    ):
        factories.make_activity(mediator, town, field=factories.make_field(code), people_reached=reached)


def ask(people: People) -> CountyReport:
    response = people.client("coordinator").post(
        reverse("county_report_list", kwargs=COUNTY), {"von": "1.10.2021", "bis": "30.9.2022"}
    )
    report = CountyReport.objects.latest("pk")
    assert response.url == reverse("county_report_detail", args=[report.pk])  # type: ignore[attr-defined]
    return report


def test_report_freezes_all_towns_together(people: People, counted: None, county_woken: list[int]) -> None:
    factories.make_report(people.town)
    report = ask(people)
    factories.make_activity(people.kiv, people.town)
    data = report.data
    assert (data["totals"]["activities"], data["totals"]["people_reached"]) == (3, 35)
    assert [(town["name"], town["activities"]) for town in data["towns"]] == [
        ("Herrenberg", 1),
        ("Leonberg", 2),
    ]
    assert data["towns"][1]["people_by_field"] == {"bildung": 12, "verkehr": 3}
    assert [(row["town"], row["state"]) for row in data["reports"]] == [("Leonberg", "draft")]
    assert len(data["months"]) == 12
    with pytest.raises(ProgrammingError, match="pgtrigger: Cannot"), transaction.atomic():
        CountyReport.objects.filter(pk=report.pk).update(number=9)


def test_page_hides_small_groups(people: People, counted: None, county_woken: list[int]) -> None:
    page = (
        people.client("coordinator")
        .get(reverse("county_report_detail", args=[ask(people).pk]))
        .content.decode()
    )
    assert "mindestens 12" in page
    assert "mindestens 32" in page  # all, without the three
    assert "unter 5" in page
    assert ">35<" not in page
    assert ">15<" not in page


def test_two_clicks_make_one_report_and_the_next_is_numbered(
    people: People, counted: None, county_woken: list[int]
) -> None:
    first = ask(people)
    assert ask(people) == first
    finish(first.editions.get())
    second = ask(people)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CountyReport.objects.create(
            county=first.county,
            period_start=first.period_start,
            period_end=first.period_end,
            number=2,
            data={},
            taken_by=people.coordinator,
        )


@pytest.mark.slow
def test_worker_builds_the_document_and_it_is_downloaded(
    people: People, counted: None, county_woken: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        report = ask(people)
    (pk,) = county_woken
    county_building.build_county_file(pk, worker="worker@test")
    file = CountyReportFile.objects.get()
    assert (file.state, file.verdict["is_accessible"]) == ("done", True)
    county_building.build_county_file(pk, worker="worker@test")  # finds nothing
    response = people.client("coordinator").get(reverse("county_report_download", args=[pk]))
    assert hashlib.sha256(body(response)).hexdigest() == file.sha256
    assert "Kreisbericht_Landkreis-Boeblingen_2021-10_bis_2022-09.pdf" in response["Content-Disposition"]
    page = (
        people.client("coordinator").get(reverse("county_report_detail", args=[report.pk])).content.decode()
    )
    assert "Kreisbericht herunterladen" in page
    assert "data-hx-get" not in page


def test_a_draft_is_released_once_and_stays(
    people: People, counted: None, county_woken: list[int], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    report, staff = ask(people), people.client("coordinator")
    detail = reverse("county_report_detail", args=[report.pk])
    finish(report.editions.get())
    shown = staff.get(detail).content.decode()
    assert ("Kreisbericht freigeben" in shown, "Entwurf löschen" in shown) == (True, True)
    for _ in range(2):
        staff.post(reverse("county_report_release", args=[report.pk]))
    report.refresh_from_db()
    assert (report.released_by, report.is_draft) == (people.coordinator, False)
    assert [(file.is_draft, file.state) for file in report.editions.all()] == [(False, "queued")]
    assert "Kreisbericht freigeben" not in staff.get(detail).content.decode()
    staff.post(reverse("county_report_delete", args=[report.pk]))
    assert CountyReport.objects.filter(pk=report.pk).exists()
    for act in (
        lambda: CountyReport.objects.filter(pk=report.pk).update(released_at=timezone.now()),
        lambda: CountyReport.objects.filter(pk=report.pk)._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger: Cannot"), transaction.atomic():
            act()


def test_a_draft_is_deleted_with_its_document(
    people: People,
    counted: None,
    county_woken: list[int],
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    report = ask(people)
    file = report.editions.get()
    finish(file)
    page = reverse("county_report_delete", args=[report.pk])
    assert "Diesen Entwurf löschen?" in people.client("coordinator").get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        people.client("coordinator").post(page)
    assert not CountyReport.objects.exists()
    assert not file.file.storage.exists(file.file.name)
    assert CountyReport.pgh_event_model.objects.filter(pgh_obj=report.pk, pgh_label="delete").exists()


@pytest.mark.slow
def test_the_drafts_document_says_so(people: People, counted: None, county_woken: list[int]) -> None:
    report = ask(people)
    titles = []
    for _ in range(2):
        file = report.editions.latest("pk")
        county_building.build_county_file(file.pk, worker="worker@test")
        file.refresh_from_db()
        with file.file.open("rb") as opened, pikepdf.open(opened) as pdf:
            titles.append(str(pdf.docinfo["/Title"]).startswith("Entwurf: "))
        release_county_report(report, by=people.coordinator)
    assert titles == [True, False]


def test_a_failed_document_is_built_again(
    people: People, counted: None, county_woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(people)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise RenderingError("Auf Wunsch nicht gelungen.")

    with monkeypatch.context() as patch:
        patch.setattr("reports.county.building.build_county_pdf", refuse)
        county_building.build_county_file(report.editions.get().pk, worker="worker@test")
    detail = reverse("county_report_detail", args=[report.pk])
    assert "Auf Wunsch nicht gelungen." in people.client("coordinator").get(detail).content.decode()
    for _ in range(2):
        people.client("coordinator").post(reverse("county_report_build", args=[report.pk]))
    assert sorted(report.editions.values_list("state", flat=True)) == ["failed", "queued"]


def test_sweep_wakes_a_worker_for_a_forgotten_document(
    people: People, counted: None, county_woken: list[int]
) -> None:
    report = ask(people)
    file = report.editions.get()
    CountyReportFile.objects.filter(pk=file.pk).update(
        requested_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), published_at=None
    )
    county_woken.clear()
    from reports.tasks import sweep_report_files_task

    sweep_report_files_task()
    assert county_woken == [file.pk]


def test_a_wrong_period_is_said_at_its_field(people: People) -> None:
    url = reverse("county_report_list", kwargs=COUNTY)
    page = people.client("coordinator").post(url, {"von": "1.10.2022", "bis": "1.10.2021"}).content.decode()
    assert "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage." in page
    page = people.client("coordinator").post(url, {"von": "1.10.2012", "bis": "1.10.2021"}).content.decode()
    assert "höchstens drei Jahre" in page
    assert not CountyReport.objects.exists()


# --- the yearly account


def test_map_stands_on_the_page_beside_its_table(people: People, county_woken: list[int]) -> None:
    Municipality.objects.filter(pk=people.town.pk).update(latitude=48.8, longitude=9.01)
    Municipality.objects.filter(pk=people.other_town.pk).update(latitude=48.6, longitude=8.87)
    page = (
        people.client("coordinator")
        .get(reverse("county_report_detail", args=[ask(people).pk]))
        .content.decode()
    )
    assert 'role="img" aria-label="Karte mit 2' in page
    assert "<summary>Kommunen</summary>" in page


def test_account_has_its_sheets_and_no_small_group(people: People, counted: None) -> None:
    url = reverse("annual_account", kwargs=COUNTY)
    assert people.client("coordinator").get(url)["Content-Type"].startswith("text/html")
    data = body(people.client("coordinator").get(f"{url}?von=1.10.2021&bis=30.9.2022"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Kommunen", "Handlungsfelder", "Monate", "Arten", "Anliegen", "Erklärungen"]
    towns = book.get_sheet_by_name("Kommunen").to_python()
    people_column = towns[0].index("Erreichte Personen")
    assert [(row[0], row[people_column]) for row in towns[1:]] == [
        ("Herrenberg", 20.0),
        ("Leonberg", "mindestens 12"),
    ]
    fields = book.get_sheet_by_name("Handlungsfelder").to_python()
    column = fields[0].index("Erreichte Personen")
    assert {row[0]: row[column] for row in fields[1:]} == {
        "Bildung und Schule": 32.0,
        "Verkehr und Infrastruktur": "unter 5",
        "Querschnitt": 0.0,
        "Zusammen": "mindestens 32",
    }
    assert len(book.get_sheet_by_name("Monate").to_python()) == 13
