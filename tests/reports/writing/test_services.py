"""Writing the texts of a report: who wrote what when, and what keeps a text from being overwritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reports.models import EasyTextCheck, InterimReport, ReportSection, ReportState
from reports.steps.errors import ReportNotEditable, SectionChanged
from reports.writing import services
from reports.writing.models import ReportComment
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(people: People) -> InterimReport:
    return factories.make_report(people.town)


def test_a_text_knows_who_wrote_it_when_and_is_kept_from_older_versions(
    report: InterimReport, people: People
) -> None:
    services.save_section(report, "costs", "Andere Kosten.", version=0, by=people.mediator)
    before = timezone.now()
    section = services.save_section(report, "outlook", "Eins", version=0, by=people.contact)
    assert (section.key, section.text, section.version, section.updated_by) == (
        *("outlook", "Eins", 1, people.contact),
    )
    assert before <= section.updated_at <= timezone.now()
    same = services.save_section(report, "outlook", "Eins", version=0, by=people.mediator)
    assert (same.version, same.updated_by) == (1, people.contact)
    with pytest.raises(SectionChanged) as changed:
        services.save_section(report, "outlook", "Zwei", version=0, by=people.mediator)
    assert changed.value.current.text == "Eins"
    assert ReportSection.objects.get(key="costs").text == "Andere Kosten."


@pytest.mark.parametrize("state", ["planned", "draft"])
def test_the_first_text_takes_a_planned_report_to_work(people: People, state: str) -> None:
    report = factories.make_report(people.town, state=state)
    services.save_section(report, "outlook", "Eins", version=0, by=people.mediator)
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    steps = list(report.steps.values_list("state", "taken_by"))
    assert steps == ([("draft", people.mediator.pk)] if state == "planned" else [])


def test_a_remark_is_written_once_until_it_is_settled(report: InterimReport, people: People) -> None:
    elsewhere = factories.make_report(people.other_town)
    first = services.write_comment(report, "costs", "Was kostet es?", by=people.contact)
    assert services.write_comment(report, "costs", "Was kostet es?", by=people.contact) == first
    assert (first.report, first.key, first.text, first.author) == (
        *(report, "costs", "Was kostet es?", people.contact),
    )
    others = [
        services.write_comment(report, "costs", "Und wer?", by=people.contact),
        services.write_comment(report, "outlook", "Was kostet es?", by=people.contact),
        services.write_comment(report, "costs", "Was kostet es?", by=people.mediator),
        services.write_comment(elsewhere, "costs", "Was kostet es?", by=people.contact),
    ]
    assert len({comment.pk for comment in (first, *others)}) == 5
    services.settle_comment(first, by=people.mediator)
    settled = ReportComment.objects.exclude(settled_at=None).get()
    assert (settled, settled.settled_by) == (first, people.mediator)
    services.settle_comment(first, by=people.contact)
    settled.refresh_from_db()
    assert settled.settled_by == people.mediator
    again = services.write_comment(report, "costs", "Was kostet es?", by=people.contact)
    assert again not in (first, *others)


def check_of(report: InterimReport) -> EasyTextCheck:
    return EasyTextCheck(report=report, checked_on=dt.date(2022, 10, 1), group="Prüfgruppe", persons=5)


def test_a_check_is_of_the_version_that_the_group_has_read(report: InterimReport, people: People) -> None:
    def refused(version: int) -> None:
        with pytest.raises(ReportNotEditable, match="nach dem Öffnen dieser Seite geändert"):
            services.record_easy_check(check_of(report), version=version, by=people.contact)

    refused(0)
    services.save_section(report, "costs", "Kosten.", version=0, by=people.mediator)
    refused(1)
    services.save_section(report, "easy", "Alt.", version=0, by=people.mediator)
    services.save_section(report, "easy", "Neu.", version=1, by=people.mediator)
    refused(1)
    services.record_easy_check(check_of(report), version=2, by=people.contact)
    check = EasyTextCheck.objects.get()
    assert (check.text_version, check.recorded_by) == (2, people.contact)
    services.save_section(report, "easy", "", version=2, by=people.mediator)
    refused(3)


def test_nothing_is_written_in_a_submitted_report(report: InterimReport, people: People) -> None:
    other = factories.make_report(people.other_town)
    assert services.locked_for_writing(report) == report
    services.save_section(report, "easy", "Neu.", version=0, by=people.mediator)
    factories.take_to(report, "submitted", by=people.contact)
    with pytest.raises(ReportNotEditable, match="Der Bericht ist eingereicht"):
        services.save_section(report, "outlook", "Eins", version=0, by=people.contact)
    with pytest.raises(ReportNotEditable, match="Der Bericht ist eingereicht"):
        services.record_easy_check(check_of(report), version=1, by=people.contact)
    assert services.locked_for_writing(other) == other
