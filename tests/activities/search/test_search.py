"""Finding activities in a long list, and taking them along: every word, filter, page and cell."""

import csv
import datetime as dt
import io
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities.log.search_words import words_of
from activities.models import Activity, ActivityOrganisation, ActivityPhoto, ClosedPeriod, SavedFilter
from activities.search import exports
from activities.search import views as search_views
from activities.search.asked import Search, search_of
from tests import factories

pytestmark = pytest.mark.django_db
LIST, ALL, EXPORT = "/aktivitaeten/", "/aktivitaeten/alle/", "/aktivitaeten/export/"


def titles(client, query="", url=LIST):
    response = client.get(url + query)
    assert response.status_code == 200
    return [row.title for row in response.context["page"].rows]


def entry(people, title, **values):
    return factories.make_activity(people.kiv, people.town, title=title, **values)


# --- search


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("schule", ["Schulhof"]),  # a compound by its beginning
        ("Begehungen", ["Begehung"]),  # another form of the word
        ("Schaefer", ["Bäckerei Schäfer"]),
        ("Schäfer", ["Bäckerei Schäfer"]),
        ("Mueller", ["Gasthaus Mueller"]),
        ("Müller", ["Gasthaus Mueller"]),
        ("Goethe", ["Goetheplatz"]),
        ("Göthe", ["Goetheplatz"]),
        ("strasse", ["Straße"]),
        ("Strassen sperrung", ["Straße"]),  # both words, wherever they stand
        ("hof rampe", []),
        ("Freibad", ["Ort"]),
        ("zuschuss", ["Ergebnis"]),
        ("geheim", []),  # the internal note
        ("' OR 1=1 --", []),
        ("🦽 schulhof", ["Schulhof"]),
    ],
)
def test_words_find_what_people_mean(people, words, found):
    entry(people, "Schulhof")
    entry(people, "Begehung")
    entry(people, "Bäckerei Schäfer")
    entry(people, "Gasthaus Mueller")
    entry(people, "Goetheplatz")
    entry(people, "Straße", description="Die Sperrung dauert zwei Wochen.", internal_note="geheim")
    entry(people, "Ort", place="Freibad")
    entry(people, "Ergebnis", result="refused", result_note="Kein Zuschuss")
    client = people.client("mediator")
    assert titles(client, f"?{urlencode({'q': words})}") == found
    short = {"q": words, "start": "1.3.2022", "end": "31.3.2022"}  # read without the index
    assert titles(client, f"?{urlencode(short)}") == found


def test_words_are_searched_as_typed_and_with_folded_umlauts():
    assert words_of("Rampe, (Aufzug) & snake_case: ½ 2x") == ["rampe", "aufzug", "snake", "case", "2x"]
    assert words_of(" ".join(f"w{number}" for number in range(20))) == [f"w{n}" for n in range(12)]
    search = Search([["baeckerei"], ["s", "bahn"]], {"bahn": ["seilbahn"]})
    assert search.everything.source_expressions[-1].value == (
        "('baeckerei':* | 'backerei':*) & ((('s') & ('bahn':* | 'seilbahn')) | ('sbahn':*))"
    )
    assert search.whole.source_expressions[-1].value == (
        "('baeckerei' | 'backerei') & ((('s') & ('bahn')) | ('sbahn'))"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("':*&!()", "Bitte geben Sie ein Wort ein"),
        ("🦽", "Bitte geben Sie ein Wort ein"),
        ("x" * 5_000, "höchstens 100 Zeichen"),
        ("\x00\x00", ""),
        ("und", ""),
        ("Rampe:*", ""),
        ("a<->b | !c \\", ""),
        ("½ ² ß İ \u0301", ""),
    ],
)
def test_no_search_breaks_the_page(people, text, sentence):
    entry(people, "Rampe")
    response = people.client("mediator").get(LIST, {"q": text})
    assert response.status_code == 200
    errors = response.context["filter_form"].errors.get("q", [])
    assert (sentence in " ".join(errors), bool(errors)) == (True, bool(sentence))
    if sentence:  # what makes no sense filters nothing
        assert [row.title for row in response.context["page"].rows] == ["Rampe"]


