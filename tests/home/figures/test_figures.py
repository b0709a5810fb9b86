"""The figures pages: the numbers of the report, beside those of the year before, and nobody to be recognised."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from home.figures.queries import MOST_CALENDAR_YEARS, offered_periods, span_before
from kiv_portal.periods import Period
from municipalities.models import CooperationAgreement
from reports.content import open_data, tables
from reports.figures.figures import frozen_figures, report_figures
from reports.figures.snapshot import SNAPSHOT_SCHEMA, read_snapshot
from reports.steps import services as states
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
REPORT = {"von": "2021-10-01", "bis": "2022-09-30"}


def page_of(
    people: People, name: str, query: dict[str, str] | None = None, page: str = "town_figures"
) -> str:
    args = ["08115"] if page == "county_figures" else ["leonberg"]
    answer = people.client(name).get(reverse(page, args=args), query or {})
    assert answer.status_code == 200
    return answer.content.decode()


class Rows(HTMLParser):
    """{id of the caption: rows of cells} of a page's tables"""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._is_in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "caption":
            self._rows = self.tables.setdefault(dict(attrs)["id"], [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._is_in_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self._rows[-1][-1] = " ".join(f"{self._rows[-1][-1]} {data}".split())


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def year(people: People) -> People:
    verkehr = factories.make_field("verkehr")
    kiv, town = people.kiv, people.town
    factories.make_activity(kiv, town, people_reached=12, travel_minutes=30, expenses_cents=450)
    factories.make_activity(
        kiv, town, people_reached=3, field=verkehr, result="done", day=dt.date(2022, 9, 30)
    )
    factories.make_activity(kiv, town, people_reached=None, field=None, day=dt.date(2021, 10, 1))
    for number, state in enumerate(("done", "refused")):
        made = factories.make_concern(town, place="Eltingen", field=verkehr, is_public=not number)
        factories.make_step(made, "checking", dt.date(2022, 4, 1))
        factories.make_step(made, state, dt.date(2022, 5, 1))
    return people


def test_the_page_says_what_the_report_says(year: People) -> None:
    """Living, submitted and frozen: three times the same numbers."""
    report = factories.make_report(year.town)
    living = report_figures(report)
    states.submit_report(report, by=year.coordinator)
    data = report.snapshots.get().data
    found = Rows(page_of(year, "contact", REPORT)).tables
    for figures in (living, frozen_figures(read_snapshot(data))):
        rows = [[f.name, str(f.activities), str(f.people_reached)] for f in figures.fields]
        assert [
            [row[0].removeprefix(f.short).strip(), row[1], row[5]]
            for row, f in zip(found["felder"][1:-1], figures.fields, strict=True)
        ] == rows
        assert [[row[1] for row in found["monate"][1:]]] == [[str(m.activities) for m in figures.months]]
        assert [row[:2] for row in found["arten"][1:]] == [[k.name, str(k.activities)] for k in figures.kinds]
        assert [row[:2] for row in found["ergebnisse"][1:]] == [
            [r.name, str(r.activities)] for r in figures.results
        ]
    assert found["felder"][-1] == ["Zusammen", "3", "4,5", "0,5", "4,50 Euro", "15", "2"]
    assert found["stand"][1:] == [[row["name"], str(row["concerns"])] for row in data["concerns"]["outcomes"]]
    by_code = {row["code"]: row["concerns"] for row in data["concerns"]["outcomes"]}
    assert by_code == {"done": 1, "promised": 0, "open": 0, "passed_on": 0, "refused": 1}


def test_compared_with_the_year_before(year: People) -> None:
    kiv_before = dt.date(2021, 10, 1)
    text = text_of(page_of(year, "contact", {"von": "2022-10-01", "bis": "2023-09-30"}))
    assert "0 Aktivitäten, 3 weniger als im Jahr davor" in text
    assert "0 Personen erreicht, 15 weniger als im Jahr davor" in text
    factories.make_activity(year.kiv, year.town, day=dt.date(2022, 10, 1))
    text = text_of(page_of(year, "contact", {"von": "2022-10-01", "bis": "2022-10-01"}))
    assert kiv_before == dt.date(2021, 10, 1)
    assert "1 Aktivität, so viele wie im Jahr davor" in text
    # nothing to compare with before the agreement
    assert "im Jahr davor" not in text_of(page_of(year, "contact", REPORT))


@pytest.mark.parametrize(
    ("period", "before", "is_a_year_ago"),
    [
        (("2021-10-01", "2022-09-30"), ("2020-10-01", "2021-09-30"), True),
        (("2022-03-01", "2022-03-31"), ("2021-03-01", "2021-03-31"), True),
        (("2021-02-01", "2021-02-28"), ("2020-02-01", "2020-02-29"), True),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"), True),
        (("2021-10-01", "2023-09-30"), ("2019-10-01", "2021-09-30"), False),
    ],
)
def test_span_before(period: tuple[str, str], before: tuple[str, str], is_a_year_ago: bool) -> None:
    found, is_one = span_before(Period(*map(dt.date.fromisoformat, period)), dt.date(2026, 11, 28))
    assert (found.start.isoformat(), found.end.isoformat(), is_one) == (*before, is_a_year_ago)


@pytest.mark.parametrize(
    ("today", "end"),
    [
        ("2026-09-30", "2026-09-30"),  # not begun: all of it
        ("2026-10-01", "2025-10-01"),
        ("2026-11-28", "2025-11-28"),
        ("2027-09-29", "2026-09-29"),
        ("2027-09-30", "2026-09-30"),
        ("2028-01-01", "2026-09-30"),
    ],
)
def test_a_running_period_is_compared_until_the_same_day(today: str, end: str) -> None:
    period = Period(dt.date(2026, 10, 1), dt.date(2027, 9, 30))
    found, is_one = span_before(period, dt.date.fromisoformat(today))
    assert (found, is_one) == (Period(dt.date(2025, 10, 1), dt.date.fromisoformat(end)), True)


def test_two_months_are_not_less_than_a_whole_year(year: People) -> None:
    today = timezone.localdate()
    start = today - dt.timedelta(days=60)
    period = {"von": start.isoformat(), "bis": (start + dt.timedelta(days=364)).isoformat()}
    for days in (-370, -300, -10):  # the same weeks a year ago, later in that year, and now
        factories.make_activity(year.kiv, year.town, day=today + dt.timedelta(days=days))
    text = text_of(page_of(year, "contact", period))
    assert "1 Aktivität, so viele wie im Jahr davor bis zum gleichen Tag" in text
    over = {
        "von": (start - dt.timedelta(days=365)).isoformat(),
        "bis": (start - dt.timedelta(days=1)).isoformat(),
    }
    assert "bis zum gleichen Tag" not in text_of(page_of(year, "contact", over))


def test_neighbours_see_no_small_numbers(year: People) -> None:
    factories.make_report(year.town)
    inside = Rows(page_of(year, "mediator", REPORT)).tables["felder"]
    outside_page = page_of(year, "stranger", REPORT)
    outside = Rows(outside_page).tables["felder"]
    of_traffic = [row[5] for table in (inside, outside) for row in table if "Verkehr" in row[0]]
    assert of_traffic == ["3", "unter 5"]
    assert [table[-1][5] for table in (inside, outside)] == ["15", "mindestens 12"]
    assert "15" not in [cell for row in outside for cell in row]
    assert "Personen mindestens erreicht" in text_of(outside_page)
    assert "Eltingen" not in outside_page  # places of concerns that are not public
    assert "Eltingen" in page_of(year, "mediator", REPORT)


def test_neighbours_choose_no_period_of_their_own(year: People) -> None:
    """Two periods that differ by one day would tell the people of that day."""
    assert "Noch keine Zahlen" in page_of(year, "stranger", REPORT)
    factories.make_report(year.town)
    day = {"von": "2022-09-30", "bis": "2022-09-30"}
    assert "1. Oktober 2021 bis 30. September 2022" in text_of(page_of(year, "stranger", day))
    assert "30. September 2022 bis 30. September 2022" in text_of(page_of(year, "mediator", day))
    running = factories.make_report(
        year.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2099, 1, 1)
    )
    assert running.period_end.isoformat() not in page_of(year, "stranger")


def test_ranges_are_said_to_be_at_least(year: People) -> None:
    factories.make_activity(year.kiv, year.town, people_reached=20, people_reached_to=30)
    page = page_of(year, "contact", REPORT)
    assert "35 Personen mindestens erreicht" in text_of(page)
    assert Rows(page).tables["felder"][-1][5] == "mindestens 35"


def test_the_county_sees_its_towns_side_by_side(year: People) -> None:
    factories.make_activity(year.stranger.mediator, year.other_town, people_reached=4)
    page = page_of(year, "coordinator", REPORT, "county_figures")
    found = Rows(page).tables
    assert found["kommunen"][1:] == [
        ["Herrenberg", "1", "–", "1,5", "0,0", "0 Euro", "4", "0", "0"],
        ["Leonberg", "3", "–", "4,5", "0,5", "4,50 Euro", "15", "2", "1"],
    ]
    assert found["felder"][-1] == ["Zusammen", "4", "6,0", "0,5", "4,50 Euro", "19", "2"]
    assert "Calw" not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            {"von": "2022-09-30", "bis": "2021-10-01"},
            "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.",
        ),
        ({"von": "1950-01-01", "bis": "2022-01-01"}, "Bitte wählen Sie höchstens zehn Jahre."),
        ({"von": "irgendwann", "bis": "2022-01-01"}, "Dieses Datum verstehen wir nicht."),
        ({"von": "\x00", "bis": "9" * 5000}, "Dieses Datum verstehen wir nicht."),
        ({"von": "2022-01-01"}, "Bitte geben Sie ein Datum an."),
        ({"von": "1900-01-01", "bis": "1900-01-02"}, "In diesem Zeitraum ist nichts erfasst"),
        ({"von": "2199-12-31", "bis": "2200-12-31"}, "In diesem Zeitraum ist nichts erfasst"),
    ],
)
@pytest.mark.parametrize(("name", "page"), [("contact", "town_figures"), ("coordinator", "county_figures")])
def test_odd_periods_get_a_sentence(people: People, query: dict, sentence: str, name: str, page: str) -> None:
    assert sentence in page_of(people, name, query, page)


