"""What stood in a decision before it was put right, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from reports.council.decision_models import CouncilDecision, DecisionCorrection, DecisionKind

FIELDS = (
    *("kind", "decided_on", "votes_yes", "votes_no", "votes_abstained"),
    *("text", "conditions", "reason", "next_report_due"),
)
LABELS = {field.name: str(field.verbose_name) for field in CouncilDecision._meta.fields}
Before = list[tuple[str, str]]  # (label, words)


def corrections_of(decision: CouncilDecision) -> list[tuple[DecisionCorrection, Before]]:
    """Each with what it changed, the oldest first; the committee is left out, its day says which."""
    found = list(decision.corrections.all())
    if not found:
        return []
    stands = [one.before for one in found[1:]]
    stands.append({name: _as_json(getattr(decision, name)) for name in FIELDS})
    return [(one, _changed(one.before, after)) for one, after in zip(found, stands, strict=True)]


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Before:
    return [
        (LABELS[name], _words(name, before.get(name)) or "nichts")
        for name in FIELDS
        if before.get(name) != after.get(name)
    ]


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "kind":
        return str(DecisionKind(value).label)
    if name in ("decided_on", "next_report_due"):
        return f"{dt.date.fromisoformat(value):%d.%m.%Y}"
    return str(value)
