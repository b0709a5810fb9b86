"""OParl as a program meets it: it starts at the system, follows every address it finds, and asks for changes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pgtrigger
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Municipality
from reports.models import CouncilDecision, InterimReport, ReportFile, ReportSnapshot
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

SCHEMA = "https://schema.oparl.org/1.1/"
ALWAYS = {"id", "type", "created", "modified"}
LISTS = {
    *("organization", "person", "meeting", "paper", "agendaItem", "consultation", "file"),
    *("legislativeTermList", "locationList", "membership"),
}
# What OParl 1.1 demands of a type besides, and what we promise
REQUIRED = {
    "System": {"oparlVersion", "body", "license", "name"},
    "Body": {"system", "name", "shortName", "ags", "legislativeTerm", *LISTS},
    "Organization": {"body", "name", "organizationType", "membership"},
    "Meeting": {"name", "start", "organization", "agendaItem"},
    "AgendaItem": {"name", "public", "consultation"},
    "Consultation": {"organization", "authoritative", "role"},
    "Paper": {"body", "name", "date", "paperType", "mainFile", "auxiliaryFile", "consultation"},
    "File": {"fileName", "mimeType", "date", "size", "accessUrl", "downloadUrl"},
}
WHERE = {"AgendaItem": "meeting", "Consultation": "paper", "File": "paper"}  # where they stand for themselves
SECRET = "Vertraulich-4711"


class Harvester:
    """Keeps every object by its address, and every address it has read."""

    def __init__(self) -> None:
        self.client = Client()
        self.objects: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.words = ""

    def get(self, address: str) -> Any:
        assert address.startswith(settings.BASE_URL + "/oparl/"), address
        parts = urlsplit(address)
        answer = self.client.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 200, address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        if answer.streaming:
            self.files[address] = b"".join(answer)
            return None
        assert answer.headers["Content-Type"] == "application/json"
        self.words += answer.content.decode()
        return answer.json()

    def objects_of(self, address: str) -> Iterator[dict[str, Any]]:
        while address:
            page = self.get(address)
            assert set(page) == {"data", "pagination", "links"}
            assert len(page["data"]) <= page["pagination"]["elementsPerPage"]
            yield from page["data"]
            address = page["links"].get("next", "")

    def read_everything(self) -> None:
        todo = [settings.BASE_URL + reverse("oparl_system")]
        seen: set[str] = set()
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            found = self.get(address)
            if found is None:
                continue
            if "data" in found:
                for whole in found["data"]:
                    self._check(whole)
                todo += found["links"].values()
            else:
                assert found["id"] == address
                self.objects[address] = found
                self._check(found, alone=True)
            todo += list(_addresses(found))

    def _check(self, whole: dict[str, Any], *, alone: bool = False) -> None:
        kind = whole["type"].removeprefix(SCHEMA)
        assert set(whole) >= ALWAYS | REQUIRED[kind], kind
        if alone and kind in WHERE:
            assert WHERE[kind] in whole
        assert None not in whole.values()
        for name in ("created", "modified"):
            assert dt.datetime.fromisoformat(whole[name]).utcoffset() is not None
            assert whole[name][-6] in "+-"
        assert whole["created"] <= whole["modified"]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [whole for whole in self.objects.values() if whole["type"] == SCHEMA + kind]


def _addresses(value: Any) -> Iterator[str]:
    """Every address of ours in an answer, wherever it stands."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)
    elif isinstance(value, str) and value.startswith(settings.BASE_URL + "/oparl/"):
        yield value


YESTERDAY = timezone.now() - dt.timedelta(days=1)


def make_public(
    report: InterimReport,
    people: People,
    *,
    kinds: tuple[str, ...] = ("pdf",),
    public_from: dt.datetime | None = YESTERDAY,
) -> InterimReport:
    """At the council with finished files of these kinds, and public since yesterday."""
    snapshot = ReportSnapshot.objects.create(
        report=report,
        number=1,
        data={"municipality": {"ags": report.municipality.ags}},
        taken_by=people.coordinator,
    )
    for kind in kinds:
        file = ReportFile(
            snapshot=snapshot,
            kind=kind,
            state="done",
            size=8,
            sha256="0" * 64,
            finished_at=timezone.now(),
            requested_by=people.coordinator,
            verdict={"is_accessible": True},
        )
        file.file.save(f"bericht.{kind}", ContentFile(b"Leonberg"))
    factories.take_to(report, "delivered", by=people.coordinator)
    InterimReport.objects.filter(pk=report.pk).update(public_from=public_from)
    report.refresh_from_db()
    return report


