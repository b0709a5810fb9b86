from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from activities.models import Activity, Concern
from mediators.models import Mediator, municipalities_of_mediator
from municipalities.models import Municipality
from municipalities.rules import is_staff_of

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_mediator(user: User) -> bool:
    return Mediator.objects.filter(user_id=user.pk).exists()


@rules.predicate
def did_it(user: User, activity: Activity) -> bool:
    return activity.mediator.user_id == user.pk


@rules.predicate
def has_it_in_hand(user: User, activity: Activity) -> bool:
    """The mediator, and the helper who has entered it, as long as the assistance holds."""
    return Activity.objects.in_the_hands_of(user).filter(pk=activity.pk).exists()


@rules.predicate
def is_staff_of_its_town(user: User, activity: Activity) -> bool:
    return is_staff_of(user, activity.municipality)


rules.add_perm("activities.add_activity", is_mediator)
rules.add_perm("activities.change_activity", did_it | has_it_in_hand)
rules.add_perm("activities.delete_activity", did_it | has_it_in_hand)
rules.add_perm("activities.correct_activity", did_it)
rules.add_perm("activities.follow_up_activity", did_it)
# never the town hall, never in a report or a file
rules.add_perm("activities.view_internal_note", did_it | has_it_in_hand | is_staff_of_its_town)


@rules.predicate
def works_in_a_town(user: User) -> bool:
    """Appointed today, or in the town hall or the county today."""
    return (Municipality.objects.visible_to(user) | municipalities_of_mediator(user)).exists()


@rules.predicate
def works_in_its_town(user: User, concern: Concern) -> bool:
    return Concern.objects.visible_to(user).filter(pk=concern.pk).exists()


@rules.predicate
def mediates_in_its_town(user: User, concern: Concern) -> bool:
    return municipalities_of_mediator(user).filter(pk=concern.municipality_id).exists()


rules.add_perm("activities.add_concern", works_in_a_town)
rules.add_perm("activities.change_concern", works_in_its_town)
rules.add_perm("activities.take_step_concern", works_in_its_town)
rules.add_perm("activities.take_over_concern", mediates_in_its_town)
rules.add_perm("activities.publish_concern", works_in_its_town)
rules.add_perm("activities.delete_concern", works_in_its_town)
