"""A job is a row: who may claim it, who may write into it, and what the sweep finds. With the rows of an import."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.utils import timezone

from activities.models import ImportRun
from kiv_portal.jobs import work
from kiv_portal.jobs.models import JobState
from tests import factories
from tests.broker import woken_by
from tests.people import People

pytestmark = pytest.mark.django_db
EXCUSE = "Bitte versuchen Sie es noch einmal."
LONG_AGO = dt.timedelta(hours=1)


class Refused(Exception):
    """A sentence."""


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return woken_by(monkeypatch, "activities.import_run")


@pytest.fixture
def job(people: People, woken: list[int]) -> ImportRun:
    return new_job(people)


def new_job(people: People, **values: Any) -> ImportRun:
    found = factories.make_import(people.kiv)
    found.runs.all().delete()
    run = ImportRun(**{"activity_import": found, "kind": "check", "requested_by": people.mediator} | values)
    run.save()
    return run


def claimed(job: ImportRun, worker: str = "a@test") -> ImportRun:
    found = work.claim(ImportRun, job.pk, worker=worker)
    assert found is not None
    return found


def state(job: ImportRun) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.attempts, job.reason


def let_lease_run_out(job: ImportRun) -> None:
    ImportRun.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_one_worker_has_it_until_its_lease_runs_out(job: ImportRun) -> None:
    before = timezone.now()
    first = claimed(job, "x" * 101)
    assert (first.state, first.attempts, first.step, first.built_by) == (
        "running",
        1,
        job.FIRST_STEP,
        "x" * 100,
    )
    assert first.lease_until is not None
    assert before + work.lease() <= first.lease_until <= timezone.now() + work.lease()
    assert work.claim(ImportRun, job.pk, worker="b@test") is None
    let_lease_run_out(job)
    second = claimed(job, "b@test")
    assert (second.attempts, second.built_by) == (2, "b@test")
    with pytest.raises(work.LeaseLost):
        work.finish(first)
    work.finish(second, stored=3)
    assert state(job) == ("done", 2, "")
    assert (job.stored, job.lease_until, job.finished_at is not None) == (3, None, True)
    assert work.claim(ImportRun, job.pk, worker="c@test") is None


def test_no_attempt_beyond_the_last(job: ImportRun) -> None:
    ImportRun.objects.update(attempts=ImportRun.MAX_ATTEMPTS)
    assert work.claim(ImportRun, job.pk, worker="a@test") is None
    ImportRun.objects.update(attempts=ImportRun.MAX_ATTEMPTS - 1)
    assert claimed(job).attempts == ImportRun.MAX_ATTEMPTS


def test_a_refusal_is_its_own_reason_and_not_tried_again(job: ImportRun) -> None:
    def refuse(run: ImportRun) -> None:
        raise Refused("Die Tabelle ist leer.")

    work.attempt(claimed(job), refuse, refused=Refused, excuse=EXCUSE)
    assert state(job) == ("failed", 1, "Die Tabelle ist leer.")
    assert job.lease_until is None
    assert job.finished_at is not None
    assert job.finished_at > timezone.now() - dt.timedelta(minutes=1)
    assert work.claim(ImportRun, job.pk, worker="b@test") is None


def test_a_refusal_without_words_and_one_with_too_many(people: People, woken: list[int]) -> None:
    for text, reason in (("", EXCUSE), ("x" * 501, "x" * 500)):
        run = new_job(people)

        def refuse(_: ImportRun, text: str = text) -> None:
            raise Refused(text)

        work.attempt(claimed(run), refuse, refused=Refused, excuse=EXCUSE)
        assert state(run) == ("failed", 1, reason)


def test_a_fault_is_tried_again_and_after_the_last_attempt_excused(job: ImportRun, woken: list[int]) -> None:
    def break_down(run: ImportRun) -> None:
        work.advance(run, "judge")
        raise ZeroDivisionError

    for number in range(1, ImportRun.MAX_ATTEMPTS + 1):
        work.attempt(claimed(job), break_down, refused=Refused, excuse=EXCUSE)
        is_last = number == ImportRun.MAX_ATTEMPTS
        assert state(job) == ("failed" if is_last else "queued", number, EXCUSE if is_last else "")
        if not is_last:
            assert (job.step, job.lease_until, job.published_at) == (job.FIRST_STEP, None, None)
    assert woken == []  # it is not tried again at once


def test_a_job_that_was_called_off_is_written_no_more(job: ImportRun, people: People) -> None:
    running, done = claimed(job), new_job(people, state="done")
    assert work.call_off(ImportRun.objects.all(), "Abgebrochen.") == 1
    with pytest.raises(work.LeaseLost):
        work.advance(running, "judge")
    work.attempt(running, work.finish, refused=Refused, excuse=EXCUSE)  # says so in the log, and no more
    assert state(job) == ("failed", 1, "Abgebrochen.")
    assert job.finished_at is not None
    assert state(done) == ("done", 0, "")


def test_advancing_names_the_step_and_extends_the_lease(job: ImportRun) -> None:
    running = claimed(job)
    let_lease_run_out(job)
    work.advance(running, "judge")
    job.refresh_from_db()
    assert job.step == "judge"
    assert job.lease_until is not None
    assert job.lease_until > timezone.now() + work.lease() - dt.timedelta(seconds=30)


def test_the_sweep_wakes_what_nobody_was_woken_for(people: People, woken: list[int]) -> None:
    now = timezone.now()
    just_now = new_job(people, requested_at=now - dt.timedelta(seconds=4))
    silent = new_job(people, requested_at=now - dt.timedelta(seconds=6))
    on_its_way = new_job(people, requested_at=now - LONG_AGO, published_at=now - work.lease() / 2)
    lost = new_job(people, requested_at=now - LONG_AGO, published_at=now - work.lease() * 2)
    finished = new_job(people, requested_at=now - LONG_AGO, state="done")
    assert work.sweep(ImportRun, now, excuse=EXCUSE) == 2
    assert sorted(woken) == sorted([silent.pk, lost.pk])
    for job, is_published in ((just_now, False), (silent, True), (lost, True), (on_its_way, True)):
        job.refresh_from_db()
        assert (job.published_at is not None) is is_published
    assert state(finished)[0] == JobState.DONE


def test_the_sweep_takes_from_the_dead_and_ends_what_had_all_its_attempts(
    people: People, woken: list[int]
) -> None:
    now = timezone.now()
    over = now - dt.timedelta(seconds=1)
    running = {
        "state": "running",
        "requested_at": now - LONG_AGO,
        "published_at": now - LONG_AGO,
        "step": "judge",
    }
    alive = new_job(people, attempts=1, lease_until=now + LONG_AGO, **running)
    dead = new_job(people, attempts=1, lease_until=over, **running)
    given_up = new_job(people, attempts=ImportRun.MAX_ATTEMPTS, lease_until=over, **running)
    assert work.sweep(ImportRun, now, excuse=EXCUSE) == 1
    assert woken == [dead.pk]
    assert (state(alive), state(given_up)) == (("running", 1, ""), ("failed", ImportRun.MAX_ATTEMPTS, EXCUSE))
    assert (state(dead), dead.step, dead.lease_until) == (("queued", 1, ""), dead.FIRST_STEP, None)
    assert given_up.finished_at == now


@pytest.mark.django_db(transaction=True)
def test_a_long_step_keeps_its_lease(job: ImportRun, settings: Any) -> None:
    settings.EDITION_LEASE_SECONDS = 0.3
    run = claimed(job)
    with work.lease_kept(run):
        deadline = time.monotonic() + 10
        while not ImportRun.objects.filter(pk=run.pk, lease_until__gt=run.lease_until).exists():
            assert time.monotonic() < deadline, "nobody extended the lease"
            time.sleep(0.02)


def test_the_sweep_says_how_many_it_woke_before_the_broker_was_gone(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_job(people, requested_at=timezone.now() - LONG_AGO)
    monkeypatch.setattr(work, "publish", lambda job: False)
    assert work.sweep(ImportRun, timezone.now(), excuse=EXCUSE) == 0
