"""What a report froze, as a type: read from the JSON of any schema, written back as it was. No database, no clock.

Numbers are integers, days ISO strings. Documents read attributes of a `Snapshot`, which always has the shape of the
newest schema; `reports.steps.freezing` takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from reports.figures.typed_json import Since, UnreadableJson, known_at, read, write

# 2: travel, expenses, ranges and concerns. 3: consultations, easy language, the address where a file is checked.
# 4: photos. 5: late entries. 6: concerns that who reported them says are good. 7: which activities are listed. A field
# that is added gets `Since(8)` and a step in UPGRADES.
SNAPSHOT_SCHEMA = 7


class ActivityList(StrEnum):
    """Which activities the files list one by one."""

    NONE = "none"
    MONTHS = "months"  # by month, without day and duration
    COUNCIL = "council"  # so in what everybody may read, and whole in an annex of the council's own
    OPEN = "open"  # all with day and duration, in every file: before there was a choice


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPeriod:
    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """`people_reached` counts a range with its lower end; `people_ranges` is the number of activities with one.

    None: not asked for when it was frozen, which is not 0.
    """

    activities: int
    minutes: int
    travel_minutes: Annotated[int | None, Since(2)]
    expenses_cents: Annotated[int | None, Since(2)]
    people_reached: int
    people_not_counted: int
    people_ranges: Annotated[int, Since(2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSums(Sums):
    code: str
    name: str
    short: str
    articles: tuple[int, ...]
    also_touched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSums(Sums):
    month: str  # "2021-10"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSums(Sums):
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    code: str
    name: str
    concerns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernSums:
    """`fields` is {code: number}. No outcomes at all: frozen before concerns were part of a report."""

    total: int
    reported: int
    outcomes: tuple[Outcome, ...]
    fields: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the reports of a town and of a county have in common. `schema` is the one it was frozen with."""

    schema: int
    period: FrozenPeriod
    dated: str
    totals: Sums
    fields: tuple[FieldSums, ...]
    months: tuple[MonthSums, ...]
    kinds: tuple[NamedSums, ...]
    concerns: ConcernSums


