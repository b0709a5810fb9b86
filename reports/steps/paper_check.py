"""What a paper lacks and where it contradicts itself. No database: of what is frozen, and of what is about to be."""

from __future__ import annotations

from collections.abc import Collection

from kiv_portal.documents import german
from reports.council.models import ConsultationRole
from reports.figures.snapshot import Snapshot


def gaps_in(frozen: Snapshot) -> list[str]:
    """What a council expects of every paper and does not find in this one, by the names that people read."""
    parts = {
        "Beschlussvorschlag": frozen.texts.proposal,
        "Vorlagen-Nummer": frozen.paper.number,
        "Verfasst von": frozen.paper.author,
    }
    return [name for name, text in parts.items() if not text.strip()]


def contradiction_of(frozen: Snapshot) -> str:
    """A sentence, or ""; the roles of consultations are frozen in words."""
    return contradiction_in(frozen.texts.proposal, [row.role for row in frozen.paper.consultations])


def contradiction_in(proposal: str, roles: Collection[str]) -> str:
    """A committee is to decide without a proposal, or to take note of one. `roles`: as people read them."""
    if ConsultationRole.DECIDE.label in roles and not proposal.strip():
        return (
            "In der Beratungsfolge steht „Beschlussfassung“, aber es gibt keinen Beschlussvorschlag. Bitte schreiben "
            "Sie einen, oder wählen Sie als Aufgabe des Gremiums „Kenntnisnahme“."
        )
    if proposal.strip() and roles and set(roles) == {ConsultationRole.NOTE.label}:
        return (
            "Es gibt einen Beschlussvorschlag, aber jedes Gremium nimmt den Bericht nur zur Kenntnis. Bitte wählen "
            "Sie, welches Gremium beschließt, oder lassen Sie den Vorschlag leer."
        )
    return ""


def unapproved(gaps: list[str]) -> str:
    """Why it is not approved yet."""
    return f"In der Vorlage fehlt: {german.enumeration(gaps)}. Bitte bestätigen Sie, dass Sie sie trotzdem freigeben."


def approved_despite(gaps: list[str]) -> str:
    """What the step says, for everybody who reads the history of the report."""
    return f"Freigegeben, obwohl etwas fehlt: {german.enumeration(gaps)}." if gaps else ""
