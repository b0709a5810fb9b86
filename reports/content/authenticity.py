"""The check address of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiv_portal.documents import prose
from kiv_portal.documents.check_code import Check


def check_of(snapshot: Mapping[str, Any]) -> Check | None:
    """None where the snapshot has no address: older ones never have."""
    address = prose.clean(snapshot.get("check_url") or "")
    return Check(address) if address.startswith(("https://", "http://")) else None
