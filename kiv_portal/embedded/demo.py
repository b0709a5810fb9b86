"""`make demo`: the whole portal on this machine, with invented data, until Ctrl-C.

Environment: PORT (8000), DEMO_PASSWORD (else made up once and kept), DEMO_EXIT=1 (end after the report has been built
and checked), DEMO_DIRECTORY (var): where data, files and logs lie, DEMO_TODAY=2027-02-28: show the county as of another
day, which is today for the whole portal then.
"""

import datetime as dt
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import psycopg

from kiv_portal.documents.pdf_gate import check_pdf
from kiv_portal.embedded.prepare import PREPARED, STAFF
from kiv_portal.embedded.processes import EmbeddedError, dying_with_us
from kiv_portal.embedded.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("DEMO_DIRECTORY") or ROOT / "var").resolve()
REPORT = VAR / "demo" / "zwischenbericht-leonberg.pdf"
ACCOUNTS = {
    STAFF: "Landratsamt, sees and runs everything",
    "ansprechperson.leonberg@demo.kiv.example": "town hall of Leonberg",
    "kiv.leonberg@demo.kiv.example": "mediator in Leonberg, logs activities",
    "kiv.herrenberg@demo.kiv.example": "mediator in Herrenberg",
    "gemeinderat.leonberg@demo.kiv.example": "council of Leonberg, downloads the report",
}


