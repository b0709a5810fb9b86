"""What every test process of a run needs is made by the first one that comes; the others take it from there."""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def _place(name: str) -> Path:
    return Path(os.environ["KIV_TEST_RUN"]) / name


@contextmanager
def turn(name: str, *, waits: bool = True) -> Iterator[IO[str] | None]:
    """The only process that is inside; with `waits=False` None at once while another one is."""
    with _place(f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
        else:
            yield lock


def once(name: str, make: Callable[[], object]) -> None:
    """`make()` by one process of the run, the first to come; returns when it is made."""
    with turn(name):
        done = _place(f"{name}.done")
        if not done.exists():
            make()
            done.touch()


def shared(name: str, makers: dict[Key, Callable[[], Value]]) -> dict[Key, Value]:
    """Each value made by one process of the run: what another is making just now is left to it, and read at the end."""
    found: dict[Key, Value] = {}
    for waits in (False, True):
        for number, (key, make) in enumerate(makers.items()):
            if key in found:
                continue
            with turn(f"{name}-{number}", waits=waits) as is_free:
                if is_free is None:
                    continue
                kept = _place(f"{name}-{number}.pickle")
                if not kept.exists():
                    kept.write_bytes(pickle.dumps(make()))
                found[key] = pickle.loads(kept.read_bytes())  # noqa: S301 our own, written a moment ago
    return {key: found[key] for key in makers}