@pytest.mark.parametrize("sort", ["newest", "oldest", "longest", "title"])
@pytest.mark.parametrize("few", [0, 1_000])
def test_rare_and_common_words_turn_the_same_pages(people, monkeypatch, few, sort):
    """Found first and then put in order, or found along the order: nobody sees the difference."""
    monkeypatch.setattr(search_views, "FEW", few)
    monkeypatch.setattr(search_views, "PAGE_SIZE", 2)
    for number in range(5):
        day = dt.date(2022, 3, 1 + number)
        entry(people, f"Rampe {number}", minutes=30 + number, day=day)
        entry(people, f"Aufzug {number}", minutes=30 + number, day=day)
    client = people.client("mediator")
    url, seen = f"?q=rampe&sort={sort}", []
    while url:
        context = client.get(LIST + url).context
        seen += [row.title for row in context["page"].rows]
        assert context["totals"].activities == 5
        url = context["after_url"]
    expected = [f"Rampe {number}" for number in range(5)]
    assert seen == (expected if sort in ("oldest", "title") else expected[::-1])


# --- filters


def test_every_filter(people):
    factories.make_field("wohnen")
    factories.make_kind("beratung", "Beratung", 2)
    day = dt.date(2022, 3, 1)
    photographed = entry(people, "Foto", day=day, kind="beratung", result="done")
    values = {"image": "a.jpg", "preview": "b.jpg", "width": 1, "height": 1, "is_decorative": True}
    ActivityPhoto.objects.create(activity=photographed, added_by=people.mediator, **values)
    entry(people, "Wohnen", day=day, field=factories.make_field("wohnen"), follow_up_on=dt.date(2022, 4, 1))
    done = {"follow_up_on": dt.date(2022, 4, 1), "followed_up_at": timezone.now()}
    entry(people, "Auch Wohnen", day=day, further_fields=["wohnen"], **done)
    entry(people, "Quer", day=dt.date(2022, 5, 1), field=None)
    client = people.client("mediator")
    wanted = {
        "?field=wohnen": {"Wohnen", "Auch Wohnen"},
        "?field=quer": {"Quer"},
        "?kind=beratung": {"Foto"},
        "?result=done": {"Foto"},
        "?result=none": {"Wohnen", "Auch Wohnen", "Quer"},
        "?photo=on": {"Foto"},
        "?follow_up=on": {"Wohnen"},
        "?start=1.4.2022": {"Quer"},
        "?end=1.3.2022&field=wohnen&follow_up=on": {"Wohnen"},
        "?town=1&person=2": {"Foto", "Wohnen", "Auch Wohnen", "Quer"},  # not offered in the own list
        "?kind=%00&result=x&photo=x&sort=x": {
            "Foto"
        },  # a box with any value is ticked, the rest says nothing
    }
    assert {query: set(titles(client, query)) for query in wanted} == wanted


def test_town_and_person_of_the_county(people):
    entry(people, "In Leonberg")
    factories.make_activity(people.stranger.mediator, people.other_town, title="In Herrenberg")
    far = factories.make_town("Nagold", "08235046")
    factories.make_activity(factories.make_mediator(factories.make_user("Nina"), far), far, title="In Nagold")
    client = people.client("coordinator")
    assert titles(client, url=ALL) == ["In Herrenberg", "In Leonberg"]
    assert titles(client, f"?town={people.town.pk}", ALL) == ["In Leonberg"]
    assert titles(client, f"?person={people.stranger.mediator.pk}", ALL) == ["In Herrenberg"]
    assert set(titles(client, f"?town={far.pk}", ALL)) == {"In Herrenberg", "In Leonberg"}
    assert titles(people.client("contact"), url=ALL) == ["In Leonberg"]
    assert titles(people.client("other_county"), url=ALL) == ["In Nagold"]


def test_totals_and_active_filters_are_said(people):
    entry(people, "Lang", minutes=600, people_reached=3)
    entry(people, "Kurz", minutes=30, field=None)
    page = people.client("mediator").get(LIST + "?field=bildung&q=lang")
    text = " ".join(page.content.decode().split())
    assert "<strong>1 Aktivität</strong> mit 10 Stunden und 3 erreichten Personen in dieser Auswahl." in text
    assert [(part.label, part.value, part.without) for part in page.context["active"]] == [
        ("Suchen", "lang", "field=bildung"),
        ("Handlungsfeld", "Bildung und Schule", "q=lang"),
    ]
    assert "Filter und Reihenfolge (2 aktiv)" in text


def test_usual_periods_are_one_click_away(people):
    ClosedPeriod.objects.create(
        municipality=people.town, starts_on=factories.START, ends_on=factories.END, reason="Bericht"
    )
    entry(people, "Danach", day=dt.date(2022, 10, 5))
    client = people.client("mediator")
    periods = {part["label"]: part["url"] for part in client.get(LIST).context["periods"]}
    assert list(periods) == [
        "Dieser Monat",
        "Letzter Monat",
        "Dieses Jahr",
        "Letztes Jahr",
        "Letzte zwölf Monate",
        "Seit dem letzten Bericht",
        "Berichtszeitraum 01.10.2021 bis 30.09.2022",
    ]
    assert titles(client, periods["Berichtszeitraum 01.10.2021 bis 30.09.2022"]) == []
    chosen = client.get(LIST + periods["Seit dem letzten Bericht"])
    assert [row.title for row in chosen.context["page"].rows] == ["Danach"]
    assert [part["label"] for part in chosen.context["periods"] if part["is_current"]] == [
        "Seit dem letzten Bericht"
    ]


