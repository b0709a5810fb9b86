"""Believable years of every town, drawn from a seed: the same on every machine, in every run and, but for what is cut
off at its end, on every day. No database here.

What can happen stands in `stories/*.toml`: a story is one to three steps about the same place, told in the words that a
mediator would write. `{place}` is filled from the places of a town (`towns.toml`); a town that lacks it does not tell
the story. `[one|other]` is a choice of words. `routines.toml` has what comes again and again.

A season runs from October to September and is named after the year in which it begins.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any

from demo.days import is_holiday, is_school_holiday
from demo.details import details_of

HERE = Path(__file__).parent
SEED = 20211001
START = dt.date(2021, 10, 1)
EARLIEST = dt.date(2025, 10, 1)  # what happened on a fixed day in `towns.toml` has happened by then

# The work starts slowly, rests in August and around Christmas, and is busiest in spring and early autumn.
BUSY = {10: 8, 11: 11, 12: 7, 1: 8, 2: 9, 3: 12, 4: 9, 5: 12, 6: 10, 7: 11, 8: 3, 9: 12}

EVENT_MONTHS = (10, 11, 2, 3, 4, 5, 6, 7, 9)
PANDEMIC_SEASON = 2021
PANDEMIC_EVENT_MONTHS = (10, 11, 3, 4, 5, 6, 7, 9)

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


@dataclass(eq=False)
class Town:
    """A town as of a day: what is said in days before it has become a date."""

    slug: str
    today: dt.date
    activities: int
    weights: dict[str, int]
    consultation: dict[str, Any]
    routines: dict[str, int]
    places: dict[str, list[str]]
    terms: list[Term]
    data: dict[str, Any] = field(repr=False, default_factory=dict)

    @property
    def first_day(self) -> dt.date:
        first: dt.date = self.data["agreement"].get("starts_on", START)
        return first

    @property
    def last_day(self) -> dt.date | None:
        """Of its participation; None: it takes part."""
        last: dt.date | None = self.data["agreement"].get("ends_on")
        return last


@cache
def _people_and_places() -> dict[str, Any]:
    return tomllib.loads((HERE / "towns.toml").read_text(encoding="utf-8"))


def coordinators() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _people_and_places()["coordinators"]
    return rows


@cache
def towns(today: dt.date) -> list[Town]:
    return [
        Town(
            slug=row["slug"],
            today=today,
            activities=row["activities"],
            weights=row["weights"],
            consultation=row["consultation"],
            routines=row["routines"],
            places=row["places"],
            terms=[
                Term(m["account"], m["starts_on"], last_day_of(m, today), m["form"], m.get("share", 1))
                for m in row["mediators"]
            ],
            data=row,
        )
        for row in _people_and_places()["town"]
    ]


def last_day_of(row: dict[str, Any], today: dt.date) -> dt.date | None:
    """`ended_days_ago` is told as of the demo's day, `ends_on` is a date; without both it goes on."""
    if "ended_days_ago" in row:
        return today - dt.timedelta(days=row["ended_days_ago"])
    return row.get("ends_on")


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


def season_of(day: dt.date) -> int:
    return day.year if day.month >= START.month else day.year - 1


def seasons(today: dt.date) -> range:
    return range(START.year, season_of(today - dt.timedelta(days=1)) + 1)


@cache
def entries_of(town: Town) -> list[Entry]:
    """All that a town did until yesterday, by day."""
    told: dict[str, int] = {}
    entries: list[Entry] = []
    for season in seasons(town.today):
        year = _Year(town, season, told)
        year.tell_routines()
        year.tell_stories()
        told |= dict.fromkeys(year.titles, season)
        entries += year.entries
    done = sorted(
        (entry for entry in entries if entry.day < town.today), key=lambda entry: (entry.day, entry.title)
    )
    return [replace(entry, **details_of(entry, town, seed=SEED, today=town.today)) for entry in done]


