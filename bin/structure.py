"""What `make check` proves of the house beside its floors, which import-linter watches: every package is on a floor,
the order within an app, no circle, no late import without a reason.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from kiv_portal.floors import BESIDE, FLOORS, GROUND  # noqa: E402

# Furniture of a room, from the bottom: a module may import its own kind and those before it.
FURNITURE = ("models", "queries", "services", "forms", "views", "urls")


def problems() -> Iterator[str]:
    graph = grimp.build_graph(*FLOORS, include_external_packages=False, cache_dir=None)
    yield from unlisted()
    yield from furniture(graph)
    yield from leaves(graph)
    yield from circles(graph)
    yield from late_imports()


def unlisted() -> Iterator[str]:
    """A package of the project that is on no floor."""
    for path in sorted(ROOT.glob("*/__init__.py")):
        name = path.parent.name
        if name not in (*FLOORS, *BESIDE):
            yield f"{name}/ is on no floor: kiv_portal/floors.py does not name it"
    rooms = {room for line in GROUND for room in line}
    for path in sorted((ROOT / "kiv_portal").glob("*/__init__.py")):
        if path.parent.name not in rooms:
            yield f"kiv_portal/{path.parent.name}/ is no room of the ground: kiv_portal/floors.py does not name it"


def furniture(graph: grimp.ImportGraph) -> Iterator[str]:
    for importer, imported in _imports(graph):
        mine, its = _kind(importer), _kind(imported)
        same_app = importer.split(".")[0] == imported.split(".")[0]
        if mine is not None and its is not None and same_app and its > mine:
            yield f"{FURNITURE[mine]} import {FURNITURE[its]}: {importer} imports {imported}"


def leaves(graph: grimp.ImportGraph) -> Iterator[str]:
    """Tasks are imported by nobody, rules by rules of floors above only."""
    for importer, imported in _imports(graph):
        if imported.endswith(".tasks"):
            yield f"a task is a leaf, it is sent by name: {importer} imports {imported}"
        if imported.count(".") == 1 and imported.endswith(".rules") and not importer.endswith(".rules"):
            yield f"rules are leaves: {importer} imports {imported}"


def circles(graph: grimp.ImportGraph) -> Iterator[str]:
    for members in strongly_connected(
        {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    ):
        if len(members) > 1:
            yield f"a circle: {', '.join(sorted(members))}"


def late_imports() -> Iterator[str]:
    """Our own modules are imported at the top, or the line says why not."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            lines = source.splitlines()
            for node in _late(ast.parse(source)):
                if "# late:" not in lines[node.lineno - 1]:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: imported late without `# late: reason`"


def _late(tree: ast.AST) -> Iterator[ast.ImportFrom | ast.Import]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom | ast.Import) and _is_ours(node):
                    yield node


def _is_ours(node: ast.ImportFrom | ast.Import) -> bool:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
    return any(name.split(".")[0] in FLOORS for name in names)


def _imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            yield importer, imported


def _kind(module: str) -> int | None:
    """`concerns.public_views` is a view as `concerns.views` is."""
    name = module.split(".")[-1]
    return next((n for n, kind in enumerate(FURNITURE) if name == kind or name.endswith(f"_{kind}")), None)


def strongly_connected(imports: dict[str, set[str]]) -> list[set[str]]:
    """Groups of modules that reach one another (Tarjan's algorithm, without recursion)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[set[str]] = []
    for start in imports:
        if start in number:
            continue
        work = [(start, iter(sorted(imports[start])))]
        number[start] = lowest[start] = len(number)
        stack.append(start)
        while work:
            name, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    stack.append(other)
                    work.append((other, iter(sorted(imports[other]))))
                    break
                if other in stack:
                    lowest[name] = min(lowest[name], number[other])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == number[name]:
                    cut = stack.index(name)
                    groups.append(set(stack[cut:]))
                    del stack[cut:]
    return groups


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found))
    sys.exit(1 if found else 0)
