"""What full-text search reads, as PostgreSQL's `german` configuration stems it: never the internal note."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

# People type "Schaefer" for "Schäfer" and the other way round. The configuration folds ä, ö, ü and ß by itself.
WRITTEN_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
MOST_WORDS = 12
WORD = re.compile(r"[^\W_]+")


class SearchText(Func):
    """The words as they stand, and once more with ae, oe, ue folded."""

    arg_joiner = " || ' ' || "
    template = (
        "(to_tsvector('german'::regconfig, %(expressions)s) || to_tsvector('german'::regconfig,"
        " replace(replace(replace(lower(%(expressions)s), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')))"
    )
    output_field = SearchVectorField()


class Unindexed(Func):
    """The same words, but as an expression that no index answers."""

    template = "(%(expressions)s || '')"
    output_field = SearchVectorField()


def words_of(text: str) -> list[str]:
    """What of a typed text can be searched for; signs are left out, so nothing in it can steer the query."""
    return WORD.findall(text.lower())[:MOST_WORDS]


def search_query(words: list[str]) -> SearchQuery:
    """All words, each as the beginning of one ("schul" finds "Schulhof"), as typed or folded."""
    parts = (" | ".join(f"'{form}':*" for form in dict.fromkeys((word, _folded(word)))) for word in words)
    return SearchQuery(" & ".join(f"({part})" for part in parts), config="german", search_type="raw")


def _folded(word: str) -> str:
    for written_out, letter in WRITTEN_OUT:
        word = word.replace(written_out, letter)
    return word
