"""A county's programme from its file into the database. No other county's rows are touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from municipalities.programme.file import (
    Key,
    ProgrammeRefused,
    Row,
    code,
    day,
    degrees,
    digits,
    numbers,
    one_of,
    place_of,
    problems_of_rows,
    problems_of_table,
    read,
    text,
    whole,
)
from municipalities.programme.models import ActivityKind, FieldOfAction
from municipalities.towns.models import County, Municipality, MunicipalityKind
from municipalities.towns.queries import slug_of

BOEBLINGEN = Path(__file__).parent / "boeblingen.toml"
MOST_PEOPLE = 10_000_000

COUNTY_KEYS = (
    Key("key", digits(5)),
    Key("name", text(100)),
    Key("administration", text(100)),
    Key("population", whole(1, MOST_PEOPLE), is_required=False),
    Key("population_on", day, is_required=False),
)


def _no_more_problems(key: str, rows: list[Row]) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Part:
    """One table of the file, many rows. `store` brings a county to what they say and gives sentences about what stays
    though the file does not name it; `check` finds what is wrong between the rows, or with the county's key.
    """

    table: str
    keys: tuple[Key, ...]
    store: Callable[[County, list[Row]], list[str]]
    once: tuple[str, ...] = ()
    is_required: bool = False
    check: Callable[[str, list[Row]], Iterable[str]] = _no_more_problems


_parts: dict[str, Part] = {}
_uses: list[Callable[[FieldOfAction | ActivityKind], bool]] = []


def add_part(part: Part) -> None:
    """Apps above add their tables when they are ready, as they add their roles (kiv_portal/accounts/roles.py)."""
    _parts[part.table] = part


def add_use(is_used: Callable[[FieldOfAction | ActivityKind], bool]) -> None:
    """Apps above that name a field or kind in another way than by a foreign key say here whether they do."""
    _uses.append(is_used)


def load_programme(path: Path = BOEBLINGEN, *, tell: Callable[[str], object] = lambda note: None) -> County:
    """Bring the county of the file to what it says; running it again changes nothing.

    `tell` gets a sentence about everything that stays though the file does not name it. Raises ProgrammeRefused with
    all problems; nothing is stored then.
    """
    data = read(path)
    if problems := list(_problems(data)):
        raise ProgrammeRefused(problems)
    with transaction.atomic():
        county, notes = _store(data)
    for note in notes:
        tell(note)
    return county


def _problems(data: dict[str, Any]) -> Iterator[str]:
    known = ["county", *_parts]
    for name in data:
        if name not in known:
            yield f"There is no table {name}. The file knows {', '.join(known)}."
    if "county" not in data:
        yield "The table [county] is missing."
    else:
        yield from problems_of_table("[county]", data["county"], COUNTY_KEYS)
    key = data["county"].get("key") if isinstance(data.get("county"), dict) else None
    for part in _parts.values():
        if part.table in data:
            rows = data[part.table]
            yield from problems_of_rows(part.table, rows, part.keys, part.once)
            if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
                yield from part.check(key if isinstance(key, str) else "", rows)
        elif part.is_required:
            yield f"The table [[{part.table}]] is missing."


def _store(data: dict[str, Any]) -> tuple[County, list[str]]:
    values = dict(data["county"])
    county, _ = County.objects.update_or_create(key=values.pop("key"), defaults=values)
    notes, problems = [], []
    for part in _parts.values():
        if part.table in data:
            try:
                notes += part.store(county, data[part.table])
            except ProgrammeRefused as refused:
                problems += refused.problems
    if problems:
        raise ProgrammeRefused(problems)
    return county, notes


# --- towns


def _check_towns(key: str, rows: list[Row]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        ags = row.get("ags")
        if key and isinstance(ags, str) and not ags.startswith(key):
            yield (
                f'{place_of("municipalities", number, row)}: the ags "{ags}" does not belong to the county, '
                f"whose towns begin with {key}."
            )
        if ("latitude" in row) != ("longitude" in row):
            yield f"{place_of('municipalities', number, row)}: latitude and longitude belong together."


def _store_towns(county: County, rows: list[Row]) -> list[str]:
    for row in rows:
        values = dict(row)
        ags = values.pop("ags")
        slug = slug_of(row["name"], ags)
        Municipality.objects.update_or_create(ags=ags, defaults={**values, "slug": slug, "county": county})
    others = county.municipalities.exclude(ags__in=[row["ags"] for row in rows])
    return [f"The town {town} ({town.ags}) is not in the file. It stays." for town in others]


add_part(
    Part(
        "municipalities",
        (
            Key("ags", digits(8)),
            Key("name", text(100)),
            Key("kind", one_of(MunicipalityKind.values)),
            Key("population", whole(1, MOST_PEOPLE), is_required=False),
            Key("population_on", day, is_required=False),
            Key("latitude", degrees(90), is_required=False),
            Key("longitude", degrees(180), is_required=False),
            Key("council_seats", whole(1, 200), is_required=False),
        ),
        _store_towns,
        once=("ags",),
        is_required=True,
        check=_check_towns,
    )
)


# --- fields and kinds


def _check_fields(key: str, rows: list[Row]) -> Iterator[str]:
    """The portal itself has one for activities without a leading field."""
    for number, row in enumerate(rows, start=1):
        for name, taken in (("code", "quer"), ("name", "Querschnitt"), ("short", "Qu")):
            if str(row.get(name)).casefold() == taken.casefold():
                place = place_of("fields", number, row)
                yield f'{place}: the {name} "{row[name]}" is that of the portal\'s own Querschnitt.'


def _store_fields(county: County, rows: list[Row]) -> list[str]:
    with_articles: list[Row] = [{"articles": []} | row for row in rows]
    return _store_codes(FieldOfAction, "field", county, with_articles, once=("name", "short"))


def _store_kinds(county: County, rows: list[Row]) -> list[str]:
    return _store_codes(ActivityKind, "kind", county, rows, once=("name",))


def _store_codes(
    model: type[FieldOfAction] | type[ActivityKind],
    what: str,
    county: County,
    rows: list[Row],
    *,
    once: tuple[str, ...],
) -> list[str]:
    """In the order of the file. What is not in it goes; what entries name stays, behind the others."""
    gone = model.objects.filter(county=county).exclude(code__in=[row["code"] for row in rows])
    kept = [row for row in gone if not delete_unused(row)]
    problems = [
        f'The {what} "{old.code}" is not in the file, but in use; it keeps its {key} "{getattr(old, key)}", '
        f'which the file gives to "{row["code"]}".'
        for old in kept
        for row in rows
        for key in once
        if row[key].casefold() == getattr(old, key).casefold()
    ]
    if problems:
        raise ProgrammeRefused(problems)
    for position, row in enumerate(rows, start=1):
        values = {name: value for name, value in row.items() if name != "code"}
        model.objects.update_or_create(
            county=county, code=row["code"], defaults={**values, "position": position}
        )
    for position, old in enumerate(kept, start=len(rows) + 1):
        model.objects.filter(pk=old.pk).update(position=position)
    return [f'The {what} "{old.code}" is not in the file, but in use. It stays.' for old in kept]


def delete_unused(row: FieldOfAction | ActivityKind) -> bool:
    """Whether nothing named it, so that it is gone now."""
    if any(is_used(row) for is_used in _uses):
        return False
    try:
        row.delete()
    except models.ProtectedError:
        return False
    return True


add_part(
    Part(
        "fields",
        (
            Key("code", code(12)),
            Key("name", text(60)),
            Key("short", text(2)),
            Key("articles", numbers(50), is_required=False),
        ),
        _store_fields,
        once=("code", "name", "short"),
        is_required=True,
        check=_check_fields,
    )
)
add_part(
    Part(
        "kinds",
        (Key("code", code(24)), Key("name", text(60))),
        _store_kinds,
        once=("code", "name"),
        is_required=True,
    )
)
