"""Rows taken out of their tables with all that hangs on them, and put back as they were: ids, moments, everything.

PostgreSQL itself writes a row as JSON and reads it again, so that no microsecond is lost on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, Error, connection, models, transaction
from django.db.models.deletion import Collector


class Taken(NamedTuple):
    """`rows` are {"model": label, "row": {column: value}}, the one that was asked for first; `files` are names in the
    storage.
    """

    rows: list[dict[str, Any]]
    files: list[str]


class _Tree(Collector):
    """Everything a deletion takes along, row by row: what the database could delete unread is to be kept, too."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        return False


def take_out(row: models.Model) -> Taken:
    """Delete a locked row as `row.delete()` does. Raises IntegrityError where the database says no."""
    tree = _Tree(using=DEFAULT_DB_ALIAS, origin=row)
    tree.collect([row])
    found = [(model, sorted(instance.pk for instance in rows)) for model, rows in tree.data.items()]
    files = [name for rows in tree.data.values() for each in rows for name in _files_of(each)]
    taken = [stored for model, pks in found for stored in _as_json(model, pks)]
    tree.delete()
    return Taken(taken, files)


def put_back(rows: Iterable[dict[str, Any]]) -> None:
    """Into their tables, inside of a transaction. What belongs to another app (a photo chosen for a report) comes back
    if that still takes it. Raises IntegrityError where the database says no now.
    """
    stored = [(apps.get_model(each["model"]), each["row"]) for each in rows]
    app = stored[0][0]._meta.app_label
    for model, row in stored:
        if model._meta.app_label == app:
            _insert(model, row)
    _check_now()
    for model, row in stored:
        if model._meta.app_label != app:
            _insert_if_taken(model, row)


def _files_of(row: models.Model) -> list[str]:
    values = (
        getattr(row, field.attname) for field in row._meta.fields if isinstance(field, models.FileField)
    )
    return [str(value.name) for value in values if value]


def _as_json(model: type[models.Model], pks: list[int]) -> list[dict[str, Any]]:
    made = [field.column for field in model._meta.concrete_fields if field.generated]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) - %s::text[] FROM {_name(model._meta.db_table)} t WHERE {_name(model._meta.pk.column)}"  # noqa: S608  names of our own tables
            " = ANY(%s)",
            [made, pks],
        )
        return [{"model": model._meta.label_lower, "row": json.loads(row)} for (row,) in cursor.fetchall()]


def _insert(model: type[models.Model], row: dict[str, Any]) -> None:
    """Columns that the table got since have their usual value; those that it has lost are left out."""
    columns = [field for field in model._meta.concrete_fields if not field.generated]
    usual = {field.column: field.get_default() for field in columns if field.has_default()}
    values = {field.column: (usual | row)[field.column] for field in columns if field.column in usual | row}
    names = ", ".join(_name(column) for column in values)
    table = _name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s)",  # noqa: S608  names of our own tables
            [json.dumps(values, cls=DjangoJSONEncoder)],
        )


def _insert_if_taken(model: type[models.Model], row: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            _insert(model, row)
            _check_now()
    except Error:  # its report is submitted by now, or gone
        return


def _check_now() -> None:
    """Ask about foreign keys here: at the end of the whole transaction nobody would hear the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _name(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
