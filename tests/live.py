"""Real processes for tests: the web server and the worker as they run in production, on a test database."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from kiv_portal.embedded.processes import dying_with_us

ROOT = Path(__file__).resolve().parent.parent
RUNNING: "list[LiveProcess]" = []
RECORD = re.compile(r"^\[?\d{4}-\d\d-\d\d ", re.MULTILINE)  # how Django, Celery and gunicorn begin a record
LEVEL = re.compile(r"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")


def error_records(log: str) -> list[str]:
    """The records of `log` that tell of an error, whole: so by their level, or a traceback that no record announced.

    What failed and is tried again is a WARNING with a traceback: no error yet.
    """
    starts = [0, *(match.start() for match in RECORD.finditer(log)), len(log)]
    records = [log[start:end].rstrip() for start, end in pairwise(starts)]
    return [record for record in records if _tells_of_an_error(record)]


def _tells_of_an_error(record: str) -> bool:
    level = LEVEL.search(record.partition("\n")[0])
    return level[0] in ("ERROR", "CRITICAL") if level else "Traceback (most recent call last)" in record


class LiveProcess:
    """A process whose log is watched; `.log_text()` shows it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._log = tempfile.NamedTemporaryFile(prefix="kiv-live-", suffix=".log")  # noqa: SIM115
        self._read = 0
        self.process = subprocess.Popen(
            dying_with_us(command),
            env=environment | {"PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        RUNNING.append(self)

    @property
    def pid(self) -> int:
        return self.process.pid

    def log_text(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def new_error_records(self) -> list[str]:
        if self._log.closed:
            return []
        text = self.log_text()
        new, self._read = text[self._read :], len(text)
        return error_records(new)

    def wait_for(self, pattern: str, *, seconds: float = 30) -> None:
        """Wait until a log line matches; fails with the log's end."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.log_text()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{pattern!r} did not appear in the log:\n{self.log_text()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the process and its children at once, as a power cut would do it."""
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, seconds: float = 20) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        if self in RUNNING:
            RUNNING.remove(self)
        self._log.close()

    def _signal_group(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)  # its own session, so its own group


class LivePortal(LiveProcess):
    demo_password = "nur-fuer-die-vorfuehrung"

    def __init__(self, command: list[str], environment: dict[str, str], *, url: str) -> None:
        super().__init__(command, environment)
        self.url = url

    def wait_until_it_answers(self, *, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                urlopen(self.url + "/", timeout=5).close()
                return
            except HTTPError as error:
                error.close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"gunicorn does not answer:\n{self.log_text()[-3000:]}") from None
                time.sleep(0.05)


def start_portal(environment: dict[str, str]) -> LivePortal:
    """gunicorn on a free loopback port; returns once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    url = f"http://{address}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        address,
        "--workers",
        "1",
        "--graceful-timeout",
        "3",
    ]
    command += ["kiv_portal.wsgi:application"]
    portal = LivePortal(command, environment | {"KIV_BASE_URL": url, "KIV_SECURE": "false"}, url=url)
    portal.wait_until_it_answers()
    return portal


def start_postman(environment: dict[str, str]) -> LiveProcess:
    """Who sends e-mails; returns once he listens."""
    postman = LiveProcess([sys.executable, "manage.py", "send_mails"], environment)
    postman.wait_for("e-mails are sent as soon as they are written")
    return postman


def start_worker(environment: dict[str, str]) -> LiveProcess:
    """A Celery worker with one pool process; returns once it is ready."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "kiv_portal",
        "worker",
        "--loglevel",
        "INFO",
        "--concurrency",
        "1",
    ]
    worker = LiveProcess([*command, "--without-gossip", "--without-mingle"], environment)
    worker.wait_for(r"\bready\b")
    return worker
