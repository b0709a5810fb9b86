"""What the county sees of each council: the committee that decides, its session, and the last decision."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from kiv_portal.periods import Period
from mediators.models import Appointment
from municipalities.models import County, Municipality
from reports.county.figures import (
    council_of,
    county_snapshot,
    owes_decision,
    periods_of_county,
    reports_of,
)
from reports.county.snapshot import county_to_json
from reports.models import CouncilDecision, InterimReport
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(people: People) -> InterimReport:
    return factories.make_report(people.town)


def consultation_of(report: InterimReport) -> tuple[str, dt.date | None] | None:
    found = council_of([report])[0].get(report.pk)
    return (found.committee, found.session_on) if found else None


def test_the_committee_that_decides_comes_before_the_others_and_the_latest_session_counts(
    report: InterimReport, people: People
) -> None:
    assert consultation_of(report) is None

    def meet(committee: str, month: int, role: str, **values: object) -> None:
        report.consultations.create(
            committee=committee, session_on=dt.date(2022, month, 5), role=role, **values
        )

    meet("Beirat", 11, "note")
    meet("Ausschuss", 10, "prepare")
    assert consultation_of(report) == ("Beirat", dt.date(2022, 11, 5))
    meet("Gemeinderat", 10, "decide")
    assert consultation_of(report) == ("Gemeinderat", dt.date(2022, 10, 5))
    meet("Gemeinderat noch einmal", 12, "decide")
    meet("Hauptausschuss", 11, "decide")
    meet("Abgesagt", 12, "decide", deleted_at=timezone.now())
    assert consultation_of(report) == ("Gemeinderat noch einmal", dt.date(2022, 12, 5))
    elsewhere = factories.make_report(people.other_town)
    elsewhere.consultations.create(committee="Fremd", session_on=dt.date(2023, 1, 5))
    assert consultation_of(report) == ("Gemeinderat noch einmal", dt.date(2022, 12, 5))


def test_the_last_decision_counts(report: InterimReport, people: People) -> None:
    factories.take_to(report, "delivered", by=people.coordinator)
    report.refresh_from_db()
    assert owes_decision(report, None)
    today = timezone.localdate()
    for kind, day in (("referred", today + dt.timedelta(days=9)), ("adjourned", today)):
        CouncilDecision.objects.create(report=report, kind=kind, decided_on=day, recorded_by=people.contact)
    last = council_of([report])[1][report.pk]
    assert (last.kind, owes_decision(report, last)) == ("referred", True)
    assert not owes_decision(report, CouncilDecision(kind="noted"))
    assert council_of([])[1] == {}


# --- everything that is frozen


@pytest.fixture
def county(people: People) -> County:
    """Leonberg's year with all there is to say; Herrenberg came late and left early; Aidlingen only worked."""
    county = people.town.county
    county.population, county.population_on = 395_678, dt.date(2021, 12, 31)
    county.save()
    town = people.town
    town.population, town.population_on, town.kind = 48_733, dt.date(2021, 6, 30), "large_town"
    town.latitude, town.longitude = Decimal("48.80139"), Decimal("9.01306")
    town.save()
    term = {"starts_on": dt.date(2021, 11, 1), "ends_on": dt.date(2022, 6, 30)}
    people.other_town.agreements.update(**term)
    Appointment.objects.filter(municipality=people.other_town).update(
        starts_on=dt.date(2021, 11, 11), ends_on=dt.date(2022, 6, 20)
    )
    factories.make_mediator(people.former, town, starts_on=dt.date(2022, 9, 1))
    factories.make_activity(
        people.kiv, town, people_reached=12, people_reached_to=15, travel_minutes=30, expenses_cents=450
    )
    factories.make_activity(people.kiv, town, field="verkehr", people_reached=3, further_fields=["bildung"])
    factories.make_activity(people.kiv, town, field=None, minutes=15, day=dt.date(2021, 10, 1))
    factories.make_activity(people.stranger.mediator, people.other_town, people_reached=20)
    aidlingen = factories.make_town("Aidlingen", "08115001")
    late = factories.make_mediator(people.newcomer, aidlingen)
    factories.make_activity(late, aidlingen, people_reached=7)
    done = factories.make_concern(town, field="verkehr")
    factories.make_step(done, "checking", dt.date(2022, 4, 1))
    factories.make_step(done, "done", dt.date(2022, 5, 1))
    factories.make_concern(people.other_town, field="bildung", reported_on=dt.date(2021, 9, 1))
    return county