# --- of a town's report alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    ags: str
    name: str
    slug: str
    kind: str
    population: int | None
    population_on: str | None
    county: str
    administration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    signed_on: str | None
    starts_on: str
    ends_on: str | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilStep:
    """A consultation: one committee on the report's way through the council."""

    committee: str
    session_on: str | None
    item_number: str
    role: str
    is_public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The head of the council's paper; committee and session are those that decide."""

    number: str
    subject: str
    author: str
    committee: str
    session_on: str | None
    is_public: bool
    consultations: Annotated[tuple[CouncilStep, ...], Since(3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointedPerson:
    name: str
    starts_on: str
    ends_on: str | None
    form: str
    qualified_on: str | None
    in_working_group: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Sums):
    activities_before: int | None  # in the span of the same length before; None: no agreement then


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    day: str
    title: str
    text: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFieldSums(FieldSums):
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicConcern:
    title: str
    place: str
    field: str
    reported_on: str
    outcome: str
    state: str
    since: str
    sentence: str
    promised_until: str | None
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TownConcerns(ConcernSums):
    """`confirmed`: how many are done and good, says who reported them; None: nobody was asked then."""

    confirmed: Annotated[int | None, Since(6)]
    public: tuple[PublicConcern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPicture:
    """A file by its checksum and its place in our store; `moment` is "before", "after" or ""."""

    moment: str
    day: str
    alt: str
    sha256: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoGroup:
    title: str
    pictures: tuple[FrozenPicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """By the keys of reports.writing.models.SectionKey, "" where nothing was written."""

    at_a_glance: str
    occasion: str
    participation: str
    cooperation: str
    costs: str
    assessment: str
    outlook: str
    alternatives: str
    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCheck:
    """A test group has read the text in easy language."""

    date: str
    group: str
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EasyText:
    text: str
    check: GroupCheck | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedActivity:
    """Frozen with its day and its minutes; as a file lists it by month (reports.content.listed), `day` is "2021-10" and
    `minutes` None.
    """

    day: str
    field: str | None
    also: tuple[str, ...]
    kind: str
    title: str
    minutes: int | None
    travel_minutes: Annotated[int | None, Since(2)]
    people_reached: int | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Figures):
    municipality: Town
    agreement: Agreement | None
    paper: Paper
    check_url: Annotated[str, Since(3)]
    appointments: tuple[AppointedPerson, ...]
    vacant_days: int
    vacancies: tuple[FrozenPeriod, ...]
    totals: Totals
    fields: tuple[TownFieldSums, ...]
    results: tuple[NamedSums, ...]
    concerns: Annotated[TownConcerns, Since(2)]
    photos: Annotated[tuple[PhotoGroup, ...], Since(4)]
    texts: Texts
    easy: Annotated[EasyText | None, Since(3)]
    activity_list: Annotated[str, Since(7)]  # an ActivityList
    activities: tuple[ListedActivity, ...]
    late: Annotated[tuple[ListedActivity, ...], Since(5)]  # of periods before, counted in no total


# --- from JSON and back


def read_snapshot(data: object) -> Snapshot:
    """The JSON of any schema as a snapshot of the newest shape. Raises UnreadableJson, which names what is missing."""
    return read(Snapshot, upgrade(data), "Snapshot")


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    """As it was frozen: what its schema does not know is left out, so that reading and writing change nothing."""
    data: dict[str, Any] = write(snapshot, lambda kind: known_at(kind, snapshot.schema))
    return data


def upgrade(data: object) -> Mapping[str, Any]:
    """The newest shape, step by step; "schema" stays the one it was frozen with."""
    if not isinstance(data, Mapping):
        raise UnreadableJson("Snapshot: the whole is no group")
    schema = data.get("schema")
    if not isinstance(schema, int) or not 1 <= schema <= SNAPSHOT_SCHEMA:
        raise UnreadableJson(f"Snapshot: schema is {schema!r}, known are 1 to {SNAPSHOT_SCHEMA}")
    for step in UPGRADES[schema - 1 :]:
        data = step(data)
    return data


def _to_2(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Travel and expenses were not asked for, concerns not counted."""
    sums = {"travel_minutes": None, "expenses_cents": None, "people_ranges": 0}
    return {
        **data,
        "totals": {**_part(data, "totals"), **sums},
        **{name: [{**row, **sums} for row in _rows(data, name)] for name in _SUMMED},
        "activities": [{**row, "travel_minutes": None} for row in _rows(data, "activities")],
        "concerns": {"total": 0, "reported": 0, "outcomes": [], "fields": {}, "public": []},
    }


_SUMMED = ("fields", "months", "kinds", "results")


def _to_3(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """One committee in the head of the paper, no text in easy language, no address where a file is checked."""
    paper = {**_part(data, "paper"), "consultations": []}
    return {**data, "paper": paper, "check_url": "", "easy": None}


def _to_4(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """No photos."""
    return {**data, "photos": []}


def _to_5(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """No late entries."""
    return {**data, "late": []}


def _to_6(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Nobody was asked whether it is good."""
    return {**data, "concerns": {**_part(data, "concerns"), "confirmed": None}}


def _to_7(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every file listed all."""
    return {**data, "activity_list": ActivityList.OPEN.value}


UPGRADES: tuple[Callable[[Mapping[str, Any]], Mapping[str, Any]], ...] = (
    *(_to_2, _to_3, _to_4, _to_5, _to_6, _to_7),
)


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    if not isinstance(part, Mapping):
        raise UnreadableJson(f"Snapshot: {name} is {'no group' if name in data else 'missing'}")
    return part


def _rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UnreadableJson(f"Snapshot: {name} is {'no list of groups' if name in data else 'missing'}")
    return rows
