"""The process that sends e-mails: woken by PostgreSQL, killed, and without an answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiv_portal.mails import writing
from kiv_portal.mails.models import Mail
from tests.live import LiveProcess, start_postman

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Start = Callable[[str], LiveProcess]


@pytest.fixture
def start(live_environment: dict[str, str]) -> Iterator[Start]:
    started: list[LiveProcess] = []

    def one(address: str) -> LiveProcess:
        started.append(start_postman(live_environment | {"KIV_EMAIL_URL": address}))
        return started[-1]

    yield one
    for process in started:
        process.stop()


def post(number: int) -> None:
    for _ in range(number):
        writing.post(writing.mail("x", "Neues", "Guten Tag", to="anna@post.example"))


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20) -> float:
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < seconds, list(Mail.objects.values("state", "attempts", "reason"))
        time.sleep(0.02)
    return time.monotonic() - begun


def test_written_is_sent_whoever_is_killed(start: Start, tmp_path: Path) -> None:
    folder = f"file:///{tmp_path}"
    process = start(folder)
    time.sleep(0.5)  # it waits for news
    post(1)
    assert wait_until(lambda: Mail.objects.filter(state="sent").count() == 1) < 5, (
        "woken, not found by chance"
    )
    post(30)
    wait_until(lambda: Mail.objects.filter(state="sent").count() > 3)
    process.kill()
    in_hand = Mail.objects.filter(state="waiting", attempts__gt=0).count()
    assert in_hand <= 1
    Mail.objects.filter(state="waiting").update(due_at="2020-01-01T00:00Z")  # two minutes later
    process = start(folder)
    wait_until(lambda: Mail.objects.filter(state="sent").count() == 31)
    sent = "".join(path.read_text() for path in tmp_path.glob("*.log")).count("\nSubject: Neues")
    assert 31 <= sent <= 31 + in_hand
    process.process.terminate()
    assert process.process.wait(5) == 0, "it ends at once while it waits"


def test_a_silent_mail_server_keeps_the_e_mail(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        post(1)
        wait_until(lambda: Mail.objects.exclude(reason="").exists(), seconds=40)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.reason) == ("waiting", 1, "Der Mailserver ist nicht erreichbar.")
