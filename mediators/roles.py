"""For which towns a person is appointed today, and which mediators a person helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiv_portal.accounts.roles import add_roles, ids, rows_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

add_roles("""
    SELECT 'mediator', NULL, m.id FROM mediators_mediator m WHERE m.user_id = %(user)s
    UNION ALL SELECT 'appointed', NULL, a.municipality_id FROM mediators_appointment a
        JOIN mediators_mediator m ON m.id = a.mediator_id
        WHERE m.user_id = %(user)s AND a.starts_on <= %(day)s AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)
    UNION ALL SELECT 'helped', NULL, s.mediator_id FROM mediators_assistance s
        WHERE s.helper_id = %(user)s AND s.revoked_at IS NULL AND s.starts_on <= %(day)s AND s.ends_on >= %(day)s
""")


@dataclass(frozen=True)
class MediatorRoles:
    """`own` holds the person's id as a mediator, also after the last appointment, or nothing; `appointed` are ids of
    towns, `helped` ids of mediators.
    """

    own: frozenset[int]
    appointed: frozenset[int]
    helped: frozenset[int]


def mediator_roles(user: User) -> MediatorRoles:
    rows = rows_of(user)
    return MediatorRoles(
        own=ids(rows, "mediator"), appointed=ids(rows, "appointed"), helped=ids(rows, "helped")
    )
