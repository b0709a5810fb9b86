"""Writing a report together: its texts, their stands, remarks, and the data of the sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.documents import german
from kiv_portal.ui.typed_forms import show_unchecked, write_into
from reports.council.models import Consultation, ProposalTemplate
from reports.council.services import WAY_IS_OVER, is_decided, remove_consultation, save_consultation
from reports.figures.figures import report_figures
from reports.steps.errors import ReportNotEditable, SectionChanged
from reports.steps.guards import FROZEN, act, get_report
from reports.steps.models import InterimReport, ReportState
from reports.writing import placeholders
from reports.writing.differences import differences
from reports.writing.forms import AskingSectionForm, CommentForm, ConsultationForm, PaperForm, SectionForm
from reports.writing.models import TEXT_LABELS, ReportComment, ReportSection, SectionKey
from reports.writing.queries import examples_for, versions_of
from reports.writing.readiness import LONG_TEXT, minutes_to_read, word_count
from reports.writing.services import save_section, settle_comment, write_comment

CHANGED = (
    "Dieser Text wurde inzwischen geändert. Ihre Fassung steht noch hier, die andere darunter. "
    "Wenn Sie noch einmal speichern, gilt Ihre Fassung."
)


def get_section(report: InterimReport, key: str) -> ReportSection:
    """The text, or an empty one that is not stored yet. 404 for a key that is none."""
    if key not in SectionKey.values:
        raise Http404
    section = ReportSection.objects.filter(report=report, key=key).select_related("updated_by").first()
    return section or ReportSection(report=report, key=key)


def report_section(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    section = get_section(report, key)
    form = AskingSectionForm(request.POST or restore_unsaved(request), instance=section)
    if not form.is_bound and not report.is_editable:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    theirs = None
    if request.method == "POST" and (addition := _picked(request, report)):
        _append(form, addition)
    elif request.method == "POST" and form.is_valid():
        theirs = save_or_explain(form, report, key, by=request.user)
        if not form.errors:
            messages.success(request, f"Gespeichert: {TEXT_LABELS[key]}")
            return redirect("report_detail", pk=pk)
    context = (
        _around(report, key)
        | {
            "report": report,
            "form": form,
            "section": section,
            "label": TEXT_LABELS[key],
            "theirs": theirs,
            "differences": differences(theirs.text, form["text"].value() or "") if theirs else [],
        }
        | reading_time(form["text"].value() or "")
    )
    return render(request, "reports/writing/section_form.html", context)


def save_or_explain(form: SectionForm, report: InterimReport, key: str, *, by: Any) -> ReportSection | None:
    """Store the text of a valid form. What kept it from that stands in the form; the other stand comes back."""
    try:
        save_section(report, key, form.cleaned_data["text"], version=form.cleaned_data["version"], by=by)
    except SectionChanged as change:
        write_into(form, "version", str(change.current.version))
        form.add_error("text", CHANGED)
        return change.current
    except ReportNotEditable as error:
        form.add_error(None, str(error))
    return None


def _picked(request: SignedInRequest, report: InterimReport) -> str:
    """The text of the example or template whose button was pressed, or ""."""
    if name := request.POST.get("example"):
        chosen = [row for row in examples_for(report) if str(row.pk) == name]
        return "\n\n".join(f"{german.date(row.day)}: {row.title}. {row.description}" for row in chosen)
    if name := request.POST.get("template"):
        templates = ProposalTemplate.objects.filter(county=report.municipality.county_id)
        return "\n\n".join(template.text for template in templates if str(template.pk) == name)
    return ""


def _append(form: SectionForm, addition: str) -> None:
    """To what is typed, without storing it yet."""
    typed = form.data.get("text", "").rstrip()
    write_into(form, "text", f"{typed}\n\n{addition}" if typed else addition)
    show_unchecked(form)


def _around(report: InterimReport, key: str) -> dict[str, Any]:
    """What helps with writing: figures to set in, examples, templates, remarks."""
    figures = report_figures(report, is_compared=False)
    templates = ProposalTemplate.objects.filter(county=report.municipality.county_id)
    return {
        "placeholders": [
            {"name": name, "meaning": meaning, "today": value(figures)}
            for name, (meaning, value) in placeholders.FIGURES.items()
        ],
        "examples": examples_for(report) if key != SectionKey.PROPOSAL else [],
        "templates": templates if key == SectionKey.PROPOSAL else [],
        "comments": report.comments.filter(key=key, settled_at=None).select_related("author"),
        "comment_form": CommentForm(auto_id="id_comment_%s"),  # the page has another field "text"
    }


def reading_time(text: str) -> dict[str, Any]:
    words = word_count(text)
    return {"words": words, "minutes": minutes_to_read(words), "is_long": words > LONG_TEXT}


@require_POST
def section_autosave(request: SignedInRequest, pk: int, key: str) -> JsonResponse:
    """What is typed, stored while one types. {"version", "at"}, or {"problem"} as a sentence; never overwrites."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    section = get_section(report, key)
    form = SectionForm(request.POST, instance=section)
    if form.is_valid():
        save_or_explain(form, report, key, by=request.user)
    if form.errors:
        problems = [text for texts in form.errors.values() for text in texts]
        return JsonResponse({"problem": str(problems[0])}, status=409)
    saved = ReportSection.objects.filter(report=report, key=key).values_list("version", flat=True).first()
    return JsonResponse({"version": saved or 0, "at": f"{timezone.localtime():%H:%M}"})


