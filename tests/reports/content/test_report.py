"""What stands on the pages, read from the HTML that is set."""

import re
from itertools import pairwise

import pytest

from reports.content import leads
from reports.content.report import BuildStep, build_report_pdf, report_html
from reports.figures.snapshot import read_snapshot
from tests.reports.content import snapshots

TAG = re.compile(r"<[^>]+>")


def html_of(snapshot):
    return report_html(read_snapshot(snapshot), edition_number="3")


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
        r"87 Aktivitäten 198 Stunden Einsatz 2\.413 Personen erreicht 5 von 12 Anliegen umgesetzt", first
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
    assert "Monat Okt 2021 Nov 2021 Dez 2021 Jan 2022" in text
    assert re.search(r"Aktivitäten 8( \d+){11} Stunden 14,3( \d+,\d){11} Art der Tätigkeit", text)
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


def chapter(snapshot, title) -> str:
    """The HTML of one chapter, from its heading on."""
    html = html_of(snapshot).partition("</head>")[2]
    return html[html.index(f"&emsp;{title}</h2>") :].partition("</section>")[0]


def test_every_chapter_begins_with_its_message():
    html = html_of(snapshots.normal_year())
    chapters = re.findall(r"<h2 id=\"kapitel-\d+\">[^<]+</h2>\s*(<p class=\"lead\">)?", html)
    assert len(chapters) == 11
    assert all(chapters)


@pytest.mark.parametrize(
    ("months", "minutes", "columns"),
    [(6, 600, [6]), (12, 59_990, [12]), (12, 60_000, [6, 6]), (30, 600, [12, 12, 6])],
)
def test_months_lie_under_their_chart_as_wide_as_the_page(months, minutes, columns):
    snapshot = snapshots.normal_year()
    snapshot["months"] = [
        {
            **snapshot["months"][0],
            "month": f"{2021 + n // 12}-{n % 12 + 1:02}",
            "activities": 3,
            "minutes": minutes,
        }
        for n in range(months)
    ]
    text = chapter(snapshot, "Verlauf und Art der Tätigkeiten")
    heads = re.findall(r'<table class="months">\s*<thead>(.*?)</thead>', text, re.DOTALL)
    assert [head.count('scope="col"') - 1 for head in heads] == columns
    names = re.findall(r'class="n">(\w{3} \d{4})<', text)
    assert (len(names), names[0], names[-1]) == (
        months,
        "Jan 2021",
        "Jun 2023" if months == 30 else names[-1],
    )


def test_the_authors_first_sentence_is_promoted_and_not_repeated():
    snapshot = snapshots.normal_year()
    snapshot["texts"]["assessment"] = "Die Stadt hat gewonnen, z. B. an Vertrauen. Das zeigen die Zahlen."
    text = chapter(snapshot, "Bewertung").replace("\u202f", " ")
    assert '<p class="lead">Die Stadt hat gewonnen, z. B. an Vertrauen.</p>' in text
    assert "<p>Das zeigen die Zahlen.</p>" in text
    assert text.count("gewonnen") == 1


def test_the_decision_keeps_its_headings_and_its_proposal_whole():
    snapshot = snapshots.normal_year()
    snapshot["texts"]["alternatives"] = "Die Stadt kann fortführen oder beenden."
    snapshot["texts"]["proposal"] = "Der Gemeinderat nimmt den Bericht zur Kenntnis. Er dankt."
    text = chapter(snapshot, "Alternativen und Beschlussvorschlag")
    assert '<p class="lead">Die Stadt kann fortführen oder beenden.</p>' in text
    assert ("<h3>Handlungsalternativen</h3>" in text, "<h3>Beschlussvorschlag</h3>" in text) == (False, True)
    assert "<p>Der Gemeinderat nimmt den Bericht zur Kenntnis. Er dankt.</p>" in text
    snapshot["texts"] |= {"alternatives": "", "proposal": "1. Kenntnis\n2. Fortführung"}
    text = chapter(snapshot, "Beschlussvorschlag")
    assert '<p class="lead">Vorgeschlagen ist ein Beschluss in zwei Punkten.</p>' in text
    assert "<li>Kenntnis</li><li>Fortführung</li>" in text


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
    build_report_pdf(read_snapshot(snapshots.empty_year()), edition_number="1", progress=seen.append)
    assert [str(step) for step in seen] == [
        "Diagramme zeichnen",
        "Bericht zusammenstellen",
        "Seiten setzen",
        "Prüfen",
    ]
    assert seen == list(BuildStep)
    assert set(built["normal"].seconds) == {"CHARTS", "TEXT", "PAGES", "CHECK"}


def test_an_unprintable_character_is_replaced_and_named_in_the_verdict(built):
    assert built["normal"].verdict.replaced == []
    first, second = built["nasty"].verdict.as_json()["replaced"]
    assert first.startswith("„漢“ (CJK UNIFIED IDEOGRAPH-6F22, U+6F22) in „…")
    assert "Gruß aus 漢字 im Park" in first
    assert second.startswith("„字“")


def test_the_footer_names_town_and_edition():
    html = report_html(read_snapshot(snapshots.normal_year()), edition_number="7")
    assert 'data-left="Leonberg · Zwischenbericht 01.10.2021 bis 30.09.2022"' in html
    assert 'data-note="Ausgabe 7"' in html


