"""The check address of a report."""

from __future__ import annotations

from kiv_portal.documents import prose
from kiv_portal.documents.check_code import Check
from reports.figures.snapshot import Snapshot


def check_of(snapshot: Snapshot) -> Check | None:
    """None where the snapshot has no address: older ones never have."""
    address = prose.clean(snapshot.check_url)
    return Check(address) if address.startswith(("https://", "http://")) else None
