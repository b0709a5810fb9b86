"""The recipe "A field of an activity" of CONTRIBUTING.md, followed on a scratch copy: few files, known everywhere."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kiv_portal.floors import FLOORS
from tests.live import ROOT

MOST_FILES = 8
CHECK = "tests/project/recipe_check.py"
COPIED = (*FLOORS, "templates", "static", "docs", "CHANGELOG.md", "manage.py")
TESTS = ("__init__.py", "factories.py", "project/recipe_check.py", "activities/log/test_going_back.py")

# file: (a line of it, what stands before that line afterwards); the migration is written by makemigrations
RECIPE = {
    "activities/log/models.py": (
        '    description = models.TextField("Was ist passiert?"',
        '    weather = models.CharField("Wetter", max_length=100, blank=True, db_default="")\n',
    ),
    "activities/log/fields.py": (
        "    # what the portal writes itself\n",
        """    ActivityField(
        "weather",
        "Wetter",
        is_public=True,
        is_guarded=True,
        asked=Asked(Part.WHERE, help="Zum Beispiel Regen."),
        exported=(Exported("Wetter", "Wie es war."),),
        shown=Shown(str),
        imported=(Imported(("wetter", "wetterlage"), "Wie es war.", example="Regen"),),
    ),
""",
    ),
    "templates/activities/log/_facts.html": (
        "  <div><dt>Erreichte Personen</dt>",
        "  {% if activity.weather %}<div><dt>Wetter</dt><dd>{{ activity.weather }}</dd></div>{% endif %}\n",
    ),
    "tests/activities/log/test_going_back.py": ('    "place": "Bahnhof",\n', '    "weather": "Regen",\n'),
    "docs/handbuch/aktivitaeten.md": (
        "- **Erreichte Personen**:",
        "- **Wetter**: Wie es war, zum Beispiel Regen.\n",
    ),
    "CHANGELOG.md": ("- **Ohne Verbindung erfassen.**", "- **Das Wetter aufschreiben.**\n"),
}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "build"))
        else:
            shutil.copy(source, tmp_path / name)
    for name in TESTS:
        target = tmp_path / "tests" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, target)
    return tmp_path


@pytest.fixture
def empty_database() -> Iterator[str]:
    base, query = os.environ["KIV_DATABASE_URL"].split("?", 1)
    name = f"kiv_recipe_{os.getpid()}"
    with psycopg.connect(os.environ["KIV_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{base.rpartition('/')[0]}/{name}?{query}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_new_field_touches_few_files_and_is_known_everywhere(scratch: Path, empty_database: str) -> None:
    before = contents(scratch)
    for name, (line, addition) in RECIPE.items():
        text = (scratch / name).read_text(encoding="utf-8")
        assert text.count(line) == 1, f"the recipe no longer finds its place in {name}"
        (scratch / name).write_text(text.replace(line, addition + line), encoding="utf-8")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kiv_portal.settings",
        "KIV_DATABASE_URL": empty_database,
        "KIV_MEDIA_ROOT": str(scratch / "var"),
        "PYTHONPATH": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, CHECK], cwd=scratch, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "weather is known\n"), done.stderr[-3000:]
    after = contents(scratch)
    touched = {name for name in after if before.get(name) != after[name] and not name.startswith("var/")}
    number = len(list((ROOT / "activities" / "migrations").glob("0*.py"))) + 1
    assert touched == {*RECIPE, f"activities/migrations/{number:04}_activity_weather.py"}
    assert len(touched) <= MOST_FILES
