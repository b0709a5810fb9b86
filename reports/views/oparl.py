"""OParl for everybody's programs: one address an object and one a list. No account, only what is public today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from municipalities.models import Municipality
from reports import oparl
from reports.models import Consultation, InterimReport
from reports.views.editions import as_file

Rows = tuple[Iterable[Any], Callable[[Any], dict[str, Any]]]


def answered(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view that returns a mapping or a file; what goes wrong is said in JSON, and any page may read it."""

    @login_not_required
    @require_GET
    @wraps(view)
    def asked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, **kwargs)
        except oparl.WrongQuestion as error:
            answer = JsonResponse({"error": str(error)}, status=400)
        except Http404:
            answer = JsonResponse({"error": "Das gibt es nicht, oder es ist nicht öffentlich."}, status=404)
        if isinstance(answer, dict):
            answer = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return asked


@answered
def system(request: HttpRequest) -> dict[str, Any]:
    return oparl.system()


@answered
def body_list(request: HttpRequest) -> dict[str, Any]:
    return _list(request, (oparl.bodies(timezone.localdate()), oparl.body))


@answered
def body(request: HttpRequest, key: str) -> dict[str, Any]:
    return oparl.body(_town(key))


@answered
def body_part(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    """The list of the body that `slug` names, one of `oparl.LISTS`."""
    if slug not in oparl.LISTS:
        raise Http404
    return _list(request, _rows(_town(key), slug, timezone.now()))


def _list(request: HttpRequest, rows: Rows) -> dict[str, Any]:
    return oparl.listed(*rows, query=request.GET.dict(), address=oparl.absolute(request.path))


def _rows(town: Municipality, name: str, now: dt.datetime) -> Rows:
    stations = oparl.consultations(now).filter(report__municipality=town)
    match name:
        case "organization":
            return oparl.committees(stations), oparl.organization
        case "meeting":
            return oparl.sittings(stations), oparl.meeting
        case "agendaItem":
            return stations.filter(session_on__isnull=False), oparl.agenda_item
        case "consultation":
            return stations, oparl.consultation
        case "paper":
            return _papers(Q(municipality=town), now), oparl.paper
        case "file":
            return oparl.files(now).filter(snapshot__report__municipality=town), oparl.file
    return [], dict  # the portal knows neither people nor terms nor places of a council


@answered
def organization(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    return _group(oparl.committees(_stations(key)), slug, oparl.organization)


@answered
def meeting(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    return _group(oparl.sittings(_stations(key)), slug, oparl.meeting)


def _stations(key: str) -> QuerySet[Consultation]:
    return oparl.consultations(timezone.now()).filter(report__municipality=_town(key))


def _group(groups: list[oparl.Group], slug: str, shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    for group in groups:
        if group.slug == slug:
            return oparl.shown(group, shape)
    raise Http404


@answered
def paper(request: HttpRequest, pk: int) -> dict[str, Any]:
    for report in _papers(Q(pk=pk), timezone.now()):
        return oparl.shown(report, oparl.paper)
    raise Http404


def _papers(which: Q, now: dt.datetime) -> list[InterimReport]:
    """In the order of their keys, which stays when one of them is withdrawn."""
    there = oparl.with_files(oparl.papers(now).filter(which), now)
    gone = oparl.without_anything(oparl.withdrawn(now).filter(which))
    return sorted([*there, *gone], key=lambda report: report.pk)


@answered
def agenda_item(request: HttpRequest, pk: int) -> dict[str, Any]:
    stations = oparl.consultations(timezone.now()).filter(session_on__isnull=False)
    return oparl.shown(get_object_or_404(stations, pk=pk), oparl.agenda_item)


@answered
def consultation(request: HttpRequest, pk: int) -> dict[str, Any]:
    station = get_object_or_404(oparl.consultations(timezone.now()), pk=pk)
    return oparl.shown(station, oparl.consultation)


@answered
def edition(request: HttpRequest, pk: int) -> dict[str, Any]:
    return oparl.file(get_object_or_404(oparl.files(timezone.now()), pk=pk))


@answered
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return as_file(get_object_or_404(oparl.files(timezone.now()), pk=pk), cache="no-cache")


def _town(key: str) -> Municipality:
    for town in oparl.bodies(timezone.localdate()):
        if town.ags == key:
            return town
    raise Http404
