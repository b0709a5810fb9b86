"""PostgreSQL and Redis as one pair, and the environment variables that lead the portal to them."""

import fcntl
import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from kiv_portal.embedded.postgres import Postgres
from kiv_portal.embedded.processes import EmbeddedError
from kiv_portal.embedded.redis_server import Redis

__all__ = ["EmbeddedError", "Servers"]

LONGEST_SOCKET_PATH = 90  # the kernel allows 107 bytes, with PostgreSQL's own file name


class Servers:
    """Use as a context manager. `data` keeps the cluster there; without it everything is gone at the end."""

    def __init__(self, data: Path | None = None, *, log_directory: Path | None = None) -> None:
        self.is_temporary = data is None
        self._temporary: list[Path] = []
        self.data = self._temporary_directory() if data is None else data.resolve()
        self._lock: IO[str] | None = None
        logs = log_directory or self.data / "log"
        self.postgres = Postgres(
            self.data / "postgres",
            socket_directory=self._socket_directory(),
            log=logs / "postgresql.log",
            is_temporary=self.is_temporary,
        )
        self.redis = Redis(self.data / "redis", log=logs / "redis.log")

    def __enter__(self) -> "Servers":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start both and wait until they answer; raises EmbeddedError."""
        self.data.mkdir(parents=True, exist_ok=True)
        try:
            self._take_lock()
            self.postgres.start()
            self.redis.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.redis.stop()
        self.postgres.stop()
        if self._lock:
            self._lock.close()
            self._lock = None
        for directory in self._temporary:
            shutil.rmtree(directory, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Variables for the portal; harmless defaults for what the caller has not set."""
        defaults = {
            "KIV_SECRET_KEY": self._secret_key(),
            "KIV_ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
            "KIV_BASE_URL": "http://localhost:8000",
            "KIV_SECURE": "false",
            "KIV_EMAIL_URL": "console://",
            "KIV_DEFAULT_FROM_EMAIL": "portal@demo.kiv.example",
        }
        kept = {name: os.environ.get(name, value) for name, value in defaults.items()}
        return kept | {"KIV_DATABASE_URL": self.postgres.url(), "KIV_REDIS_URL": self.redis.url}

    def _secret_key(self) -> str:
        """Kept beside kept data, so that sessions survive a restart."""
        path = self.data / "secret-key"
        with suppress(FileNotFoundError):
            return path.read_text().strip()
        self.data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
        return path.read_text()

    def _take_lock(self) -> None:
        """One pair per data directory; the kernel releases the lock even after kill -9."""
        lock = (self.data / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise EmbeddedError(
                f"The servers in {self.data} are already running (process {holder})."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        os.set_inheritable(lock.fileno(), False)
        self._lock = lock

    def _socket_directory(self) -> Path:
        directory = self.data / "run"
        return (
            directory if len(str(directory)) <= LONGEST_SOCKET_PATH else self._temporary_directory() / "run"
        )

    def _temporary_directory(self) -> Path:
        directory = Path(tempfile.mkdtemp(prefix="kiv-"))
        directory.chmod(0o711)  # the servers' account passes through; their own directories inside are closed
        self._temporary.append(directory)
        return directory