def section_versions(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """All stands of a text, each with what changed; an older one can be taken again."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    section = get_section(report, key)
    versions = versions_of(section) if section.pk else []
    if request.method == "POST":
        chosen = next((v for v in versions if str(v.number) == request.POST.get("version")), None)
        if chosen is None:
            raise Http404
        try:
            save_section(report, key, chosen.text, version=section.version, by=request.user)
        except SectionChanged:
            messages.error(
                request, "Der Text wurde gerade geändert. Bitte sehen Sie die Fassungen noch einmal an."
            )
            return redirect("section_versions", pk=pk, key=key)
        except ReportNotEditable as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, f"Die Fassung vom {timezone.localtime(chosen.written_at):%d.%m.%Y} gilt wieder."
            )
        return redirect("report_detail", pk=pk)
    older = [*versions[1:], None]
    context = {
        "report": report,
        "key": key,
        "label": TEXT_LABELS[key],
        "versions": [
            {"version": version, "differences": differences(before.text if before else "", version.text)}
            for version, before in zip(versions, older, strict=False)
        ],
    }
    return render(request, "reports/writing/section_versions.html", context)


# --- remarks


def report_comments(request: SignedInRequest, pk: int) -> HttpResponse:
    """All remarks of a report, and a form for one about all of it."""
    report = get_report(request, pk, perm="reports.change_interimreport")
    form = CommentForm(request.POST or restore_unsaved(request))
    key = request.POST.get("key", "")
    if request.method == "POST" and form.is_valid() and (key == "" or key in TEXT_LABELS):
        write_comment(report, key, form.cleaned_data["text"], by=request.user)
        messages.success(request, "Ihre Bemerkung ist gespeichert.")
        return (
            redirect("report_section", pk=pk, key=key)
            if key in SectionKey.values
            else redirect("report_comments", pk=pk)
        )
    comments = list(report.comments.select_related("author", "settled_by"))
    context = {
        "report": report,
        "form": form,
        "open": [comment for comment in comments if comment.settled_at is None],
        "settled": [comment for comment in comments if comment.settled_at is not None],
    }
    return render(request, "reports/writing/comments.html", context)


@require_POST
def comment_settle(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(
        ReportComment.objects.filter(
            report__in=InterimReport.objects.at_work_of(request.user)
        ).select_related("report__municipality"),
        pk=pk,
    )
    if not request.user.has_perm("reports.change_interimreport", comment.report):
        raise PermissionDenied
    settle_comment(comment, by=request.user)
    messages.success(request, "Erledigt. Die Bemerkung steht weiter unter „Bemerkungen“.")
    if comment.key in SectionKey.values and comment.report.is_editable:
        return redirect("report_section", pk=comment.report_id, key=comment.key)
    return redirect("report_comments", pk=comment.report_id)


# --- the paper and its way through the committees


def report_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    form = PaperForm(request.POST or restore_unsaved(request), instance=report)
    if not form.is_bound and not report.is_editable:
        messages.error(request, FROZEN)
        return redirect("report_detail", pk=pk)
    if request.method == "POST" and form.is_valid():
        # one UPDATE that asks for the state: a report submitted in this moment keeps what was frozen
        rows = InterimReport.objects.filter(pk=pk, state__in=ReportState.editable)
        written = {name: form.cleaned_data[name] for name in PaperForm.Meta.fields}
        if rows.update(**written, updated_at=timezone.now()):
            messages.success(request, "Die Angaben zur Vorlage sind gespeichert.")
            return redirect("report_detail", pk=pk)
        form.add_error(None, FROZEN)
    return render(request, "reports/writing/paper_form.html", {"report": report, "form": form})


def consultation_create(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk, perm="reports.change_interimreport")
    return _consultation(request, Consultation(report=report))


def consultation_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _consultation(request, _get_consultation(request, pk))


def consultation_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    consultation = _get_consultation(request, pk)
    if request.method == "POST":
        return act(
            request,
            consultation.report,
            lambda: remove_consultation(consultation),
            f"Entfernt: {consultation.committee}",
        )
    if is_decided(consultation.report):
        messages.error(request, WAY_IS_OVER)
        return redirect("report_detail", pk=consultation.report_id)
    return render(
        request,
        "reports/writing/consultation_delete.html",
        {"report": consultation.report, "consultation": consultation},
    )


def _get_consultation(request: SignedInRequest, pk: int) -> Consultation:
    consultation = get_object_or_404(
        Consultation.objects.filter(
            report__in=InterimReport.objects.at_work_of(request.user), deleted_at=None
        ).select_related("report__municipality__county"),
        pk=pk,
    )
    if not request.user.has_perm("reports.change_interimreport", consultation.report):
        raise PermissionDenied
    return consultation


def _consultation(request: SignedInRequest, consultation: Consultation) -> HttpResponse:
    report = consultation.report
    form = ConsultationForm(request.POST or restore_unsaved(request), instance=consultation)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            report,
            lambda: save_consultation(consultation),
            f"Gespeichert: {form.instance.committee}",
        )
    if is_decided(report):
        messages.error(request, WAY_IS_OVER)
        return redirect("report_detail", pk=report.pk)
    return render(request, "reports/writing/consultation_form.html", {"report": report, "form": form})
