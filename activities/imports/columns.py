"""Which column of an imported table means what: the fields an import knows, and how their headers are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from activities.log.fields import import_columns
from kiv_portal.uploads.spreadsheet import MAX_HEADER_ROW, Line, Spreadsheet

MOST_WORDS = 40  # a column with more different words is text, nothing to choose from
MOST_SAMPLES = 3
MOST_HOURS = 12  # that somebody may have worked on one day


@dataclass(frozen=True)
class Target:
    """A field that a column can fill. `words` are beginnings of headers, all in small letters."""

    key: str
    label: str
    words: tuple[str, ...]
    help: str
    example: str = ""
    is_required: bool = False


TARGETS = tuple(
    Target(
        column.key or field.name,
        column.label or field.label,
        column.words,
        column.help,
        column.example,
        column.is_required,
    )
    for field, column in import_columns()
)
OWN_COLUMN = "Ergebnis der Prüfung"  # what the marked file adds; it means nothing when it comes back
BY_KEY = {target.key: target for target in TARGETS}
WITH_WORDS = ("kind", "field", "municipality", "result")  # a word that is not known can be given a meaning


def folded(text: str) -> str:
    """For comparing: small letters, one space, without the dot or colon at the end."""
    return " ".join(text.lower().split()).strip(" .:*")


def guess_target(header: str) -> str:
    """The key of the field that a header means, or an empty string. The longest matching word decides."""
    text = folded(header)
    if text == folded(OWN_COLUMN):
        return ""
    matches = [
        (len(word), target.key)
        for target in TARGETS
        for word in (*target.words, target.label.lower())
        if text == word or re.match(rf"{re.escape(word)}\b", text)
    ]
    return max(matches, default=(0, ""))[1]


def guess_targets(headers: list[str]) -> list[str]:
    """One for each column; no field twice, and of the two durations only the first."""
    targets: list[str] = []
    for header in headers:
        target = guess_target(header)
        taken = target in targets or (target in ("minutes", "hours") and {"minutes", "hours"} & set(targets))
        targets.append("" if taken else target)
    return targets


def header_line(lines: list[Line]) -> int:
    """Index of the line that names the columns: of the first ones that with the most known words."""

    def known(line: Line) -> int:
        return sum(bool(target) for target in guess_targets(line.cells))

    first = range(min(len(lines), MAX_HEADER_ROW))
    best = max(first, key=lambda index: (known(lines[index]), -index))
    if known(lines[best]):
        return best
    return next((index for index in first if sum(map(bool, lines[index].cells)) > 1), 0)


def _may_be_hours(value: str) -> bool:
    """A number without a unit that could be hours of a day as well as minutes."""
    return value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= MOST_HOURS


def describe_columns(spreadsheet: Spreadsheet) -> list[dict[str, object]]:
    """What the page shows of each column: header, the first values, and its words where there are few."""
    at = header_line(spreadsheet.lines)
    headers, below = spreadsheet.lines[at].cells, spreadsheet.lines[at + 1 :]
    described: list[dict[str, object]] = []
    for index, header in enumerate(headers):
        values = dict.fromkeys(line.cells[index] for line in below if line.cells[index])
        words = [value for value in values if len(value) <= 60]
        described.append(
            {
                "header": header[:80] or f"Spalte {index + 1}",
                "samples": [value[:60] for value in list(values)[:MOST_SAMPLES]],
                "words": words if len(words) == len(values) <= MOST_WORDS else [],
                "first": [line.cells[index][:60] for line in below[:MOST_SAMPLES]],
                "is_hidden": index in spreadsheet.hidden_columns,
                "has_bare_hours": any(_may_be_hours(value) for value in values),
            }
        )
    return described
