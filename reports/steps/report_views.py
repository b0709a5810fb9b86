"""The list of reports, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kiv_portal.accounts.requests import SignedInRequest
from mediators.models import towns_of
from municipalities.models import Municipality
from reports.content.tables import people_figure
from reports.council import services as council
from reports.council.corrections import corrections_of
from reports.council.models import Consultation
from reports.editions.models import FileKind
from reports.editions.services import delivered_files, delivered_snapshot
from reports.editions.views import files_context
from reports.figures.figures import frozen_figures, report_figures
from reports.renewals.queries import around_delivery
from reports.steps.errors import ReportNotEditable
from reports.steps.freezing import paper_changes, paper_from
from reports.steps.guards import get_report
from reports.steps.models import STEPS, InterimReport, ReportState, ReportStep
from reports.steps.services import open_report
from reports.writing.forms import SECTION_HELP
from reports.writing.models import EASY, EASY_LABEL, SectionKey
from reports.writing.queries import texts_written
from reports.writing.readiness import what_is_missing

PAGE_SIZE = 25


@require_GET
def report_list(request: SignedInRequest) -> HttpResponse:
    reports = (
        InterimReport.objects.visible_to(request.user)
        .with_town()
        .with_overdue(timezone.localdate())
        .annotate(written=texts_written())
    )
    context = {
        "page": Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page")),
        "number_of_texts": len(SectionKey),
        "works_on_reports": bool(towns_of(request.user)),
    }
    return render(request, "reports/steps/report_list.html", context)


@require_GET
def report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, has_open_matters=True)
    if not request.user.has_perm("reports.change_interimreport", report):
        return _delivered(request, report)
    sections = {section.key: section for section in report.sections.all()}
    texts = {key: sections[key].text if key in sections else "" for key in SectionKey.values}
    frozen = None if report.is_editable else report.snapshots.latest("number").frozen
    figures = frozen_figures(frozen) if frozen else report_figures(report, is_compared=False)
    consultations = consultations_of(report)
    prefetch_related_objects([report], Prefetch("steps", ReportStep.objects.select_related("taken_by")))
    decisions = _decisions(request, report) if report.is_at_council else []
    is_decided = any(row["decision"].is_final for row in decisions)
    context = files_context(request, report) | {
        "figures": figures,
        "sections": [
            {"key": key, "label": key.label, "text": texts[key], "help": SECTION_HELP[key]}
            for key in SectionKey
        ],
        "easy_text": sections[EASY].text if EASY in sections else "",
        "easy_label": EASY_LABEL,
        "written": sum(bool(text.strip()) for text in texts.values()),
        "missing": what_is_missing(report, texts, figures, consultations) if report.is_editable else [],
        "consultations": consultations,
        "number_of_photos": sum(len(group.pictures) for group in frozen.photos)
        if frozen
        else report.chosen_photos,
        "steps": report.steps.all(),
        "may": _may(request, report, is_decided),
        "decisions": decisions,
        "is_decided": is_decided,
        "moved": []
        if frozen is None or is_decided
        else paper_changes(frozen.paper, paper_from(consultations, report)),
        "can_renew": request.user.has_perm("reports.renew_interimreport", report),
        "can_delete": request.user.has_perm("reports.delete_interimreport", report) and is_deletable(report),
    }
    if any(step.state == ReportState.DELIVERED for step in report.steps.all()):
        context |= around_delivery(report)
    return render(request, "reports/steps/report_detail.html", context)


def _decisions(request: SignedInRequest, report: InterimReport) -> list[dict[str, Any]]:
    """Each with whether this person may still put it right, and what stood there before."""
    rows = list(report.decisions.select_related("consultation").prefetch_related("corrections__corrected_by"))
    may = bool(rows) and request.user.has_perm("reports.decide_interimreport", report)
    sessions = council.sessions_of(report.municipality_id) if may else []
    return [
        {
            "decision": decision,
            "can_correct": may and council.is_correctable(decision, sessions, timezone.localdate()),
            "corrections": corrections_of(decision),
        }
        for decision in rows
    ]


def _may(request: SignedInRequest, report: InterimReport, is_decided: bool) -> dict[str, bool]:
    """{action: whether this person may do it now}: by the permission table, and by the state of the report."""
    following = STEPS[report.state]
    is_open = report.is_at_council and not is_decided
    possible = {
        "submit": report.is_editable,
        "return": report.state in (ReportState.SUBMITTED, ReportState.APPROVED),
        "approve": ReportState.APPROVED in following,
        "deliver": report.state == ReportState.APPROVED,
        "publish": report.is_at_council,
        "file": report.is_at_council,
        "decide": is_open,
        "follow_up": is_decided,
        "renew": report.is_at_council and not report.is_renewed,
        "reschedule": not report.is_editable and not is_decided,
        "withdraw": is_open,
    }
    return {
        action: can and request.user.has_perm(f"reports.{action}_interimreport", report)
        for action, can in possible.items()
    }


def _delivered(request: SignedInRequest, report: InterimReport) -> HttpResponse:
    """What the council sees: the delivered files and what they are about, from the frozen data."""
    return render(request, "reports/steps/report_delivered.html", delivered_context(report))


def delivered_context(report: InterimReport, *, left_out: Sequence[str] = ()) -> dict[str, Any]:
    """`left_out` are the kinds of file that are not for who reads here."""
    asked_for = [file for file in delivered_files(report) if file.kind not in left_out]
    files = [file for file in asked_for if file.is_accessible]
    snapshot = asked_for[0].snapshot if asked_for else delivered_snapshot(report)
    if snapshot is None:
        raise Http404
    data = snapshot.frozen
    return {
        "report": report,
        "files": files,
        "all_accessible": True,  # the others never leave the house
        "pdf": next((file for file in files if file.kind == FileKind.PDF), None),
        "readable": next((file for file in files if file.kind == FileKind.HTML), None),
        "is_building": any(file.is_unfinished for file in asked_for),
        "snapshot": snapshot,
        "data": data,
        "reached": people_figure(data),
        "consultations": consultations_of(report),
        "decisions": report.decisions.select_related("consultation").prefetch_related("corrections"),
        "questions": report.questions.answered() if report.state != ReportState.DECIDED else [],
        "replaced": report.new_editions.delivered().filter(number=snapshot.number).first(),
        "is_renewed": report.is_renewed,
    }


def consultations_of(report: InterimReport) -> list[Consultation]:
    return list(report.consultations.filter(deleted_at=None))


def is_deletable(report: InterimReport) -> bool:
    """A report that was never closed."""
    return report.is_editable and all(step.state != ReportState.SUBMITTED for step in report.steps.all())


@require_POST
def report_create(request: SignedInRequest, slug: str) -> HttpResponse:
    """Open the next report of a town, with the period that its agreement says."""
    town = get_object_or_404(Municipality.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("municipalities.change_municipality", town):
        raise PermissionDenied
    try:
        report = open_report(town)
    except ReportNotEditable as error:
        messages.error(request, str(error))
        return redirect("municipality_detail", slug=slug)
    return redirect("report_detail", pk=report.pk)
