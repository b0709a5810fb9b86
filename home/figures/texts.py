"""The numbers of the figures pages as German text; templates only place them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from activities.concerns.queries import CONCERN_OUTCOMES, ConcernTotals
from activities.figures.totals import FieldTotals, Totals, WholeTotals
from home.figures.queries import Figures
from kiv_portal.documents import german
from municipalities.models import Municipality
from reports.content import tables


def figures_context(figures: Figures, *, is_inside: bool, names_places: bool) -> dict[str, Any]:
    """`is_inside` shows small numbers; `names_places` lists the concerns of one town by place."""
    fields, total = figures.parts.by_field(), figures.parts.totals()
    start, end = figures.period.start, figures.period.end
    months = figures.parts.by_month(start, end)
    return {
        "total": total,
        "before_title": _before_title(figures),
        "heads": _heads(figures, total, fields, is_inside=is_inside),
        "fields": _field_rows(figures, fields, is_inside=is_inside),
        "months": [row | {"name": german.month(f"{row['row'].month:%Y-%m}")} for row in _rows(months)],
        "kinds": _rows(figures.parts.by_kind()),
        "results": _rows(figures.parts.by_result()),
        "sum": _rows([total])[0] | {"people": _people_total(total, fields, is_inside=is_inside)},
        "notes": _notes(total, fields, is_inside=is_inside),
        "concerns": _concerns(figures.concerns, names_places=names_places, is_inside=is_inside),
    }


def _before_title(figures: Figures) -> str:
    if not figures.before_is_a_year_ago:
        return "Zeitraum davor"
    return "Im Jahr davor bis zum gleichen Tag" if figures.is_running else "Im Jahr davor"


def _heads(
    figures: Figures, total: WholeTotals, fields: list[FieldTotals], *, is_inside: bool
) -> list[tuple[str, str]]:
    """The large numbers, each with its sentence; none where neither this period nor the one before has anything."""
    before, concerns = figures.before, figures.concerns
    if not (total.activities or concerns.total or (before and before.activities)):
        return []
    people = _people_total(total, fields, is_inside=is_inside)
    done = concerns.outcomes()["done"]
    hours = german.whole_hours(total.minutes)
    hours_before = german.whole_hours(before.minutes) if before else None
    heads = [
        (
            german.number(total.activities),
            _compared(
                _noun(total.activities, "Aktivität", "Aktivitäten"),
                total.activities,
                before.activities if before else None,
                figures,
            ),
        ),
        (
            german.number(hours),
            _compared(f"{_noun(hours, 'Stunde', 'Stunden')} Einsatz", hours, hours_before, figures),
        ),
        (
            people.removeprefix(_AT_LEAST),
            _people_sentence(people, total, before if is_inside else None, figures),
        ),
    ]
    if concerns.total:
        heads.append(
            (
                german.number(done),
                f"von {german.number(concerns.total)} Anliegen {_noun(done, 'ist', 'sind')} umgesetzt",
            )
        )
    return heads


_AT_LEAST = f"mindestens{german.NBSP}"


def _people_sentence(people: str, total: WholeTotals, before: Totals | None, figures: Figures) -> str:
    noun = _noun(total.people_reached, "Person", "Personen")
    reached = f"{noun} {'mindestens ' if people.startswith(_AT_LEAST) else ''}erreicht"
    return _compared(reached, total.people_reached, before.people_reached if before else None, figures)


def _noun(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _compared(what: str, now: int, before: int | None, figures: Figures) -> str:
    """ "Aktivitäten, 9 mehr als im Jahr davor" """
    if before is None:
        return what
    when = "im Jahr davor" if figures.before_is_a_year_ago else "im gleich langen Zeitraum davor"
    if figures.is_running and figures.before_is_a_year_ago:
        when += " bis zum gleichen Tag"
    if now == before:
        return f"{what}, so viele wie {when}"
    return f"{what}, {german.number(abs(now - before))} {'mehr' if now > before else 'weniger'} als {when}"


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """A table's rows; `bar` is the length of the bar in percent of the longest."""
    rows = list(rows)
    most = max((row.activities for row in rows), default=0) or 1
    hours = german.hours_of_rows([row.minutes for row in rows])
    travel = german.hours_of_rows([row.travel_minutes for row in rows])
    return [
        {
            "row": row,
            "name": getattr(row, "name", ""),
            "activities": german.number(row.activities),
            "bar": round(100 * row.activities / most),
            "hours": hours_of_row,
            "travel": travel_of_row,
            "expenses": german.euros(row.expenses_cents),
        }
        for row, hours_of_row, travel_of_row in zip(rows, hours, travel, strict=True)
    ]


