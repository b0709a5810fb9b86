from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from activities.concerns.models import Concern
from activities.log.models import Activity
from mediators.models import towns_of
from mediators.roles import mediator_roles
from municipalities.rules import is_staff_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_mediator(user: User) -> bool:
    return bool(mediator_roles(user).own)


@rules.predicate
def did_it(user: User, activity: Activity) -> bool:
    return activity.mediator_id in mediator_roles(user).own


@rules.predicate
def has_it_in_hand(user: User, activity: Activity) -> bool:
    """The mediator, and the helper who has entered it, as long as the assistance holds."""
    return activity.entered_by_id == user.pk and activity.mediator_id in mediator_roles(user).helped


@rules.predicate
def is_staff_of_its_town(user: User, activity: Activity) -> bool:
    return is_staff_of(user, activity.municipality)


rules.add_perm("activities.add_activity", is_mediator)
rules.add_perm("activities.change_activity", did_it | has_it_in_hand)
rules.add_perm("activities.delete_activity", did_it | has_it_in_hand)
rules.add_perm("activities.correct_activity", did_it | has_it_in_hand)
rules.add_perm("activities.follow_up_activity", did_it | has_it_in_hand)
# never the town hall, never in a report or a file
rules.add_perm("activities.view_internal_note", did_it | has_it_in_hand | is_staff_of_its_town)


@rules.predicate
def works_in_a_town(user: User) -> bool:
    """Appointed today, or in the town hall or the county today."""
    return bool(towns_of(user))


@rules.predicate
def works_in_its_town(user: User, concern: Concern) -> bool:
    return concern.municipality_id in towns_of(user)


@rules.predicate
def mediates_in_its_town(user: User, concern: Concern) -> bool:
    return concern.municipality_id in mediator_roles(user).appointed


@rules.predicate
def helps(user: User) -> bool:
    return bool(mediator_roles(user).helped)


rules.add_perm("activities.use_trash", is_mediator | helps | works_in_a_town)
rules.add_perm("activities.add_concern", works_in_a_town)
rules.add_perm("activities.change_concern", works_in_its_town)
rules.add_perm("activities.take_step_concern", works_in_its_town)
rules.add_perm("activities.take_over_concern", mediates_in_its_town)
rules.add_perm("activities.publish_concern", works_in_its_town)
rules.add_perm("activities.delete_concern", works_in_its_town)
