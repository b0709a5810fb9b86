"""bin/structure.py refuses what it says it refuses, on small houses built here."""

import importlib.util
from pathlib import Path
from types import ModuleType

import grimp
import pytest

from tests.live import ROOT


@pytest.fixture
def structure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("structure", ROOT / "bin" / "structure.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def house(*imports: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_module(importer)
        graph.add_module(imported)
        graph.add_import(importer=importer, imported=imported)
    return graph


@pytest.mark.parametrize(
    ("importer", "imported", "refusal"),
    [
        ("activities.log.queries", "activities.log.services", "queries import services"),
        ("activities.log.models", "activities.search.queries", "models import queries"),
        ("activities.log.services", "activities.log.forms", "services import forms"),
        ("activities.log.forms", "activities.concerns.public_views", "forms import views"),
        ("activities.log.services", "activities.log.queries", None),
        ("activities.concerns.public_views", "activities.log.views", None),  # of one kind
        ("reports.steps.queries", "activities.log.services", None),  # import-linter's, from another floor
        ("activities.log.models", "activities.log.refusals", None),  # no furniture
    ],
)
def test_furniture_stands_in_order(
    structure: ModuleType, importer: str, imported: str, refusal: str | None
) -> None:
    found = list(structure.furniture(house((importer, imported))))
    assert found == ([f"{refusal}: {importer} imports {imported}"] if refusal else [])


@pytest.mark.parametrize(
    ("importer", "imported", "is_refused"),
    [
        ("reports.editions.services", "reports.editions.tasks", True),
        ("reports.views", "activities.rules", True),
        ("reports.rules", "activities.rules", False),
        ("reports.tasks", "reports.editions.services", False),
        ("reports.views", "kiv_portal.easy_language.rules", False),  # rules of language, not of permission
    ],
)
def test_tasks_and_rules_are_leaves(
    structure: ModuleType, importer: str, imported: str, is_refused: bool
) -> None:
    assert bool(list(structure.leaves(house((importer, imported))))) is is_refused


def test_a_circle_is_named_with_all_its_members(structure: ModuleType) -> None:
    graph = house(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("f", "f2"), ("f2", "f"))
    assert sorted(structure.circles(graph)) == ["a circle: a, b, c", "a circle: f, f2"]
    assert list(structure.circles(house(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")))) == []


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("from reports.models import InterimReport", True),
        ("import reports.models", True),
        ("import json, reports", True),
        ("from reports.models import InterimReport  # late: a circle of apps", False),
        ("import json", False),
    ],
)
def test_a_late_import_says_why(structure: ModuleType, tmp_path: Path, line: str, is_refused: bool) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "x.py").write_text(f"def f():\n    if True:\n        {line}\n")
    found = list(structure.late_imports())
    assert found == (["activities/x.py:3: imported late without `# late: reason`"] if is_refused else [])


def test_an_import_at_the_top_is_not_late(structure: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "x.py").write_text("from reports.models import InterimReport\n")
    assert list(structure.late_imports()) == []


def test_a_package_on_no_floor_is_named(structure: ModuleType, tmp_path: Path) -> None:
    for name in ("reports", "recruitment", "kiv_portal/jobs", "kiv_portal/attic"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
    found = list(structure.unlisted())
    assert [line.split(" ")[0] for line in found] == ["recruitment/", "kiv_portal/attic/"]
