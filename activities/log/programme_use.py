"""What a county's programme file must not take away, though no foreign key holds it."""

from __future__ import annotations

from activities.log.models import Activity
from municipalities.models import ActivityKind, FieldOfAction


def is_a_further_field(row: FieldOfAction | ActivityKind) -> bool:
    entries = Activity.objects.filter(municipality__county=row.county_id)
    return isinstance(row, FieldOfAction) and entries.filter(further_fields__contains=[row.code]).exists()
