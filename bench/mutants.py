"""`make mutants`: small faults put into ordinary lines, one at a time; does the nearest test notice?

The operators are mutmut's. Its own runner is not used: it copies the tree, leaves out every decorated function (most of
our services) and makes all mutants before the first test. Here a process that has imported Django and holds a database
forks; the child imports the changed module in the place of the true one and runs the tests that call its function,
quickest first, until one fails. No file is touched.

Which modules, their nearest tests, and the survivors that we accept with a reason: tests/mutants.toml.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from fnmatch import fnmatchcase
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import libcst as cst
import psycopg
import pytest
from mutmut.mutation import mutators

from kiv_portal.embedded import Servers

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutants.toml"
KEPT = ROOT / "var" / "mutants"  # which test calls which function, kept until a test changes
GOAL = 0.85
LOOKED_AT = 5  # seconds of tests that call nothing of a module but may look at its tables
SMOKE = "tests/project/test_models.py"  # creates the database, and shows that an unchanged portal passes
# imported once, before the fork; what fails to import without Django's settings is left to the child
HEAVY = (
    *(
        "pytest",
        "hypothesis",
        "django.test",
        "django.db.models",
        "django.contrib.postgres.fields",
        "psycopg_pool",
    ),
    *("celery", "redis", "PIL.Image", "lxml.etree", "docx", "odfdo", "pikepdf", "weasyprint", "icalendar"),
    *(
        "vl_convert",
        "xlsxwriter",
        "segno",
        "pydantic",
        "fontTools.subset",
        "python_calamine",
        "page",
        "pypdf",
    ),
)


# --- the mutants


@dataclass(frozen=True)
class Mutant:
    path: str
    function: str  # "" where the module or a class is defined, and where an answer is kept
    line: int
    old: str  # the line before, and after
    new: str
    source: str  # of the whole changed module

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.function}\n    - {self.old}\n    + {self.new}"


def negated(node: cst.If) -> Iterator[cst.If]:
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def without_condition(node: cst.CompFor) -> Iterator[cst.CompFor]:
    for condition in node.ifs:
        yield node.with_changes(ifs=[other for other in node.ifs if other is not condition])


def without_limit(node: cst.Subscript) -> Iterator[cst.BaseExpression]:
    if any(isinstance(element.slice, cst.Slice) for element in node.slice):
        yield node.value


def without_call(node: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    """A statement that only calls something: who is told, what is deleted."""
    first = node.body[0]
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.Call):
        yield node.with_changes(body=[cst.Pass()])


def without_order(node: cst.Call) -> Iterator[cst.BaseExpression]:
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in (
        "order_by",
        "distinct",
        "exclude",
        "filter",
    ):
        yield node.func.value


def one_changed_string(node: cst.SimpleString) -> Iterator[cst.BaseExpression]:
    """A name, a code, a key. Sentences are read by people; a test that repeats them proves nothing."""
    if " " not in node.value and len(node.value) > 3:
        yield from list(mutators.operator_string(node))[:1]


OWN: list[tuple[type, Callable[[Any], Iterator[cst.CSTNode]]]] = [
    (cst.If, negated),
    (cst.CompFor, without_condition),
    (cst.Subscript, without_limit),
    (cst.SimpleStatementLine, without_call),
    (cst.Call, without_order),
    (cst.SimpleString, one_changed_string),
]
OPERATORS = [pair for pair in mutators.mutation_operators if pair[1] is not mutators.operator_string] + OWN


class Finder(cst.CSTVisitor):
    """Every small fault of a module: (function, node, changed node)."""

    METADATA_DEPENDENCIES = ()

    def __init__(self) -> None:
        self.names: list[str] = []
        self.functions = 0  # how deep we are in functions
        self.kept = 0  # and in those whose answer is kept: only the first test that needs it calls them
        self.found: list[tuple[str, cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _says_nothing(node):
            return False
        if isinstance(node, (cst.ClassDef, cst.FunctionDef)):
            if not self.functions:
                self.names.append(node.name.value)
            self.functions += isinstance(node, cst.FunctionDef)
            self.kept += _is_kept(node)
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                function = ".".join(self.names) if self.functions and not self.kept else ""
                self.found += [(function, node, changed) for changed in operator(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, (cst.ClassDef, cst.FunctionDef)) and not _says_nothing(original_node):
            self.functions -= isinstance(original_node, cst.FunctionDef)
            self.kept -= _is_kept(original_node)
            if not self.functions:
                self.names.pop()


def _is_kept(node: cst.ClassDef | cst.FunctionDef) -> bool:
    code = "".join(cst.Module([]).code_for_node(decorator) for decorator in node.decorators)
    return bool(re.search(r"\b(?:lru_)?cache\b", code))


def _says_nothing(node: cst.CSTNode) -> bool:
    """Types, decorators, imports, docstrings, log lines, and `if TYPE_CHECKING`."""
    if isinstance(node, (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)):
        return True
    if isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING":
        return True
    if isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Expr):
        value = node.body[0].value
        if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
            return True
        if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
            return isinstance(value.func.value, cst.Name) and value.func.value.value == "log"
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "cast"


def mutants_of(path: str) -> list[Callable[[], Mutant | None]]:
    """Made when they are asked for: most are only counted."""
    module = cst.parse_module((ROOT / path).read_text())
    finder = Finder()
    module.visit(finder)

    def maker(function: str, node: cst.CSTNode, changed: cst.CSTNode) -> Callable[[], Mutant | None]:
        return lambda: _mutant(path, module, function, node, changed)

    return [maker(*each) for each in finder.found]


def _mutant(
    path: str, module: cst.Module, function: str, node: cst.CSTNode, changed: cst.CSTNode
) -> Mutant | None:
    """None for one that is no Python, or says the same."""
    before = module.code
    after = cst.ensure_type(module.deep_replace(node, changed), cst.Module).code
    try:
        if ast.dump(ast.parse(before)) == ast.dump(ast.parse(after)):
            return None
    except SyntaxError:
        return None
    lines = list(ndiff(before.splitlines(), after.splitlines(), charjunk=None))
    first = next(n for n, line in enumerate(lines) if line[0] in "-+")
    number = 1 + sum(line[0] in " -" for line in lines[:first])
    old, new = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Mutant(path, function, number, old, new, after)


# --- what the list says


@dataclass(frozen=True)
class Rules:
    modules: list[str]
    nearest: dict[str, list[str]]
    accepted: list[dict[str, str]]

    def tests_of(self, path: str) -> list[str]:
        """Test files and folders beside the module: its own, else those of the room, else those of the app."""
        for prefix, tests in sorted(self.nearest.items(), key=lambda item: -len(item[0])):
            if path.startswith(prefix):
                return tests
        folder = Path("tests") / Path(path).parent
        while not any((ROOT / folder).glob("**/test_*.py")):
            folder = folder.parent
        return [folder.as_posix()]

    def reason_for(self, mutant: Mutant) -> str:
        for entry in self.accepted:
            if (
                fnmatchcase(mutant.path, entry["module"])
                and _like(mutant.old, entry["old"])
                and _like(mutant.new, entry.get("new", "*"))
            ):
                return entry["reason"]
        return ""


def _like(text: str, pattern: str) -> bool:
    """`*` stands for anything; brackets are brackets."""
    return bool(re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text, re.DOTALL))


def read_rules() -> Rules:
    data = tomllib.loads(LIST.read_text())
    left_out = set(data.get("left_out", []))
    found = {path.relative_to(ROOT).as_posix() for pattern in data["modules"] for path in ROOT.glob(pattern)}
    modules = sorted(
        path for path in found if path not in left_out and not path.startswith((".", "var/", "tests/"))
    )
    return Rules(modules, data.get("nearest", {}), data.get("accepted", []))


# --- children: each a run of pytest in a fork of this process


class Nearest:
    """A plugin: keeps `chosen` in its order; without tests that start processes, whose code is not the changed one."""

    def __init__(self, chosen: Sequence[str] = ()) -> None:
        self.place = {name: number for number, name in enumerate(chosen)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        from tests.conftest import STARTS_PROCESSES

        fixtures = STARTS_PROCESSES | {"demo_portal", "new_worker", "live_environment", "new_page", "page"}
        kept = [
            item
            for item in items
            if not fixtures & {*getattr(item, "fixturenames", ())}
            and not STARTS_PROCESSES & {*vars(getattr(item, "module", None) or object)}
        ]
        if self.place:
            kept = [item for item in kept if item.nodeid in self.place]
            kept.sort(key=lambda item: self.place[item.nodeid])
        items[:] = kept


class CallMap(Nearest):
    """Writes down which functions of ours each test calls, and how long it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.seconds: dict[str, float] = Counter()  # type: ignore[assignment]

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        seen: set[CodeType] = set()
        self._seen = seen

        def watch(frame: FrameType, event: str, argument: object) -> None:
            seen.add(frame.f_code)  # and no word about the lines: that keeps it quick

        sys.settrace(watch)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        sys.settrace(None)
        for code in self._seen:
            if code.co_filename.startswith(str(ROOT)):
                path = code.co_filename.removeprefix(f"{ROOT}/")
                self.calls[nodeid].add((path, code.co_qualname.split(".<locals>")[0]))


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from the changed source instead of its file."""

    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class ChangedFinder:
    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.loader = Changed(self.name, str(ROOT / mutant.path))
        self.loader.source = mutant.source

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.loader.path, loader=self.loader)


class Slot:
    """One database, one Redis number; a run of tests at a time."""

    def __init__(self, number: int, servers: Servers, static: Path) -> None:
        self.number, self.servers, self.static = number, servers, static
        self.pid = 0

    def environment(self) -> dict[str, str]:
        return self.servers.environment() | {
            "KIV_DATABASE_URL": self.servers.postgres.url(database=f"kiv{self.number}"),
            "KIV_STATIC_ROOT": str(self.static / "files"),
            "KIV_TEST_RUN": str(self.static),
            "KIV_SEED": "1",
            "PYTEST_XDIST_WORKER": f"gw{self.number}",  # tests/conftest.py then takes the servers as they are
        }

    def start(
        self,
        arguments: list[str],
        *,
        plugin: Nearest,
        mutant: Mutant | None = None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="kiv-mutant-"))
        self.started = time.monotonic()
        self.mutant = mutant
        self.pid = os.fork()
        if self.pid:
            return
        code = 70
        try:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            log = os.open(self.scratch / "log", os.O_WRONLY | os.O_CREAT)
            os.dup2(log, 1), os.dup2(log, 2)
            os.environ.update(self.environment())
            os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # tests/conftest.py names it when the rest is set
            tempfile.tempdir = str(self.scratch)
            if mutant is not None:
                sys.meta_path.insert(0, ChangedFinder(mutant))
            options = ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--reuse-db"]
            code = int(pytest.main([*options, *arguments], plugins=[plugin]))
            after()
        finally:
            sys.stdout.flush()
            os._exit(code)

    def ended(self, limit: float) -> int | None:
        """Its exit code, -1 when it took longer than `limit` seconds; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        code: int | None = None
        if pid:
            code = os.waitstatus_to_exitcode(status)
        elif time.monotonic() - self.started > limit:
            code = -1
        if code is not None:
            self.stop(waited=bool(pid))
        return code

    def stop(self, *, waited: bool = False) -> None:
        if not self.pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if not waited:
            os.waitpid(self.pid, 0)
        self.pid = 0
        self.log = (
            (self.scratch / "log").read_text(errors="replace") if (self.scratch / "log").exists() else ""
        )
        shutil.rmtree(self.scratch, ignore_errors=True)

    def wait(self) -> int:
        while (code := self.ended(3_600)) is None:
            time.sleep(0.05)
        return code


