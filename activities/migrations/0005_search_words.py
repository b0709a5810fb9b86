"""Signs are no letters, concerns are searched too, and a table of all words lets a part of a word find the whole.

The functions are of the database, so that no way of writing forgets the search; docs/adr/0024 says why each is as it is.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import activities.log.search_words

# "pg_c_utf8": what a letter is, whatever the locale of the database. What stands inside of a word without being seen
# is left out; every other sign is a blank. Words that a sign joins (E-Mail, Bürger:innen) are kept joined as well.
FUNCTIONS = r"""
CREATE FUNCTION kiv_search_text(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT regexp_replace(
        CASE WHEN seen ~ '[[:alpha:]][-‐‑*:_·/(’''][-‐‑*:_·/(’'']?[[:alpha:]]' THEN
            seen || ' ' || regexp_replace(seen, '([[:alpha:]])[-‐‑*:_·/(’'']{1,2}(?=[[:alpha:]])', '\1', 'g')
        ELSE seen END,
        '[^[:alnum:]]+', ' ', 'g')
    FROM (SELECT CASE WHEN written ~ U&'[\00AD\200B\200C\200D\2060\FEFF]' THEN
            translate(written, U&'\00AD\200B\200C\200D\2060\FEFF', '')
        ELSE written END COLLATE "pg_c_utf8" AS seen OFFSET 0) AS it
);

CREATE FUNCTION kiv_search_folded(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT CASE WHEN small ~ '[éèêëáàâíìîóòôúùûçñ]' THEN
        translate(small, 'éèêëáàâíìîóòôúùûçñ', 'eeeeaaaiiiooouuucn')
    ELSE small END
    FROM (SELECT replace(replace(replace(lower(word COLLATE "pg_c_utf8"), 'ae', 'a'), 'oe', 'o'), 'ue', 'u') AS small
        OFFSET 0) AS it
);

CREATE FUNCTION kiv_search_key(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(replace(kiv_search_folded(word), 'ß', 'ss'), 'äöü', 'aou');

CREATE FUNCTION kiv_search_document(written text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT strip(
        to_tsvector('german'::regconfig, lower(plain COLLATE "pg_c_utf8"))
        || to_tsvector('german'::regconfig, kiv_search_folded(plain)))
    FROM (SELECT kiv_search_text(written) AS plain OFFSET 0) AS it
);

CREATE FUNCTION kiv_search_blanks(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    translate(written, U&'\00AD\200B\200C\200D\2060\FEFF', '') COLLATE "pg_c_utf8", '[^[:alnum:]]', ' ', 'g');

CREATE FUNCTION kiv_search_grams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT substr(word, place, 3) FROM generate_series(1, length(word) - 2) AS place);
"""
WITHOUT_FUNCTIONS = """
DROP FUNCTION kiv_search_grams(text);
DROP FUNCTION kiv_search_blanks(text);
DROP FUNCTION kiv_search_document(text);
DROP FUNCTION kiv_search_key(text);
DROP FUNCTION kiv_search_folded(text);
DROP FUNCTION kiv_search_text(text);
"""
# No unique key and no ON CONFLICT: an import that runs for a minute would hold up everybody who writes one of its new
# words. A word that two people write in the same moment stands there twice until the night.
LEARN = """
CREATE FUNCTION kiv_search_learn(written text) RETURNS void LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
    INSERT INTO activities_searchword (word, key)
    SELECT DISTINCT ON (key) word, key
    FROM (SELECT word, kiv_search_key(word) AS key
          FROM unnest(string_to_array(kiv_search_text(written), ' ')) AS word
          WHERE length(word) BETWEEN 4 AND 40) AS found
    WHERE key !~ '[0-9]' AND ts_lexize('german_stem', lower(word COLLATE "pg_c_utf8")) <> '{}'
      AND NOT EXISTS (SELECT 1 FROM activities_searchword AS known WHERE known.key = found.key)
    ORDER BY key, word COLLATE "pg_c_utf8" DESC;
END;
"""
FILL = """
SELECT kiv_search_learn(string_agg(word, ' ')) FROM (
    SELECT unnest(string_to_array(kiv_search_text(
        title || ' ' || place || ' ' || description || ' ' || result_note), ' ')) AS word FROM activities_activity
    UNION SELECT unnest(string_to_array(kiv_search_text(
        title || ' ' || place || ' ' || description || ' ' || since), ' ')) FROM activities_concern
) AS every;
"""


def document(*columns: str) -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True,
        expression=activities.log.search_words.SearchDocument(*columns),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_trash")]
    operations = [
        migrations.RunSQL(FUNCTIONS, WITHOUT_FUNCTIONS),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=80)),
                (
                    "grams",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.Func(
                            "key", function="kiv_search_grams", template="%(function)s('^' || %(expressions)s || '$')"
                        ),
                        output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                    ),
                ),
            ],
            options={
                "verbose_name": "Wort der Suche",
                "verbose_name_plural": "Wörter der Suche",
                "indexes": [
                    models.Index(fields=["key"], name="search_word_key"),
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="search_word_grams"),
                ],
            },
        ),
        migrations.RunSQL(LEARN, "DROP FUNCTION kiv_search_learn(text);"),
        migrations.RemoveIndex("activity", "activity_search"),
        migrations.RemoveField("activity", "search_document"),
        migrations.AddField(
            "activity", "search_document", document("title", "place", "description", "result_note")
        ),
        migrations.AddIndex(
            "activity",
            django.contrib.postgres.indexes.GinIndex(fields=["search_document"], name="activity_search"),
        ),
        migrations.AddField(
            "concern", "search_document", document("title", "place", "description", "since")
        ),
        migrations.AddIndex(
            "concern",
            django.contrib.postgres.indexes.GinIndex(fields=["search_document"], name="concern_search"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='words_are_learnt', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kiv_search_learn(NEW.title || ' ' || NEW.place || ' ' || NEW.description || ' ' || NEW.result_note); RETURN NULL;", hash='4fdad9f9e1a35762418aa2952d89e1e8b7c2a4fe', operation='INSERT OR UPDATE OF "title", "place", "description", "result_note"', pgid='pgtrigger_words_are_learnt_32bde', table='activities_activity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='concern',
            trigger=pgtrigger.compiler.Trigger(name='words_are_learnt', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM kiv_search_learn(NEW.title || ' ' || NEW.place || ' ' || NEW.description || ' ' || NEW.since); RETURN NULL;", hash='f6c31d3ea24b2b0ab836a4ccfb559471f0651709', operation='INSERT OR UPDATE OF "title", "place", "description", "since"', pgid='pgtrigger_words_are_learnt_fa8b7', table='activities_concern', when='AFTER')),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
