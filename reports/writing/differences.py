"""Two stands of a text, word by word."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

WORDS = re.compile(r"\s+|[^\s]+")
LONGEST = 4_000  # words; beyond that whole lines are compared, so that no text stops the page


class Part(NamedTuple):
    kind: str  # same, gone, new
    text: str


def differences(old: str, new: str) -> list[Part]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if max(len(before), len(after)) > LONGEST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts: list[Part] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, from_, to in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(before[start:end])))
            continue
        if end > start:
            parts.append(Part("gone", "".join(before[start:end])))
        if to > from_:
            parts.append(Part("new", "".join(after[from_:to])))
    return parts
