"""Child processes that never outlive us, never run as root, and are the only ones we end."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

UNPRIVILEGED_USER = "nobody"  # stands in /etc/passwd of every Debian; PostgreSQL refuses to run as root


class EmbeddedError(Exception):
    """Something the person at the keyboard can act on; its text is a whole sentence."""


def server_account() -> pwd.struct_passwd | None:
    """The account servers run under when we are root, else None (they run under our own)."""
    return pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None


def hand_over(path: Path) -> None:
    """Create the private directory a server writes to and give it to the server's account."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account := server_account():
        os.chown(path, account.pw_uid, account.pw_gid)


def _is_open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def as_server(command: list[str], *, touches: list[Path], death_signal: str | None = None) -> list[str]:
    """Wrap a command so that it runs without root and, with `death_signal`, ends when this process dies.

    `touches` are the files it needs. A checkout inside a closed directory such as /root keeps working: only then
    the server keeps one capability, to pass directories (and nothing else of root's).
    """
    setpriv = shutil.which("setpriv")
    account = server_account()
    if not setpriv:
        if account:
            raise EmbeddedError("The program setpriv is missing; type: apt-get install util-linux")
        return command
    wrapper = [setpriv]
    if death_signal:
        wrapper += ["--pdeathsig", death_signal]
    if account:
        wrapper += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        if not all(_is_open_to_all(path) for path in touches):
            # the secure bit: else access(2), which initdb asks about its neighbours, would not count the capability
            wrapper += ["--securebits=+no_setuid_fixup"]
            wrapper += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    return [*wrapper, *command] if len(wrapper) > 1 else command


def dying_with_us(command: list[str], *, death_signal: str = "TERM") -> list[str]:
    """Wrap a command of our own account so that it is told to end when this process dies, even by kill -9."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", death_signal, *command] if setpriv else command


def run_as_server(command: list[str], *, touches: list[Path]) -> None:
    """Run a short command to its end; raises EmbeddedError with its last words."""
    done = subprocess.run(
        as_server(command, touches=touches),
        capture_output=True,
        text=True,
        cwd="/",
        env=_server_environment(),
    )
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def _server_environment() -> dict[str, str]:
    """Nothing of ours (secrets, PG* variables, Python paths) reaches a server."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


class ServerProcess:
    """One server: start, wait until ready, stop; plus what chaos tests do to it."""

    name = "server"
    stop_signals: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 20), (signal.SIGKILL, 5))

    def __init__(self, *, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the running server; raises EmbeddedError when it is not running."""
        if self.process is None or self.process.poll() is not None:
            raise EmbeddedError(f"{self.name} is not running.")
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start and wait until the server answers; raises EmbeddedError."""
        raise NotImplementedError

    def _spawn(
        self, command: list[str], *, touches: list[Path], death_signal: str, stdin: bytes = b""
    ) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                as_server(command, touches=touches, death_signal=death_signal),
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_server_environment(),
                start_new_session=True,  # Ctrl-C reaches only us; we stop the servers, last and in order
            )
        if stdin:
            assert self.process.stdin is not None
            with self.process.stdin as pipe:
                pipe.write(stdin)

    def _wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """False when the process ended instead; raises EmbeddedError after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_running():
                return False
            if is_ready():
                return True
            time.sleep(0.03)
        raise EmbeddedError(f"{self.name} did not answer within {seconds:.0f} seconds; see {self.log}.")

    def stop(self) -> None:
        """Stop in good order; harder after a while. Does nothing when it is not running."""
        if self.process is None:
            return
        self.resume()
        for stop_signal, seconds in self.stop_signals:
            if self.process.poll() is None:
                self.process.send_signal(stop_signal)
            try:
                self.process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def kill(self) -> None:
        """kill -9, as the machine does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Connections are still accepted, but nobody answers (SIGSTOP to the server and its children)."""
        self._signal_tree(signal.SIGSTOP)

    def resume(self) -> None:
        if self.is_running():
            self._signal_tree(signal.SIGCONT)

    def _signal_tree(self, signal_number: signal.Signals) -> None:
        server = psutil.Process(self.pid)
        for process in [server, *server.children(recursive=True)]:
            try:
                process.send_signal(signal_number)
            except psutil.NoSuchProcess:
                continue


def end_leftover(pid: int, *, data: Path, name: str) -> None:
    """End a server that a killed supervisor left behind, if `pid` really is one on our data directory."""
    try:
        process = psutil.Process(pid)
        if process.name() != name or str(data) not in " ".join(process.cmdline()):
            return
        process.send_signal(signal.SIGINT)
        process.wait(20)
    except psutil.NoSuchProcess:
        return
    except (psutil.AccessDenied, psutil.TimeoutExpired) as error:
        raise EmbeddedError(
            f"An older {name} (process {pid}) still uses {data} and does not stop."
        ) from error
