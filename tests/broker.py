"""Instead of the broker: what would be sent to a worker."""

from collections.abc import Callable

import pytest
from celery import current_app


def on_call(monkeypatch: pytest.MonkeyPatch, task: str, do: Callable[..., object]) -> None:
    """Calls of the task of this name end in `do(kwargs=…, …)`; all others go their way."""
    send = current_app.send_task

    def instead(name: str, **options: object) -> object:
        return do(**options) if name == task else send(name, **options)

    monkeypatch.setattr(current_app, "send_task", instead)


def woken_by(monkeypatch: pytest.MonkeyPatch, task: str) -> list[int]:
    """Nobody is woken; the keys of the rows for which it was tried."""
    woken: list[int] = []
    on_call(monkeypatch, task, lambda kwargs, **_: woken.append(kwargs["pk"]))
    return woken