def _field_rows(figures: Figures, fields: list[FieldTotals], *, is_inside: bool) -> list[dict[str, Any]]:
    concerns = figures.concerns.by_field()
    people = german.number if is_inside else german.people
    return [
        row | {"people": people(field.people_reached), "concerns": german.number(concerns.get(field.code, 0))}
        for row, field in zip(_rows(fields), fields, strict=True)
    ]


def _people_total(total: WholeTotals, fields: list[FieldTotals], *, is_inside: bool) -> str:
    """As in the report for neighbours: the total must not tell a field that is hidden."""
    if is_inside:
        return _at_least(total)
    return tables.people_in_words(
        total.people_reached, total.people_ranges, [field.people_reached for field in fields]
    )


def _at_least(total: WholeTotals) -> str:
    return f"{_AT_LEAST if total.people_ranges else ''}{german.number(total.people_reached)}"


def _notes(total: WholeTotals, fields: list[FieldTotals], *, is_inside: bool) -> list[str]:
    notes = []
    if total.people_ranges:
        activities = german.count(total.people_ranges, "Aktivität", "Aktivitäten")
        notes.append(
            f"Bei {activities} ist eine Spanne angegeben. Es waren mindestens so viele Personen wie hier gezählt."
        )
    if total.people_not_counted:
        activities = german.count(total.people_not_counted, "Aktivität", "Aktivitäten")
        notes.append(f"Bei {activities} hat niemand gezählt, wie viele Personen erreicht wurden.")
    if not is_inside and any(tables.is_small(field.people_reached) for field in fields):
        notes.append("Bei weniger als fünf Personen steht keine genaue Zahl, damit niemand zu erkennen ist.")
    return notes


def _concerns(concerns: ConcernTotals, *, names_places: bool, is_inside: bool) -> dict[str, Any] | None:
    if not concerns.total:
        return None
    outcomes = concerns.outcomes()
    most = max(outcomes.values())
    return {
        "total": concerns.total,
        "reported": concerns.reported,
        "outcomes": [
            {
                "code": code,
                "name": CONCERN_OUTCOMES[code],
                "number": german.number(n),
                "bar": round(100 * n / most),
            }
            for code, n in outcomes.items()
        ],
        "confirmed": _confirmed(concerns.confirmed, is_inside=is_inside),
        "columns": [CONCERN_OUTCOMES[code] for code in concerns.codes],
        "places": [
            {
                "name": place or "ohne festen Ort",
                "cells": [(CONCERN_OUTCOMES[code], n) for code, n in numbers.items()],
            }
            for place, numbers in concerns.by_place().items()
        ]
        if names_places
        else [],
    }


def _confirmed(number: int, *, is_inside: bool) -> str:
    """A few people who have said something could be known to a neighbour."""
    if not number:
        return ""
    if not is_inside and tables.is_small(number):
        return f"{german.people(number)} umgesetzte sind von Meldenden bestätigt: Es ist gut so."
    what = _noun(number, "umgesetztes ist", "umgesetzte sind")
    return f"{german.number(number)} {what} von Meldenden bestätigt: Es ist gut so."


# --- the towns of a county side by side


def town_rows(figures: Figures, towns: Iterable[Municipality]) -> list[dict[str, Any]]:
    sums, towns = figures.parts.by_town(), list(towns)
    rows = _rows(sums.get(town.pk, WholeTotals()) for town in towns)
    for row, town in zip(rows, towns, strict=True):
        concerns = figures.concerns.of_town(town.pk)
        before = figures.towns_before.get(town.pk)
        row |= {
            "town": town,
            "people": _at_least(row["row"]),
            "before": german.number(before.activities) if before else "–",
            "concerns": german.number(concerns.total),
            "done": german.number(concerns.outcomes()["done"]),
        }
    return rows
