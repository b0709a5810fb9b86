"""What people in the demo's towns asked for and what became of it, drawn from the seed. No database here.

What was asked long ago has come to an end. The last weeks before the demo's day show the rest: just reported, being
checked, promised, and in some towns promised until a few days ago.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from random import Random
from string import Formatter
from typing import Any

from demo import year
from demo.days import DAY, working_day, working_day_before

# How those of a season end, the livelier the town the longer along this row.
ENDS = ("done", "refused", "promised", "done", "passed_on", "promised", "done", "done", "promised")
ACTIVITIES_PER_CONCERN = 14
LONGEST_PROMISE = 200  # days
FRESH = 100  # days before the demo's day in which nothing of the seasons is reported, so that it can end
SAYS_DONE = (
    "Erledigt wie zugesagt. Vor Ort angesehen und für gut befunden.",
    "Umgesetzt. Die Person, die es gemeldet hat, hat es gleich ausprobiert.",
    "Fertig, zwei Wochen später als geplant. Es fehlte ein Bauteil.",
    "Die Zusage ist eingelöst. Eine kleine Nachbesserung kam gleich dazu.",
    "Das {bauamt} meldet Vollzug, die Abnahme war ohne Mangel.",
    "Seit dieser Woche in Gebrauch. Die ersten Rückmeldungen sind gut.",
    "Umgesetzt. Der Arbeitskreis Inklusion hat es sich angesehen.",
)
LATE_TOWNS = ("leonberg", "holzgerlingen")  # where a promise is overdue, by days


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
    rows: list[dict[str, Any]] = tomllib.loads((year.HERE / "concerns.toml").read_text(encoding="utf-8"))[
        "concern"
    ]
    return rows


def concerns_of(town: year.Town) -> list[Invented]:
    """All that was reported until yesterday, by day."""
    told: dict[str, int] = {}  # title: season
    found = [*_of_seasons(town, told), *_of_late(town, told)]
    return sorted(found, key=lambda concern: (concern.reported_on, concern.title))


def _of_seasons(town: year.Town, told: dict[str, int]) -> list[Invented]:
    """Some of every season, all of them closed."""
    found = []
    number = min(max(round(town.activities / ACTIVITIES_PER_CONCERN), 4), len(ENDS))
    for season in year.seasons(town.today):
        rng = Random(f"{year.SEED} {town.slug} {season} concerns")  # noqa: S311  demo data, not a secret
        start = max(dt.date(season, year.START.month, 4), town.first_day)
        end = min(
            dt.date(season + 1, year.START.month, 1) - DAY,
            town.last_day or dt.date.max,
            town.today - FRESH * DAY,
        )
        for end_state in ENDS[:number]:
            # drawn before it is looked whether there is room, so that the day changes nothing of what was before
            chosen = _unlike(told, season, _told_about(town, end_state, rng), rng)
            if chosen is None:
                continue
            story, places = chosen
            concern = _told(town, story, places, start=start, latest=end, rng=rng)
            if concern is not None:
                told[concern.title] = told[story["title"]] = season
                found.append(concern)
    return found


def _told_about(town: year.Town, end: str, rng: Random) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """The stories with this end that the town can tell, in any order, each about one of its places."""
    fitting = [story for story in _stories() if _end_of(story) == end and _can_tell(town, story)]
    rng.shuffle(fitting)
    return [
        (story, {name: rng.choice(town.places[name]) for name in sorted(_names_in(story))})
        for story in fitting
    ]


def _unlike(
    told: dict[str, int], season: int, options: list[tuple[dict[str, Any], dict[str, str]]], rng: Random
) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The one whose story was told longest ago, about another place than in this season and the two before it."""
    elsewhere = [
        (story, places)
        for story, places in options
        if told.get(_filled(story["title"], places), 0) < season - 2
    ]
    return min(elsewhere, key=lambda option: told.get(option[0]["title"], 0), default=None)


