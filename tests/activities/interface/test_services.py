"""A county's keys: what is kept of one, when its use is noted, and that revoking it revokes no other."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from activities.interface import services
from activities.models import ApiClient, ApiScope
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


def test_only_the_fingerprint_of_a_token_is_kept(people: People) -> None:
    until = timezone.now() + dt.timedelta(days=9)
    county = people.town.county
    client, token = services.create_client(
        county, name="Sozialplanung", scopes=[ApiScope.values[0]], expires_at=until, by=people.coordinator
    )
    assert token.startswith("kiv_")
    assert len(token) == len("kiv_") + 43  # 32 bytes
    client.refresh_from_db()
    assert (client.county, client.name, client.scopes, client.expires_at, client.created_by) == (
        *(county, "Sozialplanung", [ApiScope.values[0]], until, people.coordinator),
    )
    assert client.token_hash == hashlib.sha256(token.encode()).hexdigest() == services.hashed(token)
    assert services.hashed("\ud800")  # what no header can hold is a wrong token, not a fault
    with pytest.raises(ValidationError):
        services.create_client(county, name="", scopes=[], expires_at=None, by=people.coordinator)


def test_the_token_opens_until_it_is_over_or_revoked(people: People) -> None:
    now = timezone.now()
    mine, token = factories.make_api_client(people.coordinator, people.town.county, expires_at=now)
    other, others_token = factories.make_api_client(people.coordinator, people.town.county, name="Andere")
    assert services.client_of(token, now=now - SECOND) == mine
    assert services.client_of(token, now=now + SECOND) is None
    assert services.client_of(others_token, now=now) == other
    assert services.client_of("kiv_falsch", now=now) is None
    services.revoke_client(other, now=now)
    assert services.client_of(others_token, now=now + SECOND) is None
    services.revoke_client(other, now=now + SECOND)
    revoked = dict(ApiClient.objects.values_list("name", "revoked_at"))
    assert revoked == {mine.name: None, "Andere": now}


def test_its_use_is_noted_every_five_minutes(people: People) -> None:
    now = timezone.now()
    minutes = dt.timedelta(minutes=1)
    client, token = factories.make_api_client(people.coordinator, people.town.county)
    idle, _ = factories.make_api_client(people.coordinator, people.town.county, name="Andere")

    def noted_at(moment: dt.datetime) -> dt.datetime | None:
        services.client_of(token, now=moment)
        client.refresh_from_db()
        return client.last_used_at

    assert noted_at(now) == now
    assert noted_at(now + 5 * minutes) == now
    assert noted_at(now + 5 * minutes + SECOND) == now + 5 * minutes + SECOND
    idle.refresh_from_db()
    assert idle.last_used_at is None
