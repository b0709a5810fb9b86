"""The private servers keep their promises: restart, kill -9, no leftovers, never a standard port, never root."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from kiv_portal.embedded import EmbeddedError, Servers
from kiv_portal.embedded.processes import as_server
from tests.live import ROOT

WRAPPER = [sys.executable, "-m", "kiv_portal.embedded"]


def _value(servers: Servers, sql: str) -> object:
    with psycopg.connect(servers.postgres.url(), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def _wait_for_lines(path: Path, count: int) -> list[str]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and len(lines := path.read_text().splitlines()) >= count:
            return lines
        time.sleep(0.05)
    raise AssertionError(f"{path} was not written")


def test_the_portal_is_no_superuser_and_postgres_has_no_port(own_servers: Servers) -> None:
    assert _value(own_servers, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    assert _value(own_servers, "SHOW listen_addresses") == ""
    assert str(_value(own_servers, "SHOW server_version")).startswith("18.")
    assert own_servers.redis.port != 6379


def test_servers_do_not_run_as_root(own_servers: Servers) -> None:
    users = {
        psutil.Process(server.pid).uids().effective for server in (own_servers.postgres, own_servers.redis)
    }
    assert 0 not in users


def test_a_checkout_in_a_closed_directory_works_too(tmp_path: Path) -> None:
    program = tmp_path / "closed" / "program"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\ntest -x $0 && id -u\n")
    program.chmod(0o755)
    program.parent.chmod(0o700)
    done = subprocess.run(as_server([str(program)], touches=[program]), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) != 0


def test_redis_answers_only_to_its_password(own_servers: Servers) -> None:
    with redis.Redis(port=own_servers.redis.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_redis_comes_back_at_the_same_address(own_servers: Servers) -> None:
    address = own_servers.redis.url
    own_servers.redis.kill()
    assert not own_servers.redis.is_running()
    own_servers.redis.start()
    assert own_servers.redis.url == address


def test_a_paused_redis_accepts_and_does_not_answer(own_servers: Servers) -> None:
    with redis.Redis.from_url(
        own_servers.redis.url, socket_timeout=0.3, socket_connect_timeout=0.3, retry=None
    ) as client:
        own_servers.redis.pause()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        own_servers.redis.resume()
        assert client.ping()


def test_postgres_survives_kill_9_with_what_was_committed(own_servers: Servers) -> None:
    with psycopg.connect(own_servers.postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    own_servers.postgres.kill()
    own_servers.postgres.start()
    assert _value(own_servers, "SELECT number FROM kept") == 7


def test_temporary_servers_leave_nothing_behind() -> None:
    with Servers() as servers:
        data, pids = servers.data, (servers.postgres.pid, servers.redis.pid)
    assert not data.exists()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_one_data_directory_serves_one_pair_at_a_time(tmp_path: Path) -> None:
    with (
        Servers(tmp_path / "data"),
        pytest.raises(EmbeddedError, match=f"already running \\(process {os.getpid()}\\)"),
    ):
        Servers(tmp_path / "data").start()


def test_wrapper_passes_on_the_exit_code_and_the_addresses() -> None:
    script = "import os, sys; print(os.environ['KIV_DATABASE_URL'], os.environ['KIV_REDIS_URL']); sys.exit(7)"
    done = subprocess.run(
        [*WRAPPER, "--", sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 7
    assert done.stdout.startswith("postgres://kiv@/kiv?host=/")
    assert " redis://:" in done.stdout


@pytest.mark.parametrize("is_sudden", [False, True], ids=["terminated", "kill -9"])
def test_wrapper_takes_everything_with_it(tmp_path: Path, is_sudden: bool) -> None:
    data, note = tmp_path / "data", tmp_path / "note"
    script = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()) + '\\n'); time.sleep(60)"
    wrapper = subprocess.Popen([*WRAPPER, "--data", str(data), "--", sys.executable, "-c", script], cwd=ROOT)
    command_pid = int(_wait_for_lines(note, 1)[0])
    postgres_pid = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    wrapper.send_signal(signal.SIGKILL if is_sudden else signal.SIGTERM)
    assert wrapper.wait(30) == (-signal.SIGKILL if is_sudden else 128 + signal.SIGTERM)
    _, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in (command_pid, postgres_pid) if psutil.pid_exists(pid)], 20
    )
    assert not alive
    with Servers(data) as servers:  # and the data is whole
        assert _value(servers, "SELECT 1") == 1


def test_a_missing_right_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    done = subprocess.run(
        [*WRAPPER, "--data", str(blocked), "--", "true"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(blocked) in done.stderr
