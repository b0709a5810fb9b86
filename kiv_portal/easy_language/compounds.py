"""Where a long word may get its hyphen: "Inklusionsvermittler" → "Inklusions-Vermittler".

Splitters by statistics find a place in any word, also a wrong one, and the packaged ones are unmaintained. A proposal
must be right, so a word is split only where it is made of known parts and nothing else.
"""

import functools

from kiv_portal.easy_language import words

_PARTS = frozenset(words.PARTS)
_LONGEST = max(map(len, _PARTS)) + max(map(len, words.LINKS))
_SHORTEST = min(map(len, _PARTS))
_NO_WORD = 60  # letters


@functools.lru_cache(maxsize=4096)
def pieces(word: str) -> tuple[str, ...]:
    """The known parts of a word, linking letters at the left one; empty if it has others, or could be read two ways.

    One piece means: a known word, but no compound.
    """
    ways = _ways(word.lower()) if len(word) <= _NO_WORD else []
    if not ways:
        return ()
    fewest = min(map(len, ways))
    best = {way for way in ways if len(way) == fewest}
    if len(best) > 1:
        return ()
    cut: list[str] = []
    position = 0
    for piece in best.pop():
        cut.append(word[position : position + len(piece)])
        position += len(piece)
    return tuple(cut)


def with_hyphens(word: str) -> str:
    """The word with a hyphen between its parts, or "" if there is nothing sure to propose."""
    found = pieces(word)
    if len(found) < 2:
        return ""
    if word[0].isupper():
        return "-".join(piece.capitalize() for piece in found)
    return "-".join(found)


def _ways(word: str) -> list[tuple[str, ...]]:
    """Ways to read the word as parts, found from its end."""
    ways: dict[int, list[tuple[str, ...]]] = {}
    size = len(word)
    for start in range(size - _SHORTEST, -1, -1):
        found: list[tuple[str, ...]] = [(word[start:],)] if _is_part(word[start:], words.ENDINGS) else []
        for end in range(start + _SHORTEST, min(start + _LONGEST, size - _SHORTEST) + 1):
            if ways.get(end) and _is_part(word[start:end], words.LINKS):
                found += [(word[start:end], *rest) for rest in ways[end]]
        ways[start] = sorted(set(found), key=len)[:8]
    return ways.get(0, [])


def _is_part(piece: str, tails: tuple[str, ...]) -> bool:
    return any(piece.endswith(tail) and piece[: len(piece) - len(tail)] in _PARTS for tail in tails)
