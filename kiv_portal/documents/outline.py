"""A document as a plain sequence of headings, texts, lists, tables and pictures: what web page and word processor
files are written from.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kiv_portal.documents.charts import Chart
from kiv_portal.documents.check_code import Check

LINE = 100  # characters of a table's row over the whole width, at 9 points
BESIDE = 3  # of them are space beside the text of a cell
LONGEST_WORD, WIDEST = 27, 60  # what a column is made for; longer words break, longer texts have more lines
AFTER = "Nachher"


class ReportPhoto(NamedTuple):
    """`moment` is "Vorher", "Nachher" or ""; `title` is what was reported, `done` what was done about it, if it was
    said; the size is in pixels.
    """

    jpeg: bytes
    width: int
    height: int
    alt: str
    moment: str
    title: str
    when: str  # town and day
    done: str = ""

    @property
    def data_uri(self) -> str:
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode()

    @property
    def caption(self) -> str:
        """A photo of after never shows what the title complains of."""
        if self.moment == AFTER:
            return f"{AFTER}: {self.done}" if self.done else f"{AFTER}, zum Anliegen „{self.title}“"
        return f"{self.moment}: {self.title}" if self.moment else self.title


PhotoRow = Sequence[ReportPhoto]


SPACE_BETWEEN = 0.1  # cm beside each of two photos


class Heading(NamedTuple):
    """`level` 1 is the title, chapters have 2; an anchor marks what belongs into a table of contents."""

    level: int
    text: str
    anchor: str = ""
    kind: str = "heading"


class Text(NamedTuple):
    text: str
    role: Literal["plain", "lead", "small", "subtitle"] = "plain"
    kind: str = "text"


class Points(NamedTuple):
    items: Sequence[str]
    is_numbered: bool = False
    kind: str = "points"


class Grid(NamedTuple):
    """A table: `name` is one of this module's, `numeric` are the columns of numbers, `header` is the column that names
    the row. Every row has as many cells as there are columns.
    """

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    header: int = 0
    has_total: bool = False
    kind: str = "grid"

    @property
    def cells(self) -> Iterator[list[tuple[str, bool, bool, str]]]:
        """Rows of (text, is it the row's header, is it a number, name of the column), as a template needs them."""
        for row in self.rows:
            yield [
                (text, column == self.header, column in self.numeric, self.columns[column])
                for column, text in enumerate(row)
            ]

    @property
    def is_wide(self) -> bool:
        """Too wide for a phone."""
        return len(self.columns) > 3 or any(len(text) > WIDEST for row in self.rows for text in row)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return [(text, column in self.numeric) for column, text in enumerate(self.columns)]

    @property
    def widths(self) -> list[float]:
        """Parts of the whole width, together at most 1: as wide as the text where that is short; otherwise every column
        takes its longest word whole (a date, a number), and the long ones share the rest.
        """
        columns = list(zip(self.columns, *self.rows, strict=True))
        whole = [min(max(map(len, column)), WIDEST) + BESIDE for column in columns]
        words = [min(max(map(_longest_word, column)), LONGEST_WORD) + BESIDE for column in columns]
        rest, missing = LINE - sum(words), sum(whole) - sum(words)
        if rest < 0:
            return [width / sum(words) for width in words]
        share = min(rest / missing, 1) if missing else 0
        return [(word + (long - word) * share) / LINE for word, long in zip(words, whole, strict=True)]


def _longest_word(text: str) -> int:
    return max(map(len, text.replace("-", "- ").split(" ")))


class Picture(NamedTuple):
    """`narrow` is the same for a phone."""

    name: str
    caption: str
    chart: Chart
    narrow: Chart | None = None
    kind: str = "picture"


class Photos(NamedTuple):
    """One photo, or two that stand side by side, each with its caption."""

    photos: PhotoRow
    kind: str = "photos"

    @property
    def caption(self) -> str:
        """For those who set the captions below both."""
        sides = ("Links: ", "Rechts: ") if len(self.photos) == 2 else ("",)
        parts = (
            f"{side}{photo.caption}, {photo.when}" for side, photo in zip(sides, self.photos, strict=True)
        )
        return ". ".join(parts) + "."

    def size_in(self, box: tuple[float, float]) -> list[tuple[float, float]]:
        """Width and height of each, so that a row of two fits into the box, in the unit of the box."""
        width, height = box[0] / 2 - SPACE_BETWEEN, box[1]
        scales = [min(width / photo.width, height / photo.height) for photo in self.photos]
        return [(photo.width * s, photo.height * s) for photo, s in zip(self.photos, scales, strict=True)]


class KeyFigures(NamedTuple):
    """Pairs of a number and what it counts."""

    figures: Sequence[tuple[str, str]]
    kind: str = "figures"


class Proof(NamedTuple):
    check: Check
    kind: str = "proof"


class Contents(NamedTuple):
    """Where a table of contents belongs; `entries` are the headings that have an anchor."""

    entries: Sequence[Heading]
    kind: str = "contents"


Element = Heading | Text | Points | Grid | Picture | Photos | KeyFigures | Proof | Contents


@dataclass(frozen=True)
class Outline:
    """`dated` is an ISO day: the only clock of a file."""

    title: str
    town: str
    subject: str
    dated: str
    footer: str
    elements: Sequence[Element]


def figures_grid(element: KeyFigures) -> Grid:
    """Key figures as a table, where there is no other way to set number and words side by side."""
    rows = [(label, value) for value, label in element.figures]
    return Grid("figures", "Kennzahlen", ("Was gezählt ist", "Zahl"), rows, numeric=frozenset((1,)))