class Interrupted(BaseException):
    pass


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def chosen_port() -> int:
    """The free port asked for by PORT; raises EmbeddedError."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise EmbeddedError(f"PORT={text} is not a port number between 1 and 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise EmbeddedError(
                f"Port {port} is for root only; choose another: make demo PORT=8001"
            ) from None
        except OSError:
            raise EmbeddedError(
                f"Port {port} is taken; choose another: make demo PORT={port % 65535 + 1}"
            ) from None
    return port


def days_ahead() -> int:
    """How many days the demo's clock is ahead of the machine's, by DEMO_TODAY; raises EmbeddedError."""
    text = os.environ.get("DEMO_TODAY", "")
    if not text:
        return 0
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise EmbeddedError(f"DEMO_TODAY={text} is not a day such as 2027-02-28.") from None
    return (day - dt.datetime.now(tz=ZoneInfo("Europe/Berlin")).date()).days


def demo_password() -> str:
    if given := os.environ.get("DEMO_PASSWORD") or os.environ.get("KIV_DEMO_PASSWORD"):
        return given
    kept = VAR / "demo" / "password"
    if not kept.exists():
        letters = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that can be misread
        groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text("-".join(groups))
    return kept.read_text().strip()


class Demo:
    """Starts the portal's processes beside the servers, watches them, and stops them in reverse order."""

    def __init__(self, servers: Servers, *, port: int, password: str, days_ahead: int) -> None:
        self.servers = servers
        self.address = f"127.0.0.1:{port}"
        self.password = password
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.files: subprocess.Popen[bytes] | None = None
        outer = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
        mails = VAR / "mails"
        mails.mkdir(parents=True, exist_ok=True)
        self.environment = outer | servers.environment() | {
            "DJANGO_SETTINGS_MODULE": "kiv_portal.settings",
            "KIV_DEMO": "true",
            "KIV_DEMO_PASSWORD": password,
            "KIV_DEMO_DAYS_AHEAD": str(days_ahead),
            "KIV_SECURE": "false",
            "KIV_BASE_URL": f"http://{self.address}",
            "KIV_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "KIV_EMAIL_URL": f"file:///{mails}",
            "KIV_MEDIA_ROOT": str(VAR / "media"),
            "KIV_STATIC_ROOT": str(VAR / "static"),
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip

    def start_children(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "kiv_portal"]
        beat_schedule = str(VAR / "demo" / "beat-schedule")
        gunicorn = [sys.executable, "-m", "gunicorn", "kiv_portal.wsgi:application", "--bind", self.address]
        self._start("worker", [*celery, "worker", "--loglevel", "INFO", "--concurrency", "1"])
        self._start("web", gunicorn)
        self._start("mails", [sys.executable, "manage.py", "send_mails"])
        self._start(
            "beat", [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", beat_schedule]
        )

    def wait_for_web(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.check_children()
            try:
                urlopen(f"http://{self.address}/", timeout=10).close()
            except HTTPError as error:
                error.close()
                self._fail("web", f"The start page answers with an error ({error.code}).")
            except OSError:
                time.sleep(0.1)
            else:
                return
        self._fail("web", "The web server did not answer within 60 seconds.")

    def prepare_and_build_report(self) -> None:
        """Prepare the data, start our processes, and show how the worker builds Leonberg's report."""
        log = VAR / "log" / "prepare.log"
        shown = 0
        with log.open("wb") as output:
            command = [sys.executable, "-m", "kiv_portal.embedded.prepare", str(REPORT)]
            work = subprocess.Popen(
                dying_with_us(command),
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            is_running = True
            while is_running:
                is_running = work.poll() is None
                lines = log.read_text().split("\n")[:-1]
                for line in lines[shown:]:
                    print(f"  {line.strip()}")
                    if line == PREPARED:
                        print("Starting web server, worker and timetable …")
                        print("Asking the worker for Leonberg's Zwischenbericht …")
                        self.start_children()
                shown = len(lines)
                self.check_children()
                time.sleep(0.05)
        finally:
            if work.poll() is None:
                work.terminate()
                work.wait()
        if work.returncode:
            self._fail(
                "prepare", f"Leonberg's Zwischenbericht was not built; see also {VAR / 'log' / 'worker.log'}."
            )
        self.check_report()

    def request_files(self) -> None:
        """Every other report's files, built by the worker while people already look around."""
        with (VAR / "log" / "files.log").open("ab") as log:
            self.files = subprocess.Popen(
                dying_with_us([sys.executable, "manage.py", "request_demo_files"]),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check_report(self) -> None:
        """Raises EmbeddedError unless the copied PDF is the one a worker stored, and accessible."""
        data = REPORT.read_bytes()
        with psycopg.connect(self.servers.postgres.url()) as connection:
            stored = connection.execute(
                "SELECT built_by FROM reports_reportfile WHERE state = 'done' AND sha256 = %s",
                [hashlib.sha256(data).hexdigest()],
            ).fetchone()
        if stored is None:
            raise EmbeddedError("The SHA-256 of the PDF is not the one that is stored with it.")
        if not stored[0]:
            raise EmbeddedError("The PDF was not built by a worker.")
        verdict = check_pdf(data)
        if not verdict.is_accessible:
            raise EmbeddedError("The PDF is not accessible: " + "; ".join(verdict.problems))
        print(f"The PDF was built by {stored[0]}, is tagged (PDF/UA-1), and its SHA-256 is the stored one.")

    def check_children(self) -> None:
        """Raises EmbeddedError when one of our processes has ended."""
        for name, child in self.children.items():
            if (code := child.poll()) is not None:
                self._fail(name, f"The {name} process ended unexpectedly (exit code {code}).")
        for server in (self.servers.postgres, self.servers.redis):
            if not server.is_running():
                raise EmbeddedError(f"{server.name} ended unexpectedly; see {server.log}.")

    def stop(self) -> None:
        """First what makes work, then what does it, then what answers people; each gets the time to finish."""
        if self.files is not None:
            self.children["files"] = self.files
        for name in ("files", "beat", "worker", "mails", "web"):
            child = self.children.pop(name, None)
            if child is None:
                continue
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self, name: str, command: list[str]) -> None:
        with (VAR / "log" / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                dying_with_us(command),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only us, and we stop them in order
            )

    def _fail(self, name: str, sentence: str) -> None:
        log = VAR / "log" / f"{name}.log"
        raise EmbeddedError(f"{sentence} The end of {log}:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def greeting(demo: Demo) -> str:
    width = max(map(len, ACCOUNTS))
    accounts = "\n".join(f"    {email:{width}}  {who}" for email, who in ACCOUNTS.items())
    return f"""
  The portal:   http://{demo.address}/
  The report:   {_shown(REPORT)}
  Demo accounts, the password of all of them is: {demo.password}
{accounts}
  The files of the other reports are being built meanwhile; their pages say so.
  E-mails:      {_shown(VAR / "mails")}/     Logs: {_shown(VAR / "log")}/
  Ctrl-C ends everything; the data stays (make reset clears it).
"""


def serve(*, exits_after_report: bool) -> int:
    port = chosen_port()
    ahead = days_ahead()
    for directory in (VAR / "log", REPORT.parent):
        directory.mkdir(parents=True, exist_ok=True)
    password = demo_password()
    started = time.monotonic()
    print("Starting PostgreSQL and Redis …")
    with Servers(VAR / "servers", log_directory=VAR / "log") as servers:
        demo = Demo(servers, port=port, password=password, days_ahead=ahead)
        try:
            print("Preparing the data …")
            demo.prepare_and_build_report()
            demo.wait_for_web()
            print(f"Ready after {time.monotonic() - started:.1f} s.")
            print(greeting(demo))
            if not exits_after_report:
                demo.request_files()
            while not exits_after_report:
                demo.check_children()
                time.sleep(0.3)
        except Interrupted:
            print("\nStopping …")
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return 130 if exits_after_report else 0  # only a built and checked report is a success
        finally:
            demo.stop()
    return 0


def main() -> int:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        return serve(exits_after_report=os.environ.get("DEMO_EXIT", "") not in ("", "0"))
    except Interrupted:
        return 130
    except EmbeddedError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.strerror}: {error.filename or ''}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
