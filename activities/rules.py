from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from activities.models import Activity, Concern
from mediators.models import Mediator, municipalities_of_mediator
from municipalities.models import Municipality

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


@rules.predicate
def is_mediator(user: User) -> bool:
    return Mediator.objects.filter(user_id=user.pk).exists()


@rules.predicate
def did_it(user: User, activity: Activity) -> bool:
    return activity.mediator.user_id == user.pk


rules.add_perm("activities.add_activity", is_mediator)
rules.add_perm("activities.change_activity", did_it)
rules.add_perm("activities.delete_activity", did_it)


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
