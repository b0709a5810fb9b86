"""The figures of a report as files: CSV for a spreadsheet, JSON for a program."""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kiv_portal.documents import german
from kiv_portal.documents.spreadsheets import to_csv


def to_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


Row = Sequence[Any]

FIGURES = ("Gliederung", "Bezeichnung", "Aktivitäten", "Minuten", "Erreichte Personen",
           "Minuten Fahrzeit", "Auslagen in Cent", "Anliegen")  # fmt: skip
ACTIVITIES = ("Datum", "Handlungsfeld", "Berührt auch", "Art", "Titel", "Minuten", "Ergebnis")
CONCERNS = (
    "Ort",
    "Anliegen",
    "Handlungsfeld",
    "Stand",
    "Seit",
    "Was geschehen ist",
    "Zugesagt bis",
    "Zuständig",
)


def figures_csv(snapshot: Mapping[str, Any]) -> bytes:
    return to_csv(FIGURES, figures_rows(snapshot))


def activities_csv(snapshot: Mapping[str, Any]) -> bytes:
    return to_csv(ACTIVITIES, activities_rows(snapshot))


def concerns_csv(snapshot: Mapping[str, Any]) -> bytes:
    return to_csv(CONCERNS, concerns_rows(snapshot))


def figures_rows(snapshot: Mapping[str, Any]) -> list[Row]:
    """All counted figures in one long table: what is counted, group, and its numbers. "" is an empty cell.

    A snapshot of schema 1 knows neither travel nor expenses nor concerns: its cells stay empty, which is not 0.
    """
    rows: list[Row] = []
    totals = snapshot["totals"]
    total_people = (
        people_total(snapshot) if _is_total_telling(snapshot) else _countable(totals["people_reached"])
    )
    rows.append(_counted("Gesamt", "Alle Aktivitäten", totals, total_people))
    rows += [
        _counted("Handlungsfeld", field["name"], field, _countable(field["people_reached"]))
        for field in snapshot["fields"]
    ]
    rows += [_counted("Monat", month["month"], month) for month in snapshot["months"]]
    rows += [_counted("Art", kind["name"], kind) for kind in snapshot["kinds"]]
    rows += [
        ("Ergebnis", result["name"], result["activities"], "", "", "", "", "")
        for result in snapshot["results"]
    ]
    rows += [
        ("Anliegen", row["name"], "", "", "", "", "", row["concerns"])
        for row in (snapshot.get("concerns") or {}).get("outcomes", ())
    ]
    return [[_plain(value) for value in row] for row in rows]


def _counted(group: str, name: str, row: Mapping[str, Any], people: int | str = "") -> Row:
    known = (row.get("travel_minutes", ""), row.get("expenses_cents", ""), "")
    return (group, name, row["activities"], row["minutes"], people, *known)


def concerns_rows(snapshot: Mapping[str, Any]) -> list[Row]:
    """The public concerns; all others are only counted, in `figures_rows`. Days are dates."""
    names = {field["code"]: field["name"] for field in snapshot["fields"]}
    return [
        (
            row["place"],
            row["title"],
            names.get(row["field"], "Querschnitt"),
            row["state"],
            _day(row["since"]),
            row["sentence"],
            _day(row["promised_until"]),
            row["office"],
        )
        for row in (snapshot.get("concerns") or {}).get("public", ())
    ]


def activities_rows(snapshot: Mapping[str, Any]) -> list[Row]:
    """Every activity, without its number of people. Days are dates."""
    names = {field["code"]: field["name"] for field in snapshot["fields"]}
    return [
        (
            _day(activity["day"]),
            names.get(activity["field"] or "quer", "Querschnitt"),
            ", ".join(names.get(code, code) for code in activity["also"]),
            activity["kind"],
            activity["title"],
            activity["minutes"],
            activity["result"],
        )
        for activity in snapshot["activities"]
    ]


def _day(value: str | None) -> datetime.date | str:
    return datetime.date.fromisoformat(value) if value else ""


def published(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot as it may be handed out: groups below five people become null.

    People reached are given by field only: one consultation with its number of people could name somebody, and
    the months or kinds would add up to the total that is hidden.
    The total of people is left out where it would let a suppressed group be worked out.
    """
    fields = [
        {**field, "people_reached": None if is_small(field["people_reached"]) else field["people_reached"]}
        for field in snapshot["fields"]
    ]
    totals = {**snapshot["totals"]}
    if _is_total_telling(snapshot):
        totals["people_reached"] = None
        totals["people_reached_at_least"] = shown_people(snapshot)
    counted_otherwise = {
        name: [_without_people(row) for row in snapshot[name]]
        for name in ("months", "kinds", "results", "activities")
    }
    note = "Bei weniger als fünf Personen steht keine Zahl (null)."
    known = {**snapshot, **counted_otherwise, "fields": fields, "totals": totals, "note": note}
    if "photos" in snapshot:
        known["photos"] = [_without_files(group) for group in snapshot["photos"]]
    return known | {"easy": _without_small_group(snapshot["easy"])} if snapshot.get("easy") else known


def _without_files(group: Mapping[str, Any]) -> dict[str, Any]:
    """Where a photo lies on our disk is nobody's matter."""
    pictures = [{key: value for key, value in row.items() if key != "file"} for row in group["pictures"]]
    return {**group, "pictures": pictures}


def _without_small_group(easy: Mapping[str, Any]) -> dict[str, Any]:
    """A text in easy language names how many checked it."""
    check = easy["check"]
    if check and is_small(check["persons"]):
        check = {**check, "persons": None}
    return {**easy, "check": check}


_ABOUT_PEOPLE = ("people_reached", "people_not_counted", "people_ranges")


def _without_people(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _ABOUT_PEOPLE}


def is_small(people: int | None) -> bool:
    return people is not None and 0 < people < german.SMALLEST_GROUP


def shown_people(snapshot: Mapping[str, Any]) -> int:
    """Sum of the groups that are printed as numbers."""
    return sum(
        field["people_reached"] or 0 for field in snapshot["fields"] if not is_small(field["people_reached"])
    )


def people_total(snapshot: Mapping[str, Any]) -> str:
    """The total; a lower bound where ranges were counted, or where the exact total would tell a suppressed group."""
    total = snapshot["totals"]["people_reached"]
    if not _is_total_telling(snapshot):
        has_ranges = snapshot["totals"].get("people_ranges", 0) and total >= german.SMALLEST_GROUP
        return f"mindestens{german.NBSP}{german.number(total)}" if has_ranges else german.people(total)
    if total < german.SMALLEST_GROUP:
        return german.people(total)
    lower_bound = max(shown_people(snapshot), german.SMALLEST_GROUP)
    return f"mindestens{german.NBSP}{german.number(lower_bound)}"


def _is_total_telling(snapshot: Mapping[str, Any]) -> bool:
    return any(is_small(field["people_reached"]) for field in snapshot["fields"])


def _countable(people: int | None) -> int | str:
    return german.people(people) if people is None or is_small(people) else people


def _plain(value: Any) -> Any:
    return value.replace(german.NBSP, " ") if isinstance(value, str) else value
