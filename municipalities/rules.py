"""Who may do what with a town. Predicates come from the querysets, so list and object always agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import rules

from municipalities.models import Municipality, MunicipalityQuerySet

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_staff_of(user: User, town: Municipality) -> bool:
    return _asked_once(user, "staff", town, Municipality.objects.of_staff)


@rules.predicate
def is_contact_of(user: User, town: Municipality) -> bool:
    return _asked_once(user, "contact", town, Municipality.objects.of_contact)


def _asked_once(
    user: User, role: str, town: Municipality, towns_of: Callable[[User], MunicipalityQuerySet]
) -> bool:
    """A page asks for several permissions of one town. `user` lives as long as its request, so does the answer."""
    answers = user.__dict__.setdefault("_roles_in_towns", {})
    if (role, town.pk) not in answers:
        answers[role, town.pk] = towns_of(user).filter(pk=town.pk).exists()
    return bool(answers[role, town.pk])


rules.add_perm("municipalities.view_municipality", is_staff_of | is_contact_of)
rules.add_perm("municipalities.change_municipality", is_staff_of)
