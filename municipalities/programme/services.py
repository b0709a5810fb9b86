"""The county changes its kinds of activity. Their code stays: entries, files and frozen reports know them by it."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from municipalities.programme.models import ActivityKind
from municipalities.towns.models import County
from municipalities.towns.queries import UMLAUTS

LONGEST_CODE = 24


@transaction.atomic
def add_kind(county: County, name: str) -> ActivityKind:
    """Behind the others."""
    kinds = list(_locked(county))
    return ActivityKind.objects.create(
        county=county,
        name=name,
        code=_free_code(name, {kind.code for kind in kinds}),
        position=max((kind.position for kind in kinds), default=0) + 1,
    )


def _free_code(name: str, taken: set[str]) -> str:
    code = slugify(name.lower().translate(UMLAUTS))[:LONGEST_CODE].strip("-") or "art"
    number = 1
    while code in taken:
        number += 1
        code = f"{code[: LONGEST_CODE - 4].rstrip('-0123456789')}-{number}"
    return code


@transaction.atomic
def move_kind(kind: ActivityKind, *, up: bool) -> None:
    """Changes places with its neighbour; at the end nothing happens."""
    kinds = list(_locked(kind.county))
    here = kinds.index(kind)
    there = here - 1 if up else here + 1
    if 0 <= there < len(kinds):
        one, other = kinds[here], kinds[there]
        one.position, other.position = other.position, one.position
        ActivityKind.objects.bulk_update([one, other], ["position"])


def _locked(county: County) -> list[ActivityKind]:
    County.objects.select_for_update().get(pk=county.pk)
    return list(ActivityKind.objects.filter(county=county).order_by("position"))
