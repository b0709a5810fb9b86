"""docker-compose.yml cannot rot: its commands and health checks run here, as written, against real servers."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml

from kiv_portal.embedded import Servers
from tests.live import ROOT, LiveProcess

COMPOSE_FILE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE_FILE)["services"]
PORTAL = ("migrate", "web", "worker", "mails", "beat")


SECRETS = ("KIV_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
ANSWERS = {
    "KIV_SECRET_KEY": "".join(chr(48 + n * 7 % 75) for n in range(60)),
    "KIV_ALLOWED_HOSTS": "portal.example.de",
    "KIV_BASE_URL": "https://portal.example.de",
    "KIV_EMAIL_URL": "console://",
    "KIV_DEFAULT_FROM_EMAIL": "portal@example.de",
    "POSTGRES_PASSWORD": "inside",
    "REDIS_PASSWORD": "within",
}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+):([?-])([^${}]*)\}")


def filled_in(text: str, answers: dict[str, str]) -> str:
    """As docker compose reads a value with this .env: ${NAME:?} must be there, ${NAME:-default} need not."""
    while found := VARIABLE.search(text):
        name, kind, default = found.groups()
        answer = answers[name] if kind == "?" else answers.get(name) or default
        text = text[: found.start()] + answer + text[found.end() :]
    return text


def given(service: str, **answers: str) -> dict[str, str]:
    """The variables a container gets: .env, and what stands under `environment` beats it."""
    written = {
        name: filled_in(value, ANSWERS | answers) for name, value in SERVICES[service]["environment"].items()
    }
    return (ANSWERS | answers if "env_file" in SERVICES[service] else {}) | written


class Machine:
    """Where the containers' commands run in this test: the checkout, with the variables the file gives them."""

    def __init__(self, servers: Servers, scratch: Path) -> None:
        self.servers = servers
        self.scratch = scratch
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def environment(self, service: str) -> dict[str, str]:
        outer = {
            name: value for name, value in os.environ.items() if not name.startswith(("KIV_", "DJANGO_"))
        }
        written = given(service)
        here = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port}",
            "KIV_DATABASE_URL": self.servers.postgres.url(),
            "KIV_REDIS_URL": self.servers.redis.url,
            "KIV_MEDIA_ROOT": str(self.scratch / "media"),
            "KIV_STATIC_ROOT": os.environ["KIV_STATIC_ROOT"],  # in the image it is collected while building
        }
        return outer | written | here | ({"PORT": str(self.port)} if "PORT" in written else {})

    def _here(self, text: str) -> str:
        return text.replace("$$", "$").replace("/tmp", str(self.scratch))

    def command(self, service: str) -> list[str]:
        return shlex.split(self._here(SERVICES[service]["command"]))

    def start(self, service: str) -> LiveProcess:
        return LiveProcess(self.command(service), self.environment(service))

    def is_healthy(self, service: str) -> bool:
        kind, *arguments = SERVICES[service]["healthcheck"]["test"]
        command = ["sh", "-c", self._here(arguments[0])] if kind == "CMD-SHELL" else arguments
        done = subprocess.run(
            command, env=self.environment(service), cwd=ROOT, capture_output=True, text=True
        )
        return done.returncode == 0

    def wait_until_healthy(self, service: str, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_healthy(service):
            assert time.monotonic() < deadline, f"{service} does not become healthy"
            time.sleep(0.3)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Host": "portal.example.de"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.request("GET", path, headers=sent)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        return response.status, response.headers.get("Location", "") or body


@pytest.fixture(scope="module")
def machine(collected_static: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Servers() as servers:
        machine = Machine(servers, tmp_path_factory.mktemp("machine"))
        migrate = subprocess.run(
            machine.command("migrate"),
            env=machine.environment("migrate"),
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert migrate.returncode == 0, migrate.stdout + migrate.stderr
        assert "no issues" in migrate.stdout
        yield machine


def test_web_answers_over_https_only_and_is_healthy(machine: Machine) -> None:
    assert not machine.is_healthy("web")
    web = machine.start("web")
    try:
        machine.wait_until_healthy("web")
        status, page = machine.get("/", X_Forwarded_Proto="https")
        assert status == 200
        assert machine.get("/") == (301, "https://portal.example.de/")
        assert machine.get("/", Host="elsewhere.example", X_Forwarded_Proto="https")[0] == 400
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style, page[:2000]
        assert machine.get(style[1], X_Forwarded_Proto="https")[0] == 200
    finally:
        web.stop()


def test_worker_is_healthy_only_while_it_lives(machine: Machine) -> None:
    worker = machine.start("worker")
    try:
        worker.wait_for(r"\bready\b")
        assert machine.is_healthy("worker")
        worker.kill()
        assert not machine.is_healthy("worker")
    finally:
        worker.stop()


def test_beat_writes_its_timetable_down(machine: Machine) -> None:
    assert not machine.is_healthy("beat")
    beat = machine.start("beat")
    try:
        beat.wait_for("beat: Starting")
        machine.wait_until_healthy("beat")
    finally:
        beat.stop()


def test_the_embedded_redis_refuses_to_forget_as_the_real_one_does(machine: Machine) -> None:
    import redis

    assert "--maxmemory-policy noeviction" in SERVICES["redis"]["command"]
    with redis.Redis.from_url(machine.servers.redis.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_the_database_sorts_here_as_it_does_in_the_image(machine: Machine) -> None:
    import psycopg

    from kiv_portal.embedded.postgres import INITDB_ARGUMENTS

    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == list(INITDB_ARGUMENTS)
    with psycopg.connect(machine.servers.postgres.url()) as connection:
        version = str(connection.execute("SHOW server_version").fetchone())
    assert SERVICES["postgres"]["image"].removeprefix("postgres:") in version


def test_no_secret_has_a_default() -> None:
    for name in SECRETS:
        assert set(re.findall(rf"\$\{{?{name}[^}}]*\}}?", COMPOSE_FILE)) == {f"${{{name}:?}}"}
    for name in ANSWERS:
        assert f"${{{name}:?}}" in COMPOSE_FILE
    assert "KIV_DEMO" not in COMPOSE_FILE


def test_without_an_answer_the_containers_own_servers_are_used() -> None:
    for service in PORTAL:
        variables = given(service)
        assert variables["KIV_DATABASE_URL"] == "postgres://kiv:inside@postgres:5432/kiv"
        assert variables["KIV_REDIS_URL"] == "redis://:within@redis:6379/0"
    assert given("web")["KIV_TRUSTED_PROXY_COUNT"] == "1"


def test_what_stands_in_env_reaches_the_containers() -> None:
    elsewhere = {
        "KIV_DATABASE_URL": "postgres://kiv:x@db.example.de/kiv",
        "KIV_REDIS_URL": "rediss://:x@queue.example.de:6379/0",
    }
    for service in PORTAL:
        assert elsewhere.items() <= given(service, **elsewhere).items()
        assert "outside" in SERVICES[service]["networks"], f"{service} could not reach it"
    assert given("web", KIV_TRUSTED_PROXY_COUNT="2")["KIV_TRUSTED_PROXY_COUNT"] == "2"


@pytest.mark.parametrize("service", PORTAL)
def test_only_the_web_has_a_pool(service: str) -> None:
    sizes = [given(service)["KIV_DATABASE_POOL_SIZE"]]
    sizes.append(given(service, KIV_DATABASE_POOL_SIZE="9")["KIV_DATABASE_POOL_SIZE"])
    assert sizes == (["4", "9"] if service == "web" else ["0", "0"])


def test_the_database_is_not_called_ready_while_it_is_being_set_up() -> None:
    """The temporary server of the image's first start answers on the socket only."""
    test = SERVICES["postgres"]["healthcheck"]["test"]
    assert test[test.index("--host") + 1] == "127.0.0.1"


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_containers_have_no_more_rights_than_they_need(service: str) -> None:
    described = SERVICES[service]
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert service in PORTAL or described["user"] not in ("0", "root")


def test_the_image_runs_without_root_and_without_the_embedded_servers() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = {
        words[-1]: text for text in dockerfile.split("\nFROM ") if (words := text.splitlines()[0].split())
    }
    for name in ("portal", "worker"):
        assert re.findall(r"^USER (\w+)$", stages[name], re.MULTILINE)[-1] == "10001"
    assert "kiv_portal/embedded" in (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] == "!"
    ]
    assert all((ROOT / name).exists() for name in copied)
