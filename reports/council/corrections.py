"""What stood in a decision before it was put right, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from reports.council.decision_models import CouncilDecision, DecisionCorrection, DecisionKind

LABELS = {field.name: str(field.verbose_name) for field in CouncilDecision._meta.fields}
VOTES = ("votes_yes", "votes_no", "votes_abstained")


def what_stood_there(correction: DecisionCorrection) -> list[tuple[str, str]]:
    """(label, words) of every told field that was not empty; the committee is left out, its day says which."""
    before = correction.before
    rows = [
        (_label(name), _words(name, before.get(name)))
        for name in ("kind", "decided_on", *VOTES, "text", "conditions", "reason", "next_report_due")
    ]
    return [(label, words) for label, words in rows if words]


def _label(name: str) -> str:
    return LABELS[name]


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "kind":
        return str(DecisionKind(value).label)
    if name in ("decided_on", "next_report_due"):
        return f"{dt.date.fromisoformat(value):%d.%m.%Y}"
    return str(value)