def _of_late(town: year.Town, told: dict[str, int]) -> list[Invented]:
    """What is open today: reported, being checked, promised; nothing in a town that no longer takes part."""
    if town.last_day and town.last_day < town.today:
        return []
    rng = Random(f"{year.SEED} {town.slug} {town.today} concerns of late")  # noqa: S311  demo data, not a secret
    lately = [("reported", rng.randint(2, 18)) for _ in range(rng.choice((0, 1, 1, 2)))]
    lately += [
        ("checking", rng.randint(12, 40)),
        ("promised", rng.randint(55, 85)),
    ]
    lately += [("promised", rng.randint(75, 95))] * (town.activities > 70)
    season = year.season_of(town.today)
    found: list[Invented] = []
    for state, days_ago in lately:
        chosen = _unlike(told, season, _told_about(town, state, rng), rng)
        if chosen is None:
            continue
        story, places = chosen
        reported_on = working_day_before(town.today - days_ago * DAY)
        is_late = state == "promised" and town.slug in LATE_TOWNS and not any(c.promised_until for c in found)
        concern = _tell(town, story, places, reported_on, rng, until=-rng.randint(3, 6) if is_late else None)
        told[concern.title] = told[story["title"]] = season
        found.append(concern)
    return found


def _end_of(story: dict[str, Any]) -> str:
    state: str = story["step"][-1]["state"] if story["step"] else "reported"
    return state


def _can_tell(town: year.Town, story: dict[str, Any]) -> bool:
    return all(town.places.get(name) for name in _names_in(story))


def _names_in(story: dict[str, Any]) -> set[str]:
    texts = [story[key] for key in ("title", "place", "text", "office") if key in story]
    texts += [step["text"] for step in story["step"]]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _told(
    town: year.Town,
    story: dict[str, Any],
    places: dict[str, str],
    *,
    start: dt.date,
    latest: dt.date,
    rng: Random,
) -> Invented | None:
    """Reported in this span and closed before the demo's day; None where there is no room for that."""
    reported_on = working_day(start + rng.randint(0, 358) * DAY)
    concern = _tell(town, story, places, reported_on, rng, is_kept=True)
    if reported_on > latest or concern.steps[-1].day >= town.today:
        return None
    if town.last_day and concern.steps[-1].day > town.last_day:
        return None
    return concern


def _tell(
    town: year.Town,
    story: dict[str, Any],
    places: dict[str, str],
    reported_on: dt.date,
    rng: Random,
    *,
    is_kept: bool = False,
    until: int | None = None,
) -> Invented:
    """`is_kept`: what was promised is also done. `until`: when it was promised for, in days from the demo's day."""
    steps: list[Step] = []
    promised_until = None
    day = reported_on
    before = working_day_before(town.today)
    left = len(story["step"])
    for row in story["step"]:
        left -= 1
        day = working_day(day + rng.randint(*row["after"]) * DAY)
        if not is_kept:  # of late: all of it has happened by now, however long it may take elsewhere
            day = min(day, working_day_before(town.today - 3 * left * DAY), before)
        steps.append(
            Step(row["state"], day, _filled(row["text"], places), is_by_contact=row.get("who") == "contact")
        )
        if row["state"] == "promised":
            promised_until = day + min(row["until"], LONGEST_PROMISE) * DAY
    if until is not None:
        promised_until = town.today + until * DAY
    if is_kept and steps and steps[-1].state == "promised" and promised_until is not None:
        done_on = working_day(promised_until + rng.randint(-40, 12) * DAY)
        sentence = rng.choice(SAYS_DONE).format(bauamt=town.places["bauamt"][0])
        steps.append(Step("done", done_on, sentence, is_by_contact=False))
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
        promised_until=promised_until,
        steps=tuple(steps),
    )


def _account(town: year.Town, day: dt.date) -> str:
    """Who looks after it: appointed on that day, or the next to come while the post is vacant, else the last."""
    terms = sorted(town.terms, key=lambda term: term.start)
    return next((term.account for term in terms if term.end is None or term.end >= day), terms[-1].account)


def _filled(text: str, places: dict[str, str]) -> str:
    return text.format_map(places)


def _place(text: str) -> str:
    """ "in Eltingen" → "Eltingen" """
    return text.removeprefix("in der ").removeprefix("in ").removeprefix("am ")
