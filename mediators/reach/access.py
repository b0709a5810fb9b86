"""How one gets into a room: what may be said of each part of the way. Nothing said is not a "no"."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class Answer(models.TextChoices):
    """Base of the answers about one part of the way; `good` are those that let people in."""

    good = nonmember(())


class Stop(Answer):
    STEP_FREE = "step_free", "barrierefreie Haltestelle in der Nähe"
    NEARBY = "nearby", "Haltestelle in der Nähe, aber nicht barrierefrei"
    NONE = "none", "keine Haltestelle in der Nähe"

    good = nonmember(("step_free",))


class Entrance(Answer):
    LEVEL = "level", "ohne Stufe"
    RAMP = "ramp", "über eine Rampe"
    STEPS = "steps", "nur über Stufen"

    good = nonmember(("level", "ramp"))


class Door(Answer):
    AUTOMATIC = "automatic", "geht von selbst auf"
    LIGHT = "light", "geht leicht auf"
    HEAVY = "heavy", "geht schwer auf"

    good = nonmember(("automatic", "light"))


class Lift(Answer):
    NOT_NEEDED = "not_needed", "nicht nötig, der Raum liegt zu ebener Erde"
    THERE = "there", "vorhanden"
    MISSING = "missing", "nicht vorhanden"

    good = nonmember(("not_needed", "there"))


class Toilet(Answer):
    THERE = "there", "barrierefrei, im Haus"
    NEARBY = "nearby", "barrierefrei, in der Nähe"
    MISSING = "missing", "nicht barrierefrei"

    good = nonmember(("there", "nearby"))


class Loop(Answer):
    THERE = "there", "vorhanden"
    PORTABLE = "portable", "tragbar, bitte vorher sagen"
    MISSING = "missing", "nicht vorhanden"

    good = nonmember(("there", "portable"))


# the parts of the way, in the order in which one comes to them
WAY: dict[str, tuple[str, type[Answer]]] = {
    "stop": ("Haltestelle", Stop),
    "entrance": ("Eingang", Entrance),
    "door": ("Tür", Door),
    "lift": ("Aufzug", Lift),
    "toilet": ("Toilette", Toilet),
    "loop": ("Induktionsschleife", Loop),
}


def part_field(name: str) -> models.CharField:
    """A column for one part of the way; empty: nobody has said."""
    label, answers = WAY[name]
    return models.CharField(label, max_length=12, choices=answers.choices, blank=True)
