"""The JSON interface for a county's own software: it reads, it never writes. `/api/v1/openapi.json` describes it.

A token belongs to one county and sees that county's towns only. Nothing in it names a person: no mediator, no helper,
no reporter's address, no internal note.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_args

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints, create_model

from activities.concerns.models import Concern, ConcernStep
from activities.figures.totals import breakdown
from activities.interface.models import ApiClient, ApiScope
from activities.interface.services import client_of
from activities.log.fields import FIELDS, Shown
from activities.log.models import Activity
from municipalities.models import Municipality

RATE = "120/m"
PAGE = 100
DESCRIPTION = (
    "Aktivitäten, Anliegen und Summen der Kommunen eines Landkreises, nur zum Lesen. Jede Anfrage trägt "
    "„Authorization: Bearer …“ mit einem Token, das die Koordination im Portal anlegt. Listen sind nach Schlüssel "
    "geordnet; „next“ ist der Wert für „after“ der nächsten Seite."
)


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        return client_of(token, now=timezone.now())


class PerClient(SimpleRateThrottle):
    """Counted by token, wherever the requests come from."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        return f"api-client-{request.auth.pk}"  # type: ignore[attr-defined]


api = NinjaAPI(
    title="KIV-Portal",
    version="1.0",
    description=DESCRIPTION,
    openapi_url=None,  # served by a view of our own, without a sign-in
    docs_url=None,
    auth=Token(),
    throttle=[PerClient(RATE)],
)


