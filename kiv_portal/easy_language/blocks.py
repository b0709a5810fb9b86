"""A text in easy language, as people type it: "# " heading, "- " point of a list, every other line a line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARKER = re.compile(r"(#{1,6}|[-–•*])(?:[ \t\u00a0]+|\Z)")


class Line(NamedTuple):
    """`kind` is "heading", "list", "lines" or "" for an empty line; text[start:end] is the line without its marker."""

    kind: str
    start: int
    end: int


class EasyBlock(NamedTuple):
    """`kind` is "heading" (one item), "lines" (a paragraph, a line each) or "list". The items are not escaped."""

    kind: str
    items: list[str]


def lines(text: str) -> Iterator[Line]:
    start = 0
    for whole in text.splitlines(keepends=True):
        yield _line(whole, start)
        start += len(whole)


def _line(whole: str, offset: int) -> Line:
    content = whole.strip()
    start = offset + len(whole) - len(whole.lstrip())
    end = start + len(content)
    match = _MARKER.match(content)
    if match and match.end() < len(content):
        kind = "heading" if match[1].startswith("#") else "list"
        return Line(kind, start + match.end(), end)
    return Line("lines", start, end) if content and not match else Line("", offset, offset)


def blocks(text: str) -> list[EasyBlock]:
    """What pages and the PDF show. A blank line ends a paragraph or a list; lines of one kind belong together."""
    found: list[EasyBlock] = []
    before = ""
    for kind, start, end in lines(text):
        if kind and kind == before != "heading":
            found[-1].items.append(text[start:end])
        elif kind:
            found.append(EasyBlock(kind, [text[start:end]]))
        before = kind
    return found
