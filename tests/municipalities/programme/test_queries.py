"""Fields and kinds of some counties: in which order, by which codes, and whose."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipalities.models import County
from municipalities.programme.queries import Codes, Programme, programme_of, programme_of_towns
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def counties() -> tuple[County, County]:
    """Both know "bildung" and "begehung", each by its own name and at its own place; made in another order."""
    boeblingen = factories.make_county()
    calw = factories.make_county("08235", "Landkreis Calw")
    other = factories.make_county("08416", "Landkreis Tübingen")
    for county, code, name, short, articles, position in (
        (other, "fremd", "Fremd", "Fr", [1], 1),
        (boeblingen, "verkehr", "Verkehr", "Ve", [9, 20], 2),
        (calw, "bildung", "Lernen", "Le", [24], 3),
        (calw, "natur", "Natur", "Na", [], 1),
        (boeblingen, "bildung", "Bildung", "Bi", [24], 1),
    ):
        county.fields.create(code=code, name=name, short=short, articles=articles, position=position)
    for county, code, name, position in (
        (boeblingen, "beratung", "Beratung", 2),
        (calw, "begehung", "Begehung", 3),
        (boeblingen, "begehung", "Begehung", 1),
    ):
        county.kinds.create(code=code, name=name, position=position)
    return boeblingen, calw


def rows(codes: Codes) -> list[tuple[str, str, str, str, list[int]]]:
    return [(row.county, row.code, row.name, row.short, row.articles) for row in codes.rows]


def test_in_the_order_of_their_positions_with_one_query(counties: tuple[County, County]) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = programme_of(["08235", "08115", "08115"])
    assert len(captured) == 1
    assert rows(found.fields) == [
        ("08115", "bildung", "Bildung", "Bi", [24]),
        ("08235", "natur", "Natur", "Na", []),
        ("08115", "verkehr", "Verkehr", "Ve", [9, 20]),
        ("08235", "bildung", "Lernen", "Le", [24]),
    ]
    assert rows(found.kinds) == [
        ("08115", "begehung", "Begehung", "", []),
        ("08115", "beratung", "Beratung", "", []),
        ("08235", "begehung", "Begehung", "", []),
    ]
    own = found.of("08235")
    assert isinstance(own, Programme)
    assert [row.code for row in own.fields.rows] == ["natur", "bildung"]
    assert [row.code for row in own.kinds.rows] == ["begehung"]


def test_each_code_once_with_all_its_names(counties: tuple[County, County]) -> None:
    fields, kinds = programme_of(["08115", "08235"])
    assert [(row.code, row.name) for row in fields.merged] == [
        ("bildung", "Bildung / Lernen"),
        ("natur", "Natur"),
        ("verkehr", "Verkehr"),
    ]
    assert [(row.code, row.name) for row in kinds.merged] == [
        ("begehung", "Begehung"),  # the same name is said once
        ("beratung", "Beratung"),
    ]
    assert fields.names == {"bildung": "Bildung / Lernen", "natur": "Natur", "verkehr": "Verkehr"}


def test_a_code_means_the_row_of_its_county(counties: tuple[County, County]) -> None:
    boeblingen, calw = counties
    fields = programme_of(["08115", "08235"]).fields
    here, there = boeblingen.fields.get(code="bildung"), calw.fields.get(code="bildung")
    natur = calw.fields.get(code="natur")
    found = fields.find("08235", "bildung")
    assert found is not None
    assert (found.pk, found.name) == (there.pk, "Lernen")
    assert (fields.find("08115", "natur"), fields.id_of("08115", "natur")) == (None, None)
    assert fields.id_of("08115", "bildung") == fields.pk_of("08115", "bildung") == here.pk
    assert fields.name_of("08235", "bildung") == "Lernen"
    assert sorted(fields.ids_of("bildung")) == sorted([here.pk, there.pk])
    assert (fields.ids_of("natur"), fields.ids_of("quatsch")) == ([natur.pk], [])
    assert (fields.code_of(there.pk), fields.code_of(natur.pk), fields.code_of(None)) == (
        *("bildung", "natur", ""),
    )
    with pytest.raises(KeyError):
        fields.pk_of("08115", "natur")


def test_the_programme_of_towns_is_that_of_their_counties(counties: tuple[County, County]) -> None:
    towns = [
        factories.make_town(),
        factories.make_town("Herrenberg", "08115021"),
        factories.make_town("Calw", "08235085"),
    ]
    assert rows(programme_of_towns(towns[:2]).fields) == rows(programme_of(["08115"]).fields)
    assert rows(programme_of_towns(towns).fields) == rows(programme_of(["08115", "08235"]).fields)
    assert programme_of_towns([]).kinds.rows == []
