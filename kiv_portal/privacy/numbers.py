"""Addresses and numbers by which one reaches or finds somebody. They are told by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiv_portal.privacy.kinds import Kind, Spans

AT = r"(?:@|\s?[(\[{]\s?(?:at|ät)\s?[)\]}]\s?)"
EMAIL = re.compile(rf"\b[\w.+-]{{1,64}}{AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}", re.IGNORECASE)

PHONE = re.compile(r"(?<![\w.,/+-])(?:\+|00?)\d?(?:[ ]?[(/–-]?[ ]?\(?0?\)?[ ]?\d){5,15}(?!\d|[.,]\d)")
NAMED_PHONE = re.compile(
    r"\b(?:Tel|Telefon|Handy|Mobil|Durchwahl)(?:nummer)?\.?[ ]?(?:-?Nr\.?)?:?[ ]{0,2}(\d(?:[ /-]?\d){3,15})",
    re.IGNORECASE,
)
NO_PHONE_BEFORE = re.compile(
    r"\b(?:AGS|Gemeindeschlüssel|Aktenzeichen|Az|Vorlage|Vorlagen-Nr|Rechnung|DIN|EN|ISO|Az\.)\W{0,3}$",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"\d{1,2}\s?[/–-]\s?\d{1,2}\s?[/–-]\s?\d{2,4}")

GERMAN_IBAN = re.compile(r"\b[Dd][Ee](?:[ -]?\d){20}(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
SHORTEST_IBAN = 15  # of Norway
NAMED_IBAN = re.compile(r"\bIBAN\W{0,3}$", re.IGNORECASE)

MONTH = r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]{0,8}\.?"
DAY = rf"\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{MONTH})\s?(?:\d{{4}}|\d{{2}})?"
YEAR = r"(?:19|20)\d{2}"
BIRTH = re.compile(
    rf"(?:\b(?:geb(?:oren(?:en?|er)?|\.-?[ ]?Datum|\.)?|Geburtsdatum|Geburtstag|Geburtsjahr)(?:\s(?:ist"
    rf"|war))?:?\s{{0,2}}(?:am|im|Jahr)?\s{{0,2}}"
    rf"(?:{DAY}|{YEAR}\b|\d{{1,2}}/{YEAR}\b)|(?<!\S)\(?\*\s?{DAY}|\bJahrgang\s{YEAR}\b"
    rf"|\bam\s{DAY}\s(?:[A-Za-z]{{1,6}}\s)?(?:Geburtstag|geboren)\b"
    rf"|\b(?:ihr|sein)e?[nmrs]?\s(?:\d{{1,3}}\.\s)?Geburtstag\b)",
    re.IGNORECASE,
)

PLATE = re.compile(
    r"(?<![\w-])(?!(?:DIN|EN|ISO|VDE|SGB|IEC|VDI)\b)[A-ZÄÖÜ]{1,3}(?:-"
    r"|[ ]-[ ])[A-Z]{1,2}[ ]?\d{1,4}[EH]?(?![\w-])"
    r"|\b(?:Kennzeichen|Auto|Wagen|Pkw|PKW|Fahrzeug):?[ ]([A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?\d{1,4}[EH]?)\b"
)


def numbers(text: str) -> Spans:
    ibans = list(_ibans(text))
    for span in ibans:
        yield Kind.IBAN, *span
    for start, end in _phones(text):
        if not any(first < end and start < last for first, last in ibans):
            yield Kind.PHONE, start, end
    for kind, pattern in ((Kind.EMAIL, EMAIL), (Kind.BIRTH, BIRTH), (Kind.PLATE, PLATE)):
        for match in pattern.finditer(text):
            yield kind, *match.span(match.lastindex or 0)


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """A German one by its shape: with one digit mistyped it still leads to somebody. Others by that, too, if the word
    stands before it, else by their check digits.
    """
    german = [match.span() for match in GERMAN_IBAN.finditer(text)]
    yield from german
    for match in IBAN.finditer(text):
        start, end = match.span()
        if any(first <= start < last for first, last in german):
            continue
        if NAMED_IBAN.search(text[max(0, start - 10) : start]):
            yield start, end
            continue
        while end - start >= SHORTEST_IBAN and not _has_check_digits(text[start:end]):
            end = text.rfind(" ", start, end)  # words and numbers that follow it
        if end - start >= SHORTEST_IBAN:
            yield start, end


def _has_check_digits(number: str) -> bool:
    """ISO 7064, mod 97-10."""
    signs = number.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def _phones(text: str) -> list[tuple[int, int]]:
    found = []
    for match in PHONE.finditer(text):
        digits = sum(sign.isdigit() for sign in match[0])
        before = text[max(0, match.start() - 20) : match.start()]
        if 7 <= digits <= 15 and not DATE_LIKE.fullmatch(match[0]) and not NO_PHONE_BEFORE.search(before):
            found.append(match.span())
    # those with an area code are found already
    found += [match.span(1) for match in NAMED_PHONE.finditer(text) if not match[1].startswith("0")]
    return found
