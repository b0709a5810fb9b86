"""What the rows of one import are judged by: roles, names, closed periods and what the log holds already."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from activities.figures.totals import CROSS_CUTTING
from activities.imports.columns import folded
from activities.imports.models import ActivityImport, RowVerdict, RunKind
from activities.imports.readers import TEXTS, Known
from activities.imports.remarks import Answer, Ask, Question
from activities.imports.rows import content_key
from activities.log.closed_period import ClosedPeriod
from activities.log.doubts import likeness
from activities.log.models import Activity, ActivityResult
from kiv_portal.jobs.models import JobState
from kiv_portal.uploads.spreadsheet import Spreadsheet
from mediators.models import Appointment, Mediator
from municipalities.models import Municipality
from municipalities.programme.queries import Codes, Programme, programme_of_towns


def known_about(imported: ActivityImport, table: Spreadsheet) -> Known:
    """`table` begins with the header."""
    mediator = imported.mediator
    towns = list(mediator.towns())
    programme = programme_of_towns(towns)
    own = Activity.objects.filter(mediator=mediator)
    stored = [_content(row) for row in own.values("entry_key", "kind__code", "field__code", *COLUMNS)]
    minutes = own.order_by().values_list("day").annotate(total=Sum(F("minutes") + F("travel_minutes")))
    return Known(
        today=timezone.localdate(),
        mediator_id=mediator.pk,
        names=names_of(towns, programme),
        counties={str(town.pk): town.county_id for town in towns},
        names_of_county={
            county: names_of(towns, programme.of(county)) for county in {town.county_id for town in towns}
        },
        programme=programme,
        meanings=imported.meanings,
        defaults=_defaults(imported),
        terms=_terms(mediator),
        closed=_closed(mediator),
        stored={likeness(row["day"], row["title"], row["minutes"]) for _, row in stored},
        stored_keys={key for found, row in stored for key in (found, content_key(row, mediator.pk))},
        minutes_stored=dict(minutes),
        answers=_answers(imported),
        header=table.lines[0].cells,
        day_zero=dt.date.fromisoformat(table.day_zero),
    )


# what a row of a file can say of an activity, beside the codes of its field and kind
COLUMNS = (
    *("municipality_id", "day", "starts_at", "minutes", "travel_minutes", "further_fields", "people_reached"),
    *("people_reached_to", "is_estimated", "expenses_cents", "result", *TEXTS.keys() - {"result"}),
)


def _content(row: dict[str, Any]) -> tuple[uuid.UUID, dict[str, Any]]:
    """(key, what a row with the same content would say)"""
    key, kind, field = row.pop("entry_key"), row.pop("kind__code"), row.pop("field__code")
    return key, row | {"kind": kind, "field": field or CROSS_CUTTING}


def names_of(towns: Iterable[Municipality], programme: Programme) -> dict[str, dict[str, str]]:
    """{field: {folded name: code}}"""
    fields = [(field.name, field.code) for field in programme.fields.rows]
    return {
        "kind": _folded((kind.name, kind.code) for kind in programme.kinds.rows),
        "field": _folded([*fields, *((code, code) for _, code in fields), ("Querschnitt", CROSS_CUTTING)]),
        "municipality": _folded((town.name, str(town.pk)) for town in towns),
        "result": _folded((result.label, result.value) for result in ActivityResult),
    }


def _answers(imported: ActivityImport) -> dict[int, Answer]:
    said = imported.answers.values_list("number", "decision", "accepted", "mended")
    return {
        number: Answer(decision, frozenset(accepted), mended) for number, decision, accepted, mended in said
    }


def guarded_before(imported: ActivityImport) -> dict[int, list[Question]]:
    """What the privacy guard said in the check before, of the rows whose texts are the same since: reading them again
    takes most of the time of a check. Nothing once a storing has come between, which judges everything anew.
    """
    finished = [run for run in imported.runs.all() if not run.is_unfinished and run.state != JobState.FAILED]
    before = finished[0] if finished else None
    if before is None or imported.runs.filter(kind=RunKind.STORE).exists():
        return {}
    touched = imported.answers.filter(answered_at__gte=before.requested_at).order_by().values("number")
    rows = imported.rows.exclude(verdict__in=(RowVerdict.LEFT, RowVerdict.TWICE)).exclude(number__in=touched)
    return {
        number: [
            Question(one["sentence"], one["target"], kind=Ask.PRIVACY)
            for one in questions
            if one["kind"] == Ask.PRIVACY
        ]
        for number, questions in rows.values_list("number", "questions")
    }


def names_to_choose(towns: list[Municipality]) -> dict[str, list[str]]:
    """{field: names as they can be written into a table}: each county's own."""
    programme = programme_of_towns(towns)
    return {
        "kind": _names(programme.kinds),
        "field": [*_names(programme.fields), "Querschnitt"],
        "result": [result.label for result in ActivityResult],
        "municipality": [town.name for town in towns],
    }


def _names(codes: Codes) -> list[str]:
    return list(dict.fromkeys(row.name for row in codes.rows))


def _folded(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {folded(name): code for name, code in pairs}


def _defaults(imported: ActivityImport) -> dict[str, str]:
    defaults: dict[str, str] = {"field": CROSS_CUTTING, **imported.defaults}
    towns = list(imported.mediator.towns())
    if len(towns) == 1:
        defaults["municipality"] = str(towns[0].pk)
    return defaults


def _terms(mediator: Mediator) -> dict[str, list[tuple[dt.date, dt.date | None]]]:
    terms: dict[str, list[tuple[dt.date, dt.date | None]]] = {}
    for appointment in Appointment.objects.filter(mediator=mediator):
        terms.setdefault(str(appointment.municipality_id), []).append(
            (appointment.starts_on, appointment.ends_on)
        )
    return terms


def _closed(mediator: Mediator) -> dict[str, list[ClosedPeriod]]:
    closed: dict[str, list[ClosedPeriod]] = {}
    for period in ClosedPeriod.objects.filter(municipality__in=mediator.towns()):
        closed.setdefault(str(period.municipality_id), []).append(period)
    return closed
