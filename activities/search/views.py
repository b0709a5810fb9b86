"""Lists of activities: searching, filtering, turning pages, taking along; and filters that are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from activities.figures.totals import totals_of_list
from activities.log.last_list import leave
from activities.log.models import Activity, ActivityQuerySet
from activities.log.queries import may_add_entries
from activities.log.views import get_mediator
from activities.search.excerpts import excerpt, places
from activities.search.exports import MOST_TYPED_ROWS, SHEET, Export, export_of
from activities.search.forms import ActivityFilterForm, SavedFilterForm
from activities.search.keyset import ORDERS, KeysetPage, Order, ordered, page_of
from activities.search.models import SavedFilter
from activities.search.queries import ReportedTown, with_last_report
from activities.search.quick_periods import QuickPeriod, quick_periods
from activities.search.suggestions import suggestions
from kiv_portal.accounts.requests import SignedInRequest
from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.documents.spreadsheets import csv_stream, ods_stream, xlsx_file
from kiv_portal.downloads import content_disposition, file_name
from kiv_portal.german_order import GermanOrder
from mediators.models import Mediator
from municipalities.models import Municipality
from municipalities.programme.queries import Programme, programme_of_towns

PAGE_SIZE = 25
MOST_PRINTED = 500
FEW = 1_000  # a search that finds no more is answered by its index
OWN, ALL = "meine", "alle"
NOTHING: KeysetPage[Any] = KeysetPage([])


@dataclass(frozen=True)
class Log:
    """One list of activities: the own one, all, or a town's (then `name` is its slug)."""

    name: str
    url: str
    activities: ActivityQuerySet
    towns: list[ReportedTown]
    is_own: bool = False

    @property
    def shows_town(self) -> bool:
        return len(self.towns) > 1

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        if self.is_own:
            return []
        appointed = Mediator.objects.filter(appointments__municipality__in=self.towns)
        return list(appointed.distinct().values_list("pk", "user__full_name"))

    @property
    def last_report(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day of the last report, if all towns of the list have had the same."""
        reported = {(town.reported_from, town.reported_until) for town in self.towns}
        return reported.pop() if len(reported) == 1 else (None, None)

    @cached_property
    def quick_periods(self) -> dict[str, QuickPeriod]:
        return quick_periods(timezone.localdate(), self.last_report[1])

    @cached_property
    def programme(self) -> Programme:
        """Fields and kinds of the towns' counties."""
        return programme_of_towns(self.towns)

    def filter_form(self, data: QueryDict) -> ActivityFilterForm:
        towns = [(town.pk, town.name) for town in self.towns]
        return ActivityFilterForm(
            data, programme=self.programme, towns=towns, people=self.people, periods=self.quick_periods
        )


def _own_log(request: SignedInRequest) -> Log:
    mediator = get_mediator(request)
    activities = Activity.objects.visible_to(request.user).filter(mediator=mediator)
    return Log(
        OWN, reverse("activity_list"), activities, list(with_last_report(mediator.towns())), is_own=True
    )


def _all_log(request: SignedInRequest) -> Log:
    towns = list(with_last_report(Municipality.objects.visible_to(request.user)))
    if not towns:
        raise PermissionDenied
    activities = Activity.objects.filter(municipality__in=[town.pk for town in towns])
    return Log(ALL, reverse("all_activity_list"), activities, towns)


def _town_log(request: SignedInRequest, slug: str) -> Log:
    town = get_object_or_404(with_last_report(Municipality.objects.visible_to(request.user)), slug=slug)
    url = reverse("municipality_activity_list", args=[town.slug])
    return Log(town.slug, url, Activity.objects.filter(municipality=town), [town])


def named_log(request: SignedInRequest) -> Log:
    """The list that the address names; without a name the first one the person has."""
    name = request.GET.get("liste", "")
    if name not in ("", OWN, ALL):
        return _town_log(request, name[:50].replace("\x00", ""))
    if name == OWN or (not name and Mediator.objects.filter(user=request.user).exists()):
        return _own_log(request)
    return _all_log(request)


# --- lists


def activity_list(request: SignedInRequest) -> HttpResponse:
    may_add = may_add_entries(request.user, timezone.localdate())
    return _list(request, _own_log(request), "activities/search/activity_list.html", may_add=may_add)


def all_activity_list(request: SignedInRequest) -> HttpResponse:
    return _list(request, _all_log(request), "activities/search/all_activity_list.html")


def municipality_activity_list(request: SignedInRequest, slug: str) -> HttpResponse:
    return _list(request, _town_log(request, slug), "activities/search/municipality_activity_list.html")


def _list(request: SignedInRequest, log: Log, template: str, **more: object) -> HttpResponse:
    form = log.filter_form(request.GET)
    chosen = form.apply(log.activities)
    shown = totals_of_list(chosen)
    order = form.order
    if order is ORDERS["best"] and shown.activities > FEW:  # to rank them all would be to read them all
        order = ORDERS["newest"]
    page = _page(request, _rows(chosen, form, found=shown.activities), order) if shown.activities else NOTHING
    context = {
        "log": log,
        "town": log.towns[0] if log.towns else None,
        "filter_form": form,
        "active": form.active(),
        "is_filtering": form.is_filtering,
        "periods": _periods(log, form),
        "page": page,
        "order": order,
        "before_url": f"?{form.query(vor=page.before)}" if page.before else "",
        "after_url": f"?{form.query(nach=page.after)}" if page.after else "",
        "totals": shown,
        "suggestions": _suggestions(form, log, hits=shown.activities),
        "saved_filters": SavedFilter.objects.visible_to(request.user),
        "keep_url": with_query(reverse("saved_filter_create"), form.query(liste=log.name)),
        "manage_url": with_query(reverse("saved_filter_list"), form.query(liste=log.name)),
        "exports": _export_urls(log, form),
        "print_url": with_query(reverse("activity_print"), form.query(liste=log.name)),
        "most_typed_rows": MOST_TYPED_ROWS,
        "most_printed": MOST_PRINTED,
    } | more
    leave(request)
    return render(request, template, context)


def _rows(chosen: ActivityQuerySet, form: ActivityFilterForm, *, found: int) -> QuerySet[Any, Any]:
    if not form.search:
        return chosen.as_rows()
    hits = chosen.found_before_ordered(FEW) if found <= FEW else chosen
    return hits.as_hits(whole=form.search.whole, any_word=form.search.any_word)


def _page(request: SignedInRequest, rows: QuerySet[Any, Any], order: Order) -> KeysetPage[Any]:
    keys = {"after": request.GET.get("nach", ""), "before": request.GET.get("vor", "")}
    page = page_of(rows, order, size=PAGE_SIZE, **keys)
    return replace(page, rows=[_with_excerpt(row) for row in page.rows])


def _with_excerpt(row: Any) -> Any:
    """A named tuple; of a hit with an excerpt where the title alone does not show why it was found."""
    if not hasattr(row, "marked_title"):
        return row
    shown = "" if places(row.marked_title) else excerpt(row.texts, row.marked_texts)
    return SimpleNamespace(**row._asdict(), excerpt=shown)


def _suggestions(form: ActivityFilterForm, log: Log, *, hits: int) -> list[dict[str, str]]:
    if not form.search:
        return []
    rows = form.apply_without_search(log.activities)
    found = suggestions(form.chosen["q"], rows, form.mentioning, hits=hits)
    return [{"words": text, "url": f"?{form.query(q=text)}"} for text in found]


def with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _export_urls(log: Log, form: ActivityFilterForm) -> dict[str, str]:
    url = reverse("activity_export")
    return {kind: with_query(url, form.query(liste=log.name, format=kind)) for kind in WRITERS}


def _periods(log: Log, form: ActivityFilterForm) -> list[dict[str, Any]]:
    """Links to the usual periods; a report's only where all towns of the list have had the same."""
    links = [
        {
            "label": offered.label,
            "url": f"?{form.query(period=code, start='', end='')}",
            "is_current": form.chosen.get("period") == code,
        }
        for code, offered in log.quick_periods.items()
    ]
    start, end = log.last_report
    if start and end:
        days = {"start": f"{start:%d.%m.%Y}", "end": f"{end:%d.%m.%Y}"}
        links.append(
            {
                "label": f"Berichtszeitraum {days['start']} bis {days['end']}",
                "url": f"?{form.query(period='', **days)}",
                "is_current": form.span == (start, end),
            }
        )
    return links


# --- taking along


@require_GET
def activity_export(request: SignedInRequest) -> HttpResponseBase:
    """A file of what the filter shows. What makes no sense leads back to the list, where it is said."""
    log = named_log(request)
    form = log.filter_form(request.GET)
    if not form.is_valid():
        return redirect(with_query(log.url, same_filter(request)))
    kind = request.GET.get("format", "csv")
    if kind not in WRITERS:
        messages.error(request, "Diese Art von Datei gibt es nicht. Bitte wählen Sie CSV, XLSX oder ODS.")
        return redirect(with_query(log.url, form.query()))
    chosen = form.apply(log.activities)
    if kind != "csv" and chosen.order_by()[: MOST_TYPED_ROWS + 1].count() > MOST_TYPED_ROWS:
        messages.error(request, TOO_MANY)
        return redirect(with_query(log.url, form.query()))
    export = export_of(
        ordered(chosen.alias(title_order=GermanOrder("title")), form.order_of_files),
        log.programme.fields,
        reader=request.user,
        shows_inner=log.is_own or Municipality.objects.of_staff(request.user).exists(),
        filters=form.in_full(),
    )
    place = log.towns[0].name if len(log.towns) == 1 else ""
    return _attached(WRITERS[kind](export), kind, place)


TOO_MANY = (
    "Für Excel und LibreOffice sind das zu viele Aktivitäten: höchstens 50.000. "
    "Bitte nehmen Sie die Datei als CSV, oder wählen Sie einen kürzeren Zeitraum."
)


def same_filter(request: SignedInRequest) -> str:
    """As it was sent, so that the list can show what was wrong with it."""
    query = request.GET.copy()
    for name in ("liste", "format"):
        query.pop(name, None)
    return query.urlencode()


def _csv(export: Export) -> StreamingHttpResponse:
    return StreamingHttpResponse(csv_stream(export.headings, export.rows))


def _xlsx(export: Export) -> FileResponse:
    return FileResponse(xlsx_file(export.headings, export.rows, sheet=SHEET, notes=export.notes))


def _ods(export: Export) -> StreamingHttpResponse:
    return StreamingHttpResponse(ods_stream(export.headings, export.rows, sheet=SHEET, notes=export.notes))


WRITERS = {"csv": _csv, "xlsx": _xlsx, "ods": _ods}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def _attached(response: StreamingHttpResponse, kind: str, place: str) -> StreamingHttpResponse:
    response["Content-Type"] = CONTENT_TYPES[kind]
    name = file_name("Aktivitäten", place, f"{timezone.localdate():%Y-%m-%d}", extension=kind)
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response


# --- filters that are kept


def saved_filter_list(request: SignedInRequest) -> HttpResponse:
    log = named_log(request)
    saved = [
        {"filter": one, "words": ", ".join(log.filter_form(QueryDict(one.query)).described())}
        for one in SavedFilter.objects.visible_to(request.user)
    ]
    context = {"log": log, "saved_filters": saved}
    return render(request, "activities/search/saved_filter_list.html", context)


def saved_filter_create(request: SignedInRequest) -> HttpResponse:
    log = named_log(request)
    filter_form = log.filter_form(request.GET)
    if not filter_form.is_filtering:
        messages.error(request, "Bitte wählen Sie zuerst aus, was die Liste zeigen soll.")
        return redirect(log.url)
    saved = SavedFilter(user=request.user, query=filter_form.query())
    form = SavedFilterForm(
        request.POST or restore_unsaved(request), saved=saved, proposed=", ".join(filter_form.described())
    )
    if request.method == "POST" and _kept(form):
        messages.success(request, f"Gespeichert: {saved.name}. Sie finden den Filter jetzt über jeder Liste.")
        return redirect(with_query(log.url, saved.query))
    context = {
        "log": log,
        "form": form,
        "active": filter_form.active(),
        "back_url": with_query(log.url, saved.query),
    }
    return render(request, "activities/search/saved_filter_form.html", context)


def _kept(form: SavedFilterForm) -> bool:
    """Whether it is stored now; a double click stores it once."""
    if form.is_stored_already():
        return True
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:  # the same name in another window, this very moment
        if form.is_stored_already():
            return True
        form.add_error("name", "Diesen Namen haben Sie schon vergeben.")
        return False
    return True


def saved_filter_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    log = named_log(request)
    list_url = with_query(reverse("saved_filter_list"), urlencode({"liste": log.name}))
    if request.method == "POST":
        name = saved.name
        saved.delete()
        messages.success(request, f"Gelöscht: {name}")
        return redirect(list_url)
    return render(
        request,
        "activities/search/saved_filter_delete.html",
        {"saved": saved, "log": log, "list_url": list_url},
    )
