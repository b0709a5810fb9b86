"""The age of one human being, and the class of one child."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiv_portal.privacy.persons import ONE_PERSON, RELATIVE

Span = tuple[int, int]

NUMBER_WORD = (
    r"(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)?(?:und)?(?:zwanzig|dreißig|vierzig|fünfzig"
    r"|sechzig|siebzig|achtzig|neunzig|hundert)"
    r"|(?:drei|vier|fünf|sech|acht|neun|sieb)zehn|zehn|elf|zwölf|zwei|drei|vier|fünf|sechs|sieben|acht"
    r"|neun|ein)"
)
YEARS_OLD = re.compile(
    rf"(?:\b(?P<det>[Ee]in|[Ee]ine[mnrs]?|[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Dd]en|[Uu]nsere?[rmn]?"
    rf"|[Ii]hre?[rmn]?|[Ss]eine?[rmn]?|[Dd]iese[rmns]?)\s"
    rf"(?:\w{{3,15}}\s)?)?(?P<age>\b(?:\d{{1,3}}"
    rf"|{NUMBER_WORD})\s?-?[Jj]ährige(?P<ending>[rnms]?))\b(?P<noun>(?:\s\w{{3,15}}(?:e|er|en|em"
    rf"|es))?\s[A-ZÄÖÜ]\w+)?"
)
FEMININE = re.compile(r"(?:Frau|Dame|\w+in|\w*[Mm]utter|\w*[Tt]ochter|Schwester|Oma|Tante|Nichte|Person)")
SINGULAR_PERSON = re.compile(
    rf"(?:{RELATIVE}|Junge|Jungen|Mädchen|Dame|Herrn?|Person|Jugendliche[rn]?|Bub|Baby|Mensch|\w+(?:er|ent"
    rf"|ist|ient)(?:in|s|en)?|\w+[Kk]ind|\w+mann|\w+frau|Blinde[rn]?"
    r"|Gehörlose[rn]?|Autist(?:in)?|Patient(?:in)?|Nachbar(?:in)?)"
)
NOBODYS = re.compile(
    r"(?:Jubil\w+|Vertrag|Bestehen|Geburtstag|\w*[Pp]rojekt\w*|Laufzeit|Erfahrung|Baum|Arbeit|Förderung"
    r"|Garantie|Frist|Amtszeit|Pause|Kinder|Jugend)"
)
# "82 Jahre", "mit 8 Jahren", "82 J."
YEARS = re.compile(
    r"(?P<before>\b(?:[Mm]it|[Ii]m Alter von|ist|war|wird|wurde|schon|bereits|fast|knapp|etwa|ca\.|rund"
    r"|erst|gerade|genau|jetzt|Jan|Feb|März|April|Mai|Juni|Juli|August|\w+ber|Jahr|heuer|bald|Tochter"
    r"|Sohn)\s|[,(–-]\s?|^)"
    r"(?P<age>\d{1,3}\s?(?:Jahren?|J\.|Jährchen)(?P<old>\s(?:alt|jung))?)(?!\w)(?P<after>\s?\S{0,15})"
)
DECADE = re.compile(
    r"\b(?:Anfang|Mitte|Ende)\s(?:[2-9]0|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig"
    r"|neunzig)\b(?!er|\s?(?:er|Jahre)\b|\s?%|\.)",
    re.IGNORECASE,
)
IS_AGED = re.compile(
    r"\b(?:ist|wird|war|wurde)\s(?:(?:schon|bereits|erst|fast|jetzt|gerade|über"
    r"|knapp)\s)?(\d{1,3})(?=\s(?:und|aber|oder)\b|[,.;)]|$)"
)
BRACKETS = re.compile(r"\((\d{1,2}|1[01]\d)(?:\s?J\.|\sJahre)?\)|,\s(\d{1,2})(?=,\s)")
THING = re.compile(
    r"\b(?:\w*(?:gebäude|aufzug|aufzugs|aufzüge|lift|haus|halle|brücke|rampe|verein|baum|bäume|fahrzeug"
    r"|treppe|schule|anlage|bücherei|kirche|platz|weg"
    r"|straße|bus|gerät|tür|projekt|vertrag|gesetz|ausweis|garantie|laufzeit|jubiläum|fest|gruppe|heim"
    r"|tisch|partnerschaft|museum|ort|stadt))\b",
    re.IGNORECASE,
)
PERSON_RIGHT_BEFORE = re.compile(rf"\b(?:{SINGULAR_PERSON.pattern}|Herr|Frau)(?:\s\w+)?\s?$")

SCHOOL_CLASS = re.compile(
    r"\b(?:(?:Schul)?[Kk]lasse|Kl\.|Kl)\s(?:1[0-3]|[1-9])\s?[a-hA-H]\b"
    r"|\b(?:[Dd]er|[Dd]ie)\s((?:1[0-3]|[1-9])\s?[a-h])\b(?!\))|\b(?:1[0-3]|[1-9])[a-h]-(?:Kind|Schüler\w*"
    r"|Junge|Mädchen)\b"
)
GROUP_AT_SCHOOL = re.compile(
    r"\b(?:Besuch|Projekt\w*|\w*parcours|Ausflug|Führung|Workshop|Aktionstag|Projekttag|Unterrichtsbesuch"
    r"|Vortrag|Kinder|Schülerinnen|Klassenfahrt"
    r"|besucht|besuchte|übt|übte|übten|üben|malt|malte|bastelt|bastelte|lernt|lernte|singt|sang|Lesung"
    r"|Theater\w*|Aufführung|Wanderung|mit der Klasse)\b"
)


def ages(text: str, *, is_about_one: bool) -> Iterator[Span]:
    """Of one sentence. `is_about_one`: somebody's name or illness stands in it, or it speaks of one person."""
    yield from _years_old(text)
    for match in YEARS.finditer(text):
        if is_about_one and _is_of_a_person(text, match):
            yield match.span("age")
    for match in IS_AGED.finditer(text):
        if is_about_one and not THING.search(text[max(0, match.start() - 40) : match.start()]):
            yield match.span(1)
    for match in DECADE.finditer(text):
        yield match.span()
    for match in BRACKETS.finditer(text):
        if PERSON_RIGHT_BEFORE.search(text[max(0, match.start() - 40) : match.start()]):
            yield match.span(1 if match[1] else 2)


