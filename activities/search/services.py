"""The table of all words is made anew, so that it forgets what nobody has any more."""

from __future__ import annotations

from django.db import connection, transaction

from activities.concerns import models as concerns
from activities.log import fields
from activities.log.models import Activity

TEXTS = {Activity: fields.SEARCHED, concerns.Concern: concerns.SEARCHED}

RENEW = """
    WITH used AS MATERIALIZED (
        SELECT DISTINCT ON (key) word, key
        FROM (SELECT word, kiv_search_key(word) AS key FROM ({words}) AS every
              WHERE length(word) BETWEEN 4 AND 40) AS found
        WHERE key !~ '[0-9]' AND ts_lexize('german_stem', lower(word COLLATE "pg_c_utf8")) <> '{{}}'
        ORDER BY key, word COLLATE "pg_c_utf8" DESC
    ), first AS (
        SELECT DISTINCT ON (key) id FROM activities_searchword WHERE key IN (SELECT key FROM used) ORDER BY key, id
    ), gone AS (
        DELETE FROM activities_searchword WHERE id NOT IN (SELECT id FROM first) RETURNING 1
    ), learnt AS (
        INSERT INTO activities_searchword (word, key)
        SELECT word, key FROM used WHERE NOT EXISTS (SELECT 1 FROM activities_searchword k WHERE k.key = used.key)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM learnt)
"""


def renew_search_words() -> tuple[int, int]:
    """(forgotten, learnt): words that no text has any more, and such that were missing."""
    words = " UNION ".join(
        f"""SELECT unnest(string_to_array(kiv_search_text({" || ' ' || ".join(columns)}), ' ')) AS word
            FROM {model._meta.db_table}"""  # noqa: S608  # our own names
        for model, columns in TEXTS.items()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RENEW.format(words=words))
        forgotten, learnt = cursor.fetchone()
    return forgotten, learnt
