"""Writing together: figures that set themselves in, stands, remarks, easy language, what still fails."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.figures import report_figures
from reports.figures.snapshot import EasyText, GroupCheck
from reports.models import EasyTextCheck, InterimReport, ReportSection, ReportSnapshot, ReportState
from reports.steps import services as states
from reports.steps.freezing import changed_since, snapshot_of
from reports.writing import services as texts
from reports.writing.differences import differences
from reports.writing.placeholders import FIGURES, fill_in, unknown_placeholders
from reports.writing.queries import texts_of, versions_of, with_open_matters
from reports.writing.readiness import what_is_missing
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
NEWS = "Bitte schreiben Sie, was es kostet."


def url(name: str, report: InterimReport, *more: str) -> str:
    return reverse(name, args=[report.pk, *more])


# --- figures that set themselves in


def test_figures_set_themselves_in_when_the_report_is_frozen(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    written = "Es waren {Aktivitäten} Aktivitäten, {Personen} Menschen. {So} bleibt es."
    texts.save_section(draft, "outlook", written, version=0, by=people.contact)
    states.submit_report(draft, by=people.contact)
    frozen = ReportSnapshot.objects.get().data["texts"]["outlook"]
    # three of them are a group that the table hides: the exact sum would tell it
    assert frozen == "Es waren 3 Aktivitäten, mindestens\u00a012 Menschen. {So} bleibt es."
    assert ReportSection.objects.get().text == written


def test_every_figure_has_a_value_also_in_an_empty_year(people: People) -> None:
    figures = report_figures(factories.make_report(people.town))
    assert {name: fill_in(f"{{{name}}}", figures) for name in FIGURES}.keys() == FIGURES.keys()
    assert fill_in("{Aktivitäten}", figures) == "0"


def test_all_unknown_figures_are_said_at_once(draft: InterimReport, people: People) -> None:
    text = "Es gab {Elefanten}, {Aktivitäten}, {Löwen} und {Elefanten}."
    answer = people.client("contact").post(
        url("report_section", draft, "outlook"), {"text": text, "version": 0}
    )
    assert "Diese Zahlen kennt das Portal nicht: {Elefanten}, {Löwen}. Sie finden" in answer.content.decode()


def test_unknown_figure_is_said_at_the_text(draft: InterimReport, people: People) -> None:
    answer = people.client("contact").post(
        url("report_section", draft, "outlook"), {"text": "Es gab {Elefanten}.", "version": 0}
    )
    page = answer.content.decode()
    assert "Diese Zahl kennt das Portal nicht: {Elefanten}" in page
    assert "Es gab {Elefanten}." in page
    assert unknown_placeholders("{Stunden} {Elefanten}") == ["Elefanten"]


# --- stored while one types


def test_text_is_stored_while_one_types(draft: InterimReport, people: People) -> None:
    client, page = people.client("mediator"), url("section_autosave", draft, "outlook")
    first = client.post(page, {"text": "Ein Aufzug", "version": 0}).json()
    second = client.post(page, {"text": "Ein Aufzug fehlt.", "version": first["version"]}).json()
    assert (first["version"], second["version"]) == (1, 2)
    assert ReportSection.objects.get().text == "Ein Aufzug fehlt."


def test_what_is_stored_while_one_types_overwrites_nobody(
    draft: InterimReport, people: People, woken: list[int]
) -> None:
    texts.save_section(draft, "outlook", "Von Anton", version=0, by=people.contact)
    page = url("section_autosave", draft, "outlook")
    answer = people.client("mediator").post(page, {"text": "Von Selin", "version": 0})
    assert answer.status_code == 409
    assert "inzwischen geändert" in answer.json()["problem"]
    states.submit_report(draft, by=people.contact)
    late = people.client("mediator").post(page, {"text": "Von Selin", "version": 1})
    assert (late.status_code, "eingereicht" in late.json()["problem"]) == (409, True)
    assert ReportSection.objects.get().text == "Von Anton"


def test_conflict_shows_both_texts_and_what_differs(draft: InterimReport, people: People) -> None:
    texts.save_section(draft, "outlook", "Der Aufzug fehlt.", version=0, by=people.contact)
    answer = people.client("mediator").post(
        url("report_section", draft, "outlook"), {"text": "Der Aufzug kommt.", "version": 0}
    )
    page = answer.content.decode()
    assert "Das steht dort jetzt" in page
    assert "fehlt.<span" in page
    assert "<ins>" in page
    assert answer.context["form"]["text"].value() == "Der Aufzug kommt."


# --- stands and differences


def test_earlier_stand_can_be_taken_again(draft: InterimReport, people: People) -> None:
    texts.save_section(draft, "outlook", "Eins", version=0, by=people.contact)
    texts.save_section(draft, "outlook", "Zwei", version=1, by=people.mediator)
    section = ReportSection.objects.get()
    stands = versions_of(section)
    assert [(stand.text, stand.written_by) for stand in stands] == [
        ("Zwei", people.mediator.full_name),
        ("Eins", people.contact.full_name),
    ]
    client = people.client("contact")
    assert "gestrichen" in client.get(url("section_versions", draft, "outlook")).content.decode()
    client.post(url("section_versions", draft, "outlook"), {"version": stands[-1].number})
    section.refresh_from_db()
    assert (section.text, section.version) == ("Eins", 3)


def test_what_one_person_types_in_a_sitting_is_one_stand(draft: InterimReport, people: People) -> None:
    for version, text in enumerate(("Ein", "Ein Auf", "Ein Aufzug")):
        texts.save_section(draft, "outlook", text, version=version, by=people.contact)
    assert [stand.text for stand in versions_of(ReportSection.objects.get())] == ["Ein Aufzug"]


@given(old=st.text(max_size=80), new=st.text(max_size=80))
def test_differences_tell_both_texts(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


# --- examples and templates


def test_example_from_the_log_is_added_to_what_is_typed(draft: InterimReport, people: People) -> None:
    activity = factories.make_activity(
        people.kiv, people.town, title="Rampe am Rathaus", description="Sie ist gebaut."
    )
    answer = people.client("mediator").post(
        url("report_section", draft, "at_a_glance"),
        {"text": "Getippt", "version": 0, "example": activity.pk},
    )
    assert answer.context["form"]["text"].value() == (
        "Getippt\n\n01.03.2022: Rampe am Rathaus. Sie ist gebaut."
    )
    assert not ReportSection.objects.exists()
    foreign = factories.make_activity(
        people.stranger.mediator, people.other_town, description="Aus Herrenberg"
    )
    page = people.client("mediator").post(
        url("report_section", draft, "at_a_glance"), {"text": "", "version": 0, "example": foreign.pk}
    )
    assert "Aus Herrenberg" not in page.content.decode()


def test_template_of_the_county_is_added_to_the_proposal(draft: InterimReport, people: People) -> None:
    template = people.town.county.proposal_templates.create(title="Fortführung", text="1. Es geht weiter.")
    answer = people.client("contact").post(
        url("report_section", draft, "proposal"), {"text": "", "version": 0, "template": template.pk}
    )
    assert answer.context["form"]["text"].value() == "1. Es geht weiter."


# --- remarks


def test_remark_is_read_answered_and_settled(draft: InterimReport, people: People) -> None:
    contact, mediator = people.client("contact"), people.client("mediator")
    for _ in range(2):  # a double click
        contact.post(url("report_comments", draft), {"text": NEWS, "key": "costs"})
    comment = draft.comments.get()
    assert NEWS in mediator.get(url("report_section", draft, "costs")).content.decode()
    assert NEWS not in mediator.get(url("report_section", draft, "outlook")).content.decode()
    mediator.post(reverse("comment_settle", args=[comment.pk]))
    comment.refresh_from_db()
    assert comment.settled_by == people.mediator
    assert NEWS not in mediator.get(url("report_section", draft, "costs")).content.decode()
    assert NEWS in contact.get(url("report_comments", draft)).content.decode()


# --- what is missing


def test_what_is_missing_leads_to_where_it_is_mended(draft: InterimReport, people: People) -> None:
    factories.make_concern(people.town)
    factories.make_concern(people.other_town)
    draft.consultations.create()
    client = people.client("contact")
    draft = with_open_matters(InterimReport.objects.all()).with_town().get()
    gaps = what_is_missing(draft, texts_of(draft), report_figures(draft), list(draft.consultations.all()))
    said = " ".join(gap.text for gap in gaps)
    for part in (
        "9 Texte sind noch leer",
        "1 Anliegen ist gemeldet",
        "Vorlagen-Nummer",
        "Termin",
    ):
        assert part in said
    assert {client.get(gap.path).status_code for gap in gaps} == {200}
    concerns = next(gap.path for gap in gaps if "Anliegen" in gap.text)
    both = people.client("coordinator").get(concerns)  # of two towns, so the filter has to name the right one
    assert [row.municipality for row in both.context["page"]] == [people.town]
    page = client.get(url("report_detail", draft)).content.decode()
    assert "Was noch fehlt" in page


# --- planned by themselves


def test_report_of_this_time_appears_by_itself_and_once(people: People) -> None:
    people.town.agreements.update(starts_on=dt.date(2025, 1, 1))
    today = dt.date(2026, 6, 1)
    states.plan_reports(today)
    states.plan_reports(today)
    report = people.town.reports.get()
    assert (report.state, report.period_start, report.period_end) == (
        ReportState.PLANNED,
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
    )
    assert report.due_on == dt.date(2027, 1, 31)
    assert report.consultations.count() == 1
    texts.save_section(report, "outlook", "Erster Satz", version=0, by=people.mediator)
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    assert [step.state for step in report.steps.all()] == ["draft"]


def test_ended_agreement_plans_nothing(people: People) -> None:
    people.town.agreements.update(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
    states.plan_reports(dt.date(2026, 6, 1))
    assert not people.town.reports.exists()


# --- states in the database


def test_nobody_jumps_and_nobody_steps_without_a_name(draft: InterimReport) -> None:
    for state in ("approved", "delivered", "decided", "returned"):
        with pytest.raises(IntegrityError, match="does not go from"), transaction.atomic():
            InterimReport.objects.filter(pk=draft.pk).update(
                state=state, submitted_at=timezone.now(), delivered_at=timezone.now()
            )
    rows = InterimReport.objects.filter(pk=draft.pk)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction
    with pytest.raises(IntegrityError, match="nobody wrote down"), transaction.atomic():
        rows.update(state="submitted", submitted_at=timezone.now())


def test_changes_under_a_frozen_report_are_shown(submitted: InterimReport, people: People) -> None:
    snapshot = submitted.snapshots.get()
    assert changed_since(snapshot) == []
    factories.make_concern(people.town, state="checking", reported_on=dt.date(2022, 5, 1))
    changes = changed_since(snapshot)
    assert [(change.frozen, change.today) for change in changes] == [(0, 1)]
    assert changes[0].name.startswith("Anliegen: ")


# --- easy language


def test_easy_text_is_frozen_with_its_check_and_unchecked_after_a_change(
    draft: InterimReport, people: People
) -> None:
    client = people.client("mediator")
    page = url("easy_text", draft)
    client.post(page, {"text": "Das ist ein Bericht.", "version": 0})
    assert snapshot_of(draft, dated=dt.date(2022, 10, 1)).easy == EasyText(
        text="Das ist ein Bericht.", check=None
    )
    check = {"version": 1, "checked_on": "1.10.2022", "group": "Prüfgruppe Leonberg", "persons": 5}
    client.post(url("easy_check", draft), check)
    frozen = snapshot_of(draft, dated=dt.date(2022, 10, 1)).easy
    assert frozen
    assert frozen.check == GroupCheck(date="2022-10-01", group="Prüfgruppe Leonberg", persons=5)
    client.post(page, {"text": "Das ist ein neuer Bericht.", "version": 1})
    changed = snapshot_of(draft, dated=dt.date(2022, 10, 1)).easy
    assert changed
    assert changed.check is None
    assert "easy" not in texts_of(draft)


def test_check_holds_only_for_the_text_that_was_read(draft: InterimReport, people: People) -> None:
    texts.save_section(draft, "easy", "Alt.", version=0, by=people.mediator)
    texts.save_section(draft, "easy", "Neu.", version=1, by=people.mediator)
    check = {"version": 1, "checked_on": "1.10.2022", "group": "Gruppe", "persons": 5}
    answer = people.client("mediator").post(url("easy_check", draft), check)
    assert "nach dem Öffnen dieser Seite geändert" in answer.content.decode()
    lonely = people.client("mediator").post(url("easy_check", draft), check | {"version": 2, "persons": 1})
    assert "Zu einer Prüfgruppe gehören 2 bis 50 Personen." in lonely.content.decode()
    assert not EasyTextCheck.objects.exists()


def test_easy_text_is_checked_with_and_without_script(draft: InterimReport, people: People) -> None:
    client = people.client("mediator")
    text = "Die Kommune hat z. B. viel gemacht."
    shown = client.post(url("easy_text", draft), {"text": text, "version": 0, "pruefen": "1"})
    assert "Abkürzung" in shown.content.decode()
    assert text in shown.content.decode()
    answer = client.post(url("easy_findings", draft), {"text": text}).json()
    assert answer["findings"]
    begun = client.post(url("easy_text", draft), {"text": "", "version": 0, "draft": "1"})
    assert "Leonberg" in begun.context["form"]["text"].value()
    assert not ReportSection.objects.exists()


def test_saving_asks_about_somebodys_illness_but_typing_does_not(
    people: People, draft: InterimReport
) -> None:
    client, page = people.client("mediator"), url("report_section", draft, "outlook")
    sent = {"text": "Bürgermeister Schmid dankt. Frau Müller leidet an Demenz.", "version": 0}
    assert client.post(url("section_autosave", draft, "outlook"), sent).status_code == 200
    sent["version"] = 1
    answer = client.post(page, sent)
    form = answer.context["form"]
    assert [question.excerpt for question in form.questions] == ["Frau Müller", "Demenz"]
    assert client.post(page, sent | {"privacy_checked": form.privacy_seen}).status_code == 302
