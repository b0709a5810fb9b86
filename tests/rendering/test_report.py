"""What stands on the pages, read from the HTML that is set."""

import re
from itertools import pairwise

import pytest

from kiv_portal.rendering.errors import RenderingError
from kiv_portal.rendering.report import BuildStep, build_report_pdf, report_html
from tests.rendering import snapshots

TAG = re.compile(r"<[^>]+>")


def html_of(snapshot):
    return report_html(snapshot, edition="3")


def text_of(snapshot) -> str:
    text = TAG.sub(" ", html_of(snapshot).partition("<body")[2]).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def test_page_one_decides():
    text = text_of(snapshots.normal_year())
    first = text[: text.index("Inhalt")]
    assert "2022/184" in first
    assert "22.11.2022" in first
    assert "öffentlich, zur Entscheidung" in first
    assert "Die Teilnahme am Programm wird um zwei Jahre bis zum 30. September 2024 fortgeführt." in first
    assert re.search(
        r"87 Aktivitäten 198 Stunden Einsatz 2\.413 Personen erreicht 5 von 5 Handlungsfeldern", first
    )


def test_numbers_are_german():
    text = text_of(snapshots.normal_year())
    assert "Bildung und Schule Artikel 24 17 0 36,6 1.246" in text
    assert "Zusammen 87 198,0 2.413" in text
    assert not re.search(r"\d{4,}(?!-|\d*/)", re.sub(r"\b(19|20)\d\d\b", "", text).replace("50.000", ""))
    assert not re.search(r"\d,\d{3}\b", text)  # no English thousands
    assert not re.search(
        r"\b\d+\.\d{1,2}\b(?!\.)", re.sub(r"\d\d\.\d\d\.\d{4}", "", text)
    )  # no English decimals


def test_months_and_dates_are_written_out():
    text = text_of(snapshots.normal_year())
    assert "Berichtszeitraum 1. Oktober 2021 bis 30. September 2022" in text
    assert "Oktober 2021 8 14,3" in text
    assert not re.search(r"\d{4}-\d\d", text)


@pytest.mark.parametrize(("activities", "words"), [(1, "1 Aktivität "), (2, "2 Aktivitäten ")])
def test_singular_and_plural(activities, words):
    snapshot = snapshots._snapshot(activities)
    assert f" {words}" in text_of(snapshot)


def test_an_empty_year_says_so_and_skips_empty_chapters():
    text = text_of(snapshots.empty_year())
    assert "Im Berichtszeitraum sind keine Aktivitäten festgehalten." in text
    assert "Die Stelle war 365 Tage lang nicht besetzt." in text
    assert "Der Bericht dient der Kenntnisnahme." in text
    for absent in (
        "Handlungsfeldern:",
        "Ergebnisse",
        "Bewertung",
        "Inhalt Anlass",
        "Liste aller Aktivitäten",
    ):
        assert absent not in text
    assert "<img" not in html_of(snapshots.empty_year())


def test_small_groups_are_not_numbered():
    snapshot = snapshots.normal_year()
    snapshot["fields"][3]["people_reached"] = 3
    text = text_of(snapshot)
    assert "Verkehr und Infrastruktur Artikel 9 und 20 17 0 37,9 unter 5" in text
    assert "mindestens 2.270" in text  # the exact total would tell the three
    assert "2.413" not in text


def test_what_people_type_is_escaped_and_never_run():
    html = html_of(snapshots.nasty_year())
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in html
    assert "http://example.invalid/x.png" in html
    assert re.findall(r"<img src=\"(?!data:image/svg)", html) == []
    assert "{{ settings.SECRET_KEY }}" in html


def test_a_long_title_is_printed_whole_in_the_annex():
    text = text_of(snapshots.nasty_year())
    assert " ".join(snapshots.NASTY_TITLE.split()) in text


def test_right_to_left_text_is_isolated():
    assert f"\u2068{snapshots.HEBREW}\u2069" in html_of(snapshots.nasty_year())


def test_control_characters_are_dropped():
    html = html_of(snapshots.nasty_year())
    assert "\x00" not in html
    assert "\x07" not in html


def test_headings_skip_no_level():
    for make in snapshots.ALL.values():
        levels = [int(level) for level in re.findall(r"<h([1-6])", html_of(make()))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_chapter_numbers_and_links_agree():
    html = html_of(snapshots.normal_year())
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert len(targets) == 13
    assert all(html.count(f'id="{target}"') == 1 for target in targets)


def test_steps_are_reported_in_order(built):
    seen = []
    build_report_pdf(snapshots.empty_year(), edition="1", progress=seen.append)
    assert [str(step) for step in seen] == [
        "Diagramme zeichnen",
        "Bericht zusammenstellen",
        "Seiten setzen",
        "Prüfen",
    ]
    assert seen == list(BuildStep)
    assert set(built["normal"].seconds) == {"CHARTS", "TEXT", "PAGES", "CHECK"}


def test_an_unprintable_character_stops_the_build():
    snapshot = snapshots.normal_year()
    snapshot["texts"]["outlook"] = "Zeichen 𓅓"
    with pytest.raises(RenderingError, match="kann nicht gedruckt werden"):
        build_report_pdf(snapshot, edition="1")


def test_the_footer_names_town_edition_and_check():
    html = report_html(snapshots.normal_year(), edition="7", check_text="Prüfen unter kiv.example/p/1")
    assert 'data-left="Leonberg · Zwischenbericht 01.10.2021 bis 30.09.2022"' in html
    assert 'data-note="Ausgabe 7 · Prüfen unter kiv.example/p/1"' in html


def test_the_report_compares_with_the_year_before():
    snapshot = snapshots.normal_year()
    snapshot["totals"]["activities_before"] = 78
    assert "87 Aktivitäten, 9 mehr als im Jahr davor" in text_of(snapshot)
