"""What a typed search asks the database for: whole words, beginnings of words, and words that hold one as a part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from activities.log.search_words import folded, groups_of, key_of, raw_query
from kiv_portal.easy_language.compounds import pieces

# Of all words of a search together. Each one is one more word that PostgreSQL looks for in every row it reads.
MOST_JUDGED, MOST_COMPOUNDS = 150, 30
PART = 5  # letters that are looked for inside of any word; fewer only behind a word that is known
ENDINGS = frozenset(("", "e", "n", "s", "en", "er", "es", "em", "ern", "in", "innen", "nen"))
# "Recht" is no part of "behindertengerecht"
FIRST_SYLLABLES = ("ge", "be", "ver", "ent", "zer")

COMPOUNDS = """
    SELECT typed.word, asked.stem, found.word, found.key, (ts_lexize('german_stem', found.key))[1]
    FROM unnest(%(words)s::text[]) AS typed(word)
    CROSS JOIN LATERAL (SELECT kiv_search_key((ts_lexize('german_stem', typed.word))[1]) AS stem) AS asked
    CROSS JOIN LATERAL (
        SELECT w.word, w.key FROM activities_searchword w
        WHERE length(asked.stem) >= 3 AND w.grams @> kiv_search_grams(asked.stem)
          AND w.key LIKE '___%%' || asked.stem || '%%'
          AND (length(typed.word) >= %(part)s OR w.key ~ (asked.stem || '(e|n|s|en|er|es|ern)?$'))
        ORDER BY length(w.key), w.key LIMIT %(most)s
    ) AS found
"""


@dataclass(frozen=True)
class Search:
    """`compounds`: to every word those that hold it as a part. `exact` ones are looked for as whole words only."""

    groups: list[list[str]]
    compounds: dict[str, list[str]] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()

    @property
    def whole(self) -> SearchQuery:
        """All words as they are, in whatever form."""
        return raw_query(" & ".join(_group(group, _whole) for group in self.groups))

    @property
    def everything(self) -> SearchQuery:
        """All words, each whole, as a beginning, or as a part."""
        return raw_query(" & ".join(_group(group, self._anywhere) for group in self.groups))

    @property
    def any_word(self) -> SearchQuery:
        """One of the words: what is marked in a text."""
        words = dict.fromkeys(word for group in self.groups for word in (*group, "".join(group)))
        return raw_query(" | ".join(self._anywhere(word) for word in words))

    def _anywhere(self, word: str) -> str:
        if word in self.exact:
            return _whole(word)
        begins = "" if len(word) == 1 else ":*"  # a single letter begins too many
        terms = [f"'{form}'{begins}" for form in _forms(word)]
        return " | ".join([*terms, *(f"'{compound}'" for compound in self.compounds.get(word, ()))])


def _whole(word: str) -> str:
    return " | ".join(f"'{form}'" for form in _forms(word))


def _forms(word: str) -> list[str]:
    return list(dict.fromkeys((word, folded(word))))


def _group(words: list[str], term: Callable[[str], str]) -> str:
    """Words that a sign joins stand apart, or as one ("E-Mail", "Email")."""
    apart = " & ".join(f"({term(word)})" for word in words)
    return apart if len(words) == 1 else f"(({apart}) | ({term(''.join(words))}))"


def search_of(text: str) -> Search:
    """One query, for the compounds."""
    groups = groups_of(text)
    words = list(
        dict.fromkeys(word for group in groups for word in (*group, "".join(group)) if len(word) >= 3)
    )
    return Search(groups, _compounds(words) if words else {})


def _compounds(words: list[str]) -> dict[str, list[str]]:
    """The shorter before the longer, one form of each."""
    asked: dict[str, Any] = {"words": words, "part": PART, "most": MOST_JUDGED // len(words)}
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COMPOUNDS, asked)
        for word, stem, compound, key, form in cursor.fetchall():
            if is_part(word, stem, compound, key):
                found.setdefault(word, {}).setdefault(form, key)
    return {word: list(keys.values())[: MOST_COMPOUNDS // len(words)] for word, keys in found.items()}


def is_part(word: str, stem: str, compound: str, key: str) -> bool:
    """Whether `compound` ("Sandspielplatzes", its key "sandspielplatzes") is made with `word`, and not with other
    letters that look like it: "Rat" is a part of "Gemeinderat", not of "Beratung".
    """
    wanted = key_of(word)
    return any(
        (key[place + len(stem) :] in ENDINGS or key.startswith(wanted, place))
        and _stands_before(_as_written(compound, key, place), is_short=len(word) < PART)
        for place in _places(stem, key)
    )


def _places(stem: str, key: str) -> Iterator[int]:
    place = key.find(stem, 3)
    while place >= 0:
        yield place
        place = key.find(stem, place + 1)


def _as_written(compound: str, key: str, place: int) -> str:
    """The letters before the part, with umlauts where they are at the same place."""
    written = compound.lower()[:place]
    return written if key_of(written) == key[:place] else key[:place]


def _stands_before(letters: str, *, is_short: bool) -> bool:
    """A word that is known, or, before a part that is long enough, anything that could be one."""
    if pieces(letters):
        return True
    if is_short or len(letters) < 4:
        return False
    return not any(
        letters.endswith(syllable) and pieces(letters.removesuffix(syllable)) for syllable in FIRST_SYLLABLES
    )