class _Year:
    def __init__(self, town: Town, season: int, told: dict[str, int]) -> None:
        self.town = town
        self.season = season
        self.start = dt.date(season, START.month, START.day)
        self.end = dt.date(season + 1, START.month, START.day) - dt.timedelta(days=1)
        self.days = [self.start + dt.timedelta(days=n) for n in range((self.end - self.start).days + 1)]
        self.rng = Random(f"{SEED} {town.slug} {season}")  # noqa: S311  demo data, not a secret
        staffed = [day for day in self.days if self._mediators(day)]
        self.free = [day for day in staffed if not is_holiday(day)]
        wanted = town.activities * self.rng.uniform(0.88, 1.08) if season > START.year else town.activities
        self.wanted = round(wanted * min(1, len(staffed) / len(self.days) + 0.05))
        self.told = told
        self.entries: list[Entry] = []
        self.taken: set[dt.date] = set()
        self.titles: set[str] = set()
        self.last_place: dict[str, str] = {}

    @property
    def is_first(self) -> bool:
        return self.start <= self.town.first_day <= self.end

    def _in_this_season(self, day: dt.date) -> dt.date:
        """The same day of the year, in this season."""
        return day.replace(year=self.season + (day.month < START.month))

    # --- what comes again and again

    def tell_routines(self) -> None:
        for event in routines()["county"]:
            if self._is_told(event) and self.rng.random() * 10 < self.town.routines.get(event["series"], 0):
                self._add(event, self._same_weekday(event["day"]))
        self._series(routines()["consultation"], self._consultation_days())
        self._series(routines()["working_group"], self._working_group_days())

    def _is_told(self, text: dict[str, Any]) -> bool:
        """Some things belong to the first seasons, others take turns."""
        turn, turns = text.get("turn", (0, 1))
        is_its_turn = (self.season - START.year) % turns == turn
        return is_its_turn and text.get("since", 0) <= self.season <= text.get("until", 9999)

    def _same_weekday(self, day: dt.date) -> dt.date:
        moved = self._in_this_season(day)
        moved += dt.timedelta(days=(day.weekday() - moved.weekday() + 3) % 7 - 3)
        return moved + dt.timedelta(days=7) if is_holiday(moved) else moved

    def _series(self, texts: list[dict[str, Any]], days: Iterable[dt.date]) -> None:
        pool = [text for text in texts if self._is_told(text) and self._can_tell([text])]
        first = [text for text in pool if text.get("first") and self.is_first]
        rest = [text for text in pool if not text.get("first")]
        self.rng.shuffle(rest)
        rest.sort(key=lambda text: self.told.get(text["title"], 0))
        for day in days:
            fitting = [text for text in first + rest if day.month in text.get("months", range(1, 13))]
            if not fitting or not self._mediators(day):
                continue
            chosen = fitting[0]
            (first if chosen in first else rest).remove(chosen)
            self._add(chosen, day)

    def _consultation_days(self) -> Iterator[dt.date]:
        """The same weekday of the same week every month; what falls on a holiday moves by a week."""
        for year, month in sorted({(day.year, day.month) for day in self.days}):
            if month in self.town.consultation.get("without", []):
                continue
            days = [
                d
                for d in self.days
                if (d.year, d.month) == (year, month) and d.weekday() == self.town.consultation["weekday"]
            ]
            yield from [d for d in days[self.town.consultation["week"] - 1 :] if not is_holiday(d)][:1]

    def _working_group_days(self) -> Iterator[dt.date]:
        number = self.town.routines["working_group"]
        for index in range(number):
            start = self.start + dt.timedelta(days=20 + index * 330 // number)
            yield (
                self._day(start, start + dt.timedelta(days=20), {"term": True, "weekdays": [1, 2, 3]})
                or start
            )

    # --- stories

    def tell_stories(self) -> None:
        """What was told lately only when nothing else is left; what belongs to a beginning only then."""
        can_tell = [
            story
            for story in stories()
            if self._is_told(story)
            and self._can_tell(story["step"])
            and (self.is_first or not story.get("beginning"))
        ]
        weight = {
            id(story): self.town.weights.get(story["field"] or "quer", 1) * story.get("weight", 1)
            for story in can_tell
        }
        order = sorted(can_tell, key=lambda story: -(self.rng.random() ** (1 / weight[id(story)])))
        again = [story for story in order if story.get("twice")]
        for latest in (self.season - 3, self.season - 2, self.season):
            for story in [*order, *again]:
                if len(self.entries) >= self.wanted:
                    return
                self._tell(story, latest)

    def _tell(self, story: dict[str, Any], latest: int) -> None:
        """Unless it was told after the season `latest`."""
        places = self._places(story["step"])
        title = _fill(story["step"][0]["title"], places, Random(0))  # noqa: S311
        if title in self.titles or self.told.get(title, 0) > latest:
            return
        lead = sum(max(step.get("after", [0, 0])) for step in story["step"][1:])
        last = max(self.end - dt.timedelta(days=lead), self.start + dt.timedelta(days=60))
        rules = {"term": story.get("term")}
        day = (
            self._in_this_season(story["day"])
            if "day" in story
            else self._day(self.start + dt.timedelta(days=3), last, {**story, **story["step"][0]})
        )
        for index, step in enumerate(story["step"]):
            if index and day:
                soonest, slowest = step["after"]
                day = self._day(
                    day + dt.timedelta(days=soonest), day + dt.timedelta(days=slowest), rules | step
                )
            if day is None or not self._mediators(day) or len(self.entries) >= self.wanted:
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
        event_months = PANDEMIC_EVENT_MONTHS if self.season == PANDEMIC_SEASON else EVENT_MONTHS
        months = rules.get("months", event_months if rules.get("kind") == "veranstaltung" else range(1, 13))
        weekdays = rules.get("weekdays", range(5))
        first, last = bisect_left(self.free, start), bisect_right(self.free, end)
        days = [
            day
            for day in self.free[first:last]
            if day.weekday() in weekdays
            and day.month in months
            and day not in self.taken
            and not (rules.get("term") and is_school_holiday(day))
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
        self.taken.add(day)
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
