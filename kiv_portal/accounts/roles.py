"""What a person is today, in one question to the database, asked at most once a request.

Every app that owns a role adds its part here; the floors above and below read the answer through functions of their
own (`municipalities.roles`, `mediators.roles`), so nobody asks twice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


class RoleRow(NamedTuple):
    """`key` and `id` name what the role holds for: a county's key, the id of a town or mediator."""

    role: str
    key: str | None
    id: int | None


_parts: list[str] = []


def add_roles(select: str) -> None:
    """A plain SELECT of role, key and id, with %(user)s and %(day)s. No queryset: it stands before every page."""
    _parts.append(select)


def rows_of(user: User) -> list[RoleRow]:
    """All roles of today. Kept with `user`, which lives as long as its request."""
    today = timezone.localdate()
    day, rows = getattr(user, "_role_rows", (None, []))
    if day != today:
        rows = _read(user.pk, today)
        user._role_rows = (today, rows)  # type: ignore[attr-defined]
    return rows


def _read(user_pk: int | None, today: dt.date) -> list[RoleRow]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_parts), {"user": user_pk, "day": today})
        return [RoleRow(*row) for row in cursor.fetchall()]


def ids(rows: list[RoleRow], role: str) -> frozenset[int]:
    return frozenset(row.id for row in rows if row.role == role and row.id is not None)