def _years_old(text: str) -> Iterator[Span]:
    for match in YEARS_OLD.finditer(text):
        noun = (match["noun"] or "").split()[-1:]
        word = noun[0] if noun else ""
        if NOBODYS.fullmatch(word):
            continue
        determiner, ending = (match["det"] or "").lower(), match["ending"]
        if word and SINGULAR_PERSON.fullmatch(word):
            if _is_singular(determiner, ending, word):
                yield match.start("age"), match.end("noun")
        elif _is_one_without_a_noun(match, determiner, word):
            yield match.span("age")


def _is_one_without_a_noun(match: re.Match[str], determiner: str, noun: str) -> bool:
    """ "die 76-Jährige", but not "die 10-Jährigen"."""
    if "J" in match["age"]:
        return bool(determiner) and not (determiner in ("den", "die") and match["ending"] == "n")
    return not noun and determiner.startswith(("ein", "der"))


def _is_singular(determiner: str, ending: str, noun: str) -> bool:
    """ "12-jährige Schüler" are many, "eine 12-jährige Schülerin" is one."""
    if ending in ("r", "s", "m"):
        return True
    if FEMININE.fullmatch(noun):
        return True
    if ending == "n":
        return determiner in ("einen", "einem", "dem", "des", "eines") or (
            determiner.endswith(("n", "m")) and determiner != "den"
        )
    return determiner in ("der", "das", "dieser", "dieses")


def _is_of_a_person(text: str, match: re.Match[str]) -> bool:
    before = match["before"].strip()
    after = match["after"].strip()
    if THING.search(text[max(0, match.start() - 40) : match.start()]) and not ONE_PERSON.search(
        text[max(0, match.start() - 20) : match.start()]
    ):
        return False
    if match["old"]:
        return True
    if after[:1].isalpha() and not after[:1].islower():
        return False  # "20 Jahre Stadtbücherei"
    return before not in ("", "–", "-") or not after or after[0] in ",.;:)"


def school_classes(text: str, *, is_about_one: bool) -> Iterator[Span]:
    """Of one sentence. A whole class at a museum is nobody's secret; one child of it is."""
    if not is_about_one and GROUP_AT_SCHOOL.search(text):
        return
    for match in SCHOOL_CLASS.finditer(text):
        yield match.span(1) if match[1] else match.span()
