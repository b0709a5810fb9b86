"""Claim, keep, give back, sweep: what every job has in common (docs/adr/0004 and 0014).

PostgreSQL is the queue of record, Celery only wakes a worker. An attempt may die at any point; the sweep finds its row
again, and only the holder of the current attempt may write into it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from kiv_portal.jobs.models import Job, JobState

log = logging.getLogger(__name__)

AnyJob = TypeVar("AnyJob", bound=Job)


class LeaseLost(Exception):
    """Somebody else has the job now, or it was called off; this attempt must not write any more."""


def lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.EDITION_LEASE_SECONDS)


def publish(job: Job) -> bool:
    """Wake a worker. If the broker is away the row stays queued and the sweep publishes it later."""
    if not call(job.TASK, about=_name(job), pk=job.pk):
        return False
    _rows(type(job)).filter(pk=job.pk, state=JobState.QUEUED).update(published_at=timezone.now())
    return True


def call(task: str, *, about: str, **kwargs: int) -> bool:
    """Send the call of the task of this name, or say in the log that the timetable will find what waits.

    By name, so that services know no tasks: tasks are leaves.
    """
    # A connection of its own is never a stale one, so a single try is enough: a Redis that accepts and does not answer
    # costs the person one socket_timeout, not three.
    once = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"max_retries": 0}
    try:
        with current_app.connection_for_write(transport_options=once) as broker:
            current_app.send_task(task, kwargs=kwargs, connection=broker, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("%s waits: the broker cannot be reached (%s)", about, error)
        return False
    return True


def claim(model: type[AnyJob], pk: int, *, worker: str) -> AnyJob | None:
    """Take the job with one conditional UPDATE. None: somebody else has it, it is finished, or out of attempts."""
    now = timezone.now()
    claimed = (
        _rows(model)
        .claimable_at(now)
        .filter(pk=pk, attempts__lt=model.MAX_ATTEMPTS)
        .update(
            state=JobState.RUNNING,
            step=model.FIRST_STEP,
            attempts=F("attempts") + 1,
            lease_until=now + lease(),
            built_by=worker[:100],
        )
    )
    return _rows(model).get(pk=pk) if claimed else None


def attempt(job: AnyJob, work: Callable[[AnyJob], None], *, refused: type[Exception], excuse: str) -> None:
    """Do the work as the holder of the job. What raises `refused` would fail again: its sentence is the reason.
    Anything else is tried again later; after the last attempt the reason is the `excuse`.
    """
    try:
        _attempt(job, work, refused=refused, excuse=excuse)
    except LeaseLost:
        log.warning("%s: attempt %s lost its lease", _name(job), job.attempts)


def _attempt(job: AnyJob, work: Callable[[AnyJob], None], *, refused: type[Exception], excuse: str) -> None:
    try:
        with lease_kept(job):
            work(job)
    except LeaseLost:
        raise
    except refused as error:
        fail(job, str(error) or excuse)
    except Exception:
        log.warning("%s: attempt %s failed", _name(job), job.attempts, exc_info=True)
        if not connection.is_usable():  # PostgreSQL was restarted meanwhile
            connection.close()
        give_back(job, excuse=excuse)


@contextmanager
def lease_kept(job: Job) -> Iterator[None]:
    """Extend the lease from a thread of its own: one step may take longer than a lease, a killed process may not."""
    finished = threading.Event()

    def keep() -> None:
        while not finished.wait(settings.EDITION_LEASE_SECONDS / 3):
            try:
                held(job).update(lease_until=timezone.now() + lease())
            except DatabaseError as error:
                log.warning("%s: the lease could not be extended (%s)", _name(job), error)
            finally:
                connection.close()  # this thread's own

    keeper = threading.Thread(target=keep, name=f"lease of {_name(job)}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        finished.set()
        keeper.join()


def advance(job: Job, step: str) -> None:
    write(job, step=step, lease_until=timezone.now() + lease())


def give_back(job: Job, *, excuse: str) -> None:
    if job.attempts >= job.MAX_ATTEMPTS:
        fail(job, excuse)
    else:  # the sweep wakes a worker for it, so a fault that lasts is not tried three times in a second
        write(job, **_waiting_again(type(job)))


def finish(job: Job, **values: object) -> None:
    write(job, state=JobState.DONE, lease_until=None, finished_at=timezone.now(), **values)


def fail(job: Job, reason: str) -> None:
    write(job, state=JobState.FAILED, lease_until=None, finished_at=timezone.now(), reason=reason[:500])


def call_off(jobs: QuerySet[Any], reason: str) -> int:
    """End the unfinished ones of these; a worker that has one of them loses it and writes nothing more."""
    return jobs.filter(state__in=JobState.unfinished).update(
        state=JobState.FAILED, lease_until=None, finished_at=timezone.now(), reason=reason
    )


def write(job: Job, **values: object) -> None:
    """Write as the holder of the current attempt, or not at all."""
    if not held(job).update(**values):
        raise LeaseLost


def held(job: Job) -> QuerySet[Any]:
    """The row, as long as it belongs to this attempt."""
    return _rows(type(job)).filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def sweep(model: type[AnyJob], now: dt.datetime, *, excuse: str) -> int:
    """Find what was forgotten: rows whose worker died, and rows nobody was woken for. Returns how many were woken."""
    claimable = _rows(model).claimable_at(now)
    claimable.filter(attempts__gte=model.MAX_ATTEMPTS).update(
        state=JobState.FAILED, lease_until=None, finished_at=now, reason=excuse
    )
    claimable.filter(state=JobState.RUNNING).update(**_waiting_again(model))
    # a wake-up call that was sent within a lease may still be on the way; so may that of a request just now
    silent = Q(published_at__isnull=True, requested_at__lt=now - dt.timedelta(seconds=5))
    woken = 0
    for job in _rows(model).filter(silent | Q(published_at__lt=now - lease()), state=JobState.QUEUED):
        if not publish(job):
            break
        woken += 1
    return woken


def _waiting_again(model: type[Job]) -> dict[str, object]:
    return {
        "state": JobState.QUEUED,
        "lease_until": None,
        "published_at": None,
        "step": model.FIRST_STEP,
    }


def _rows(model: type[Job]) -> Any:
    return model._default_manager


def _name(job: Job) -> str:
    return f"{job._meta.model_name} {job.pk}"
