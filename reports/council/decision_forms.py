"""What the council resolved, as people tell it; and what was wrong with that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.typed_forms import choice_field, model_choice_field
from kiv_portal.ui.unchanged import UnchangedMixin
from reports.council.decision_models import (
    MAYORS_VOTE,
    MOST_VOTES,
    NOTHING_DECIDED,
    CouncilDecision,
    DecisionCorrection,
    DecisionKind,
)
from reports.council.models import Consultation
from reports.council.sessions import WrongSession, session_for
from reports.steps.models import InterimReport

VOTES = ("votes_yes", "votes_no", "votes_abstained")


def _named(session: Consultation) -> str:
    day = f"{session.session_on:%d.%m.%Y}" if session.session_on else "Termin noch offen"
    return f"{session.committee}, {day}, {session.get_role_display()}"


class DecisionForm(UnchangedMixin):
    """What came out of a session. `report` gives the sessions, and the day from which on there could be a result."""

    decided_on = DayField(
        is_past=True, label="Datum der Sitzung", help_text="Zum Beispiel 22.11.2022 oder „gestern“."
    )
    next_report_due = DayField(
        is_coming=True,
        label="Nächster Bericht fällig am",
        required=False,
        help_text="Nur, wenn der Gemeinderat einen anderen Termin will als die Vereinbarung.",
    )

    class Meta:
        model = CouncilDecision
        fields = (
            *("kind", "decided_on", "consultation", *VOTES),
            *("text", "conditions", "next_report_due", "reason"),
        )
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"consultation": "Gremium"}
        help_texts = {
            "consultation": "Leer heißt: das Gremium, das an diesem Tag getagt hat.",
            "conditions": "Bei „Fortführung mit Änderungen“ gehört hierher, was sich ändert.",
            "text": "So, wie der Beschluss im Protokoll steht. Leer, wenn noch nichts beschlossen ist.",
        }

    def __init__(self, *args: Any, report: InterimReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.instance.report = report
        self.planned = list(report.consultations.filter(deleted_at=None))
        session = model_choice_field(self, "consultation")
        session.queryset = report.consultations.filter(deleted_at=None)
        session.label_from_instance = _named  # type: ignore[method-assign, assignment]  # as Django's own docs do
        session.required = False
        choice_field(self, "kind").choices = [("", "Bitte wählen"), *DecisionKind.choices]

    def clean_decided_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["decided_on"]
        delivered = timezone.localdate(self.report.delivered_at)
        if day > timezone.localdate():
            raise ValidationError(
                "Dieser Tag liegt in der Zukunft. Bitte tragen Sie den Tag der Sitzung ein."
            )
        if day < delivered:
            raise ValidationError(
                f"Der Bericht ist erst am {delivered:%d.%m.%Y} zugestellt worden. "
                "Bitte geben Sie diesen oder einen späteren Tag an."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_votes(cleaned)
        self._clean_words(cleaned)
        due, day, kind = (cleaned.get(name) for name in ("next_report_due", "decided_on", "kind"))
        if due and day and due <= day:
            self.add_error(
                "next_report_due", "Der nächste Bericht kann erst nach dieser Sitzung fällig sein."
            )
        if kind and day and "consultation" in cleaned:
            self._clean_session(kind, day, cleaned)
        return cleaned

    def _clean_votes(self, cleaned: dict[str, Any]) -> None:
        missing = [name for name in VOTES if cleaned.get(name) is None and name not in self.errors]
        if 0 < len(missing) < len(VOTES):
            self.add_error(missing[0], "Bitte geben Sie alle drei Zahlen an oder keine.")
        votes = {name: cleaned.get(name) or 0 for name in VOTES}
        seats = self.report.municipality.council_seats
        most = MOST_VOTES if seats is None else seats + MAYORS_VOTE
        if sum(votes.values()) > most:
            field = max(VOTES, key=lambda name: votes[name])
            self.add_error(field, self._too_many(sum(votes.values()), seats))

    def _too_many(self, votes: int, seats: int | None) -> str:
        if seats is None:
            return f"Das sind {votes} Stimmen. Bitte geben Sie zusammen höchstens {MOST_VOTES} an."
        return (
            f"Das sind {votes} Stimmen. Der Gemeinderat hat {seats} Sitze, mit der Stimme aus dem "
            f"Bürgermeisteramt also höchstens {seats + MAYORS_VOTE} Stimmen. Bitte prüfen Sie die drei Zahlen."
        )

    def _clean_words(self, cleaned: dict[str, Any]) -> None:
        """What is resolved has words and conditions, what is not has a reason."""
        kind = cleaned.get("kind")
        if kind == DecisionKind.CHANGED and not cleaned.get("conditions"):
            self.add_error("conditions", "Bitte schreiben Sie, was sich ändert.")
        if kind in DecisionKind.open:
            for name in ("text", "conditions"):
                if cleaned.get(name):
                    self.add_error(name, NOTHING_DECIDED)
            if cleaned.get("next_report_due"):
                self.add_error(
                    "next_report_due", "Hier ist noch nichts beschlossen. Bitte lassen Sie das Feld leer."
                )
        elif kind and cleaned.get("reason"):
            self.add_error(
                "reason",
                "Das gehört zum Beschluss: Bitte schreiben Sie es in den Wortlaut oder zu den Auflagen.",
            )

    def _clean_session(self, kind: str, day: dt.date, cleaned: dict[str, Any]) -> None:
        try:
            cleaned["consultation"] = session_for(kind, day, cleaned["consultation"], self.planned)
        except WrongSession as error:
            self.add_error(error.field, str(error))


class CorrectionForm(DecisionForm):
    """The same once more, and what was wrong."""

    why = forms.CharField(
        label="Was war falsch?",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=DecisionCorrection._meta.get_field("reason").help_text,
        error_messages={"required": "Bitte schreiben Sie, was falsch war."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = (self.instance.consultation, self.instance.decided_on)

    def _clean_session(self, kind: str, day: dt.date, cleaned: dict[str, Any]) -> None:
        """A wrong day is moved with its session, unless another one was planned for the right day."""
        session, was_on = self.was
        own = cleaned["consultation"]
        if own is not None and own == session and day != was_on:
            if any(row.session_on == day for row in self.planned):
                self.add_error(
                    "consultation",
                    "An diesem Tag tagt ein anderes Gremium. Bitte wählen Sie, welches beraten hat.",
                )
                return
            own.session_on = None
        super()._clean_session(kind, day, cleaned)
