"""Which session a decision comes from: its day and its committee must be those of the way through the council."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kiv_portal.documents import german
from reports.council.decision_models import DecisionKind
from reports.council.models import Consultation, ConsultationRole


class WrongSession(Exception):
    """The message is a German sentence for `field`, "decided_on" or "consultation"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def session_for(
    kind: str, day: dt.date, chosen: Consultation | None, planned: Sequence[Consultation]
) -> Consultation | None:
    """The session of a result: the chosen one, else the only one that it can be. None where no way is planned.

    Raises WrongSession where it is ambiguous, of another day, or where that committee does not decide.
    """
    session = chosen or _session_of(day, planned)
    if session is None:
        return None
    if session.session_on not in (None, day):
        raise WrongSession(
            "decided_on",
            f"Die Sitzung ist für den {session.session_on:%d.%m.%Y} eingetragen: {session.committee}. "
            "Bitte prüfen Sie den Tag, oder ändern Sie zuerst den Termin der Beratung.",
        )
    if refusal := _not_its_task(kind, session):
        raise WrongSession("consultation", refusal)
    return session


def _session_of(day: dt.date, planned: Sequence[Consultation]) -> Consultation | None:
    of_day = [row for row in planned if row.session_on == day]
    without_day = [row for row in planned if row.session_on is None]
    if len(of_day) == 1:
        return of_day[0]
    if of_day:
        names = german.enumeration([row.committee for row in of_day])
        raise WrongSession(
            "consultation", f"An diesem Tag beraten {names}. Bitte wählen Sie, von wem das Ergebnis ist."
        )
    if len(planned) == len(without_day) == 1:
        return without_day[0]
    if planned:
        raise WrongSession(
            "consultation",
            f"Für den {day:%d.%m.%Y} ist keine Sitzung eingetragen. Bitte wählen Sie das Gremium, "
            "oder prüfen Sie den Tag.",
        )
    return None


def _not_its_task(kind: str, session: Consultation) -> str:
    if kind in DecisionKind.open or session.role == ConsultationRole.DECIDE:
        return ""
    if session.role == ConsultationRole.PREPARE:
        return (
            f"{session.committee} berät nur vor und beschließt nicht. "
            "Bitte wählen Sie das Gremium, das beschließt, oder als Ergebnis die Verweisung."
        )
    if kind == DecisionKind.NOTED:
        return ""
    return f"{session.committee} nimmt den Bericht nur zur Kenntnis. Bitte wählen Sie das Gremium, das beschließt."
