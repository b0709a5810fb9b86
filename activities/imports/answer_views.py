"""The rows of a check on their page: what is open is answered there, row by row or all of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from activities.imports import answering
from activities.imports.checked import REFUSED, open_kinds, sums
from activities.imports.known import names_to_choose
from activities.imports.models import ActivityImport, ActivityImportRow, RowDecision, RowVerdict
from activities.imports.remarks import Ask
from activities.imports.row_forms import RowsForm
from activities.imports.services import ImportRefused
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import keep_unsaved, owner_of, restore_unsaved

ROWS_A_PAGE = 25
OPEN, ALL, ANSWERED = "offen", "alle", "beantwortet"
CHANGED_ELSEWHERE = (
    "Zu einer Zeile steht inzwischen etwas anderes da, vielleicht aus einem anderen Fenster. Ihre Eingaben sind noch "
    "hier. Bitte sehen Sie die Zeilen noch einmal an und speichern Sie dann."
)


def rows_page(request: SignedInRequest, imported: ActivityImport, counts: dict[str, int]) -> dict[str, Any]:
    """What the page of a finished check shows. `counts` are {verdict: number of rows}."""
    number_open = sum(counts[verdict] for verdict in RowVerdict.open)
    asked = request.GET.get("zeilen", "")
    shown = asked if asked in (OPEN, ALL, ANSWERED, *RowVerdict.values) else OPEN if number_open else ALL
    page = Paginator(_shown(imported, shown), ROWS_A_PAGE).get_page(request.GET.get("page"))
    typed = restore_unsaved(request)
    form = _form(imported, typed, _posted_rows(imported, typed) if typed else page.object_list)
    form.bring_up_to_date()
    return {
        "page": page,
        "form": form,
        "choices": _choices(imported, counts, shown),
        "open": number_open,
        "questions": _questions(open_kinds(imported)),
        "sums": sums(imported),
    }


def _shown(imported: ActivityImport, shown: str) -> QuerySet[ActivityImportRow]:
    rows = imported.rows.all()
    if shown == OPEN:
        return rows.filter(verdict__in=RowVerdict.open)
    if shown == ANSWERED:
        return rows.filter(number__in=imported.answers.order_by().values("number"))
    return rows.filter(verdict=shown) if shown in RowVerdict.values else rows


def _choices(imported: ActivityImport, counts: dict[str, int], shown: str) -> list[dict[str, Any]]:
    by_weight = ("error", "ask", "hint", "left", "twice", "ok")
    offered = [
        (OPEN, "Noch zu klären", sum(counts[verdict] for verdict in RowVerdict.open)),
        *((verdict, RowVerdict(verdict).label, counts[verdict]) for verdict in by_weight),
        (ANSWERED, "von Ihnen beantwortet", imported.answers.count()),
        (ALL, "Alle", sum(counts.values())),
    ]
    return [
        {
            "url": f"?zeilen={value}#zeilen",
            "label": label,
            "number": number,
            "is_current": value == shown,
        }
        for value, label, number in offered
        if number or value == shown
    ]


def _questions(kinds: dict[str, int]) -> list[dict[str, Any]]:
    """One for each kind that is open in several rows: how many, and what is true of them."""
    return [
        {
            "kind": kind,
            "number": number,
            "sentence": "haben einen Fehler" if kind == REFUSED else str(Ask(kind).label),
            "can_take": kind != REFUSED,
        }
        for kind, number in kinds.items()
        if number > 1
    ]


def _form(imported: ActivityImport, data: Any, rows: Iterable[ActivityImportRow]) -> RowsForm:
    shown = list(rows)
    answers = {one.number: one for one in imported.answers.filter(number__in=[row.number for row in shown])}
    return RowsForm(data, rows=shown, answers=answers, names=names_to_choose(list(imported.mediator.towns())))


def _posted_rows(imported: ActivityImport, data: Any) -> QuerySet[ActivityImportRow]:
    numbers = [
        int(text) for text in data.getlist("row") if text.isascii() and text.isdecimal() and len(text) < 8
    ]
    return imported.rows.filter(number__in=numbers[:ROWS_A_PAGE])


def _get_import(request: SignedInRequest, pk: int) -> ActivityImport:
    """Somebody else's: 404."""
    return get_object_or_404(
        ActivityImport.objects.visible_to(request.user).select_related("mediator"), pk=pk
    )


@require_POST
def import_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = _get_import(request, pk)
    form = _form(imported, request.POST, _posted_rows(imported, request.POST))
    try:
        if not form.is_valid():
            raise answering.AnswersOutdated
        answering.answer_rows(imported, form.given(), by=request.user, now=timezone.now())
    except answering.AnswersOutdated:
        keep_unsaved(request)  # comes back with the rows as they are now
        messages.warning(request, CHANGED_ELSEWHERE)
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return _back(request, pk)


@require_POST
def import_answer_all(request: SignedInRequest, pk: int) -> HttpResponse:
    imported = _get_import(request, pk)
    kind, decision = request.POST.get("kind", ""), request.POST.get("decision", "")
    takes, leaves = decision == RowDecision.TAKE, decision == RowDecision.LEAVE
    if (leaves and kind in (REFUSED, *Ask.values)) or (takes and kind in Ask.values):
        try:
            answering.answer_all(
                imported,
                kind,
                decision=decision,
                check=request.POST.get("check", ""),
                by=request.user,
                now=timezone.now(),
            )
        except ImportRefused as refused:
            messages.error(request, str(refused))
    return _back(request, pk)


def _back(request: SignedInRequest, pk: int) -> HttpResponse:
    """To the same rows, at the top of their page: there it says what is open and what comes next."""
    page, owner = reverse("import_detail", args=[pk]), owner_of(request)
    return redirect(owner.path if owner and owner.path.partition("?")[0] == page else page)
