"""`make check`: what a machine can say about the source without running the tests. All steps run; one failure fails."""

import configparser
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from kiv_portal.floors import BESIDE, FLOORS, GROUND  # noqa: E402

PYTHON = sys.executable
TOOLS = Path(PYTHON).parent
SCRIPTS = ("static/js", "tests/js", "eslint.config.js")
# Readable, harmless settings of production: nothing is connected to.
PRODUCTION = {
    "KIV_SECRET_KEY": "".join(chr(33 + (7 * n) % 90) for n in range(64)),
    "KIV_ALLOWED_HOSTS": "portal.example.de",
    "KIV_BASE_URL": "https://portal.example.de",
    "KIV_DATABASE_URL": "postgres://kiv@localhost/kiv",
    "KIV_REDIS_URL": "redis://localhost/0",
    "KIV_EMAIL_URL": "submission://mail.example.de:587",
    "KIV_DEFAULT_FROM_EMAIL": "portal@example.de",
}


def run(*command: str, **variables: str) -> str:
    """Output of a failed command, or an empty string."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
    environment = outer | PRODUCTION | variables
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"$ {shlex.join(command)}\n{done.stdout}{done.stderr}"


def tool(name: str, *arguments: str) -> str:
    """A program of the virtual environment, also when the checkout has moved since it was made."""
    path = TOOLS / name
    is_script = path.read_bytes()[:2] == b"#!"
    return run(*([PYTHON] if is_script else []), str(path), *arguments)


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def types() -> str:
    """mypy over the whole house and what measures and checks it."""
    return tool("mypy", *FLOORS, "bench", "bin")


def floors() -> str:
    """import-linter, with its contracts written from the list of floors."""
    ground = [" : ".join(f"kiv_portal.{room}" for room in line) for line in reversed(GROUND)]
    above = [floor for floor in reversed(FLOORS) if floor != "kiv_portal"]
    production = [floor for floor in FLOORS if floor not in ("kiv_portal", "demo")]
    production += [f"kiv_portal.{room}" for line in GROUND for room in line if room != "embedded"]
    production += [
        "kiv_portal.settings",
        "kiv_portal.urls",
        "kiv_portal.wsgi",
        "kiv_portal.celery",
        "kiv_portal.health",
    ]
    contracts = {
        "Floors: imports point down only": {"type": "layers", "layers": ["kiv_portal.urls", *above, *ground]},
        "Production never touches the embedded servers": {
            "type": "forbidden",
            "source_modules": production,
            "forbidden_modules": ["kiv_portal.embedded"],
        },
    }
    written = configparser.ConfigParser(interpolation=None)
    written["importlinter"] = {"root_packages": "\n" + "\n".join(FLOORS)}
    for number, (name, contract) in enumerate(contracts.items(), 1):
        lines = {
            key: value if isinstance(value, str) else "\n" + "\n".join(value)
            for key, value in contract.items()
        }
        written[f"importlinter:contract:{number}"] = {"name": name, **lines}
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
        written.write(file)
        file.flush()
        return tool("lint-imports", "--no-cache", "--config", file.name)


def dependencies() -> str:
    ours = [argument for name in (*FLOORS, *BESIDE) for argument in ("--known-first-party", name)]
    return tool("deptry", ".", *ours)


def migrations_missing() -> str:
    """Compares models and migration files; asks no database (a warning says that it could not)."""
    return run(PYTHON, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run")


def deployment() -> str:
    return run(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING")


def lock_in_step() -> str:
    """Every requirement of pyproject.toml is locked, at an allowed version, and the three locks agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    sets = {
        "requirements.txt": project["dependencies"],
        "requirements-demo.txt": project["dependencies"] + extras["embedded"],
        "requirements-dev.txt": project["dependencies"] + extras["embedded"] + extras["dev"],
    }
    locks = {}
    for name in sets:
        pins = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE)
        locks[name] = {canonicalize_name(package): version for package, version in pins}
    problems = []
    for name, requirements in sets.items():
        for requirement in map(Requirement, requirements):
            version = locks[name].get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                problems.append(f"{name}: {requirement} is locked at {version}")
        for package, version in locks[name].items():
            if locks["requirements-dev.txt"].get(package) != version:
                problems.append(f"{name}: {package} {version} differs from requirements-dev.txt")
    return "\n".join([*problems, "Type: make lock"]) if problems else ""


