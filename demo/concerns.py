"""What people in the demo's towns asked for and what became of it, drawn from the seed. No database here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from random import Random
from string import Formatter
from typing import Any

from demo import year

# One of each for the smallest town; a livelier one goes on along this row.
ENDS = (
    *("done", "promised", "refused", "passed_on", "checking", "reported"),
    *("done", "promised", "done", "refused", "done", "promised", "passed_on", "done"),
)
ACTIVITIES_PER_CONCERN = 8


@dataclass(frozen=True)
class Step:
    state: str
    day: dt.date
    sentence: str
    is_by_contact: bool


@dataclass(frozen=True)
class Invented:
    """A concern; `account` is the mediator who looks after it ("" while nobody does), `field` "" for all fields."""

    title: str
    place: str
    field: str
    description: str
    since: str
    office: str
    reported_on: dt.date
    is_by_public: bool
    is_public: bool
    account: str
    promised_until: dt.date | None
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        return self.steps[-1].state if self.steps else "reported"


@cache
def _stories() -> list[dict[str, Any]]:
    return tomllib.loads((year.HERE / "concerns.toml").read_text(encoding="utf-8"))["concern"]


def concerns_of(town: year.Town) -> list[Invented]:
    """Six to fourteen, the livelier the town the more, by the day they were reported."""
    rng = Random(f"{year.SEED} {town.slug} concerns")  # noqa: S311  demo data, not a secret
    number = min(max(round(town.activities / ACTIVITIES_PER_CONCERN), 6), len(ENDS))
    untold = [story for story in _stories() if _can_tell(town, story)]
    told = []
    for end in ENDS[:number]:
        story = rng.choice([story for story in untold if _end_of(story) == end])
        untold.remove(story)
        told.append(_tell(town, story, rng))
    return sorted(told, key=lambda concern: (concern.reported_on, concern.title))


def checksum() -> str:
    """SHA-256 over the concerns of all ten towns; changes with every word of the data and with nothing else."""
    rows = [asdict(concern) for town in year.towns() for concern in concerns_of(town)]
    return hashlib.sha256(json.dumps(rows, default=str, ensure_ascii=False).encode()).hexdigest()


def _end_of(story: dict[str, Any]) -> str:
    return story["step"][-1]["state"] if story["step"] else "reported"


def _can_tell(town: year.Town, story: dict[str, Any]) -> bool:
    return all(town.places.get(name) for name in _names_in(story))


def _names_in(story: dict[str, Any]) -> set[str]:
    texts = [story[key] for key in ("title", "place", "text", "office") if key in story]
    texts += [step["text"] for step in story["step"]]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _tell(town: year.Town, story: dict[str, Any], rng: Random) -> Invented:
    places = {name: rng.choice(town.places[name]) for name in sorted(_names_in(story))}
    days = [0]
    for step in story["step"]:
        days.append(days[-1] + rng.randint(*step["after"]))
    # what is only reported came lately; everything else leaves room for its steps
    earliest = year.END - dt.timedelta(days=25) if not story["step"] else year.START + dt.timedelta(days=4)
    room = (year.END - earliest).days - days[-1]
    reported_on = earliest + dt.timedelta(days=rng.randint(0, room))
    steps = tuple(
        Step(
            state=step["state"],
            day=_working_day(reported_on + dt.timedelta(days=after)),
            sentence=_filled(step["text"], places),
            is_by_contact=step.get("who") == "contact",
        )
        for step, after in zip(story["step"], days[1:], strict=True)
    )
    promise = next((s for s in zip(story["step"], steps, strict=True) if s[0]["state"] == "promised"), None)
    return Invented(
        title=_filled(story["title"], places),
        place=_place(_filled(story.get("place", ""), places)),
        field=story["field"],
        description=_filled(story["text"], places),
        since=story.get("since", ""),
        office=_filled(story.get("office", ""), places),
        reported_on=reported_on,
        is_by_public=story.get("by") == "public",
        is_public=bool(steps) and rng.random() < 0.75,
        account=_account(town, steps[0].day) if steps else "",
        promised_until=promise[1].day + dt.timedelta(days=promise[0]["until"]) if promise else None,
        steps=steps,
    )


def _working_day(day: dt.date) -> dt.date:
    """The first day from `day` on that is neither a holiday nor a weekend; the year ends with one."""
    while day in year.HOLIDAYS or day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day


def _account(town: year.Town, day: dt.date) -> str:
    """Who looks after it: appointed on that day, or the next to come while the post is vacant."""
    terms = [term for term in town.terms if term.end is None or term.end >= day]
    return min(terms, key=lambda term: term.start).account


def _filled(text: str, places: dict[str, str]) -> str:
    return text.format_map(places)


def _place(text: str) -> str:
    """ "in Eltingen" → "Eltingen" """
    return text.removeprefix("in der ").removeprefix("in ").removeprefix("am ")
