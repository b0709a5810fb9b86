"""The privacy guard: what in a text could tell who somebody is. It only looks and says why; it changes nothing.

Whatever reads one sentence is in a module of its own (names, health, ages, dwellings); numbers.py reads the whole text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kiv_portal.privacy.ages import ages, school_classes
from kiv_portal.privacy.dwellings import dwellings
from kiv_portal.privacy.health import illnesses, traits
from kiv_portal.privacy.kinds import WHY, Kind, Spans
from kiv_portal.privacy.names import names
from kiv_portal.privacy.numbers import numbers
from kiv_portal.privacy.persons import FAMILY, ONE_PERSON
from kiv_portal.privacy.reading import sentences, without_known_names

__all__ = ["AROUND", "MOST_SHOWN", "WHY", "Hit", "Kind", "hits", "hits_about_the_vulnerable"]

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
    read = without_known_names(text)
    spans = list(numbers(read))
    for start, sentence in sentences(read):
        spans += [(kind, start + first, start + last) for kind, first, last in _of_sentence(sentence)]
    found = [Hit(kind, start, end, text[start:end], WHY[kind]) for kind, start, end in _outermost(spans)]
    return sorted(found, key=lambda hit: (hit.start, hit.end))


def hits_about_the_vulnerable(text: str) -> list[Hit]:
    """Those of `hits` in sentences about one person's illness, disability or family.

    For texts that name people in office on purpose. Their telephone is nobody's secret, and a sentence without such
    a word is not asked about.
    """
    parts = list(sentences(without_known_names(text)))
    starts = [start for start, _ in parts]
    placed = [(bisect_right(starts, hit.start) - 1, hit) for hit in hits(text)]
    told = {number for number, hit in placed if hit.kind is Kind.DIAGNOSIS}
    told |= {number for number, (_, sentence) in enumerate(parts) if FAMILY.search(sentence)}
    return [hit for number, hit in placed if number in told]


def _of_sentence(text: str) -> Spans:
    named = names(text)
    is_about_one = bool(named) or bool(ONE_PERSON.search(text))
    found_ages = list(ages(text, is_about_one=True))
    ill = list(illnesses(text, is_about_one=is_about_one or bool(found_ages)))
    if not (is_about_one or ill):
        found_ages = list(ages(text, is_about_one=False))
    is_told = is_about_one or bool(ill) or bool(found_ages)
    homes = list(dwellings(text, is_about_one=is_told))
    shown = traits(text, names=named, is_told_apart=is_told and bool(homes or found_ages))
    classes = school_classes(text, is_about_one=is_told)
    for kind, spans in (
        (Kind.NAME, named),
        (Kind.DIAGNOSIS, [*ill, *shown]),
        (Kind.AGE, found_ages),
        (Kind.ADDRESS, homes),
        (Kind.SCHOOL_CLASS, classes),
    ):
        for start, end in spans:
            yield kind, start, end


def _outermost(spans: list[tuple[Kind, int, int]]) -> list[tuple[Kind, int, int]]:
    """A place within another is not asked for on its own, and two of one kind that overlap are one."""
    kept: list[tuple[Kind, int, int]] = []
    for kind, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
        if kept and end <= kept[-1][2]:
            continue
        if kept and kept[-1][0] is kind and start < kept[-1][2]:
            kept[-1] = (kind, kept[-1][1], end)
        else:
            kept.append((kind, start, end))
    return kept