def year(number: int) -> dict[str, dt.date]:
    return {"period_start": dt.date(number, 1, 1), "period_end": dt.date(number, 12, 31)}


@pytest.fixture
def public(people: People) -> InterimReport:
    report = factories.make_report(people.town, paper_number="2022/184", author=f"{SECRET} Autorin")
    report.consultations.create(
        committee="Sozialausschuss", session_on=dt.date(2022, 11, 8), role="prepare", item_number="4"
    )
    report.consultations.create(committee="Gemeinderat", session_on=dt.date(2022, 11, 22))
    report.consultations.create(committee=f"{SECRET} Ältestenrat", is_public=False)
    return make_public(report, people, kinds=("html", "pdf", "csv"))


def list_of(name: str, **query: str) -> str:
    address = settings.BASE_URL + reverse("oparl_list", args=["08115028", name])
    return f"{address}?{urlencode(query)}" if query else address


def ask(name: str, **query: str) -> list[dict[str, Any]]:
    return list(Harvester().objects_of(list_of(name, **query)))


# --- everything that is there


def test_a_program_finds_everything_from_the_system(public: InterimReport) -> None:
    harvester = Harvester()
    harvester.read_everything()
    numbers = {kind: len(harvester.of_type(kind)) for kind in REQUIRED}
    assert numbers == {
        "System": 1,
        "Body": 3,
        "Organization": 2,
        "Meeting": 2,
        "AgendaItem": 2,
        "Consultation": 2,
        "Paper": 1,
        "File": 3,
    }
    assert set(harvester.files.values()) == {b"Leonberg"}
    [paper] = harvester.of_type("Paper")
    assert paper["name"] == "Zwischenbericht Leonberg, 01.10.2021 bis 30.09.2022"
    assert (paper["reference"], paper["paperType"]) == ("2022/184", "Zwischenbericht")
    assert paper["mainFile"]["mimeType"] == "application/pdf"
    assert [file["mimeType"] for file in paper["auxiliaryFile"]] == ["text/html", "text/csv"]
    path = [
        (entry["role"], entry["authoritative"], harvester.objects[entry["organization"][0]]["name"])
        for entry in paper["consultation"]
    ]
    assert path == [("Vorberatung", False, "Sozialausschuss"), ("Beschlussfassung", True, "Gemeinderat")]
    item = harvester.objects[paper["consultation"][0]["agendaItem"]]
    assert (item["number"], item["public"]) == ("4", True)
    sitting = harvester.objects[item["meeting"]]
    assert (sitting["name"], sitting["start"]) == (
        "Sozialausschuss am 08.11.2022",
        "2022-11-08T00:00:00+01:00",
    )


def test_nothing_that_is_not_public_appears(people: People, public: InterimReport) -> None:
    hidden = {
        "draft": factories.make_report(people.town, **year(2001), paper_number=SECRET),
        "later": factories.make_report(people.town, **year(2002), paper_number=SECRET),
        "council only": factories.make_report(people.town, **year(2003), paper_number=SECRET),
    }
    for report in hidden.values():
        report.consultations.create(committee=SECRET, session_on=dt.date(2022, 11, 8))
    for name, public_from in (("later", timezone.now() + dt.timedelta(hours=1)), ("council only", None)):
        make_public(hidden[name], people, public_from=public_from)
    harvester = Harvester()
    harvester.read_everything()
    assert len(harvester.of_type("Paper")) == 1
    assert SECRET not in harvester.words
    for person in (people.coordinator, people.mediator):
        assert str(person) not in harvester.words
    client = people.client("coordinator")  # who may see more elsewhere sees no more here
    for report in hidden.values():
        names = {"oparl_paper": [report.pk]}
        names |= {
            f"oparl_{name}": [report.consultations.get().pk] for name in ("consultation", "agenda_item")
        }
        for file in ReportFile.objects.filter(snapshot__report=report):
            names |= {"oparl_edition": [file.pk], "oparl_file": [file.pk]}
        for name, arguments in names.items():
            answer = client.get(reverse(name, args=arguments))
            assert (answer.status_code, list(answer.json())) == (404, ["error"]), name


