"""How one gets into a room: what may be said of each part of the way. Nothing said is not a "no"."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models


class Stop(models.TextChoices):
    STEP_FREE = "step_free", "barrierefreie Haltestelle in der Nähe"
    NEARBY = "nearby", "Haltestelle in der Nähe, aber nicht barrierefrei"
    NONE = "none", "keine Haltestelle in der Nähe"


class Entrance(models.TextChoices):
    LEVEL = "level", "ohne Stufe"
    RAMP = "ramp", "über eine Rampe"
    STEPS = "steps", "nur über Stufen"


class Door(models.TextChoices):
    AUTOMATIC = "automatic", "geht von selbst auf"
    LIGHT = "light", "geht leicht auf"
    HEAVY = "heavy", "geht schwer auf"


class Lift(models.TextChoices):
    NOT_NEEDED = "not_needed", "nicht nötig, der Raum liegt zu ebener Erde"
    THERE = "there", "vorhanden"
    MISSING = "missing", "nicht vorhanden"


class Toilet(models.TextChoices):
    THERE = "there", "barrierefrei, im Haus"
    NEARBY = "nearby", "barrierefrei, in der Nähe"
    MISSING = "missing", "nicht barrierefrei"


class Loop(models.TextChoices):
    THERE = "there", "vorhanden"
    PORTABLE = "portable", "tragbar, bitte vorher sagen"
    MISSING = "missing", "nicht vorhanden"


class Part(NamedTuple):
    """`hinders` are the answers that keep people out."""

    label: str
    answers: type[models.TextChoices]
    hinders: tuple[str, ...]


# the parts of the way, in the order in which one comes to them
WAY: dict[str, Part] = {
    "stop": Part("Haltestelle", Stop, ("nearby", "none")),
    "entrance": Part("Eingang", Entrance, ("steps",)),
    "door": Part("Tür", Door, ("heavy",)),
    "lift": Part("Aufzug", Lift, ("missing",)),
    "toilet": Part("Toilette", Toilet, ("missing",)),
    "loop": Part("Induktionsschleife", Loop, ("missing",)),
}


def part_field(name: str) -> models.CharField:
    """A column for one part of the way; empty: nobody has said."""
    part = WAY[name]
    return models.CharField(part.label, max_length=12, choices=part.answers.choices, blank=True)
