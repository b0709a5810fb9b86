"""What a search finds: signs are no letters, a part of a word finds the whole, a typing error is asked about."""

from __future__ import annotations

import unicodedata
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Func, TextField, Value
from django.test.utils import CaptureQueriesContext

from activities.log.search_words import WORD, key_of, without_invisible
from activities.models import Activity, Concern, SearchWord
from activities.search.asked import is_part, search_of
from activities.search.services import renew_search_words
from activities.tasks import renew_search_words_task
from kiv_portal.celery import app
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

# one entry a line; the query finds exactly those that are named by their first word
LOG = {
    "Gut": "„Gut leben“ im Alter",
    "Gehweg": "Enger »Gehweg« an der Kita",
    "Blank": "Fünf\u00a0Stufen\u202fam Eingang",
    "Strich": "Kontrast – Treppe—Handlauf…Geländer",
    "Klammer": "(Aufzug) [defekt] {seit Mai}",
    "Weich": "Fahr\u00adstuhl mit Tür\u200böffner",
    "Bindestrich": "E-Mail an die Rollstuhl-Gruppe der S-Bahn",
    "Gender": "Bewohner*innen, Bürger:innen und Besucher_innen",
    "Schrägstrich": "Rad-/Fußweg 12a",
    "Café": "Treffen im Café Melange",
    "Groß": "STRASSENFEST mit Ämtern",
    "Sand": "Plan des Sandspielplatzes",
    "Stellplatz": "Ein Behindertenparkplatz fehlt",
    "Real": "Plan beider Realschulen",
    "Rampe": "Mobile Rollstuhlrampen ausleihen",
    "Gerecht": "behindertengerecht gebaut",
    "Rat": "Bericht vor dem Gemeinderat",
    "Beratung": "Beratung über ein Fahrrad",
    "Kreis": "Treffen im Landkreis",
    "Verstand": "Er hat es verstanden",
}


FOUND = {
    "Gut leben": "Gut",
    "„Gut": "Gut",
    "»gehweg«": "Gehweg",
    "stufen am": "Blank",
    "Stufen\u00a0Eingang": "Blank",
    "Treppe": "Strich",
    "Handlauf": "Strich",
    "Geländer": "Strich",
    "aufzug": "Klammer",
    "defekt seit mai": "Klammer",
    "Fahrstuhl": "Weich",
    "Fahr\u00adstuhl": "Weich",
    "Türöffner": "Weich",
    "E-Mail": "Bindestrich",
    "Email": "Bindestrich",
    "Rollstuhlgruppe": "Bindestrich",
    "S-Bahn": "Bindestrich",
    "Bewohnerinnen": "Gender",
    "Bewohner": "Gender",
    "Bürger*innen": "Gender",
    "Besucherinnen": "Gender",
    "Fußweg": "Schrägstrich",
    "12a": "Schrägstrich",
    "Cafe": "Café",
    "Straßenfest": "Groß",
    "ämter": "Groß",
    unicodedata.normalize("NFD", "Ämter"): "Groß",
    "Spielplatz": "Sand",
    "Spielplätze": "Sand",
    "Platz": "Sand Stellplatz",
    "Parkplatz": "Stellplatz",
    "schule": "Real",
    "Schulen": "Real",
    "Rampe": "Rampe",
    "Rollstuhl Rampe": "Rampe",
    "Recht": "",
    "Rat": "Rat",
    "Reis": "",
    "Stand": "",
    "ung": "",
    "e": "Bindestrich",
}


def test_a_table_of_searches(people: People) -> None:
    for title in LOG.values():
        factories.make_activity(people.kiv, people.town, title=title, minutes=10)
        factories.make_concern(people.town, title=title, description="-")
    names = {title: name for name, title in LOG.items()}
    for rows in (Activity.objects.all(), Concern.objects.all()):
        found = {query: rows.mentioning(search_of(query).everything) for query in FOUND}
        shown = {query: {names[row.title] for row in hits} for query, hits in found.items()}
        assert shown == {query: set(expected.split()) for query, expected in FOUND.items()}


