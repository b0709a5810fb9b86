from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kiv_portal.ui.fields import DayField
from kiv_portal.ui.typed_forms import choice_field, model_choice_field
from kiv_portal.ui.unchanged import UnchangedMixin
from reports.council.models import (
    CouncilDecision,
    CouncilLink,
    CouncilQuestion,
    DecisionKind,
    ProposalTemplate,
)
from reports.steps.models import InterimReport

MOST_VOTES = 200
LINK_DAYS = 60
LONGEST_LINK_DAYS = 365


class DecisionForm(forms.ModelForm):
    """What the council resolved. `report` gives the day from which on it could."""

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
            "kind",
            "decided_on",
            "consultation",
            "votes_yes",
            "votes_no",
            "votes_abstained",
            "text",
            "conditions",
            "next_report_due",
        )
        widgets = {"text": forms.Textarea(attrs={"rows": 8}), "conditions": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "conditions": "Bei „Fortführung mit Änderungen“ gehört hierher, was sich ändert.",
            "text": "So, wie der Beschluss im Protokoll steht.",
        }

    def __init__(self, *args: Any, report: InterimReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.instance.report = report
        model_choice_field(self, "consultation").queryset = report.consultations.filter(deleted_at=None)
        self.fields["consultation"].required = False
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
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        votes = ("votes_yes", "votes_no", "votes_abstained")
        missing = [name for name in votes if cleaned.get(name) is None and name not in self.errors]
        if 0 < len(missing) < len(votes):
            self.add_error(missing[0], "Bitte geben Sie alle drei Zahlen an oder keine.")
        for name in votes:
            if (cleaned.get(name) or 0) > MOST_VOTES:
                self.add_error(name, f"Bitte geben Sie höchstens {MOST_VOTES} an.")
        if cleaned.get("kind") == DecisionKind.CHANGED and not cleaned.get("conditions"):
            self.add_error("conditions", "Bitte schreiben Sie, was sich ändert.")
        due, day = cleaned.get("next_report_due"), cleaned.get("decided_on")
        if due and day and due <= day:
            self.add_error(
                "next_report_due", "Der nächste Bericht kann erst nach dieser Sitzung fällig sein."
            )
        return cleaned


class FollowUpForm(forms.Form):
    """What staff confirm after a decision; empty means what the labels say."""

    ends_on = DayField(
        label="Vereinbarung endet am", required=False, help_text="Leer heißt: Sie gilt ohne Ende weiter."
    )
    next_report_due = DayField(
        is_coming=True,
        label="Nächster Bericht fällig am",
        required=False,
        help_text="Leer heißt: Es gibt keinen weiteren Bericht.",
    )


class CouncilLinkForm(forms.ModelForm):
    expires_on = DayField(
        is_coming=True,
        label="Gültig bis",
        help_text="Höchstens ein Jahr. Danach öffnet der Link nichts mehr.",
    )

    class Meta:
        model = CouncilLink
        fields = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expires_on"] = timezone.localdate() + dt.timedelta(days=LINK_DAYS)

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        if day > today + dt.timedelta(days=LONGEST_LINK_DAYS):
            raise ValidationError("Bitte wählen Sie einen Tag innerhalb eines Jahres.")
        return day

    def save(self, commit: bool = True) -> CouncilLink:
        last_moment = dt.datetime.combine(self.cleaned_data["expires_on"], dt.time(23, 59))
        self.instance.expires_at = timezone.make_aware(last_moment)
        link: CouncilLink = super().save(commit)
        return link


class QuestionForm(forms.ModelForm):
    class Meta:
        model = CouncilQuestion
        fields = ("text",)
        labels = {"text": "Ihre Frage"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Die Antwort lesen alle Mitglieder des Gemeinderats. Wer gefragt hat, steht nicht dabei."
        }


class AnswerForm(UnchangedMixin):
    class Meta:
        model = CouncilQuestion
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].help_text = "Die Antwort lesen alle Mitglieder des Gemeinderats."


class ProposalTemplateForm(UnchangedMixin):
    class Meta:
        model = ProposalTemplate
        fields = ("title", "text", "position")
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"text": "Bitte nummerieren: „1. “, „2. “.", "position": "Kleine Zahlen stehen oben."}

    def _get_validation_exclusions(self) -> set[str]:
        """The county is no field of the form, but a name is there once in a county."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, which the stubs do not know
        return exclusions - {"county"}