def test_only_files_that_passed_their_checks(people: People, public: InterimReport) -> None:
    failed = ReportFile(
        snapshot=public.snapshots.get(),
        kind="docx",
        state="done",
        size=8,
        sha256="0" * 64,
        finished_at=timezone.now(),
        requested_by=people.coordinator,
        verdict={"is_accessible": False},
    )
    failed.file.save("bericht.docx", ContentFile(b"Leonberg"))
    assert len(ask("file")) == 3
    assert Client().get(reverse("oparl_file", args=[failed.pk])).status_code == 404


def test_embedded_objects_are_left_out_on_request(public: InterimReport) -> None:
    [paper] = ask("paper", omit_internal="true")
    assert not {"mainFile", "auxiliaryFile", "consultation"} & set(paper)
    assert {"body", "name", "date"} <= set(paper)


# --- pages


def test_pages_of_one_town(people: People) -> None:
    for n in range(51):
        make_public(factories.make_report(people.town, **year(1900 + n)), people)
    herrenberg = people.other_town
    for n in range(3):
        make_public(factories.make_report(herrenberg, **year(1900 + n)), people)
    client = Harvester()
    first = client.get(list_of("paper"))
    assert first["pagination"] == {
        "totalElements": 51,
        "elementsPerPage": 50,
        "currentPage": 1,
        "totalPages": 2,
    }
    assert set(first["links"]) == {"first", "self", "last", "next"}
    assert first["links"]["next"] == first["links"]["last"]
    second = client.get(first["links"]["next"])
    assert len(second["data"]) == 1
    assert second["links"]["prev"] == list_of("paper")
    papers = first["data"] + second["data"]
    assert len({paper["id"] for paper in papers}) == 51
    assert all("Leonberg" in paper["name"] for paper in papers)
    others = client.get(settings.BASE_URL + reverse("oparl_list", args=[herrenberg.ags, "paper"]))
    assert others["pagination"]["totalElements"] == 3
    kept = client.get(list_of("paper", modified_since="2020-01-01T00:00:00Z"))["links"]["next"]
    assert "modified_since=2020-01-01" in kept
    assert len(client.get(kept)["data"]) == 1


# --- what changed


def stamp(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")


@pytest.mark.parametrize("name", ["organization", "meeting", "paper", "agendaItem", "consultation", "file"])
def test_filters_by_time(public: InterimReport, name: str) -> None:
    everything = ask(name)
    assert everything
    hour = dt.timedelta(hours=1)
    now = timezone.now()
    for field in ("created", "modified"):
        assert ask(name, **{f"{field}_since": stamp(now + hour)}) == []
        assert ask(name, **{f"{field}_since": stamp(now - 48 * hour)}) == everything
        assert ask(name, **{f"{field}_until": stamp(now + hour)}) == everything
        assert ask(name, **{f"{field}_until": stamp(now - 48 * hour)}) == []
        # what an object says of itself finds it
        itself = {f"{field}_since": everything[0][field], f"{field}_until": everything[0][field]}
        assert everything[0] in ask(name, **itself)


def test_a_report_published_today_is_a_change_of_today(people: People) -> None:
    """Also when it was written long ago, and when its first public day is dated back."""
    report = factories.make_report(people.town)
    long_ago = timezone.now() - dt.timedelta(days=300)
    InterimReport.objects.filter(pk=report.pk).update(created_at=long_ago)
    report.consultations.create(session_on=dt.date(2022, 11, 22), created_at=long_ago)
    make_public(report, people)
    a_minute_ago = stamp(timezone.now() - dt.timedelta(minutes=1))
    for name in ("organization", "meeting", "paper", "agendaItem", "consultation", "file"):
        assert len(ask(name, modified_since=a_minute_ago)) == 1, name


def test_a_plus_sign_that_became_a_space_is_understood(public: InterimReport) -> None:
    address = reverse("oparl_list", args=["08115028", "paper"])
    answer = Client().get(f"{address}?modified_since=2020-01-01T00:00:00+01:00")
    assert len(answer.json()["data"]) == 1


@pytest.mark.parametrize(
    "value",
    [
        *("", "gestern", "2022-09-30", "2022-09-30T12:00:00", "1664539200", "\x00", "²"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2022-09-30T12:00:00+99:00"),
        "9999-12-31T23:59:59Z",
    ],
)
@pytest.mark.parametrize("name", ["created_since", "modified_until"])
def test_unreadable_moments_get_a_sentence(people: People, name: str, value: str) -> None:
    for address in (
        reverse("oparl_list", args=["08115028", "paper"]),
        reverse("oparl_list", args=["08115028", "person"]),
        reverse("oparl_bodies"),
    ):
        answer = Client().get(address, {name: value})
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(f"{name}: Bitte einen Zeitpunkt")


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 5000, "\x00"])
def test_pages_that_are_not_there(people: People, page: str) -> None:
    answer = Client().get(reverse("oparl_bodies"), {"page": page})
    assert (answer.status_code, answer.json()) == (400, {"error": "page: Diese Seite gibt es nicht."})