def town_in(snapshot: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [town for town in snapshot["towns"] if town["name"] == name]
    return found


def test_all_that_is_frozen_of_the_county_and_its_towns(county: County) -> None:
    snapshot = county_to_json(
        county_snapshot(county, factories.START, factories.END, dated=dt.date(2022, 10, 12))
    )
    assert snapshot["county"] == {
        "key": "08115",
        "name": "Landkreis Böblingen",
        "administration": "Landratsamt Böblingen",
        "population": 395_678,
        "population_on": "2021-12-31",
    }
    assert (snapshot["schema"], snapshot["dated"]) == (1, "2022-10-12")
    assert snapshot["period"] == {"start": "2021-10-01", "end": "2022-09-30"}
    assert snapshot["totals"] == {
        "activities": 5, "minutes": 375, "travel_minutes": 30, "people_reached": 42, "people_not_counted": 1,
        "expenses_cents": 450, "people_ranges": 1,
    }  # fmt: skip
    assert [(row["code"], row["activities"], row["also_touched"]) for row in snapshot["fields"]] == [
        ("bildung", 3, 1),
        ("verkehr", 1, 0),
        ("quer", 1, 0),
    ]
    months = [(row["month"], row["activities"]) for row in snapshot["months"]]
    assert months == [
        *(("2021-10", 1), ("2021-11", 0), ("2021-12", 0), ("2022-01", 0), ("2022-02", 0), ("2022-03", 4)),
        *((f"2022-0{month}", 0) for month in range(4, 10)),
    ]
    assert [(row["code"], row["name"], row["activities"]) for row in snapshot["kinds"]] == [
        ("begehung", "Begehung", 5)
    ]
    assert snapshot["concerns"] == {
        "total": 2,
        "reported": 1,
        "outcomes": [
            {"code": code, "name": name, "concerns": number}
            for code, name, number in (
                ("done", "umgesetzt", 1),
                ("promised", "zugesagt", 0),
                ("open", "offen", 1),
                ("passed_on", "weitergegeben", 0),
                ("refused", "abgelehnt", 0),
            )
        ],
        "fields": {"verkehr": 1, "bildung": 1},
    }
    assert [town["name"] for town in snapshot["towns"]] == ["Aidlingen", "Herrenberg", "Leonberg"]
    nothing = dict.fromkeys(("done", "promised", "open", "passed_on", "refused"), 0)
    assert town_in(snapshot, "Leonberg") == {
        "ags": "08115028", "name": "Leonberg", "slug": "leonberg", "kind": "Große Kreisstadt",
        "population": 48_733, "population_on": "2021-06-30", "latitude": 48.80139, "longitude": 9.01306,
        "agreement": {"starts_on": "2021-10-01", "ends_on": None}, "mediators": 2, "vacant_days": 0,
        "activities": 3, "minutes": 195, "travel_minutes": 30, "people_reached": 15, "people_not_counted": 1,
        "expenses_cents": 450, "people_ranges": 1,
        "people_by_field": {"bildung": 12, "verkehr": 3, "quer": 0},
        "concerns": 1, "outcomes": nothing | {"done": 1},
    }  # fmt: skip
    assert town_in(snapshot, "Herrenberg") == {
        "ags": "08115021", "name": "Herrenberg", "slug": "herrenberg", "kind": "Stadt",
        "population": None, "population_on": None, "latitude": None, "longitude": None,
        "agreement": {"starts_on": "2021-11-01", "ends_on": "2022-06-30"}, "mediators": 1, "vacant_days": 20,
        "activities": 1, "minutes": 90, "travel_minutes": 0, "people_reached": 20, "people_not_counted": 0,
        "expenses_cents": 0, "people_ranges": 0,
        "people_by_field": {"bildung": 20},
        "concerns": 1, "outcomes": nothing | {"open": 1},
    }  # fmt: skip
    aidlingen = town_in(snapshot, "Aidlingen")  # an agreement that is not entered hides no work
    assert (aidlingen["agreement"], aidlingen["vacant_days"], aidlingen["activities"]) == (None, 0, 1)


def test_all_that_is_frozen_of_the_reports(county: County, people: People) -> None:
    leonberg = factories.make_report(people.town, state="planned")
    herrenberg = factories.make_report(people.other_town)
    later = factories.make_report(
        people.town, period_start=dt.date(2022, 10, 1), period_end=dt.date(2023, 9, 30)
    )
    earlier = factories.make_report(
        people.other_town, period_start=dt.date(2020, 10, 1), period_end=dt.date(2021, 9, 30)
    )
    herrenberg.consultations.create(committee="Sozialausschuss", session_on=dt.date(2022, 11, 8))
    factories.take_to(herrenberg, "delivered", by=people.coordinator)
    today = timezone.localdate()
    CouncilDecision.objects.create(
        report=herrenberg, kind="adjourned", decided_on=today, recorded_by=people.contact
    )
    snapshot = county_to_json(
        county_snapshot(county, factories.START, factories.END, dated=dt.date(2022, 10, 12))
    )
    period = {"start": "2021-10-01", "end": "2022-09-30"}
    assert snapshot["reports"] == [
        {
            "town": "Herrenberg", "ags": "08115021", "period": period, "due_on": "2022-10-31",
            "state": "delivered", "state_name": "Zugestellt", "committee": "Sozialausschuss",
            "session_on": "2022-11-08", "owes_decision": True,
            "decision": {
                "kind": "adjourned", "name": "Vertagung", "decided_on": today.isoformat(), "is_final": False
            },
        },
        {
            "town": "Leonberg", "ags": "08115028", "period": period, "due_on": "2022-10-31",
            "state": "planned", "state_name": "Geplant", "committee": "", "session_on": None,
            "owes_decision": False, "decision": None,
        },
    ]  # fmt: skip
    factories.make_report(Municipality.objects.get(slug="calw"))
    assert set(reports_of(county, factories.START, factories.END)) == {leonberg, herrenberg}
    assert periods_of_county(county) == [
        Period(report.period_start, report.period_end) for report in (later, leonberg, earlier)
    ]


def test_reports_of_one_town_stand_by_their_beginning(county: County, people: People) -> None:
    for month in (5, 1):
        factories.make_report(
            people.town, period_start=dt.date(2022, month, 1), period_end=dt.date(2022, month, 31)
        )
    frozen = county_snapshot(county, factories.START, factories.END, dated=dt.date(2022, 10, 12))
    assert [report.period.start for report in frozen.reports] == ["2022-01-01", "2022-05-01"]
