"""Hyphenation of German that never leaves consonants alone: the patterns at hand part "Öffentlichkeitsa-r-beit".

Importing this wraps a method of pyphen, which WeasyPrint asks. Where two breaks stand around consonants only, the first
one is the wrong one: "Gremie-n-a-r-beit" becomes "Gremien-ar-beit".
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from weasyprint.text.line_break import pyphen

VOWELS = frozenset("aeiouyäöüáàâéèêíìîóòôúùûåæøœ")


def repaired(word: str, positions: list[Any]) -> list[Any]:
    """The places of a word where it may be parted, without those that cut off a part that has no vowel."""
    edges = [0, *positions, len(word)]
    wrong = set()
    for start, end in pairwise(edges):
        if not VOWELS.intersection(word[start:end].lower()):
            wrong.add(start or end)
    return [position for position in positions if position not in wrong]


def _positions(self: pyphen.Pyphen, word: str) -> list[Any]:
    last = len(word) - self.right
    return [place for place in repaired(word, self.hd.positions(word)) if self.left <= place <= last]


pyphen.Pyphen.positions = _positions
