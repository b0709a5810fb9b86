"""How one reaches the mediators of the demo's towns: rooms, consultation hours with exceptions, addresses."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

from demo import year
from demo.days import DAY
from mediators.models import Appointment, MeetingRoom, Rhythm, VisitingChange, VisitingHours
from mediators.reach.dates import planned_days
from municipalities.models import County, Municipality

TEAM = "herrenberg"
WEEKLY = ("holzgerlingen",)  # every week; all others as their log tells it, once a month
RHYTHMS = (Rhythm.FIRST, Rhythm.SECOND, Rhythm.THIRD, Rhythm.FOURTH)
OPEN_HOUSE: dict[str, Any] = {
    "entrance": "level",
    "door": "automatic",
    "lift": "not_needed",
    "toilet": "there",
    "stop": "step_free",
    "loop": "portable",
}
# what else there is: a house with steps, one of which little is known, one of which nothing is
HOUSES: dict[str, dict[str, Any]] = {
    "aidlingen": {"entrance": "ramp", "door": "heavy", "toilet": "missing", "stop": "nearby"},
    "rutesheim": {"entrance": "level", "lift": "there"},
    "gaertringen": {},
}


def county_reach(county: County) -> None:
    county.email, county.phone = "koordination-inklusion@landkreis.example", "089 99998-0"
    county.save()


def town_reach(town: year.Town, municipality: Municipality) -> None:
    """A vacant town has only its town hall; the hours of whoever was there before are over."""
    slug = town.slug
    municipality.post_email = f"inklusion@{slug}.example"
    municipality.hall_office = town.data["contact"]["function"]
    municipality.hall_email = f"rathaus@{slug}.example"
    municipality.hall_phone = "089 99998-100"
    municipality.post_phone = "089 99998-156" if slug in ("leonberg", "herrenberg") else ""
    municipality.save()
    room = MeetingRoom.objects.create(
        municipality=municipality,
        name=f"{town.places['rathaus'][0]}, Zimmer 3",
        address="Rathausplatz 1",
        stop_name="Haltestelle Rathaus",
        way_in="Bitte an der Pforte klingeln, wir kommen Ihnen entgegen." if slug == "leonberg" else "",
        **HOUSES.get(slug, OPEN_HOUSE),
    )
    for number, appointment in enumerate(Appointment.objects.filter(municipality=municipality)):
        _hours(town, appointment, room, number)


def _hours(town: year.Town, appointment: Appointment, room: MeetingRoom, number: int) -> None:
    """In a team everybody has a week of their own."""
    consultation = town.data.get("consultation")
    if not consultation:
        return
    is_weekly = town.slug in WEEKLY
    hours = VisitingHours.objects.create(
        appointment=appointment,
        room=room,
        rhythm=Rhythm.WEEKLY
        if is_weekly
        else RHYTHMS[(consultation["week"] - 1 + (number if town.slug == TEAM else 0)) % len(RHYTHMS)],
        weekday=consultation["weekday"] + 1,
        starts_on=appointment.starts_on,
        starts_at=dt.time(15),
        ends_at=dt.time(17),
        note="Ohne Anmeldung" if is_weekly else "",
    )
    if is_weekly and appointment.holds_on(town.today):
        _exceptions(hours, town.today)


def _exceptions(hours: VisitingHours, today: dt.date) -> None:
    """The second date to come falls out, the third is a day earlier."""
    _, second, third = islice(planned_days(hours, today + DAY, today + 30 * DAY), 3)
    VisitingChange.objects.create(hours=hours, day=second, note="Das Rathaus ist geschlossen.")
    VisitingChange.objects.create(
        hours=hours, day=third, moved_to=third - DAY, starts_at=dt.time(16), ends_at=dt.time(18)
    )
