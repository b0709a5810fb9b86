"""Everything that waits for a person, in one question to the database."""

from __future__ import annotations

import datetime as dt
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from home.work_list.duties import duties_of
from home.work_list.kinds import Duty
from kiv_portal.german_order import german_key
from kiv_portal.ui.templatetags.german import counted
from mediators.roles import mediator_roles
from municipalities.roles import town_roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities.series.queries import WaitingDay
    from kiv_portal.accounts.models import User

CONCERNS = {
    "new": "neue Meldung,neue Meldungen",
    "promise": "überfällige Zusage,überfällige Zusagen",
    "reply": "überfällige Antwort,überfällige Antworten",
}
SOME_DAY = dt.date(2000, 1, 1)


def work_of(user: User, today: dt.date, series: Iterable[WaitingDay] = ()) -> list[Duty]:
    """What waits for this person, what has waited longest first; `series` are the waiting days of the own ones. One
    query.
    """
    duties = [*_with_one_line_of_concerns(_read(_towns_of(user), today)), *_series(series, today)]
    return sorted(duties, key=lambda duty: (duty.day, german_key(duty.town), duty.kind))


def work_in(towns: Iterable[int], today: dt.date) -> list[Duty]:
    """What waits in these towns, for town hall or county. One query."""
    ids = frozenset(towns)
    named = dict.fromkeys(("staff", "contact", "writing", "looked_after", "at_work"), ids)
    nothing: dict[str, frozenset[Any]] = dict.fromkeys(
        ("mediator", "councillor", "counties", "log"), frozenset()
    )
    return _read(named | nothing, today)


def _towns_of(user: User) -> dict[str, frozenset[Any]]:
    towns, log = town_roles(user), mediator_roles(user)
    return {
        "staff": towns.staff,
        "contact": towns.contact,
        "mediator": log.appointed,
        "councillor": towns.councillor,
        "writing": towns.contact | log.appointed,
        "looked_after": towns.looks_after,
        "at_work": towns.looks_after | log.appointed,
        "counties": towns.counties,
        "log": log.own,
    }


def _read(towns: dict[str, frozenset[Any]], today: dt.date) -> list[Duty]:
    roles = frozenset(role for role in ("staff", "contact", "mediator", "councillor", "log") if towns[role])
    if not roles:
        return []
    sql, given = _statement(roles)
    with connection.cursor() as cursor:
        cursor.execute(sql, [_filled(value, towns, today) for value in given])
        rows: list[Any] = cursor.fetchall()
    found = [
        Duty(kind, key, slug, town, day, number, label, today)
        for kind, key, slug, town, day, number, label in rows
    ]
    return [duty for duty in found if duty.number]


# --- Twenty parts take Django longer to write down than PostgreSQL to answer, and the navigation of every page asks.
# So the statement is written once for each set of roles, for some day and for towns by name, which are filled in later.


class _Named(NamedTuple):
    """Stands for the ids of these towns."""

    name: str


@cache
def _statement(roles: frozenset[str]) -> tuple[str, tuple[object, ...]]:
    names = ("staff", "contact", "councillor", "writing", "looked_after", "at_work", "log")
    towns: Any = SimpleNamespace(
        **{name: _ids(name, "bigint") for name in names}, counties=_ids("counties", "text")
    )
    first, *others = duties_of(roles, towns, SOME_DAY)
    return first.union(*others, all=True).query.sql_with_params()


def _ids(name: str, kind: str) -> RawSQL:
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [_Named(name)])  # noqa: S611  # nothing of a person in it


def _filled(value: Any, towns: dict[str, frozenset[Any]], today: dt.date) -> Any:
    if isinstance(value, _Named):
        return list(towns[value.name])
    if isinstance(value, dt.date):
        return today + (value - SOME_DAY)
    return value


# --- lines that several parts make


def _with_one_line_of_concerns(duties: list[Duty]) -> Iterable[Duty]:
    parts = {duty.label: duty for duty in duties if duty.kind == "concerns"}
    yield from (duty for duty in duties if duty.kind != "concerns")
    if parts:
        told = [counted(parts[name].number, forms) for name, forms in CONCERNS.items() if name in parts]
        oldest = min(part.day for part in parts.values())
        number = sum(part.number for part in parts.values())
        yield Duty("concerns", 0, "", "", oldest, number, ", ".join(told), duties[0].today)


def _series(series: Iterable[WaitingDay], today: dt.date) -> Iterable[Duty]:
    if days := [waiting.day for waiting in series]:
        yield Duty("series", 0, "", "", min(days), len(days), "", today)
