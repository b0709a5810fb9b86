"""What a county's programme file must not take away, so that a deleted entry that names it can come back."""

from __future__ import annotations

from django.db.models import Q

from activities.trash.models import TrashItem
from municipalities.models import ActivityKind, FieldOfAction


def is_in_the_bin(row: FieldOfAction | ActivityKind) -> bool:
    """Activities name a kind and fields, concerns a field."""
    if isinstance(row, ActivityKind):
        named = _naming("kind_id", row.pk)
    else:
        named = _naming("field_id", row.pk) | _naming("further_fields", [row.code])
    return TrashItem.objects.filter(named, municipality__county=row.county_id).exists()


def _naming(column: str, value: object) -> Q:
    return Q(rows__contains=[{"row": {column: value}}])
