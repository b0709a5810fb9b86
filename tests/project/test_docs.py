"""What is written for people about the project is true of the project."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from kiv_portal.floors import FLOORS
from tests.live import ROOT

TEXTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"  # it tells of what was
)
MADE_AT_RUN_TIME = ("var/", ".venv/")
PATH = re.compile(r"`([a-z_.][\w.-]*(?:/[\w.<>*-]+)+/?)`|\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")


def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_exists(text: Path) -> None:
    named = [
        (in_words, link) for in_words, link in PATH.findall(text.read_text()) if "<" not in (in_words or link)
    ]
    missing = [
        name
        for in_words, link in named
        if not (name := in_words or link).startswith(MADE_AT_RUN_TIME)
        and not ((text.parent if link else ROOT) / name).exists()
    ]
    assert missing == []


def test_the_glossary_uses_words_of_the_code() -> None:
    words = re.findall(r"^\|[^|]+\| `(\w+)`", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    assert len(words) > 20
    code = "\n".join(path.read_text() for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    rooms = {path.name for floor in FLOORS for path in (ROOT / floor).glob("*/")}
    assert [word for word in words if f"class {word}(" not in code and word not in rooms] == []


def test_the_floors_are_told_in_readme_and_architecture_and_go_into_the_image() -> None:
    readme, architecture = ((ROOT / name).read_text() for name in ("README.md", "docs/architecture.md"))
    image = (ROOT / ".dockerignore").read_text().splitlines()
    for number, floor in enumerate(FLOORS, 1):
        assert f"| `{floor}/` | {number} |" in readme
        assert re.search(rf"^ {number}  {floor} ", architecture, re.MULTILINE)
        assert f"!{floor}" in image


def test_the_version_is_the_same_everywhere() -> None:
    catalogue = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert catalogue["softwareVersion"] == version()
    newest = re.search(r"^## (\S+) – (\d+\. \w+ \d{4})", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert newest[1] == version()


def test_every_command_that_is_named_is_in_the_makefile() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)) - {"help"}
    assert set(re.findall(r"^make ([a-z-]+)", told, re.MULTILINE)) == targets
    for text in TEXTS:
        named = set(re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", text.read_text(), re.MULTILINE))
        assert {name for pair in named for name in pair if name} <= targets | {"help"}, text


def test_every_part_of_the_ci_files_calls_the_one_script() -> None:
    gitlab = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    github = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert gitlab["test"]["script"] == ["bash .ci/run"]
    assert github["jobs"]["test"]["steps"][-1]["run"].endswith("bash .ci/run")
