"""One believable year of every town, drawn from a seed: the same on every machine and in every run. No database here.

What can happen stands in `stories/*.toml`: a story is one to three steps about the same place, told in the words that a
mediator would write. `{place}` is filled from the places of a town (`towns.toml`); a town that lacks it does not tell
the story. `[one|other]` is a choice of words. `routines.toml` has what comes again and again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any

from demo.details import details_of

HERE = Path(__file__).parent
SEED = 20211001
START, END = dt.date(2021, 10, 1), dt.date(2022, 9, 30)
REPORTS_DATED_ON = dt.date(2022, 10, 14)
DAYS = [START + dt.timedelta(days=n) for n in range((END - START).days + 1)]

HOLIDAYS = {
    dt.date(*day)
    for day in [
        *(
            (2021, 11, 1),
            (2022, 4, 15),
            (2022, 4, 17),
            (2022, 4, 18),
            (2022, 5, 26),
            (2022, 6, 6),
            (2022, 6, 16),
        ),
        *((2022, 1, 1), (2022, 1, 2), (2022, 1, 6)),
        *((2021, 12, day) for day in range(23, 32)),
    ]
}
SCHOOL_HOLIDAYS = [  # Baden-Württemberg
    (dt.date(2021, 10, 31), dt.date(2021, 11, 6)),
    (dt.date(2021, 12, 23), dt.date(2022, 1, 8)),
    (dt.date(2022, 2, 28), dt.date(2022, 3, 4)),
    (dt.date(2022, 4, 14), dt.date(2022, 4, 23)),
    (dt.date(2022, 6, 7), dt.date(2022, 6, 18)),
    (dt.date(2022, 7, 28), dt.date(2022, 9, 11)),
]
# The work starts slowly, rests in August and around Christmas, and is busiest in spring and early autumn.
BUSY = {10: 8, 11: 11, 12: 7, 1: 8, 2: 9, 3: 12, 4: 9, 5: 12, 6: 10, 7: 11, 8: 3, 9: 12}

EVENT_MONTHS = (10, 11, 3, 4, 5, 6, 7, 9)  # the winter of the pandemic had no gatherings

MINUTES = {
    "begehung": (60, 150),
    "beratung": (30, 75),
    "vermittlung": (30, 90),
    "stellungnahme": (60, 180),
    "sprechstunde": (90, 150),
    "veranstaltung": (90, 240),
    "gremienarbeit": (60, 150),
    "oeffentlichkeitsarbeit": (45, 150),
    "vernetzung": (60, 120),
    "qualifizierung": (60, 120),
}
PEOPLE = {
    "begehung": (3, 9),
    "beratung": (1, 5),
    "vermittlung": (2, 7),
    "sprechstunde": (1, 7),
    "veranstaltung": (12, 60),
    "gremienarbeit": (6, 18),
    "vernetzung": (4, 14),
}
NOT_COUNTED = 0.07  # share of activities with people whom nobody counted


@dataclass(frozen=True)
class Term:
    """`account` is the part of the e-mail address before the @."""

    account: str
    start: dt.date
    end: dt.date | None
    form: str
    share: int = 1

    def holds_on(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Entry:
    """What one activity will say; `account` names its mediator, `field` is "" for work across all fields."""

    day: dt.date
    account: str
    field: str
    further_fields: tuple[str, ...]
    kind: str
    title: str
    description: str
    minutes: int
    people_reached: int | None
    result: str
    result_note: str
    place: str = ""
    travel_minutes: int = 0
    expenses_cents: int = 0
    people_reached_to: int | None = None
    is_estimated: bool = False
    follow_up_on: dt.date | None = None
    followed_up_on: dt.date | None = None
    internal_note: str = ""
    organisations: tuple[str, ...] = ()


@dataclass
class Town:
    slug: str
    activities: int
    weights: dict[str, int]
    consultation: dict[str, Any]
    routines: dict[str, int]
    places: dict[str, list[str]]
    terms: list[Term]
    data: dict[str, Any] = field(repr=False, default_factory=dict)


@cache
def _people_and_places() -> dict[str, Any]:
    return tomllib.loads((HERE / "towns.toml").read_text(encoding="utf-8"))


def coordinators() -> list[dict[str, Any]]:
    return _people_and_places()["coordinators"]


@cache
def towns() -> list[Town]:
    return [
        Town(
            slug=row["slug"],
            activities=row["activities"],
            weights=row["weights"],
            consultation=row["consultation"],
            routines=row["routines"],
            places=row["places"],
            terms=[
                Term(m["account"], m["starts_on"], m.get("ends_on"), m["form"], m.get("share", 1))
                for m in row["mediators"]
            ],
            data=row,
        )
        for row in _people_and_places()["town"]
    ]


@cache
def stories() -> list[dict[str, Any]]:
    found = []
    for path in sorted((HERE / "stories").glob("*.toml")):
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            found.append({"field": "" if path.stem == "querschnitt" else path.stem, **story})
    return found


@cache
def routines() -> dict[str, Any]:
    return tomllib.loads((HERE / "routines.toml").read_text(encoding="utf-8"))


def entries_of(town: Town) -> list[Entry]:
    """The year of a town by day, exactly as many as `town.activities`."""
    year = _Year(town)
    year.tell_routines()
    year.tell_stories()
    entries = sorted(year.entries, key=lambda entry: (entry.day, entry.title))
    return [
        replace(entry, **details_of(entry, number, town, seed=SEED, last_day=END))
        for number, entry in enumerate(entries)
    ]


def checksum() -> str:
    """SHA-256 over all ten years; changes with every word of the data and with nothing else."""
    rows = [asdict(entry) for town in towns() for entry in entries_of(town)]
    return hashlib.sha256(json.dumps(rows, default=str, ensure_ascii=False).encode()).hexdigest()


class _Year:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.rng = Random(f"{SEED} {town.slug}")  # noqa: S311  demo data, not a secret
        self.entries: list[Entry] = []
        self.taken: dict[dt.date, int] = {}
        self.titles: set[str] = set()
        self.last_place: dict[str, str] = {}

    # --- what comes again and again

    def tell_routines(self) -> None:
        county = routines()["county"]
        for event in county:
            if self.rng.random() * 10 < self.town.routines.get(event["series"], 0):
                self._add(event, event["day"])
        self._series(routines()["consultation"], self._consultation_days())
        self._series(routines()["working_group"], self._working_group_days())

    def _series(self, texts: list[dict[str, Any]], days: Iterable[dt.date]) -> None:
        pool = [text for text in texts if self._can_tell([text])]
        first = [text for text in pool if text.get("first")]
        rest = [text for text in pool if not text.get("first")]
        self.rng.shuffle(rest)
        for day in days:
            fitting = [text for text in first + rest if day.month in text.get("months", range(1, 13))]
            if not fitting or not self._mediators(day):
                continue
            chosen = fitting[0]
            (first if chosen in first else rest).remove(chosen)
            self._add(chosen, day)

    def _consultation_days(self) -> Iterator[dt.date]:
        """The same weekday of the same week every month; what falls on a holiday moves by a week."""
        for year, month in sorted({(day.year, day.month) for day in DAYS}):
            if month in self.town.consultation.get("without", []):
                continue
            days = [
                d
                for d in DAYS
                if (d.year, d.month) == (year, month) and d.weekday() == self.town.consultation["weekday"]
            ]
            days = [day for day in days[self.town.consultation["week"] - 1 :] if day not in HOLIDAYS]
            yield days[0]

    def _working_group_days(self) -> Iterator[dt.date]:
        number = self.town.routines["working_group"]
        for index in range(number):
            start = START + dt.timedelta(days=20 + index * 330 // number)
            yield (
                self._day(start, start + dt.timedelta(days=20), {"term": True, "weekdays": [1, 2, 3]})
                or start
            )

    # --- stories

    def tell_stories(self) -> None:
        told = [story for story in stories() if self._can_tell(story["step"])]
        weight = {
            id(story): self.town.weights.get(story["field"] or "quer", 1) * story.get("weight", 1)
            for story in told
        }
        order = sorted(told, key=lambda story: -(self.rng.random() ** (1 / weight[id(story)])))
        again = [story for story in order if story.get("twice")]
        for story in [*order, *again]:
            if len(self.entries) >= self.town.activities:
                return
            self._tell(story)
        if len(self.entries) < self.town.activities:
            raise ValueError(f"{self.town.slug}: only {len(self.entries)} activities; write more stories")

    def _weight(self, story: dict[str, Any]) -> int:
        return self.town.weights[story["field"] or "quer"] * story.get("weight", 1)

    def _tell(self, story: dict[str, Any]) -> None:
        places = self._places(story["step"])
        if _fill(story["step"][0]["title"], places, Random(0)) in self.titles:  # noqa: S311
            return
        lead = sum(max(step.get("after", [0, 0])) for step in story["step"][1:])
        latest = max(END - dt.timedelta(days=lead), START + dt.timedelta(days=60))
        rules = {"term": story.get("term")}
        day = story.get("day") or self._day(
            START + dt.timedelta(days=3), latest, {**story, **story["step"][0]}
        )
        for index, step in enumerate(story["step"]):
            if index and day:
                soonest, slowest = step["after"]
                day = self._day(
                    day + dt.timedelta(days=soonest), day + dt.timedelta(days=slowest), rules | step
                )
            if day is None or not self._mediators(day) or len(self.entries) >= self.town.activities:
                return
            if self._add({**story, **step}, day, places) == "refused":
                return

    def _can_tell(self, steps: list[dict[str, Any]]) -> bool:
        return all(self.town.places.get(name) for name in _place_names(steps))

    def _places(self, steps: list[dict[str, Any]]) -> dict[str, str]:
        chosen = {}
        for name in sorted(_place_names(steps)):
            options = [
                p for p in self.town.places[name] if p != self.last_place.get(name)
            ] or self.town.places[name]
            chosen[name] = self.last_place[name] = self.rng.choice(options)
        return chosen

    def _mediators(self, day: dt.date) -> list[Term]:
        return [term for term in self.town.terms if term.holds_on(day)]

    def _day(self, start: dt.date, end: dt.date, rules: dict[str, Any]) -> dt.date | None:
        months = rules.get("months", EVENT_MONTHS if rules.get("kind") == "veranstaltung" else range(1, 13))
        weekdays = rules.get("weekdays", range(5))
        days = [
            day
            for day in DAYS
            if start <= day <= end
            and day.month in months
            and day.weekday() in weekdays
            and day not in HOLIDAYS
            and self.taken.get(day, 0) < 1
            and self._mediators(day)
            and not (rules.get("term") and any(first <= day <= last for first, last in SCHOOL_HOLIDAYS))
        ]
        return self.rng.choices(days, [BUSY[day.month] for day in days])[0] if days else None

    def _add(self, step: dict[str, Any], day: dt.date, places: dict[str, str] | None = None) -> str:
        if not self._mediators(day):
            return ""
        places = places if places is not None else self._places([step])
        ending = self.rng.choice(step["endings"]) if "endings" in step else {}
        text = f"{step.get('text', '')} {ending.get('text', '')}".strip()
        terms = self._mediators(day)
        entry = Entry(
            day=day,
            account=self.rng.choices(terms, [term.share for term in terms])[0].account,
            field=step.get("field", ""),
            further_fields=tuple(step.get("also", ())),
            kind=step["kind"],
            title=_fill(step["title"], places, self.rng),
            description=_fill(text, places, self.rng),
            minutes=self._minutes(step),
            people_reached=self._people(step),
            result=ending.get("result", step.get("result", "")),
            result_note=_fill(ending.get("note", step.get("note", "")), places, self.rng),
        )
        self.entries.append(entry)
        self.titles.add(entry.title)
        self.taken[day] = self.taken.get(day, 0) + 1
        return entry.result

    def _minutes(self, step: dict[str, Any]) -> int:
        low, high = step.get("minutes", MINUTES[step["kind"]])
        return 15 * self.rng.randint(low // 15, high // 15)

    def _people(self, step: dict[str, Any]) -> int | None:
        span = step.get("people", PEOPLE.get(step["kind"]))
        uncounted = self.rng.random() < NOT_COUNTED
        return None if not span or uncounted else self.rng.randint(*span)


def _place_names(steps: list[dict[str, Any]]) -> set[str]:
    texts = [
        text
        for step in steps
        for part in (step, *step.get("endings", ()))
        for text in (part.get("title"), part.get("text"), part.get("note"))
        if text
    ]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _fill(text: str, places: dict[str, str], rng: Random) -> str:
    worded = re.sub(r"\[([^\[\]]*\|[^\[\]]*)\]", lambda match: rng.choice(match[1].split("|")), text)
    return " ".join(worded.format_map(places).split())
