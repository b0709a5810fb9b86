"""The clock of a demo that shows another day: the portal's, and that of the database, whose promises ask it, too.

Only `make demo` moves it (DEMO_TODAY). Celery's timetable keeps the machine's time.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone


def move_portal(days: int) -> None:
    """Before models are imported: a field's `default=timezone.now` keeps the function that it found."""
    ahead = dt.timedelta(days=days)

    def now() -> dt.datetime:
        return dt.datetime.now(tz=dt.UTC) + ahead

    timezone.now = now


def move_database(days: int) -> None:
    """For every later connection. Our own `now()` is found before PostgreSQL's as long as it is there."""
    name = connection.ops.quote_name(connection.get_connection_params()["dbname"])
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS public.now()")
        cursor.execute(f"ALTER DATABASE {name} RESET search_path")
        if days:
            cursor.execute(ahead(days))
            cursor.execute(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
    connection.close()


def ahead(days: int) -> str:
    """SQL for a `now()` that is so many days ahead."""
    return (
        "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE AS "
        f"$$ SELECT pg_catalog.now() + interval '{int(days)} days' $$"
    )
