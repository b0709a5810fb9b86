"""A county's programme as a TOML file (docs/programme-file.md): what its tables may hold, and what is wrong in one."""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Expected = Callable[[Any], str]  # of a value: empty if it fits, else what is expected instead


class ProgrammeRefused(Exception):
    """`problems` are sentences for county IT, all that were found."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Key:
    name: str
    expected: Expected
    is_required: bool = True


# --- what a value may be


def text(longest: int, *, has_lines: bool = False) -> Expected:
    def expected(value: Any) -> str:
        what = f"a text in quotation marks, at most {longest} characters"
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            return what
        seen = value.replace("\n", "") if has_lines else value
        return "" if seen.isprintable() else f"{what}, without control characters"

    return expected


def digits(number: int) -> Expected:
    return _matching(rf"[0-9]{{{number}}}", f"{number} digits in quotation marks")


def code(longest: int) -> Expected:
    return _matching(
        rf"[a-z0-9_-]{{1,{longest}}}",
        f'at most {longest} small letters from a to z, digits, "-" or "_" in quotation marks',
    )


def _matching(pattern: str, what: str) -> Expected:
    return lambda value: "" if isinstance(value, str) and re.fullmatch(pattern, value) else what


def whole(least: int, most: int) -> Expected:
    what = f"a whole number from {least} to {most} without quotation marks"
    return lambda value: "" if type(value) is int and least <= value <= most else what


def day(value: Any) -> str:
    return "" if type(value) is dt.date else "a date like 2020-12-31 without quotation marks"


def degrees(most: int) -> Expected:
    def expected(value: Any) -> str:
        if type(value) in (int, float, str):
            try:
                if abs(float(value)) <= most:  # never true for "nan"
                    return ""
            except ValueError:
                pass
        return f'degrees like "48.80139", from {-most} to {most}'

    return expected


def one_of(values: Iterable[str]) -> Expected:
    known = list(values)
    return lambda value: "" if value in known else "one of " + ", ".join(f'"{name}"' for name in known)


def numbers(most: int) -> Expected:
    what = f"a list of whole numbers from 1 to {most}, like [9, 20]"
    return lambda value: (
        "" if isinstance(value, list) and all(type(n) is int and 1 <= n <= most for n in value) else what
    )


# --- reading


def read(path: Path) -> dict[str, Any]:
    """As editors write it: with or without a byte order mark, letters composed or not."""
    try:
        return tomllib.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise ProgrammeRefused([f"The file cannot be read: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise ProgrammeRefused(["The file is not written in UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeRefused([f"The file is no TOML: {error}."]) from None


def problems_of_table(place: str, table: Any, keys: Sequence[Key]) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{place}: this is no table."
        return
    known = {key.name: key for key in keys}
    for key in keys:
        if key.is_required and key.name not in table:
            yield f"{place}: the key {key.name} is missing."
    for name, value in table.items():
        if name not in known:
            yield f"{place}: there is no key {name}. It knows {', '.join(known)}."
        elif what := known[name].expected(value):
            yield f"{place}: {name} is {_shown(value)}, expected: {what}."


def problems_of_rows(table: str, rows: Any, keys: Sequence[Key], once: Sequence[str]) -> Iterator[str]:
    """`once` are the keys of which every row needs a value of its own; capital letters make no difference."""
    if not isinstance(rows, list) or not rows:
        yield f"[[{table}]]: at least one is expected, written as [[{table}]]."
        return
    for number, row in enumerate(rows, start=1):
        yield from problems_of_table(place_of(table, number, row), row, keys)
    for key in once:
        first: dict[str, int] = {}
        for number, row in enumerate(rows, start=1):
            value = row.get(key) if isinstance(row, dict) else None
            if isinstance(value, str) and (earlier := first.setdefault(value.casefold(), number)) != number:
                yield f"{place_of(table, number, row)}: the {key} {_shown(value)} is that of number {earlier}, too."


def place_of(table: str, number: int, row: Any) -> str:
    names = row if isinstance(row, dict) else {}
    name = next((names[key] for key in ("code", "name", "title") if isinstance(names.get(key), str)), "")
    return f"[[{table}]] number {number}" + (f" ({name})" if name else "")


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:39]}…"'
    if isinstance(value, float) and not math.isfinite(value):
        return "no number"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return f"{value}"[:40]
