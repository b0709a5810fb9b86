"""What an entry of the demo's year says beside its story: place, travel, expenses, ranges, follow-ups, partners.

Drawn from a seed of its own for every entry, so that the stories stay as they are when something is added here.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

PLACES = (
    *("haltestelle", "strasse", "spielplatz", "grundschule", "schule", "kita", "buecherei", "halle", "bahn"),
    *("bad", "museum", "klinik", "platz", "altstadt", "rathaus", "ort"),
)
PARTNERS = (
    *("bauamt", "buero", "verein", "schule", "grundschule", "kita", "buecherei", "klinik", "ortschaftsrat"),
    "amtsblatt",
)
COUNTY_KINDS = {"qualifizierung": "Landratsamt Böblingen", "vernetzung": "Landratsamt Böblingen"}
TRAVELLED = {
    "begehung": (10, 40),
    "vernetzung": (20, 60),
    "qualifizierung": (20, 60),
    "gremienarbeit": (5, 25),
    "veranstaltung": (5, 30),
    "vermittlung": (5, 30),
}
EXPENSES = (320, 480, 560, 640, 790, 1250, 1840, 2400)  # cents: tickets, copies, a room, material
INTERNAL_NOTES = (
    "Beim nächsten Mal früher einladen, es kamen weniger als gedacht.",
    "Der Raum war zu laut; künftig den kleinen Saal nehmen.",
    "Noch einmal nachfragen, wer die Kosten trägt.",
    "Für die Begehung das lange Maßband mitnehmen.",
    "Termin mit der Koordination abstimmen, bevor er öffentlich wird.",
)


def details_of(entry: Any, town: Any, *, seed: int, today: dt.date) -> dict[str, Any]:
    """The further values of an entry of a town, by the name of their column."""
    rng = Random(f"{seed} {town.slug} {entry.day} {entry.title} details")  # noqa: S311  demo data, not a secret
    text = f"{entry.title} {entry.description}"
    return {
        "place": _place(text, entry.kind, town.places),
        "travel_minutes": _travel(entry.kind, rng),
        "expenses_cents": rng.choice(EXPENSES) if rng.random() < 0.12 else 0,
        **_range(entry.people_reached, rng),
        **_follow_up(entry, rng, today),
        "internal_note": rng.choice(INTERNAL_NOTES) if rng.random() < 0.03 else "",
        "organisations": _organisations(text, entry.kind, town.places),
    }


def _place(text: str, kind: str, places: dict[str, list[str]]) -> str:
    """The place of the town that the text names."""
    for name in PLACES:
        for place in places.get(name, ()):
            if place in text:
                return place.removeprefix("in der ").removeprefix("in ").removeprefix("am ")
    return places["rathaus"][0] if kind == "sprechstunde" else ""


def _travel(kind: str, rng: Random) -> int:
    shortest, longest = TRAVELLED.get(kind, (0, 0))
    travels = rng.random() < 0.6
    return 5 * rng.randint(shortest // 5, longest // 5) if longest and travels else 0


def _range(people: int | None, rng: Random) -> dict[str, Any]:
    """Who saw a hall of people says "30 bis 40" or "etwa 30"."""
    chance = rng.random()
    if people is None or people < 15 or chance > 0.4:
        return {"people_reached_to": None, "is_estimated": False}
    if chance < 0.2:
        return {"people_reached_to": people + rng.choice((5, 10)), "is_estimated": True}
    return {"people_reached_to": None, "is_estimated": True}


def _follow_up(entry: Any, rng: Random, today: dt.date) -> dict[str, Any]:
    """Most of what was promised or is open is looked after again, two days after it was to be."""
    if entry.result not in ("open", "promised") or rng.random() < 0.4:
        return {"follow_up_on": None, "followed_up_on": None}
    day = entry.day + dt.timedelta(days=7 * rng.randint(4, 12))
    done = day + dt.timedelta(days=2)
    return {"follow_up_on": day, "followed_up_on": done if done < today else None}


def _organisations(text: str, kind: str, places: dict[str, list[str]]) -> tuple[str, ...]:
    """Offices and associations that the text names; the same word in two towns is two organisations."""
    found = [COUNTY_KINDS[kind]] if kind in COUNTY_KINDS else []
    for name in PARTNERS:
        found += [organisation(place, places) for place in places.get(name, ()) if place in text]
    return tuple(dict.fromkeys(found))


def organisation(name: str, places: dict[str, list[str]]) -> str:
    """ "Tiefbauamt" → "Tiefbauamt Leonberg"; what names its place already stays."""
    town = places["name"][0]
    return name if " in " in name or town in name else f"{name} {town}"
