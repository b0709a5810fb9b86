"""Whatever people do in whatever order: a concern has one state, its steps tell how it came there, its dates fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from activities.concerns import reporter_services as reporter
from activities.concerns import services
from activities.models import Concern, ConcernState
from tests import factories
from tests.people import People
from tests.sample import examples

STATES = st.sampled_from(ConcernState.values)
PEOPLE = st.sampled_from(["mediator", "contact", "coordinator"])


def machine(people: People) -> Callable[[], RuleBasedStateMachine]:
    class Steps(RuleBasedStateMachine):
        """`told` is what should have been written down."""

        def __init__(self) -> None:
            super().__init__()
            self.concern = services.report_concern(
                Concern(municipality=people.town, title="Ampel", description="Stumm."), by=None
            )
            self.told = [("reported", services.REPORTED, None)]
            self.owner = None

        @property
        def state(self) -> str:
            return self.told[-1][0]

        @rule(to=STATES, seen=STATES, by=PEOPLE, number=st.integers(0, 2))
        def takes_a_step(self, to: str, seen: str, by: str, number: int) -> None:
            person = getattr(people, by)
            entry = (to, f"Satz {number}", person.pk)
            fits = to in services.possible_states(seen)
            is_again = fits and self.told[-1] == entry
            try:
                with transaction.atomic():
                    services.take_step(
                        Concern.objects.get(pk=self.concern.pk),
                        state=to,
                        sentence=entry[1],
                        by=person,
                        seen=seen,
                        promised_until=timezone.localdate() + dt.timedelta(days=number),
                    )
            except services.ConcernRefused:
                assert not is_again
                assert not fits or seen != self.state
                return
            assert is_again or (fits and seen == self.state)
            if not is_again:
                self.told.append(entry)

        @rule()
        def who_reported_it_withdraws_it(self) -> None:
            try:
                reporter.withdraw(Concern.objects.get(pk=self.concern.pk), reason="")
            except services.ConcernRefused:
                assert self.state in ("done", "refused", "passed_on")
            else:
                if self.state != "withdrawn":
                    self.told.append(("withdrawn", reporter.WITHDRAWN, None))

        @precondition(lambda self: self.state == "done")
        @rule(kind=st.sampled_from(["yes", "partly", "no"]))
        def who_reported_it_says_whether_it_is_good(self, kind: str) -> None:
            times_done = sum(state == "done" != before for (before, *_), (state, *_) in pairwise(self.told))
            was_asked = self.concern.messages.count() < times_done
            said = reporter.answer(Concern.objects.get(pk=self.concern.pk), kind=kind, text="Satz")
            assert self.concern.messages.count() <= times_done
            if was_asked and said.kind == "no":
                self.told.append(("checking", reporter.OPENED_AGAIN, None))

        @precondition(lambda self: self.state in ConcernState.open)
        @rule()
        def the_mediator_takes_over(self) -> None:
            services.take_over(Concern.objects.get(pk=self.concern.pk), by=people.kiv)
            if self.owner is None:
                state = "checking" if self.state == "reported" else self.state
                self.told.append((state, services.TAKEN_OVER, people.mediator.pk))
            self.owner = people.kiv.pk

        @invariant()
        def the_steps_tell_how_it_came_there(self) -> None:
            concern = Concern.objects.get(pk=self.concern.pk)
            steps = list(concern.steps.values_list("state", "sentence", "taken_by"))
            assert steps == self.told
            assert (concern.state, concern.taken_over_by_id) == (self.state, self.owner)
            assert (concern.closed_at is not None) == (concern.state in ConcernState.closed)
            if concern.state == "promised":
                assert concern.promised_until is not None

    return Steps


@pytest.mark.django_db
def test_steps_in_any_order(people: People) -> None:
    run_state_machine_as_test(
        machine(people),
        settings=settings(
            max_examples=examples(25),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert factories.make_concern(people.town).steps.count() == 0
