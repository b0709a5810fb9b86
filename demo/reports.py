"""What stands in the reports of the demo: texts for every term, drawn from the seed. No database here."""

from __future__ import annotations

import tomllib
from functools import cache
from random import Random
from typing import Any

from demo import year
from demo.days import DAY
from demo.terms import Course, courses_of

NTH = (
    "ersten",
    "zweiten",
    "dritten",
    "vierten",
    "fünften",
    "sechsten",
    "siebten",
    "achten",
    "neunten",
    "zehnten",
)
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
    *("November", "Dezember"),
)
POOLS = ("occasion", "participation", "cooperation", "costs", "assessment", "outlook", "alternatives")
BEGUN = ("occasion", "participation")  # what stands there a few days after the term's end
RESULTS = 3
A_WEEK = 7 * DAY


@cache
def own_reports() -> dict[str, dict[str, Any]]:
    """{town: what its newest report says in words of its own}"""
    rows = tomllib.loads((year.HERE / "reports.toml").read_text(encoding="utf-8"))["report"]
    return {row["slug"]: row for row in rows}


@cache
def pool() -> dict[str, Any]:
    return tomllib.loads((year.HERE / "texts.toml").read_text(encoding="utf-8"))


def showcase_of(town: year.Town) -> Course | None:
    """The report with the town's own texts: the newest that its council has, or that its stage is about."""
    over = [course for course in courses_of(town) if course.end < town.today]
    if "stage" in town.data:
        return over[-1] if over else None
    return next((course for course in reversed(over) if course.delivered_on), None)


def texts_of(town: year.Town, course: Course) -> dict[str, str]:
    """{section: its text} as far as it has been written: the running term has none, a draft some."""
    if course.end >= town.today:
        return {}
    own = own_reports().get(town.slug, {}).get("texts", {}) if course == showcase_of(town) else {}
    words = _words(town, course)
    written = {key: _filled(text, words) for key, text in own.items()}
    if course.submitted_on is None and own:
        return written
    rest = {key: _filled(_turn(pool()[key], town, course, key), words) for key in POOLS if key not in written}
    if course.submitted_on is None:
        begun = town.today - course.end > A_WEEK
        return {key: rest[key] for key in BEGUN} if begun else {}
    rest |= (
        {"proposal": _filled(pool()["proposal"][course.proposes], words)} if "proposal" not in written else {}
    )
    rest |= {"at_a_glance": _results(town, course)} if "at_a_glance" not in written else {}
    return written | rest


def _turn(variants: list[str], town: year.Town, course: Course, key: str) -> str:
    """Another one in every term, in an order that is the town's own."""
    order = list(range(len(variants)))
    Random(f"{year.SEED} {town.slug} {key}").shuffle(order)  # noqa: S311  demo data, not a secret
    return variants[order[course.number % len(variants)]]


def _words(town: year.Town, course: Course) -> dict[str, str]:
    rng = Random(f"{year.SEED} {town.slug} {course.number} words")  # noqa: S311  demo data, not a secret
    return {
        **{name: rng.choice(options) for name, options in sorted(town.places.items())},
        "town": town.places["name"][0],
        "nth": NTH[course.number - 1],
        "von": f"{course.start.day}. {MONTHS[course.start.month - 1]} {course.start.year}",
        "bis": f"{course.end.day}. {MONTHS[course.end.month - 1]} {course.end.year}",
        "year": str(course.end.year),
        "next": str(course.end.year + 1),
        "cost": f"{1 + town.activities // 25}.{100 * rng.randint(1, 9)}",
    }


def _filled(text: str, words: dict[str, str]) -> str:
    return text.strip().format_map(words)


def _results(town: year.Town, course: Course) -> str:
    """Three things of the term that came to a good end, each of another field."""
    done = [
        entry
        for entry in year.entries_of(town)
        if course.start <= entry.day <= course.end
        and entry.result == "done"
        and entry.description
        and entry.field
    ]
    Random(f"{year.SEED} {town.slug} {course.number} results").shuffle(done)  # noqa: S311  demo data, not a secret
    by_field = {entry.field: entry for entry in reversed(done)}
    lines = [f"- {entry.title}: {_first_sentence(entry.description)}" for entry in by_field.values()]
    return "\n".join(lines[:RESULTS])


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".") + "."
