"""The county's report: accessible for every kind of county, and silent about small groups."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reports.content.report import BuildStep, BuiltReport
from reports.county.content.county import build_county_pdf, county_attachments, county_html
from reports.county.content.county_map import LINE_PX, Place, _labels, _spots, county_map
from reports.county.content.county_tables import (
    people_of_all,
    people_of_field,
    people_of_town,
    published,
    report_tables,
)
from reports.county.snapshot import CountySnapshot, read_county_snapshot
from reports.figures.snapshot import FieldSums
from tests.reports.county.content import county_snapshots


def ten_towns() -> CountySnapshot:
    return read_county_snapshot(county_snapshots.ten_towns())


def field_of(snapshot: CountySnapshot, code: str) -> FieldSums:
    return next(field for field in snapshot.fields if field.code == code)


@pytest.fixture(scope="module")
def built_counties() -> dict[str, BuiltReport]:
    return {
        name: build_county_pdf(read_county_snapshot(make()), edition_number="2")
        for name, make in county_snapshots.ALL.items()
    }


def test_every_county_report_is_accessible_and_fit_for_the_archive(
    built_counties: dict[str, BuiltReport],
    tmp_path: Path,
    judge: Callable[..., dict[tuple[str, str], list[str]]],
) -> None:
    files = []
    for name, report in built_counties.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(report.pdf)
    broken = judge(files)
    assert len(broken) == 6
    assert {key: rules for key, rules in broken.items() if rules} == {}


@pytest.mark.slow
def test_the_same_snapshot_gives_the_same_bytes(built_counties: dict[str, BuiltReport]) -> None:
    steps: list[BuildStep] = []
    again = build_county_pdf(ten_towns(), edition_number="2", progress=steps.append)
    assert again.pdf == built_counties["ten"].pdf
    assert steps == [BuildStep.CHARTS, BuildStep.TEXT, BuildStep.PAGES, BuildStep.CHECK]


def test_a_screen_reader_meets_everything_once_and_in_order(built_counties: dict[str, BuiltReport]) -> None:
    verdict = built_counties["ten"].verdict
    assert (verdict.figures, verdict.tables) == (3, 9)
    html = county_html(ten_towns(), edition_number="2")
    wanted = re.findall(r"<(h[123]|table)[ >]", html)
    with pikepdf.open(io.BytesIO(built_counties["ten"].pdf)) as pdf:
        assert [kind.lower() for kind in _kinds(pdf.Root.StructTreeRoot)] == wanted


def _kinds(node: Any) -> Iterator[str]:
    """Headings and tables of the structure tree, in its order."""
    if not isinstance(node, pikepdf.Dictionary):
        return
    kind = str(node.get("/S", "/")).removeprefix("/")
    if kind in ("H1", "H2", "H3", "Table"):
        yield kind
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _kinds(kid)


def test_a_character_without_a_glyph_is_named(built_counties: dict[str, BuiltReport]) -> None:
    assert built_counties["ten"].verdict.replaced == []
    (replaced,) = built_counties["nasty"].verdict.replaced
    assert replaced.startswith("„漢“ (CJK UNIFIED IDEOGRAPH-6F22, U+6F22)")


def test_typed_text_is_escaped_and_never_a_formula() -> None:
    snapshot = read_county_snapshot(county_snapshots.nasty())
    assert "<script" not in county_html(snapshot, edition_number="1")
    cells = [
        file.data.decode("utf-8-sig") for file in county_attachments(snapshot) if file.name.endswith(".csv")
    ]
    assert any("'=SUMME(A1:A9)" in text for text in cells)
    assert not any(re.search(r"(^|;)\"?=", text, re.MULTILINE) for text in cells)


# --- small groups


def test_a_small_group_cannot_be_worked_out() -> None:
    snapshot = ten_towns()
    small, field = snapshot.towns[0], field_of(snapshot, "gesundheit")
    without = sum(people for people in small.people_by_field.values() if people != 3)
    assert people_of_town(small) == f"mindestens\u00a0{without}"
    assert people_of_field(snapshot, field) == f"mindestens\u00a0{field.people_reached - 3}"
    total = f"{snapshot.totals.people_reached - 3:,}".replace(",", ".")
    assert people_of_all(snapshot) == f"mindestens\u00a0{total}"
    exact = field_of(snapshot, "bildung")
    assert people_of_field(snapshot, exact) == str(exact.people_reached)


def test_no_file_and_no_page_tells_the_small_group(built_counties: dict[str, BuiltReport]) -> None:
    snapshot = ten_towns()
    telling = {
        snapshot.towns[0].people_reached,
        snapshot.totals.people_reached,
        field_of(snapshot, "gesundheit").people_reached,
    }
    with pikepdf.open(io.BytesIO(built_counties["ten"].pdf)) as pdf:
        files = {name: pdf.attachments[name].get_file().read_bytes().decode() for name in pdf.attachments}
    assert len(files) == 7
    texts = [*files.values(), county_html(snapshot, edition_number="1")]
    for number in telling:
        for text in texts:
            assert not re.search(rf"(?<![\d.]){number:,}(?![\d.])".replace(",", r"\.?"), text), number
    parsed = json.loads(files["kreisbericht.json"])
    assert parsed["towns"][0]["people_by_field"]["gesundheit"] is None
    assert parsed["towns"][0]["people_reached"] is None
    assert all(not key.startswith("people_") for month in parsed["months"] for key in month)


def test_only_a_small_group_is_only_small() -> None:
    data = county_snapshots.ten_towns()
    data["towns"][0] |= {"people_by_field": {"gesundheit": 3}, "people_reached": 3}
    snapshot = read_county_snapshot(data)
    assert people_of_town(snapshot.towns[0]) == "unter\u00a05"
    assert published(snapshot)["towns"][0]["people_reached"] is None
    rows = report_tables(snapshot)[0].rows
    assert rows[0][11] == "unter 5"
    assert rows[1][11] == snapshot.towns[1].people_reached


# --- the map


def test_names_on_the_map_do_not_cover_each_other() -> None:
    placed = [
        Place(town.name, town.latitude, town.longitude, town.activities)
        for town in ten_towns().towns
        if town.latitude and town.longitude
    ]
    spots, height = _spots(placed)
    boxes = [label.box for label in _labels(spots, height)]
    assert len(boxes) == 9
    assert sum(a.shared_with(b) for a in boxes for b in boxes if a is not b) == 0
    assert all(box.left >= 0 and box.top >= 0 and box.right <= 600 and box.bottom <= height for box in boxes)


def test_names_of_a_crowd_find_room() -> None:
    crowd = [Place(f"Oberlangenbach {n}", 48.6 + (n % 6) * 0.03, 8.9 + (n // 6) * 0.06, n) for n in range(30)]
    spots, height = _spots(crowd)
    boxes = [label.box for label in _labels(spots, height)]
    covered = sum(a.shared_with(b) for a in boxes for b in boxes if a is not b) / 2
    assert covered < 0.1 * sum((box.right - box.left) * LINE_PX for box in boxes)


def test_map_says_what_it_shows_and_what_is_missing() -> None:
    chart = county_map(ten_towns().towns, county="Landkreis Böblingen")
    assert chart
    assert chart.alt == (
        "Karte mit 9\u00a0Kommunen im Landkreis Böblingen, von Rutesheim im Norden bis Herrenberg im Süden. Je mehr"
        " Aktivitäten, desto größer der Kreis; am größten ist er bei Weil der Stadt (57)."
        " 1\u00a0Kommune fehlt auf der Karte. Alle Zahlen stehen in der Tabelle."
    )
    assert chart.svg.count("<text") == 9
    assert county_map([], county="Landkreis Böblingen") is None
