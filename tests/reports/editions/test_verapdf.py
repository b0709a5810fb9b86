"""veraPDF in the worker: its verdict is stored and shown, and what fails it is never released."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from reports.content import report as rendering
from reports.editions import building
from reports.editions import services as editions
from reports.models import InterimReport, ReportFile, ReportState
from reports.steps import services as states
from reports.steps.errors import ReportNotEditable
from reports.steps.record import take_step
from tests import factories
from tests.live import ROOT
from tests.people import People

pytestmark = pytest.mark.django_db
PASSED = {"PDF/UA-1": [], "PDF/A-3a": []}


@pytest.fixture(autouse=True)
def _with_java(settings: Any, tmp_path: Any) -> None:
    settings.VERAPDF = True
    settings.VERAPDF_ROOT = ROOT / "var" / "verapdf"
    settings.MEDIA_ROOT = tmp_path


def build(file: ReportFile) -> ReportFile:
    building.build_file(file.pk, worker="worker@test")
    file.refresh_from_db()
    return file


@pytest.fixture
def broken_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that our own checks let through and that is no PDF/A: its identifier is gone."""
    build_really: Callable[..., rendering.BuiltReport] = rendering.build_report_pdf

    def without_identifier(*arguments: Any, **options: Any) -> rendering.BuiltReport:
        built = build_really(*arguments, **options)
        with pikepdf.open(io.BytesIO(built.pdf)) as pdf:
            del pdf.Root.OutputIntents
            buffer = io.BytesIO()
            pdf.save(buffer)
        assert rendering.check_pdf(buffer.getvalue()).is_accessible
        return rendering.BuiltReport(buffer.getvalue(), built.verdict)

    monkeypatch.setattr("reports.content.editions.build_report_pdf", without_identifier)


def test_the_verdict_is_stored_and_shown_to_staff_only(people: People, submitted, file) -> None:
    build(file)
    assert file.verdict["verapdf"] == PASSED
    assert file.is_accessible
    sentence = "Mit veraPDF geprüft: PDF/UA-1 und PDF/A-3a bestanden."
    address = reverse("report_detail", args=[submitted.pk])
    assert sentence in people.client("contact").get(address).content.decode()
    approve = reverse("report_approve", args=[submitted.pk])
    assert sentence in people.client("coordinator").get(approve).content.decode()
    factories.deliver(submitted, by=people.coordinator)
    assert "veraPDF" not in people.client("councillor").get(address).content.decode()


def test_a_file_that_fails_is_kept_for_a_look_and_never_released(
    people: People, submitted: InterimReport, file: ReportFile, broken_pdf: None
) -> None:
    build(file)
    assert (file.is_done, file.is_accessible) == (True, False)
    assert file.verdict["verapdf"]["PDF/UA-1"] == []
    assert file.verdict["verapdf"]["PDF/A-3a"]
    page = people.client("contact").get(reverse("report_detail", args=[submitted.pk])).content.decode()
    assert "veraPDF: PDF/A-3a nicht bestanden." in page
    assert "PDF/A-3a (veraPDF), Regel" in page
    with pytest.raises(ReportNotEditable, match="nicht bestanden"):
        states.approve_report(submitted, by=people.coordinator, despite_gaps=True)

    # the database says no as well, whoever asks
    for state in (ReportState.APPROVED, ReportState.DELIVERED):
        report = InterimReport.objects.get(pk=submitted.pk)
        with pytest.raises(IntegrityError, match=r"failed its check|does not go"), transaction.atomic():
            take_step(report, state, by=people.coordinator)
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


def test_without_java_the_verdict_says_so_and_the_own_checks_remain_the_gate(
    people: People, submitted, file, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    build(file)
    assert file.verdict["verapdf"] is None
    page = people.client("contact").get(reverse("report_detail", args=[submitted.pk])).content.decode()
    assert "Nicht mit veraPDF geprüft; die Prüfung des Portals gilt." in page
    states.approve_report(submitted, by=people.coordinator, despite_gaps=True)


def test_a_java_that_breaks_down_is_a_sentence_and_can_be_tried_again(
    people: People, submitted, file, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'Could not reserve enough space' >&2\nexit 1\n")
    java.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        build(file)
    assert (file.has_failed, file.attempts) == (True, 1)
    assert file.reason.startswith("Die Prüfung mit veraPDF ist nicht fertig geworden.")
    again = editions.request_files(submitted, by=people.contact)
    assert build(again).is_accessible


def test_it_can_be_turned_off(file, settings: Any) -> None:
    settings.VERAPDF = False
    assert build(file).verdict["verapdf"] is None
