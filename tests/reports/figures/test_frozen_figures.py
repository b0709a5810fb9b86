"""The page of a submitted report shows what was frozen, in the shape of the living figures."""

import datetime as dt

import pytest

from reports.figures.figures import frozen_figures, report_figures
from reports.steps.freezing import snapshot_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_frozen_figures_are_the_figures_of_the_day(people):
    factories.make_activity(people.kiv, people.town, people_reached=12, further_fields=[])
    factories.make_activity(
        people.kiv, people.town, field=None, day=dt.date(2022, 5, 2), result="done", minutes=15
    )
    report = factories.make_report(people.town, period_start=dt.date(2021, 9, 1))
    living = report_figures(report)
    frozen = frozen_figures(snapshot_of(report, dated=dt.date(2022, 10, 14)))
    for name in ("totals", "months", "kinds", "results", "activities_before", "vacancies"):
        assert getattr(frozen, name) == getattr(living, name)
    assert [(f.code, f.activities, f.minutes) for f in frozen.fields] == [
        (f.code, f.activities, f.minutes) for f in living.fields
    ]
    assert frozen.vacant_days == 30
    assert frozen.appointments == []  # people are read from the snapshot itself