# --- pages


@pytest.mark.parametrize("sort", ["newest", "oldest", "longest", "title"])
def test_pages_forth_and_back_show_every_row_once(people, sort):
    for number in range(60):  # many rows share a day, a duration, a title
        day = dt.date(2022, 3, 1) + dt.timedelta(days=number % 7)
        entry(people, f"Titel_{number % 5}", day=day, minutes=10 + number % 3)
    client = people.client("mediator")
    seen, url, pages = [], LIST + f"?sort={sort}&q=titel", []
    while True:
        context = client.get(url).context
        pages.append([row.pk for row in context["page"].rows])
        seen += context["page"].rows
        if not context["after_url"]:
            break
        url = LIST + context["after_url"]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({row.pk for row in seen}) == 60
    keys = {
        "newest": lambda row: (-row.day.toordinal(), -row.pk),
        "oldest": lambda row: (row.day.toordinal(), row.pk),
        "longest": lambda row: (-row.minutes, -row.pk),
        "title": lambda row: (row.title, row.pk),
    }
    assert seen == sorted(seen, key=keys[sort])
    back = []
    words = {
        "newest": ("Aktivitäten, neueste zuerst", "Neuere", "Ältere"),
        "oldest": ("Aktivitäten, älteste zuerst", "Ältere", "Neuere"),
        "longest": ("Aktivitäten, längste zuerst", "Längere", "Kürzere"),
        "title": ("Aktivitäten, nach dem Titel", "Vorherige", "Nächste"),
    }
    while context["before_url"]:
        response = client.get(LIST + context["before_url"])
        context = response.context
        if not back:
            page = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
            caption, before, after = words[sort]
            assert f"{before} {after}" in page
            assert caption in page
        back.append([row.pk for row in context["page"].rows])
    assert back == [pages[1], pages[0]]
    assert "q=titel" in context["after_url"]


@pytest.mark.parametrize(
    "key",
    ["", "_", "2022-03-01", "2022-03-01_", "_5", "heute_1", "2022-13-01_1", "2022-03-01_99999999999999999999", "%00_1",
     "2022-03-01_-1", "9999-12-31_999999999999999999", "x" * 5_000],
)  # fmt: skip
def test_a_key_that_makes_no_sense_does_no_harm(people, key):
    entry(people, "Da")
    client = people.client("mediator")
    for sort in ("newest", "oldest", "longest", "title"):
        for name in ("nach", "vor"):
            assert titles(client, f"?sort={sort}&{name}={key}") == ["Da"]


# --- filters that are kept


def test_a_filter_is_kept_found_again_and_deleted(people):
    entry(people, "Rampe am Rathaus")
    client = people.client("mediator")
    keep = client.get(LIST + "?q=rampe&sort=oldest").context["keep_url"]
    assert "Bitte geben Sie dem Filter einen Namen." in client.post(keep, {"name": ""}).content.decode()
    for _ in range(2):  # a double click keeps it once
        answer = client.post(keep, {"name": "Rampen"}, follow=True)
        assert answer.redirect_chain == [(LIST + "?q=rampe&sort=oldest", 302)]
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.name, saved.query) == (people.mediator, "Rampen", "q=rampe&sort=oldest")
    other = client.get(LIST + "?q=schule").context["keep_url"]
    assert "Diesen Namen haben Sie schon vergeben." in client.post(other, {"name": "Rampen"}).content.decode()
    assert f'<a href="{LIST}?q=rampe&amp;sort=oldest">Rampen</a>' in client.get(LIST).content.decode()
    assert "Rampen" not in people.client("stranger").get(LIST).content.decode()
    delete = reverse("saved_filter_delete", args=[saved.pk])
    assert "Diesen Filter löschen?" in client.get(delete).content.decode()
    assert people.client("stranger").post(delete).status_code == 404
    client.post(delete)
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_kept_filters(people):
    SavedFilter.objects.bulk_create(
        SavedFilter(user=people.mediator, name=f"F{number}", query="q=a") for number in range(30)
    )
    answer = people.client("mediator").post("/aktivitaeten/filter/neu/?q=rampe", {"name": "Noch einer"})
    assert "Sie haben schon 30 Filter gespeichert." in answer.content.decode()


