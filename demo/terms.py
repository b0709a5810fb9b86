"""The terms that every town reports about, and the days on which its reports went from step to step. No database here.

Most towns' terms run from October to September. Those with a `stage` in towns.toml have terms that ended lately, so
that whatever the day is, there is a report in each state of work.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from random import Random

from demo import year
from demo.days import DAY, is_school_holiday, working_day, working_day_before
from kiv_portal.periods import add_months

SHORTEST_TERM = 6  # months; a first term that would be shorter takes a year more
OLD_VOTES = {
    "leonberg": 32,
    "herrenberg": 32,
    "aidlingen": 21,
    "sindelfingen": 40,
}  # who votes; others: invented
VOTES = 22
SOONEST_PERMANENT = 3  # no council makes something permanent after a year
KINDS = ("continued", "changed", "continued", "permanent", "noted", "continued", "changed")
ADJOURNED = {
    ("gaertringen", 1),
    ("ehningen", 2),
    ("herrenberg", 3),
}  # (town, term): decided at the second try
CONDITIONS = (
    "Die Sprechstunde findet künftig auch in den Ortsteilen statt.",
    "Für kleine Maßnahmen zum Abbau von Barrieren stehen im Haushalt 5.000 Euro bereit.",
    "Die Verwaltung legt mit dem nächsten Bericht eine Liste der offenen Zusagen vor.",
    "Für Begehungen wird eine zweite Person gesucht; der Landkreis unterstützt die Suche.",
)


@dataclass(frozen=True)
class Agreement:
    starts_on: dt.date
    ends_on: dt.date | None
    months: int
    signed_on: dt.date
    reference: str


@dataclass(frozen=True)
class Decision:
    kind: str
    day: dt.date
    votes: tuple[int, int, int]
    conditions: str = ""


@dataclass(frozen=True)
class Course:
    """One term of a town, and how far its report has come; a day that is None has not come yet."""

    slug: str
    number: int  # of the term, from 1 on
    start: dt.date
    end: dt.date
    due_on: dt.date
    submitted_on: dt.date | None = None
    returned_on: dt.date | None = None
    approved_on: dt.date | None = None
    delivered_on: dt.date | None = None
    public_on: dt.date | None = None
    sessions: tuple[dt.date, ...] = ()
    decisions: tuple[Decision, ...] = ()
    is_followed_up: bool = False
    proposes: str = "continued"  # the kind of decision
    is_newest: bool = False  # of the terms that are over


# --- agreements


def agreements_of(town: year.Town) -> list[Agreement]:
    row = town.data["agreement"]
    reference, signed_on = row["reference"], row["signed_on"]
    first = town.first_day
    second = _second_agreement_from(town)
    if second is None:
        return [Agreement(first, town.last_day, 12, signed_on, reference)]
    months = _months_between(first, second)
    ends_on = (
        None if town.data["stage"] in ("question", "adjourned") else _end_of_present_term(second, town.today)
    )
    again = working_day_before(second - 40 * DAY)
    return [
        Agreement(first, second - DAY, months, signed_on, reference),
        Agreement(second, ends_on, 12, again, f"{reference}/2"),
    ]


def _second_agreement_from(town: year.Town) -> dt.date | None:
    """The first day of the terms that end when the town's stage says; None: they run from the programme's first day."""
    stage = STAGES.get(town.data.get("stage", ""))
    if stage is None:
        return None
    month_after = add_months(town.today.replace(day=1), 1 - stage.months_ago)
    months = (month_after.month - town.first_day.month) % 12
    if months == 0:
        return None
    return add_months(town.first_day, months if months >= SHORTEST_TERM else months + 12)


def _months_between(first: dt.date, later: dt.date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def _end_of_present_term(first: dt.date, today: dt.date) -> dt.date:
    years = _months_between(first, today.replace(day=1)) // 12 + 1
    return add_months(first, 12 * years) - DAY


# --- terms and their reports


@cache
def courses_of(town: year.Town) -> list[Course]:
    """Every term that has begun, the newest last."""
    spans = [span for agreement in agreements_of(town) for span in _spans(agreement, town.today)]
    over = [span for span in spans if span[1] < town.today]
    stage = STAGES.get(town.data.get("stage", ""))
    found = []
    for number, (start, end) in enumerate(spans, start=1):
        if end >= town.today:
            found.append(Course(town.slug, number, start, end, _due(end)))
        elif (start, end) == over[-1] and stage is not None:
            found.append(stage.course(town, number, start, end))
        else:
            found.append(_past(town, number, start, end, is_newest=(start, end) == over[-1]))
    return found


def _spans(agreement: Agreement, today: dt.date) -> list[tuple[dt.date, dt.date]]:
    found = []
    start = agreement.starts_on
    while start <= min(today, agreement.ends_on or today):
        end = add_months(start, agreement.months) - DAY
        found.append((start, min(end, agreement.ends_on or end)))
        start = end + DAY
    return found


def _due(end: dt.date) -> dt.date:
    return add_months(end + DAY, 1) - DAY


def _past(town: year.Town, number: int, start: dt.date, end: dt.date, *, is_newest: bool) -> Course:
    """A report at its usual pace; what would lie on the demo's day or later has not happened yet."""
    rng = Random(f"{year.SEED} {town.slug} {number} course")  # noqa: S311  demo data, not a secret
    submitted = working_day(end + rng.randint(9, 20) * DAY)
    approved = working_day(submitted + rng.randint(2, 6) * DAY)
    delivered = working_day(approved + rng.randint(1, 4) * DAY)
    first = _session(town, delivered + rng.randint(14, 28) * DAY)
    sessions = (first, _session(town, first + 28 * DAY)) if (town.slug, number) in ADJOURNED else (first,)
    public = working_day_before(first - 5 * DAY)

    def past(day: dt.date) -> dt.date | None:
        return day if day < town.today else None

    kinds = ["adjourned"] * (len(sessions) - 1) + [_kind(town, number, end)]
    return Course(
        slug=town.slug,
        number=number,
        start=start,
        end=end,
        due_on=_due(end),
        submitted_on=past(submitted),
        approved_on=past(approved),
        delivered_on=past(delivered),
        public_on=past(public),
        sessions=sessions,
        decisions=tuple(
            _decision(town, kind, day, rng) for kind, day in zip(kinds, sessions, strict=True) if past(day)
        ),
        proposes=kinds[-1],
        is_followed_up=sessions[-1] + 20 * DAY < town.today,
        is_newest=is_newest,
    )