def test_whole_words_come_before_parts_of_words(people: People) -> None:
    for day, title in enumerate(
        ["Rampe am Rathaus", "Rampen für alle", "Rollstuhlrampe", "Rampenlicht"], start=1
    ):
        factories.make_activity(people.kiv, people.town, title=title, day=factories.END.replace(day=day))
        factories.make_concern(people.town, title=title, reported_on=factories.END.replace(day=day))
    client = people.client("mediator")
    expected = ["Rampen für alle", "Rampe am Rathaus", "Rampenlicht", "Rollstuhlrampe"]
    page = client.get("/aktivitaeten/", {"q": "rampe"})
    assert [row.title for row in page.context["page"].rows] == expected
    assert "Aktivitäten, beste Treffer zuerst" in page.content.decode()
    assert [concern.title for concern in client.get("/anliegen/", {"q": "rampe"}).context["page"]] == expected
    newest = client.get("/aktivitaeten/", {"q": "rampe", "sort": "newest"})
    assert next(iter(newest.context["page"].rows)).title == "Rampenlicht"
    assert "sort=newest" in newest.context["keep_url"]


def test_pages_of_the_best_hits(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.search.views.PAGE_SIZE", 2)
    for number in range(5):
        title = "Rampe" if number % 2 else "Holzrampe"
        factories.make_activity(people.kiv, people.town, title=title)
    client, url, seen = people.client("mediator"), "?q=rampe", []
    while url:
        context = client.get("/aktivitaeten/" + url).context
        seen += [row.title for row in context["page"].rows]
        url = context["after_url"]
    assert seen == ["Rampe"] * 2 + ["Holzrampe"] * 3


@pytest.mark.parametrize(
    ("word", "stem", "compound", "expected"),
    [
        ("rat", "rat", "Gemeinderat", True),
        ("rat", "rat", "Vorrat", False),
        ("lift", "lift", "Treppenlift", True),
        ("reis", "reis", "Landkreis", False),
        ("tür", "tur", "Haustür", True),
        ("licht", "licht", "Pflicht", False),
        ("recht", "recht", "Pflegerecht", True),
        ("recht", "recht", "rollstuhlgerecht", False),
        ("haltestelle", "haltestell", "Bushaltestellen", True),
        ("spielplatz", "spielplatz", "Waldspielplatzordnung", True),
        ("rampe", "ramp", "Strampelrampe", True),
        ("rampe", "ramp", "Nachtrampolin", False),
    ],
)
def test_a_word_is_a_part_or_only_looks_like_one(word: str, stem: str, compound: str, expected: bool) -> None:
    assert is_part(word, stem, compound, key_of(compound)) is expected


# --- where it stands


def test_a_hit_shows_where_the_word_stands(people: People) -> None:
    text = f"{'Anfang ' * 30}eine <b>Holz-Rampe</b> & „Rampen“ aus Stahl{' Ende' * 60}"
    factories.make_activity(people.kiv, people.town, title="Begehung", description=text)
    factories.make_activity(people.kiv, people.town, title="Rampe", description=text)
    factories.make_concern(people.town, title="Anliegen", description=text)
    client = people.client("mediator")
    piece = "eine &lt;b&gt;Holz-<mark>Rampe</mark>&lt;/b&gt; &amp; „<mark>Rampen</mark>“ aus Stahl Ende"
    for address in ("/aktivitaeten/", "/anliegen/"):
        page = client.get(address, {"q": "rampe"}).content.decode()
        assert page.count('<p class="excerpt">') == 1
        shown = page.partition('<p class="excerpt">')[2].partition("</p>")[0]
        assert piece in shown
        assert shown.startswith("… Anfang")
        assert shown.endswith(" …")
        assert len(shown) < 300
        assert "excerpt" not in client.get(address).content.decode()


def test_an_excerpt_is_of_one_line_and_knows_compounds_and_soft_hyphens(people: People) -> None:
    values = {
        "place": "Am Markt",
        "description": "Eine Zeile.\r\nDer Wald\u00adspiel\u00adplatz wird neu.\nNoch eine.",
    }
    factories.make_activity(people.kiv, people.town, title="Begehung", **values)
    page = people.client("mediator").get("/aktivitaeten/", {"q": "spielplatz"}).content.decode()
    assert '<p class="excerpt">Der <mark>Waldspielplatz</mark> wird neu.</p>' in page


# --- did you mean


def suggested(
    people: People, person: str, query: str, address: str = "/aktivitaeten/", **more: str
) -> list[str]:
    page = people.client(person).get(address, {"q": query} | more)
    assert ("Meinten Sie" in page.content.decode()) is bool(page.context["suggestions"])
    return [other["words"] for other in page.context["suggestions"]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Rollstul", "Rollstuhl"),
        ("Spielplazt", "Spielplatz"),
        ("rmape", "Rampe"),
        ("Begehug am Rathuas", "Begehung am Rathaus"),
        ("„Rollstul“", "„Rollstuhl“"),
        ("Xylophon", ""),
        ("Zug", ""),
    ],
)
def test_a_typing_error_is_asked_about(people: People, typed: str, meant: str) -> None:
    for title in ("Rollstuhl", "Spielplatz", "Rampe", "Begehung am Rathaus"):
        factories.make_activity(people.kiv, people.town, title=title)
        factories.make_concern(people.town, title=title)
    for address in ("/aktivitaeten/", "/anliegen/", "/anliegen/tafel/"):
        assert suggested(people, "mediator", typed, address)[:1] == ([meant] if meant else [])


