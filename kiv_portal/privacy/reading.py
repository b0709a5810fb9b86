"""How the privacy guard reads a text: without the names in which nobody of the town is meant, sentence by sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words")
BLANK = "·"  # no letter, no sign that any rule asks for


@cache
def word_list(name: str) -> tuple[str, ...]:
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def one_of(words: Iterable[str]) -> str:
    """As part of a pattern, the longest first, by their first letters, so that few are tried; `~` is any ending."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        by_letter[word[0].lower()].append(re.escape(word).replace("\\~", "~").replace("~", "[a-zäöü]{0,4}"))
    groups = ("|".join(group) for group in by_letter.values())
    return "|".join(
        f"(?=[{letter}{letter.upper()}])(?:{group})" for letter, group in zip(by_letter, groups, strict=True)
    )


# --- names in which nobody of the town is meant

WORD = re.compile(r"[^\W\d_]+")


@cache
def _known_names() -> dict[str, list[str]]:
    """By their first word, the longest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(word_list("known_names"), key=len, reverse=True):
        first = WORD.search(name)
        found[first[0] if first else name].append(name)
    return dict(found)


def without_known_names(text: str) -> str:
    """Of the same length: a known name is blank."""
    pieces, done = [], 0
    for match in WORD.finditer(text):
        if match.start() < done:
            continue
        for name in _known_names().get(match[0], ()):
            end = match.start() + len(name)
            if text.startswith(name, match.start()) and not text[end : end + 1].isalpha():
                pieces += [text[done : match.start()], BLANK * len(name)]
                done = end
                break
    return "".join([*pieces, text[done:]])


# --- sentences

BETWEEN_SENTENCES = re.compile(r"(?<=[a-zäöüß)“][.!?])\s+(?=[A-ZÄÖÜ„])|\n")
LAST_WORD = re.compile(r"(\w{1,12})\.\Z")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in BETWEEN_SENTENCES.finditer(text):
        if gap[0].startswith("\n") or not _ends_in_abbreviation(text[max(0, gap.start() - 13) : gap.start()]):
            yield start, text[start : gap.start()]
            start = gap.end()
    yield start, text[start:]


def _ends_in_abbreviation(before: str) -> bool:
    last = LAST_WORD.search(before)
    if not last:
        return False
    word = last[1].lower()
    return len(word) == 1 or word in word_list("abbreviations") or word.endswith("str")
