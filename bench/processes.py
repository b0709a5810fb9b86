"""Production's processes for a measurement: started, waited for, ended."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

from kiv_portal.embedded.processes import dying_with_us

ROOT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def running(
    command: list[str], environment: dict[str, str], is_ready: Callable[[str], bool]
) -> Iterator[int]:
    """The process id, once is_ready(its log so far) is true."""
    with tempfile.NamedTemporaryFile(prefix="kiv-bench-", suffix=".log") as log:
        process = subprocess.Popen(
            dying_with_us([sys.executable, "-m", *command]),
            cwd=ROOT,
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 60
            while not is_ready(Path(log.name).read_text()):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command[0]} did not start:\n{Path(log.name).read_text()[-3000:]}")
                time.sleep(0.05)
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)


@contextlib.contextmanager
def web_server(database_url: str) -> Iterator[HTTPConnection]:
    """gunicorn with production's file and one process, on that database; an open connection to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "KIV_DATABASE_URL": database_url,
        "KIV_DATABASE_POOL_SIZE": "4",
        "KIV_DEMO": "false",
        "KIV_LOG_LEVEL": "WARNING",
        "WEB_CONCURRENCY": "1",
    }

    def answers(log: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    with running(
        ["gunicorn", "kiv_portal.wsgi:application", "--bind", f"127.0.0.1:{port}"], environment, answers
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        yield connection
        connection.close()


@contextlib.contextmanager
def celery_worker(processes: int = 1) -> Iterator[list[int]]:
    """A worker with pool processes that are never replaced; the ids of the pool processes."""
    import psutil

    command = ["celery", "-A", "kiv_portal", "worker", "--loglevel", "INFO", "--concurrency", str(processes)]
    forever = ["--max-tasks-per-child", "1000000", "--max-memory-per-child", "4000000"]
    with running([*command, *forever], dict(os.environ), lambda log: " ready." in log) as pid:
        yield [child.pid for child in psutil.Process(pid).children()]