def test_the_internal_note_is_in_no_snapshot(year: People) -> None:
    marker = "Geheimzeichen 4711"
    factories.make_activity(
        year.kiv, year.town, internal_note=marker, description="Mit dem Bauamt geprüft.", result="done"
    )
    secret = {"title": f"Titel {marker}", "description": marker, "contact_email": "wer@kiv.example"}
    hidden = factories.make_concern(year.town, **secret)
    factories.make_step(hidden, "checking", dt.date(2022, 4, 1), sentence=marker)
    shown = factories.make_concern(
        year.town, title="Rampe am Rathaus", is_public=True, contact_email="a@kiv.example"
    )
    factories.make_step(shown, "checking", dt.date(2022, 4, 1), sentence="Das Bauamt misst nach.")
    factories.make_concern(year.town, title=f"Neu {marker}", is_public=True)  # nobody has taken it over yet
    report = factories.make_report(year.town)
    states.submit_report(report, by=year.coordinator)
    data = report.snapshots.get().data
    everything = (
        tables.to_json(data)
        + tables.to_json(open_data.published(read_snapshot(data)))
        + tables.concerns_csv(read_snapshot(data))
    ).decode()
    assert "Das Bauamt misst nach." in everything
    assert "Rampe am Rathaus" in everything
    for absent in (marker, "kiv.example", str(shown.status_key), str(hidden.status_key)):
        assert absent not in everything
    assert data["concerns"]["total"] == 5
    assert data["schema"] == SNAPSHOT_SCHEMA


def test_periods_to_choose_from() -> None:
    today = dt.date(2026, 11, 28)
    assert [name for name, _ in offered_periods([], [], today)] == ["Letzte zwölf Monate", "Jahr 2026"]
    begun = CooperationAgreement(starts_on=dt.date(2024, 4, 1))
    assert [name for name, _ in offered_periods([], [begun], today)[1:]] == [
        "Jahr 2026",
        "Jahr 2025",
        "Jahr 2024",
    ]
    long_ago = CooperationAgreement(starts_on=dt.date(1990, 4, 1))
    assert len(offered_periods([], [begun, long_ago], today)) == 1 + 1 + MOST_CALENDAR_YEARS
