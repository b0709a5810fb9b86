import xml.etree.ElementTree as ElementTree

from kiv_portal.rendering import charts
from tests.rendering import snapshots


def words(svg: str) -> list[str]:
    drawing = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    return [node.text or "" for node in drawing.iter("{http://www.w3.org/2000/svg}text")]


def test_every_bar_says_its_name_sign_and_number():
    chart = charts.fields_chart(snapshots.normal_year()["fields"])
    assert {"Bildung und Schule", "Bi", "17", "Leben und Wohnen", "Wo", "26"} <= set(words(chart.svg))
    assert "Leben und Wohnen 26" in chart.alt


def test_numbers_in_charts_are_german():
    fields = snapshots.normal_year()["fields"]
    fields[0]["activities"] = 12345
    assert "12.345" in words(charts.fields_chart(fields).svg)


def test_months_carry_year_and_number():
    chart = charts.months_chart(snapshots.normal_year()["months"])
    assert {"Okt", "2021", "Jan", "2022"} <= set(words(chart.svg))
    assert "Oktober\u00a02021 (8)" in chart.alt


def test_a_year_without_activities_can_be_drawn():
    empty = snapshots.empty_year()
    assert (
        charts.fields_chart(empty["fields"]).alt.endswith("keine Aktivitäten.")
        or "keinem" in charts.fields_chart(empty["fields"]).alt
    )
    assert words(charts.months_chart(empty["months"]).svg).count("0") == 12


def test_an_inline_chart_obeys_a_strict_content_policy():
    chart = charts.fields_chart(snapshots.normal_year()["fields"])
    assert 'role="img" aria-label="Balkendiagramm' in chart.inline_svg
    assert "style=" not in chart.inline_svg
    assert "<script" not in chart.inline_svg
    assert "currentColor" in chart.inline_svg
