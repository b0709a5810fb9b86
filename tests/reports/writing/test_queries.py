"""What people read while they write: examples in their order, and what waits for somebody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from activities.models import Concern
from reports.models import CouncilQuestion, InterimReport, ReportSection
from reports.writing import queries
from reports.writing.models import ReportComment
from reports.writing.services import save_section
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(people: People) -> InterimReport:
    return factories.make_report(people.town)


def tell(people: People, title: str, length: int, **values: Any) -> None:
    factories.make_activity(
        people.kiv, people.town, title=title, description="x" * length, minutes=1, **values
    )


def promise(concern: Concern) -> None:
    for state in ("checking", "promised"):
        factories.make_step(concern, state, dt.date(2022, 4, 1))


def titles(report: InterimReport) -> list[str]:
    return [row.title for row in queries.examples_for(report)]


def test_examples_are_what_was_achieved_first_then_what_has_most_to_tell(
    report: InterimReport, people: People
) -> None:
    tell(people, "lang, abgelehnt", 90, result="refused", result_note="Kein Geld.")
    tell(people, "kurz, offen", 1)
    tell(people, "ohne Worte", 0, result="done")
    tell(people, "kurz, umgesetzt", 2, result="done")
    tell(people, "lang, zugesagt", 20, result="promised")
    tell(people, "danach", 99, result="done", day=dt.date(2022, 10, 1))
    assert titles(report) == ["lang, zugesagt", "kurz, umgesetzt", "lang, abgelehnt", "kurz, offen"]


def test_a_handful_of_examples_and_the_newest_of_those_alike(report: InterimReport, people: People) -> None:
    for day in range(1, queries.MOST_EXAMPLES + 3):
        tell(people, f"am {day}.", 9, day=dt.date(2022, 3, day))
    assert titles(report) == [f"am {day}." for day in range(queries.MOST_EXAMPLES + 2, 2, -1)]


def test_what_waits_is_counted_for_its_own_report(report: InterimReport, people: People) -> None:
    other = factories.make_report(people.other_town)
    today = timezone.localdate()
    for number in range(2):
        factories.make_concern(people.town, title=f"neu {number}")
    factories.make_concern(people.town, title="danach", reported_on=dt.date(2022, 10, 1))
    for day in (factories.END - dt.timedelta(days=1), factories.END):
        late = factories.make_concern(people.town, title=f"bis {day}", promised_until=day)
        promise(late)
    for settled_at in (None, None, None, timezone.now()):
        settled_by = people.contact if settled_at else None
        ReportComment.objects.create(
            report=report, text="Bitte kürzen.", author=people.contact,
            settled_at=settled_at, settled_by=settled_by,
        )  # fmt: skip
    CouncilQuestion.objects.create(report=report, text="Was kostet es?")
    CouncilQuestion.objects.create(
        report=report,
        text="Und wer?",
        answer="Das Land.",
        answered_at=timezone.now(),
        answered_by=people.contact,
    )
    names = ("open_comments", "open_questions", "new_concerns", "late_promises", "chosen_photos")
    found = queries.with_open_matters(InterimReport.objects.all())
    waiting = {row.pk: [getattr(row, name) for name in names] for row in found}
    assert waiting == {report.pk: [3, 1, 2, 1, 0], other.pk: [0, 0, 0, 0, 0]}
    running = factories.make_report(
        people.town,
        period_start=dt.date(2022, 10, 1),
        period_end=today + dt.timedelta(days=300),
        due_on=today,
    )
    promise(factories.make_concern(people.town, title="bis heute", promised_until=today))
    row = queries.with_open_matters(InterimReport.objects.filter(pk=running.pk)).get()
    assert (row.late_promises, row.new_concerns) == (2, 3)  # what is promised until today is not late


def test_texts_are_there_for_every_chapter_and_counted_where_written(
    report: InterimReport, people: People
) -> None:
    written = {"outlook": "Es geht weiter.", "costs": "", "easy": "Der Text ist leicht."}
    for key, text in written.items():
        ReportSection.objects.create(report=report, key=key, text=text)
    ReportSection.objects.create(report=factories.make_report(people.other_town), key="costs", text="Fremd")
    texts = queries.texts_of(report)
    assert list(texts) == list(queries.SectionKey.values)
    assert {key: text for key, text in texts.items() if text} == {"outlook": "Es geht weiter."}
    counted = InterimReport.objects.annotate(written=queries.texts_written()).get(pk=report.pk)
    assert counted.written == 1


def test_one_sitting_is_one_version_and_another_person_another(report: InterimReport, people: People) -> None:
    typed = [("A", people.mediator), ("Ab", people.mediator), ("Abc", people.contact)]
    for version, (text, by) in enumerate(typed):
        section = save_section(report, "outlook", text, version=version, by=by)
    found = queries.versions_of(section)
    assert [(v.number, v.text, v.written_by) for v in found] == [
        (3, "Abc", "Anton Ansprech"),
        (2, "Ab", "Vera Vermittlung"),
    ]
