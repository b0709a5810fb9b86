"""The tool behind `make mutants`: it changes what it says, keeps to its list, and finds the tests beside a module."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import libcst as cst
import pytest

from bench.mutants import Finder, Mutant, Rules, mutants_of, read_rules
from tests.live import ROOT


def changes(source: str) -> set[str]:
    module = cst.parse_module(source)
    finder = Finder()
    module.visit(finder)
    return {module.deep_replace(node, changed).code for _, node, changed in finder.found}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("x = rows[:8]\n", "x = rows\n"),  # a limit
        ("x = rows.order_by('day')\n", "x = rows\n"),  # an order
        ("x = sorted(rows, key=name)\n", "x = sorted(rows, )\n"),
        ("x = [r for r in rows if r.ok]\n", "x = [r for r in rows]\n"),  # a choice
        ("tell(people)\n", "pass\n"),  # who is told
        ("x = later(day, 1)\n", "x = later(day, 2)\n"),  # a month
        ("if done:\n    x = 1\n", "if not (done):\n    x = 1\n"),  # a check
        ("x = a < b\n", "x = a <= b\n"),
        (
            "@atomic\ndef f():\n    return 1\n",
            "@atomic\ndef f():\n    return 2\n",
        ),  # decorated, as services are
    ],
)
def test_the_faults_that_were_not_noticed_once_are_among_its_changes(line: str, changed: str) -> None:
    assert changed in {code.replace(" , ", ", ") for code in changes(line)}


@pytest.mark.parametrize(
    "line",
    [
        "from a import b\n",
        "log.info('stored %s', row)\n",
        "if TYPE_CHECKING:\n    x = 1\n",
        "def f(day: int | None):\n    '''Words.'''\n",
        "@cached(size=8)\ndef f():\n    pass\n",
    ],
)
def test_what_says_nothing_is_left_alone(line: str) -> None:
    assert changes(line) == set()


def test_what_keeps_its_answer_belongs_to_the_whole_module() -> None:
    """Only the first test that needs the answer calls it; the others would not be asked."""
    finder = Finder()
    cst.parse_module(
        "@cache\ndef a():\n    return 1\n"
        "@functools.lru_cache(maxsize=4)\ndef b():\n    return 2\n"
        "@cached_property\ndef c(self):\n    return 3\n"
        "def d():\n    return 4\n"
    ).visit(finder)
    assert [function for function, *_ in finder.found] == ["", "", "c", "d"]


def test_every_mutant_is_another_program_with_its_line_and_function() -> None:
    path = "reports/writing/placeholders.py"
    source = (ROOT / path).read_text()
    made = [mutant for maker in mutants_of(path) if (mutant := maker())]
    assert len(made) > 10
    for mutant in made:
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(source))
        assert mutant.old.split(" ")[0] in source.splitlines()[mutant.line - 1]
    assert {"unknown_placeholders", "fill_in"} <= {mutant.function for mutant in made}


def test_the_list_names_what_is_there() -> None:
    rules = read_rules()
    assert len(rules.modules) > 50
    nearest = {name for tests in rules.nearest.values() for name in tests}
    assert [name for name in [*rules.nearest, *nearest] if not (ROOT / name).exists()] == []
    for path in rules.modules:
        assert all(Path(ROOT / name).exists() for name in rules.tests_of(path)), path
    assert all(entry["reason"] for entry in rules.accepted)
    assert rules.tests_of("reports/council/queries.py") == ["tests/reports/council"]


def test_a_survivor_is_accepted_by_its_line_only() -> None:
    rules = Rules([], {}, [{"module": "a/*", "old": "x = f(*)[0]", "new": "x = *None*", "reason": "Why."}])

    def reason(**values: str) -> str:
        return rules.reason_for(
            Mutant(**({"path": "a/b.py", "function": "", "line": 1, "source": ""} | values))  # type: ignore[arg-type]
        )

    assert reason(old="x = f(1)[0]", new="x = f(None)[0]") == "Why."
    assert reason(old="x = f(1)[0]", new="x = f(2)[0]") == ""
    assert reason(old="x = f(1)0", new="x = f(None)[0]") == ""
    assert reason(path="b.py", old="x = f(1)[0]", new="x = f(None)[0]") == ""


@pytest.mark.heavy(each_run=0)
def test_it_judges_what_it_has_changed() -> None:
    command = [sys.executable, "-m", "bench.mutants", "--sample", "3", "kiv_portal/periods.py"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIV_")}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert re.search(r"^3 of 3 killed, 100%", done.stdout, re.MULTILINE), done.stdout + done.stderr