# --- what is gone


def remove(consultation: Any) -> None:
    now = timezone.now()
    type(consultation).objects.filter(pk=consultation.pk).update(deleted_at=now, updated_at=now)


def test_removed_consultations_are_told_to_programs_that_ask_for_changes(public: InterimReport) -> None:
    consultation = public.consultations.get(committee="Sozialausschuss")
    before = {name: ask(name) for name in ("organization", "meeting", "agendaItem", "consultation")}
    remove(consultation)
    since = stamp(timezone.now() - dt.timedelta(minutes=1))
    for name, whole in before.items():
        gone = {entry["id"] for entry in whole} - {entry["id"] for entry in ask(name)}
        assert len(gone) == 1, name
        told = {entry["id"]: entry for entry in ask(name, modified_since=since)}
        assert len(told) == 2
        [address] = gone
        assert set(told[address]) == {"id", "type", "created", "modified", "deleted"}
        assert told[address]["deleted"] is True
        assert Harvester().get(address) == told[address]
    [paper] = ask("paper", modified_since=since)
    assert [entry["role"] for entry in paper["consultation"]] == ["Beschlussfassung"]


def decide(report: InterimReport, people: People, kind: str, **values: Any) -> None:
    CouncilDecision.objects.create(
        report=report, kind=kind, decided_on=timezone.localdate(), recorded_by=people.contact, **values
    )


def test_a_decision_is_the_result_of_its_point_of_the_agenda(people: People, public: InterimReport) -> None:
    preparing, deciding = public.consultations.filter(is_public=True).order_by("session_on")
    assert not any("result" in entry for entry in ask("agendaItem"))
    time.sleep(1.1)  # OParl knows seconds
    since = stamp(timezone.now())
    for session in (preparing, deciding):
        session.session_on = timezone.localdate()
        session.save()
    decide(public, people, "referred", consultation=preparing, votes_yes=7, votes_no=2, votes_abstained=1)
    items = {entry["id"]: entry for entry in ask("agendaItem", modified_since=since)}
    referred = items[settings.BASE_URL + reverse("oparl_agenda_item", args=[preparing.pk])]
    assert referred["result"] == "Verweisung in einen Ausschuss"
    assert "resolutionText" not in referred

    decide(
        public,
        people,
        "changed",
        consultation=deciding,
        text="Das Programm geht weiter.",
        conditions="Mit Rampe.",
    )
    alone = Harvester().get(settings.BASE_URL + reverse("oparl_agenda_item", args=[deciding.pk]))
    assert alone["result"] == "Fortführung mit Änderungen"
    assert alone["resolutionText"] == "Das Programm geht weiter.\n\nMit Rampe."
    within = [item for sitting in ask("meeting") for item in sitting["agendaItem"]]
    assert {item["id"]: item["result"] for item in within} == {
        referred["id"]: "Verweisung in einen Ausschuss",
        alone["id"]: "Fortführung mit Änderungen",
    }
    harvester = Harvester()
    harvester.read_everything()
    assert "abstained" not in harvester.words
    assert people.contact.full_name not in harvester.words


def test_a_decision_without_a_consultation_belongs_to_the_sitting_of_its_day(
    people: People, public: InterimReport
) -> None:
    consultation = public.consultations.get(committee="Gemeinderat")
    decide(public, people, "noted")
    assert not any("result" in entry for entry in ask("agendaItem"))
    with pgtrigger.ignore("reports.Consultation:not_after_the_decision"):
        consultation.session_on = timezone.localdate()
        consultation.save()
    assert [entry.get("result") for entry in ask("agendaItem")] == [None, "Kenntnisnahme"]


