"""What is written is what is run: README, Makefile and CI say the same, and the demo answers in sentences."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from kiv_portal.embedded import Servers
from tests.live import ROOT, LiveProcess

DEMO = [sys.executable, "-m", "kiv_portal.embedded.demo"]


def _run_demo(directory: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
    environment |= {"DEMO_DIRECTORY": str(directory), "DEMO_EXIT": "1"} | variables
    return subprocess.run(DEMO, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_commands_of_the_readme_are_the_ones_ci_and_make_know() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^\s*(?:\$ )?(?:\w+=\S+ )*make ([\w-]+)", readme, re.MULTILINE)) | set(
        re.findall(r"`(?:\w+=\S+ )*make ([\w-]+)", readme)
    )
    assert {"demo", "test"} <= named <= targets
    helped = set(re.findall(r'echo "make ([\w-]+) ', (ROOT / "Makefile").read_text()))
    assert helped == targets - {"help"}
    ci = re.findall(r"^\s*(make .*|if .*|else)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert ci == ["make check", "if bin/proofs_concerned; then", "make test-all", "else", "make test"]


def test_heavy_proofs_are_all_made_when_their_subject_changed_or_nobody_knows(tmp_path: Path) -> None:
    script = tmp_path / "bin" / "proofs_concerned"
    script.parent.mkdir()
    shutil.copy(ROOT / "bin" / "proofs_concerned", script)

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=Test", "-c", "user.email=test@example.de", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def changed(path: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
        git("add", "-A")
        git("commit", "-m", path)

    def are_concerned() -> bool:
        return subprocess.run([script], cwd="/", env=outside).returncode == 0

    # a folder above may be somebody's repository
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert are_concerned()  # no repository
    git("init")
    assert are_concerned()  # no commit
    changed("README.md")
    assert are_concerned()  # no commit before
    changed("docs/x.md")
    assert not are_concerned()
    changed("reports/editions/building.py")
    assert are_concerned()
    changed("docs/y.md")
    assert not are_concerned()
    changed("activities/migrations/0002_place.py")
    assert are_concerned()
    changed("docs/z.md")
    assert not are_concerned()
    (tmp_path / "reports/editions/building.py").write_text("not yet committed")
    assert are_concerned()
    git("commit", "-am", "x")
    git("update-ref", "refs/remotes/origin/main", "HEAD^")
    changed("docs/a.md")
    assert are_concerned()  # two commits beside the main branch, and the first of them is one
    git("update-ref", "refs/remotes/origin/main", "HEAD^")
    assert not are_concerned()


def test_the_demo_builds_the_report_and_proves_it(tmp_path: Path) -> None:
    first = _run_demo(tmp_path, PORT=str(_free_port()))
    assert first.returncode == 0, first.stdout + first.stderr
    report = tmp_path / "demo" / "zwischenbericht-leonberg.pdf"
    assert report.read_bytes().startswith(b"%PDF-")
    assert "its SHA-256 is the stored one" in first.stdout
    assert "koordination@demo.kiv.example" in first.stdout
    assert (tmp_path / "demo" / "password").read_text() in first.stdout
    for log in ("web", "worker", "beat", "prepare"):
        text = (tmp_path / "log" / f"{log}.log").read_text()
        assert not re.search(r"\b(ERROR|CRITICAL)\b|^Traceback", text, re.MULTILINE), text


@pytest.mark.heavy(each_run=0)
def test_a_second_run_keeps_everything(tmp_path: Path) -> None:
    _run_demo(tmp_path, PORT=str(_free_port()))
    report = tmp_path / "demo" / "zwischenbericht-leonberg.pdf"
    before = report.read_bytes()
    second = _run_demo(tmp_path, PORT=str(_free_port()))
    assert second.returncode == 0, second.stdout + second.stderr
    assert report.read_bytes() == before


def test_a_demo_that_is_stopped_before_the_report_is_no_success(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
    environment |= {"DEMO_DIRECTORY": str(tmp_path), "DEMO_EXIT": "1", "PORT": str(_free_port())}
    with subprocess.Popen(DEMO, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        for line in demo.stdout:
            if line.startswith("Preparing the data"):
                demo.terminate()
                break
        rest = demo.stdout.read()
        assert demo.wait(60) == 130, rest
    assert not (tmp_path / "demo" / "zwischenbericht-leonberg.pdf").exists()


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _run_demo(tmp_path, PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert re.fullmatch(r"Port \d+ is taken; choose another: make demo PORT=\d+\n", done.stderr)


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1", "8000.5", "٨٠٠٠"])
def test_a_wrong_port_is_a_sentence(tmp_path: Path, port: str) -> None:
    done = _run_demo(tmp_path, PORT=port)
    assert done.returncode == 1
    assert done.stderr == f"PORT={port} is not a port number between 1 and 65535.\n"


def test_a_day_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    done = _run_demo(tmp_path, PORT=str(_free_port()), DEMO_TODAY="morgen")
    assert done.returncode == 1
    assert done.stderr == "DEMO_TODAY=morgen is not a day such as 2027-02-28.\n"


def test_a_second_demo_is_a_sentence(tmp_path: Path) -> None:
    with Servers(tmp_path / "servers"):
        done = _run_demo(tmp_path, PORT=str(_free_port()))
    assert done.returncode == 1
    assert "already running" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.heavy(each_run=0)
def test_make_run_shows_what_has_been_saved(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
    port = _free_port()
    environment |= {"PORT": str(port), "DEV_DIRECTORY": str(tmp_path / "files"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "kiv_portal.embedded", "--data", str(tmp_path / "data"), "--"]
    run = LiveProcess([*command, sys.executable, "-m", "kiv_portal.embedded.develop"], environment)
    try:
        run.wait_for("Demo data loaded", seconds=120)
        run.wait_for(r"celery@\S+ ready", seconds=120)
        run.wait_for("Starting development server|Watching for file changes", seconds=120)
        deadline = time.monotonic() + 60
        while True:
            try:
                page = urlopen(f"http://127.0.0.1:{port}/anmelden/", timeout=20).read().decode()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style
        assert urlopen(f"http://127.0.0.1:{port}{style[1]}", timeout=20).status == 200
        (ROOT / "kiv_portal" / "settings.py").touch()
        run.wait_for("settings.py changed, reloading", seconds=60)
    finally:
        run.stop(seconds=60)
