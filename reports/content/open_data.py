"""Open data of a report: the JSON that anybody may have. A field that is not named here does not get out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.content.tables import is_small, is_total_telling, shown_people
from reports.figures.snapshot import (
    Agreement,
    AppointedPerson,
    CouncilStep,
    EasyText,
    Example,
    FrozenPeriod,
    FrozenPicture,
    GroupCheck,
    ListedActivity,
    MonthSums,
    NamedSums,
    Outcome,
    Paper,
    PhotoGroup,
    PublicConcern,
    Snapshot,
    Texts,
    Totals,
    Town,
    TownConcerns,
    TownFieldSums,
)
from reports.figures.typed_json import known_at, write

_WORK = ("activities", "minutes", "travel_minutes", "expenses_cents")
# `people_reached` and the persons of a test group are judged one by one in `published`. People are given by field and
# in total only: one consultation with its number of people could name somebody, and months or kinds would add up to
# the total that is hidden. Where a photo lies on our disk is nobody's matter.
PUBLISHED: Mapping[type, tuple[str, ...]] = {
    Snapshot: (
        *("schema", "dated", "check_url", "municipality", "period", "agreement", "paper"),
        *("appointments", "vacant_days", "vacancies", "totals", "fields", "months", "kinds", "results"),
        *("concerns", "photos", "texts", "easy", "activity_list", "activities", "late"),
    ),
    Town: ("ags", "name", "slug", "kind", "population", "population_on", "county", "administration"),
    FrozenPeriod: ("start", "end"),
    Agreement: ("signed_on", "starts_on", "ends_on", "reference"),
    Paper: ("number", "subject", "author", "committee", "session_on", "is_public", "consultations"),
    CouncilStep: ("committee", "session_on", "item_number", "role", "is_public"),
    AppointedPerson: ("name", "starts_on", "ends_on", "form", "qualified_on", "in_working_group"),
    Totals: (*_WORK, "people_not_counted", "people_ranges", "activities_before"),
    TownFieldSums: (
        *("code", "name", "short", "articles", "also_touched", "examples"),
        *(*_WORK, "people_not_counted", "people_ranges"),
    ),
    Example: ("day", "title", "text", "result"),
    MonthSums: ("month", *_WORK),
    NamedSums: ("code", "name", *_WORK),
    TownConcerns: ("total", "reported", "outcomes", "fields", "confirmed", "public"),
    Outcome: ("code", "name", "concerns"),
    PublicConcern: (
        *("title", "place", "field", "reported_on", "outcome", "state", "since", "sentence"),
        *("promised_until", "office"),
    ),
    PhotoGroup: ("title", "pictures"),
    FrozenPicture: ("moment", "day", "alt", "sha256"),
    Texts: (
        *("at_a_glance", "occasion", "participation", "cooperation", "costs", "assessment", "outlook"),
        *("alternatives", "proposal"),
    ),
    EasyText: ("text", "check"),
    GroupCheck: ("date", "group"),
    ListedActivity: ("day", "field", "also", "kind", "title", "minutes", "travel_minutes", "result"),
}


def published(snapshot: Snapshot) -> dict[str, Any]:
    """The report as JSON that may be handed out: groups below five people are null, as are fewer than five people who
    have said that something is good.

    The total of people is left out where it would let a suppressed group be worked out.
    """
    names = allowed_at(PUBLISHED, snapshot.schema)
    data: dict[str, Any] = write(snapshot, names.__getitem__)
    for row, field in zip(data["fields"], snapshot.fields, strict=True):
        row["people_reached"] = None if is_small(field.people_reached) else field.people_reached
    if is_total_telling(snapshot):
        people = {"people_reached": None, "people_reached_at_least": shown_people(snapshot)}
    else:
        people = {"people_reached": snapshot.totals.people_reached}
    data["totals"] |= people
    for name in ("activities", "late"):
        if name in data:
            data[name] = [_by_month(row) if row["minutes"] is None else row for row in data[name]]
    if is_small(snapshot.concerns.confirmed or 0):
        data["concerns"]["confirmed"] = None
    if snapshot.easy and (check := snapshot.easy.check):
        data["easy"]["check"]["persons"] = None if is_small(check.persons) else check.persons
    return data | {"note": "Bei weniger als fünf Personen steht keine Zahl (null)."}


def _by_month(row: dict[str, Any]) -> dict[str, Any]:
    hidden = ("day", "minutes", "travel_minutes")
    return {"month": row["day"]} | {name: value for name, value in row.items() if name not in hidden}


def allowed_at(allowed: Mapping[type, tuple[str, ...]], schema: int) -> dict[type, tuple[str, ...]]:
    """Without what a report of this schema was never asked: that is not the same as an empty field."""
    return {
        kind: tuple(name for name in names if name in known_at(kind, schema))
        for kind, names in allowed.items()
    }