def test_consultations_removed_before_anybody_could_see_them_stay_unknown(people: People) -> None:
    report = factories.make_report(people.town)
    consultation = report.consultations.create(committee=SECRET)
    a_week_ago = timezone.now() - dt.timedelta(days=7)
    type(consultation).objects.filter(pk=consultation.pk).update(deleted_at=a_week_ago)
    make_public(report, people)
    assert ask("consultation", modified_since="2020-01-01T00:00:00Z") == []
    assert Client().get(reverse("oparl_consultation", args=[consultation.pk])).status_code == 404


def test_a_withdrawn_report_is_told_as_gone(people: People, public: InterimReport) -> None:
    [before] = ask("paper")
    since = stamp(timezone.now() - dt.timedelta(minutes=1))
    later = timezone.now() + dt.timedelta(days=1)
    for public_from in (later, None):
        InterimReport.objects.filter(pk=public.pk).update(public_from=public_from)
        assert ask("paper") == []
        [told] = ask("paper", modified_since=since)
        assert (set(told), told["id"]) == (ALWAYS | {"deleted"}, before["id"])
        assert Harvester().get(before["id"]) == told
        for name in ("organization", "meeting", "agendaItem", "consultation", "file"):
            assert ask(name, modified_since=since) == []
    InterimReport.objects.filter(pk=public.pk).update(public_from=timezone.now())
    [again] = ask("paper", modified_since=since)
    assert "deleted" not in again


def test_what_was_to_be_public_once_but_never_was_is_not_told(people: People) -> None:
    planned = factories.take_to(
        factories.make_report(people.town, **year(2002)), "delivered", by=people.coordinator
    )
    for public_from in (timezone.now() + dt.timedelta(days=1), None):
        InterimReport.objects.filter(pk=planned.pk).update(public_from=public_from)
    told = [entry["id"] for entry in ask("paper", modified_since="2020-01-01T00:00:00Z")]
    assert settings.BASE_URL + reverse("oparl_paper", args=[planned.pk]) not in told
    assert Client().get(reverse("oparl_paper", args=[planned.pk])).status_code == 404


def test_committees_of_almost_the_same_name_are_one(people: People) -> None:
    report = factories.make_report(people.town)
    for name in ("Bau-Ausschuss", "Bau Ausschuss", "???", "!!!"):
        report.consultations.create(committee=name, session_on=dt.date(2022, 11, 8))
    make_public(report, people)
    assert [entry["name"] for entry in ask("organization")] == ["Bau Ausschuss", "!!!"]
    assert [len(entry["agendaItem"]) for entry in ask("meeting")] == [2, 2]


# --- how it answers


def test_reading_is_all_one_can_do(public: InterimReport) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(reverse("oparl_system")).status_code == 405


@pytest.mark.parametrize("slug", ["papers", "gibt-es-nicht"])
def test_unknown_lists_and_towns(people: People, slug: str) -> None:
    for address in (
        reverse("oparl_list", args=["08115028", slug]),
        reverse("oparl_list", args=["99999999", "paper"]),
        reverse("oparl_body", args=["99999999"]),
        reverse("oparl_organization", args=["08115028", slug]),
        reverse("oparl_meeting", args=["08115028", slug]),
    ):
        assert Client().get(address).status_code == 404


def town_like(people: People, n: int) -> Municipality:
    town = factories.make_town(f"Ort{n}", f"0811590{n}")
    factories.make_agreement(town)
    return town


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        *(("bodies", 1), ("paper", 5), ("person", 1)),
        *(("organization", 2), ("meeting", 3), ("agendaItem", 3), ("consultation", 2), ("file", 2)),
    ],
)
def test_lists_ask_the_database_as_often_however_long_they_are(
    people: People, public: InterimReport, name: str, queries: int
) -> None:
    address = reverse("oparl_bodies") if name == "bodies" else reverse("oparl_list", args=["08115028", name])
    for n in (1, 2, 3):
        with CaptureQueriesContext(connection) as captured:
            found = Client().get(address).json()["data"]
        assert len(captured) == queries, [query["sql"][:200] for query in captured]
        report = factories.make_report(town_like(people, n), **year(1900 + n))
        report.consultations.create(session_on=dt.date(2022, 11, 22))
        make_public(report, people, kinds=("pdf", "csv"))
        more = factories.make_report(people.town, **year(1900 + n))
        more.consultations.create(committee=f"Ausschuss {n}", session_on=dt.date(2022, 11, n))
        make_public(more, people, kinds=("pdf", "csv"))
    assert name == "person" or len(found) >= 3
