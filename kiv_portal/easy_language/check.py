"""Does a text follow the rules of easy language? What a program sees; the judgement is a test group's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiv_portal.easy_language.rules import NAMES, RULES, Severity
from kiv_portal.easy_language.sentences import Text

QUOTE_LIMIT = 90  # characters of a sentence that a list shows
SHOWN_AT_MOST = 200  # findings that a list shows; who mends the first ones sees the next


@dataclass(frozen=True)
class Finding:
    """text[start:end] breaks a rule of the sentence with this index (from 0).

    Offsets count characters (code points) of the text as it was given. `proposal` can replace text[start:end] as it
    stands, an empty one means leaving it out, None means that only a person can mend it.
    """

    sentence: int
    start: int
    end: int
    rule: str
    severity: Severity
    message: str
    proposal: str | None
    quote: str

    @property
    def number(self) -> int:
        """As people count sentences."""
        return self.sentence + 1

    @property
    def rule_name(self) -> str:
        return NAMES[self.rule]

    @property
    def has_proposal(self) -> bool:
        return self.proposal is not None

    @property
    def proposal_in_words(self) -> str:
        """What a list shows as the proposal; "" if there is none."""
        if self.proposal is None:
            return ""
        if self.rule == "line":
            return "neue Zeile"
        return self.proposal.strip() or "weglassen"


def check_text(text: str) -> list[Finding]:
    """Every place that breaks a rule, in the order of the text."""
    parsed = Text(text)
    found = []
    quotes: dict[int, str] = {}
    for code, rule in RULES.items():
        for start, end, message, proposal, severity in rule(parsed):
            index = parsed.index_at(end - 1)
            quote = quotes.get(index) or quotes.setdefault(index, _quote(parsed, index))
            found.append(Finding(index, start, end, code, severity, message, proposal, quote))
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule))


def _quote(parsed: Text, index: int) -> str:
    sentence = parsed.sentences[index]
    words = " ".join(parsed.text[sentence.start : sentence.end].split())
    return words if len(words) <= QUOTE_LIMIT else f"{words[: QUOTE_LIMIT - 1].rstrip()}…"


def summary_of(findings: Sequence[Finding]) -> str:
    """What is read out: "3 Hinweise, 1 Fehler"."""
    if not findings:
        return "Der Text folgt allen Regeln, die das Portal prüft."
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    hints = len(findings) - errors
    parts = [f"{hints} {'Hinweis' if hints == 1 else 'Hinweise'}"] if hints else []
    return ", ".join([*parts, f"{errors} Fehler"] if errors else parts)


def findings_as_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The answer for easy-language.js: at most SHOWN_AT_MOST findings, and the summary of all."""
    return {
        "summary": summary_of(findings),
        "findings": [
            {
                "sentence": finding.number,
                "quote": finding.quote,
                "start": finding.start,
                "end": finding.end,
                "rule": finding.rule,
                "rule_name": finding.rule_name,
                "severity": finding.severity.value,
                "severity_name": finding.severity.label,
                "message": finding.message,
                "proposal": finding.proposal,
                "proposal_in_words": finding.proposal_in_words,
            }
            for finding in findings[:SHOWN_AT_MOST]
        ],
    }
