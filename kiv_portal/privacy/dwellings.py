"""Where one human being lives. Where a town hall stands may be said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kiv_portal.privacy.persons import DWELLS
from kiv_portal.privacy.reading import word_list

Span = tuple[int, int]

# "Radweg 3 m breit"
UNITS = "Uhr|Meter|m|cm|km|m²|%|€|Euro|Prozent|Personen|Minuten|Stunden|Grad|mal|Jahre|Kinder|ist zu"
NUMBER = rf"\d{{1,3}}(?:\s?[a-hA-H])?(?![\w-]|[.,:]\d|\s?(?:{UNITS})\b)"
KINDS_OF_STREET = (
    r"(?:straße|strasse|str\.?|weg|gasse|gässle|gäßle|allee|platz|ring|ufer|damm|steige|steig|pfad|halde"
    r"|rain|winkel|graben|stiege|zeile|promenade"
    r"|chaussee|brühl|anger|siedlung|wiesen|äcker|höhe|hang|blick|garten|gärten|markt)"
)
NO_STREET = (
    r"(?!(?:Geh|Rad|Fuß|Feld|Wald|Wander|Leit|Schul|Um|Rück|Heim|Hin|Aus|Fahr|Rettungs|Flucht|Zu"
    r"|Rundwander|Dienst)weg|(?:Spiel|Park|Sport|Stell|Arbeits|Sitz"
    r"|Rollstuhl|Behindertenpark|Bolz|Bau|Fest|Fußball|Schulsport|Kindergarten|Lade|Camping|Schlaf|Wohn"
    r"|Steh|Pflege|Haupt|Aus)?platz\s|Platz\s|Kindergarten|Schulgarten|Supermarkt"
    r"|Wochenmarkt|Flohmarkt|Weihnachtsmarkt|Jahrmarkt|Baumarkt|Jägerzaun|Seitenstr|Überblick|Ausblick"
    r"|Durchblick|Einblick)"
)
STREET = re.compile(
    rf"\b{NO_STREET}[A-ZÄÖÜ]\w{{0,30}}?(?:-[A-ZÄÖÜ]\w{{0,30}}?){{0,4}}-?(?:{KINDS_OF_STREET}"
    rf"|{KINDS_OF_STREET.title()})\s?(?:Nr\.\s?)?(?<=[\s.]){NUMBER}",
)
STREET_IN_WORDS = re.compile(
    rf"\b(?:[A-ZÄÖÜ]\w{{1,30}}[ -]){{1,3}}(?:Straße|Strasse|Str\.|Weg|Gasse|Allee|Platz|Ring|Ufer"
    rf"|Steige)\s(?:Nr\.\s?)?{NUMBER}"
)
NO_HOUSE = (
    r"(?!(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Jahr|Jahre|Januar|Februar|März"
    r"|April|Mai|Juni|Juli|August|September|Oktober"
    r"|November|Dezember|Raum|Zimmer|Saal|Gleis|Steig|Bussteig|Linie|Klasse|Klassen|Woche|KW|Stock|Haus"
    r"|Bus|Tor|Halle|Gruppe|Abschnitt|Punkt|Kapitel|Ausgabe|Team"
    r"|Schnitt|Alter|Umkreis|Abstand|Bereich|Teil|Band|Heft|Stand|Tisch|Anlage|Vorlage|Artikel|Paragraf"
    r"|Tag|Platz|Ziel|Stufe|Nr|Bauabschnitt|Etage|Wert|Vorjahr|Ende|Anfang)\b)"
)
AT_A_PLACE = re.compile(
    rf"\b(?P<how>[Aa]m|[Aa]n der|[Aa]n den|[Ii]m|[Ii]n der|[Ii]n den|[Zz]um|[Zz]ur|[Aa]uf der|[Aa]uf dem"
    rf"|[Uu]nter den|[Hh]inter der|[Bb]eim)\s"
    rf"{NO_HOUSE}[A-ZÄÖÜ]\w{{1,30}}(?:\s{NO_HOUSE}[A-ZÄÖÜ]\w{{1,30}})?\s{NUMBER}(?P<after>\s[A-ZÄÖÜ])?"
)
# A street without a number, of somebody
NAMED_STREET = (
    r"(?:[A-ZÄÖÜ]\w{0,30}?(?:-[A-ZÄÖÜ]\w{0,30}?){0,4}-?(?:straße|strasse|str\.|weg|gasse|allee|steige"
    r"|siedlung|Straße|Weg|Gasse|Allee)"
    r"|(?:[A-ZÄÖÜ]\w{1,30}\s){1,2}(?:Straße|Str\.|Weg|Gasse|Allee|Steige))"
)
LIVES_IN = re.compile(
    rf"\b(?:aus|wohnt|wohnte|lebt|wohnhaft|Anwohnerin|Bewohnerin|Mieterin|Wohnung|zu Hause|Umzug|zieht|zog"
    rf"|\w*gezogen)\s(?:[\w.]{{1,12}}\s){{0,3}}?(?:(?:in|an|aus)\s)?(?:der|dem|einer|die"
    rf"|den)?\s?{NAMED_STREET}"
)
HOUSE_NUMBER = re.compile(r"\b(?:Hausnummer|Haus Nr\.)\s\d{1,3}(?:\s?[a-h])?\b")
LIVES_AT = re.compile(
    r"\b(?:wohnt|wohnte|lebt|lebte|wohnhaft)\s(?:[a-zäöü]{2,12}\s){0,3}?(?:über|neben|gegenüber|hinter"
    r"|unter|bei|beim|am|an|direkt|oberhalb|im Haus)"
    r"\s(?:(?:der|dem|den|des|vom|von|am|an|einer|einem)\s){0,2}(?!Rand|Ort|Leben|Existenz|Stadtrand"
    r"|Ortsrand|Hang\b)[A-ZÄÖÜ][\w-]{1,40}"
)

ACROSS = re.compile(
    r"\b(?:vor|gegenüber|Höhe|Ecke|zwischen|bei|nahe|neben|Kreuzung|Einmündung)\s(?:(?:der|dem|den|von)\s)?$"
)
WORD = re.compile(r"[A-ZÄÖÜ][\w-]{1,40}")


def dwellings(text: str, *, is_about_one: bool) -> Iterator[Span]:
    """Of one sentence. `is_about_one`: somebody's name, age or illness stands in it, or it speaks of one person."""
    is_private = bool(DWELLS.search(text))
    found = [match.span() for pattern in (STREET, STREET_IN_WORDS) for match in pattern.finditer(text)]
    for match in AT_A_PLACE.finditer(text):
        if is_private or (match["how"][0].isupper() and not match["after"]):
            found.append((match.start(), match.end() - len(match["after"] or "")))
    if is_private or is_about_one or not (found and _speaks_of_a_place(text, found)):
        yield from found
    if is_about_one:
        for pattern in (LIVES_IN, LIVES_AT, HOUSE_NUMBER):
            yield from (match.span() for match in pattern.finditer(text))


def _speaks_of_a_place(text: str, streets: list[Span]) -> bool:
    """ "Rathaus, Marktplatz 1", "Bordstein vor der Hauptstraße 12"."""
    beside = [
        text[last:start] for (_, last), (start, _) in pairwise([(0, 0), *sorted(streets), (len(text), 0)])
    ]
    return any(
        ACROSS.search(part[-25:])
        or any(word.lower().endswith(word_list("places")) for word in WORD.findall(part))
        for part in beside
    )
