"""Who may do what with a town. Predicates and querysets start from the same roles, so list and object agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from municipalities.roles import town_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User
    from municipalities.towns.models import Municipality


@rules.predicate
def is_staff_of(user: User, town: Municipality) -> bool:
    return town.pk in town_roles(user).staff


@rules.predicate
def is_contact_of(user: User, town: Municipality) -> bool:
    return town.pk in town_roles(user).contact


rules.add_perm("municipalities.view_municipality", is_staff_of | is_contact_of)
rules.add_perm("municipalities.change_municipality", is_staff_of)