# --- taking along

NASTY = [
    "=cmd|'/C calc'!A0",
    "+49 7031",
    "-1",
    "@SUM(A1)",
    'Semikolon; "Anführung"',
    "Zeile eins\r\nZeile zwei",
    "Emoji 🦽 und ß",
    "Steuer\x0bzeichen\x01\ufffe",
    "_x000D_ <b>&amp;</b>",
    "\tTab",
]


def shown(text):
    return (
        text.replace("\r\n", "\n")
        .replace("\x0b", "\ufffd")
        .replace("\x01", "\ufffd")
        .replace("\ufffe", "\ufffd")
    )


def taken(client, kind, query=""):
    response = client.get(f"{EXPORT}?format={kind}{query}")
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f"_{timezone.localdate()}.{kind}")
    return b"".join(response)


def as_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def nasty(people):
    factories.make_field("wohnen")
    for number, text in enumerate(NASTY):
        entry(
            people,
            text,
            day=dt.date(2022, 3, 1) + dt.timedelta(days=number),
            description=text,
            place=text[:200],
        )
    full = entry(
        people,
        "Alles",
        day=dt.date(2022, 5, 1),
        further_fields=["wohnen"],
        minutes=95,
        travel_minutes=20,
        people_reached=3,
        people_reached_to=8,
        is_estimated=True,
        expenses_cents=1250,
        result="refused",
        result_note="zu teuer",
        internal_note="nur für uns",
        follow_up_on=dt.date(2022, 6, 1),
        followed_up_at=dt.datetime(2022, 6, 2, 22, 30, tzinfo=dt.UTC),
    )
    for name in ("Seniorenrat", "Bauamt"):
        ActivityOrganisation.objects.create(activity=full, organisation=factories.make_organisation(name))
    return people


def test_csv_holds_every_cell_and_runs_nothing(nasty):
    header, first, *rows = as_csv(taken(nasty.client("mediator"), "csv"))
    assert dict(zip(header, first, strict=True)) == {
        "Datum": "01.05.2022",
        "Kommune": "Leonberg",
        "Person": "Vera Vermittlung",
        "Titel": "Alles",
        "Handlungsfeld": "Bildung und Schule",
        "Weitere Handlungsfelder": "Leben und Wohnen",
        "Art": "Begehung",
        "Ort": "",
        "Was ist passiert?": "",
        "Beginn": "",
        "Dauer in Minuten": "95",
        "Dauer in Stunden": "1,58",
        "Fahrzeit in Minuten": "20",
        "Erreichte Personen": "3",
        "Erreichte Personen bis": "8",
        "Zählung": "geschätzt",
        "Ergebnis": "abgelehnt",
        "Erläuterung zum Ergebnis": "zu teuer",
        "Beteiligt": "Bauamt, Seniorenrat",
        "Wiedervorlage am": "01.06.2022",
        "Wiedervorlage erledigt am": "03.06.2022",
        "Auslagen in Euro": "12,5",
        "Interne Notiz": "nur für uns",
        "Nachtrag": "",
    }
    defused = [f"'{shown(text)}" if text[0] in "=+-@\t" else shown(text) for text in NASTY]
    assert [row[header.index("Titel")] for row in rows] == defused[::-1]
    assert [row[header.index("Was ist passiert?")] for row in rows] == defused[::-1]
    assert {row[header.index("Zählung")] for row in rows} == {"nicht gezählt"}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_typed_files_hold_every_cell_with_its_type(nasty, kind):
    sheets = as_sheets(taken(nasty.client("mediator"), kind))
    assert list(sheets) == ["Aktivitäten", "Erklärung"]
    header, first, *rows = sheets["Aktivitäten"]
    cells = dict(zip(header, first, strict=True))
    assert (cells["Datum"], cells["Wiedervorlage erledigt am"]) == (dt.date(2022, 5, 1), dt.date(2022, 6, 3))
    assert (cells["Dauer in Minuten"], cells["Dauer in Stunden"], cells["Fahrzeit in Minuten"]) == (
        95,
        1.58,
        20,
    )
    assert (cells["Erreichte Personen"], cells["Erreichte Personen bis"]) == (3, 8)
    assert (cells["Auslagen in Euro"], cells["Interne Notiz"], cells["Ort"]) == (12.5, "nur für uns", "")
    wanted = [shown(text) for text in NASTY][::-1]
    for column in ("Titel", "Was ist passiert?", "Ort"):
        assert [row[header.index(column)] for row in rows] == wanted
    assert [row[header.index("Erreichte Personen")] for row in rows] == [""] * len(
        NASTY
    )  # not counted is not 0
    meanings = dict(row[:2] for row in sheets["Erklärung"][1:])
    assert set(header) <= set(meanings)
    assert all(meanings[name] for name in header)
    assert any("Auswahl: alle Aktivitäten" in row[1] for row in sheets["Erklärung"])


