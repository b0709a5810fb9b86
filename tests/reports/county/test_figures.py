"""What the county sees of each council: the committee that decides, its session, and the last decision."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reports.county.figures import council_of, owes_decision
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
    assert owes_decision(report)
    today = timezone.localdate()
    for kind, day in (("referred", today + dt.timedelta(days=9)), ("adjourned", today)):
        CouncilDecision.objects.create(report=report, kind=kind, decided_on=day, recorded_by=people.contact)
    assert council_of([report])[1][report.pk].kind == "referred"
    assert council_of([])[1] == {}
