"""Names of kinds, fields and towns in an imported table, and words that the person explains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from activities.imports import services
from activities.models import Activity, ActivityImport, RunKind
from municipalities.models import Municipality
from tests import factories
from tests.activities.imports.checking import row, run
from tests.activities.imports.table_files import HEADER, ROW
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "woken")]


def test_words_of_ones_own_get_a_meaning(people: People, open_import: Callable[..., ActivityImport]) -> None:
    imported = open_import([row(Art="Ortstermin", Handlungsfeld="Straße")])
    assert services.unknown_words(imported) == {"kind": ["Ortstermin"], "field": ["Straße"]}
    services.explain_words(imported, {"kind": {"ortstermin": "begehung"}, "field": {"straße": "verkehr"}})
    run(imported)
    run(imported, RunKind.STORE)
    stored = Activity.objects.get()
    assert (stored.kind.code, stored.field_code) == ("begehung", "verkehr")


def test_a_second_town_must_be_named(people: People, open_import: Callable[..., ActivityImport]) -> None:
    factories.make_mediator(people.mediator, people.other_town)
    imported = open_import([[*ROW, ""], [*ROW, "Herrenberg"], [*ROW, "Calw"]], [*HEADER, "Kommune"])
    run(imported)
    assert [found.sentences for found in imported.rows.all()] == [
        ["Es fehlt die Kommune."], [], ["Die Kommune „Calw“ kennen wir nicht."],
    ]  # fmt: skip


@pytest.fixture
def calw(people: People) -> Municipality:
    """A town of another county, where Vera works, too. There the word Begehung has another code."""
    town = Municipality.objects.get(slug="calw")
    factories.make_mediator(people.mediator, town)
    factories.make_field("verkehr", town.county)
    town.county.kinds.create(code="termin", name="Begehung", position=1)
    town.county.kinds.create(code="hausbesuch", name="Hausbesuch", position=2)
    return town


def test_words_mean_what_they_mean_in_the_rows_county(
    people: People, calw: Municipality, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [
        [*row(Titel=town, Handlungsfeld="Verkehr und Infrastruktur"), town] for town in ("Leonberg", "Calw")
    ]
    imported = open_import(rows, [*HEADER, "Kommune"])
    run(imported)
    assert run(imported, RunKind.STORE).stored == 2
    assert set(Activity.objects.values_list("municipality__name", "kind__code", "field__county")) == {
        ("Leonberg", "begehung", "08115"),
        ("Calw", "termin", "08235"),
    }


def test_what_the_rows_county_does_not_have_is_an_error(
    people: People, calw: Municipality, open_import: Callable[..., ActivityImport]
) -> None:
    rows = [
        [*row(Art="Hausbesuch"), "Leonberg"],
        [*row(Handlungsfeld="Bildung und Schule"), "Calw"],
        [*row(Art="Ortstermin", Handlungsfeld=""), "Calw"],
        [*row(Art="", Handlungsfeld=""), "Calw"],
        [*row(Art="Zauberei", Handlungsfeld=""), "Calw"],
    ]
    imported = open_import(rows, [*HEADER, "Kommune"])
    services.explain_words(imported, {"kind": {"ortstermin": "beratung"}})
    services.explain_columns(imported, targets=imported.targets, defaults={"kind": "beratung"})
    run(imported)
    there = "gibt es im Landkreis dieser Kommune nicht."
    assert [found.sentences for found in imported.rows.all()] == [
        [f"Die Art „Hausbesuch“ {there}"],
        [f"Das Handlungsfeld „Bildung und Schule“ {there}"],
        [f"Die Art „Ortstermin“ {there}"],
        [f"Die Art „Beratung“ {there}"],
        ["Die Art „Zauberei“ kennen wir nicht."],
    ]
