"""Periods, vacancies and sums, each against a plain reckoning."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.figures.totals import months_between
from activities.models import Activity
from kiv_portal.periods import last_day_of_months
from mediators.models import Appointment
from municipalities.models import CooperationAgreement
from reports.figures.figures import report_figures, vacancies
from reports.figures.periods import next_period, open_periods
from reports.models import InterimReport
from reports.steps import services as states
from reports.steps.freezing import snapshot_of
from tests import factories
from tests.people import People
from tests.sample import examples

IN_THE_DATABASE = settings(
    deadline=None,
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DAYS = st.dates(dt.date(2021, 9, 1), dt.date(2022, 10, 31))


# --- periods


@pytest.mark.django_db
@IN_THE_DATABASE
@given(start=st.dates(dt.date(2015, 1, 1), dt.date(2025, 1, 1)), interval=st.sampled_from([1, 3, 6, 12, 24]))
def test_periods_follow_each_other_without_gap_or_overlap(start: dt.date, interval: int) -> None:
    with transaction.atomic():
        town = factories.make_town("Renningen", "08115041")
        agreement = factories.make_agreement(town, starts_on=start, report_interval_months=interval)
        author = factories.make_user("Anna Amt")
        periods = []
        for _ in range(5):
            report = states.open_report(agreement.municipality)
            periods.append((report.period_start, report.period_end))
            assert report.period_end < report.due_on <= report.period_end + dt.timedelta(days=31)
            factories.take_to(report, "delivered", by=author)
        transaction.set_rollback(True)
    assert periods[0][0] == start
    assert [end for _, end in periods] == [last_day_of_months(start, n * interval) for n in range(1, 6)]
    assert all(before[1] + dt.timedelta(days=1) == after[0] for before, after in pairwise(periods))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        (dt.date(2021, 10, 1), dt.date(2022, 9, 30), dt.date(2022, 10, 31)),
        (dt.date(2021, 3, 1), dt.date(2022, 2, 28), dt.date(2022, 3, 31)),
        (dt.date(2023, 3, 1), dt.date(2024, 2, 29), dt.date(2024, 3, 31)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2025, 3, 31)),
        (dt.date(2020, 12, 31), dt.date(2021, 12, 30), dt.date(2022, 1, 30)),
    ],
)
def test_first_period_is_twelve_months(start: dt.date, end: dt.date, due: dt.date) -> None:
    town = factories.make_town()
    report = states.open_report(factories.make_agreement(town, starts_on=start).municipality)
    assert (report.period_start, report.period_end, report.due_on) == (start, end, due)


@pytest.mark.parametrize(
    ("start", "end", "first_open"),
    [
        (dt.date(2020, 10, 1), dt.date(2021, 9, 30), dt.date(2021, 10, 1)),  # before the first period
        (dt.date(2020, 10, 1), dt.date(2021, 10, 1), dt.date(2022, 10, 1)),  # one day of it
        (dt.date(2022, 9, 30), dt.date(2022, 9, 30), dt.date(2022, 10, 1)),
        (dt.date(2022, 10, 1), dt.date(2023, 9, 30), dt.date(2021, 10, 1)),
    ],
)
def test_a_period_is_open_where_no_report_has_a_day_of_it(
    start: dt.date, end: dt.date, first_open: dt.date
) -> None:
    agreement = CooperationAgreement(
        starts_on=factories.START, ends_on=dt.date(2024, 9, 30), report_interval_months=12
    )
    report = InterimReport(period_start=start, period_end=end, state="decided")
    found = list(open_periods([agreement], [report]))
    assert found[0].start == first_open
    assert next_period([agreement], [report]) == found[0]
    assert next_period([agreement], [InterimReport(period_start=start, period_end=end)]) is None


@pytest.mark.django_db
def test_report_in_work_is_opened_only_once(people: People) -> None:
    agreement = people.town.agreements.get()
    assert states.open_report(agreement.municipality) == states.open_report(agreement.municipality)
    assert InterimReport.objects.count() == 1


# --- vacancies


TERMS = st.lists(st.tuples(DAYS, st.none() | st.integers(0, 200)), max_size=6)


@given(TERMS)
def test_vacancies_are_the_days_without_anybody(terms: list[tuple[dt.date, int | None]]) -> None:
    appointments = [
        Appointment(starts_on=first, ends_on=None if days is None else first + dt.timedelta(days=days))
        for first, days in terms
    ]
    overlapping = [
        a
        for a in appointments
        if a.starts_on <= factories.END and (a.ends_on or factories.END) >= factories.START
    ]
    found = vacancies(overlapping, factories.START, factories.END)
    period = [
        factories.START + dt.timedelta(days=n) for n in range((factories.END - factories.START).days + 1)
    ]
    empty = [day for day in period if not any(a.holds_on(day) for a in appointments)]
    told = [v.start + dt.timedelta(days=n) for v in found for n in range(v.days)]
    assert told == empty
    assert sum(v.days for v in found) == len(empty)
    assert all(a.end + dt.timedelta(days=1) < b.start for a, b in pairwise(found))  # no gap in two pieces


@given(DAYS, st.integers(0, 900))
def test_months_between_are_all_months(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    each_day = {(start + dt.timedelta(days=n)).replace(day=1) for n in range(days + 1)}
    assert list(months_between(start, end)) == sorted(each_day)


# --- sums

FIELDS = ("bildung", "arbeit", "wohnen", "verkehr", "gesundheit")
ENTRY = st.fixed_dictionaries(
    {
        "day": DAYS,
        "field": st.none() | st.sampled_from(FIELDS),
        "further": st.sets(st.sampled_from(FIELDS)),
        "kind": st.sampled_from(["begehung", "beratung"]),
        "minutes": st.integers(1, 57),  # 25 of them still fit into one day
        "people_reached": st.none() | st.integers(0, 100_000),
        "result": st.sampled_from(["", "open", "promised", "done", "refused", "passed_on"]),
    }
)


def plain(entries: list[dict]) -> tuple[int, int, int, int]:
    reached = [entry["people_reached"] for entry in entries]
    return (
        len(entries),
        sum(entry["minutes"] for entry in entries),
        sum(number or 0 for number in reached),
        sum(number is None for number in reached),
    )


def sums(totals: object) -> tuple[int, int, int, int]:
    names = ("activities", "minutes", "people_reached", "people_not_counted")
    return tuple(getattr(totals, name) for name in names)  # type: ignore[return-value]


@pytest.mark.django_db
@IN_THE_DATABASE
@given(entries=st.lists(ENTRY, max_size=25))
def test_every_sum_equals_the_plain_sum(people: People, entries: list[dict]) -> None:
    with transaction.atomic():
        fields = {code: factories.make_field(code) for code in FIELDS}
        kinds = {
            "begehung": factories.make_kind(),
            "beratung": factories.make_kind("beratung", "Beratung", 2),
        }
        Appointment.objects.update(starts_on=dt.date(2021, 1, 1))
        elsewhere = Appointment.objects.get(municipality=people.other_town)
        Activity.objects.bulk_create(
            Activity(
                mediator=people.kiv, municipality=people.town, title=f"Nummer {number}",
                result_note="An das Bauamt.", further_fields=sorted(entry["further"] - {entry["field"]}),
                field=fields.get(entry["field"]), kind=kinds[entry["kind"]],
                **{key: value for key, value in entry.items() if key not in ("further", "field", "kind")},
            )
            for number, entry in enumerate(entries)
        )  # fmt: skip
        factories.make_activity(elsewhere.mediator, people.other_town)  # another town's never counts
        report = factories.make_report(people.town)
        figures = report_figures(report)
        snapshot = snapshot_of(report, dated=dt.date(2022, 10, 12))
        transaction.set_rollback(True)
    inside = [entry for entry in entries if factories.START <= entry["day"] <= factories.END]
    assert sums(figures.totals) == sums(snapshot.totals) == plain(inside)
    for field, frozen in zip(figures.fields, snapshot.fields, strict=True):
        code = None if field.code == "quer" else field.code
        assert sums(field) == sums(frozen) == plain([e for e in inside if e["field"] == code])
        assert field.also_touched == sum(code in e["further"] - {e["field"]} for e in inside)
    for month, frozen in zip(figures.months, snapshot.months, strict=True):
        own = [e for e in inside if e["day"].replace(day=1) == month.month]
        assert sums(month) == sums(frozen) == plain(own)
        assert frozen.month == f"{month.month:%Y-%m}"
    assert len(snapshot.months) == 12
    assert {k.code: sums(k) for k in figures.kinds} == {
        code: plain([e for e in inside if e["kind"] == code]) for code in {e["kind"] for e in inside}
    }
    assert {r.code: r.activities for r in figures.results} == Counter(
        e["result"] for e in inside if e["result"]
    )
    assert len(snapshot.activities) == len(inside)
    assert [a.day for a in snapshot.activities] == sorted(e["day"].isoformat() for e in inside)


@pytest.mark.django_db
def test_the_span_before_is_as_long_and_counts_only_where_the_town_took_part_in_all_of_it(
    people: People,
) -> None:
    report = factories.make_report(
        people.town, period_start=dt.date(2022, 3, 1), period_end=dt.date(2022, 3, 10)
    )
    first, last = dt.date(2022, 2, 19), dt.date(2022, 2, 28)
    one_day = dt.timedelta(days=1)

    def before() -> int | None:
        return report_figures(report).activities_before

    assert before() == 0
    for day in (first - one_day, first, last, last + one_day):
        factories.make_activity(people.kiv, people.town, day=day)
    factories.make_activity(people.stranger.mediator, people.other_town, day=first)
    assert before() == 2
    assert report_figures(report, is_compared=False).activities_before is None
    for term, number in (
        ({"starts_on": first, "ends_on": last}, 2),
        ({"starts_on": first + one_day, "ends_on": None}, None),
        ({"starts_on": first, "ends_on": last - one_day}, None),
    ):
        people.town.agreements.update(**term)
        assert before() == number
