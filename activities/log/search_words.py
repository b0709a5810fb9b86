"""What full-text search reads, as PostgreSQL's `german` configuration stems it: never the internal note.

The functions `kiv_search_*` are in the database (activities/migrations/0005_search_words.py), docs/adr/0024 says why.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pgtrigger
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField

# People type "Schaefer" for "Schäfer" and the other way round, and "Cafe" for "Café".
WRITTEN_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_ACCENTS = str.maketrans("éèêëáàâíìîóòôúùûçñ", "eeeeaaaiiiooouuucn")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
# soft hyphen, and the signs without a width: they stand inside of words
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 12
LEFT_OF_MARK, RIGHT_OF_MARK = "\ue000", "\ue001"  # signs that no text has


class SearchText(Func):
    """As it was before signs were left out; only the first migration asks for it."""

    arg_joiner = " || ' ' || "
    template = (
        "(to_tsvector('german'::regconfig, %(expressions)s) || to_tsvector('german'::regconfig,"
        " replace(replace(replace(lower(%(expressions)s), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')))"
    )
    output_field = SearchVectorField()


class SearchDocument(Func):
    """The words of the columns without any sign, as they stand and once more folded."""

    function = "kiv_search_document"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class Joined(Func):
    """The columns as lines of one text."""

    arg_joiner = " || E'\\n' || "
    template = "(%(expressions)s)"
    output_field = TextField()


class Marked(Func):
    """The text as long as it was, signs as blanks, with signs of our own around every word that was asked for."""

    function = "ts_headline"
    template = (
        "%(function)s('german'::regconfig, %(expressions)s,"
        f" 'HighlightAll=true, StartSel={LEFT_OF_MARK}, StopSel={RIGHT_OF_MARK}')"
    )
    output_field = TextField()

    def __init__(self, text: Any, query: SearchQuery, **extra: Any) -> None:
        super().__init__(Func(text, function="kiv_search_blanks"), query, **extra)


class Unindexed(Func):
    """The same words, but as an expression that no index answers."""

    template = "(%(expressions)s || '')"
    output_field = SearchVectorField()


def without_invisible(text: str) -> str:
    return text.translate(_INVISIBLE)


def groups_of(text: str) -> list[list[str]]:
    """What of a typed text can be searched for: groups of words, those of one joined by signs ("S-Bahn").

    Signs are left out, so nothing in it can steer the query.
    """
    groups, left = [], MOST_WORDS
    for part in without_invisible(unicodedata.normalize("NFC", text.lower())).split():
        words = [word for word in WORD.findall(part) if word.strip("½¼¾²³¹")][:left]
        left -= len(words)
        if words:
            groups.append(words)
    return groups


def words_of(text: str) -> list[str]:
    return [word for group in groups_of(text) for word in group]


def folded(word: str) -> str:
    for written_out, letter in WRITTEN_OUT:
        word = word.replace(written_out, letter)
    return word.translate(_ACCENTS)


def key_of(word: str) -> str:
    """The word as the table of all words knows it; `kiv_search_key` in the database."""
    return folded(word.lower()).translate(_UMLAUTS)


def raw_query(tsquery: str) -> SearchQuery:
    return SearchQuery(tsquery, config="german", search_type="raw")


def learn_words(*columns: str) -> pgtrigger.Trigger:
    """For a model with these texts: the table of all words knows what is written into them."""
    text = " || ' ' || ".join(f"NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name="words_are_learnt",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
        func=f"PERFORM kiv_search_learn({text}); RETURN NULL;",
    )