def test_the_report_compares_with_the_span_before():
    snapshot = snapshots.normal_year()
    snapshot["totals"]["activities_before"] = 78
    assert "87 Aktivitäten, 9 mehr als im Zeitraum davor" in text_of(snapshot)
    snapshot["totals"]["activities_before"] = 87
    assert "87 Aktivitäten, so viele wie im Zeitraum davor" in text_of(snapshot)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2021-10-01", "2022-09-30", "über das Jahr"),
        ("2023-10-15", "2024-10-14", "über das Jahr"),  # with a leap day
        ("2021-10-01", "2022-03-31", "über den Zeitraum"),
        ("2021-10-01", "2023-09-30", "über den Zeitraum"),
    ],
)
def test_only_twelve_months_are_called_a_year(start, end, words):
    snapshot = snapshots.normal_year()
    snapshot["period"] = {"start": start, "end": end}
    for month in snapshot["months"]:
        month["activities"] = 3
    assert f"Die Tätigkeit verteilte sich {words}:" in leads.about_months(read_snapshot(snapshot))


def chapter_of(snapshot, title):
    """Its text from the title to the next chapter's."""
    start, _, chapters = text_of(snapshot).rpartition(f"&emsp;{title} ")
    assert start
    return chapters.partition("&emsp;")[0]


def test_the_results_begin_with_what_became_of_the_concerns():
    chapter = chapter_of(snapshots.normal_year(), "Ergebnisse")
    assert chapter.startswith(
        "Von 12 Anliegen sind 5 umgesetzt und 2 zugesagt;"
        " 1 ist weitergegeben, 2 sind abgelehnt, 2 sind noch offen."
    )
    assert (
        "umgesetzt 5 42 % zugesagt 2 17 % offen 2 17 % weitergegeben 1 8 % abgelehnt 2 17 % Zusammen 12"
        in chapter
    )
    assert "9 Anliegen kamen im Berichtszeitraum dazu, 3 waren älter." in chapter
    assert "3 Anliegen sind nicht öffentlich und werden nur gezählt." in chapter
    headings = ["Das ist umgesetzt", "Das ist zugesagt", "Das haben andere übernommen", "Das wurde abgelehnt"]
    places = [chapter.index(heading) for heading in headings if heading in chapter]
    assert len(places) >= 3
    assert places == sorted(places)
    assert "Zugesagt bis 31.12.2022" in chapter


def test_a_year_without_concerns_tells_the_results_of_activities():
    snapshot = snapshots.normal_year()
    snapshot["concerns"] = snapshots.empty_year()["concerns"]
    chapter = chapter_of(snapshot, "Ergebnisse")
    assert "mit festgehaltenem Ergebnis" in chapter
    assert "Anliegen" not in chapter


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"done": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist umgesetzt."),
        ({"open": 1}, "Im Berichtszeitraum ging es um ein Anliegen; es ist noch offen."),
        ({"done": 1, "open": 1}, "Von 2 Anliegen ist 1 umgesetzt; 1 ist noch offen."),
        ({"refused": 2}, "Von 2 Anliegen ist noch keines umgesetzt oder zugesagt; 2 sind abgelehnt."),
        ({"done": 3}, "Von 3 Anliegen sind 3 umgesetzt."),
        ({}, ""),
    ],
)
def test_the_sentence_about_concerns(numbers, sentence):
    snapshot = snapshots.normal_year()
    snapshot["concerns"] |= {
        "total": sum(numbers.values()),
        "outcomes": [
            {"code": code, "name": name, "concerns": numbers.get(code, 0)}
            for code, name, _ in snapshots.OUTCOMES
        ],
    }
    assert leads.about_concerns(read_snapshot(snapshot)).replace("\u00a0", " ") == sentence


def test_the_effort_names_travel_and_expenses():
    chapter = chapter_of(snapshots.normal_year(), "Aufwand und Kosten")
    assert "dazu kamen 22 Stunden Fahrzeit und 304,50 Euro Auslagen." in chapter
    assert "Fahrzeit 21,8 Stunden 1,8 Stunden" in chapter
    assert "Auslagen 304,50 Euro 25 Euro" in chapter


@pytest.mark.parametrize(("confirmed", "told"), [(0, ""), (3, "weniger als fünf"), (5, "5")])
def test_how_many_who_reported_something_say_that_it_is_good(confirmed, told):
    snapshot = snapshots.as_of_schema_6(snapshots.normal_year())
    snapshot["concerns"]["confirmed"] = confirmed
    text = text_of(snapshot)
    sentence = f"Bei {told} umgesetzten Anliegen haben Meldende bestätigt: Es ist gut so."
    assert ("haben Meldende bestätigt" in text, sentence in text) == (bool(told), bool(told))


@pytest.mark.parametrize("make", [snapshots.normal_year, snapshots.empty_year, snapshots.nasty_year])
def test_what_was_frozen_before_concerns_still_becomes_a_report(make):
    text = text_of(snapshots.as_of_schema_1(make()))
    assert "Stand der Anliegen" not in text
    assert "Fahrzeit" not in text


@pytest.mark.slow
def test_an_old_snapshot_passes_every_check():
    built = build_report_pdf(
        read_snapshot(snapshots.as_of_schema_1(snapshots.normal_year())), edition_number="1"
    )
    assert built.verdict.is_accessible


@pytest.mark.parametrize(
    ("minutes", "words"), [(30, "1 Stunde Einsatz"), (89, "1 Stunde Einsatz"), (150, "3 Stunden")]
)
def test_hours_on_page_one_agree_with_their_noun(minutes, words):
    snapshot = snapshots.normal_year()
    snapshot["totals"]["minutes"] = minutes
    assert f" {words}" in text_of(snapshot)
