"""What every reading needs: one spelling of a text, and an answer when it says nothing for certain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER_WORDS = {
    **dict.fromkeys(("ein", "eine", "einem", "einen", "einer"), 1),
    "zwei": 2,
    "zwo": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "fünfzehn": 15,
    "zwanzig": 20,
    "fünfundzwanzig": 25,
    "dreißig": 30,
    "dreissig": 30,
    "vierzig": 40,
    "fünfundvierzig": 45,
    "fünfzig": 50,
    "sechzig": 60,
    "neunzig": 90,
    "hundert": 100,
    "hundertzwanzig": 120,
}


@dataclass(frozen=True)
class Unclear:
    """Nothing is guessed: a German sentence, and what could be meant, each in words that are clear by themselves."""

    sentence: str
    choices: tuple[str, ...] = ()


# Arabic keyboards of both kinds, and the wide digits of East Asian ones
_DIGITS = {ord(zero) + n: str(n) for zero in "٠۰０" for n in range(10)}


def spelled(text: str) -> str:
    """Small letters, composed, our digits, one plain space between words, no space and no comma around them."""
    composed = unicodedata.normalize("NFC", text).lower().translate(_DIGITS)
    return re.sub(r"\s+", " ", composed).strip(" ,;")


def one_of(*words: str) -> str:
    """Of a regular expression: any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
