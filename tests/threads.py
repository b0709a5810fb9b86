"""Several people in the same moment: calls in threads of their own, each with a database connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection


class Started:
    """A call that goes on beside us."""

    def __init__(self, call: Callable[[], Any], gate: threading.Barrier | None = None) -> None:
        self.result: Any = None
        self._call, self._gate = call, gate
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            if self._gate:
                self._gate.wait(30)
            self.result = self._call()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def is_running(self) -> bool:
        return self._thread.is_alive()

    def join(self) -> Any:
        """The call's result, or the exception it ended with."""
        self._thread.join(60)
        assert not self._thread.is_alive(), "the call hangs"
        return self.result


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(calls))
    return [thread.join() for thread in [Started(call, gate) for call in calls]]


def wait_until_it_waits(started: Started) -> None:
    """Until the other connection stands before a lock of ours."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(  # not pg_stat_activity: inside a transaction it never changes
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        assert started.is_running(), f"it did not wait: {started.result!r}"
        time.sleep(0.01)
    raise AssertionError("it never came to the lock")