def test_all_three_formats_hold_the_same_columns_and_the_filter(nasty):
    client = nasty.client("mediator")
    Activity.objects.filter(title="Alles").update(place="Alles, überall")
    query = "&q=überall&field=wohnen"
    rows = {"csv": as_csv(taken(client, "csv", query))}
    for kind in ("xlsx", "ods"):
        sheets = as_sheets(taken(client, kind, query))
        rows[kind] = sheets["Aktivitäten"]
        assert "Auswahl: Suchen überall; Handlungsfeld Leben und Wohnen" in [
            row[1] for row in sheets["Erklärung"]
        ]
    assert {kind: len(found) for kind, found in rows.items()} == {"csv": 2, "xlsx": 2, "ods": 2}
    assert rows["csv"][0] == rows["xlsx"][0] == rows["ods"][0]


def test_internal_notes_go_to_the_mediator_and_the_county_only(people):
    entry(people, "Eigene", internal_note="Notiz von Vera", expenses_cents=500)
    note_of = {}
    for person, log in [
        ("mediator", "meine"),
        ("coordinator", "alle"),
        ("coordinator", "leonberg"),
        ("contact", "alle"),
        ("contact", "leonberg"),
    ]:
        text = taken(people.client(person), "csv", f"&liste={log}").decode()
        assert "Eigene" in text
        note_of[person, log] = ("Notiz von Vera" in text, "Auslagen" in text)
    assert {key for key, seen in note_of.items() if any(seen)} == {
        ("mediator", "meine"),
        ("coordinator", "alle"),
        ("coordinator", "leonberg"),
    }


def test_staff_elsewhere_who_is_contact_here_reads_no_note(people):
    entry(people, "Eigene", internal_note="Notiz von Vera")
    factories.make_contact(people.other_county, people.town)
    text = taken(people.client("other_county"), "csv", "&liste=alle").decode()
    assert ("Eigene" in text, "Notiz von Vera" in text) == (True, False)


def test_only_lists_one_may_see_can_be_taken(people):
    client = people.client("contact")
    assert client.get(EXPORT + "?liste=herrenberg").status_code == 404
    assert client.get(EXPORT + "?liste=%00" + "x" * 300).status_code == 404
    assert client.get(EXPORT + "?liste=meine").status_code == 403


def test_what_makes_no_sense_leads_back_with_a_sentence(people, monkeypatch):
    entry(people, "Eins")
    client = people.client("mediator")
    wrong = client.get(EXPORT + "?format=pdf&q=eins", follow=True)
    assert wrong.redirect_chain == [(LIST + "?q=eins", 302)]
    assert "Bitte wählen Sie CSV, XLSX oder ODS." in wrong.content.decode()
    wrong = client.get(EXPORT + "?format=csv&start=quatsch", follow=True)
    assert "Dieses Datum verstehen wir nicht" in wrong.content.decode()
    monkeypatch.setattr("activities.search.views.MOST_TYPED_ROWS", 0)
    assert "höchstens 50.000" in client.get(EXPORT + "?format=xlsx", follow=True).content.decode()
    assert "Eins" in taken(client, "csv").decode()
    assert "zu viele Aktivitäten" in client.get(LIST).content.decode()
    assert exports.MOST_TYPED_ROWS == 50_000


def test_an_export_asks_the_same_number_of_questions_for_any_number_of_rows(people):
    client = people.client("coordinator")
    numbers = []
    for _ in range(2):
        for number in range(3):
            made = entry(people, f"Titel {number}")
            ActivityOrganisation.objects.create(activity=made, organisation=factories.make_organisation())
        with CaptureQueriesContext(connection) as captured:
            taken(client, "xlsx", "&liste=alle")
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 10


def test_the_search_is_answered_by_its_index(people):
    entry(people, "Rampe")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Activity.objects.order_by().mentioning(search_of("rampe").everything).explain()
    assert "activity_search" in plan


def test_what_only_the_search_reads_is_never_fetched(people):
    entry(people, "Rampe")
    with CaptureQueriesContext(connection) as captured:
        people.client("mediator").get(LIST)
    assert any('"activities_activity"."title"' in query["sql"] for query in captured)
    assert not [query for query in captured if "search_document" in query["sql"]]
