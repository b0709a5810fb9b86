"""The search as it is against the search as it was before docs/adr/0024, in turns on the same rows.

`python -m bench.search --words N` prints JSON. The search before knew no parts of words, so it has a column and index
of its own here: the words with their signs, the beginning of a word as the only way in.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.visits import session_of

MOST_OVER_BEFORE = 2.0
ROUNDS = 11
HEAD = (
    f"{'':36} {'before':>9} {'now':>9} {'page now':>9} {'page now/before':>16} {'hits before':>12} {'now':>9}"
)
QUERIES = {
    "a common word": "Leitstreifen",
    "two common words": "Beratung Freibad",
    "a part of common words": "streifen",
    "a part of many words": "schule",
    "nothing, and a suggestion": "Leitstriefen",
}


def line(what: str, row: dict[str, float]) -> str:
    return (
        f"{what:36} {1000 * row['before']:9.1f} {1000 * row['now']:9.1f}"
        f" {1000 * row['page']:9.1f} {ratio(row):16.2f}"
        f" {row['hits before']:12,} {row['hits now']:9,}"
    )


def ratio(row: dict[str, float]) -> float:
    """Of the time that a person waits for the page; what is not the search took as long before."""
    return row["page"] / (row["page"] - row["now"] + row["before"])


def add_search_before() -> None:
    from django.db import connection

    text = "title || ' ' || place || ' ' || description || ' ' || result_note"
    folded = f"replace(replace(replace(lower({text}), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    document = f"to_tsvector('german'::regconfig, {text}) || to_tsvector('german'::regconfig, {folded})"
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            f"ALTER TABLE activities_activity ADD COLUMN IF NOT EXISTS search_before tsvector"
            f" GENERATED ALWAYS AS ({document}) STORED"
        )
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS bench_before ON activities_activity USING gin (search_before)"
        )
        cursor.execute("VACUUM ANALYZE activities_activity")


def add_words(number: int) -> None:
    """Compounds as a county writes them: two or three known parts of words."""
    from django.db import connection

    from activities.models import SearchWord
    from kiv_portal.easy_language import words

    chance, parts, made = random.Random(7), list(words.PARTS), set[str]()
    while len(made) < number:
        made.add("".join(chance.choices(parts, k=chance.choice((2, 2, 3)))))
    rows = [SearchWord(word=word.capitalize(), key=word) for word in sorted(made)]
    SearchWord.objects.bulk_create(rows, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE activities_searchword")


def search_before(rows: Any, text: str) -> int:
    from activities.figures.totals import totals
    from activities.log.search_words import words_of
    from activities.search.keyset import ORDERS, page_of
    from activities.search.views import FEW

    raw = " & ".join(f"('{word}':*)" for word in words_of(text))
    found = rows.extra(where=["search_before @@ to_tsquery('german', %s)"], params=[raw])
    number = totals(found).activities
    shown = found.found_before_ordered(FEW) if number <= FEW else found
    page_of(shown.as_rows(), ORDERS["newest"], size=25)
    return number


def search_now(rows: Any, text: str) -> int:
    from activities.figures.totals import totals
    from activities.log.models import ActivityQuerySet
    from activities.search.asked import search_of
    from activities.search.keyset import ORDERS, page_of
    from activities.search.suggestions import suggestions
    from activities.search.views import FEW, _with_excerpt

    search = search_of(text)
    found = rows.mentioning(search.everything)
    number = totals(found).activities
    if number:
        shown = found.found_before_ordered(FEW) if number <= FEW else found
        hits = shown.as_hits(whole=search.whole, any_word=search.any_word)
        page = page_of(hits, ORDERS["best" if number <= FEW else "newest"], size=25)
        [_with_excerpt(row) for row in page.rows]
    suggestions(text, rows, ActivityQuerySet.mentioning, hits=number)
    return number


def seconds_of(act: Callable[[Any, str], int], rows: Any, text: str) -> tuple[float, int]:
    started = time.perf_counter()
    number = act(rows, text)
    return time.perf_counter() - started, number


def compared(rows: Any, text: str, *, of_page: Callable[[Any, str], int]) -> dict[str, float]:
    """Seconds of the statements before and now, and of the whole page now; hits."""
    acts = {"before": search_before, "now": search_now, "page": of_page}
    taken: dict[str, list[float]] = {name: [] for name in acts}
    hits = {}
    for number in range(ROUNDS + 2):
        for name in acts if number % 2 else reversed(acts):
            seconds, hits[name] = seconds_of(acts[name], rows, text)
            if number >= 2:
                taken[name].append(seconds)
    medians = {name: statistics.median(all_) for name, all_ in taken.items()}
    return medians | {f"hits {name}": number for name, number in hits.items()}


def page_for(user: Any, name: str) -> Callable[[Any, str], int]:
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)

    def visited(_: Any, text: str) -> int:
        answer = client.get(reverse(name), {"q": text})
        assert answer.status_code == 200, answer.status_code
        return len(answer.content)

    return visited


def sizes() -> dict[str, int]:
    """MiB on the disk."""
    from django.db import connection

    names = ("bench_before", "activity_search", "activities_activity", "activities_searchword")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_total_relation_size(name::regclass) FROM unnest(%s::text[]) AS name",
            [list(names)],
        )
        found = dict(cursor.fetchall())
        cursor.execute(
            "SELECT sum(pg_column_size(search_before)), sum(pg_column_size(search_document)) FROM activities_activity"
        )
        found["column before"], found["column now"] = cursor.fetchone()
    return {name: round(size / 2**20, 1) for name, size in found.items()}


def measured(words: int) -> dict[str, Any]:
    from activities.models import Activity, SearchWord
    from activities.search.services import renew_search_words
    from mediators.models import Appointment
    from municipalities.models import CountyStaff, Municipality

    add_search_before()
    started = time.perf_counter()
    renew_search_words()
    renewing = time.perf_counter() - started
    add_words(words)
    staff = CountyStaff.objects.order_by("pk")[0]
    towns = Municipality.objects.filter(county=staff.county_id)
    kiv = Appointment.objects.filter(municipality__in=towns).order_by("pk")[0].mediator
    lists = {
        "county": (
            Activity.objects.filter(municipality__in=list(towns)),
            page_for(staff.user, "all_activity_list"),
        ),
        "own": (Activity.objects.filter(mediator=kiv), page_for(kiv.user, "activity_list")),
    }
    return {
        "rows": Activity.objects.count(),
        "words": SearchWord.objects.count(),
        "renewing": renewing,
        "sizes": sizes(),
        "searches": {
            f"{name}: {what}": compared(rows, text, of_page=page)
            for name, (rows, page) in lists.items()
            for what, text in QUERIES.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--words", type=int, required=True, help="further words in the table of all words")
    arguments = parser.parse_args()

    import django

    django.setup()
    print(json.dumps(measured(arguments.words)))


if __name__ == "__main__":
    main()
