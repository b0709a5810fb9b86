"""A period that is chosen by its name stays that period, tomorrow and next year, also in a saved filter."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import ClosedPeriod, SavedFilter
from activities.search.quick_periods import quick_periods
from tests import factories
from tests.people import People

LIST = "/aktivitaeten/"


def spans(today: dt.date, reported_until: dt.date | None = None) -> dict[str, str]:
    found = quick_periods(today, reported_until).values()
    return {offered.label: f"{offered.period.start} {offered.period.end}" for offered in found}


def test_what_the_names_mean() -> None:
    assert spans(dt.date(2026, 11, 28), dt.date(2026, 9, 30)) == {
        "Dieser Monat": "2026-11-01 2026-11-28",
        "Letzter Monat": "2026-10-01 2026-10-31",
        "Dieses Jahr": "2026-01-01 2026-11-28",
        "Letztes Jahr": "2025-01-01 2025-12-31",
        "Letzte zwölf Monate": "2025-11-29 2026-11-28",
        "Seit dem letzten Bericht": "2026-10-01 2026-11-28",
    }
    first = spans(dt.date(2027, 1, 1), dt.date(2027, 1, 1))
    assert first["Dieses Jahr"] == first["Dieser Monat"] == "2027-01-01 2027-01-01"
    assert first["Letzter Monat"] == "2026-12-01 2026-12-31"
    assert "Seit dem letzten Bericht" not in first
    assert spans(dt.date(2028, 2, 29))["Letzte zwölf Monate"] == "2027-03-01 2028-02-29"


def on(day: dt.date) -> object:
    return patch("activities.search.views.timezone.localdate", return_value=day)


pytestmark = pytest.mark.django_db


def test_this_year_in_a_saved_filter_is_this_year_always(people: People) -> None:
    for day in (dt.date(2022, 1, 1), dt.date(2022, 3, 2), dt.date(2022, 9, 30)):
        factories.make_activity(people.kiv, people.town, day=day, title=f"{day}")
    client = people.client("mediator")
    with on(dt.date(2022, 3, 1)):
        links = {part["label"]: part["url"] for part in client.get(LIST).context["periods"]}
        page = client.get(LIST + links["Dieses Jahr"])
        keep = page.context["keep_url"]
        assert 'value="Dieses Jahr"' in client.get(keep).content.decode()
        client.post(keep, {"name": "Dieses Jahr"})
    saved = SavedFilter.objects.get()
    assert saved.query == "period=this_year"
    shown = {}
    for today in (dt.date(2022, 3, 1), dt.date(2022, 3, 2), dt.date(2023, 1, 1)):
        with on(today):
            page = client.get(f"{LIST}?{saved.query}")
        shown[today.isoformat()] = [row.title for row in page.context["page"].rows]
        assert [part["label"] for part in page.context["periods"] if part["is_current"]] == ["Dieses Jahr"]
        assert [(part.label, part.value) for part in page.context["active"]] == [("Zeitraum", "Dieses Jahr")]
    assert shown == {
        "2022-03-01": ["2022-01-01"],
        "2022-03-02": ["2022-03-02", "2022-01-01"],
        "2023-01-01": [],
    }


def test_a_period_stays_while_one_searches_and_goes_with_days_of_ones_own(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Rampe", day=dt.date(2022, 3, 1))
    client = people.client("mediator")
    page = client.get(LIST, {"period": "last_year"})
    assert '<input type="hidden" name="period" value="last_year"' in page.content.decode()
    assert 'name="period"' not in client.get(LIST).content.decode()
    own = client.get(LIST, {"period": "last_year", "start": "1.3.2022"})
    assert [part.label for part in own.context["active"]] == ["Von"]
    assert [row.title for row in own.context["page"].rows] == ["Rampe"]
    (gone,) = page.context["active"]
    assert gone.without == ""


def test_a_period_that_is_not_there_is_said(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Rampe")
    for code in ("since_report", "quatsch", "\x00"):
        page = people.client("mediator").get(LIST, {"period": code})
        assert "Diesen Zeitraum gibt es in dieser Liste nicht. Sie sehen alle Tage." in page.content.decode()
        assert [row.title for row in page.context["page"].rows] == ["Rampe"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"start": "1.1.2022", "end": "28.11.2022"}, "01.01.2022 bis 28.11.2022"),
        ({"start": "1.1.2022"}, "ab 01.01.2022"),
        ({"end": "1.1.2022"}, "bis 01.01.2022"),
        (
            {"q": "Rampe", "field": "bildung", "period": "last_month"},
            "„Rampe“, Letzter Monat, Bildung und Schule",
        ),
        ({"photo": "on", "follow_up": "on"}, "mit Foto, mit offener Wiedervorlage"),
        ({"q": "x" * 90}, f"„{'x' * 77} …"),
    ],
)
def test_the_name_that_is_proposed_says_what_is_kept(
    people: People, query: dict[str, str], name: str
) -> None:
    factories.make_activity(people.kiv, people.town)
    keep = people.client("mediator").get("/aktivitaeten/filter/neu/?" + urlencode(query))
    assert keep.context["form"]["name"].value() == name


def test_saved_filters_say_what_they_show_with_as_many_queries_for_many(people: People) -> None:
    factories.make_activity(people.kiv, people.town)
    SavedFilter.objects.create(user=people.mediator, name="Alt", query="start=01.01.2022&end=28.11.2022")
    client, numbers = people.client("mediator"), []
    for name in ("Neu", "Noch einer"):
        SavedFilter.objects.create(
            user=people.mediator, name=name, query="q=rampe&period=this_year&sort=oldest"
        )
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/aktivitaeten/filter/").content.decode()
        numbers.append(len(captured))
    assert "01.01.2022 bis 28.11.2022" in page
    assert page.count("„rampe“, Dieses Jahr") == 2
    assert numbers[0] == numbers[1]


def test_a_file_says_the_days_of_its_period(people: People) -> None:
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 2), title="Danach")
    client = people.client("mediator")
    with on(dt.date(2022, 10, 5)):
        page = client.get(LIST, {"period": "since_report"})
        assert [row.title for row in page.context["page"].rows] == ["Danach"]
        form = page.context["filter_form"]
    assert form.in_full() == ["Zeitraum Seit dem letzten Bericht (01.10.2022 bis 05.10.2022)"]
    with on(dt.date(2022, 10, 5)):
        data = b"".join(client.get("/aktivitaeten/export/", {"period": "since_report", "format": "csv"}))
    assert "Danach" in data.decode()
