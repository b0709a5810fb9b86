"""The chapters, read once: Markdown of our own, so no text of a user ever comes here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR, "docs", "handbuch")
CONTENTS = "README"
READER = MarkdownIt("commonmark", {"html": False}).enable("table")
CHAPTER_LINK = re.compile(r"(?:(?P<chapter>[a-z-]+)\.md)?(?P<anchor>#.+)?")


@dataclass(frozen=True)
class Section:
    """What stands below one heading; of the chapter's beginning `title` and `anchor` are empty."""

    title: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """`html` has no first heading: the page has it."""

    name: str
    title: str
    html: SafeString
    sections: tuple[Section, ...]


@cache
def contents() -> SafeString:
    """Which chapters there are, for whom."""
    return _read(CONTENTS).html


@cache
def chapters() -> dict[str, Chapter]:
    names = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != CONTENTS)
    return {name: _read(name) for name in names}


def _read(name: str) -> Chapter:
    tokens = READER.parse(Path(FOLDER, f"{name}.md").read_text())
    title, body = tokens[1].content, tokens[3:]
    _prepare(body)
    parts = [(_heading(part), _html(part)) for part in _parts(body)]
    sections = tuple(
        Section(heading, anchor_of(heading), " ".join(strip_tags(html).split())) for heading, html in parts
    )
    return Chapter(name, title, mark_safe("".join(html for _, html in parts)), sections)  # noqa: S308  our own file


def _table_open(renderer: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    return format_html(
        '<div class="table-region" role="region" tabindex="0" aria-label="Tabelle: {}"><table class="kern-table">',
        tokens[at].meta["heading"],
    )


def _table_close(renderer: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    return "</table></div>"


READER.add_render_rule("table_open", _table_open)
READER.add_render_rule("table_close", _table_close)


def _html(tokens: Sequence[Token]) -> str:
    return str(READER.renderer.render(tokens, READER.options, {}))


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """From one heading of the second level to the next."""
    part: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and part:
            yield part
            part = []
        part.append(token)
    if part:
        yield part


def _heading(part: Sequence[Token]) -> str:
    return part[1].content if part[0].type == "heading_open" else ""


def anchor_of(heading: str) -> str:
    """As GitHub makes it, where the same files are read, too."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _prepare(tokens: Sequence[Token]) -> None:
    """Headings can be linked, links stay in the portal, and a wide table scrolls in a region with a name."""
    heading = ""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            heading = following.content
            token.attrSet("id", anchor_of(heading))
        elif token.type == "table_open":
            token.meta["heading"] = heading
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", address_of(str(child.attrGet("href"))))


def address_of(link: str) -> str:
    """In the portal, of a link between the files. Raises ValueError for one that leads elsewhere."""
    found = CHAPTER_LINK.fullmatch(link)
    if not found:
        raise ValueError(f"{link} leads out of the handbook")
    chapter, anchor = found["chapter"], found["anchor"] or ""
    return (reverse("help_chapter", args=[chapter]) if chapter else "") + anchor
