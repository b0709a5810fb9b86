"""Finding a place in the handbook."""

from __future__ import annotations

from dataclasses import dataclass

from home.handbook.chapters import Chapter, Section, chapters

MOST_SIGNS, MOST_FOUND = 100, 12
AROUND = 90  # signs of the text before and after the word


@dataclass(frozen=True)
class Found:
    chapter: Chapter
    section: Section
    excerpt: str


def find(asked: str) -> list[Found]:
    """Sections that hold all the words, also as parts of longer ones; first those that have them in their heading."""
    words = asked[:MOST_SIGNS].casefold().split()
    if not words:
        return []
    hits = [
        (-_weight(chapter, section, words), Found(chapter, section, _excerpt(section.text, words)))
        for chapter in chapters().values()
        for section in chapter.sections
        if all(word in _all_of(chapter, section) for word in words)
    ]
    return [found for _, found in sorted(hits, key=lambda hit: hit[0])][:MOST_FOUND]


def _all_of(chapter: Chapter, section: Section) -> str:
    return f"{chapter.title} {section.text}".casefold()


def _weight(chapter: Chapter, section: Section, words: list[str]) -> int:
    title, head = section.title.casefold(), chapter.title.casefold()
    return sum(2 * (word in title) + (word in head) for word in words)


def _excerpt(text: str, words: list[str]) -> str:
    folded = text.casefold()
    at = next((place for word in words if (place := folded.find(word)) >= 0), 0)
    return f"{_end_of(text[:at])}{_beginning_of(text[at:])}"


def _end_of(text: str) -> str:
    """Whole words, as many as fit."""
    return text if len(text) <= AROUND else f"… {text[-AROUND:].partition(' ')[2]}"


def _beginning_of(text: str) -> str:
    return text if len(text) <= AROUND else f"{text[:AROUND].rpartition(' ')[0]} …"
