from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from activities.models import Activity
from mediators.roles import mediator_roles

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_mediator(user: User) -> bool:
    return bool(mediator_roles(user).own)


@rules.predicate
def did_it(user: User, activity: Activity) -> bool:
    return activity.mediator_id in mediator_roles(user).own


rules.add_perm("activities.add_activity", is_mediator)
rules.add_perm("activities.change_activity", did_it)
rules.add_perm("activities.delete_activity", did_it)
