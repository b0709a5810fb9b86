"""The privacy guard finds what tells who somebody is, and leaves everyday sentences of the programme alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiv_portal.privacy.guard import WHY, Hit, Kind, hits, hits_about_the_vulnerable
from tests.sample import examples

FOUND = [
    ("Bitte an vera.mueller@example.de schreiben", ["vera.mueller@example.de"]),
    ("Kontakt: info@rathaus-leonberg.example", ["info@rathaus-leonberg.example"]),
    ("erreichbar unter m.huber (at) post.example.de", ["m.huber (at) post.example.de"]),
    ("Rückruf unter 07152 990-1234 erbeten", ["07152 990-1234"]),
    ("Telefon 07031/663-1500", ["07031/663-1500"]),
    ("Handy 0176 12345678, abends", ["0176 12345678"]),
    ("+49 711 123456 angerufen", ["+49 711 123456"]),
    ("+49 (0) 711 123456 angerufen", ["+49 (0) 711 123456"]),
    ("ruft an: 01761234567", ["01761234567"]),
    ("Tel.: 123456", ["123456"]),
    ("Er ist geb. 1.3.1980 und wohnt hier", ["geb. 1.3.1980"]),
    ("geboren am 12. Mai 1957", ["geboren am 12. Mai 1957"]),
    ("Geburtsdatum: 01.02.1990", ["Geburtsdatum: 01.02.1990"]),
    ("geboren 1954 in Calw", ["geboren 1954"]),
    ("Jahrgang 1949", ["Jahrgang 1949"]),
    ("M. (*3.4.1961)", ["(*3.4.1961"]),
    ("Gespräch mit Frau Müller über den Aufzug", ["Frau Müller"]),
    ("Gespräch mit Herrn Dr. Schmidt-Weber", ["Herrn Dr. Schmidt-Weber"]),
    ("Fr. Özdemir braucht eine Rampe", ["Fr. Özdemir"]),
    ("Hr. Beck war dabei", ["Hr. Beck"]),
    ("Herr von Stein rief an", ["Herr von Stein"]),
    ("Frau M. wohnt im dritten Stock", ["Frau M"]),
    ("FRAU HUBER meldet sich", ["FRAU HUBER"]),
    ("Familie Yilmaz sucht eine Wohnung", ["Familie Yilmaz"]),
    ("Frau Richter und Herr Schäfer kamen", ["Frau Richter", "Herr Schäfer"]),
    ("Eine Frau mit Multipler Sklerose braucht einen Parkplatz", ["Multipler Sklerose"]),
    ("Beratung eines Mannes: er hat Depressionen", ["Depressionen"]),
    ("Der Sohn hat Autismus", ["Autismus"]),
    ("Ein Kind mit Down-Syndrom soll in die Regelschule", ["Down-Syndrom"]),
    ("Sie leidet an Epilepsie", ["Epilepsie"]),
    ("Einem Schüler mit ADHS hilft ein ruhiger Raum", ["ADHS"]),
    ("Die Mutter ist demenzkrank", ["demenzkrank"]),
    ("Ein Autist sucht Arbeit", ["Autist"]),
    ("Frau Dr. Huber hat Demenz", ["Frau Dr. Huber", "Demenz"]),
    ("Nach dem Schlaganfall braucht die Nachbarin Hilfe", ["Schlaganfall"]),
    ("Frau Huber hat Parkinson, Tel. 07152 123456", ["Frau Huber", "Parkinson", "07152 123456"]),
]
FINE = [
    "Begehung der Grundschule mit dem Bauamt am 01.03.2022",
    "Treffen am 1. März 2022 um 09:30 Uhr",
    "Sprechstunde 08.00-12.00 Uhr und 14:00–16:00 Uhr",
    "Vom 01/03/2022 bis 02/04/2022",
    "Der Raum hat 120-150 m² und 0,80 m breite Türen",
    "Nach DIN 18040-1 muss die Rampe flacher sein",
    "Nach DIN EN 301 549 und DIN 18040-2 geprüft",
    "Leonberg hat den Schlüssel AGS 08115028",
    "Postleitzahl 71229, Postfach 1451",
    "Notruf 110 und 112, Behördennummer 115",
    "Vorlage 0123-2022-45 im Gemeinderat",
    "Die Kosten: 12.500 Euro, davon 7.500 Euro vom Land",
    "Im Jahr 2021/2022 gab es 1.250 Besuche",
    "Haltestelle der Linien 634 und 0815",
    "Gespräch mit Herrn Bürgermeister über den Marktplatz",
    "Frau Oberbürgermeisterin eröffnete die Rollitour",
    "Herr Landrat und Frau Ministerin waren dabei",
    "Frau Schulleiterin zeigt die Mensa",
    "Herr Vorsitzender, sehr geehrte Damen und Herren",
    "Eine Frau mit Kinderwagen kam nicht durch die Tür",
    "Frauen und Männer im Rollstuhl fuhren mit",
    "Ein blinder Mann zeigte das Leitsystem",
    "Gehörlose Menschen brauchen eine Warnkette",
    "Die Frau im Rollstuhl kommt nicht in den Bus",
    "Vortrag über Demenz in der Bücherei",
    "Demenzfreundliche Kommune: Auftakt",
    "Selbsthilfegruppe Multiple Sklerose besucht",
    "Menschen mit Depression finden hier Rat",
    "Angebote für Kinder mit Autismus zusammengestellt",
    "Autismus-Beratungsstelle eröffnet",
    "Öffnungszeiten Mo.-Fr. Vormittag",
    "Do. und Fr. Sprechstunde im Rathaus",
    "Am Fr. 14 Uhr Treffen",
    "Die Idee wurde 2021 geboren und 2022 umgesetzt",
    "Das Gesetz vom 23.05.1949 gilt noch",
    "Der Aufzug von 1975 ist zu schmal",
    "Fahrstuhl: 1,10 x 1,40 m, Traglast 630 kg",
    "Der Weg ist 1,5 km lang, Steigung 6 %",
    "Adresse im Netz: www.leonberg.example/inklusion",
    "5 * 3 = 15 Stühle",
    "Der Herr der Lage war die Verwaltung",
    "Eine Frau fragte nach Rampen. Danach gab es einen Vortrag über Demenz.",
    "Krebsbachweg: Bordstein abgesenkt",
    "Das Gelände am Krebsbach ist eben",
    "Ein Mann mit Krücken wartet an der Ampel",
    "",
]


@pytest.mark.parametrize(("text", "excerpts"), FOUND)
def test_what_tells_who_somebody_is(text, excerpts):
    assert [hit.excerpt for hit in hits(text)] == excerpts


@pytest.mark.parametrize("text", FINE)
def test_everyday_sentences_of_the_programme(text):
    assert hits(text) == []


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Ruf 0 123 45", []),  # six digits
        ("Ruf 0 123 456", ["0 123 456"]),
        ("Ruf 012345678901234", ["012345678901234"]),
        ("Ruf 0123456789012345", []),  # sixteen
        ("Ruf 01/02/2022", []),
        ("Vorlage 0123456", []),
        ("Aktenzeichen: 0123456", []),
        ("Vorlage von gestern und heute 0123456", ["0123456"]),
        ("Tel. 0711 123456", ["0711 123456"]),
        ("Durchwahl 1234 und Handynummer: 5678901", ["1234", "5678901"]),
    ],
)
def test_which_numbers_are_those_of_a_telephone(text, excerpts):
    found = hits(text)
    assert [hit.excerpt for hit in found] == excerpts
    assert {hit.kind for hit in found} <= {Kind.PHONE}


def test_hits_stand_in_the_order_of_the_text_with_what_is_around_them():
    text = f"{'a' * 31}: Frau Huber, 0711 1234567, h@x.example {'b' * 20}"
    found = hits(text)
    assert [(hit.kind, hit.excerpt) for hit in found] == [
        (Kind.NAME, "Frau Huber"),
        (Kind.PHONE, "0711 1234567"),
        (Kind.EMAIL, "h@x.example"),
    ]
    assert found[0].surroundings(text) == (f"…{'a' * 28}: ", ", 0711 1234567, h@x.example bb…")
    assert found[2].surroundings(text) == ("…aa: Frau Huber, 0711 1234567, ", f" {'b' * 20}")
    assert hits("Frau Huber")[0].surroundings("Frau Huber") == ("", "")
    assert Hit(Kind.NAME, 30, 31, "x", "").surroundings("y" * 30 + "x" + "z" * 30) == ("y" * 30, "z" * 30)


def test_the_table_is_long_enough():
    assert len(FOUND) + len(FINE) >= 60


def test_every_kind_has_its_reason():
    text = (
        "Frau Huber, geb. 1.2.1960, hat Rheuma: 0711 1234567, h@x.example\n"
        "Ein 34-jähriger Mann, Gartenweg 3a, Klasse 2b, BB-XY 123, DE89 3704 0044 0532 0130 00"
    )
    found = hits(text)
    assert {hit.kind for hit in found} == set(Kind)
    assert all(hit.why == WHY[hit.kind] for hit in found)


PIECES = st.sampled_from(
    [
        "Frau ",
        "Herr ",
        "Fr.",
        "Müller",
        "0711",
        "+49",
        "@",
        ".",
        " ",
        "-",
        "geb.",
        "1.3.",
        "Demenz",
        "er hat",
        "Peter",
        "Maier",
        "Krebs",
        "Café ",
        "Am Bahnhof 7",
        "Hauptstr. 12",
        "DE89 3704 0044 0532 0130 00",
        "82 Jahre",
        "Klasse 2b",
        "Rotkäppchen",
        "\n",
        "(",
        "0",
    ]
)


@settings(max_examples=examples(150), deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=80).map("".join)))
def test_any_text_is_looked_through(text):
    for hit in hits(text):
        assert text[hit.start : hit.end] == hit.excerpt != ""


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "0",
            "0 ",
            "a.",
            "Frau ",
            "1.",
            "@a.",
            "geb. ",
            "einem x ",
            "0-(",
            "Demenz Frau ",
            "Peter ",
            "Peter von ",
            "x",
        ),
        *(
            "Hauptstraße 12 ",
            "A-",
            "A. ",
            "DE89 ",
            "AB12 3456 ",
            "ist seit blind ",
            "wohnt bei ",
            "Rotkäppchen ",
        ),
    ],
)
def test_long_texts_are_no_trouble(piece):
    hits(piece * (10_000 // len(piece)))


# --- texts that name people in office

DEMO = Path(__file__).parents[3] / "demo"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("Bürgermeister Schmid und Frau Huber danken. Telefon 07152 990-1234.", []),
        ("Ein Vortrag über Demenz mit Dr. Peter Weber", []),
        ("Frau Müller leidet an Demenz.", ["Frau Müller", "Demenz"]),
        ("Die Mutter von Peter Schmidt hat angerufen.", ["Peter Schmidt"]),
        ("Landrat Kurt Huber war da.\nHanna ist blind. Frau Huber auch.", ["Hanna", "blind"]),
    ],
)
def test_where_people_are_named_on_purpose(text: str, excerpts: list[str]) -> None:
    assert [hit.excerpt for hit in hits_about_the_vulnerable(text)] == excerpts


def test_no_report_of_the_demo_is_asked_about() -> None:
    texts = [
        text
        for name in ("texts", "reports")
        for text in _texts(tomllib.loads((DEMO / f"{name}.toml").read_text(encoding="utf-8")))
    ]
    assert sum(map(len, texts)) > 10_000
    assert [hit for text in texts for hit in hits_about_the_vulnerable(text)] == []
