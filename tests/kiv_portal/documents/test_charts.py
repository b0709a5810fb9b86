import io
import re
import xml.etree.ElementTree as ElementTree

import pikepdf

from kiv_portal.documents import charts
from kiv_portal.documents.fonts import BASE_DIR
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots

SVG = "{http://www.w3.org/2000/svg}"
CSS = BASE_DIR / "static" / "css"


def words(svg: str) -> list[str]:
    drawing = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    return [node.text or "" for node in drawing.iter(f"{SVG}text")]


def test_every_bar_says_its_name_sign_and_number():
    chart = charts.fields_chart(read_snapshot(snapshots.normal_year()).fields)
    assert {"Bildung und Schule", "Bi", "17", "Leben und Wohnen", "Wo", "26"} <= set(words(chart.svg))
    assert "Leben und Wohnen 26" in chart.alt


def test_every_field_has_a_pattern_of_its_own():
    fields = read_snapshot(snapshots.normal_year()).fields
    drawing = ElementTree.fromstring(charts.fields_chart(fields).svg)  # noqa: S314  our own drawing
    patterns = {
        f"url(#{node.get('id')})": ElementTree.tostring(node[0]) for node in drawing.iter(f"{SVG}pattern")
    }
    assert len(set(patterns.values())) == 5
    bars = [(node.get("d"), node.get("fill")) for node in drawing.iter(f"{SVG}path")]
    for field in fields:
        shape = next(d for d, fill in bars if fill == charts.FIELD_COLOURS[field.code])
        over = [fill for d, fill in bars if d == shape and fill in patterns]
        # what belongs to all fields is plain, as on the pages
        assert over == ([] if field.code == "quer" else [f"url(#pattern-{field.code})"])


def test_pages_charts_and_print_know_the_same_patterns():
    pages, paper = ((CSS / name).read_text() for name in ("status.css", "print/paper.css"))
    on_pages = set(re.findall(r"\.field-sign--(\w+) \.field-sign__sign::before", pages))
    on_paper = set(re.findall(r"\.sign-(\w+) {[^}]*background-image: url", paper))
    assert on_pages - {"quer"} == set(charts.FIELD_PATTERNS)
    # on paper every sign has the pattern of an unknown field, unless it says otherwise; "quer" says: plain
    assert on_paper == set(charts.FIELD_PATTERNS) - {charts.OTHER} | {"quer"}


def test_the_patterns_reach_the_paper(built):
    with pikepdf.open(io.BytesIO(built["normal"].pdf)) as pdf:
        tilings = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/PatternType") == 1
        ]
    assert len(tilings) >= 5


def test_numbers_in_charts_are_german():
    snapshot = snapshots.normal_year()
    snapshot["fields"][0]["activities"] = 12345
    assert "12.345" in words(charts.fields_chart(read_snapshot(snapshot).fields).svg)


def test_months_carry_year_and_number():
    chart = charts.months_chart(read_snapshot(snapshots.normal_year()).months)
    assert {"Okt", "2021", "Jan", "2022"} <= set(words(chart.svg))
    assert "Oktober\u00a02021 (8)" in chart.alt


def test_a_year_without_activities_can_be_drawn():
    empty = read_snapshot(snapshots.empty_year())
    assert (
        charts.fields_chart(empty.fields).alt.endswith("keine Aktivitäten.")
        or "keinem" in charts.fields_chart(empty.fields).alt
    )
    assert words(charts.months_chart(empty.months).svg).count("0") == 12


def test_an_inline_chart_obeys_a_strict_content_policy():
    chart = charts.fields_chart(read_snapshot(snapshots.normal_year()).fields)
    assert 'role="img" aria-label="Balkendiagramm' in chart.inline_svg
    assert "style=" not in chart.inline_svg
    assert "<script" not in chart.inline_svg
    assert "currentColor" in chart.inline_svg
