"""When a report is due, when its council deals with it, and which button stands on its page for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import InterimReport, ReportFile, ReportState
from reports.steps import services as states
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


# --- due dates


def test_a_planned_report_is_due_a_month_after_its_period(people: People) -> None:
    people.town.agreements.update(starts_on=dt.date(2022, 3, 1))
    people.other_town.agreements.update(starts_on=dt.date(2022, 1, 31))
    assert states.plan_reports(dt.date(2022, 6, 1)) == 3  # and Calw's
    planned = InterimReport.objects.exclude(municipality__name="Calw").order_by("municipality__name")
    assert [(row.municipality.name, row.period_end, row.due_on, row.state) for row in planned] == [
        ("Herrenberg", dt.date(2023, 1, 30), dt.date(2023, 2, 28), "planned"),
        ("Leonberg", dt.date(2023, 2, 28), dt.date(2023, 3, 31), "planned"),
    ]
    assert states.plan_reports(dt.date(2022, 6, 1)) == 0


@pytest.mark.parametrize(
    ("today", "planned"),
    [
        (dt.date(2021, 9, 30), []),
        (dt.date(2021, 10, 1), [dt.date(2022, 9, 30)]),
        (dt.date(2022, 9, 30), [dt.date(2022, 9, 30)]),
        (dt.date(2022, 10, 1), [dt.date(2023, 9, 30)]),
    ],
)
def test_planned_from_the_first_to_the_last_day_of_its_period(
    people: People, today: dt.date, planned: list[dt.date]
) -> None:
    states.plan_reports(today)
    assert [report.period_end for report in people.town.reports.all()] == planned


def test_the_next_report_is_due_when_the_council_said_but_not_before_its_period_ends(people: People) -> None:
    report = factories.make_report(people.town)
    factories.take_to(report, "delivered", by=people.coordinator)
    said = dt.date(2023, 12, 15)
    following = states.plan_next(report, due_on=said)
    assert following is not None
    assert (following.period_start, following.due_on, following.state) == (
        dt.date(2022, 10, 1),
        said,
        "planned",
    )
    assert states.plan_next(report, due_on=dt.date(2023, 1, 1)) == following
    following.refresh_from_db()
    assert following.due_on == dt.date(2023, 9, 30)
    assert people.town.reports.count() == 2
    assert following.consultations.get().committee == "Gemeinderat"


def test_a_report_that_the_council_has_keeps_its_day(people: People) -> None:
    first = factories.make_report(people.town)
    second = factories.make_report(
        people.town,
        period_start=dt.date(2022, 10, 1),
        period_end=dt.date(2023, 9, 30),
        due_on=dt.date(2023, 10, 31),
    )
    for report in (first, second):
        factories.take_to(report, "delivered", by=people.coordinator)
    assert states.plan_next(first, due_on=dt.date(2030, 1, 1)) == second
    second.refresh_from_db()
    assert second.due_on == dt.date(2023, 10, 31)


def test_nothing_is_planned_beyond_the_agreement(people: People) -> None:
    people.town.agreements.update(ends_on=factories.END)
    assert states.plan_next(factories.make_report(people.town), due_on=dt.date(2023, 10, 31)) is None


def test_overdue_from_the_day_after(people: People) -> None:
    report = factories.make_report(people.town)

    def is_overdue(day: dt.date) -> bool:
        return InterimReport.objects.with_overdue(day).get().is_overdue

    assert [is_overdue(dt.date(2022, 10, 31)), is_overdue(dt.date(2022, 11, 1))] == [False, True]
    factories.take_to(report, "submitted", by=people.contact)
    assert not is_overdue(dt.date(2022, 11, 1))


# --- its session


def test_the_session_is_that_of_the_committee_that_comes_first(people: People) -> None:
    report, other = factories.make_report(people.town), factories.make_report(people.other_town)

    def session() -> dt.date | None:
        return InterimReport.objects.with_session().get(pk=report.pk).session_on

    report.consultations.create(committee="Ohne Termin")
    assert session() is None
    for day in (dt.date(2022, 12, 6), dt.date(2022, 11, 22), dt.date(2022, 11, 29)):
        report.consultations.create(session_on=day)
    report.consultations.create(session_on=dt.date(2022, 11, 1), deleted_at=timezone.now())
    other.consultations.create(session_on=dt.date(2022, 10, 15))
    assert session() == dt.date(2022, 11, 22)


# --- buttons

BUTTONS = {
    "submit": "report_submit",
    "return": "report_return",
    "approve": "report_approve",
    "deliver": "report_deliver",
    "publish": "report_publish",
    "decide": "decision_create",
    "delete": "report_delete",
}


def buttons(people: People, report: InterimReport) -> dict[str, set[str]]:
    """{person: the steps that the page of the report offers}"""
    found = {}
    for name in ("coordinator", "contact", "mediator"):
        html = people.client(name).get(reverse("report_detail", args=[report.pk])).content.decode()
        found[name] = {
            action for action, page in BUTTONS.items() if f'href="{reverse(page, args=[report.pk])}"' in html
        }
    return found


def test_who_is_offered_which_step_while_the_report_is_written(draft: InterimReport, people: People) -> None:
    assert buttons(people, draft) == {
        "coordinator": {"submit", "delete"},
        "contact": {"submit"},
        "mediator": {"submit"},
    }


def test_approval_is_offered_to_the_county_once_every_file_has_passed(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    nothing: dict[str, set[str]] = {"coordinator": set(), "contact": set(), "mediator": set()}
    assert buttons(people, submitted) == nothing  # the files are being made
    build(file)
    waiting = nothing | {"coordinator": {"return"}, "contact": {"return"}}
    assert buttons(people, submitted) == waiting | {"coordinator": {"return", "approve"}}


def test_approval_is_not_offered_for_a_file_that_failed_its_check(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file, is_accessible=False)
    assert buttons(people, submitted) == {"coordinator": {"return"}, "contact": {"return"}, "mediator": set()}


def test_who_is_offered_which_step_after_the_approval(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    states.approve_report(submitted, by=people.coordinator)
    assert buttons(people, submitted) == {
        "coordinator": {"return", "deliver"},
        "contact": {"deliver"},
        "mediator": set(),
    }
    states.deliver_report(submitted, by=people.contact)
    assert buttons(people, submitted) == {
        "coordinator": {"publish", "decide"},
        "contact": {"publish", "decide"},
        "mediator": set(),
    }


def test_a_failed_file_is_not_approved_by_its_address_either(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file, is_accessible=False)
    page = reverse("report_approve", args=[submitted.pk])
    answer = people.client("coordinator").post(page, {"snapshot": file.snapshot_id}, follow=True)
    assert "Prüfung auf Barrierefreiheit nicht bestanden" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED
