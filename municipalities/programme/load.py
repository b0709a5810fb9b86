"""The reference data of the programme as files, and how they come into the database."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from municipalities.programme.models import ActivityKind, FieldOfAction
from municipalities.towns.models import County, Municipality

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
BOEBLINGEN = Path(__file__).parent / "boeblingen.toml"


@transaction.atomic
def load_programme(path: Path = BOEBLINGEN) -> County:
    """Bring county, towns, fields and kinds to what the file says. Running it again changes nothing; templates for
    proposals that the county has changed stay as they are."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    key = data["county"].pop("key")
    county, _ = County.objects.update_or_create(key=key, defaults=data["county"])
    for town in data["municipalities"]:
        ags = town.pop("ags")
        slug = slugify(town["name"].translate(UMLAUTS))
        if Municipality.objects.filter(slug=slug).exclude(ags=ags).exists():
            slug = f"{slug}-{ags}"  # Altdorf lies in two counties
        Municipality.objects.update_or_create(ags=ags, defaults={**town, "slug": slug, "county": county})
    for position, row in enumerate(data["proposals"], start=1):
        # only the first time: the county words them as it likes
        if not county.proposal_templates.filter(title=row["title"]).exists():
            county.proposal_templates.create(**row, position=10 * position)
    for model, rows in ((FieldOfAction, data["fields"]), (ActivityKind, data["kinds"])):
        for position, row in enumerate(rows, start=1):
            code = row.pop("code")
            model.objects.update_or_create(code=code, defaults={**row, "position": position})
    return county