def _session(town: year.Town, day: dt.date) -> dt.date:
    """The first day from `day` on on which the council meets: a weekday of its own, never in school holidays."""
    while day.weekday() != len(town.slug) % 3 + 1 or is_school_holiday(day) or working_day(day) != day:
        day += DAY
    return day


def _kind(town: year.Town, number: int, end: dt.date) -> str:
    if town.last_day == end:
        return "ended"
    kind = KINDS[(number + len(town.slug)) % len(KINDS)]
    return "continued" if kind == "permanent" and number < SOONEST_PERMANENT else kind


def _decision(town: year.Town, kind: str, day: dt.date, rng: Random) -> Decision:
    present = OLD_VOTES.get(town.slug, VOTES) - rng.randint(0, 3)
    if kind == "ended":
        against = present // 3
    elif kind in ("adjourned", "noted"):
        against = 0
    else:
        against = rng.randint(0, present // 6)
    abstained = rng.randint(0, 2)
    conditions = rng.choice(CONDITIONS) if kind == "changed" else ""
    return Decision(kind, day, (present - against - abstained, against, abstained), conditions)


# --- what is just going on


@dataclass(frozen=True)
class Stage:
    """How the newest report of a town stands today, in days before (or, for what is to come, after) it."""

    months_ago: int  # its term ended with the month that lies so many months back
    due_in: int | None = None
    submitted: int | None = None
    returned: int | None = None
    approved: int | None = None
    delivered: int | None = None
    public: int | None = None
    session_in: int | None = None
    adjourned: int | None = None

    def course(self, town: year.Town, number: int, start: dt.date, end: dt.date) -> Course:
        rng = Random(f"{year.SEED} {town.slug} {number} stage")  # noqa: S311  demo data, not a secret

        def ago(days: int | None) -> dt.date | None:
            return None if days is None else max(working_day_before(town.today - (days - 1) * DAY), end + DAY)

        due_on = _due(end) if self.due_in is None else town.today + self.due_in * DAY
        coming = () if self.session_in is None else (_session(town, town.today + self.session_in * DAY),)
        adjourned = ago(self.adjourned)
        return Course(
            slug=town.slug,
            number=number,
            start=start,
            end=end,
            due_on=max(due_on, end),
            submitted_on=ago(self.submitted),
            returned_on=ago(self.returned),
            approved_on=ago(self.approved),
            delivered_on=ago(self.delivered),
            public_on=ago(self.public),
            sessions=(*([adjourned] if adjourned else []), *coming),
            decisions=(_decision(town, "adjourned", adjourned, rng),) if adjourned else (),
            is_newest=True,
        )


# All of them ended with the same month, so that a county page offers few periods; that was 29 days ago or more.
ENDED = 2
STAGES: dict[str, Stage] = {
    "due_soon": Stage(ENDED, due_in=9, session_in=40),
    "overdue": Stage(ENDED, due_in=-3, session_in=30),
    "submitted": Stage(ENDED, due_in=4, submitted=3, session_in=33),
    "returned": Stage(ENDED, due_in=6, submitted=9, returned=2, session_in=36),
    "approved": Stage(ENDED, due_in=-1, submitted=13, approved=3, session_in=24),
    "question": Stage(ENDED, submitted=26, approved=23, delivered=20, public=12, session_in=7),
    "adjourned": Stage(ENDED, submitted=28, approved=26, delivered=24, public=19, adjourned=8, session_in=18),
}
