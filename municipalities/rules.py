"""Who may do what with a town. Predicates come from the querysets, so list and object always agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_staff_of(user: User, town: Municipality) -> bool:
    return Municipality.objects.of_staff(user).filter(pk=town.pk).exists()


@rules.predicate
def is_contact_of(user: User, town: Municipality) -> bool:
    return Municipality.objects.of_contact(user).filter(pk=town.pk).exists()


rules.add_perm("municipalities.view_municipality", is_staff_of | is_contact_of)
rules.add_perm("municipalities.change_municipality", is_staff_of)
