"""From an imported spreadsheet to activities: upload, meaning of the columns, check, storing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from activities.imports import services
from activities.imports.answer_views import rows_page
from activities.imports.checked import summary
from activities.imports.columns import folded
from activities.imports.files import marked_file, template_file
from activities.imports.forms import ColumnsForm, UploadForm, WordsForm
from activities.imports.known import names_to_choose
from activities.imports.models import ActivityImport, ImportRun, RowVerdict, RunKind, RunStep
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.downloads import content_disposition
from kiv_portal.jobs.models import JobState
from kiv_portal.uploads.spreadsheet import SpreadsheetRefused
from mediators.models import Mediator
from mediators.people.views import get_own_mediator

PAGE_SIZE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def get_import(request: SignedInRequest, pk: int) -> ActivityImport:
    """Somebody else's: 404."""
    return get_object_or_404(
        ActivityImport.objects.visible_to(request.user).select_related("mediator"), pk=pk
    )


def import_list(request: SignedInRequest) -> HttpResponse:
    mediator = get_own_mediator(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid() and (imported := _opened(request, mediator, form)):
        return redirect("import_columns", pk=imported.pk)
    own = ActivityImport.objects.visible_to(request.user).defer("columns")
    context = {
        "form": form,
        "page": Paginator(own, PAGE_SIZE).get_page(request.GET.get("page")),
        "kept_days": ActivityImport.KEPT_DAYS,
    }
    return render(request, "activities/imports/list.html", context)


def _opened(request: SignedInRequest, mediator: Mediator, form: UploadForm) -> ActivityImport | None:
    file = form.cleaned_data["file"]
    try:
        return services.open_import(mediator, name=file.name, data=file.read(), by=request.user)
    except SpreadsheetRefused as refused:
        form.add_error("file", str(refused))
        return None


@require_GET
def import_template(request: SignedInRequest) -> HttpResponse:
    own_towns = list(get_own_mediator(request).towns())
    file = template_file(names_to_choose(own_towns), has_several_towns=len(own_towns) > 1)
    return _download(file, "Vorlage-Aktivitaeten.xlsx")


def _download(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=XLSX, headers=headers)


def import_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    typed = request.POST if request.method == "POST" else restore_unsaved(request)
    form = ColumnsForm(typed, imported=imported)
    if request.method == "POST":
        if form.wants_to_be_read_otherwise:
            return _read_again(request, imported, form)
        if form.is_valid() and _explained(request, imported, form):
            return _after_explaining(request, imported)
    return render(request, "activities/imports/columns.html", {"imported": imported, "form": form})


def _read_again(request: SignedInRequest, imported: ActivityImport, form: ColumnsForm) -> HttpResponse:
    try:
        services.read_otherwise(imported, encoding=form.said("encoding"), separator=form.said("separator"))
    except (SpreadsheetRefused, services.ImportRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.info(request, "Die Datei ist neu gelesen. Bitte prüfen Sie die Beispiele und die Zuordnung.")
    return redirect("import_columns", pk=imported.pk)


def _explained(request: SignedInRequest, imported: ActivityImport, form: ColumnsForm) -> bool:
    try:
        services.explain_columns(imported, targets=form.targets, defaults=form.defaults)
    except services.ImportRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _after_explaining(request: SignedInRequest, imported: ActivityImport) -> HttpResponse:
    """To the words that nobody has explained yet, or straight to the check."""
    known = imported.meanings
    unknown = services.unknown_words(imported)
    if any(folded(word) not in known.get(field, {}) for field, words in unknown.items() for word in words):
        return redirect("import_words", pk=imported.pk)
    return _run(request, imported, RunKind.CHECK)


def import_words(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    typed = request.POST if request.method == "POST" else restore_unsaved(request)
    form = WordsForm(typed, imported=imported)
    if request.method == "POST" and form.is_valid():
        try:
            services.explain_words(imported, form.meanings)
        except services.ImportRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _run(request, imported, RunKind.CHECK)
    return render(request, "activities/imports/words.html", {"imported": imported, "form": form})


@require_GET
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    context = _status(imported)
    if context["run"] is None:
        return redirect("import_columns", pk=pk)
    if context["is_checked"]:
        context |= rows_page(request, imported, context["counts"])
    return render(request, "activities/imports/detail.html", context)


def _status(imported: ActivityImport) -> dict[str, Any]:
    run = services.last_run(imported)
    is_done = run is not None and run.state == JobState.DONE
    is_checked = run is not None and is_done and run.kind == RunKind.CHECK
    counts = summary(imported) if is_checked else {}
    new = sum(counts.get(verdict, 0) for verdict in RowVerdict.stored)
    return {
        "imported": imported,
        "run": run,
        "steps": run_steps(run) if run else [],
        "has_failed": run is not None and run.state == JobState.FAILED,
        "is_checked": is_checked,
        "is_stored": is_done and not is_checked,
        "counts": counts,
        "new": new,
        "ready": new - counts.get(RowVerdict.ASK, 0),
        "errors": counts.get(RowVerdict.ERROR, 0),
        "can_store": is_checked and new > 0 and not any(counts.get(verdict) for verdict in RowVerdict.open),
    }


def run_steps(run: ImportRun) -> list[dict[str, str]]:
    """The worker's steps for the stepper."""
    labels = dict(RunStep.choices)
    labels[RunStep.STORE] = "Ergebnis ablegen" if run.kind == RunKind.CHECK else "Aktivitäten speichern"
    order = list(RunStep)
    at = order.index(RunStep(run.step))
    current = "failed" if run.state == JobState.FAILED else "current"
    states = ["done"] * at + [current] + ["todo"] * (len(order) - at - 1)
    return [{"label": labels[step], "state": state} for step, state in zip(order, states, strict=True)]


@require_GET
def import_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a worker reads; when it has finished, the whole page is another one."""
    imported = get_import(request, pk)
    context = _status(imported)
    if context["run"] is None or not context["run"].is_unfinished:
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return redirect("import_detail", pk=pk)
    return render(request, "activities/imports/_status.html", context)


@require_POST
def import_check(request: SignedInRequest, pk: int) -> HttpResponse:
    return _run(request, get_import(request, pk), RunKind.CHECK)


@require_POST
def import_store(request: SignedInRequest, pk: int) -> HttpResponse:
    return _run(request, get_import(request, pk), RunKind.STORE)


def _run(request: SignedInRequest, imported: ActivityImport, kind: RunKind) -> HttpResponse:
    try:
        services.request_run(imported, kind, by=request.user)
    except services.ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect("import_detail", pk=imported.pk)


@require_POST
def import_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    if not services.call_off(imported):
        messages.info(request, "Es war schon fertig. Zum Abbrechen war es zu spät.")
    return redirect("import_detail", pk=pk)


@require_GET
def import_marked(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    try:
        lines = services.table_of(imported).lines
    except SpreadsheetRefused as refused:
        messages.error(request, str(refused))
        return redirect("import_detail", pk=pk)
    return _download(marked_file(lines, imported.targets, imported.rows.all()), "Tabelle-mit-Ergebnis.xlsx")


def import_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    if request.method == "POST":
        name = imported.name
        services.delete_import(imported)
        messages.success(request, f"Gelöscht: {name}")
        return redirect("import_list")
    return render(request, "activities/imports/delete.html", {"imported": imported})
