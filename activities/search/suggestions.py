""" "Meinten Sie …?": words that look like what was typed, if they stand in what this person may see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet, Value

from activities.log.search_words import groups_of, key_of, words_of
from activities.search.asked import Search

Rows = TypeVar("Rows", bound=QuerySet)

FEW_HITS = 3  # with so many nothing is suggested
MOST_WORDS, SHORTEST = 4, 4
MOST_TRIED, MOST_SHOWN = 6, 2
ALIKE = 0.78  # of 1, as difflib counts
ENOUGH = 50  # to count more hits would say nothing more

# A slip is in one half of a word, so the other half is right.
NEIGHBOURS = """
    SELECT typed.word, found.word, found.key, (ts_lexize('german_stem', found.key))[1]
    FROM unnest(%(words)s::text[]) AS typed(word)
    CROSS JOIN LATERAL (SELECT kiv_search_key(typed.word) AS key) AS asked
    CROSS JOIN LATERAL (
        SELECT greatest(2, (length(asked.key) - 1) / 2) AS first, length(asked.key) / 2 AS last
    ) AS half
    CROSS JOIN LATERAL (
        SELECT w.word, w.key FROM activities_searchword w
        WHERE (w.grams @> kiv_search_grams('^' || left(asked.key, half.first))
            OR w.grams @> kiv_search_grams(right(asked.key, half.last) || '$'))
          AND length(w.key) BETWEEN length(asked.key) - 2 AND length(asked.key) + 2 AND w.key <> asked.key
        ORDER BY cardinality(ARRAY(SELECT unnest(w.grams) INTERSECT
                                   SELECT unnest(kiv_search_grams('^' || asked.key || '$')))) DESC, w.key
        LIMIT 60
    ) AS found
"""


def suggestions(
    text: str, rows: Rows, mentioning: Callable[[Rows, SearchQuery], Rows], *, hits: int
) -> list[str]:
    """Other searches that find more in `rows`, the best first; at most two queries.

    `rows`: what the person sees without the search. Every new word stands in one of them: what only others may see is
    never named.
    """
    words = [word for word in dict.fromkeys(words_of(text)) if len(word) >= SHORTEST][:MOST_WORDS]
    if hits >= FEW_HITS or not words or not (alike := _alike(words)):
        return []
    tried = [_Try(text, corrections) for corrections in _corrections(alike)][:MOST_TRIED]
    parts = [
        mentioning(rows, attempt.query)
        .order_by()
        .annotate(number=Value(number))
        .values_list("number")[:ENOUGH]
        for number, attempt in enumerate(tried)
    ]
    found = Counter(number for (number,) in parts[0].union(*parts[1:], all=True))
    return [attempt.text for number, attempt in enumerate(tried) if found[number] > hits][:MOST_SHOWN]


def _alike(words: list[str]) -> dict[str, list[str]]:
    """{word: words that look like it, the most alike first}; of several forms of a word that of the same length."""
    found: dict[str, dict[str, tuple[int, float, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"words": words})
        for word, other, key, stem in cursor.fetchall():
            likeness = SequenceMatcher(None, key_of(word), key).ratio()
            if likeness >= ALIKE:
                forms = found.setdefault(word, {})
                form = (abs(len(key) - len(word)), -likeness, other)
                forms[stem] = min(form, forms.get(stem, form))
    return {
        word: [other for _, _, other in sorted(forms.values(), key=lambda form: form[1:])]
        for word, forms in found.items()
    }


def _corrections(alike: dict[str, list[str]]) -> list[dict[str, str]]:
    """All doubtful words at once, then one word alone."""
    together = [{word: others[0] for word, others in alike.items()}] if len(alike) > 1 else []
    alone = [
        {word: other}
        for rank in range(MOST_TRIED)
        for word, others in alike.items()
        for other in others[rank : rank + 1]
    ]
    return together + alone


class _Try:
    def __init__(self, text: str, corrections: dict[str, str]) -> None:
        for word, other in corrections.items():
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", other, text, flags=re.IGNORECASE)
        self.text = text
        self.query = Search(groups_of(text), exact=frozenset(map(str.lower, corrections.values()))).everything
