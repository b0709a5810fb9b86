"""A town leaves, takes that back, or hands its open concerns on. All or nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction

from activities.concerns.services import take_step, tell_all
from activities.models import Concern, ConcernState
from home.leaving.queries import Leaving, due_after
from kiv_portal.mails import writing as mails
from municipalities.models import Departure, Municipality
from reports.steps.services import delete_report, open_report

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User


LEFT = "home/leaving/email/left"


@transaction.atomic
def leave(plan: Leaving, departure: Departure, *, by: User) -> Departure:
    """Does what `plan` says. The agreement first: nothing holds a departure without an end."""
    before: list[dict[str, Any]] = []
    for report in plan.dropped:
        delete_report(report, by=by)
    for term in plan.never_begun:
        term.delete()
    _end(type(plan.agreement)._default_manager.get(pk=plan.agreement.pk), before, ends_on=plan.last_day)
    for appointment in plan.appointments:
        _end(appointment, before, ends_on=plan.last_day)
    for role in (*plan.contacts, *plan.councillors):
        _end(role, before, ends_on=max(plan.roles_end_on, role.starts_on))
    if plan.shortened:
        _end(plan.shortened, before, period_end=plan.last_day, due_on=due_after(plan.last_day))
    departure.agreement, departure.before, departure.recorded_by = plan.agreement, before, by
    departure.save()
    if plan.unwritten:
        open_report(plan.town)
    _tell(plan, departure)
    return departure


def _end(row: models.Model, before: list[dict[str, Any]], **days: dt.date) -> None:
    """Nothing else of the row is written: it may have changed meanwhile."""
    stood = {name: day and day.isoformat() for name in days for day in [getattr(row, name)]}
    before.append({"model": row._meta.label_lower, "pk": row.pk, "values": stood})
    type(row)._default_manager.filter(pk=row.pk).update(**days)


@transaction.atomic
def take_back(departure: Departure) -> None:
    """The town goes on taking part: what had ended by it ends when it would have. What never began stays away."""
    Municipality.objects.select_for_update().get(pk=departure.agreement.municipality_id)
    before = departure.before
    departure.delete()
    for row in before:
        values = {name: day and dt.date.fromisoformat(day) for name, day in row["values"].items()}
        apps.get_model(row["model"])._default_manager.filter(pk=row["pk"]).update(**values)


@transaction.atomic
def hand_on_concerns(town: Municipality, *, sentence: str, by: User) -> int:
    """Every open concern is passed on with this sentence, which reporters read and, where it is public, anybody."""
    concerns = list(Concern.objects.filter(municipality=town).open())
    for concern in concerns:
        step = take_step(concern, state=ConcernState.PASSED_ON, sentence=sentence, by=by)
        if concern.is_public:
            tell_all(concern, step)
    return len(concerns)


def _tell(plan: Leaving, departure: Departure) -> None:
    """Mediators and the town hall; the council learns of its own resolution elsewhere."""
    mediators = [row.mediator.user for row in plan.appointments]
    people = dict.fromkeys([*mediators, *(role.user for role in plan.contacts)])
    context = {"plan": plan, "start_url": mails.address("start")}
    mails.post_all(
        mails.to_person(person, LEFT, context | {"is_mediator": person in mediators}, about=departure)
        for person in people
        if person.is_active
    )
