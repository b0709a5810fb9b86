"""Keys for a county's own software. The token is shown once; the database keeps its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db.models import Q

from activities.interface.models import ApiClient

if TYPE_CHECKING:
    from kiv_portal.accounts.models import User
    from municipalities.models import County

PREFIX = "kiv_"  # so that a scanner for leaked secrets can know one when it sees it
USE_IS_NOTED_EVERY = dt.timedelta(minutes=5)


def create_client(
    county: County, *, name: str, scopes: list[str], expires_at: dt.datetime | None, by: User
) -> tuple[ApiClient, str]:
    """The new client and its token, which nobody can read again. Raises ValidationError."""
    token = PREFIX + secrets.token_urlsafe(32)
    client = ApiClient(
        county=county,
        name=name,
        scopes=scopes,
        expires_at=expires_at,
        created_by=by,
        token_hash=hashed(token),
    )
    client.full_clean()
    client.save()
    return client, token


def client_of(token: str, *, now: dt.datetime) -> ApiClient | None:
    """The client that the token opens now; None for a wrong, expired or revoked one."""
    client = ApiClient.objects.valid_at(now).filter(token_hash=hashed(token)).first()
    if client:
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY)
        ApiClient.objects.filter(long_ago, pk=client.pk).update(last_used_at=now)
    return client


def revoke_client(client: ApiClient, *, now: dt.datetime) -> None:
    ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True).update(revoked_at=now)


def hashed(token: str) -> str:
    """The token is random and long, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
