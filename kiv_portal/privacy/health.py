"""Illness and disability of one human being. A talk about dementia is nobody's illness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kiv_portal.privacy.persons import MANY, RELATIVE
from kiv_portal.privacy.reading import one_of, word_list

Span = tuple[int, int]

ILL = r"(?:-?krank\w{0,5}|-?erkrankt\w{0,3}|-?patient\w{0,5})?"
NUMBERED = r"Pflege(?:grad|stufe)\s\d|GdB(?:\svon)?\s\d{2,3}|Merkzeichen\s(?:aG|Bl|Gl|TBl|G|H|B)"

# In a sentence about one person
GENERAL_BEFORE = re.compile(
    r"(?:\b(?:über|zu|zum|zur|gegen|Thema|rund um|für|Stichwort|Leben mit|Umgang mit)\s(?:(?:die|den|das"
    r"|der|Thema)\s)?"
    r"|(?:gruppe|kreis|netzwerk|verband|verein|gesellschaft|tag|woche|stelle|treff|café|abend|vortrag|film"
    r"|buch|thema)\s[„\"]?)$",
    re.IGNORECASE,
)
TALK = re.compile(
    r"vortr[aä]g|info|schulung|fortbildung|seminar|workshop|film|buch|lesung|kurs|flyer|faltblatt"
    r"|broschüre|artikel|thema|gruppe|verein|verband"
    r"|ausstellung|aktion|kampagne|studie|projekt|angebot|netzwerk|treff|liga|gesellschaft|aufklärung"
    r"|woche|podium|bericht",
    re.IGNORECASE,
)
MANY_BEFORE = re.compile(rf"{MANY.pattern}(?:mit|ohne|und ohne|mit und ohne|,? die)\s(?:\w+[er]n?\s){{0,2}}$")
GROUP_AFTER = re.compile(
    r"\s?-(?:\w*(?:gruppe|beratung|verein|verband|hilfe|stelle|treff|tag|woche|café|kurs|netzwerk|partner"
    r"|lotse|gesellschaft))|\s?/|\s(?:zum|als)\s[A-Z]",
    re.IGNORECASE,
)
HAS = re.compile(
    r"\b(?:[Hh]at|[Hh]atte|[Hh]aben|[Hh]abe|[Bb]ekam|[Ll]eidet|[Ll]itt|[Ee]rkrankte?|[Ll]eiden|Diagnose"
    r"|Verdacht auf|[Ww]egen (?:seine[rsmn]?|ihre[rsmn]?|meine[rsmn]?))"
    r"[ :]{1,2}(?:an\s|unter\s|auf\s)?(?:\w{3,12}\s){0,2}$"
)
FALLS_ILL = re.compile(r"\s(?:erkrankt|gestorben|verstorben|leidend)\b")
ANIMAL_BEFORE = re.compile(r"\b(?:eine?n?|einem|der|den|dem|diesen|kein|keinen|\w+er|\w+en)\s$")
OWN_BEFORE = re.compile(
    r"\b(?:seine|ihre|meine|deren|dessen)[rsmn]?\s(?:\w+\s)?$|\b(?:seiner|ihrer|dessen|deren)\s$"
)

# A trait: of one who is named, or told apart by age or dwelling
IS = r"(?:ist|war|sei|wurde|wird|bleibt|sitzt|saß|lebt)"
TRAIT_OF_ONE = (
    rf"\b(?:{RELATIVE}|Junge|Mädchen|Dame|[Ee]r|[Ss]ie|Klientin|Schülerin"
    rf"|Bewohnerin)\s(?:\([^)]{{1,12}}\)\s|,[^,]{{1,30}},\s)?{IS}"
    rf"|\b(?:[Dd]er|[Dd]ie|[Uu]nsere?|[Mm]eine?)\s[A-ZÄÖÜ][\w-]{{1,30}}\s{IS}|{IS}\s(?:seine?|ihre?|meine?"
    rf"|unsere?)\s{RELATIVE}|^{IS}"
)
BESIDE = re.compile(
    rf"\b(?:{RELATIVE}|Junge|Mädchen|Dame|Herrn?|Person|Klientin|Schülerin"
    rf"|Bewohnerin)(?:\s\(\d{{1,3}}\))?(?:,\s[^,]{{1,15}})?,\s(?:aber\s|fast\s|stark\s|von Geburt an\s)?$"
)
SINCE = (
    r"Geburt|Kindheit|Jahren?|Tag|\w*(?:[Uu]nfall|[Aa]nfall|[Ii]nfarkt|[Oo]peration|[Kk]rankheit|[Ss]turz)"
)
BEFORE_TRAIT = rf"(?:\s(?:(?!für\b)[a-zäöüß]+|{SINCE}|\d+|[A-ZÄÖÜ]\w+,)){{0,6}}\s"
WAYS = re.compile(
    r"(?:weg|zugang|verkehr|durchgang|durchfahrt|sicht|bus|straße|einfahrt|zufahrt|platz|baustelle)\b",
    re.IGNORECASE,
)


@cache
def _illnesses() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = word_list("illnesses")
    capitals = [word for word in words if word.isupper()]
    others = [word for word in words if not word.isupper()]
    return (
        re.compile(rf"\b(?:{one_of(others)}){ILL}\b|\b(?:{NUMBERED})\b", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:{one_of(capitals)}){ILL}\b"),
    )


@cache
def _trait() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of(word_list('traits'))})\b", re.IGNORECASE)


@cache
def _trait_of_one() -> re.Pattern[str]:
    return re.compile(rf"(?:{TRAIT_OF_ONE}){BEFORE_TRAIT}$")


def illnesses(text: str, *, is_about_one: bool) -> Iterator[Span]:
    """Of one sentence."""
    is_talk = bool(TALK.search(text))
    for pattern in _illnesses():
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 50) : match.start()]
            if _is_general(before, text[match.end() : match.end() + 30], is_talk=is_talk):
                continue
            if match[0] == "Krebs" and ANIMAL_BEFORE.search(before):
                continue
            if is_about_one or _is_somebodys(text, match, before):
                yield match.span()


def _is_somebodys(text: str, match: re.Match[str], before: str) -> bool:
    """ "hat MS", "an Krebs erkrankt", "wegen ihrer Epilepsie": of whom, one need not read."""
    if HAS.search(before) or (before.endswith("an ") and FALLS_ILL.match(text, match.end())):
        return True
    return bool(OWN_BEFORE.search(before)) and not MANY.search(text)


def _is_general(before: str, after: str, *, is_talk: bool) -> bool:
    if MANY_BEFORE.search(before) or GROUP_AFTER.match(after):
        return True
    return is_talk and bool(GENERAL_BEFORE.search(before)) and not OWN_BEFORE.search(before)


def traits(text: str, *, names: list[Span], is_told_apart: bool) -> Iterator[Span]:
    """Of one sentence, in which `names` were found. `is_told_apart`: by an age or a dwelling, too."""
    for match in _trait().finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        following = text[match.end() : match.end() + 20]
        if MANY.match(following.lstrip()) or MANY_BEFORE.search(before):
            continue
        if match[0].lower().startswith("behindert") and WAYS.search(before):
            continue
        if (
            is_told_apart
            or _trait_of_one().search(before)
            or BESIDE.search(before)
            or _is_said_of_a_name(text, names, match.start())
        ):
            yield match.span()


OF_A_NAME = re.compile(
    rf"(?:\s?,[^,]{{1,30}},)?\s(?:{IS}(?!\w)(?:\s[a-zäöüß]+|\s\d+|\sJahren?|\sGeburt|\sUnfall){{0,6}}|,)?\s?$"
)


def _is_said_of_a_name(text: str, names: list[Span], start: int) -> bool:
    """ "Hanna ist seit ihrer Geburt blind"."""
    return any(end <= start <= end + 60 and OF_A_NAME.match(text[end:start]) for _, end in names)