def test_a_suggestion_finds_something_within_the_other_filters(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Rollstuhl", field=None)
    factories.make_field()
    assert suggested(people, "mediator", "Rollstul", field="bildung") == []
    page = people.client("mediator").get("/aktivitaeten/", {"q": "Rollstul", "field": "quer"})
    (other,) = page.context["suggestions"]
    assert other["url"] == "?q=Rollstuhl&field=quer"


def test_a_mistake_of_somebody_else_hides_no_suggestion(people: People) -> None:
    factories.make_activity(people.kiv, people.town, title="Rollstul kaputt")
    for _ in range(2):
        factories.make_activity(people.kiv, people.town, title="Rollstuhl")
    assert suggested(people, "mediator", "Rollstul") == ["Rollstuhl"]
    assert suggested(people, "mediator", "Rollstuhl") == []


def test_no_word_of_another_town_is_named(people: People) -> None:
    other = people.stranger.mediator
    factories.make_activity(other, people.other_town, title="Mobbing", description="Geheimnis")
    factories.make_concern(people.other_town, title="Schimmelbefall")
    factories.make_activity(people.kiv, people.town, title="Begehung", internal_note="Kellergang")
    for typed, who in (
        ("Mobing", "Mobbing"),
        ("Geheimnsi", "Geheimnis"),
        ("Schimelbefall", "Schimmelbefall"),
    ):
        for person in ("mediator", "contact"):
            url = "/aktivitaeten/" if person == "mediator" else "/aktivitaeten/alle/"
            assert who not in people.client(person).get(url, {"q": typed}).content.decode()
            assert suggested(people, person, typed, "/anliegen/") == []
    assert suggested(people, "coordinator", "Mobing", "/aktivitaeten/alle/") == ["Mobbing"]
    assert suggested(people, "coordinator", "Schimelbefall", "/anliegen/") == ["Schimmelbefall"]
    assert suggested(people, "mediator", "Kelergang") == []


# --- the words that the database keeps


def test_every_way_of_writing_teaches_the_search(people: People) -> None:
    (activity,) = Activity.objects.bulk_create(
        [Activity(**factories.activity_values(people.kiv, people.town, title="Holzrampe"))]
    )
    assert set(SearchWord.objects.values_list("word", flat=True)) >= {"Holzrampe"}
    Activity.objects.filter(pk=activity.pk).update(place="Waldspielplatz", internal_note="Notizwort")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_activity SET description = 'Die Seilbahn, die Seilbahn und über 2022er'"
        )
    Concern.objects.filter(pk=factories.make_concern(people.town).pk).update(since="Wintereinbruch")
    words = list(SearchWord.objects.values_list("word", flat=True))
    assert {"Waldspielplatz", "Seilbahn", "Wintereinbruch"} <= set(words)
    assert len(words) == len(set(words))
    assert not {"Notizwort", "über", "die", "2022er"} & set(words)


