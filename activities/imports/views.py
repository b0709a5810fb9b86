"""From an imported spreadsheet to activities: upload, meaning of the columns, check, storing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from activities.imports import services
from activities.imports.columns import folded
from activities.imports.files import marked_file, template_file
from activities.imports.forms import ColumnsForm, UploadForm, WordsForm
from activities.imports.models import ActivityImport, ImportRun, RowVerdict, RunKind, RunStep
from activities.log.models import ActivityResult
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.jobs.models import JobState
from kiv_portal.uploads.spreadsheet import SpreadsheetRefused
from mediators.models import Mediator
from mediators.people.views import get_own_mediator
from municipalities.programme.queries import Codes, programme_of_towns

PAGE_SIZE = 25
ROWS_A_PAGE = 50
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
    mediator = get_own_mediator(request)
    own_towns = list(mediator.towns())
    programme, towns = programme_of_towns(own_towns), [town.name for town in own_towns]
    choices = {
        "kind": _names(programme.kinds),
        "field": [*_names(programme.fields), "Querschnitt"],
        "result": [result.label for result in ActivityResult],
        "municipality": towns,
    }
    return _download(template_file(choices, has_several_towns=len(towns) > 1), "Vorlage-Aktivitaeten.xlsx")


def _names(codes: Codes) -> list[str]:
    """As they can be written into the table: each county's own name."""
    return list(dict.fromkeys(row.name for row in codes.rows))


def _download(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=XLSX, headers=headers)


def import_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    typed = request.POST if request.method == "POST" else restore_unsaved(request)
    form = ColumnsForm(typed, imported=imported)
    if request.method == "POST":
        if encoding := form.wants_other_encoding:
            return _read_again(request, imported, encoding)
        if form.is_valid() and _explained(request, imported, form):
            return _after_explaining(request, imported)
    return render(request, "activities/imports/columns.html", {"imported": imported, "form": form})


def _read_again(request: SignedInRequest, imported: ActivityImport, encoding: str) -> HttpResponse:
    try:
        services.read_with_encoding(imported, encoding)
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
        context |= _rows(request, imported, context["counts"]) | {"sums": services.sums(imported)}
    return render(request, "activities/imports/detail.html", context)


def _status(imported: ActivityImport) -> dict[str, Any]:
    run = services.last_run(imported)
    is_done = run is not None and run.state == JobState.DONE
    is_checked = run is not None and is_done and run.kind == RunKind.CHECK
    counts = services.summary(imported) if is_checked else {}
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
        "errors": counts.get(RowVerdict.ERROR, 0),
        "can_store": is_checked and new > 0 and not counts.get(RowVerdict.ERROR),
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


def _rows(request: SignedInRequest, imported: ActivityImport, counts: dict[str, int]) -> dict[str, Any]:
    asked = request.GET.get("zeilen", "")
    verdict = asked if asked in RowVerdict.values else ""
    rows = imported.rows.filter(verdict=verdict) if verdict else imported.rows.all()
    choices = [("", "Alle", sum(counts.values())), *((v.value, v.label, counts[v]) for v in _by_weight())]
    return {
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "choices": [
            {
                "url": f"?zeilen={value}#zeilen" if value else "?#zeilen",
                "label": label,
                "number": number,
                "is_current": value == verdict,
            }
            for value, label, number in choices
            if number or value == verdict
        ],
    }


def _by_weight() -> list[RowVerdict]:
    return [RowVerdict.ERROR, RowVerdict.ASK, RowVerdict.HINT, RowVerdict.TWICE, RowVerdict.OK]


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
    acknowledged = request.POST.get("privacy_checked", "")
    try:
        services.request_run(imported, kind, by=request.user, acknowledged=acknowledged)
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
        lines = services.lines_of(imported)
    except SpreadsheetRefused as refused:
        messages.error(request, str(refused))
        return redirect("import_detail", pk=pk)
    return _download(marked_file(lines, imported.rows.all()), "Tabelle-mit-Ergebnis.xlsx")


def import_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = get_import(request, pk)
    if request.method == "POST":
        name = imported.name
        services.delete_import(imported)
        messages.success(request, f"Gelöscht: {name}")
        return redirect("import_list")
    return render(request, "activities/imports/delete.html", {"imported": imported})
