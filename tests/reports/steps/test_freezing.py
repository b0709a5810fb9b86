"""What a snapshot chooses and in which order: examples, the committee that decides, concerns by place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reports.figures.snapshot import to_json
from reports.models import InterimReport
from reports.steps import services as states
from reports.steps.freezing import EXAMPLES_PER_FIELD, changed_since, snapshot_of
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
DATED = dt.date(2022, 10, 12)


def frozen(report: InterimReport) -> dict[str, Any]:
    return to_json(snapshot_of(report, dated=DATED))


def examples(report: InterimReport, code: str = "bildung") -> list[str]:
    return next(field["examples"] for field in frozen(report)["fields"] if field["code"] == code)


def titles(report: InterimReport, code: str = "bildung") -> list[str]:
    return [example["title"] for example in examples(report, code)]


def test_examples_are_what_was_achieved_first_then_what_has_most_to_tell(people: People) -> None:
    report = factories.make_report(people.town)

    def tell(title: str, length: int, **values: Any) -> None:
        factories.make_activity(people.kiv, people.town, title=title, description="x" * length, **values)

    tell("lang, offen", 90, result="open")
    tell("kurz, offen", 10)
    tell("nichts zu erzählen", 0, result="done")
    assert titles(report) == ["lang, offen", "kurz, offen"]
    tell("kurz, umgesetzt", 5, result="done")
    tell("mittel, zugesagt", 7, result="promised")
    assert titles(report) == ["mittel, zugesagt", "kurz, umgesetzt"]
    tell("lang, umgesetzt", 50, result="done")
    assert titles(report) == ["lang, umgesetzt", "mittel, zugesagt"]
    tell("ebenso lang", 50, result="done")  # of two alike the first one entered
    assert titles(report) == ["lang, umgesetzt", "ebenso lang"]
    assert EXAMPLES_PER_FIELD == 2


def test_examples_stand_at_their_own_field(people: People) -> None:
    report = factories.make_report(people.town)
    values = {"description": "Rampe fehlt.", "result": "done"}
    verkehr = factories.make_field("verkehr")
    factories.make_activity(people.kiv, people.town, title="Bordstein", field=verkehr, **values)
    factories.make_activity(people.kiv, people.town, title="Querschnitt", field=None, **values)
    factories.make_activity(
        people.stranger.mediator, people.other_town, title="Fremd", field=verkehr, **values
    )
    factories.make_activity(
        people.kiv, people.town, title="Zu spät", field=verkehr, day=dt.date(2022, 10, 1), **values
    )
    assert (titles(report, "verkehr"), titles(report, "quer")) == (["Bordstein"], ["Querschnitt"])
    assert examples(report, "verkehr") == [
        {"day": "2022-03-01", "title": "Bordstein", "text": "Rampe fehlt.", "result": "umgesetzt"}
    ]


def test_the_head_names_the_last_committee_that_decides(people: People) -> None:
    report = factories.make_report(people.town)

    def head() -> tuple[str, str | None, bool]:
        paper = frozen(report)["paper"]
        return paper["committee"], paper["session_on"], paper["is_public"]

    assert head() == ("", None, True)
    report.consultations.create(committee="Beirat", role="note", session_on=dt.date(2022, 12, 1))
    assert head() == ("Beirat", "2022-12-01", True)
    report.consultations.create(
        committee="Gemeinderat", role="decide", session_on=dt.date(2022, 11, 22), is_public=False
    )
    report.consultations.create(committee="Hauptausschuss", role="decide", session_on=dt.date(2022, 11, 8))
    report.consultations.create(committee="Ausschuss", role="prepare", session_on=dt.date(2022, 11, 30))
    report.consultations.create(
        committee="Abgesagt", session_on=dt.date(2022, 12, 24), deleted_at="2022-11-01T00:00Z"
    )
    assert head() == ("Gemeinderat", "2022-11-22", False)
    assert [row["committee"] for row in frozen(report)["paper"]["consultations"]] == [
        *("Hauptausschuss", "Gemeinderat", "Ausschuss", "Beirat"),
    ]


def test_the_agreement_of_the_period_is_the_last_one_in_it(people: People) -> None:
    report = factories.make_report(people.town)
    people.town.agreements.update(ends_on=dt.date(2022, 3, 31), reference="alt")
    factories.make_agreement(
        people.town, starts_on=dt.date(2022, 4, 1), ends_on=factories.END, reference="neu"
    )
    factories.make_agreement(people.town, starts_on=dt.date(2022, 10, 1), reference="danach")
    assert frozen(report)["agreement"] == {
        "signed_on": None,
        "starts_on": "2022-04-01",
        "ends_on": "2022-09-30",
        "reference": "neu",
    }


def test_public_concerns_stand_by_place_with_their_last_step_of_the_period(people: People) -> None:
    report = factories.make_report(people.town)
    for title, place in (("Zweitens", "Markt"), ("Erstens", "Bahnhof")):
        concern = factories.make_concern(people.town, title=title, place=place, is_public=True)
        factories.make_step(concern, "checking", dt.date(2022, 4, 1), "Wir sehen nach.")
        factories.make_step(concern, "promised", dt.date(2022, 9, 30), "Im Herbst.")
        factories.make_step(concern, "done", dt.date(2022, 10, 1), "Fertig.")
    hidden = factories.make_concern(people.town, title="Drittens", place="Alte Post")
    factories.make_step(hidden, "checking", dt.date(2022, 4, 1))
    named = frozen(report)["concerns"]["public"]
    assert [(row["title"], row["outcome"], row["sentence"]) for row in named] == [
        ("Erstens", "promised", "Im Herbst."),
        ("Zweitens", "promised", "Im Herbst."),
    ]
    assert [row["since"] for row in named] == ["2022-09-30", "2022-09-30"]


def test_what_came_under_a_frozen_report_is_named_with_both_numbers(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    states.submit_report(draft, by=people.contact)
    snapshot = draft.snapshots.get()
    assert changed_since(snapshot) == []
    snapshot = draft.snapshots.get()
    snapshot.data["totals"]["activities"] -= 1
    snapshot.data["totals"]["travel_minutes"] += 30
    snapshot.data["vacant_days"] += 4
    assert [(change.name, change.difference) for change in changed_since(snapshot)] == [
        ("Aktivitäten", 1),
        ("Minuten Fahrzeit", -30),
        ("Tage ohne KIV", -4),
    ]
