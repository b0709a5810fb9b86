"""From work to the council: what freezes, what refuses, and what nobody can change any more."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import fields

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from activities.models import Activity
from reports.editions import services as editions
from reports.figures.snapshot import Texts, to_json
from reports.models import (
    FileState,
    InterimReport,
    ReportFile,
    ReportSection,
    ReportSnapshot,
    ReportState,
    SectionKey,
)
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable, SectionChanged
from reports.steps.freezing import snapshot_of
from reports.writing import services as texts
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
COLUMNS = ", ".join(f.column for f in ReportFile._meta.concrete_fields if not f.primary_key)


def refused_by(sql: str, *values: object) -> str:
    """The name or text with which PostgreSQL refuses a statement."""
    with pytest.raises(Exception) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(refusal.value)


# --- submission


def test_submission_freezes_figures_and_texts(draft: InterimReport, people: People, woken: list[int]) -> None:
    texts.save_section(draft, "outlook", "Ein Aufzug fehlt.", version=0, by=people.contact)
    states.submit_report(draft, by=people.contact)
    snapshot = ReportSnapshot.objects.get()
    assert snapshot.number == 1
    assert snapshot.taken_by == people.contact
    assert snapshot.data["totals"]["activities"] == 3
    assert snapshot.data["texts"]["outlook"] == "Ein Aufzug fehlt."
    for change in (
        lambda: factories.make_activity(people.kiv, people.town, day=dt.date(2022, 4, 1)),
        lambda: Activity.objects.filter(day=dt.date(2022, 3, 1)).update(minutes=1),
        lambda: Activity.objects.filter(day=dt.date(2022, 3, 1)).update(day=dt.date(2023, 1, 1)),
        lambda: Activity.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="closed by a report"), transaction.atomic():
            change()
    before, data = Activity.objects.count(), snapshot.data
    # days beyond the period stay open
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 10, 1))
    snapshot.refresh_from_db()
    assert Activity.objects.count() == before + 1
    assert snapshot.data == data


def test_submitted_twice_is_submitted_once(draft: InterimReport, people: People, woken: list[int]) -> None:
    first = states.submit_report(draft, by=people.contact)
    again = states.submit_report(draft, by=people.coordinator)  # with what the second window still shows
    assert first == again
    assert (ReportSnapshot.objects.count(), ReportFile.objects.count()) == (1, 1)


def test_period_that_still_runs_is_not_closed(people: People, woken: list[int]) -> None:
    """The log would be closed for days that are still to come."""
    today = timezone.localdate()
    running = factories.make_report(
        people.town, period_start=today - dt.timedelta(days=300), period_end=today
    )
    with pytest.raises(ReportNotEditable, match=f"läuft noch bis zum {today:%d.%m.%Y}"):
        states.submit_report(running, by=people.contact)
    assert not ReportSnapshot.objects.exists()
    over = dt.timedelta(days=1)
    InterimReport.objects.filter(pk=running.pk).update(period_end=today - over)
    states.submit_report(running, by=people.contact)
    assert ReportSnapshot.objects.exists()


def test_taken_back_and_submitted_again_is_the_second_edition(
    submitted: InterimReport, people: People
) -> None:
    states.return_report(submitted, by=people.contact, note="Bitte ändern")
    submitted.refresh_from_db()
    assert submitted.is_editable
    factories.make_activity(people.kiv, people.town, day=dt.date(2022, 4, 1))
    texts.save_section(submitted, "costs", "1.540 Euro", version=0, by=people.contact)
    pdf = states.submit_report(submitted, by=people.contact)
    assert pdf.snapshot.number == 2
    assert editions.current_pdf(submitted) == pdf
    amounts = {s.number: s.data["totals"]["activities"] for s in ReportSnapshot.objects.all()}
    assert amounts == {1: 3, 2: 4}
    assert ReportSnapshot.objects.get(number=1).data["texts"]["costs"] == ""


def test_file_of_an_older_edition_is_never_the_current_one(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    states.return_report(submitted, by=people.contact, note="Bitte ändern")
    second = states.submit_report(submitted, by=people.contact)
    build(file)  # the worker comes to the first one only now
    assert file.state == FileState.DONE
    assert editions.current_pdf(submitted) == second
    with pytest.raises(ReportNotEditable, match="erst freigegeben werden, wenn alle Dateien fertig sind"):
        factories.deliver(submitted, by=people.coordinator)


def test_snapshot_is_plain_json(draft: InterimReport, people: People, woken: list[int]) -> None:
    InterimReport.objects.filter(pk=draft.pk).update(author="Amt für Soziales")
    draft.consultations.create(session_on=dt.date(2022, 11, 22), role="note")
    draft.refresh_from_db()
    data = to_json(snapshot_of(draft, dated=dt.date(2022, 10, 12)))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    states.submit_report(draft, by=people.contact)
    snapshot = ReportSnapshot.objects.get()
    frozen = {
        "dated": timezone.localdate().isoformat(),
        "check_url": f"{settings.BASE_URL}/echt/{snapshot.code}/",
    }
    assert snapshot.data == data | frozen


# --- texts


def test_two_writers_lose_nothing(draft: InterimReport, people: People) -> None:
    first = texts.save_section(draft, "outlook", "Von Anton", version=0, by=people.contact)
    assert first.version == 1
    with pytest.raises(SectionChanged) as change:
        texts.save_section(draft, "outlook", "Von Karin", version=0, by=people.coordinator)
    assert (change.value.current.text, change.value.current.version) == ("Von Anton", 1)
    assert ReportSection.objects.get().text == "Von Anton"
    texts.save_section(draft, "outlook", "Von beiden", version=1, by=people.coordinator)
    section = ReportSection.objects.get()
    assert (section.text, section.version, section.updated_by) == ("Von beiden", 2, people.coordinator)


def test_every_stand_of_a_text_is_in_the_history(draft: InterimReport, people: People) -> None:
    for version, text in enumerate(("eins", "zwei", "drei")):
        texts.save_section(draft, "outlook", text, version=version, by=people.contact)
    events = ReportSection.pgh_event_model.objects.order_by("pgh_id").values_list("text", flat=True)
    assert list(events) == ["", "eins", "zwei", "drei"]


def test_texts_of_a_submitted_report_do_not_change(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    texts.save_section(draft, "outlook", "Eins", version=0, by=people.contact)
    states.submit_report(draft, by=people.contact)
    with pytest.raises(ReportNotEditable, match="Die Texte lassen sich nicht mehr ändern"):
        texts.save_section(draft, "outlook", "Zwei", version=1, by=people.contact)
    assert ReportSection.objects.get().text == "Eins"
    for sql in ("UPDATE reports_reportsection SET text = 'Zwei'", "DELETE FROM reports_reportsection"):
        assert "texts of a submitted report" in refused_by(sql)


# --- release


def test_only_finished_accessible_files_are_released(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    with pytest.raises(ReportNotEditable, match="erst freigegeben werden, wenn alle Dateien fertig sind"):
        factories.deliver(submitted, by=people.coordinator)
    build(file, is_accessible=False)
    assert file.state == FileState.DONE
    with pytest.raises(ReportNotEditable, match="Barrierefreiheit nicht bestanden"):
        factories.deliver(submitted, by=people.coordinator)
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


def test_only_the_edition_that_was_seen_is_released(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    states.return_report(submitted, by=people.contact, note="Bitte ändern")
    second = states.submit_report(submitted, by=people.contact)
    build(second)
    with pytest.raises(ReportNotEditable, match="Inzwischen gibt es eine andere Ausgabe"):
        factories.deliver(submitted, by=people.coordinator, snapshot_id=file.snapshot_id)
    factories.deliver(submitted, by=people.coordinator, snapshot_id=second.snapshot_id)
    submitted.refresh_from_db()
    assert submitted.is_at_council


def test_draft_is_not_released(draft: InterimReport, people: People) -> None:
    with pytest.raises(ReportNotEditable, match="erst freigegeben werden"):
        factories.deliver(draft, by=people.coordinator)


def test_released_twice_is_released_once(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    factories.deliver(submitted, by=people.coordinator)
    first = InterimReport.objects.get(pk=submitted.pk)
    factories.deliver(submitted, by=people.contact)
    again = InterimReport.objects.get(pk=submitted.pk)
    assert again.delivered_at == first.delivered_at
    steps = [(step.state, step.taken_by) for step in submitted.steps.all()]
    assert steps[-2:] == [("approved", people.coordinator), ("delivered", people.coordinator)]


def test_what_was_released_stays(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    factories.deliver(submitted, by=people.coordinator)
    with pytest.raises(ReportNotEditable, match="nur nach dem Einreichen und vor der Zustellung"):
        states.return_report(submitted, by=people.coordinator, note="Bitte ändern")
    for sql in (
        "UPDATE reports_interimreport SET state = 'draft', submitted_at = NULL, delivered_at = NULL",
        "UPDATE reports_interimreport SET author = 'jemand'",
        "DELETE FROM reports_interimreport",
    ):
        refusal = refused_by(sql)
        expected = (
            "a delivered report stays",
            "a report does not go",
            "a delivery is withdrawn by two people",
        )
        assert any(sentence in refusal for sentence in expected), sql
    for sql in (
        "UPDATE reports_reportfile SET sha256 = repeat('0', 64)",
        "DELETE FROM reports_reportfile",
        "UPDATE reports_reportsnapshot SET data = '{}'",
        "DELETE FROM reports_reportsnapshot",
    ):
        assert "pgtrigger: Cannot" in refused_by(sql), sql


def test_snapshot_is_append_only_before_the_release_too(submitted: InterimReport) -> None:
    for sql in ("UPDATE reports_reportsnapshot SET number = 2", "DELETE FROM reports_reportsnapshot"):
        assert "pgtrigger: Cannot" in refused_by(sql)


def test_history_is_append_only(submitted: InterimReport) -> None:
    for sql in (
        "DELETE FROM reports_interimreportevent",
        "UPDATE reports_interimreportevent SET pgh_label = 'x'",
        "DELETE FROM reports_reportfileevent",
        "UPDATE reports_reportfileevent SET pgh_label = 'x'",
    ):
        assert "pgtrigger: Cannot" in refused_by(sql)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE reports_interimreport SET state = 'submitted'", "report_submitted_with_date"),
        ("UPDATE reports_interimreport SET state = 'delivered', submitted_at = now()", "does not go from"),
        ("UPDATE reports_interimreport SET delivered_at = now()", "report_delivered_with_date"),
        ("UPDATE reports_interimreport SET public_from = now()", "report_public_only_at_council"),
        ("UPDATE reports_interimreport SET period_end = period_start - 1", "report_period_in_order"),
    ],
)
def test_database_refuses_half_a_state(draft: InterimReport, sql: str, constraint: str) -> None:
    assert constraint in refused_by(sql)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE reports_reportfile SET state = 'running'", "edition_running_with_lease"),
        ("UPDATE reports_reportfile SET state = 'done'", "edition_done_with_file"),
        ("UPDATE reports_reportfile SET state = 'failed'", "edition_failed_with_reason"),
        (
            f"INSERT INTO reports_reportfile ({COLUMNS}) SELECT {COLUMNS} FROM reports_reportfile",  # noqa: S608
            "edition_once_a_snapshot",
        ),
    ],
)
def test_database_refuses_half_a_file(file: ReportFile, sql: str, constraint: str) -> None:
    assert constraint in refused_by(sql)


def test_two_reports_of_a_town_do_not_overlap(draft: InterimReport) -> None:
    with pytest.raises(IntegrityError, match="report_no_overlap"), transaction.atomic():
        factories.make_report(draft.municipality, period_start=draft.period_end, period_end=draft.period_end)


def test_every_text_has_its_place_in_the_snapshot() -> None:
    assert {field.name for field in fields(Texts)} == set(SectionKey.values)
