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
from reports.editions.views import as_file
from reports.oparl import lists, objects, published

Rows = tuple[Iterable[Any], Callable[[Any], dict[str, Any]]]


def answered(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view that returns a mapping or a file; what goes wrong is said in JSON, and any page may read it."""

    @login_not_required
    @require_GET
    @wraps(view)
    def asked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, **kwargs)
        except lists.WrongQuestion as error:
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
    return objects.system()


@answered
def body_list(request: HttpRequest) -> dict[str, Any]:
    return _list(request, (published.bodies(timezone.localdate()), objects.body))


@answered
def body(request: HttpRequest, key: str) -> dict[str, Any]:
    return objects.body(_body(key))


@answered
def body_part(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    """The list of the body that `slug` names, one of `objects.LISTS`."""
    if slug not in objects.LISTS:
        raise Http404
    return _list(request, _rows(_town(key), slug, timezone.now()))


def _list(request: HttpRequest, rows: Rows) -> dict[str, Any]:
    return lists.listed(*rows, query=request.GET.dict(), address=objects.absolute(request.path))


def _rows(town: Municipality, name: str, now: dt.datetime) -> Rows:
    consultations = published.consultations(now).filter(report__municipality=town)
    match name:
        case "organization":
            return published.committees(consultations), objects.organization
        case "meeting":
            return published.sittings(_agenda(town, now)), objects.meeting
        case "agendaItem":
            return _agenda(town, now), objects.agenda_item
        case "consultation":
            return consultations, objects.consultation
        case "paper":
            return _papers(Q(municipality=town), now), objects.paper
        case "file":
            return published.files(now).filter(snapshot__report__municipality=town), objects.file
    return [], dict  # the portal knows neither people nor terms nor places of a council


@answered
def organization(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    return _group(published.committees(_consultations(key)), slug, objects.organization)


@answered
def meeting(request: HttpRequest, key: str, slug: str) -> dict[str, Any]:
    return _group(published.sittings(_agenda(_town(key), timezone.now())), slug, objects.meeting)


def _agenda(town: Municipality, now: dt.datetime) -> QuerySet[published.PublicConsultation]:
    return published.agenda(now).filter(report__municipality=town)


def _consultations(key: str) -> QuerySet[published.PublicConsultation]:
    return published.consultations(timezone.now()).filter(report__municipality=_town(key))


def _group(
    groups: list[published.Group], slug: str, shape: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    for group in groups:
        if group.slug == slug:
            return objects.shown(group, shape)
    raise Http404


@answered
def paper(request: HttpRequest, pk: int) -> dict[str, Any]:
    for row in _papers(Q(pk=pk), timezone.now()):
        return objects.shown(row, objects.paper)
    raise Http404


def _papers(which: Q, now: dt.datetime) -> list[objects.Paper]:
    """In the order of their keys, which stays when one of them is withdrawn."""
    there = objects.with_files(published.papers(now).filter(which), now)
    gone = objects.without_anything(published.withdrawn(now).filter(which))
    return sorted([*there, *gone], key=lambda paper: paper.report.pk)


@answered
def agenda_item(request: HttpRequest, pk: int) -> dict[str, Any]:
    return objects.shown(get_object_or_404(published.agenda(timezone.now()), pk=pk), objects.agenda_item)


@answered
def consultation(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = get_object_or_404(published.consultations(timezone.now()), pk=pk)
    return objects.shown(row, objects.consultation)


@answered
def edition(request: HttpRequest, pk: int) -> dict[str, Any]:
    return objects.file(get_object_or_404(published.files(timezone.now()), pk=pk))


@answered
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return as_file(get_object_or_404(published.files(timezone.now()), pk=pk), cache="no-cache")


def _town(key: str) -> Municipality:
    return _body(key).town


def _body(key: str) -> published.Body:
    for body in published.bodies(timezone.localdate()):
        if body.town.ags == key:
            return body
    raise Http404