def no_machine_in_files() -> str:
    """No path of somebody's machine and no address of a package registry in what is committed."""
    traces = re.compile(
        r"(?<![\w.$}])/(?:work|farm|root|home)/\w|/tmp/(?:bash|pytest)|--(?:extra-)?index-url|\"resolved\": \"https?://"
        r"|registry\.npmjs\.org|files\.pythonhosted\.org"
    )
    found = []
    for path in tracked():
        if path.name in ("check.py",) or path.suffix in (".pdf", ".png", ".woff2", ".ttf", ".dump"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if traces.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return "\n".join(found)


def templates() -> str:
    files = [str(path) for path in tracked("templates/*.html")]
    return tool("djlint", "--lint", "--quiet", "--profile", "django", *files) if files else ""


def scripts_formatted() -> str:
    return node("prettier/bin/prettier.cjs", "--log-level", "warn", "--check", *SCRIPTS)


def scripts_linted() -> str:
    return node("eslint/bin/eslint.js", "--max-warnings", "0", *SCRIPTS)


def scripts_typed() -> str:
    """Pages and the service worker see different globals, so each has its own settings."""
    settings = ("tsconfig.json", "tests/js/tsconfig.worker.json")
    return "\n".join(filter(None, (node("typescript/bin/tsc", "--project", file) for file in settings)))


def node(program: str, *arguments: str) -> str:
    """A program of node_modules/, run by the virtual environment's Node.js: a machine's own may be old or missing."""
    return tool("node", f"node_modules/{program}", *arguments)


def shell_scripts() -> str:
    outputs = [
        run("sh", "-n", script)
        for script in ("bin/bootstrap", "bin/lock", "bin/proofs_concerned", "bin/reset")
    ]
    return "\n".join(filter(None, outputs))


STEPS: dict[str, Callable[[], str]] = {
    "format (ruff)": lambda: tool("ruff", "format", "--check", "."),
    "lint (ruff)": lambda: tool("ruff", "check", "--quiet", "."),
    "types (mypy)": types,
    "imports point down": floors,
    "order, circles, late imports": lambda: run(PYTHON, "bin/structure.py"),
    "no missing migration": migrations_missing,
    "deployment (production settings)": deployment,
    "templates (djlint)": templates,
    "docker-compose.yml": lambda: tool(
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"
    ),
    "unused and missing dependencies": dependencies,
    "locks in step": lock_in_step,
    "no machine in committed files": no_machine_in_files,
    "shell scripts": shell_scripts,
    "scripts: format (prettier)": scripts_formatted,
    "scripts: lint (eslint)": scripts_linted,
    "scripts: types (tsc)": scripts_typed,
    "scripts: tests (node)": lambda: tool("node", "--test", "tests/js/*.test.js"),
}


def timed(step: Callable[[], str]) -> tuple[str, float]:
    started = time.monotonic()
    return step(), time.monotonic() - started


def main() -> int:
    os.chdir(ROOT)
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(timed, step) for name, step in STEPS.items()}
        for name, future in running.items():
            output, seconds = future.result()
            print(f"{'FAILED' if output else 'ok':6}  {seconds:5.1f} s  {name}", flush=True)
            if output:
                failed.append(name)
                print(output.rstrip(), flush=True)
    ending = f"; failed: {', '.join(failed)}" if failed else ""
    print(f"make check: {len(STEPS) - len(failed)} of {len(STEPS)} passed{ending}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
