"""A town comes into the programme."""

from __future__ import annotations

from django.db import transaction

from municipalities.agreements.models import CooperationAgreement
from municipalities.towns.models import Municipality
from municipalities.towns.queries import slug_of


@transaction.atomic
def join_town(town: Municipality, agreement: CooperationAgreement) -> None:
    """Stores both, not yet stored ones. Raises IntegrityError where somebody else has stored the same town."""
    town.slug = slug_of(town.name, town.ags)
    town.save()
    agreement.municipality = town
    agreement.save()