def knows_its_parameters(view: Callable[..., Any]) -> Callable[..., Any]:
    """A parameter that does not exist is refused: whoever mistypes a filter must not get more than was asked for."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        known = type(kwargs["query"]).model_fields if "query" in kwargs else {}
        if unknown := [name for name in request.GET if name not in known]:
            raise ValidationError(
                [{"loc": ("query", name), "msg": "Diese Angabe gibt es hier nicht."} for name in unknown]
            )
        return view(request, *args, **kwargs)

    return asked


api.add_decorator(knows_its_parameters)


# --- what goes out


class Problem(Schema):
    detail: str


class WrongValue(Schema):
    where: str
    message: str


class WrongValues(Problem):
    errors: list[WrongValue]


PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 422: WrongValues, 429: Problem}


class MunicipalityOut(Schema):
    ags: str = Field(description="Amtlicher Gemeindeschlüssel, acht Ziffern")
    name: str


def _value(shown: Shown, name: str) -> tuple[Any, Any]:
    """Nothing to be reached at the source, as where there is no concern: null, if the type allows it."""
    default = None if shown.source.count(".") and type(None) in get_args(shown.type) else ...
    source = shown.source or (name if shown.name else None)
    return shown.type, Field(default, alias=source, description=shown.description or None)


_activity_values: dict[str, Any] = {
    field.shown.name or field.name: _value(field.shown, field.name) for field in FIELDS if field.shown
}
ActivityOut = create_model("ActivityOut", __base__=Schema, **_activity_values)


class StepOut(Schema):
    state: str
    sentence: str
    at: dt.datetime = Field(alias="taken_at")


class ConcernOut(Schema):
    key: uuid.UUID = Field(alias="entry_key")
    municipality: str = Field(alias="municipality.ags")
    title: str
    place: str
    field: str | None = Field(alias="field_code")
    description: str
    since: str
    office: str | None = None
    state: str
    promised_until: dt.date | None
    is_public: bool
    reported_on: dt.date
    updated_at: dt.datetime
    closed_at: dt.datetime | None
    steps: list[StepOut]

    @staticmethod
    def resolve_office(row: Concern) -> str | None:
        return row.office.name if row.office else None

    @staticmethod
    def resolve_steps(row: Concern) -> list[ConcernStep]:
        return list(row.steps.all())


class ActivityPage(Schema):
    items: list[ActivityOut]  # type: ignore[valid-type]  # made of the table of fields
    next: int | None


class ConcernPage(Schema):
    items: list[ConcernOut]
    next: int | None


class SumsOut(Schema):
    activities: int
    minutes: int
    people_reached: int = Field(description="Von Spannen das untere Ende")
    people_not_counted: int = Field(description="Aktivitäten ohne Zählung")


class FieldSumsOut(SumsOut):
    field: str = Field(alias="code")


class TotalsOut(SumsOut):
    start: dt.date
    end: dt.date
    fields: list[FieldSumsOut]


# --- what may be asked

AGS = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


def _written_out(value: Any) -> Any:
    """A bare number is no day and no moment, though it could be read as seconds since 1970."""
    try:
        float(value)
    except ValueError:
        return value
    raise ValueError("Bitte als Text nach ISO 8601, zum Beispiel 2022-09-30 oder 2022-09-30T12:00:00Z.")


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """PostgreSQL takes no offset beyond 15 hours."""
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("Diesen Zeitpunkt gibt es nicht.") from None


Day = Annotated[dt.date, BeforeValidator(_written_out)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]


class Page(Schema):
    municipality: AGS | None = None
    changed_since: Moment | None = Field(None, description="Nur was seit diesem Zeitpunkt geändert ist")
    after: int = Field(0, ge=0, le=2**62)
    limit: int = Field(PAGE, ge=1, le=500)

    def cut(self, rows: QuerySet[Any]) -> dict[str, Any]:
        """The page of `rows` after the key that was asked for, and the key to go on with."""
        if self.municipality:
            rows = rows.filter(municipality__ags=self.municipality)
        if self.changed_since:
            rows = rows.filter(updated_at__gte=self.changed_since)
        found = list(rows.filter(pk__gt=self.after).order_by("pk")[: self.limit + 1])
        items = found[: self.limit]
        return {"items": items, "next": items[-1].pk if len(found) > self.limit else None}


class ActivityQuery(Page):
    start: Day | None = None
    end: Day | None = None


class TotalsQuery(Schema):
    start: Day
    end: Day
    municipality: AGS | None = None


# --- the addresses


def needs(scope: ApiScope) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorated(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if scope not in request.auth.scopes:  # type: ignore[attr-defined]
                raise HttpError(403, f"Dieses Token darf das nicht: {scope.label}.")
            return view(request, *args, **kwargs)

        return asked

    return decorated


def _towns(request: HttpRequest) -> QuerySet[Municipality]:
    return Municipality.objects.filter(county=request.auth.county_id)  # type: ignore[attr-defined]


def _activities(request: HttpRequest) -> Any:
    rows = Activity.objects.filter(municipality__in=_towns(request))
    return rows.select_related("municipality", "concern", "field", "kind")


def _concerns(request: HttpRequest) -> Any:
    steps = Prefetch("steps", ConcernStep.objects.order_by("taken_at", "pk"))
    rows = Concern.objects.filter(municipality__in=_towns(request)).prefetch_related(steps)
    return rows.select_related("municipality", "office", "field")


@api.get("municipalities", response={200: list[MunicipalityOut], **PROBLEMS}, url_name="api_municipalities")
def municipalities(request: HttpRequest) -> Any:
    """Alle Kommunen des Landkreises."""
    return _towns(request)


@api.get("activities", response={200: ActivityPage, **PROBLEMS}, url_name="api_activities")
@needs(ApiScope.ACTIVITIES)
def activities(request: HttpRequest, query: Query[ActivityQuery]) -> Any:
    """Aktivitäten, nach Schlüssel geordnet."""
    rows = _activities(request)
    if query.start:
        rows = rows.filter(day__gte=query.start)
    if query.end:
        rows = rows.filter(day__lte=query.end)
    return query.cut(rows)


@api.get("activities/{key}", response={200: ActivityOut, 404: Problem, **PROBLEMS}, url_name="api_activity")
@needs(ApiScope.ACTIVITIES)
def activity(request: HttpRequest, key: uuid.UUID) -> Any:
    """Eine Aktivität."""
    return get_object_or_404(_activities(request), entry_key=key)


@api.get("concerns", response={200: ConcernPage, **PROBLEMS}, url_name="api_concerns")
@needs(ApiScope.CONCERNS)
def concerns(request: HttpRequest, query: Query[Page]) -> Any:
    """Anliegen mit ihren Schritten, nach Schlüssel geordnet."""
    return query.cut(_concerns(request))


@api.get("concerns/{key}", response={200: ConcernOut, 404: Problem, **PROBLEMS}, url_name="api_concern")
@needs(ApiScope.CONCERNS)
def concern(request: HttpRequest, key: uuid.UUID) -> Any:
    """Ein Anliegen mit seinen Schritten."""
    return get_object_or_404(_concerns(request), entry_key=key)


@api.get("totals", response={200: TotalsOut, **PROBLEMS}, url_name="api_totals")
@needs(ApiScope.TOTALS)
def totals(request: HttpRequest, query: Query[TotalsQuery]) -> Any:
    """Summen eines Zeitraums, gezählt wie im Zwischenbericht."""
    towns = _towns(request)
    if query.municipality:
        towns = towns.filter(ags=query.municipality)
    rows = Activity.objects.filter(municipality__in=towns).in_period(query.start, query.end)
    parts = breakdown(rows, request.auth.county_id)  # type: ignore[attr-defined]
    return vars(parts.totals()) | {"start": query.start, "end": query.end, "fields": parts.by_field()}


# --- what can go wrong, each with a sentence


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = api.create_response(request, {"detail": "Das Token fehlt oder gilt nicht mehr."}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "Das gibt es nicht."}, status=404)


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = api.create_response(
        request, {"detail": "Zu viele Anfragen. Bitte warten Sie eine Minute."}, status=429
    )
    answer["Retry-After"] = str(int(error.wait or 60) + 1)
    return answer


@api.exception_handler(ValidationError)
def _wrong_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"where": ".".join(map(str, item["loc"][1:])), "message": str(item["msg"])} for item in error.errors
    ]
    return api.create_response(request, {"detail": "Eine Angabe passt nicht.", "errors": errors}, status=422)


# The requests carry a token, not a session. `api-root` would be one address more, with nothing behind it.
api_addresses = [p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"]
for _address in api_addresses:
    login_not_required(_address.callback)