def clean_database(servers: Servers, number: int, *, template: bool = False) -> None:
    """Whatever a mutant left behind is gone: the database of the slot is copied anew."""
    source, target = ("test_kiv0", "clean") if template else ("clean", f"test_kiv{number}")
    url = servers.postgres.url(database="postgres").replace("postgres://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        deadline = time.monotonic() + 60
        while True:
            try:
                connection.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
                break
            except (
                psycopg.errors.InsufficientPrivilege
            ):  # an autovacuum, which only a superuser may end, is there
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        connection.execute(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")


# --- which test calls what


def test_files(tests: list[str]) -> list[Path]:
    places = [ROOT / name for name in tests]
    return sorted(
        {file for place in places for file in ([place] if place.is_file() else place.rglob("test_*.py"))}
    )


def kept_map(file: Path) -> Path:
    """Where the calls of a test file are kept until it changes."""
    name = file.relative_to(ROOT / "tests").as_posix().removesuffix(".py").replace("/", ".")
    return KEPT / f"{name}.{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}.json"


def write_maps(tests: list[str], slot: Slot, servers: Servers) -> None:
    missing = [file for file in test_files(tests) if not kept_map(file).exists()]
    if not missing:
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    plugin = CallMap()

    def write() -> None:
        for file in missing:
            prefix = f"{file.relative_to(ROOT).as_posix()}::"
            rows = {
                name: [plugin.seconds[name], sorted(calls)]
                for name, calls in plugin.calls.items()
                if name.startswith(prefix)
            }
            kept_map(file).write_text(json.dumps(rows))

    clean_database(servers, slot.number)
    slot.start([str(file.relative_to(ROOT)) for file in missing], plugin=plugin, after=write)
    if slot.wait() not in (0, 5):  # 5: every test of them starts processes
        for file in missing:
            kept_map(file).unlink(missing_ok=True)
        sys.exit(f"The tests fail without any change: {' '.join(tests)}\n{slot.log[-3000:]}")


def call_map(
    tests: list[str], slot: Slot, servers: Servers
) -> tuple[dict[tuple[str, str], list[str]], dict[str, float]]:
    """({(path, function): its tests, the quickest first}, {test: seconds}); function "" is all of the module."""
    write_maps(tests, slot, servers)
    callers: dict[tuple[str, str], set[str]] = defaultdict(set)
    seconds: dict[str, float] = {}
    for file in test_files(tests):
        for name, (duration, calls) in json.loads(kept_map(file).read_text()).items():
            seconds[name] = duration
            for path, function in calls:
                callers[path, function].add(name)
                callers[path, ""].add(name)
    return {key: sorted(names, key=lambda name: seconds[name]) for key, names in callers.items()}, seconds


# --- the run


class Run:
    def __init__(self, options: argparse.Namespace, servers: Servers) -> None:
        self.rules, self.options, self.servers = read_rules(), options, servers
        self.static = Path(tempfile.mkdtemp(prefix="kiv-static-"))
        self.slots = [Slot(number, servers, self.static) for number in range(options.processes)]
        self.maps: dict[str, tuple[dict[tuple[str, str], list[str]], dict[str, float]]] = {}
        self.verdicts: list[tuple[Mutant, str]] = []

    def prepare(self) -> None:
        for name in HEAVY:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        self.slots[0].start(["--create-db", SMOKE], plugin=Nearest())
        if self.slots[0].wait():
            sys.exit(f"An unchanged portal does not pass {SMOKE}:\n{self.slots[0].log[-3000:]}")
        clean_database(self.servers, 0, template=True)

    def chosen(self) -> tuple[list[Mutant], int]:
        """The sample, and of how many."""
        paths = [
            p for p in self.rules.modules if any(fnmatchcase(p, pattern) for pattern in self.options.modules)
        ]
        makers = [maker for path in paths for maker in mutants_of(path)]
        order = list(makers)
        random.Random(self.options.seed).shuffle(order)
        found: dict[tuple[str, int, str], Mutant] = {}
        for maker in order:
            if self.options.sample and len(found) == self.options.sample:
                break
            mutant = maker()
            if mutant is not None and not self.rules.reason_for(mutant):
                found.setdefault((mutant.path, mutant.line, mutant.new), mutant)
        return sorted(found.values(), key=lambda m: (m.path, m.line)), len(makers)

    def tests_for(self, mutant: Mutant, slot: Slot) -> tuple[list[str], float]:
        tests = self.rules.tests_of(mutant.path)
        key = "+".join(tests)
        if key not in self.maps:
            self.maps[key] = call_map(tests, slot, self.servers)
        callers, seconds = self.maps[key]
        chosen = list(callers.get((mutant.path, mutant.function), []))
        if not mutant.function:  # a table of words is looked at without a call
            others = sorted(seconds.keys() - set(chosen), key=lambda name: (seconds[name], name))
            spent = accumulate(seconds[name] for name in others)
            is_called = bool(chosen)
            chosen += [
                n for n, until in zip(others, spent, strict=True) if not is_called or until < LOOKED_AT
            ]
        return chosen, sum(seconds[name] for name in chosen)

    def judge(self, mutants: list[Mutant]) -> None:
        waiting = iter(mutants)
        running: dict[Slot, tuple[Mutant, float]] = {}
        while True:
            for slot in self.slots:
                if slot in running:
                    mutant, limit = running[slot]
                    code = slot.ended(limit)
                    if code is None:
                        continue
                    del running[slot]
                    self.verdict(
                        mutant, "survived" if code == 0 else "timed out" if code == -1 else "killed", slot
                    )
                for mutant in waiting:
                    tests, seconds = self.tests_for(mutant, slot)
                    if not tests:
                        self.verdict(mutant, "no test", None)
                        continue
                    clean_database(self.servers, slot.number)
                    files = list(dict.fromkeys(name.split("::")[0] for name in tests))
                    slot.start(["-x", *files], plugin=Nearest(tests), mutant=mutant)
                    running[slot] = (mutant, 40 + 4 * seconds)
                    break
            if not running:
                return
            time.sleep(0.02)

    def verdict(self, mutant: Mutant, word: str, slot: Slot | None) -> None:
        self.verdicts.append((mutant, word))
        if self.options.verbose and slot is not None:
            reason = re.findall(r"^(?:FAILED|ERROR|E  ).*", slot.log, re.MULTILINE)
            print(f"{word}: {mutant}", *reason[-1:], sep="\n    ")
            return
        print({"killed": ".", "timed out": "t"}.get(word, "S"), end="", flush=True)

    def report(self, of: int) -> bool:
        killed = {"killed", "timed out"}
        by_module = Counter((mutant.path, word in killed) for mutant, word in self.verdicts)
        print("\n")
        for path in sorted({path for path, _ in by_module}):
            print(f"{by_module[path, True]:4} killed {by_module[path, False]:4} survived  {path}")
        survivors = [(mutant, word) for mutant, word in self.verdicts if word not in killed]
        if survivors:
            print("\nNobody noticed:")
        for mutant, word in sorted(survivors, key=lambda pair: (pair[0].path, pair[0].line)):
            print(f"  {mutant}{'   (no test calls it)' if word == 'no test' else ''}")
        number = len(self.verdicts)
        share = 1 - len(survivors) / max(1, number)
        print(
            f"\n{number - len(survivors)} of {number} killed, {share:.0%} (goal {GOAL:.0%}); {of} could be made",
            end="",
        )
        print(
            f"; seed {self.options.seed}, {len(self.rules.accepted)} kinds of survivors accepted in tests/mutants.toml"
        )
        return share >= GOAL


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many, drawn from all; 0: all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="says which test noticed")
    parser.add_argument(
        "modules", nargs="*", default=["*"], help="patterns of paths, for example activities/*"
    )
    options = parser.parse_args()
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: servers and children end, too
    with Servers() as servers:
        run = Run(options, servers)
        of = 0
        try:
            run.prepare()
            mutants, of = run.chosen()
            print(f"{len(mutants)} of {of} mutants, seed {options.seed}", flush=True)
            run.judge(mutants)
        except KeyboardInterrupt:
            print("\nEnded early: what follows is about those judged so far.")
        finally:
            for slot in run.slots:
                slot.stop()
            shutil.rmtree(run.static, ignore_errors=True)
        sys.exit(0 if run.report(of) else 1)


if __name__ == "__main__":
    main()
