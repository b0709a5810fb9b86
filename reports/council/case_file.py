"""What an office puts on file of a delivered report, as one ZIP: the PDFs for the archive, what was asked and resolved,
and an index with the reference number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from kiv_portal.downloads import file_name, period_in_name
from reports.editions.members import EARLIEST, Member, finished, member_of_file, member_of_text, zipped
from reports.editions.models import ReportFile
from reports.editions.services import delivered_files, download_name
from reports.steps.models import InterimReport, ReportStep

TEMPLATES = "reports/council/case_file_{}.html"
INDEX, DECISIONS, QUESTIONS = "Inhalt.html", "Beschlüsse.html", "Fragen-und-Antworten.html"


def case_file_name(report: InterimReport) -> str:
    """ "2022-184_Akte_Leonberg.zip" """
    period = "" if report.paper_number else period_in_name(report.period_start, report.period_end)
    return file_name(report.paper_number, "Akte", report.municipality.name, period, extension="zip")


def case_file(report: InterimReport) -> Iterator[bytes]:
    """The ZIP in pieces. The same report gives the same bytes. DamagedFile where a file differs from its SHA-256."""
    return zipped(_members(report))


def _members(report: InterimReport) -> Iterator[Member]:
    files = [file for file in delivered_files(report) if file.is_accessible and file.pages]  # all PDF/A
    for file in files:
        file.snapshot.report = report  # its name asks for the town
    steps = list(report.steps.select_related("taken_by"))
    context = _context(report, files, steps)
    newest = _newest(report, files, steps)
    for name, part in ((INDEX, "index"), (DECISIONS, "decisions"), (QUESTIONS, "questions")):
        if part == "index" or context[part]:
            yield member_of_text(name, render_to_string(TEMPLATES.format(part), context).encode(), newest)
    for file in files:
        yield member_of_file(download_name(file), file)


def _context(report: InterimReport, files: list[ReportFile], steps: list[ReportStep]) -> dict[str, Any]:
    agreement = report.snapshots.latest("number").frozen.agreement
    return {
        "report": report,
        "reference": agreement.reference if agreement else "",
        "files": [(download_name(file), file) for file in files],
        "steps": steps,
        "consultations": report.consultations.filter(deleted_at=None),
        "decisions": report.decisions.all(),
        "questions": report.questions.all(),
    }


def _newest(report: InterimReport, files: list[ReportFile], steps: list[ReportStep]) -> dt.datetime:
    """When something in it happened last, as the clock on the wall showed it."""
    moments = [*(finished(file) for file in files), *(timezone.localtime(step.taken_at) for step in steps)]
    moments += [timezone.localtime(decision.recorded_at) for decision in report.decisions.all()]
    for question in report.questions.all():
        moments.append(timezone.localtime(question.answered_at or question.asked_at))
    return max(moments, default=EARLIEST)
