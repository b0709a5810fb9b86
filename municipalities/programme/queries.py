"""The fields of action and kinds of some counties, read at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, PositiveSmallIntegerField, QuerySet, Value

from municipalities.programme.models import ActivityKind, FieldOfAction
from municipalities.towns.models import Municipality


class Coded(NamedTuple):
    """A row of FieldOfAction or ActivityKind; a kind has neither sign nor articles."""

    pk: int
    county: str
    code: str
    name: str
    short: str
    articles: list[int]


class Codes:
    """The fields, or the kinds, of some counties. Outside of the database they are known by their codes; which row a
    code means depends on the county.
    """

    def __init__(self, rows: Iterable[Coded]) -> None:
        self.rows = list(rows)
        self._by_code = {(row.county, row.code): row for row in self.rows}
        self._codes = {row.pk: row.code for row in self.rows}
        self.names = {row.code: row.name for row in self.merged}

    @property
    def merged(self) -> list[Coded]:
        """Each code once, in order. Where counties call it by different names, it bears them all."""
        found: dict[str, list[Coded]] = {}
        for row in self.rows:
            found.setdefault(row.code, []).append(row)
        return [
            rows[0]._replace(name=" / ".join(dict.fromkeys(row.name for row in rows)))
            for rows in found.values()
        ]

    def find(self, county: str, code: str) -> Coded | None:
        return self._by_code.get((county, code))

    def id_of(self, county: str, code: str) -> int | None:
        row = self.find(county, code)
        return row.pk if row else None

    def name_of(self, county: str, code: str) -> str:
        return self._by_code[county, code].name

    def pk_of(self, county: str, code: str) -> int:
        """Of a code that is known to belong to the county."""
        return self._by_code[county, code].pk

    def ids_of(self, code: str) -> list[int]:
        """In each of the counties that know the code."""
        return [row.pk for row in self.rows if row.code == code]

    def code_of(self, pk: int | None) -> str:
        """Empty for None."""
        return "" if pk is None else self._codes[pk]


class Programme(NamedTuple):
    fields: Codes
    kinds: Codes

    def of(self, county: str) -> Programme:
        """What is one county's of it."""
        return Programme(*(Codes(row for row in codes.rows if row.county == county) for codes in self))


def programme_of(counties: Iterable[str]) -> Programme:
    """By keys of counties. One query; those of several counties stand in the order of their positions."""
    keys = sorted(set(counties))
    nothing = {
        "short": Value("", output_field=CharField()),
        "articles": Value([], output_field=ArrayField(PositiveSmallIntegerField())),
    }
    fields = _rows(FieldOfAction.objects.filter(county__in=keys), "field")
    kinds = _rows(ActivityKind.objects.filter(county__in=keys).annotate(**nothing), "kind")
    found: dict[str, list[Coded]] = {"field": [], "kind": []}
    for what, _, county, pk, *rest in sorted(fields.union(kinds, all=True), key=lambda row: row[:3]):
        found[what].append(Coded(pk, county, *rest))
    return Programme(fields=Codes(found["field"]), kinds=Codes(found["kind"]))


def _rows(rows: QuerySet[Any], what: str) -> QuerySet[Any]:
    columns = ("what", "position", "county_id", "pk", "code", "name", "short", "articles")
    return rows.order_by().annotate(what=Value(what, output_field=CharField())).values_list(*columns)


def programme_of_towns(towns: Iterable[Municipality]) -> Programme:
    return programme_of(town.county_id for town in towns)
