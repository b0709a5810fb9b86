"""Which towns a person works for today: every `visible_to` and every rule starts from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiv_portal.accounts.roles import add_roles, ids, rows_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User

add_roles("""
    SELECT 'staff', s.county_id, m.id FROM municipalities_countystaff s
        LEFT JOIN municipalities_municipality m ON m.county_id = s.county_id
        WHERE s.user_id = %(user)s AND s.starts_on <= %(day)s AND (s.ends_on IS NULL OR s.ends_on >= %(day)s)
    UNION ALL SELECT 'contact', NULL, c.municipality_id FROM municipalities_municipalitycontact c
        WHERE c.user_id = %(user)s AND c.starts_on <= %(day)s AND (c.ends_on IS NULL OR c.ends_on >= %(day)s)
    UNION ALL SELECT 'councillor', NULL, c.municipality_id FROM municipalities_councillor c
        WHERE c.user_id = %(user)s AND c.starts_on <= %(day)s AND (c.ends_on IS NULL OR c.ends_on >= %(day)s)
""")


@dataclass(frozen=True)
class TownRoles:
    """Ids of towns by role, and keys of the counties one coordinates."""

    counties: frozenset[str]
    staff: frozenset[int]
    contact: frozenset[int]
    councillor: frozenset[int]

    @property
    def looks_after(self) -> frozenset[int]:
        return self.staff | self.contact


def town_roles(user: User) -> TownRoles:
    rows = rows_of(user)
    return TownRoles(
        counties=frozenset(row.key for row in rows if row.role == "staff" and row.key),
        staff=ids(rows, "staff"),
        contact=ids(rows, "contact"),
        councillor=ids(rows, "councillor"),
    )
