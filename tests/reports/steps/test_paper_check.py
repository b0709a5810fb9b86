"""A paper with gaps is approved only on purpose, one that contradicts itself never."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from reports.models import InterimReport, ReportFile, ReportState
from reports.renewals.services import renew_paper
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.steps.paper_check import contradiction_in
from reports.writing import services as texts
from tests.people import People

pytestmark = pytest.mark.django_db
DECIDE, PREPARE, NOTE = "Beschlussfassung", "Vorberatung", "Kenntnisnahme"


@pytest.mark.parametrize(
    ("proposal", "roles", "is_refused"),
    [
        ("", [DECIDE], True),
        (" \n", [PREPARE, DECIDE], True),
        ("", [NOTE], False),
        ("", [PREPARE], False),
        ("", [], False),
        ("1. Weiter.", [DECIDE, NOTE], False),
        ("1. Weiter.", [NOTE], True),
        ("1. Weiter.", [PREPARE, NOTE], False),
        ("1. Weiter.", [], False),
    ],
)
def test_what_contradicts_itself(proposal: str, roles: list[str], is_refused: bool) -> None:
    assert bool(contradiction_in(proposal, roles)) is is_refused


def test_a_contradiction_is_not_handed_in(draft: InterimReport, people: People) -> None:
    draft.consultations.create()
    page = reverse("report_submit", args=[draft.pk])
    shown = people.client("contact").get(page).content.decode()
    assert ("keinen Beschlussvorschlag" in shown, ">Bericht einreichen</button>" in shown) == (True, False)
    with pytest.raises(ReportNotEditable, match="keinen Beschlussvorschlag"):
        states.submit_report(draft, by=people.contact)
    texts.save_section(draft, "proposal", "1. Es geht weiter.", version=0, by=people.contact)
    states.submit_report(draft, by=people.contact)


def test_a_contradiction_of_a_frozen_report_is_not_approved(
    submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    submitted.consultations.create()
    renew_paper(submitted, by=people.contact, reason="Die Sitzung steht fest.")
    build(ReportFile.objects.latest("pk"))
    with pytest.raises(ReportNotEditable, match="keinen Beschlussvorschlag"):
        states.approve_report(submitted, by=people.coordinator, despite_gaps=True)


def test_gaps_are_named_and_approved_on_purpose(
    file: ReportFile, submitted: InterimReport, people: People, build: Callable[..., None]
) -> None:
    build(file)
    staff, page = people.client("coordinator"), reverse("report_approve", args=[submitted.pk])
    names = ("Beschlussvorschlag", "Vorlagen-Nummer", "Verfasst von")
    shown = staff.get(page).content.decode()
    assert all(f"<li>{name}</li>" in shown for name in names)
    for sent in ({}, {"despite": ""}):
        again = staff.post(page, {"snapshot": file.snapshot_id, **sent})
        assert "Bitte bestätigen Sie das" in again.content.decode()
    with pytest.raises(
        ReportNotEditable, match="fehlt: Beschlussvorschlag, Vorlagen-Nummer und Verfasst von"
    ):
        states.approve_report(submitted, by=people.coordinator)
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED
    staff.post(page, {"snapshot": file.snapshot_id, "despite": "on"})
    step = submitted.steps.latest("pk")
    assert step.state == ReportState.APPROVED
    assert (
        step.note == "Freigegeben, obwohl etwas fehlt: Beschlussvorschlag, Vorlagen-Nummer und Verfasst von."
    )


def test_a_whole_paper_asks_nothing(
    draft: InterimReport, people: People, woken: list[int], build: Callable[..., None]
) -> None:
    texts.save_section(draft, "proposal", "1. Es geht weiter.", version=0, by=people.contact)
    InterimReport.objects.filter(pk=draft.pk).update(paper_number="2022/184", author="Hauptamt")
    states.submit_report(draft, by=people.contact)
    build(ReportFile.objects.get())
    states.approve_report(draft, by=people.coordinator)
    assert draft.steps.latest("pk").note == ""
