"""Whoever handed a report in does not approve it, where the county asks for two people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from reports.models import InterimReport, ReportFile, ReportState, ReviewMode, ReviewRule
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.steps.four_eyes import refusal_of_one
from reports.steps.record import take_step
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(draft: InterimReport, people: People, woken: list[int], build: Callable[..., None]) -> InterimReport:
    """Handed in by the coordinator, its file built."""
    states.submit_report(draft, by=people.coordinator)
    build(ReportFile.objects.get())
    draft.refresh_from_db()
    return draft


def second(people: People) -> None:
    factories.make_staff(people.newcomer, people.town.county)


def say(people: People, mode: str) -> None:
    ReviewRule.objects.create(county=people.town.county, mode=mode)


@pytest.mark.parametrize(
    ("mode", "two", "refused"),
    [
        ("auto", False, False),
        ("auto", True, True),
        ("always", False, True),
        ("never", True, False),
    ],
)
def test_the_county_decides_and_the_database_agrees(
    own: InterimReport, people: People, mode: str, two: bool, refused: bool
) -> None:
    if two:
        second(people)
    if mode != "auto":
        say(people, mode)
    if not refused:
        states.approve_report(own, by=people.coordinator, despite_gaps=True)
        return
    with pytest.raises(ReportNotEditable, match="vier Augen"):
        states.approve_report(own, by=people.coordinator, despite_gaps=True)
    with pytest.raises(IntegrityError, match="two people submit and approve"), transaction.atomic():
        take_step(own, ReportState.APPROVED, by=people.coordinator)


def test_the_refusal_says_who_may(own: InterimReport, people: People) -> None:
    second(people)
    said = "Freigeben kann ihn Nora Neu."
    assert said in refusal_of_one(own, by=people.coordinator)
    assert refusal_of_one(own, by=people.newcomer) == ""
    page = reverse("report_approve", args=[own.pk])
    shown = people.client("coordinator").get(page).content.decode()
    assert (said in shown, ">Bericht freigeben<" in shown) == (True, False)
    assert ">Bericht freigeben<" in people.client("newcomer").get(page).content.decode()
    states.approve_report(own, by=people.newcomer, despite_gaps=True)
    states.deliver_report(own, by=people.coordinator)  # two people in all


def test_nobody_else_is_there(own: InterimReport, people: People) -> None:
    say(people, "always")
    assert "Zurzeit koordiniert sonst niemand." in refusal_of_one(own, by=people.coordinator)


def test_who_was_it_the_last_time_counts(
    own: InterimReport, people: People, build: Callable[..., None]
) -> None:
    second(people)
    states.return_report(own, by=people.newcomer, note="Bitte ändern")
    states.submit_report(own, by=people.contact)
    build(ReportFile.objects.latest("pk"))
    states.approve_report(own, by=people.coordinator, despite_gaps=True)


def test_the_setting_is_the_countys(people: People) -> None:
    staff, page = people.client("coordinator"), reverse("review_rule", args=["08115"])
    assert "Zurzeit darf eine Person beides." in staff.get(page).content.decode()
    assert staff.post(page, {"mode": "always"}).status_code == 302
    assert ReviewRule.objects.get().mode == ReviewMode.ALWAYS
    assert "Zurzeit gibt eine zweite Person frei." in staff.get(page).content.decode()
