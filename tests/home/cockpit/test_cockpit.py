"""The county's start page: every town as it stands today, whatever periods its reports are about."""

from __future__ import annotations

import csv
import datetime as dt
from io import BytesIO, StringIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from home.cockpit.queries import TownRow, towns_today
from kiv_portal.accounts.models import User
from municipalities.models import Municipality
from reports.models import CouncilDecision, InterimReport
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def rows(people: People) -> dict[str, TownRow]:
    coordinator = User.objects.get(pk=people.coordinator.pk)
    towns = Municipality.objects.of_staff(coordinator)
    return {row.town.name: row for row in towns_today(towns, today())}


def report_of(town: Municipality, year: int, state: str = "draft", due_in: int = 200) -> InterimReport:
    report = factories.make_report(
        town,
        period_start=dt.date(year, 1, 1),
        period_end=dt.date(year, 12, 31),
        due_on=today() + due_in * DAY,
        state="planned" if state == "planned" else "draft",
    )
    return report if state in ("planned", "draft") else factories.take_to(report, state)


def test_a_town_as_it_stands(people: People) -> None:
    factories.make_mediator(people.assistant, people.town)
    factories.make_mediator(people.newcomer, people.town, starts_on=today() + DAY)
    for day in (dt.date(2022, 3, 1), dt.date(2022, 5, 1)):
        factories.make_activity(people.kiv, people.town, day=day)
    factories.make_concern(people.town)
    factories.make_concern(people.town, state="promised", promised_until=today() - DAY)
    factories.make_concern(people.town, state="done", closed_at=timezone.now())
    found = rows(people)
    assert set(found) == {"Leonberg", "Herrenberg"}, "never Calw, which is another county"
    row = found["Leonberg"]
    assert sorted(row.mediators) == ["Alma Assistenz", "Vera Vermittlung"]
    assert (row.last_activity, row.open_concerns, row.overdue_concerns) == (dt.date(2022, 5, 1), 2, 1)
    assert (row.agreement, row.takes_part) == (people.town.agreements.get(), True)


def test_a_vacant_post_and_since_when(people: People) -> None:
    people.kiv.appointments.update(ends_on=dt.date(2022, 1, 31))
    row = rows(people)["Leonberg"]
    assert (row.is_vacant, row.vacant_since) == (True, dt.date(2022, 2, 1))
    people.town.agreements.update(ends_on=today() - DAY)
    row = rows(people)["Leonberg"]
    assert (row.takes_part, row.is_vacant, row.vacant_since) == (False, False, None)


@pytest.mark.parametrize(
    ("reports", "shown"),
    [
        ({2021: "draft", 2020: "draft", 2022: "draft"}, 2020),  # the oldest that needs work
        ({2020: "decided", 2021: "submitted", 2022: "planned"}, 2021),
        ({2020: "decided", 2021: "decided", 2022: "planned"}, 2021),  # what people had in their hands
        ({2021: "planned", 2022: "planned"}, 2022),
        ({2020: "decided", 2022: "approved", 2021: "delivered"}, 2021),  # its council owes a decision
    ],
)
def test_the_report_that_is_owed_comes_before_all_others(
    people: People, reports: dict[int, str], shown: int
) -> None:
    for year, state in reports.items():
        report_of(people.town, year, state)
    report = rows(people)["Leonberg"].report
    assert report
    assert report.period_start.year == shown


def test_a_decided_town_hides_no_other_that_is_late(people: People) -> None:
    """One town is done with its year; the other is not, whatever period a page would show first."""
    report_of(people.town, 2024, "decided")
    report_of(people.other_town, 2023, due_in=-1)
    page = people.client("coordinator").get("/start/").content.decode()
    assert "Nach dem Zwischenbericht Herrenberg fragen" in page
    assert "überfällig" in page
    row = rows(people)["Herrenberg"]
    assert row.report
    assert row.report.is_overdue


def test_what_is_overdue_comes_first_then_what_has_waited_longest(people: People) -> None:
    names = [("Aidlingen", "08115001"), ("Magstadt", "08115029"), ("Weissach", "08115052")]
    for name, ags in names:
        town = factories.make_town(name, ags)
        factories.make_agreement(town)
        factories.make_mediator(people.kiv.user, town)
    factories.make_concern(
        Municipality.objects.get(name="Weissach"), state="promised", promised_until=today() - DAY
    )
    report_of(Municipality.objects.get(name="Magstadt"), 2024, due_in=-9)
    report_of(people.town, 2024, "submitted")
    assert list(rows(people)) == ["Magstadt", "Weissach", "Leonberg", "Aidlingen", "Herrenberg"]


def test_session_and_decision(people: People) -> None:
    report = report_of(people.town, 2022, "delivered")
    assert rows(people)["Leonberg"].owes_session, "also where town hall has somebody for it"
    report.consultations.create(session_on=today() - DAY)
    row = rows(people)["Leonberg"]
    assert (row.owes_decision, row.decision_name, row.report and row.report.session_on) == (
        True,
        "",
        today() - DAY,
    )  # type: ignore[attr-defined]
    decided = CouncilDecision(report=report, kind="adjourned", decided_on=today(), recorded_by=people.contact)
    decided.save()
    assert rows(people)["Leonberg"].decision_name == "Vertagung"


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ("", ["Herrenberg", "Leonberg"]),
        ("quatsch", ["Herrenberg", "Leonberg"]),
        ("\x00", ["Herrenberg", "Leonberg"]),
        ("offen", ["Herrenberg"]),
        ("bericht", ["Herrenberg"]),
        ("vakant", []),
        ("anliegen", []),
    ],
)
def test_the_county_chooses_what_it_sees(people: People, choice: str, shown: list[str]) -> None:
    report_of(people.other_town, 2023, due_in=-1)
    response = people.client("coordinator").get("/start/", {"auswahl": choice})
    assert [row.town.name for row in response.context["rows"]] == shown
    if not shown:
        assert "Das trifft auf keine Kommune zu" in response.content.decode()


def test_the_table_as_a_file(people: People) -> None:
    report_of(people.other_town, 2023, due_in=-1)
    client = people.client("coordinator")
    answer = client.get("/start/kommunen/", {"format": "csv", "auswahl": "bericht"})
    assert 'filename="kommunen-' in answer["Content-Disposition"]
    table = list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))  # type: ignore[attr-defined]
    assert [(row["Kommune"], row["Stand"], row["Bericht von"]) for row in table] == [
        ("Herrenberg", "In Arbeit", "01.01.2023")
    ]
    assert table[0]["Steht an"] == "Zwischenbericht Herrenberg schreiben"
    book = CalamineWorkbook.from_filelike(
        BytesIO(client.get("/start/kommunen/", {"format": "xlsx"}).getvalue())  # type: ignore[attr-defined]
    )
    assert [row[0] for row in book.get_sheet_by_name("Kommunen").to_python()] == [
        "Kommune",
        "Herrenberg",
        "Leonberg",
    ]
    assert client.get("/start/kommunen/", {"format": "exe"}).status_code == 302
    assert people.client("contact").get("/start/kommunen/").status_code == 403
