"""The sentences of a text with their place in it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kiv_portal.easy_language import words
from kiv_portal.easy_language.blocks import Line, lines

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
WORD_OR_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# Addresses of pages and of mail are no language.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]+[“”\"‘’')»«\]]*(?=\s)")
_NO_END = frozenset(
    part.lower() for short in (*words.ABBREVIATIONS, *words.TITLES) for part in short.split(" ")
)
_LAST_WORD = re.compile(r"\S+\Z")
_LAST_WORD_LIMIT = 40  # characters to look back for it


class Sentence(NamedTuple):
    """text[start:end], without the spaces around it. `place` counts the sentences of one line from 0."""

    start: int
    end: int
    kind: str
    place: int


class Text:
    """A text cut into sentences once, for all rules.

    `plain` has blanks for what belongs to no sentence (markers of lists and headings) and for addresses.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = list(_sentences(text))
        self.plain = _ADDRESS.sub(lambda match: " " * len(match[0]), _without_markers(text, self.sentences))
        self.words = list(WORD.finditer(self.plain))
        self._starts = [sentence.start for sentence in self.sentences]

    def index_at(self, position: int) -> int:
        """Which sentence holds this place."""
        return max(bisect_right(self._starts, position) - 1, 0)

    def begins_sentence(self, position: int) -> bool:
        return bool(self.sentences) and self.sentences[self.index_at(position)].start == position

    def of(self, index: int) -> str:
        """A sentence of `plain`."""
        sentence = self.sentences[index]
        return self.plain[sentence.start : sentence.end]


def _without_markers(text: str, sentences: list[Sentence]) -> str:
    kept, position = [], 0
    for sentence in sentences:
        kept += [_blank(text[position : sentence.start]), text[sentence.start : sentence.end]]
        position = sentence.end
    return "".join([*kept, _blank(text[position:])])


def _blank(gap: str) -> str:
    return gap if gap.isspace() else re.sub(r"\S", " ", gap)


def _sentences(text: str) -> Iterator[Sentence]:
    """One or more on each line; one that has no end yet goes on in the next line if that begins with a small letter."""
    open_line: tuple[int, int] | None = None
    for line in lines(text):
        if open_line is not None:
            if line.kind == "lines" and text[line.start].islower():
                open_line = (open_line[0], line.end)
                if text[line.end - 1] not in ".!?:":
                    continue
                line = Line("", line.end, line.end)
            yield Sentence(*open_line, "lines", 0)
            open_line = None
        if not line.kind or line.start == line.end:
            continue
        found = list(_of_line(text, line))
        if line.kind == "lines" and len(found) == 1 and text[line.end - 1] not in ".!?:":
            open_line = (line.start, line.end)
        else:
            yield from found
    if open_line is not None:
        yield Sentence(*open_line, "lines", 0)


def _of_line(text: str, line: Line) -> Iterator[Sentence]:
    start, place = line.start, 0
    for match in _END.finditer(text, line.start, line.end):
        rest = match.end()
        while text[rest : rest + 1].isspace():
            rest += 1
        if text[rest].islower() or (match[0] == "." and not _is_full_stop(text, start, match.start())):
            continue
        yield Sentence(start, match.end(), line.kind, place)
        start, place = rest, place + 1
    if start < line.end:
        yield Sentence(start, line.end, line.kind, place)


def _is_full_stop(text: str, start: int, stop: int) -> bool:
    """Not after "Dr", "z. B" or the number of a day."""
    match = _LAST_WORD.search(text[max(start, stop - _LAST_WORD_LIMIT) : stop])
    word = match[0].lstrip("(„“\"»«‚'") if match else ""
    if word.isdigit():
        return len(word) > 2
    return bool(word) and f"{word.lower()}." not in _NO_END and not (len(word) == 1 and word.isalpha())
