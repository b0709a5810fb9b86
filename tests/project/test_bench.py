"""`make bench` measures nothing true if its rows are not the portal's own; small numbers keep it from rotting."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from activities.models import Activity
from bench.generator import MILLION, Generator, Size, broken_rules, counties_of_towns, execute, periods
from bench.imports import measure
from bench.visits import BARE, visits
from municipalities.models import Municipality
from municipalities.programme.load import load_programme
from reports.models import InterimReport
from tests.broker import woken_by

pytestmark = pytest.mark.slow

TINY = Size(municipalities=6, counties=2, years=2, a_year=3, focus=4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_triggers", [True, False])
def test_generated_rows_keep_every_rule_and_fill_every_page(with_triggers, settings):
    Generator(TINY, timezone.localdate()).run(with_triggers=with_triggers)
    assert broken_rules() == {}
    assert Activity.objects.count() == TINY.activities == 36
    assert InterimReport.objects.filter(state="draft").count() == 6
    assert Municipality.objects.filter(county="90001").count() == 4
    settings.ROOT_URLCONF = "bench.urls"
    asked = {visit.page: visit for visit in visits()}
    assert len(asked[BARE].queries) == 3
    assert "Activity form, change" in asked


@pytest.mark.django_db(transaction=True)
def test_broken_rules_are_found():
    Generator(TINY, timezone.localdate()).run()
    execute("ALTER TABLE activities_activity DISABLE TRIGGER USER")
    execute("UPDATE activities_activity SET day = day + 3650, further_fields = '{nothing}' WHERE id = 1")
    execute("DELETE FROM activities_activity WHERE id = 2")
    assert set(broken_rules()) == {
        "activities in the future",
        "unknown further fields",
        "activities without history",
        "triggers switched off",
    }
    execute("ALTER TABLE activities_activity ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
def test_an_import_is_measured_to_its_end(monkeypatch):
    woken_by(
        monkeypatch, "activities.import_run"
    )  # a worker of the run would take it away from the measurement
    load_programme()
    found = measure(30)
    assert set(found) == {"rows", "upload", "check", "store", "reader"}
    assert (
        Activity.objects.filter(
            title__startswith="Begehung ",
            mediator__user__email__endswith="@bench.example",
            day__lt=dt.date(2000, 2, 1),
        ).count()
        == 30
    )


def test_periods_are_whole_years_without_a_gap():
    found = periods(3, dt.date(2026, 11, 22))
    assert found[0][0] == dt.date(2023, 11, 1)
    assert found[-1] == (dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert all(after[0] - before[1] == dt.timedelta(days=1) for before, after in itertools.pairwise(found))


def test_every_county_has_towns():
    counties = list(counties_of_towns(MILLION))
    assert len(counties) == 1101
    assert set(counties) == set(range(35))
    assert counties.count(0) == 45
    assert min(counties.count(n) for n in range(35)) >= 26
