"""Mends the structure tree that WeasyPrint 70 writes.

Upstream, an element that crosses a page becomes one structure element a page (a table of five pages reads as
five tables, each with its header row), header cells say no scope, and a figure's box is in the wrong unit. Two
private functions are wrapped for that, so `weasyprint==70.*` is pinned and tests/kiv_portal/documents/test_structure.py
reads the finished tree. Nothing happens outside `repaired_tags()`.
"""

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

import pydyf
import weasyprint.pdf
import weasyprint.pdf.tags

MERGEABLE = {
    f"/{name}"
    for name in (
        "Table", "TBody", "TR", "TH", "TD", "Caption", "L", "LI", "LBody", "P", "Sect", "Art", "Part", "Div",
        "BlockQuote", "NonStruct", "H1", "H2", "H3", "H4", "H5", "H6",
    )
}  # fmt: skip
SCOPES = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}
POINTS_PER_PIXEL = 0.75


class _Record:
    """What is seen of one document while its tree is built; keys are identities of HTML elements."""

    def __init__(self) -> None:
        self.seen_groups: set[int] = set()
        self.owners: dict[int, int] = {}  # of nodes, by identity
        self.fragments: dict[tuple[int, str], dict[int, Any]] = {}
        self.header_cells: dict[int, list[Any]] = {}
        self.figures: list[tuple[int, Any]] = []


_current: contextvars.ContextVar[_Record | None] = contextvars.ContextVar("tag_repair", default=None)
_build_box_tree = weasyprint.pdf.tags._build_box_tree
_add_tags = weasyprint.pdf.add_tags


@contextlib.contextmanager
def repaired_tags() -> Iterator[None]:
    token = _current.set(_Record())
    try:
        yield
    finally:
        _current.reset(token)


def _build(box, parent, pdf, page_number, nums, annotations, tags):  # type: ignore[no-untyped-def]
    record = _current.get()
    inner = getattr(box, "_box", box)  # absolutely positioned boxes are wrapped
    element, name = getattr(inner, "element", None), getattr(inner, "element_tag", None)
    built = _build_box_tree(box, parent, pdf, page_number, nums, annotations, tags)
    if record is None or element is None or not name or "::" in name:
        yield from built
        return
    if name in ("thead", "tfoot"):
        if id(element) in record.seen_groups:  # the repeated header row: on paper only
            tuple(built)
            return
        record.seen_groups.add(id(element))
    for node in built:
        if record.owners.setdefault(id(node), id(element)) != id(element):
            yield node  # of a child: html and body have no node of their own
            continue
        kind = str(node["S"])
        if kind == "/TH":
            if "A" in node and (scope := SCOPES.get(element.attrib.get("scope", ""))):
                node["A"]["Scope"] = scope
            record.header_cells.setdefault(id(element), []).append(node)
        elif kind == "/Figure":
            record.figures.append((page_number, node))
        if kind in MERGEABLE:
            # of several nodes of one element on one page the outermost comes last
            record.fragments.setdefault((id(element), kind), {})[page_number] = node
        yield node


def _add(pdf, document, pdf_version, page_streams):  # type: ignore[no-untyped-def]
    _add_tags(pdf, document, pdf_version, page_streams)
    record = _current.get()
    if record is None:
        return
    dictionaries: list[Any] = [item for item in pdf.objects if isinstance(item, dict)]
    nodes = {item.reference: item for item in dictionaries if item.get("Type") == "/StructElem"}
    moved = _merge_fragments(record, nodes)
    root = next(
        item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructTreeRoot"
    )
    _follow_moves(next(item for item in pdf.objects if item.reference == root["ParentTree"])["Nums"], moved)
    _point_to_first_headers(record, nodes)
    for page_number, figure in record.figures:
        _place_figure(figure, document.pages[page_number].height)


def _merge_fragments(record: _Record, nodes: dict[Any, Any]) -> dict[Any, Any]:
    moved = {}
    for by_page in record.fragments.values():
        first, *rest = (by_page[page] for page in sorted(by_page))
        for node in rest:
            parent = nodes.get(node["P"])
            if node is first or parent is None or node.reference not in parent["K"]:
                continue
            for kid in node["K"]:
                if isinstance(kid, int):  # a marked-content number counts within its page
                    kid = pydyf.Dictionary({"Type": "/MCR", "Pg": node["Pg"], "MCID": kid})
                elif kid in nodes:
                    nodes[kid]["P"] = first.reference
                first["K"].append(kid)
            parent["K"].remove(node.reference)
            node["K"] = pydyf.Array()
            moved[node.reference] = first.reference
    return moved


def _follow_moves(array: list[Any], moved: dict[Any, Any]) -> None:
    for index, item in enumerate(array):
        if isinstance(item, list):
            _follow_moves(item, moved)
        elif item in moved:
            array[index] = moved[item]


def _point_to_first_headers(record: _Record, nodes: dict[Any, Any]) -> None:
    first_id = {
        str(later["ID"]): cells[0]["ID"]
        for cells in record.header_cells.values()
        for later in cells[1:]
        if "ID" in later and "ID" in cells[0]
    }
    for node in nodes.values():
        attributes = node.get("A")
        if isinstance(attributes, dict) and "Headers" in attributes:
            attributes["Headers"] = pydyf.Array(first_id.get(str(key), key) for key in attributes["Headers"])


def _place_figure(figure: Any, page_height: float) -> None:
    left, top, right, bottom = figure["A"]["BBox"]
    edges = (left, page_height - bottom, right, page_height - top)
    figure["A"]["BBox"] = pydyf.Array(round(edge * POINTS_PER_PIXEL, 2) for edge in edges)


weasyprint.pdf.tags._build_box_tree = _build
weasyprint.pdf.add_tags = _add
