"""When a report is due, when its council deals with it, and which button stands on its page for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from activities.models import ClosedPeriod
from kiv_portal.mails.models import Mail
from reports.models import InterimReport, ReportFile, ReportState
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from tests import factories
from tests.people import People
from tests.post import notices

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
    states.approve_report(submitted, by=people.coordinator, despite_gaps=True)
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
    answer = people.client("coordinator").post(
        page, {"snapshot": file.snapshot_id, "despite": "on"}, follow=True
    )
    assert "Prüfung auf Barrierefreiheit nicht bestanden" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


# --- what a step leaves behind: who is told, what is closed, what is frozen


def told() -> list[tuple[str, str, str]]:
    found = notices()
    Mail.objects.all().delete()
    return found


def closed() -> list[tuple[str, dt.date, dt.date, str]]:
    rows = ClosedPeriod.objects.order_by("pk")
    return list(rows.values_list("municipality__name", "starts_on", "ends_on", "reason"))


def test_each_step_tells_those_who_act_next_and_not_who_took_it(
    draft: InterimReport, people: People, woken: list[int], build: Callable[..., None]
) -> None:
    other = ClosedPeriod.objects.create(
        municipality=people.other_town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    states.submit_report(draft, by=people.contact)
    assert told() == [("Karin Koordination", "submitted", "1")]
    assert closed()[1:] == [
        ("Leonberg", factories.START, factories.END, "Die Zahlen stehen im Zwischenbericht")
    ]
    states.return_report(draft, by=people.contact, note="Kosten fehlen")
    assert told() == [("Vera Vermittlung", "returned", "1")]
    assert list(ClosedPeriod.objects.all()) == [other]
    step = draft.steps.latest("pk")
    assert (step.state, step.taken_by, step.note) == ("returned", people.contact, "Kosten fehlen")
    states.return_report(draft, by=people.contact, note="Kosten fehlen")  # a second click
    assert (told(), draft.steps.count()) == ([], 2)
    states.submit_report(draft, by=people.mediator)
    assert told() == [
        *(("Karin Koordination", "submitted", "2"), ("Anton Ansprech", "submitted", "2")),
    ]
    states.return_report(draft, by=people.coordinator, note="")
    assert told() == [("Anton Ansprech", "returned", "2"), ("Vera Vermittlung", "returned", "2")]
    states.submit_report(draft, by=people.coordinator)
    assert told() == [("Anton Ansprech", "submitted", "3")]
    build(ReportFile.objects.latest("pk"))
    states.approve_report(draft, by=people.coordinator, despite_gaps=True)
    assert told() == []
    public_from = timezone.now() + dt.timedelta(days=9)
    states.deliver_report(draft, by=people.contact, public_from=public_from)
    assert told() == [("Rita Rat", "delivered", "3")]
    states.deliver_report(draft, by=people.contact, public_from=None)  # a second click
    draft.refresh_from_db()
    assert (told(), draft.public_from) == ([], public_from)
    assert list(draft.steps.values_list("state", "taken_by__full_name").order_by("pk"))[-3:] == [
        ("submitted", "Karin Koordination"),
        ("approved", "Karin Koordination"),
        ("delivered", "Anton Ansprech"),
    ]


def test_what_is_frozen_bears_its_number_its_day_and_the_address_of_its_proof(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    before = timezone.now()
    states.submit_report(draft, by=people.contact)
    states.return_report(draft, by=people.contact, note="")
    InterimReport.objects.filter(pk=draft.pk).update(dated_on=dt.date(2022, 10, 12))
    states.submit_report(draft, by=people.mediator)
    first, second = draft.snapshots.order_by("number")
    assert [(row.number, row.taken_by) for row in (first, second)] == [
        (1, people.contact),
        (2, people.mediator),
    ]
    assert before <= first.taken_at <= second.taken_at <= timezone.now()
    assert (first.data["dated"], second.data["dated"]) == (timezone.localdate().isoformat(), "2022-10-12")
    for row in (first, second):
        assert row.data["check_url"] == f"{settings.BASE_URL}/echt/{row.code}/"
    assert first.code != second.code


def test_a_planned_report_goes_through_work_when_it_is_submitted(people: People, woken: list[int]) -> None:
    report = factories.make_report(people.town, state="planned")
    states.submit_report(report, by=people.contact)
    assert [(step.state, step.taken_by) for step in report.steps.order_by("pk")] == [
        ("draft", people.contact),
        ("submitted", people.contact),
    ]


def test_the_period_must_be_over(people: People, woken: list[int]) -> None:
    today = timezone.localdate()
    for days, is_over in ((0, False), (-1, True)):
        end = today + dt.timedelta(days=days)
        report = factories.make_report(people.town, period_start=end, period_end=end)
        if is_over:
            states.submit_report(report, by=people.contact)
        else:
            with pytest.raises(ReportNotEditable) as refused:
                states.submit_report(report, by=people.contact)
            assert str(refused.value) == (
                f"Der Zeitraum läuft noch bis zum {end:%d.%m.%Y}. Danach können Sie den Bericht einreichen."
            )


def test_opened_is_the_first_period_without_a_report_or_the_one_in_work(people: People) -> None:
    first = states.open_report(people.town)
    assert (first.period_start, first.period_end, first.due_on, first.state) == (
        *(factories.START, factories.END, dt.date(2022, 10, 31), "draft"),
    )
    assert first.consultations.get().committee == "Gemeinderat"
    assert states.open_report(people.town) == first
    factories.take_to(first, "submitted", by=people.contact)
    second = states.open_report(people.town)
    assert (second.period_start, second.period_end) == (dt.date(2022, 10, 1), dt.date(2023, 9, 30))
    ended = people.other_town
    ended.agreements.update(ends_on=factories.END)
    factories.take_to(states.open_report(ended), "submitted", by=people.contact)
    with pytest.raises(ReportNotEditable, match="keinen Zeitraum, über den noch zu berichten ist"):
        states.open_report(ended)


def test_the_one_that_follows_next_gets_the_new_day(people: People) -> None:
    years = {
        year: factories.make_report(
            people.town,
            period_start=dt.date(year, 10, 1),
            period_end=dt.date(year + 1, 9, 30),
            due_on=dt.date(year + 1, 10, 31),
        )
        for year in (2023, 2021, 2022)
    }
    assert states.plan_next(years[2021], due_on=dt.date(2024, 1, 15)) == years[2022]
    due = dict(InterimReport.objects.values_list("period_start__year", "due_on"))
    assert due == {
        2021: dt.date(2022, 10, 31),
        2022: dt.date(2024, 1, 15),
        2023: dt.date(2024, 10, 31),
    }


def test_only_what_was_never_submitted_is_deleted(draft: InterimReport, people: People) -> None:
    other = factories.make_report(people.other_town)
    states.delete_report(other, by=people.coordinator)
    assert list(InterimReport.objects.all()) == [draft]
    draft.snapshots.create(number=1, data={}, taken_by=people.contact)
    with pytest.raises(ReportNotEditable, match="schon einmal eingereicht"):
        states.delete_report(draft, by=people.coordinator)
    planned = factories.make_report(people.other_town)
    factories.take_to(planned, "submitted", by=people.contact)
    with pytest.raises(ReportNotEditable, match="schon einmal eingereicht"):
        states.delete_report(planned, by=people.coordinator)