def test_the_night_forgets_what_nobody_has_any_more(people: People) -> None:
    kept = factories.make_activity(people.kiv, people.town, title="Holzrampe")
    gone = factories.make_activity(people.kiv, people.town, title="Seilbahn und Holzrampen")
    factories.make_concern(people.town, title="Bordsteinkante")
    SearchWord.objects.create(word="Holzrampe", key="holzrampe")  # two people in the same moment
    SearchWord.objects.filter(
        key="bordsteinkante"
    ).delete()  # and one in the moment in which it was forgotten
    gone.delete()
    before = SearchWord.objects.count()
    assert renew_search_words() == (3, 1)
    assert SearchWord.objects.count() == before - 2
    words = list(SearchWord.objects.values_list("word", flat=True))
    assert words.count("Holzrampe") == words.count("Bordsteinkante") == 1
    assert not {"Seilbahn", "Holzrampen"} & set(words)
    said = StringIO()
    call_command("renew_search_words", stdout=said)
    assert said.getvalue() == "forgotten: 0, learnt: 0\n"
    assert renew_search_words_task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert kept.title in words


def test_a_search_asks_as_many_queries_for_many_rows(people: People) -> None:
    counts = []
    for _ in range(2):
        for title in ("Rampe", "Holzrampe", "Rollstuhlrampe"):
            factories.make_activity(people.kiv, people.town, title=title, minutes=10)
            factories.make_concern(people.town, title=title, description="Holz")
        found = {}
        for person, address in (
            ("mediator", "/aktivitaeten/"),
            ("coordinator", "/aktivitaeten/alle/"),
            ("mediator", "/anliegen/"),
            ("mediator", "/anliegen/tafel/"),
        ):
            client = people.client(person)
            for query in ("rampe", "rmape"):
                client.get(address, {"q": query})  # the session remembers the list
                with CaptureQueriesContext(connection) as captured:
                    client.get(address, {"q": query})
                found[person, address, query] = len(captured)
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0] == {
        ("mediator", "/aktivitaeten/", "rampe"): 12,
        ("mediator", "/aktivitaeten/", "rmape"): 13,  # the two that look for what was meant, and no rows
        ("coordinator", "/aktivitaeten/alle/", "rampe"): 11,
        ("coordinator", "/aktivitaeten/alle/", "rmape"): 12,
        ("mediator", "/anliegen/", "rampe"): 10,
        ("mediator", "/anliegen/", "rmape"): 11,
        ("mediator", "/anliegen/tafel/", "rampe"): 10,
        ("mediator", "/anliegen/tafel/", "rmape"): 12,
    }


def in_database(function: str, text: str) -> str:
    value = Func(Value(text), function=function, output_field=TextField())
    return SearchWord.objects.annotate(value=value).values_list("value", flat=True)[0]


def test_database_and_portal_agree_what_a_letter_is() -> None:
    SearchWord.objects.create(word="x", key="x")
    signs = "".join(
        map(chr, [*range(0x20, 0x250), *range(0x2000, 0x2070), *range(0x2190, 0x2200), 0x2E3A, 0x1F9BD])
    )
    letters = in_database("kiv_search_blanks", signs).replace(" ", "")
    ours = "".join(WORD.findall(without_invisible(signs)))
    assert set(ours) ^ set(letters) <= set("²³¹¼½¾ªº⁰ⁱ")
    for word in ("Größe", "MÜLLER", "Schaefer", "Café", "neue", "Straße", "Ærø"):
        assert in_database("kiv_search_key", word) == key_of(word)


def test_the_search_of_concerns_is_answered_by_its_index(people: People) -> None:
    factories.make_concern(people.town)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Concern.objects.order_by().mentioning(search_of("bordstein").everything).explain()
        words = SearchWord.objects.filter(grams__contains=["bor"]).explain()
    assert "concern_search" in plan
    assert "search_word_grams" in words
