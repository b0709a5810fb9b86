"""The privacy guard: what in a text could tell who somebody is. It only looks and says why; it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    BIRTH = "birth"
    NAME = "name"
    DIAGNOSIS = "diagnosis"


WHY = {
    Kind.EMAIL: "Das sieht aus wie eine E-Mail-Adresse. Sie kann verraten, um wen es geht.",
    Kind.PHONE: "Das sieht aus wie eine Telefonnummer. Sie kann verraten, um wen es geht.",
    Kind.BIRTH: "Das sieht aus wie ein Geburtsdatum. Es kann verraten, um wen es geht.",
    Kind.NAME: "Das sieht aus wie der Name eines Menschen. Im Bericht soll niemand zu erkennen sein.",
    Kind.DIAGNOSIS: "Das sieht aus wie die Krankheit eines einzelnen Menschen. Sie geht nur diesen Menschen an.",
}


AROUND = 30  # characters of the text shown on either side of a hit
MOST_SHOWN = 5  # hits of one text


@dataclass(frozen=True)
class Hit:
    """`excerpt` is text[start:end]."""

    kind: Kind
    start: int
    end: int
    excerpt: str
    why: str

    def surroundings(self, text: str) -> tuple[str, str]:
        """What stands before and after it, cut short."""
        before, after = text[: self.start], text[self.end :]
        return (
            ("…" if len(before) > AROUND else "") + before[-AROUND:],
            after[:AROUND] + ("…" if len(after) > AROUND else ""),
        )


def hits(text: str) -> list[Hit]:
    """All places that could tell who somebody is, in the order of the text."""
    spans = chain(_emails(text), _phones(text), _births(text), _names(text), _diagnoses(text))
    found = [Hit(kind, start, end, text[start:end], WHY[kind]) for kind, start, end in spans]
    return sorted(found, key=lambda hit: (hit.start, hit.end))


Spans = Iterator[tuple[Kind, int, int]]

# --- addresses and numbers

AT = r"(?:@|\s?[(\[{]\s?(?:at|ät)\s?[)\]}]\s?)"
EMAIL = re.compile(rf"\b[\w.+-]{{1,64}}{AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}", re.IGNORECASE)

PHONE = re.compile(r"(?<![\w.,/+-])(?:\+|00?)\d?(?:[ ]?[(/–-]?[ ]?\(?0?\)?[ ]?\d){5,15}(?!\d|[.,]\d)")
NAMED_PHONE = re.compile(
    r"\b(?:Tel|Telefon|Handy|Mobil|Durchwahl)(?:nummer)?\.?[ ]?(?:-?Nr\.?)?:?[ ]{0,2}(\d(?:[ /-]?\d){3,15})",
    re.IGNORECASE,
)
NO_PHONE_BEFORE = re.compile(
    r"(?:AGS|Gemeindeschlüssel|Aktenzeichen|Az|Vorlage|Vorlagen-Nr|Rechnung|DIN|EN|ISO|IBAN|Az\.)\W{0,3}$",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"\d{1,2}\s?[/–-]\s?\d{1,2}\s?[/–-]\s?\d{2,4}")

MONTH = r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]{0,8}\.?"
DAY = rf"\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{MONTH})\s?(?:\d{{4}}|\d{{2}})?"
YEAR = r"(?:19|20)\d{2}"
BIRTH = re.compile(
    rf"(?:\b(?:geb(?:oren(?:en?|er)?|\.)?|Geburtsdatum|Geburtstag|Geburtsjahr)(?:\s(?:ist|war))?:?\s{{0,2}}(?:am|im|Jahr)?\s{{0,2}}"
    rf"(?:{DAY}|{YEAR}\b)|(?<!\S)\(?\*\s?{DAY}|\bJahrgang\s{YEAR}\b)",
    re.IGNORECASE,
)


def _emails(text: str) -> Spans:
    return ((Kind.EMAIL, *match.span()) for match in EMAIL.finditer(text))


def _phones(text: str) -> Spans:
    for match in PHONE.finditer(text):
        digits = sum(sign.isdigit() for sign in match[0])
        before = text[max(0, match.start() - 20) : match.start()]
        if 7 <= digits <= 15 and not DATE_LIKE.fullmatch(match[0]) and not NO_PHONE_BEFORE.search(before):
            yield Kind.PHONE, *match.span()
    for match in NAMED_PHONE.finditer(text):
        if not match[1].startswith("0"):  # those with an area code are found already
            yield Kind.PHONE, *match.span(1)


def _births(text: str) -> Spans:
    return ((Kind.BIRTH, *match.span()) for match in BIRTH.finditer(text))


# --- names

TITLES = r"(?:(?:Dr|Prof|Dipl|Ing|Dr\.[ ]?med)\.?(?:-Ing\.)?[ ]){0,3}"
NAME = re.compile(
    rf"\b(?:Frau|FRAU|Herrn?|HERRN?|Fr\.|Hr\.|Hrn\.|Familie|Fam\.)[ \u00a0]{{1,2}}{TITLES}"
    r"((?:von[ ]|van[ ]|de[ ]|zu[ ]){0,2}[A-ZÄÖÜ][\wäöüß]{0,40}(?:-[A-ZÄÖÜ][\wäöüß]{0,40})?)"
)
# How offices are called. Who holds one is in public anyhow.
OFFICES = re.compile(
    r"(?:Ober|Alt|Erste|Ersten|Erster)?(?:bürger|Bürger)meister(?:in|innen|s)?|Beigeordnete[rn]?"
    r"|(?:Stadt|Gemeinde|Kreis|Land|Ortschafts|Regierungs|Schul|Kirchen|Bau)r(?:at|ats|ätin|äte)"
    r"|(?:\w*[Mm]inister|\w*[Pp]räsident|\w*[Dd]irektor|\w*[Rr]ektor|\w*[Ll]eiter|\w*[Vv]orsteher|Kämmer(?:er)?|Dezernent"
    r"|\w*[Kk]oordinator|Professor|Doktor|Pfarrer|Dekan|Architekt|Staatssekretär|Abgeordnet|Notar|Moderator)(?:in|s|e|er|en)?"
    r"|\w*[Vv]orsitzende[rn]?|\w*[Bb]eauftragte[rn]?|\w*[Aa]bgeordnete[rn]?|Landrätin"
)
AFTER_DAYS = ("Vormittag", "Nachmittag", "Mittag", "Abend", "Morgen", "Uhr", "Ruhetag")
DAYS_BEFORE = re.compile(r"(?:Mo|Di|Mi|Do|Sa|So)\.?\s?(?:[-–/,]|und|bis)\s?$")


def _names(text: str) -> Spans:
    for match in NAME.finditer(text):
        if not OFFICES.fullmatch(match[1]) and not _is_friday(text, match):
            yield Kind.NAME, *match.span()


def _is_friday(text: str, match: re.Match[str]) -> bool:
    """ "Fr." is a day of the week, too."""
    before = text[max(0, match.start() - 8) : match.start()]
    return match[0].startswith("Fr.") and (
        match[1].startswith(AFTER_DAYS) or bool(DAYS_BEFORE.search(before))
    )


# --- diagnoses

ILL = r"(?:-?krank\w{0,3}|-?erkrankt\w{0,3})?"
BETWEEN_SENTENCES = re.compile(r"(?<=[a-zäöüß)“][.!?])(?<!Dr\.)(?<!Prof\.)\s+(?=[A-ZÄÖÜ„])|\n")
ONE_PERSON = re.compile(
    r"\b(?:(?:Ehe|Schwieger|Groß|Stief|Pflege|Enkel)?(?:[Ff]rau|[Mm]ann|[Kk]ind|[Ss]ohn|[Tt]ochter|[Mm]utter|[Vv]ater)"
    r"|Junge|Mädchen|Bruder|Schwester|Tante|Onkel|Oma|Opa|Enkel|Enkelin|Herrn?|Dame|Person|Jugendliche[rn]?"
    r"|(?:Mit)?[Bb]ürgerin|(?:Mit)?[Ss]chülerin|Bewohnerin|Nachbarin|Nachbarn?|Patientin|Rentnerin|Seniorin|Klientin|Besucherin"
    r"|Betroffener|Kollegin|Freundin"
    r"|(?i:ein|einem|einen|eines|eine|einer|dem|des|diesem|diesen|dieser)\s(?:\w{2,20}\s){0,2}"
    r"(?:Mitbürgers?|Bürgers?|Mitschülers?|Schülers?|Bewohners?|Patienten?|Rentners?|Seniors?|Klienten?|Besuchers?|Kollegen?"
    r"|Freund(?:es)?|Menschen?|Autist(?:in|en)?|Diabetiker(?:in)?|Epileptiker(?:in)?|Alkoholiker(?:in)?|Betroffenen?)"
    r"|[Ee]r\s(?:hat|ist|leidet|bekam)|[Ss]ie\s(?:hat|ist|leidet|bekam)|leidet)\b"
)


@cache
def _diagnosis_pattern() -> re.Pattern[str]:
    lines = Path(__file__).with_name("diagnoses.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))}){ILL}\b", re.IGNORECASE)


def _diagnoses(text: str) -> Spans:
    """Only in a sentence about one person: a talk about dementia is nobody's illness."""
    for start, sentence in _sentences(text):
        if ONE_PERSON.search(sentence):
            for match in _diagnosis_pattern().finditer(sentence):
                yield Kind.DIAGNOSIS, start + match.start(), start + match.end()


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in BETWEEN_SENTENCES.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]
